#include "commands/caps.h"

namespace commands {
namespace {

struct Measured {
    uint32_t projected = 0, cap = 0;
    bool applies = false;
};

bool team_is(const Facts& facts, const std::string& team, std::string_view kind) {
    auto* known = facts.directory.team(team);
    if (!known || kind.empty()) return known != nullptr;
    return (known->kind == TeamKind::POD ? "pod" : known->kind == TeamKind::TEAM ? "team" : "service") == kind;
}

Measured measure(const Facts& facts, const Change& change, Cap::Reader cap) {
    const Loads& loads = facts.loads;
    Measured found{0, cap.getLimit(), false};
    switch (cap.getMeasure()) {
        case CapMeasure::CHILDREN_PER_WORKER:
            // Whom it gives no more children it takes over no cap, also where they are over it with an approval.
            if (change.worker_children == 0 || !holds_role(facts, change.worker, text_of(cap.getRole()))) return found;
            // Whole children: 0.6 of 25 is 15; 0.5 of 25 is 12, since half a child more would go over.
            if (cap.getPerFte()) found.cap = cap.getLimit() * facts.directory.fte(change.worker, facts.day()) / 100;
            return {loads.children_of(change.worker) + change.worker_children, found.cap, true};
        case CapMeasure::CHILDREN_PER_TEAM:
            if (!change.team_total || !team_is(facts, change.team, text_of(cap.getTeamKind()))) return found;
            return {loads.children_in(change.team), found.cap, true};
        case CapMeasure::CHILDREN_PER_TEAM_AT_LEVEL: {
            auto more = change.at_level.find(cap.getLevel());
            if (more == change.at_level.end() || !team_is(facts, change.team, text_of(cap.getTeamKind()))) return found;
            return {loads.children_in(change.team, more->first) + more->second, found.cap, true};
        }
        // Of the whole service the documents only say what it can work with; the views show it.
        case CapMeasure::FAMILIES_PER_SERVICE:
        case CapMeasure::CHILDREN_PER_SERVICE: return found;
    }
    return found;
}

}  // namespace

Judgement within_caps(const Episode& episode, const Facts& facts, const Change& change) {
    Judgement judgement;
    if (!facts.edition || !facts.whole) return judgement;
    for (auto cap : facts.edition->practice().getCaps()) {
        auto found = measure(facts, change, cap);
        if (!found.applies || found.projected <= found.cap) continue;
        auto detail = std::to_string(found.projected) + " children, " + std::to_string(found.projected - found.cap) +
                      " over the cap of " + std::to_string(found.cap) + " (" + std::string(text_of(cap.getId())) +
                      ": " + std::string(text_of(cap.getTitle())) + ")";
        switch (cap.getMode()) {
            case CapMode::REPORTED: continue;
            case CapMode::ADVISORY: judgement.warnings.push_back(detail); continue;
            case CapMode::HARD: return refuse(Refusal::cap_reached, cap.getSource(), detail);
            case CapMode::OVERRIDABLE: break;
        }
        if (change.approval.empty()) return refuse(Refusal::over_cap, cap.getSource(), detail);
        auto approval = episode.overrides.find(change.approval);
        if (approval == episode.overrides.end() || approval->second.first != change.worker ||
            approval->second.second < found.projected)
            return refuse(Refusal::override_of_another, cap.getSource(), detail);
        judgement.warnings.push_back(detail + ", as approved");
    }
    return judgement;
}

std::optional<uint32_t> worker_cap(const Facts& facts, const PersonId& worker) {
    if (!facts.edition) return std::nullopt;
    for (auto cap : facts.edition->practice().getCaps())
        if (cap.getMeasure() == CapMeasure::CHILDREN_PER_WORKER && holds_role(facts, worker, text_of(cap.getRole())))
            return cap.getPerFte() ? cap.getLimit() * facts.directory.fte(worker, facts.day()) / 100 : cap.getLimit();
    return std::nullopt;
}

}  // namespace commands
