// From contact to open episode, and the family's consent.
#include "commands/rules.h"

namespace commands {
namespace {

constexpr const char* own = "docs/ARCHITECTURE.md";

}  // namespace

Judgement recommendation_recorded(const CaseState& state, const Facts&, RecommendationRecorded::Reader event) {
    const Contact& contact = *state.contact(ref(event.getContact()));
    // What the front door decided first may still be reviewed, until it was decided on a recommendation or sent on.
    if (contact.decided && (contact.decided_on_recommendation || contact.routed))
        return refuse(Refusal::decided_already, own);

    return accept;
}

Judgement mash_decided(const CaseState& state, const Facts& facts, Event::Reader event, MashDecided::Reader decision) {
    const Contact& contact = *state.contact(ref(decision.getContact()));
    // A wrong decision is taken anew until the contact has been sent on: a decision is never taken back. Once a
    // representative has recommended, before a decision or after it, only a manager of the front door decides.
    auto manager = facts.guard(Guard::MASH_WITHOUT_RECOMMENDATION);
    bool by_manager = manager && text_of(event.getRole()) == text_of(manager->getCode());
    if (contact.recommended && manager && !by_manager)
        return refuse(Refusal::mash_manager_decides, manager->getSource());
    if (contact.routed || contact.checked) return refuse(Refusal::decided_already, own, "the contact has been sent on");

    return accept;
}

Judgement contact_routed(const CaseState& state, const Facts& facts, ContactRouted::Reader event) {
    const Contact& contact = *state.contact(ref(event.getContact()));
    if (!contact.decided) return refuse(Refusal::not_decided, own);
    CASELEDGER_REQUIRE(require(facts, Guard::MASH_WITHOUT_RECOMMENDATION,
                               !contact.recommended || contact.decided_on_recommendation,
                               Refusal::mash_manager_decides));
    if (*contact.decided != Option::ACCEPT) return refuse(Refusal::not_for_this_service, own);
    if (contact.routed) return refuse(Refusal::recorded_already, own);

    return accept;
}

Judgement outcome_shared(const CaseState& state, const Facts&, OutcomeShared::Reader event) {
    const Contact& contact = *state.contact(ref(event.getContact()));
    if (!contact.decided) return refuse(Refusal::nothing_to_share, own);

    return accept;
}

Judgement second_check_recorded(const CaseState& state, const Facts& facts, SecondCheckRecorded::Reader event) {
    const Contact& contact = *state.contact(ref(event.getContact()));
    if (!contact.routed) return refuse(Refusal::not_routed, own);
    if (contact.accepted) return refuse(Refusal::decided_already, own, "the referral has been accepted");
    CASELEDGER_REQUIRE(
        require(facts, Guard::ANOTHER_DECIDER, contact.deciders.count(facts.actor) == 0, Refusal::same_decider));

    return accept;
}

Judgement referral_accepted(const CaseState& state, const Facts& facts, ReferralAccepted::Reader event) {
    const Contact& contact = *state.contact(ref(event.getContact()));
    if (contact.accepted) return refuse(Refusal::decided_already, own);
    CASELEDGER_REQUIRE(
        require(facts, Guard::SECOND_CHECK, contact.checked == Option::ACCEPT, Refusal::second_check_missing));
    CASELEDGER_REQUIRE(require_written_consent(state, facts, contact.children));
    CASELEDGER_REQUIRE(require(facts, Guard::FACTOR_PRESENT, event.getFactors().size() > 0, Refusal::no_factor));
    CASELEDGER_REQUIRE(require(facts, Guard::NOT_IN_NEED, !event.getInNeedOrAtRisk(), Refusal::in_need));
    CASELEDGER_REQUIRE(require(facts, Guard::NOT_EXCLUDED, event.getExclusions().size() == 0, Refusal::excluded));

    return accept;
}

Judgement episode_opened(const CaseState& state, const Facts& facts, EpisodeOpened::Reader event) {
    const Contact& contact = *state.contact(ref(event.getContact()));
    if (!contact.accepted) return refuse(Refusal::not_accepted, own);
    if (contact.opened) return refuse(Refusal::recorded_already, own);
    if (state.open_episode()) return refuse(Refusal::episode_open, own);
    if (!facts.directory.team(text_of(event.getTeam())))
        return refuse(Refusal::unknown_team, own, {}, "fact.episodeOpened.team");
    // It may have been withdrawn since the acceptance.
    CASELEDGER_REQUIRE(require_written_consent(state, facts, contact.children));

    return accept;
}

Judgement consent_confirmed(const CaseState& state, const Facts&, ConsentConfirmed::Reader event) {
    const Consent* consent = CaseState::find(state.consents, ref(event.getConsent()));
    if (!consent || consent->withdrawn) return refuse(Refusal::no_consent_to_withdraw, own, "it was withdrawn");

    return accept;
}

Judgement consent_withdrawn(const CaseState& state, const Facts&, ConsentWithdrawn::Reader event) {
    if (!state.consents_to(text_of(event.getScope()))) return refuse(Refusal::no_consent_to_withdraw, own);

    return accept;
}

Judgement withdrawal_considered(const CaseState& state, const Facts&, WithdrawalConsidered::Reader event) {
    const Withdrawal* withdrawal = CaseState::find(state.withdrawals, ref(event.getWithdrawal()));
    if (withdrawal && withdrawal->considered) return refuse(Refusal::decided_already, own);

    return accept;
}

}  // namespace commands
