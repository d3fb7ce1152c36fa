// One entry's step in the fold of a case; the steps themselves are in case_step_*.cc. Private to the fold.
#pragma once
#include <capnp/dynamic.h>

#include "projections/case_view.h"

namespace projections {

// What was left empty is the empty id.
template <class Id>
Id id_of(capnp::Data::Reader data) {
    return Id::from(schema::bytes_of(data)).value_or(Id{});
}
inline EventId event_id(capnp::Data::Reader data) { return id_of<EventId>(data); }
inline PersonId person_id(capnp::Data::Reader data) { return id_of<PersonId>(data); }
inline SubjectId subject_id(capnp::Data::Reader data) { return id_of<SubjectId>(data); }
std::vector<SubjectId> subjects(capnp::List<capnp::Data>::Reader list);
std::vector<std::string> texts(capnp::List<capnp::Text>::Reader list);
void introduce(std::vector<SubjectId>& known, const std::vector<SubjectId>& ids);

template <class Items>
auto* find(Items& items, const EventId& id) {
    for (auto& item : items)
        if (item.id == id) return &item;
    return decltype(&items.front()){nullptr};
}
template <class Items>
auto* find(Items& items, capnp::Data::Reader id) {
    return find(items, event_id(id));
}
template <class Enum>
std::string enum_name(Enum value) {
    KJ_IF_MAYBE (known, capnp::toDynamic(value).getEnumerant()) return known->getProto().getName();
    return {};
}

struct CaseStep {
    CaseView& view;
    const ledger::Entry& entry;
    const At& at;

    // Refers the entry to its type's step. Types that leave a case's state as it is have none.
    void take();

    void take(schema::ContactReceived::Reader event);
    void take(schema::RecommendationRecorded::Reader event);
    void take(schema::MashDecided::Reader event);
    void take(schema::ContactRouted::Reader event);
    void take(schema::OutcomeShared::Reader event);
    void take(schema::SecondCheckRecorded::Reader event);
    void take(schema::ReferralAccepted::Reader event);
    void take(schema::EpisodeOpened::Reader event);
    void take(schema::ConsentRecorded::Reader event);
    void take(schema::ConsentConfirmed::Reader event);
    void take(schema::ConsentRefused::Reader event);
    void take(schema::ConsentWithdrawn::Reader event);
    void take(schema::WithdrawalConsidered::Reader event);
    void take(schema::Allocated::Reader event);
    void take(schema::CapacityOverrideApproved::Reader event);
    void take(schema::Reallocated::Reader event);
    void take(schema::LevelSet::Reader event);
    void take(schema::LeadAppointed::Reader event);
    void take(schema::AllocationLetterIssued::Reader event);
    void take(schema::FamilyContacted::Reader event);
    void take(schema::IntroductoryVisitHeld::Reader event);
    void take(schema::AssessmentStarted::Reader event);
    void take(schema::AssessmentSubmitted::Reader event);
    void take(schema::AssessmentReturned::Reader event);
    void take(schema::AssessmentAuthorised::Reader event);
    void take(schema::AssessmentShared::Reader event);
    void take(schema::PlanningMeetingHeld::Reader event);
    void take(schema::PlanAgreed::Reader event);
    void take(schema::PlanUpdated::Reader event);
    void take(schema::VisitRecorded::Reader event);
    void take(schema::OversightRecorded::Reader event);
    void take(schema::ManagerAlerted::Reader event);
    void take(schema::EscalationDecided::Reader event);
    void take(schema::FamilyInformed::Reader event);
    void take(schema::NotInformingJudged::Reader event);
    void take(schema::FamilyNotInformed::Reader event);
    void take(schema::SafeguardingReferralMade::Reader event);
    void take(schema::TransferProposed::Reader event);
    void take(schema::TransferSummaryPrepared::Reader event);
    void take(schema::PanelDecided::Reader event);
    void take(schema::HandoverHeld::Reader event);
    void take(schema::ReceivingRecordOpened::Reader event);
    void take(schema::EndingLetterIssued::Reader event);
    void take(schema::ReleasingRecordClosed::Reader event);
    void take(schema::ClosureProposed::Reader event);
    void take(schema::ClosureLetterIssued::Reader event);
    void take(schema::FeedbackFormProvided::Reader event);
    void take(schema::RecordQualityConfirmed::Reader event);
    void take(schema::CaseClosed::Reader event);
    void take(schema::CorrectionRecorded::Reader event);
    void take(schema::RetentionClassSet::Reader event);
    void take(schema::LegalHoldPlaced::Reader event);
    void take(schema::LegalHoldReleased::Reader event);
    void take(schema::ErasureRequested::Reader event);
    void take(schema::ErasureRefused::Reader event);
    void take(schema::SubjectErased::Reader event);
    void take(schema::RecordDisclosed::Reader event);

    // A contact or transfer after everything had ended is a new beginning.
    void begin();
    template <class Event>
    EpisodeView* episode(Event event) {
        return find(view.episodes, event.getEpisode());
    }
    template <class Event>
    ContactView* contact(Event event) {
        return find(view.contacts, event.getContact());
    }
    template <class Event>
    TransferView* transfer(Event event) {
        return find(view.transfers, event.getTransfer());
    }
    template <class Event>
    AssessmentView* submission(Event event) {
        for (auto& assessment : view.assessments)
            if (assessment.submission == event_id(event.getSubmission())) return &assessment;
        return nullptr;
    }
    AlertView* alert_of(const EventId& escalation);
    void end_consents(const std::string& scope);
    void set_levels(const std::vector<SubjectId>& children, const std::string& level);
    void close(EpisodeView& episode);
    void give(EpisodeView& episode, const PersonId& worker);
};

// An episode goes on to a state, never back.
void forward(EpisodeView& episode, std::string_view state);
// Whether a type of entry is about how the record is kept, and so adds nothing to keep.
bool is_about_keeping(schema::Fact::Which type);
// Only before there is a plan does an assessment say where the episode stands.
void assessing(EpisodeView* episode, std::string_view state);

}  // namespace projections
