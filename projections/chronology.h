// The chronology of one case: a row for each entry, as it happened or as it was recorded. Nothing is hidden: what was
// entered in error is shown struck, a corrected time moves its entry and the original stays readable.
#pragma once
#include <boost/json.hpp>

#include "ledger/ledger.h"
#include "projections/told_cases.h"

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

struct ChronologyRow {
    uint64_t position;
    bool written;              // words go with its entry
    ToldRow told;              // docs/API.md
    boost::json::object more;  // what is said beside that
};

struct ChronologyPage {
    boost::json::object about;  // order, total, next: a cursor or null; and what else is said of the answer
    std::vector<ChronologyRow> rows;
    std::string text() const;  // as JSON: about, with the rows in it
};

// `told`: held by the caller, with the stream's moments read. `counting`: so many of them, the oldest ones, count for
// the answer. Facts are read from the ledger for rows that were not told before. Malformed: a cursor that is none, or
// of another order.
schema::Result<ChronologyPage> chronology(ToldCase& told, size_t counting, const ChronologyQuery& query,
                                          const ledger::Ledger& ledger, const References& references, schema::Time now);

}  // namespace projections
