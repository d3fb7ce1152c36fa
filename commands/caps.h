// The caps of the practice in force, applied to what a worker or team would hold.
#pragma once
#include "commands/rules.h"

namespace commands {

// What a change would add to what is held now.
struct Change {
    PersonId worker{};  // would hold `worker_children` more; empty: nobody would
    uint32_t worker_children = 0;
    std::string team;                          // whose caps are to be looked at; empty: none
    bool team_total = false;                   // also its total (it holds the family already), not only its levels
    std::map<std::string, uint32_t> at_level;  // level -> so many more in the team
    EventId approval{};                        // capacityOverrideApproved that the event names; empty: none
};

// Refuses when a cap would be exceeded that needs an approval (and none fits) or may not be exceeded; warns where a
// cap is advisory. Caps that are only reported are left to the views.
Judgement within_caps(const Episode& episode, const Facts& facts, const Change& change);

// The cap that binds this worker on this day in whole children; nothing where the practice sets none for their roles.
std::optional<uint32_t> worker_cap(const Facts& facts, const PersonId& worker);

}  // namespace commands
