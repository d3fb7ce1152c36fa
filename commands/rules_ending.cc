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

// The consent with which the family was referred, in writing; one that stepped down came by agreement (S1:211).
bool holds_consent(const CaseState& state, const Facts& facts, const Episode& episode) {
    auto row = facts.guard(Guard::CONSENT_IN_WRITING);
    return !row || episode.contact.empty() || state.holds_written_consent(text_of(row->getCode()));
}

bool holds_plans(const CaseState& state, const Facts& facts, const Episode& episode) {
    return !facts.guard(Guard::PLAN_FOR_EVERY_CHILD) ||
           std::all_of(episode.children.begin(), episode.children.end(),
                       [&](auto& child) { return state.has_plan(episode, child.first); });
}

// Whether the record holds an entry of this type, as the practice wants it.
bool holds(const CaseState& state, const Facts& facts, const Episode& episode, capnp::Text::Reader type) {
    if (!recorded(state, type)) return false;
    auto which = type_named(text_of(type))->which;
    if (which == Fact::CONSENT_RECORDED) return holds_consent(state, facts, episode);
    if (which == Fact::PLAN_AGREED) return holds_plans(state, facts, episode);
    return true;
}

bool is_evidenced(const CaseState& state, const Facts& facts, const Episode& episode, ChecklistItem::Reader item) {
    for (auto evidence : item.getEvidence()) {
        if (evidence.getWhen().size() && !recorded(state, evidence.getWhen())) continue;
        bool found = false;
        for (auto type : evidence.getAnyOf()) found = found || holds(state, facts, episode, type);
        if (!found) return false;
    }
    return true;
}

// Every item of the practice's checklist is evidenced, or was given a reason why it does not apply.
std::optional<Judgement> require_complete(const CaseState& state, const Facts& facts, const Episode& episode,
                                          const std::set<uint8_t>& not_applicable) {
    auto row = facts.guard(Guard::CHECKLIST_BEFORE_CLOSURE);
    if (!row) return std::nullopt;
    std::string missing;
    for (auto list : facts.edition->practice().getChecklists()) {
        if (text_of(list.getCode()) != text_of(row->getCode())) continue;
        for (auto item : list.getItems()) {
            if (not_applicable.count(item.getNumber()) || is_evidenced(state, facts, episode, item)) continue;
            missing += (missing.empty() ? "missing: item " : "; item ") + std::to_string(item.getNumber()) + ", " +
                       std::string(text_of(item.getTitle()));
        }
    }
    if (missing.empty()) return std::nullopt;
    return refuse(Refusal::record_incomplete, row->getSource(), missing);
}

// Turning away from the service, or a closure although worries continue; not from one kind of contact or sharing.
std::optional<Judgement> require_considered(const CaseState& state, const Facts& facts, const Episode& episode) {
    auto row = facts.guard(Guard::WITHDRAWAL_CONSIDERED);
    if (!row) return std::nullopt;
    for (auto& withdrawal : state.withdrawals) {
        bool weighs = withdrawal.scope.empty() || withdrawal.scope == text_of(row->getCode());
        if (withdrawal.episode == episode.id && weighs && !withdrawal.considered)
            return refuse(Refusal::withdrawal_not_considered, row->getSource());
    }
    return std::nullopt;
}

// The letter went out with the plan of every child who has one, as it stood last.
bool letter_is_final(const CaseState& state, const Episode& episode) {
    if (episode.letters.empty()) return false;
    auto& sent = episode.letters.back().second;
    return std::all_of(state.plans.begin(), state.plans.end(), [&](const Plan& plan) {
        return plan.episode != episode.id || std::find(sent.begin(), sent.end(), plan.latest()) != sent.end();
    });
}

// A correction is its author's, or of someone in a role that may record the act that the practice names.
std::optional<Judgement> require_corrector(const Facts& facts, Event::Reader event, const PersonId& author) {
    auto row = facts.guard(Guard::CORRECTED_BY_AUTHOR);
    if (!row || author == facts.actor || may_record(facts, text_of(event.getRole()), text_of(row->getCode())))
        return std::nullopt;
    return refuse(Refusal::not_its_author, row->getSource(), {}, "role");
}

// Of what stands on an entry, the type that is first in the list of types; nothing where nothing does.
std::optional<Fact::Which> stands_on(const CaseState& state, const EventId& id) {
    std::optional<Fact::Which> first;
    for (auto& [other, happened] : state.events) {
        auto& needs = happened.stands_on;
        if (happened.in_error || std::find(needs.begin(), needs.end(), id) == needs.end()) continue;
        first = first ? std::min(*first, happened.type) : happened.type;
    }
    return first;
}

std::optional<Judgement> require_retractable(const CaseState& state, const EventId& id) {
    auto& corrected = state.events.at(id);
    if (type_of(corrected.type).decision) return refuse(Refusal::decision_stands, own);
    if (corrected.takes_back) return refuse(Refusal::correction_stands, own);
    if (auto type = stands_on(state, id))
        return refuse(Refusal::stood_upon, own, "it is referred to by: " + std::string(title_of(*type)),
                      "fact.correctionRecorded.corrects");
    return std::nullopt;
}

}  // namespace

Judgement record_quality_confirmed(const CaseState& state, const Facts& facts, RecordQualityConfirmed::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    std::set<uint8_t> not_applicable;
    for (auto item : event.getNotApplicable()) not_applicable.insert(item.getItem());
    CASELEDGER_REQUIRE(require_complete(state, facts, *state.episode(ref(event.getEpisode())), not_applicable));

    return accept;
}

Judgement case_closed(const CaseState& state, const Facts& facts, CaseClosed::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    CASELEDGER_REQUIRE(require(facts, Guard::CLOSER_NOT_WORKER, episode.worker != facts.actor, Refusal::own_case));
    if (!episode.closure_proposed) return refuse(Refusal::closure_not_proposed, own);
    CASELEDGER_REQUIRE(require_considered(state, facts, episode));
    CASELEDGER_REQUIRE(require_complete(state, facts, episode, episode.not_applicable));
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

Judgement correction_recorded(const CaseState& state, const Facts& facts, Event::Reader event,
                              CorrectionRecorded::Reader correction) {
    auto corrected = ref(correction.getCorrects());
    CASELEDGER_REQUIRE(require_corrector(facts, event, state.events.at(corrected).actor));
    if (correction.getKind() == CorrectionKind::ENTERED_IN_ERROR)
        CASELEDGER_REQUIRE(require_retractable(state, corrected));
    if (correction.getKind() == CorrectionKind::OCCURRED && correction.getOccurred() == 0)
        return refuse(Refusal::correction_incomplete, own, "when it happened is missing",
                      "fact.correctionRecorded.occurred");
    if (correction.getOccurred() > milliseconds(facts.recorded))
        return refuse(Refusal::in_future, own, {}, "fact.correctionRecorded.occurred");

    return accept;
}

}  // namespace commands
