// How the record about each person of a case is kept: which class was set, which one is needed by now, what forbids to
// erase it, who asked for it, what was erased. Reads what is in the case with the schedule of the day; judges nothing.
#pragma once
#include <boost/json.hpp>

#include "projections/case_view.h"

namespace projections {

using Schedule = std::optional<schema::RetentionSchedule::Reader>;

// The class that the case needs now, and the first year at whose end its time may be over; nothing where the schedule
// counts from a birth, which no event tells, or the case has never closed.
struct NeededClass {
    std::string code, title;
    bool from_birth = false;
    std::optional<uint32_t> until_year;
};
std::optional<NeededClass> needed_class(const CaseView& view, const Schedule& schedule);

// One person of a case. Points into the view it was made from.
struct PersonKeeping {
    SubjectId subject{};
    std::string_view as;                              // child, adult, namedInError
    const RetentionView* retention = nullptr;         // the class that was set last
    bool stale = false;                               // the case needs another class, or a longer time, by now
    std::vector<const HoldView*> holds;               // those of this case that stand
    std::vector<const ErasureRequestView*> requests;  // nothing has come of them yet
    const ErasureView* erased = nullptr;              // the last time
    bool forgotten = false;                           // and nothing was written in the case since
    bool set_now = false;                             // the class has to be set, or set anew, and can be
    bool over = false;                                // the time has passed
};
std::vector<PersonKeeping> people_kept(const CaseView& view, const Schedule& schedule, schema::Day today);

// {"people", "holds", "erasureRequests", "disclosures"} of a case.
boost::json::object keeping(const CaseView& view, const References& references, schema::Day day);
// Of one hold, as in a case.
boost::json::object to_json(const HoldView& hold, const References& references, schema::Day day);
// A class with its title in the schedule; the code itself where that has no such class (any more).
boost::json::object class_json(std::string_view code, const Schedule& schedule);

}  // namespace projections
