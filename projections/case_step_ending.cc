// What alerts, transfers, endings and corrections do to a case: one short step for each type of event.
#include "projections/case_step.h"

namespace projections {

void CaseStep::take(schema::ManagerAlerted::Reader event) {
    AlertView alert;
    alert.id = entry.id();
    alert.episode = event_id(event.getEpisode());
    alert.alerted = at;
    view.alerts.push_back(std::move(alert));
}

void CaseStep::take(schema::EscalationDecided::Reader event) {
    if (auto* alert = find(view.alerts, event.getAlert())) {
        alert->escalation = entry.id();
        alert->decided = at;
        alert->outcome = enum_name(event.getOutcome());
        alert->discussed_with = event.getDiscussedWith();
    }
}

void CaseStep::take(schema::FamilyInformed::Reader event) {
    if (auto* alert = find(view.alerts, event.getAlert())) alert->informed = at;
}

void CaseStep::take(schema::NotInformingJudged::Reader event) {
    if (auto* alert = find(view.alerts, event.getAlert())) alert->judged = at;
}

void CaseStep::take(schema::FamilyNotInformed::Reader event) {
    if (auto* alert = find(view.alerts, event.getAlert())) alert->not_informed = at;
}

void CaseStep::take(schema::SafeguardingReferralMade::Reader event) {
    if (auto* alert = alert_of(event_id(event.getEscalation()))) alert->referred = at;
}

void CaseStep::take(schema::TransferProposed::Reader event) {
    bool down = event.getDirection() == schema::Direction::STEP_DOWN;
    if (down) begin();
    TransferView proposed;
    proposed.id = entry.id();
    proposed.direction = enum_name(event.getDirection());
    if (!down) proposed.episode = event_id(event.getEpisode());
    proposed.escalation = event_id(event.getEscalation());
    if (auto* alert = proposed.episode.empty() ? alert_of(proposed.escalation) : nullptr)
        if (!down) proposed.episode = alert->episode;
    proposed.proposed = at;
    proposed.children = subjects(event.getChildren());
    introduce(view.children, proposed.children);
    introduce(view.adults, subjects(event.getAdults()));
    view.transfers.push_back(std::move(proposed));
}

void CaseStep::take(schema::TransferSummaryPrepared::Reader event) {
    if (auto* t = transfer(event)) t->summary = at;
}

void CaseStep::take(schema::PanelDecided::Reader event) {
    if (auto* t = transfer(event)) {
        t->panel = at;
        t->decision = enum_name(event.getDecision());
        if (event.getTransferOn()) t->transfer_on = schema::day_of(event.getTransferOn());
        for (auto person : event.getPresentedBy()) t->presented_by.push_back(person_id(person));
    }
}

void CaseStep::take(schema::HandoverHeld::Reader event) {
    if (auto* t = transfer(event)) t->handover = at;
}

void CaseStep::take(schema::ReceivingRecordOpened::Reader event) {
    auto* t = transfer(event);
    if (t) t->receiving = at;
    if (!t || t->direction != "stepDown") return;
    // A family that comes to us begins an episode; one that leaves is opened elsewhere.
    EpisodeView opened;
    opened.id = t->episode = entry.id();
    opened.transfer = t->id;
    opened.opened = at;
    opened.team = event.getTeam();
    opened.children = t->children.empty() ? view.children : t->children;
    set_levels(opened.children, event.getLevel());
    view.episodes.push_back(std::move(opened));
}

void CaseStep::take(schema::EndingLetterIssued::Reader event) {
    if (auto* t = transfer(event)) t->ending_letter = at;
}

void CaseStep::take(schema::ReleasingRecordClosed::Reader event) {
    if (auto* t = transfer(event)) {
        t->releasing = at;
        if (auto* e = t->direction == "stepUp" ? find(view.episodes, t->episode) : nullptr) {
            e->closure_reason = "transferred";
            close(*e);
        }
    }
}

void CaseStep::take(schema::ClosureProposed::Reader event) {
    if (auto* e = episode(event)) {
        if (e->state != "ending") e->before_ending = e->state;
        e->closure_proposed = at;
        e->closure_reason = event.getReason();
        forward(*e, "ending");
    }
    if (event.getWorriesContinue()) view.withdrawals.push_back({entry.id(), "", at, true, std::nullopt, ""});
}

void CaseStep::take(schema::ClosureLetterIssued::Reader event) {
    if (auto* e = episode(event)) e->closure_letter = at;
}

void CaseStep::take(schema::FeedbackFormProvided::Reader event) {
    if (auto* e = episode(event)) e->feedback_form = at;
}

void CaseStep::take(schema::RecordQualityConfirmed::Reader event) {
    if (auto* e = episode(event)) {
        e->quality_confirmed = at;
        e->not_applicable.clear();
        for (auto item : event.getNotApplicable()) e->not_applicable[item.getItem()] = item.getReason();
    }
}

void CaseStep::take(schema::CaseClosed::Reader event) {
    if (auto* e = episode(event)) {
        e->closure_reason = event.getReason();
        e->outcome = event.getOutcome();
        close(*e);
    }
}

void CaseStep::take(schema::CorrectionRecorded::Reader event) {
    view.corrections.push_back({entry.id(), event_id(event.getCorrects()), enum_name(event.getKind()), {}, at});
    if (event.getOccurred()) view.corrections.back().occurred = schema::time_of(event.getOccurred());
}

}  // namespace projections
