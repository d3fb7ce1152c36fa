// What is to be done about keeping, across cases: who may be erased now, whose class has to be set, who asked to be
// erased, who is on hold. A row for each person of a case about whom there is something to say, the oldest case first.
#pragma once
#include <boost/json.hpp>

#include "projections/timeliness.h"

namespace projections {

// Everything given must hold. Empty: all.
struct RetentionFilter {
    std::string team;    // of the case's newest episode
    std::string state;   // may-be-erased, class-to-set, requested, on-hold
    std::string cursor;  // as it was given out
    size_t limit = 50;
};

// {"schedule", "says", "counts", "rows", "next"}; counts are of all that the team and state leave. A hold in whatever
// case counts. Malformed: a cursor or a state that is none.
schema::Result<boost::json::object> retention(const Table& cases, const ledger::Ledger& ledger,
                                              const RetentionFilter& filter, const Asked& asked);

}  // namespace projections
