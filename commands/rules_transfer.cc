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

}  // namespace

Judgement transfer_proposed(const CaseState& state, const Facts& facts, TransferProposed::Reader event) {
    CASELEDGER_REQUIRE(require_consent(state, facts, "transferProposed",
                                       event.getDirection() == Direction::STEP_UP ? "stepUp" : "stepDown"));
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
    const Alert* alert = event.getEscalation().size() ? state.alert_of(ref(event.getEscalation())) : nullptr;
    CASELEDGER_REQUIRE(require(facts, Guard::IN_NEED_THROUGH_PANEL,
                               alert && alert->outcome == EscalationOutcome::CHILD_IN_NEED,
                               Refusal::not_child_in_need));

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
    CASELEDGER_REQUIRE(require(facts, Guard::SUMMARY_BEFORE_PANEL, transfer.summary, Refusal::summary_missing));
    if (decision.getDecision() == PanelDecision::TRANSFER && decision.getTransferOn() == 0)
        return refuse(Refusal::transfer_incomplete, own, "a decision to transfer agrees a date",
                      "fact.panelDecided.transferOn");

    return accept;
}

Judgement handover_held(const CaseState& state, const Facts&, HandoverHeld::Reader event) {
    CASELEDGER_REQUIRE(require_transferring(*state.transfer(ref(event.getTransfer()))));

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
