// The list of cases for browsing: a line for each family, newest first.
#pragma once
#include <boost/json.hpp>

#include "projections/case_view.h"
#include "projections/references.h"
#include "projections/store.h"

namespace projections {

// Everything given must hold. Empty: all cases.
struct CaseFilter {
    std::optional<PersonId> worker;  // holds it now, as worker or lead
    std::optional<PersonId> holder;  // holds or held it
    std::vector<std::string> teams;  // of its newest episode: one of these
    std::string state;               // "plan-active", "received", ...
    bool open_only = false;
    bool front_door_only = false;  // contacts that are not, or never became, an episode
};

struct CaseLine;
boost::json::object line_json(const CaseLine& line, const References& references);
// Newest first, after `cursor` (empty: from the start). Malformed: not a cursor.
schema::Result<boost::json::object> list_cases(const Table& cases, const CaseFilter& filter, const std::string& cursor,
                                               size_t limit, const References& references);

}  // namespace projections
