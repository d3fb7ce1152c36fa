// When a clock runs out: one reading of a rule, from a start, on a calendar. Pure arithmetic.
#pragma once
#include "schema/working_days.h"

namespace schema {

struct Deadline {
    std::optional<Time> opens;  // done before this is early
    std::optional<Time> due;    // done at exactly this is met; nothing: the reading has no limit
    std::string working;        // "3 working days after Thu 24 May 2018: ..., to the end of Wed 30 May 2018"
};

// Day 0 is the day of `start`; a limit in days runs to the end of its last day, London time; hours are elapsed time;
// months are calendar months, clamped to the month's end. `multiple` n gives the n-th of a fixed grid (else 1).
// Nothing when the calendar does not reach that far.
std::optional<Deadline> deadline(Reading::Reader reading, Time start, const WorkingDays& days, Day known_by,
                                 uint32_t multiple = 1);

// The deadline when a signed date (an allocation note's, say) replaces the reading's own limit.
Deadline deadline_on(Day day, Reading::Reader reading);

}  // namespace schema
