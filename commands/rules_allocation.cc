// Who takes the family, and how many they may hold.
#include <algorithm>
#include <set>

#include "commands/caps.h"

namespace commands {
namespace {

constexpr const char* own = "docs/ARCHITECTURE.md";

// A worker is someone whose role may record a visit.
std::optional<Judgement> require_worker(const Facts& facts, const PersonId& worker, std::string field) {
    for (auto act : facts.edition->practice().getActs()) {
        if (text_of(act.getEvent()) != "visitHeld") continue;
        auto* person = facts.directory.person(worker);
        for (auto& held : person->roles)
            for (auto role : act.getRoles())
                if (held.role == text_of(role) && held.from <= facts.day() &&
                    (!held.ended || facts.day() < *held.ended))
                    return std::nullopt;
        return refuse(Refusal::worker_role_unfit, act.getSource(), {}, std::move(field));
    }
    return refuse(Refusal::worker_role_unfit, own, {}, std::move(field));
}

// The caps when `worker` takes the whole family: theirs, and those of the team that holds it already.
Judgement taken_by(const PersonId& worker, const CaseState& state, const Facts& facts, const Episode& episode,
                   capnp::Data::Reader approval) {
    // Worker or lead, one counts the family's children once.
    bool counts_already = episode.lead == worker || episode.worker == worker;
    auto more = static_cast<uint32_t>(state.children.size());
    Change change{counts_already ? PersonId{} : worker, more, episode.team, true, {}, ref(approval)};
    for (auto& [level, count] : state.holding().children_at) change.at_level[level] = 0;
    return within_caps(episode, facts, change);
}

}  // namespace

Judgement allocated(const CaseState& state, const Facts& facts, Allocated::Reader event) {
    auto worker = person_in(event.getWorker());
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    if (!episode.worker.empty()) return refuse(Refusal::already_allocated, own);
    CASELEDGER_REQUIRE(require_worker(facts, worker, "fact.allocated.worker"));

    return taken_by(worker, state, facts, episode, event.getCapacityOverride());
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

    return taken_by(worker, state, facts, episode, event.getCapacityOverride());
}

Judgement level_set(const CaseState& state, const Facts& facts, LevelSet::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    std::set<SubjectId> moving;
    for (auto raw : event.getChildren()) {
        auto level = state.levels.find(SubjectId::of(bytes_of(raw)));
        if (level == state.levels.end() || level->second != text_of(event.getLevel()))
            moving.insert(SubjectId::of(bytes_of(raw)));
    }

    return within_caps(episode, facts,
                       {{}, 0, episode.team, false, {{event.getLevel(), static_cast<uint32_t>(moving.size())}}, {}});
}

Judgement lead_appointed(const CaseState& state, const Facts& facts, LeadAppointed::Reader event) {
    auto lead = person_in(event.getLead());
    CASELEDGER_REQUIRE(require_allocated(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    if (episode.lead == lead) return refuse(Refusal::recorded_already, own, "they lead already");

    return taken_by(lead, state, facts, episode, event.getCapacityOverride());
}

}  // namespace commands
