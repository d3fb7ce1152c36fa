// What every event must satisfy, then the one list of rules. A switch without a default: the compiler names what is
// missing.
#include <algorithm>

#include "commands/rules.h"

namespace commands {
namespace {

constexpr const char *format = "docs/FORMAT.md", *own = "docs/ARCHITECTURE.md";
// Clocks of honest clients differ by a little.
constexpr std::chrono::minutes skew{5};

// ---- who acts ----

std::optional<Judgement> require_role(const Facts& facts, const PersonId& person, std::string_view role,
                                      std::string_view team, const std::string& field) {
    if (!facts.directory.holds(person, role, team, facts.day()))
        return refuse(Refusal::role_not_held, format, "role: " + std::string(role), field);
    return std::nullopt;
}

std::optional<Judgement> require_permission(const Facts& facts, Event::Reader event) {
    auto& type = type_of(event.getFact().which());
    std::string_view role = text_of(event.getRole());
    if (type.own_keys) return std::nullopt;
    bool governs = type.stream == StreamKind::directory || type.stream == StreamKind::practice;
    if (!facts.edition) {
        if (!governs) return refuse(Refusal::no_practice, format);
        if (role != ledger::governor_role) return refuse(Refusal::role_may_not, format, {}, "role");
        return std::nullopt;
    }
    auto act = act_of(*facts.edition, name_of(type.which), kind_of(event.getFact()));
    if (act)
        for (auto allowed : act->getRoles())
            if (text_of(allowed) == role) return std::nullopt;
    return refuse(Refusal::role_may_not,
                  act ? std::string(act->getSource()) : text_of(facts.edition->practice().getId()).data(),
                  "role: " + title_of_role(facts.edition->practice(), role), "role");
}

std::optional<Judgement> require_actors(const Facts& facts, Event::Reader event) {
    auto signer = [&](const PersonId& person, capnp::Data::Reader key_id, const std::string& field) {
        auto* key = facts.directory.key(KeyId::of(bytes_of(key_id)));
        if (!key || key->person != person) return std::optional(refuse(Refusal::key_unknown, format, {}, field));
        if (key->revoked) return std::optional(refuse(Refusal::key_revoked, format, {}, field));
        return std::optional<Judgement>();
    };
    CASELEDGER_REQUIRE(signer(facts.actor, event.getKey(), "key"));
    CASELEDGER_REQUIRE(require_role(facts, facts.actor, text_of(event.getRole()), text_of(event.getTeam()), "role"));
    for (uint32_t i = 0; i < event.getJoint().size(); ++i) {
        auto joint = event.getJoint()[i];
        auto at = "joint[" + std::to_string(i) + "]";
        CASELEDGER_REQUIRE(signer(person_in(joint.getPerson()), joint.getKey(), at + ".key"));
        CASELEDGER_REQUIRE(require_role(facts, person_in(joint.getPerson()), text_of(joint.getRole()),
                                        text_of(joint.getTeam()), at + ".role"));
    }
    return require_permission(facts, event);
}

// ---- what they had been shown ----

std::optional<Judgement> require_seen(const Facts& facts, Event::Reader event) {
    auto seen = event.getSeen();
    uint64_t head = facts.stream.revision();
    if (seen.getRevision() > head) return refuse(Refusal::seen_unknown, format, {}, "seen.revision");
    if (seen.getRevision() > 0 &&
        as_text(bytes_of(seen.getEntry())) != facts.stream.leaves[seen.getRevision() - 1].view())
        return refuse(Refusal::seen_unknown, format, {}, "seen.entry");
    if (type_of(event.getFact().which()).decision && seen.getRevision() < head)
        return refuse(Refusal::not_shown_latest, format,
                      "seen " + std::to_string(seen.getRevision()) + " of " + std::to_string(head) + " entries",
                      "seen.revision");
    if (seen.getSize() > facts.position) return refuse(Refusal::seen_unknown, format, {}, "seen.size");
    return std::nullopt;
}

std::optional<Judgement> require_past(const Facts& facts, Event::Reader event) {
    auto when = when_of(event.getOccurred());
    if (when.by_day ? london_day(when.until) > facts.day() : when.until > facts.recorded + skew)
        return refuse(Refusal::in_future, format, {}, "occurred.at");
    for (uint64_t position : event.getBasis())
        if (position >= facts.position) return refuse(Refusal::basis_unknown, format, {}, "basis");
    return std::nullopt;
}

// ---- what it mentions ----

std::optional<Judgement> require_reference(const Facts& facts, const Mention& mention) {
    auto known = facts.stream.events.find(EventId::of(as_bytes(mention.value)));
    if (known == facts.stream.events.end()) return refuse(Refusal::no_such_event, format, {}, mention.path);
    auto& types = mention.field->refers;
    auto name = name_of(known->second.type);
    if (types.front() != "*" && std::find(types.begin(), types.end(), name) == types.end())
        return refuse(Refusal::wrong_event, format, "it is a " + std::string(name), mention.path);
    if (known->second.in_error) return refuse(Refusal::entered_in_error, format, {}, mention.path);
    return std::nullopt;
}

std::optional<Judgement> require_known(const Facts& facts, const Mention& mention) {
    const FieldMarks& field = *mention.field;
    if (!field.refers.empty()) return require_reference(facts, mention);
    if (field.person && !facts.directory.person(PersonId::of(as_bytes(mention.value))))
        return refuse(Refusal::unknown_person, format, {}, mention.path);
    auto subject = [&] { return SubjectId::of(as_bytes(mention.value)); };
    if (field.subject == "child" && !facts.stream.knows_child(subject()))
        return refuse(Refusal::unknown_subject, format, "no such child", mention.path);
    if (field.subject == "adult" && !facts.stream.knows_adult(subject()))
        return refuse(Refusal::unknown_subject, format, "no such adult", mention.path);
    if (field.subject == "known" && !facts.stream.everyone.contains(subject()))
        return refuse(Refusal::unknown_subject, format, "this case was never about them", mention.path);
    if (!field.codes.empty() && facts.edition && !has_code(facts.edition->practice(), field.codes, mention.value))
        return refuse(Refusal::unknown_code, text_of(facts.edition->practice().getId()).data(), "list: " + field.codes,
                      mention.path);
    return std::nullopt;
}

// Nothing happens before what it follows from. What only speaks of an entry ("*") is about an earlier time anyway.
std::optional<Judgement> require_order(const Facts& facts, Event::Reader event) {
    auto when = when_of(event.getOccurred());
    for (const Mention& mention : facts.mentions) {
        auto& types = mention.field->refers;
        if (types.empty() || types.front() == "*") continue;
        auto id = EventId::of(as_bytes(mention.value));
        auto before = facts.stream.when(id);
        bool by_day = when.by_day || before.by_day;
        if (by_day ? london_day(when.until) < london_day(before.at) : when.until + skew < before.at)
            return refuse(Refusal::out_of_order, own,
                          "it refers to: " + std::string(title_of(facts.stream.events.at(id).type)), "occurred.at");
    }
    return std::nullopt;
}

// A family's record begins with a contact, or with social care's proposal that the family steps down to us.
std::optional<Judgement> require_case(const CaseState& state, Event::Reader event) {
    auto fact = event.getFact();
    bool begins = fact.isContactReceived() ||
                  (fact.isTransferProposed() && fact.getTransferProposed().getDirection() == Direction::STEP_DOWN);
    if (state.revision() == 0 && type_of(fact.which()).stream == StreamKind::family && !begins)
        return refuse(Refusal::no_such_case, own, {}, "stream");
    return std::nullopt;
}

Judgement rule(const CaseState& state, const Facts& facts, Event::Reader event) {
    auto fact = event.getFact();
    switch (fact.which()) {
        case Fact::LEDGER_OPENED: return ledger_opened(facts, event, fact.getLedgerOpened());
        case Fact::PERSON_REGISTERED: return person_registered(facts, fact.getPersonRegistered());
        case Fact::KEY_ENROLLED: return key_enrolled(facts, event, fact.getKeyEnrolled());
        case Fact::KEY_REVOKED: return key_revoked(facts, fact.getKeyRevoked());
        case Fact::TEAM_FORMED: return team_formed(facts, fact.getTeamFormed());
        case Fact::ROLE_GRANTED: return role_granted(facts, fact.getRoleGranted());
        case Fact::ROLE_ENDED: return role_ended(facts, fact.getRoleEnded());
        case Fact::CALENDAR_ISSUED: return calendar_issued(facts, fact.getCalendarIssued());
        case Fact::PRACTICE_ADOPTED: return practice_adopted(facts, fact.getPracticeAdopted());
        case Fact::PRACTICE_EXTENDED: return practice_extended(facts, fact.getPracticeExtended());
        case Fact::READING_ADOPTED: return reading_adopted(facts, fact.getReadingAdopted());
        case Fact::SUPERVISION_HELD: return supervision_held(facts, fact.getSupervisionHeld());
        case Fact::RECOMMENDATION_RECORDED:
            return recommendation_recorded(state, facts, fact.getRecommendationRecorded());
        case Fact::MASH_DECIDED: return mash_decided(state, facts, event, fact.getMashDecided());
        case Fact::CONTACT_ROUTED: return contact_routed(state, facts, fact.getContactRouted());
        case Fact::OUTCOME_SHARED: return outcome_shared(state, facts, fact.getOutcomeShared());
        case Fact::SECOND_CHECK_RECORDED: return second_check_recorded(state, facts, fact.getSecondCheckRecorded());
        case Fact::REFERRAL_ACCEPTED: return referral_accepted(state, facts, fact.getReferralAccepted());
        case Fact::EPISODE_OPENED: return episode_opened(state, facts, fact.getEpisodeOpened());
        case Fact::CONSENT_CONFIRMED: return consent_confirmed(state, facts, fact.getConsentConfirmed());
        case Fact::CONSENT_WITHDRAWN: return consent_withdrawn(state, facts, fact.getConsentWithdrawn());
        case Fact::WITHDRAWAL_CONSIDERED: return withdrawal_considered(state, facts, fact.getWithdrawalConsidered());
        case Fact::ALLOCATED: return allocated(state, facts, fact.getAllocated());
        case Fact::CAPACITY_OVERRIDE_APPROVED:
            return capacity_override_approved(state, facts, fact.getCapacityOverrideApproved());
        case Fact::REALLOCATED: return reallocated(state, facts, fact.getReallocated());
        case Fact::LEVEL_SET: return level_set(state, facts, fact.getLevelSet());
        case Fact::LEAD_APPOINTED: return lead_appointed(state, facts, fact.getLeadAppointed());
        case Fact::ASSESSMENT_STARTED: return assessment_started(state, facts, fact.getAssessmentStarted());
        case Fact::ASSESSMENT_SUBMITTED: return assessment_submitted(state, facts, fact.getAssessmentSubmitted());
        case Fact::ASSESSMENT_RETURNED: return assessment_returned(state, facts, fact.getAssessmentReturned());
        case Fact::ASSESSMENT_AUTHORISED: return assessment_authorised(state, facts, fact.getAssessmentAuthorised());
        case Fact::ASSESSMENT_SHARED: return assessment_shared(state, facts, fact.getAssessmentShared());
        case Fact::PLANNING_MEETING_HELD: return planning_meeting_held(state, facts, fact.getPlanningMeetingHeld());
        case Fact::PLAN_AGREED: return plan_agreed(state, facts, fact.getPlanAgreed());
        case Fact::PLAN_UPDATED: return plan_updated(state, fact.getPlanUpdated());
        case Fact::VISIT_HELD: return visit_held(state, facts, fact.getVisitHeld());
        case Fact::VISIT_RECORDED: return visit_recorded(state, facts, fact.getVisitRecorded());
        case Fact::REVIEW_MEETING_HELD: return review_meeting_held(state, facts, fact.getReviewMeetingHeld());
        case Fact::OVERSIGHT_RECORDED: return oversight_recorded(state, facts, fact.getOversightRecorded());
        case Fact::ESCALATION_DECIDED: return escalation_decided(state, facts, fact.getEscalationDecided());
        case Fact::FAMILY_NOT_INFORMED: return family_not_informed(state, facts, fact.getFamilyNotInformed());
        case Fact::SAFEGUARDING_REFERRAL_MADE:
            return safeguarding_referral_made(state, facts, fact.getSafeguardingReferralMade());
        case Fact::TRANSFER_PROPOSED: return transfer_proposed(state, facts, fact.getTransferProposed());
        case Fact::TRANSFER_SUMMARY_PREPARED:
            return transfer_summary_prepared(state, facts, fact.getTransferSummaryPrepared());
        case Fact::PANEL_DECIDED: return panel_decided(state, facts, event, fact.getPanelDecided());
        case Fact::HANDOVER_HELD: return handover_held(state, facts, fact.getHandoverHeld());
        case Fact::RECEIVING_RECORD_OPENED:
            return receiving_record_opened(state, facts, fact.getReceivingRecordOpened());
        case Fact::ENDING_LETTER_ISSUED: return ending_letter_issued(state, facts, fact.getEndingLetterIssued());
        case Fact::RELEASING_RECORD_CLOSED:
            return releasing_record_closed(state, facts, fact.getReleasingRecordClosed());
        case Fact::RECORD_QUALITY_CONFIRMED:
            return record_quality_confirmed(state, facts, fact.getRecordQualityConfirmed());
        case Fact::CASE_CLOSED: return case_closed(state, facts, fact.getCaseClosed());
        case Fact::CORRECTION_RECORDED: return correction_recorded(state, facts, event, fact.getCorrectionRecorded());
        case Fact::KEY_ROTATED: return key_rotated(facts, event, fact.getKeyRotated());
        case Fact::ENTRIES_REATTESTED: return entries_reattested(facts, event, fact.getEntriesReattested());
        case Fact::CHECKPOINT_KEY_ROTATED: return checkpoint_key_rotated(facts, event, fact.getCheckpointKeyRotated());
        case Fact::RETENTION_SCHEDULE_ISSUED:
            return retention_schedule_issued(facts, fact.getRetentionScheduleIssued());
        case Fact::RETENTION_CLASS_SET: return retention_class_set(state, facts, fact.getRetentionClassSet());
        case Fact::LEGAL_HOLD_RELEASED: return legal_hold_released(state, fact.getLegalHoldReleased());
        case Fact::ERASURE_REFUSED: return erasure_refused(state, facts, event, fact.getErasureRefused());
        case Fact::SUBJECT_ERASED: return subject_erased(state, facts, event, fact.getSubjectErased());
        case Fact::RECORD_DISCLOSED: return record_disclosed(state, facts, event, fact.getRecordDisclosed());

        // They concern an episode: it must be open and have a worker. Nothing else is asked of them.
        case Fact::ALLOCATION_LETTER_ISSUED:
            return require_allocated(state, fact.getAllocationLetterIssued().getEpisode()).value_or(accept);
        case Fact::FAMILY_CONTACTED:
            return require_allocated(state, fact.getFamilyContacted().getEpisode()).value_or(accept);
        case Fact::AGENCY_CONTACTED:
            return require_allocated(state, fact.getAgencyContacted().getEpisode()).value_or(accept);
        case Fact::INTRODUCTORY_VISIT_HELD:
            return require_allocated(state, fact.getIntroductoryVisitHeld().getEpisode()).value_or(accept);
        case Fact::FAMILY_NETWORK_RECORDED:
            return require_allocated(state, fact.getFamilyNetworkRecorded().getEpisode()).value_or(accept);
        case Fact::VISIT_NOT_HELD:
            return require_allocated(state, fact.getVisitNotHeld().getEpisode()).value_or(accept);
        case Fact::DIRECT_WORK_RECORDED:
            return require_allocated(state, fact.getDirectWorkRecorded().getEpisode()).value_or(accept);
        case Fact::MANAGER_REVIEW_HELD:
            return require_allocated(state, fact.getManagerReviewHeld().getEpisode()).value_or(accept);
        case Fact::MANAGER_ALERTED: return require_open(state, fact.getManagerAlerted().getEpisode()).value_or(accept);
        case Fact::CLOSURE_PROPOSED:
            return require_open(state, fact.getClosureProposed().getEpisode()).value_or(accept);
        case Fact::ENDING_MEETING_HELD:
            return require_open(state, fact.getEndingMeetingHeld().getEpisode()).value_or(accept);
        case Fact::CLOSURE_LETTER_ISSUED:
            return require_open(state, fact.getClosureLetterIssued().getEpisode()).value_or(accept);
        case Fact::FEEDBACK_FORM_PROVIDED:
            return require_open(state, fact.getFeedbackFormProvided().getEpisode()).value_or(accept);
        case Fact::CLOSURE_SUMMARY_RECORDED:
            return require_open(state, fact.getClosureSummaryRecorded().getEpisode()).value_or(accept);

        // Once it is by the right person, about known people and things, it may be said.
        case Fact::FTE_SET:
        case Fact::CONTACT_RECEIVED:
        case Fact::CONSENT_RECORDED:
        case Fact::CONSENT_REFUSED:
        case Fact::MINUTES_DISTRIBUTED:
        case Fact::CASE_NOTE_ADDED:
        case Fact::FAMILY_INFORMED:
        case Fact::NOT_INFORMING_JUDGED:
        case Fact::FEEDBACK_RECEIVED:
        case Fact::LEGAL_HOLD_PLACED:
        case Fact::ERASURE_REQUESTED:
        case Fact::SIGNIFICANCE_MARKED: return accept;
    }
    return refuse(Refusal::wrong_event, format);
}

}  // namespace

Judgement judge(const CaseState& state, const Facts& facts, Event::Reader event) {
    if (event.getFact().which() == Fact::LEDGER_OPENED) return rule(state, facts, event);
    if (!facts.directory.genesis().opened) return refuse(Refusal::not_opened, format);
    if (text_of(event.getLedger()) != facts.directory.genesis().origin)
        return refuse(Refusal::wrong_ledger, format, {}, "ledger");
    CASELEDGER_REQUIRE(require_actors(facts, event));
    CASELEDGER_REQUIRE(require_seen(facts, event));
    CASELEDGER_REQUIRE(require_past(facts, event));
    for (const Mention& mention : facts.mentions) CASELEDGER_REQUIRE(require_known(facts, mention));
    CASELEDGER_REQUIRE(require_case(state, event));
    CASELEDGER_REQUIRE(require_order(facts, event));
    Judgement judged = rule(state, facts, event);
    // A record's first entry cannot rest on a consent in it; for a step-down the panel asks.
    if (judged.refused || state.revision() == 0) return judged;
    Judgement consent = consented(state, facts, name_of(event.getFact().which()), kind_of(event.getFact()));
    if (consent.refused) return consent;
    judged.warnings.insert(judged.warnings.end(), consent.warnings.begin(), consent.warnings.end());
    return judged;
}

}  // namespace commands
