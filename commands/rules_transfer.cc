// Transfer both ways: proposal, panel of two whose decision is final, handover, and only then the two records.
#include <algorithm>

#include "commands/rules.h"

namespace commands {
namespace {

constexpr const char* own = "docs/ARCHITECTURE.md";

// Only a family that the panel has decided to transfer is handed over.
std::optional<Judgement> require_transferring(const Transfer& transfer) {
    if (transfer.decision != PanelDecision::TRANSFER) return refuse(Refusal::not_transferring, own);
    return std::nullopt;
}

// Two different people sign, both of them holding the chair's role on the day.
std::optional<Judgement> require_panel(const Facts& facts, Event::Reader event, PanelDecided::Reader decision) {
    auto row = facts.guard(Guard::PANEL_OF_TWO);
    if (!row) return std::nullopt;
    auto joint = event.getJoint();
    if (joint.size() != 1 || person_in(joint[0].getPerson()) == facts.actor ||
        text_of(event.getRole()) != text_of(row->getCode()) || text_of(joint[0].getRole()) != text_of(row->getCode()))
        return refuse(Refusal::panel_needs_two, row->getSource());
    if (auto presents = facts.guard(Guard::CHAIR_DOES_NOT_PRESENT))
        for (auto presenter : decision.getPresentedBy())
            if (person_in(presenter) == facts.actor || person_in(presenter) == person_in(joint[0].getPerson()))
                return refuse(Refusal::chair_presents, presents->getSource());
    return std::nullopt;
}

// The worker who holds the case brings it, together with a manager. One who comes down is brought by social care.
std::optional<Judgement> require_presented(const Facts& facts, const Episode& episode, PanelDecided::Reader decision) {
    auto row = facts.guard(Guard::PRESENTED_BY_WORKER_AND_MANAGER);
    if (!row) return std::nullopt;
    bool worker = episode.worker.empty(), manager = false;
    for (auto raw : decision.getPresentedBy()) {
        auto presenter = person_in(raw);
        if (presenter == episode.worker) worker = true;
        else manager = manager || holds_role_for(facts, presenter, text_of(row->getCode()));
    }
    if (worker && manager) return std::nullopt;
    return refuse(Refusal::not_presented, row->getSource(), worker ? "the manager is missing" : "the worker is missing",
                  "fact.panelDecided.presentedBy");
}

// A step-up is for the family whose escalation it answers, once: the panel does not decide the same thing twice.
std::optional<Judgement> require_escalation(const CaseState& state, const Facts& facts,
                                            TransferProposed::Reader event) {
    auto escalation = ref(event.getEscalation());
    const Alert* alert = escalation.empty() ? nullptr : state.alert_of(escalation);
    CASELEDGER_REQUIRE(require(
        facts, Guard::IN_NEED_THROUGH_PANEL,
        alert && alert->outcome == EscalationOutcome::CHILD_IN_NEED && alert->episode == ref(event.getEpisode()),
        Refusal::not_child_in_need));
    for (auto& transfer : state.transfers)
        if (!escalation.empty() && transfer.escalation == escalation)
            return refuse(Refusal::recorded_already, own, "a transfer was proposed on this decision already",
                          "fact.transferProposed.escalation");
    return std::nullopt;
}

}  // namespace

Judgement transfer_proposed(const CaseState& state, const Facts& facts, TransferProposed::Reader event) {
    if (event.getDirection() == Direction::STEP_DOWN) {
        if (state.open_episode()) return refuse(Refusal::episode_open, own);
        if (event.getChildren().size() == 0 && state.children.empty())
            return refuse(Refusal::transfer_incomplete, own, "a step-down names the children",
                          "fact.transferProposed.children");
        return accept;
    }
    if (event.getEpisode().size() == 0)
        return refuse(Refusal::transfer_incomplete, own, "a step-up names our episode",
                      "fact.transferProposed.episode");
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    CASELEDGER_REQUIRE(require_escalation(state, facts, event));

    return accept;
}

Judgement transfer_summary_prepared(const CaseState& state, const Facts& facts, TransferSummaryPrepared::Reader event) {
    const Transfer& transfer = *state.transfer(ref(event.getTransfer()));
    if (transfer.direction == Direction::STEP_UP) CASELEDGER_REQUIRE(require_open(state, transfer.episode));
    CASELEDGER_REQUIRE(
        require(facts, Guard::SUMMARY_BEFORE_PANEL, !transfer.decision, Refusal::decided_already, "by the panel"));

    return accept;
}

Judgement panel_decided(const CaseState& state, const Facts& facts, Event::Reader event,
                        PanelDecided::Reader decision) {
    const Transfer& transfer = *state.transfer(ref(decision.getTransfer()));
    if (transfer.decision) {
        auto row = facts.guard(Guard::PANEL_FINAL);
        return refuse(Refusal::panel_is_final, row ? std::string(row->getSource()) : own);
    }
    CASELEDGER_REQUIRE(require_panel(facts, event, decision));
    if (transfer.direction == Direction::STEP_UP) {
        CASELEDGER_REQUIRE(require_open(state, transfer.episode));
        CASELEDGER_REQUIRE(require_presented(facts, *state.episode(transfer.episode), decision));
    } else if (decision.getDecision() == PanelDecision::TRANSFER) {
        // The proposal may have begun the record, so that the family's agreement could only follow it.
        auto agreed = consented(state, facts, "transferProposed", "stepDown");
        if (agreed.refused) return agreed;
    }
    CASELEDGER_REQUIRE(require(facts, Guard::SUMMARY_BEFORE_PANEL, transfer.summary, Refusal::summary_missing));
    if (decision.getDecision() == PanelDecision::TRANSFER && decision.getTransferOn() == 0)
        return refuse(Refusal::transfer_incomplete, own, "a decision to transfer agrees a date",
                      "fact.panelDecided.transferOn");

    return accept;
}

Judgement handover_held(const CaseState& state, const Facts& facts, HandoverHeld::Reader event) {
    const Transfer& transfer = *state.transfer(ref(event.getTransfer()));
    CASELEDGER_REQUIRE(require_transferring(transfer));
    auto taking = person_in(event.getNewWorker());
    auto row = facts.guard(Guard::HANDOVER_TO_NEW_WORKER);
    if (row && transfer.direction == Direction::STEP_DOWN && (taking.empty() || taking == facts.actor))
        return refuse(Refusal::transfer_incomplete, row->getSource(),
                      "the new worker is named, someone other than who hands over", "fact.handoverHeld.newWorker");

    return accept;
}

Judgement receiving_record_opened(const CaseState& state, const Facts& facts, ReceivingRecordOpened::Reader event) {
    const Transfer& transfer = *state.transfer(ref(event.getTransfer()));
    CASELEDGER_REQUIRE(require_transferring(transfer));
    CASELEDGER_REQUIRE(require(facts, Guard::HANDOVER_BEFORE_RECORDS, transfer.handover, Refusal::handover_missing));
    if (!transfer.received_by.empty()) return refuse(Refusal::recorded_already, own);
    CASELEDGER_REQUIRE(
        require(facts, Guard::RELEASING_NOT_RECEIVING, transfer.released_by != facts.actor, Refusal::same_manager));
    if (transfer.direction != Direction::STEP_DOWN) return accept;
    if (state.open_episode()) return refuse(Refusal::episode_open, own);
    if (!facts.directory.team(text_of(event.getTeam())))
        return refuse(Refusal::unknown_team, own, "a step-down names the team that takes the family",
                      "fact.receivingRecordOpened.team");

    return accept;
}

Judgement ending_letter_issued(const CaseState& state, const Facts& facts, EndingLetterIssued::Reader event) {
    CASELEDGER_REQUIRE(require(facts, Guard::HANDOVER_BEFORE_RECORDS,
                               state.transfer(ref(event.getTransfer()))->handover, Refusal::handover_missing));

    return accept;
}

Judgement releasing_record_closed(const CaseState& state, const Facts& facts, ReleasingRecordClosed::Reader event) {
    const Transfer& transfer = *state.transfer(ref(event.getTransfer()));
    CASELEDGER_REQUIRE(require_transferring(transfer));
    CASELEDGER_REQUIRE(require(facts, Guard::HANDOVER_BEFORE_RECORDS, transfer.handover, Refusal::handover_missing));
    if (!transfer.released_by.empty()) return refuse(Refusal::recorded_already, own);
    CASELEDGER_REQUIRE(
        require(facts, Guard::RELEASING_NOT_RECEIVING, transfer.received_by != facts.actor, Refusal::same_manager));

    return accept;
}

}  // namespace commands
