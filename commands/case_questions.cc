// What a rule asks of a case's state. How the state came to be is in case_state.cc.
#include <algorithm>

#include "commands/case_state.h"

namespace commands {

When when_of(schema::Occurred::Reader occurred) {
    auto precision = occurred.getPrecision();
    auto at = schema::time_of(occurred.getAt());
    return {at, precision == schema::Precision::RANGE ? schema::time_of(occurred.getUntil()) : at,
            precision == schema::Precision::DAY || precision == schema::Precision::APPROXIMATE};
}

When CaseState::when(const EventId& id) const {
    for (auto move = moved.rbegin(); move != moved.rend(); ++move)
        if (move->event == id) return {move->to, move->to, false};
    auto known = events.find(id);
    return known == events.end() ? When{} : known->second.when;
}

const Episode* CaseState::open_episode() const {
    for (auto& episode : episodes)
        if (episode.open) return &episode;
    return nullptr;
}

const Assessment* CaseState::assessment_of(const EventId& submission) const {
    for (auto& assessment : assessments)
        if (assessment.submission == submission) return &assessment;
    return nullptr;
}

const Alert* CaseState::alert_of(const EventId& escalation) const {
    for (auto& alert : alerts)
        if (alert.outcome && alert.escalation == escalation) return &alert;
    return nullptr;
}

bool CaseState::is_recorded(const EventId& visit) const {
    return std::any_of(visit_records.begin(), visit_records.end(),
                       [&](auto& record) { return record.second == visit; });
}

bool CaseState::consents_to(std::string_view scope) const {
    return std::any_of(consents.begin(), consents.end(), [&](const Consent& consent) {
        return consent.scope == scope && consent.closures == closures && !consent.withdrawn &&
               consent.form != schema::ConsentForm::NONE;
    });
}

bool CaseState::consents_in_writing_to(std::string_view scope, const std::vector<SubjectId>& about) const {
    return std::all_of(about.begin(), about.end(), [&](const SubjectId& child) {
        return std::any_of(consents.begin(), consents.end(), [&](const Consent& consent) {
            return consent.scope == scope && consent.closures == closures && !consent.withdrawn && consent.written() &&
                   consent.covers(child);
        });
    });
}

bool CaseState::holds_written_consent(std::string_view scope) const {
    return std::any_of(consents.begin(), consents.end(), [&](const Consent& consent) {
        return consent.scope == scope && consent.closures == closures && consent.written();
    });
}

bool CaseState::has_plan(const Episode& episode, const SubjectId& child) const {
    return std::any_of(plans.begin(), plans.end(),
                       [&](const Plan& plan) { return plan.episode == episode.id && plan.child == child; });
}

bool CaseState::is_about_harm() const {
    auto* open = open_episode();
    return open && std::any_of(alerts.begin(), alerts.end(), [&](const Alert& alert) {
               return alert.episode == open->id &&
                      (alert.outcome == schema::EscalationOutcome::SIGNIFICANT_HARM || alert.not_informing_judged);
           });
}

bool CaseState::knows_child(const SubjectId& id) const { return find(children, id) != nullptr; }
bool CaseState::knows_adult(const SubjectId& id) const { return find(adults, id) != nullptr; }

std::set<SubjectId> CaseState::held() const {
    std::set<SubjectId> all;
    for (auto& hold : holds)
        if (!hold.released) all.insert(hold.subjects.begin(), hold.subjects.end());
    return all;
}

Holding CaseState::holding() const {
    Holding holding;
    const Episode* open = open_episode();
    if (!open) return holding;
    holding.open = true;
    holding.team = open->team;
    holding.worker = open->worker;
    holding.lead = open->lead;
    for (auto& [child, level] : open->children) ++holding.children_at[level];
    return holding;
}

}  // namespace commands
