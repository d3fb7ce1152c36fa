#include "schema/practice_book.h"

#include <algorithm>

namespace schema {

std::string Edition::adopted_reading(std::string_view rule, Day day) const {
    for (auto it = readings.rbegin(); it != readings.rend(); ++it)
        if (it->rule == rule && it->from <= day) return it->reading;
    for (auto known : practice().getRules())
        if (text_of(known.getId()) == rule) return known.getAdopted();
    return {};
}

std::span<const Act::Reader> Edition::acts_about(std::string_view type) const {
    auto known = acts->find(type);
    return known == acts->end() ? std::span<const Act::Reader>() : known->second;
}

void PracticeBook::apply(const EventMessage& event, uint64_t position, Time recorded) {
    auto fact = event->getFact();
    auto change = [&](capnp::Text::Reader id, auto&& change_it) {
        for (auto& slot : editions_) {
            if (text_of(slot->practice().getId()) != text_of(id)) continue;
            auto changed = std::make_shared<Edition>(*slot);
            change_it(*changed);
            slot = std::move(changed);
        }
    };
    switch (fact.which()) {
        case Fact::CALENDAR_ISSUED: {
            auto calendar = fact.getCalendarIssued();
            calendars_.push_back({recorded, calendar.getId(), std::make_shared<WorkingDays>(calendar)});
            return;
        }
        case Fact::PRACTICE_ADOPTED: {
            auto practice = fact.getPracticeAdopted();
            Day until = practice.getUntil() ? day_of(practice.getUntil()) : day_of(84006);
            std::unordered_map<std::string_view, std::vector<Act::Reader>> acts;
            for (auto act : practice.getActs()) acts[text_of(act.getEvent())].push_back(act);
            auto edition = std::make_shared<Edition>(Edition{event,
                                                             position,
                                                             recorded,
                                                             day_of(practice.getFrom()),
                                                             until,
                                                             {},
                                                             {},
                                                             std::make_shared<const decltype(acts)>(std::move(acts))});
            editions_.push_back(std::move(edition));
            return;
        }
        case Fact::PRACTICE_EXTENDED: {
            auto extended = fact.getPracticeExtended();
            change(extended.getPractice(), [&](Edition& edition) {
                edition.until = day_of(extended.getUntil());
                edition.extensions.push_back({position, recorded, edition.until});
            });
            return;
        }
        case Fact::READING_ADOPTED: {
            auto adopted = fact.getReadingAdopted();
            change(adopted.getPractice(), [&](Edition& edition) {
                edition.readings.push_back(
                    {position, recorded, adopted.getRule(), adopted.getReading(), day_of(adopted.getFrom())});
            });
            return;
        }
        case Fact::RETENTION_SCHEDULE_ISSUED: schedules_.push_back({recorded, event}); return;
        default: return;
    }
}

std::optional<RetentionSchedule::Reader> PracticeBook::retention(Day day) const {
    std::optional<RetentionSchedule::Reader> found;
    for (auto& issued : schedules_) {
        auto schedule = issued.event->getFact().getRetentionScheduleIssued();
        if (day_of(schedule.getFrom()) <= day && (!found || found->getFrom() <= schedule.getFrom())) found = schedule;
    }
    return found;
}

const Edition* PracticeBook::binding(Day day) const {
    const Edition* found = nullptr;
    for (auto& edition : editions_)
        if (edition->from <= day && (!found || found->from <= edition->from)) found = edition.get();
    return found;
}

const Edition* PracticeBook::in_evidence(Day day) const {
    const Edition* found = binding(day);
    return found && day <= found->until ? found : nullptr;
}

const Edition* PracticeBook::edition(std::string_view id) const {
    for (auto it = editions_.rbegin(); it != editions_.rend(); ++it)
        if (text_of((*it)->practice().getId()) == id) return it->get();
    return nullptr;
}

const WorkingDays& PracticeBook::working_days(std::string_view calendar) const {
    static const WorkingDays none;
    for (auto it = calendars_.rbegin(); it != calendars_.rend(); ++it)
        if (it->id == calendar) return *it->days;
    return none;
}

PracticeBook PracticeBook::as_at(Time recorded) const {
    PracticeBook then;
    for (auto& calendar : calendars_)
        if (calendar.recorded <= recorded) then.calendars_.push_back(calendar);
    for (auto& schedule : schedules_)
        if (schedule.recorded <= recorded) then.schedules_.push_back(schedule);
    for (auto& edition : editions_) {
        if (edition->recorded > recorded) continue;
        auto earlier = std::make_shared<Edition>(*edition);
        auto practice = edition->practice();
        earlier->until = practice.getUntil() ? day_of(practice.getUntil()) : day_of(84006);
        earlier->extensions.clear();
        earlier->readings.clear();
        for (auto& extension : edition->extensions) {
            if (extension.recorded > recorded) continue;
            earlier->extensions.push_back(extension);
            earlier->until = extension.until;
        }
        std::copy_if(edition->readings.begin(), edition->readings.end(), std::back_inserter(earlier->readings),
                     [&](auto& adoption) { return adoption.recorded <= recorded; });
        then.editions_.push_back(std::move(earlier));
    }
    return then;
}

bool has_code(Practice::Reader practice, std::string_view list, std::string_view code) {
    for (auto known : practice.getCodeLists())
        if (text_of(known.getName()) == list)
            for (auto entry : known.getCodes())
                if (text_of(entry.getCode()) == code) return true;
    return false;
}

std::string title_of_code(Practice::Reader practice, std::string_view list, std::string_view code) {
    for (auto known : practice.getCodeLists())
        if (text_of(known.getName()) == list)
            for (auto entry : known.getCodes())
                if (text_of(entry.getCode()) == code) return entry.getTitle();
    return std::string(code);
}

std::string title_of_role(Practice::Reader practice, std::string_view role) {
    for (auto known : practice.getRoles())
        if (text_of(known.getCode()) == role) return known.getTitle();
    return std::string(role);
}

namespace {

bool lists(capnp::List<capnp::Text>::Reader names, std::string_view wanted) {
    for (auto name : names)
        if (text_of(name) == wanted) return true;
    return false;
}

bool select_one_of(capnp::List<Selector>::Reader selectors, std::span<const InCase> in_case) {
    for (auto selector : selectors)
        for (auto& each : in_case)
            if (lists(selector.getEvents(), each.type) &&
                (selector.getKinds().size() == 0 || lists(selector.getKinds(), each.kind)))
                return true;
    return false;
}

}  // namespace

std::optional<RetentionClass::Reader> class_needed(RetentionSchedule::Reader schedule,
                                                   std::span<const InCase> in_case) {
    std::optional<RetentionClass::Reader> needed;
    for (auto each : schedule.getClasses())
        if (each.getAppliesTo().size() == 0 || select_one_of(each.getAppliesTo(), in_case)) needed = each;
    return needed;
}

}  // namespace schema
