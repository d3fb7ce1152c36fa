// Assessment, plan, visits, reviews, oversight and escalation.
#include <algorithm>

#include "commands/rules.h"

namespace commands {
namespace {

constexpr const char* own = "docs/ARCHITECTURE.md";

}  // namespace

Judgement assessment_started(const CaseState& state, const Facts& facts, AssessmentStarted::Reader event) {
    CASELEDGER_REQUIRE(require_allocated(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    CASELEDGER_REQUIRE(
        require(facts, Guard::INTRODUCTION_BEFORE_ASSESSMENT, episode.introduced, Refusal::not_introduced));
    for (auto& assessment : state.assessments)
        if (assessment.episode == episode.id && assessment.kind == text_of(event.getAssessment()) &&
            assessment.state != Assessment::authorised)
            return refuse(Refusal::assessment_open, own);

    return accept;
}

Judgement assessment_submitted(const CaseState& state, const Facts&, AssessmentSubmitted::Reader event) {
    const Assessment& assessment = *state.assessment(ref(event.getAssessment()));
    CASELEDGER_REQUIRE(require_open(state, assessment.episode));
    if (assessment.state == Assessment::submitted || assessment.state == Assessment::authorised)
        return refuse(Refusal::assessment_not_open, own);

    return accept;
}

Judgement assessment_returned(const CaseState& state, const Facts&, AssessmentReturned::Reader event) {
    const Assessment* assessment = state.assessment_of(ref(event.getSubmission()));
    if (!assessment || assessment->state != Assessment::submitted)
        return refuse(Refusal::assessment_not_submitted, own);
    CASELEDGER_REQUIRE(require_open(state, assessment->episode));

    return accept;
}

Judgement assessment_authorised(const CaseState& state, const Facts& facts, AssessmentAuthorised::Reader event) {
    const Assessment* assessment = state.assessment_of(ref(event.getSubmission()));
    if (!assessment || assessment->state != Assessment::submitted)
        return refuse(Refusal::assessment_not_submitted, own);
    CASELEDGER_REQUIRE(require_open(state, assessment->episode));
    CASELEDGER_REQUIRE(
        require(facts, Guard::AUTHOR_NOT_AUTHORISER, assessment->author != facts.actor, Refusal::own_assessment));

    return accept;
}

Judgement assessment_shared(const CaseState& state, const Facts& facts, AssessmentShared::Reader event) {
    const Assessment& assessment = *state.assessment(ref(event.getAssessment()));
    CASELEDGER_REQUIRE(require_open(state, assessment.episode));
    if (assessment.state != Assessment::authorised) return refuse(Refusal::assessment_not_authorised, own);
    CASELEDGER_REQUIRE(
        require(facts, Guard::WRITTEN_COPY_TO_FAMILY, event.getWrittenCopy(), Refusal::written_copy_needed));

    return accept;
}

Judgement planning_meeting_held(const CaseState& state, const Facts& facts, PlanningMeetingHeld::Reader event) {
    CASELEDGER_REQUIRE(require_allocated(state, event.getEpisode()));
    bool authorised = std::any_of(state.assessments.begin(), state.assessments.end(), [&](const Assessment& a) {
        return a.episode == ref(event.getEpisode()) && a.state == Assessment::authorised;
    });
    CASELEDGER_REQUIRE(
        require(facts, Guard::AUTHORISED_BEFORE_PLANNING, authorised, Refusal::assessment_not_authorised));

    return accept;
}

Judgement plan_agreed(const CaseState& state, const Facts& facts, PlanAgreed::Reader event) {
    CASELEDGER_REQUIRE(require_allocated(state, event.getEpisode()));
    const Episode& episode = *state.episode(ref(event.getEpisode()));
    CASELEDGER_REQUIRE(require(facts, Guard::MEETING_BEFORE_PLAN, episode.meeting, Refusal::no_planning_meeting));
    for (auto& plan : state.plans)
        if (plan.episode == episode.id && plan.child == SubjectId::of(bytes_of(event.getChild())) &&
            text_of(event.getPlan()) == plan.kind)
            return refuse(Refusal::plan_exists, own);

    return accept;
}

Judgement plan_updated(const CaseState& state, PlanUpdated::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, CaseState::find(state.plans, ref(event.getPlan()))->episode));

    return accept;
}

Judgement visit_held(const CaseState& state, const Facts& facts, VisitHeld::Reader event) {
    CASELEDGER_REQUIRE(require_allocated(state, event.getEpisode()));
    if (auto row = facts.guard(Guard::NO_CONFIDENCES_IN_PUBLIC, text_of(event.getPlace()));
        row && event.getConfidential())
        return refuse(Refusal::confidences_in_public, row->getSource());

    return accept;
}

Judgement visit_recorded(const CaseState& state, const Facts&, VisitRecorded::Reader event) {
    if (state.is_recorded(ref(event.getVisit())))
        return refuse(Refusal::recorded_already, own, "correct the record that is there");

    return accept;
}

Judgement review_meeting_held(const CaseState& state, const Facts&, ReviewMeetingHeld::Reader event) {
    CASELEDGER_REQUIRE(require_allocated(state, event.getEpisode()));
    bool planned = std::any_of(state.plans.begin(), state.plans.end(),
                               [&](const Plan& plan) { return plan.episode == ref(event.getEpisode()); });
    if (!planned) return refuse(Refusal::no_plan, own);

    return accept;
}

Judgement oversight_recorded(const CaseState& state, const Facts& facts, OversightRecorded::Reader event) {
    CASELEDGER_REQUIRE(require_open(state, event.getEpisode()));
    CASELEDGER_REQUIRE(require(facts, Guard::OVERSIGHT_BY,
                               state.episode(ref(event.getEpisode()))->worker != facts.actor, Refusal::own_oversight));

    return accept;
}

Judgement escalation_decided(const CaseState& state, const Facts&, EscalationDecided::Reader event) {
    const Alert& alert = *state.alert(ref(event.getAlert()));
    CASELEDGER_REQUIRE(require_open(state, alert.episode));
    if (alert.outcome) return refuse(Refusal::decided_already, own);

    return accept;
}

Judgement family_not_informed(const CaseState& state, const Facts& facts, FamilyNotInformed::Reader event) {
    CASELEDGER_REQUIRE(require(facts, Guard::JUDGEMENT_BEFORE_NOT_INFORMING,
                               state.alert(ref(event.getAlert()))->not_informing_judged, Refusal::judgement_missing));

    return accept;
}

Judgement safeguarding_referral_made(const CaseState& state, const Facts&, SafeguardingReferralMade::Reader event) {
    const Alert* alert = state.alert_of(ref(event.getEscalation()));
    if (!alert || alert->outcome != EscalationOutcome::SIGNIFICANT_HARM)
        return refuse(Refusal::not_significant_harm, own);

    return accept;
}

}  // namespace commands
