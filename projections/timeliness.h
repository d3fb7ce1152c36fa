// Time limits across cases: the clocks of one case, of a worker, a team, a rule or the whole service, and what falls
// due.
#pragma once
#include <boost/json.hpp>
#include <functional>

#include "projections/clocks.h"
#include "projections/references.h"
#include "projections/store.h"

namespace projections {

// Everything given must hold.
struct TimelinessFilter {
    std::optional<PersonId> worker;                   // who held the episode when it was due or done
    std::string team, rule, verdict;                  // "T04", "missed-all"
    size_t limit = 200;                               // clocks listed; counts are of all
    std::function<bool(const StreamId&)> readable{};  // cases that may be told of; empty: all
};

// When and from what a question is answered.
struct Asked {
    const References& references;
    schema::Time now;          // the time it is answered for
    schema::Time recorded_by;  // only what was recorded by then
    uint64_t size;             // entries that count
};

// {"clocks": [...], "counts": {...}}; rules that nothing has started yet are listed last and not counted.
boost::json::object timeliness_of_case(const StreamId& stream, const std::vector<Moment>& moments, const Asked& asked);
schema::Result<boost::json::object> timeliness(const Table& moments, const TimelinessFilter& filter,
                                               const Asked& asked);
schema::Result<boost::json::object> due_soon(const Table& moments, const TimelinessFilter& filter, const Asked& asked,
                                             uint32_t working_days);

boost::json::object to_json(const Clock& clock, const References& references, schema::Time now);

}  // namespace projections
