// What allocation, assessment, plans and oversight do to a case: one short step for each type of event.
#include <algorithm>

#include "projections/case_step.h"

namespace projections {

void CaseStep::take(schema::Allocated::Reader event) {
    auto* e = episode(event);
    if (!e) return;
    give(*e, person_id(event.getWorker()));
    e->scaling.push_back({event.getScaling(), at});
    for (auto [name, day] : {std::pair{"visitBy", event.getVisitBy()},
                             {"assessmentBy", event.getAssessmentBy()},
                             {"meetingBy", event.getMeetingBy()},
                             {"managerReviewBy", event.getManagerReviewBy()}})
        if (day) e->directed[name] = schema::day_of(day);
    forward(*e, "allocated");
}

void CaseStep::take(schema::CapacityOverrideApproved::Reader event) {
    if (auto* e = episode(event))
        e->overrides.push_back({entry.id(), person_id(event.getWorker()), event.getCap(), event.getProjected(), at});
}

void CaseStep::take(schema::Reallocated::Reader event) {
    if (auto* e = episode(event)) give(*e, person_id(event.getWorker()));
}

void CaseStep::take(schema::LevelSet::Reader event) {
    auto* e = episode(event);
    if (!e || !e->open()) return;
    for (auto& child : subjects(event.getChildren()))
        if (std::find(e->children.begin(), e->children.end(), child) != e->children.end())
            view.levels[child] = event.getLevel();
}

void CaseStep::take(schema::LeadAppointed::Reader event) {
    if (auto* e = episode(event)) {
        e->lead = person_id(event.getLead());
        e->holders.push_back({e->lead, "lead", at});
    }
}

void CaseStep::take(schema::AllocationLetterIssued::Reader event) {
    if (auto* e = episode(event)) forward(*e, "engaging");
}

void CaseStep::take(schema::FamilyContacted::Reader event) {
    if (auto* e = episode(event)) forward(*e, "engaging");
}

void CaseStep::take(schema::IntroductoryVisitHeld::Reader event) {
    if (auto* e = episode(event)) {
        e->introduced = at;
        forward(*e, "engaging");
    }
}

void CaseStep::take(schema::AssessmentStarted::Reader event) {
    AssessmentView started;
    started.id = entry.id();
    started.episode = event_id(event.getEpisode());
    started.kind = event.getAssessment();
    started.started = at;
    view.assessments.push_back(std::move(started));
    assessing(episode(event), "assessing");
}

void CaseStep::take(schema::AssessmentSubmitted::Reader event) {
    if (auto* a = find(view.assessments, event.getAssessment())) {
        a->state = "submitted";
        a->submission = entry.id();
        a->submitted = at;
        assessing(find(view.episodes, a->episode), "awaiting-authorisation");
    }
}

void CaseStep::take(schema::AssessmentReturned::Reader event) {
    if (auto* a = submission(event)) {
        a->state = "returned";
        assessing(find(view.episodes, a->episode), "assessing");
    }
}

void CaseStep::take(schema::AssessmentAuthorised::Reader event) {
    if (auto* a = submission(event)) {
        a->state = "authorised";
        a->authorised = at;
        assessing(find(view.episodes, a->episode), "assessed");
    }
}

void CaseStep::take(schema::AssessmentShared::Reader event) {
    if (auto* a = find(view.assessments, event.getAssessment())) a->shared = at;
}

void CaseStep::take(schema::PlanningMeetingHeld::Reader event) {
    if (auto* e = episode(event)) {
        if (!e->meeting) e->meeting = at;
        forward(*e, "planning");
    }
}

void CaseStep::take(schema::PlanAgreed::Reader event) {
    PlanView plan;
    plan.id = plan.latest = entry.id();
    plan.episode = event_id(event.getEpisode());
    plan.child = subject_id(event.getChild());
    plan.kind = event.getPlan();
    plan.agreed = at;
    if (event.getReviewBy()) plan.review_by = schema::day_of(event.getReviewBy());
    plan.visit_every_days = event.getVisitEveryDays();
    view.plans.push_back(std::move(plan));
    if (auto* e = episode(event)) forward(*e, "plan-active");
}

void CaseStep::take(schema::PlanUpdated::Reader event) {
    if (auto* plan = find(view.plans, event.getPlan())) {
        plan->latest = entry.id();
        plan->updates.push_back(at);
        if (auto day = event.getReviewBy()) plan->review_by = schema::day_of(day);
    }
}

void CaseStep::take(schema::VisitRecorded::Reader event) {
    if (auto* e = view.episodes.empty() ? nullptr : &view.episodes.back()) {
        e->scaling.push_back({event.getScaling(), at});
        ++e->visits_recorded;
        e->plan_reviewed += event.getPlanReviewed();
    }
}

void CaseStep::take(schema::OversightRecorded::Reader event) {
    if (auto* e = episode(event)) e->oversight.push_back({event.getPoint(), at});
}

}  // namespace projections
