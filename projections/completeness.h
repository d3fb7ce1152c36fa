// What a case's record still lacks: checklist items, oversight points, and steps that are waiting for somebody.
#pragma once
#include "projections/case_view.h"

namespace projections {

// [{"code", "title", "source", "complete", "items": [{"number", "title", "state": present | absent | not-applicable,
// ...}]}] of the practice in force when the newest episode closed, else on `day`.
boost::json::array completeness(const CaseView& view, const References& references, schema::Day day);

// [{"point", "title", "state": recorded | missing | not-yet-due, "at"}] for every point of the practice in force.
boost::json::array oversight(const CaseView& view, const EpisodeView& episode, const References& references,
                             schema::Day day);

// [{"code", "title"}]: the points among them that are missing.
boost::json::array oversight_missing(const CaseView& view, const EpisodeView& episode, const References& references,
                                     schema::Day day);

// [{"task", "title", "since", "about"}]: the next step of everything that has begun and not ended.
boost::json::array open_tasks(const CaseView& view);

}  // namespace projections
