#include "projections/rule_book.h"

#include <algorithm>

namespace projections {

using schema::text_of;

namespace {

bool has_field(std::string_view event_type, std::string_view name) {
    auto member = capnp::Schema::from<schema::Fact>().getFieldByName(std::string(event_type).c_str());
    auto& fields = schema::marks_of(member.getType().asStruct()).fields;
    return std::any_of(fields.begin(), fields.end(), [&](auto& field) { return field.name == name; });
}

}  // namespace

Selected::Selected(schema::Selector::Reader selector) : where_(selector.getWhere()), time_(selector.getTime()) {
    for (auto event : selector.getEvents()) add(text_of(event));
    for (auto kind : selector.getKinds()) kinds_.emplace_back(kind);
}

Selected::Selected(std::string_view event_types) {
    for (size_t from = 0; from < event_types.size();) {
        auto end = std::min(event_types.find(' ', from), event_types.size());
        add(event_types.substr(from, end - from));
        from = end + 1;
    }
}

void Selected::add(std::string_view event_type) {
    auto* type = schema::type_named(event_type);
    if (!type) return;
    types_.set(static_cast<size_t>(type->which));
    if (!where_.empty() && has_field(event_type, where_)) asked_.set(static_cast<size_t>(type->which));
}

bool Selected::matches(const Moment& moment) const {
    auto type = static_cast<size_t>(moment.type);
    return types_.test(type) && (!asked_.test(type) || moment.says(where_)) &&
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
                row.readings.push_back({reading, Selected(reading.getStart()), Selected(reading.getEnd()),
                                        Selected(text_of(reading.getReplacedIn()))});
            for (auto stop : rule.getStops()) row.stops.emplace_back(text_of(stop));
            for (auto stop : rule.getStopsByKind()) row.stops.emplace_back(stop);
            rows.rules.push_back(std::move(row));
        }
        editions.push_back(std::move(rows));
    }
}

}  // namespace projections
