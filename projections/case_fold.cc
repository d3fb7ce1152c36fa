// The fold of a case: each entry goes to the step of its type; corrections first decide which entries stand, and when
// they happened.
#include <algorithm>
#include <array>

#include "projections/case_step.h"

namespace projections {

using schema::Fact;

std::vector<SubjectId> subjects(capnp::List<capnp::Data>::Reader list) {
    std::vector<SubjectId> ids;
    for (auto id : list) ids.push_back(subject_id(id));
    return ids;
}

std::vector<std::string> texts(capnp::List<capnp::Text>::Reader list) {
    std::vector<std::string> all;
    for (auto text : list) all.emplace_back(text);
    return all;
}

void introduce(std::vector<SubjectId>& known, const std::vector<SubjectId>& ids) {
    for (auto& id : ids)
        if (std::find(known.begin(), known.end(), id) == known.end()) known.push_back(id);
}

namespace {

// States of an episode in the order in which it goes through them; an assessment may go back from its authorisation.
constexpr std::array<std::string_view, 10> states{
    "opened",   "allocated", "engaging",    "assessing", "awaiting-authorisation",
    "assessed", "planning",  "plan-active", "ending",    "closed"};
size_t rank(std::string_view state) {
    return static_cast<size_t>(std::find(states.begin(), states.end(), state) - states.begin());
}

}  // namespace

void forward(EpisodeView& episode, std::string_view state) {
    if (rank(episode.state) < rank(state)) episode.state = state;
}

void assessing(EpisodeView* episode, std::string_view state) {
    if (episode && rank(episode->state) <= rank("assessed")) episode->state = state;
}

void CaseStep::begin() {
    if (!view.ended) return;
    view.types.clear();
    view.ended = false;
}

AlertView* CaseStep::alert_of(const EventId& escalation) {
    for (auto& alert : view.alerts)
        if (alert.escalation == escalation) return &alert;
    return nullptr;
}

void CaseStep::close(EpisodeView& episode) {
    episode.closed = at;
    episode.state = "closed";
    view.levels.clear();
    view.ended = true;
}

void CaseStep::set_levels(const std::vector<SubjectId>& children, const std::string& level) {
    if (level.empty()) return;
    for (auto& child : children) view.levels[child] = level;
}

void CaseStep::give(EpisodeView& episode, const PersonId& worker) {
    episode.worker = worker;
    episode.holders.push_back({worker, "worker", at});
}

void CaseStep::take() {
    auto fact = entry.fact();
    switch (fact.which()) {
        case Fact::CONTACT_RECEIVED: return take(fact.getContactReceived());
        case Fact::RECOMMENDATION_RECORDED: return take(fact.getRecommendationRecorded());
        case Fact::MASH_DECIDED: return take(fact.getMashDecided());
        case Fact::CONTACT_ROUTED: return take(fact.getContactRouted());
        case Fact::OUTCOME_SHARED: return take(fact.getOutcomeShared());
        case Fact::SECOND_CHECK_RECORDED: return take(fact.getSecondCheckRecorded());
        case Fact::REFERRAL_ACCEPTED: return take(fact.getReferralAccepted());
        case Fact::EPISODE_OPENED: return take(fact.getEpisodeOpened());
        case Fact::CONSENT_RECORDED: return take(fact.getConsentRecorded());
        case Fact::CONSENT_CONFIRMED: return take(fact.getConsentConfirmed());
        case Fact::CONSENT_REFUSED: return take(fact.getConsentRefused());
        case Fact::CONSENT_WITHDRAWN: return take(fact.getConsentWithdrawn());
        case Fact::WITHDRAWAL_CONSIDERED: return take(fact.getWithdrawalConsidered());
        case Fact::ALLOCATED: return take(fact.getAllocated());
        case Fact::CAPACITY_OVERRIDE_APPROVED: return take(fact.getCapacityOverrideApproved());
        case Fact::REALLOCATED: return take(fact.getReallocated());
        case Fact::LEVEL_SET: return take(fact.getLevelSet());
        case Fact::LEAD_APPOINTED: return take(fact.getLeadAppointed());
        case Fact::ALLOCATION_LETTER_ISSUED: return take(fact.getAllocationLetterIssued());
        case Fact::FAMILY_CONTACTED: return take(fact.getFamilyContacted());
        case Fact::INTRODUCTORY_VISIT_HELD: return take(fact.getIntroductoryVisitHeld());
        case Fact::ASSESSMENT_STARTED: return take(fact.getAssessmentStarted());
        case Fact::ASSESSMENT_SUBMITTED: return take(fact.getAssessmentSubmitted());
        case Fact::ASSESSMENT_RETURNED: return take(fact.getAssessmentReturned());
        case Fact::ASSESSMENT_AUTHORISED: return take(fact.getAssessmentAuthorised());
        case Fact::ASSESSMENT_SHARED: return take(fact.getAssessmentShared());
        case Fact::PLANNING_MEETING_HELD: return take(fact.getPlanningMeetingHeld());
        case Fact::PLAN_AGREED: return take(fact.getPlanAgreed());
        case Fact::PLAN_UPDATED: return take(fact.getPlanUpdated());
        case Fact::VISIT_RECORDED: return take(fact.getVisitRecorded());
        case Fact::OVERSIGHT_RECORDED: return take(fact.getOversightRecorded());
        case Fact::MANAGER_ALERTED: return take(fact.getManagerAlerted());
        case Fact::ESCALATION_DECIDED: return take(fact.getEscalationDecided());
        case Fact::FAMILY_INFORMED: return take(fact.getFamilyInformed());
        case Fact::NOT_INFORMING_JUDGED: return take(fact.getNotInformingJudged());
        case Fact::FAMILY_NOT_INFORMED: return take(fact.getFamilyNotInformed());
        case Fact::SAFEGUARDING_REFERRAL_MADE: return take(fact.getSafeguardingReferralMade());
        case Fact::TRANSFER_PROPOSED: return take(fact.getTransferProposed());
        case Fact::TRANSFER_SUMMARY_PREPARED: return take(fact.getTransferSummaryPrepared());
        case Fact::PANEL_DECIDED: return take(fact.getPanelDecided());
        case Fact::HANDOVER_HELD: return take(fact.getHandoverHeld());
        case Fact::RECEIVING_RECORD_OPENED: return take(fact.getReceivingRecordOpened());
        case Fact::ENDING_LETTER_ISSUED: return take(fact.getEndingLetterIssued());
        case Fact::RELEASING_RECORD_CLOSED: return take(fact.getReleasingRecordClosed());
        case Fact::CLOSURE_PROPOSED: return take(fact.getClosureProposed());
        case Fact::CLOSURE_LETTER_ISSUED: return take(fact.getClosureLetterIssued());
        case Fact::FEEDBACK_FORM_PROVIDED: return take(fact.getFeedbackFormProvided());
        case Fact::RECORD_QUALITY_CONFIRMED: return take(fact.getRecordQualityConfirmed());
        case Fact::CASE_CLOSED: return take(fact.getCaseClosed());
        case Fact::CORRECTION_RECORDED: return take(fact.getCorrectionRecorded());
        case Fact::RETENTION_CLASS_SET: return take(fact.getRetentionClassSet());
        case Fact::LEGAL_HOLD_PLACED: return take(fact.getLegalHoldPlaced());
        case Fact::LEGAL_HOLD_RELEASED: return take(fact.getLegalHoldReleased());
        case Fact::ERASURE_REQUESTED: return take(fact.getErasureRequested());
        case Fact::ERASURE_REFUSED: return take(fact.getErasureRefused());
        case Fact::SUBJECT_ERASED: return take(fact.getSubjectErased());
        case Fact::RECORD_DISCLOSED: return take(fact.getRecordDisclosed());
        // Seen in the chronology, the clocks and the checklist; nothing of the case's state hangs on them.
        case Fact::AGENCY_CONTACTED:
        case Fact::FAMILY_NETWORK_RECORDED:
        case Fact::MINUTES_DISTRIBUTED:
        case Fact::VISIT_HELD:
        case Fact::VISIT_NOT_HELD:
        case Fact::DIRECT_WORK_RECORDED:
        case Fact::CASE_NOTE_ADDED:
        case Fact::REVIEW_MEETING_HELD:
        case Fact::MANAGER_REVIEW_HELD:
        case Fact::ENDING_MEETING_HELD:
        case Fact::FEEDBACK_RECEIVED:
        case Fact::CLOSURE_SUMMARY_RECORDED:
        case Fact::SIGNIFICANCE_MARKED: return;
        // Of the reserved streams, never of a case.
        case Fact::LEDGER_OPENED:
        case Fact::PERSON_REGISTERED:
        case Fact::KEY_ENROLLED:
        case Fact::KEY_REVOKED:
        case Fact::TEAM_FORMED:
        case Fact::ROLE_GRANTED:
        case Fact::ROLE_ENDED:
        case Fact::FTE_SET:
        case Fact::CALENDAR_ISSUED:
        case Fact::PRACTICE_ADOPTED:
        case Fact::PRACTICE_EXTENDED:
        case Fact::READING_ADOPTED:
        case Fact::KEY_ROTATED:
        case Fact::ENTRIES_REATTESTED:
        case Fact::CHECKPOINT_KEY_ROTATED:
        case Fact::RETENTION_SCHEDULE_ISSUED:
        case Fact::SUPERVISION_HELD: return;
    }
}

namespace {

void evolve(CaseView& view, const ledger::Entry& entry, const At& at) {
    CaseStep{view, entry, at}.take();
    view.types.insert(static_cast<uint32_t>(entry.type()));
    view.in_case[static_cast<uint32_t>(entry.type())].insert(schema::kind_of(entry.fact()));
}

void count(CaseView& view, const ledger::Entry& entry) {
    if (view.revision == 0) {
        view.stream = entry.stream();
        view.first = entry.position();
    }
    view.position = entry.position();
    view.revision = entry.revision();
    view.last_recorded = entry.recorded();
    if (!is_about_keeping(entry.type())) view.worked = entry.position();
}

// Whoever was named in error was written about nonetheless.
void name_in_error(CaseView& view, const ledger::Entry& entry) {
    auto fact = entry.fact();
    if (fact.isContactReceived()) {
        introduce(view.named_in_error, subjects(fact.getContactReceived().getChildren()));
        introduce(view.named_in_error, subjects(fact.getContactReceived().getAdults()));
    } else if (fact.isTransferProposed()) {
        introduce(view.named_in_error, subjects(fact.getTransferProposed().getChildren()));
        introduce(view.named_in_error, subjects(fact.getTransferProposed().getAdults()));
    }
}

At at_of(const ledger::Entry& entry, schema::Time occurred) {
    return {entry.position(), occurred, entry.recorded(), entry.actor(), entry.read().getRole()};
}

}  // namespace

bool fold_next(CaseView& view, const ledger::Entry& entry) {
    if (entry.type() == Fact::CORRECTION_RECORDED &&
        entry.fact().getCorrectionRecorded().getKind() != schema::CorrectionKind::WORDS)
        return false;
    count(view, entry);
    evolve(view, entry, at_of(entry, entry.occurred()));
    return true;
}

CaseView fold_case(const std::vector<ledger::Entry>& entries) {
    std::vector<Moment> moments(entries.size());
    for (size_t i = 0; i < entries.size(); ++i) {
        moments[i].id = entries[i].id();
        moments[i].type = entries[i].type();
        moments[i].position = entries[i].position();
        if (entries[i].type() != Fact::CORRECTION_RECORDED) continue;
        auto correction = entries[i].fact().getCorrectionRecorded();
        moments[i].kind = enum_name(correction.getKind());
        moments[i].refers.push_back({"corrects", event_id(correction.getCorrects())});
        if (correction.getOccurred()) moments[i].moved_to = schema::time_of(correction.getOccurred());
    }
    auto corrected = corrections(moments);
    CaseView view;
    for (size_t i = 0; i < entries.size(); ++i) {
        count(view, entries[i]);
        if (corrected[i].in_error) name_in_error(view, entries[i]);
        else evolve(view, entries[i], at_of(entries[i], corrected[i].occurred.value_or(entries[i].occurred())));
    }
    return view;
}

}  // namespace projections
