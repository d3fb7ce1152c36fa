// The chronology of one case: a row for each entry, as it happened or as it was recorded. Nothing is hidden: what was
// entered in error is shown struck, a corrected time moves its entry and the original stays readable.
#pragma once
#include <boost/json.hpp>

#include "ledger/ledger.h"
#include "projections/moment.h"
#include "projections/references.h"

namespace projections {

struct ChronologyQuery {
    enum Order { happened, recorded };
    Order order = happened;
    std::optional<schema::Time> as_at;
    std::optional<schema::SubjectId> child;  // names this child, or no child at all
    std::vector<std::string> types;          // "visitHeld"; empty: any
    std::string kind;                        // "face-to-face"
    std::optional<schema::Day> from, to;     // London days of the order's time, both included
    std::optional<PersonId> actor;
    bool significant_only = false;  // milestones and what was marked as significant
    bool newest_first = false;
    std::string cursor;  // from an earlier answer's "next"
    size_t limit = 100;  // at most 1000
};

// `moments`: all of the stream that count for the answer, by revision. Facts are read from the ledger for the rows of
// the page. Malformed: a cursor that is none, or of another order.
schema::Result<boost::json::object> chronology(const std::vector<Moment>& moments, const ChronologyQuery& query,
                                               const ledger::Ledger& ledger, const References& references,
                                               schema::Time now);

}  // namespace projections
