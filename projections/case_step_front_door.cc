// What the front door and consent do to a case: one short step for each type of event.
#include "projections/case_step.h"

namespace projections {

void CaseStep::take(schema::ContactReceived::Reader event) {
    begin();
    ContactView received;
    received.id = entry.id();
    received.received = at;
    received.channel = event.getChannel();
    received.referrer = event.getReferrer();
    received.consent_claimed = enum_name(event.getConsent());
    received.children = subjects(event.getChildren());
    received.adults = subjects(event.getAdults());
    received.factors = texts(event.getFactors());
    received.out_of_hours = event.getOutOfHours();
    received.prior_episode = event_id(event.getPriorEpisode());
    introduce(view.children, received.children);
    introduce(view.adults, received.adults);
    view.contacts.push_back(std::move(received));
}

void CaseStep::take(schema::RecommendationRecorded::Reader event) {
    if (auto* c = contact(event)) {
        c->recommended = enum_name(event.getOption());
        c->recommended_at = at;
    }
}

void CaseStep::take(schema::MashDecided::Reader event) {
    if (auto* c = contact(event)) {
        c->decided = enum_name(event.getOption());
        c->decided_at = at;
        c->referrer_told = c->family_told = std::nullopt;
    }
}

void CaseStep::take(schema::ContactRouted::Reader event) {
    if (auto* c = contact(event)) c->routed_at = at;
}

void CaseStep::take(schema::OutcomeShared::Reader event) {
    if (auto* c = contact(event)) {
        bool family = event.getParty() == schema::Party::FAMILY;
        (family ? c->family_told : c->referrer_told) = at;
    }
}

void CaseStep::take(schema::SecondCheckRecorded::Reader event) {
    if (auto* c = contact(event)) {
        auto before = c->option();
        c->checked = enum_name(event.getOption());
        c->checked_at = at;
        // Who was told of another outcome has not been told of this one.
        if (c->checked != before) c->referrer_told = c->family_told = std::nullopt;
    }
}

void CaseStep::take(schema::ReferralAccepted::Reader event) {
    if (auto* c = contact(event)) {
        c->accepted_at = at;
        if (event.getFactors().size()) c->factors = texts(event.getFactors());
        c->level = event.getLevel();
    }
}

void CaseStep::take(schema::EpisodeOpened::Reader event) {
    EpisodeView opened;
    opened.id = entry.id();
    opened.contact = event_id(event.getContact());
    opened.opened = at;
    opened.team = event.getTeam();
    opened.locality = event.getLocality();
    if (auto* c = contact(event)) {
        c->episode = opened.id;
        opened.children = c->children;
        set_levels(opened.children, c->level);
    }
    view.episodes.push_back(std::move(opened));
}

void CaseStep::take(schema::ConsentRecorded::Reader event) {
    view.consents.push_back({entry.id(),
                             event.getScope(),
                             enum_name(event.getForm()),
                             subject_id(event.getGivenBy()),
                             subjects(event.getChildren()),
                             at,
                             {},
                             {}});
}

void CaseStep::take(schema::ConsentConfirmed::Reader event) {
    if (auto* consent = find(view.consents, event.getConsent())) consent->confirmed = at;
}

void CaseStep::take(schema::ConsentRefused::Reader event) {
    end_consents(event.getScope());
    view.consents.push_back({entry.id(), event.getScope(), "", {}, {}, at, {}, {}});
    // Before there is an episode there is nobody to turn away from.
    if (auto* newest = view.newest_episode(); newest && newest->open())
        view.withdrawals.push_back({entry.id(), event.getScope(), at, false, std::nullopt, ""});
}

void CaseStep::take(schema::ConsentWithdrawn::Reader event) {
    end_consents(event.getScope());
    view.withdrawals.push_back({entry.id(), event.getScope(), at, false, std::nullopt, ""});
}

void CaseStep::end_consents(const std::string& scope) {
    for (auto& consent : view.consents)
        if (consent.scope == scope && !consent.form.empty() && !consent.withdrawn) consent.withdrawn = at;
}

void CaseStep::take(schema::WithdrawalConsidered::Reader event) {
    if (auto* withdrawal = find(view.withdrawals, event.getWithdrawal())) {
        withdrawal->considered = at;
        withdrawal->worrying = event.getWorriesContinue();
        withdrawal->decision = enum_name(event.getDecision());
    }
    if (event.getDecision() == schema::WithdrawalDecision::REENGAGE)
        for (auto& each : view.episodes)
            if (each.state == "ending") each.state = each.before_ending;
}

}  // namespace projections
