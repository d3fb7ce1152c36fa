// Closure and its gate, and corrections.
#include <algorithm>

#include "commands/rules.h"

namespace commands {
namespace {

constexpr const char* own = "docs/ARCHITECTURE.md";

bool recorded(const CaseState& state, capnp::Text::Reader type_name) {
    auto* type = type_named(text_of(type_name));
    return type && state.since_closure[static_cast<size_t>(type->which)] > 0;
}

bool is_evidenced(const CaseState& state, ChecklistItem::Reader item) {
    for (auto evidence : item.getEvidence()) {
        if (evidence.getWhen().size() && !recorded(state, evidence.getWhen())) continue;
        bool found = false;
        for (auto name : evidence.getAnyOf()) found = found || recorded(state, name);
        if (!found) return false;
    }
    return true;
}

// Every item of the practice's checklist is evidenced, or was given a reason why it does not apply.
std::optional<Judgement> require_complete(const CaseState& state, const Facts& facts,
                                          const std::set<uint8_t>& not_applicable) {
    auto row = facts.guard(Guard::CHECKLIST_BEFORE_CLOSURE);
    if (!row) return std::nullopt;
    std::string missing;
    for (auto list : facts.edition->practice().getChecklists()) {
        if (text_of(list.getCode()) != text_of(row->getCode())) continue;
        for (auto item : list.getItems()) {
            if (not_applicable.count(item.getNumber()) || is_evidenced(state, item)) continue;
            missing += (missing.empty() ? "missing: item " : "; item ") + std::to_string(item.getNumber()) + ", " +
                       std::string(text_of(item.getTitle()));
        }
    }
    if (missing.empty()) return std::nullopt;
    return refuse(Refusal::record_incomplete, row->getSource(), missing);
}

// The letter went out with the plan of every child who has one, as it stood last.
bool letter_is_final(const CaseState& state, const Episode& episode) {
    if (episode.letters.empty()) return false;
    auto& sent = episode.letters.back().second;
    return std::all_of(state.plans.begin(), state.plans.end(), [&](const Plan& plan) {
        return plan.episode != episode.id || std::find(sent.begin(), sent.end(), plan.latest()) != sent.end();
    });
}

}  // namespace

Judgement record_quality_confirmed(const CaseState& state, const Facts& facts, RecordQualityConfirmed::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    std::set<uint8_t> not_applicable;
    for (auto item : event.getNotApplicable()) not_applicable.insert(item.getItem());
    CASELEDGER_REQUIRE(require_complete(state, facts, not_applicable));

    return accept;
}

Judgement case_closed(const CaseState& state, const Facts& facts, CaseClosed::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    CASELEDGER_REQUIRE(require(facts, Guard::CLOSER_NOT_WORKER, episode.worker != facts.actor, Refusal::own_case));
    if (!episode.closure_proposed) return refuse(Refusal::closure_not_proposed, own);
    for (auto& withdrawal : state.withdrawals)
        CASELEDGER_REQUIRE(require(facts, Guard::WITHDRAWAL_CONSIDERED, !withdrawal.worrying || withdrawal.considered,
                                   Refusal::withdrawal_not_considered));
    CASELEDGER_REQUIRE(require_complete(state, facts, episode.not_applicable));
    CASELEDGER_REQUIRE(
        require(facts, Guard::FINAL_PLAN_WITH_LETTER, letter_is_final(state, episode), Refusal::final_plan_missing));
    CASELEDGER_REQUIRE(require(facts, Guard::FEEDBACK_FORM_BEFORE_CLOSURE,
                               state.since_closure[static_cast<size_t>(Fact::FEEDBACK_FORM_PROVIDED)] > 0,
                               Refusal::feedback_form_missing));
    CASELEDGER_REQUIRE(require_oversight(episode, facts, "caseClosed"));
    CASELEDGER_REQUIRE(
        require(facts, Guard::CHECKLIST_BEFORE_CLOSURE, episode.quality_confirmed, Refusal::quality_not_confirmed));

    return accept;
}

Judgement correction_recorded(const CaseState& state, const Facts& facts, CorrectionRecorded::Reader event) {
    auto corrected = state.events.at(ref(event.getCorrects()));
    if (event.getKind() == CorrectionKind::ENTERED_IN_ERROR && type_of(corrected.type).decision)
        return refuse(Refusal::decision_stands, own);
    if (event.getKind() == CorrectionKind::OCCURRED && event.getOccurred() == 0)
        return refuse(Refusal::correction_incomplete, own, "when it happened is missing",
                      "fact.correctionRecorded.occurred");
    if (event.getOccurred() > milliseconds(facts.recorded))
        return refuse(Refusal::in_future, own, {}, "fact.correctionRecorded.occurred");

    return accept;
}

}  // namespace commands
