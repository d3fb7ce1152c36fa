// Which practice was in force when: the fold of the practice stream. Copied freely; its parts are shared.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "schema/event.h"
#include "schema/working_days.h"

namespace schema {

// An adopted edition and what was signed about it since.
struct Edition {
    EventMessage event;     // holds the Practice
    uint64_t position = 0;  // of its adoption
    Time recorded;
    Day from, until;  // until as extended; the last day in force
    struct Extension {
        uint64_t position;
        Time recorded;
        Day until;
    };
    struct Adoption {
        uint64_t position;
        Time recorded;
        std::string rule, reading;
        Day from;
    };
    std::vector<Extension> extensions;
    std::vector<Adoption> readings;
    // The practice's acts by the event they let somebody record: asked of every event.
    std::shared_ptr<const std::unordered_map<std::string_view, std::vector<Act::Reader>>> acts;

    // The acts about this type of event, in the practice's order.
    std::span<const Act::Reader> acts_about(std::string_view type) const;
    Practice::Reader practice() const { return event->getFact().getPracticeAdopted(); }
    // The adopted reading of a rule on a day: the newest signed adoption, else the practice's own; may be empty.
    std::string adopted_reading(std::string_view rule, Day day) const;
};

class PracticeBook {
  public:
    // Takes each entry of the practice stream in order.
    void apply(const EventMessage& event, uint64_t position, Time recorded);

    // The edition whose permissions and guards bind on a day: the latest begun by then. Past its last day it still
    // says who may do what (nothing has replaced it), but no more time limits. Null before the first.
    const Edition* binding(Day day) const;
    // The edition whose time limits are in evidence on a day; null where none is.
    const Edition* in_evidence(Day day) const;
    const Edition* edition(std::string_view id) const;
    const std::vector<std::shared_ptr<const Edition>>& editions() const { return editions_; }
    const WorkingDays& working_days(std::string_view calendar) const;
    // The retention schedule in force on a day: the latest begun by then. Nothing before the first.
    std::optional<RetentionSchedule::Reader> retention(Day day) const;

    // What it was when the book had recorded entries up to and including `recorded`.
    PracticeBook as_at(Time recorded) const;

  private:
    std::vector<std::shared_ptr<const Edition>> editions_;
    struct IssuedCalendar {
        Time recorded;
        std::string id;
        std::shared_ptr<const WorkingDays> days;
    };
    std::vector<IssuedCalendar> calendars_;
    struct IssuedSchedule {
        Time recorded;
        EventMessage event;  // holds the RetentionSchedule
    };
    std::vector<IssuedSchedule> schedules_;
};

// Code lists, roles and the rest of a practice, found by name. Null or empty where there is none.
bool has_code(Practice::Reader practice, std::string_view list, std::string_view code);
std::string title_of_code(Practice::Reader practice, std::string_view list, std::string_view code);
std::string title_of_role(Practice::Reader practice, std::string_view role);

// Something that is in a case, as the selectors of a retention schedule mean it.
struct InCase {
    std::string_view type, kind;
};
// The class that a case needs: the last of which something is in it; one without selectors is of every case.
std::optional<RetentionClass::Reader> class_needed(RetentionSchedule::Reader schedule, std::span<const InCase> in_case);

}  // namespace schema
