// The one table of event types: a row gives a member of the Fact union its stream and what it counts as.
// Its name and title come from the schema. Order and completeness are checked when this is compiled.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "schema/event.capnp.h"
#include "schema/ids.h"

namespace schema {

enum class StreamKind { directory, practice, service, family };
StreamKind kind_of(const StreamId& stream);

struct EventType {
    Fact::Which which;
    StreamKind stream;
    bool decision;   // must be taken on the whole record of its stream: refused unless `seen` is the head
    bool milestone;  // always a headline of a chronology; any other entry becomes one by being marked significant
    bool own_keys = false;  // about the actor's own keys: no practice has a say in it
};

inline constexpr auto event_types = [] {
    using F = Fact;
    constexpr auto directory = StreamKind::directory, practice = StreamKind::practice, service = StreamKind::service,
                   family = StreamKind::family;
    constexpr bool decision = true, addition = false, milestone = true, routine = false, own_keys = true;
    return std::to_array<EventType>({
        {F::LEDGER_OPENED, directory, addition, milestone},
        {F::PERSON_REGISTERED, directory, addition, routine},
        {F::KEY_ENROLLED, directory, addition, routine},
        {F::KEY_REVOKED, directory, addition, milestone},
        {F::TEAM_FORMED, directory, addition, routine},
        {F::ROLE_GRANTED, directory, addition, routine},
        {F::ROLE_ENDED, directory, addition, routine},
        {F::FTE_SET, directory, addition, routine},
        {F::CALENDAR_ISSUED, practice, decision, milestone},
        {F::PRACTICE_ADOPTED, practice, decision, milestone},
        {F::PRACTICE_EXTENDED, practice, decision, milestone},
        {F::READING_ADOPTED, practice, decision, milestone},
        {F::SUPERVISION_HELD, service, addition, routine},
        {F::CONTACT_RECEIVED, family, addition, milestone},
        {F::RECOMMENDATION_RECORDED, family, addition, routine},
        {F::MASH_DECIDED, family, decision, milestone},
        {F::CONTACT_ROUTED, family, addition, routine},
        {F::OUTCOME_SHARED, family, addition, routine},
        {F::SECOND_CHECK_RECORDED, family, decision, milestone},
        {F::REFERRAL_ACCEPTED, family, decision, milestone},
        {F::EPISODE_OPENED, family, decision, milestone},
        {F::CONSENT_RECORDED, family, addition, routine},
        {F::CONSENT_CONFIRMED, family, addition, routine},
        {F::CONSENT_REFUSED, family, addition, milestone},
        {F::CONSENT_WITHDRAWN, family, addition, milestone},
        {F::WITHDRAWAL_CONSIDERED, family, decision, milestone},
        {F::ALLOCATED, family, decision, milestone},
        {F::CAPACITY_OVERRIDE_APPROVED, family, decision, milestone},
        {F::REALLOCATED, family, decision, milestone},
        {F::LEVEL_SET, family, decision, milestone},
        {F::LEAD_APPOINTED, family, decision, milestone},
        {F::ALLOCATION_LETTER_ISSUED, family, addition, routine},
        {F::FAMILY_CONTACTED, family, addition, routine},
        {F::INTRODUCTORY_VISIT_HELD, family, addition, milestone},
        {F::AGENCY_CONTACTED, family, addition, routine},
        {F::ASSESSMENT_STARTED, family, addition, routine},
        {F::ASSESSMENT_SUBMITTED, family, addition, routine},
        {F::ASSESSMENT_RETURNED, family, decision, routine},
        {F::ASSESSMENT_AUTHORISED, family, decision, milestone},
        {F::ASSESSMENT_SHARED, family, addition, routine},
        {F::FAMILY_NETWORK_RECORDED, family, addition, routine},
        {F::PLANNING_MEETING_HELD, family, addition, milestone},
        {F::MINUTES_DISTRIBUTED, family, addition, routine},
        {F::PLAN_AGREED, family, addition, milestone},
        {F::PLAN_UPDATED, family, addition, routine},
        {F::VISIT_HELD, family, addition, routine},
        {F::VISIT_NOT_HELD, family, addition, routine},
        {F::VISIT_RECORDED, family, addition, routine},
        {F::DIRECT_WORK_RECORDED, family, addition, routine},
        {F::CASE_NOTE_ADDED, family, addition, routine},
        {F::REVIEW_MEETING_HELD, family, addition, milestone},
        {F::MANAGER_REVIEW_HELD, family, decision, milestone},
        {F::OVERSIGHT_RECORDED, family, decision, routine},
        {F::MANAGER_ALERTED, family, addition, milestone},
        {F::ESCALATION_DECIDED, family, decision, milestone},
        {F::FAMILY_INFORMED, family, addition, routine},
        {F::NOT_INFORMING_JUDGED, family, decision, milestone},
        {F::FAMILY_NOT_INFORMED, family, addition, milestone},
        {F::SAFEGUARDING_REFERRAL_MADE, family, addition, milestone},
        {F::TRANSFER_PROPOSED, family, addition, milestone},
        {F::TRANSFER_SUMMARY_PREPARED, family, addition, routine},
        {F::PANEL_DECIDED, family, decision, milestone},
        {F::HANDOVER_HELD, family, addition, milestone},
        {F::RECEIVING_RECORD_OPENED, family, decision, milestone},
        {F::ENDING_LETTER_ISSUED, family, addition, routine},
        {F::RELEASING_RECORD_CLOSED, family, decision, milestone},
        {F::CLOSURE_PROPOSED, family, addition, milestone},
        {F::ENDING_MEETING_HELD, family, addition, routine},
        {F::CLOSURE_LETTER_ISSUED, family, addition, routine},
        {F::FEEDBACK_FORM_PROVIDED, family, addition, routine},
        {F::FEEDBACK_RECEIVED, family, addition, routine},
        {F::CLOSURE_SUMMARY_RECORDED, family, addition, routine},
        {F::RECORD_QUALITY_CONFIRMED, family, decision, routine},
        {F::CASE_CLOSED, family, decision, milestone},
        {F::CORRECTION_RECORDED, family, addition, milestone},
        {F::SIGNIFICANCE_MARKED, family, addition, routine},
        {F::KEY_ROTATED, directory, addition, routine, own_keys},
        {F::ENTRIES_REATTESTED, directory, addition, milestone, own_keys},
        {F::CHECKPOINT_KEY_ROTATED, directory, decision, milestone},
        {F::RETENTION_SCHEDULE_ISSUED, practice, decision, milestone},
        {F::RETENTION_CLASS_SET, family, decision, routine},
        {F::LEGAL_HOLD_PLACED, family, addition, milestone},
        {F::LEGAL_HOLD_RELEASED, family, decision, milestone},
        {F::ERASURE_REQUESTED, family, addition, milestone},
        {F::ERASURE_REFUSED, family, decision, milestone},
        {F::SUBJECT_ERASED, family, decision, milestone},
        {F::RECORD_DISCLOSED, family, decision, milestone},
    });
}();
static_assert([] {
    for (size_t i = 0; i < event_types.size(); ++i)
        if (static_cast<size_t>(event_types[i].which) != i) return false;
    return event_types.size() == static_cast<size_t>(Fact::RECORD_DISCLOSED) + 1;
}());

// The row of a type; only for types that examine() let through.
inline const EventType& type_of(Fact::Which which) { return event_types[static_cast<size_t>(which)]; }
std::string_view name_of(Fact::Which which);   // "contactReceived"
std::string_view title_of(Fact::Which which);  // "Contact received"
const EventType* type_named(std::string_view name);

}  // namespace schema
