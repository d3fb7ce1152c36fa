// Who held how many children and families at a moment, against the caps of the practice in force then. A filter over
// the holdings, so that yesterday's answer is as quick as today's.
#pragma once
#include <boost/json.hpp>

#include "projections/cases.h"
#include "projections/references.h"

namespace projections {

// {"service": {"families", "children", "limits": [...]}, "workers": [...], "teams": [...], "unallocated": [...]}
// A worker's children are those of the cases they hold as worker or lead, each once; a part-time worker's cap is
// rounded down, since no child is held in part. `recorded_by`: only what had been recorded by then. `size`: entries
// that count.
schema::Result<boost::json::object> caseload(const Table& cases, schema::Time recorded_by, uint64_t size,
                                             const References& references, schema::Time now);

}  // namespace projections
