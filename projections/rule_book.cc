#include "projections/rule_book.h"

#include <algorithm>

namespace projections {

using schema::text_of;

Selected::Selected(schema::Selector::Reader selector) : time_(selector.getTime()) {
    for (auto event : selector.getEvents())
        if (auto* type = schema::type_named(text_of(event))) types_.set(static_cast<size_t>(type->which));
    for (auto kind : selector.getKinds()) kinds_.emplace_back(kind);
}

Selected::Selected(std::string_view event_type) {
    if (auto* type = schema::type_named(event_type)) types_.set(static_cast<size_t>(type->which));
}

bool Selected::matches(const Moment& moment) const {
    return types_.test(static_cast<size_t>(moment.type)) &&
           (kinds_.empty() || std::find(kinds_.begin(), kinds_.end(), moment.kind) != kinds_.end());
}

bool RuleRow::of_workers() const {
    return std::any_of(readings.begin(), readings.end(),
                       [](auto& row) { return row.reading.getPairing() == schema::Pairing::WORKER; });
}

RuleBook::RuleBook(const schema::PracticeBook& practice) {
    for (auto& edition : practice.editions()) {
        auto text = edition->practice();
        EditionRows rows{edition.get(), &practice.working_days(text_of(text.getCalendar())), {}};
        for (auto rule : text.getRules()) {
            RuleRow row{rule, {}, {}};
            for (auto reading : rule.getReadings())
                row.readings.push_back({reading, Selected(reading.getStart()), Selected(reading.getEnd())});
            for (auto stop : rule.getStops()) row.stops.emplace_back(text_of(stop));
            for (auto stop : rule.getStopsByKind()) row.stops.emplace_back(stop);
            rows.rules.push_back(std::move(row));
        }
        editions.push_back(std::move(rows));
    }
}

}  // namespace projections
