// One rule for each event that has one: guards, each a reason in words, then the deed. What every event must satisfy
// (its references exist, its codes are known, its role may say it) has been checked before a rule is asked; a rule
// says only what is its own. The source of a refusal is the practice's row for the guard.
#pragma once
#include "commands/bench.h"

namespace commands {

using namespace schema;  // the readers of the event types; NOLINT(google-build-using-namespace)
using ledger::PublicKey;

inline const Judgement accept{};
Judgement refuse(Refusal reason, std::string source, std::string detail = {}, std::string field = {});

EventId ref(capnp::Data::Reader id);
PersonId person_in(capnp::Data::Reader id);

// Refuses when the practice sets the guard and `holds` is false; otherwise null.
std::optional<Judgement> require(const Facts& facts, Guard guard, bool holds, Refusal reason, std::string detail = {});
// Consent for the act named `code` (of this kind), where the practice asks for one: one of the scopes that its rows
// name is enough. Accepts with a warning where a manager's judgement of harm goes before it.
Judgement consented(const CaseState& state, const Facts& facts, std::string_view code, std::string_view kind);
// Consent in writing for every one of these children, where the practice asks for it.
std::optional<Judgement> require_written_consent(const CaseState& state, const Facts& facts,
                                                 const std::vector<SubjectId>& children);
// Oversight before the act named `code`, where the practice asks for it.
std::optional<Judgement> require_oversight(const Episode& episode, const Facts& facts, std::string_view code);
// The open episode an event names; refuses one that is closed, or (allocated) has no worker yet.
std::optional<Judgement> require_open(const CaseState& state, const EventId& episode);
std::optional<Judgement> require_open(const CaseState& state, capnp::Data::Reader episode);
std::optional<Judgement> require_allocated(const CaseState& state, capnp::Data::Reader episode);

// The row that says who may record this; the one for its kind goes before the one for any kind.
std::optional<Act::Reader> act_of(const schema::Edition& edition, std::string_view type, std::string_view kind = {});
// Whether the role may record the act, of whatever kind.
bool may_record(const Facts& facts, std::string_view role, std::string_view type);
// Whether the person holds the role today, in whatever team; or any role that may record the act.
bool holds_role(const Facts& facts, const PersonId& person, std::string_view role);
bool holds_role_for(const Facts& facts, const PersonId& person, std::string_view type);

#define CASELEDGER_REQUIRE(check) \
    if (auto refused_ = (check)) return *refused_

// directory, practice
Judgement ledger_opened(const Facts&, Event::Reader, LedgerOpened::Reader);
Judgement person_registered(const Facts&, PersonRegistered::Reader);
Judgement key_enrolled(const Facts&, Event::Reader, KeyEnrolled::Reader);
Judgement key_revoked(const Facts&, KeyRevoked::Reader);
Judgement team_formed(const Facts&, TeamFormed::Reader);
Judgement role_granted(const Facts&, RoleGranted::Reader);
Judgement role_ended(const Facts&, RoleEnded::Reader);
Judgement calendar_issued(const Facts&, Calendar::Reader);
Judgement practice_adopted(const Facts&, Practice::Reader);
Judgement practice_extended(const Facts&, PracticeExtended::Reader);
Judgement reading_adopted(const Facts&, ReadingAdopted::Reader);

Judgement key_rotated(const Facts&, Event::Reader, KeyRotated::Reader);
Judgement entries_reattested(const Facts&, Event::Reader, EntriesReattested::Reader);
Judgement checkpoint_key_rotated(const Facts&, Event::Reader, CheckpointKeyRotated::Reader);
Judgement retention_schedule_issued(const Facts&, RetentionSchedule::Reader);

// service
Judgement supervision_held(const Facts&, SupervisionHeld::Reader);

// front door
Judgement recommendation_recorded(const CaseState&, const Facts&, RecommendationRecorded::Reader);
Judgement mash_decided(const CaseState&, const Facts&, Event::Reader, MashDecided::Reader);
Judgement contact_routed(const CaseState&, const Facts&, ContactRouted::Reader);
Judgement outcome_shared(const CaseState&, const Facts&, OutcomeShared::Reader);
Judgement second_check_recorded(const CaseState&, const Facts&, SecondCheckRecorded::Reader);
Judgement referral_accepted(const CaseState&, const Facts&, ReferralAccepted::Reader);
Judgement episode_opened(const CaseState&, const Facts&, EpisodeOpened::Reader);

// consent
Judgement consent_confirmed(const CaseState&, const Facts&, ConsentConfirmed::Reader);
Judgement consent_withdrawn(const CaseState&, const Facts&, ConsentWithdrawn::Reader);
Judgement withdrawal_considered(const CaseState&, const Facts&, WithdrawalConsidered::Reader);

// allocation
Judgement allocated(const CaseState&, const Facts&, Allocated::Reader);
Judgement capacity_override_approved(const CaseState&, const Facts&, CapacityOverrideApproved::Reader);
Judgement reallocated(const CaseState&, const Facts&, Reallocated::Reader);
Judgement level_set(const CaseState&, const Facts&, LevelSet::Reader);
Judgement lead_appointed(const CaseState&, const Facts&, LeadAppointed::Reader);

// engagement and assessment
Judgement assessment_started(const CaseState&, const Facts&, AssessmentStarted::Reader);
Judgement assessment_submitted(const CaseState&, const Facts&, AssessmentSubmitted::Reader);
Judgement assessment_returned(const CaseState&, const Facts&, AssessmentReturned::Reader);
Judgement assessment_authorised(const CaseState&, const Facts&, AssessmentAuthorised::Reader);
Judgement assessment_shared(const CaseState&, const Facts&, AssessmentShared::Reader);

// plan, visits
Judgement planning_meeting_held(const CaseState&, const Facts&, PlanningMeetingHeld::Reader);
Judgement plan_agreed(const CaseState&, const Facts&, PlanAgreed::Reader);
Judgement plan_updated(const CaseState&, PlanUpdated::Reader);
Judgement visit_held(const CaseState&, const Facts&, VisitHeld::Reader);
Judgement visit_recorded(const CaseState&, const Facts&, VisitRecorded::Reader);
Judgement review_meeting_held(const CaseState&, const Facts&, ReviewMeetingHeld::Reader);

// oversight and escalation
Judgement oversight_recorded(const CaseState&, const Facts&, OversightRecorded::Reader);
Judgement escalation_decided(const CaseState&, const Facts&, EscalationDecided::Reader);
Judgement family_not_informed(const CaseState&, const Facts&, FamilyNotInformed::Reader);
Judgement safeguarding_referral_made(const CaseState&, const Facts&, SafeguardingReferralMade::Reader);

// transfer
Judgement transfer_proposed(const CaseState&, const Facts&, TransferProposed::Reader);
Judgement transfer_summary_prepared(const CaseState&, const Facts&, TransferSummaryPrepared::Reader);
Judgement panel_decided(const CaseState&, const Facts&, Event::Reader, PanelDecided::Reader);
Judgement handover_held(const CaseState&, const Facts&, HandoverHeld::Reader);
Judgement receiving_record_opened(const CaseState&, const Facts&, ReceivingRecordOpened::Reader);
Judgement ending_letter_issued(const CaseState&, const Facts&, EndingLetterIssued::Reader);
Judgement releasing_record_closed(const CaseState&, const Facts&, ReleasingRecordClosed::Reader);

// ending
Judgement record_quality_confirmed(const CaseState&, const Facts&, RecordQualityConfirmed::Reader);
Judgement case_closed(const CaseState&, const Facts&, CaseClosed::Reader);

// the record about itself
Judgement correction_recorded(const CaseState&, const Facts&, Event::Reader, CorrectionRecorded::Reader);

// keeping, forgetting, disclosing
Judgement retention_class_set(const CaseState&, const Facts&, RetentionClassSet::Reader);
Judgement legal_hold_released(const CaseState&, LegalHoldReleased::Reader);
Judgement erasure_refused(const CaseState&, const Facts&, Event::Reader, ErasureRefused::Reader);
Judgement subject_erased(const CaseState&, const Facts&, Event::Reader, SubjectErased::Reader);
Judgement record_disclosed(const CaseState&, const Facts&, Event::Reader, RecordDisclosed::Reader);

}  // namespace commands
