// Who takes the family, and how many they may hold.
#include <algorithm>
#include <set>

#include "commands/caps.h"

namespace commands {
namespace {

constexpr const char* own = "docs/ARCHITECTURE.md";

// A worker is someone whose role may record a visit.
std::optional<Judgement> require_worker(const Facts& facts, const PersonId& worker, std::string field) {
    if (holds_role_for(facts, worker, "visitHeld")) return std::nullopt;
    auto act = act_of(*facts.edition, "visitHeld");
    return refuse(Refusal::worker_role_unfit, act ? std::string(act->getSource()) : own, {}, std::move(field));
}

// Where the practice says who leads at a level: the first of its rows whose level one of the children has, decides.
std::optional<Judgement> require_lead(const Facts& facts, const Episode& episode, const PersonId& lead) {
    for (auto row : facts.edition->practice().getGuards()) {
        if (row.getGuard() != Guard::LEAD_FOR_LEVEL) continue;
        if (std::none_of(episode.children.begin(), episode.children.end(),
                         [&](auto& child) { return child.second == text_of(row.getCode()); }))
            continue;
        if (holds_role(facts, lead, text_of(row.getDetail()))) return std::nullopt;
        return refuse(Refusal::lead_role_unfit, row.getSource(),
                      "role: " + title_of_role(facts.edition->practice(), text_of(row.getDetail())),
                      "fact.leadAppointed.lead");
    }
    return std::nullopt;
}

// What it adds to what `worker` holds when they take the whole family. Worker or lead, one counts a child once.
Change taken_by(const PersonId& worker, const Episode& episode, capnp::Data::Reader approval) {
    bool counts_already = episode.lead == worker || episode.worker == worker;
    Change change;
    change.worker = worker;
    change.worker_children = counts_already ? 0 : static_cast<uint32_t>(episode.children.size());
    change.approval = ref(approval);
    return change;
}

}  // namespace

Judgement allocated(const CaseState& state, const Facts& facts, Allocated::Reader event) {
    auto worker = person_in(event.getWorker());
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    if (!episode.worker.empty()) return refuse(Refusal::already_allocated, own);
    CASELEDGER_REQUIRE(require_worker(facts, worker, "fact.allocated.worker"));

    // With its allocation the team works with the family, though it has held it since the episode was opened.
    auto change = taken_by(worker, episode, event.getCapacityOverride());
    change.team = episode.team;
    change.team_total = true;
    for (auto& [child, level] : episode.children) change.at_level[level] = 0;
    return within_caps(episode, facts, change);
}

Judgement capacity_override_approved(const CaseState& state, const Facts&, CapacityOverrideApproved::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));

    return accept;
}

Judgement reallocated(const CaseState& state, const Facts& facts, Reallocated::Reader event) {
    auto worker = person_in(event.getWorker());
    CASELEDGER_REQUIRE(require_allocated(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    if (episode.worker == worker) return refuse(Refusal::already_allocated, own, "to this worker");
    CASELEDGER_REQUIRE(require_worker(facts, worker, "fact.reallocated.worker"));

    return within_caps(episode, facts, taken_by(worker, episode, event.getCapacityOverride()));
}

Judgement level_set(const CaseState& state, const Facts& facts, LevelSet::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    std::set<SubjectId> moving;
    for (auto raw : event.getChildren()) {
        auto child = episode.children.find(SubjectId::of(bytes_of(raw)));
        if (child == episode.children.end())
            return refuse(Refusal::unknown_subject, own, "the episode is not about this child",
                          "fact.levelSet.children");
        if (child->second != text_of(event.getLevel())) moving.insert(child->first);
    }

    return within_caps(episode, facts,
                       {{}, 0, episode.team, false, {{event.getLevel(), static_cast<uint32_t>(moving.size())}}, {}});
}

Judgement lead_appointed(const CaseState& state, const Facts& facts, LeadAppointed::Reader event) {
    auto lead = person_in(event.getLead());
    CASELEDGER_REQUIRE(require_allocated(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    if (episode.lead == lead) return refuse(Refusal::recorded_already, own, "they lead already");
    CASELEDGER_REQUIRE(require_lead(facts, episode, lead));

    return within_caps(episode, facts, taken_by(lead, episode, event.getCapacityOverride()));
}

}  // namespace commands
