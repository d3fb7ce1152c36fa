#include "commands/case_state.h"

#include <capnp/dynamic.h>

#include <algorithm>

namespace commands {
namespace {

using schema::bytes_of;
using schema::text_of;

template <class Id>
Id id_of(capnp::Data::Reader data) {
    return Id::of(bytes_of(data));
}
EventId event_of(capnp::Data::Reader data) { return id_of<EventId>(data); }
PersonId person_of(capnp::Data::Reader data) { return id_of<PersonId>(data); }

std::vector<SubjectId> subjects_of(capnp::List<capnp::Data>::Reader ids) {
    std::vector<SubjectId> subjects;
    for (auto id : ids) subjects.push_back(id_of<SubjectId>(id));
    return subjects;
}

// A correction or a mark only speaks of an entry ("*"); what refers to one of certain types stands on it.
std::vector<EventId> stands_on(Fact::Reader fact) {
    std::vector<EventId> all;
    capnp::DynamicStruct::Reader dynamic = fact;
    KJ_IF_MAYBE (which, dynamic.which()) {
        auto event = dynamic.get(*which).as<capnp::DynamicStruct>();
        for (auto& field : schema::marks_of(which->getType().asStruct()).fields) {
            if (field.refers.empty() || field.refers.front() == "*") continue;
            auto held = event.get(field.field);
            if (!field.list) all.push_back(event_of(held.as<capnp::Data>()));
            else
                for (auto one : held.as<capnp::DynamicList>()) all.push_back(event_of(one.as<capnp::Data>()));
        }
    }
    std::erase(all, EventId{});
    return all;
}

void learn(std::vector<Subject>& known, capnp::List<capnp::Data>::Reader ids, const EventId& named_by) {
    for (auto raw : ids) {
        auto id = id_of<SubjectId>(raw);
        auto* subject = CaseState::find(known, id);
        if (!subject) subject = &known.emplace_back(Subject{id, {}});
        subject->named.add(named_by);
    }
}

void learn(std::set<SubjectId>& everyone, capnp::List<capnp::Data>::Reader ids) {
    for (auto raw : ids) everyone.insert(id_of<SubjectId>(raw));
}

// Whom no entry names any more, the case is not about.
void strike_subjects(std::vector<Subject>& known, const EventId& wrong) {
    for (auto& subject : known) subject.named.strike(wrong);
    std::erase_if(known, [](const Subject& subject) { return !subject.named; });
}

// One function per member that changes what later events may be. Each takes the id and actor of the event as well.
struct Fold {
    CaseState& state;
    EventId id;
    PersonId actor;
    schema::Time occurred;

    Contact* contact(capnp::Data::Reader ref) { return CaseState::find(state.contacts, event_of(ref)); }
    Episode* episode(capnp::Data::Reader ref) { return CaseState::find(state.episodes, event_of(ref)); }
    Alert* alert(capnp::Data::Reader ref) { return CaseState::find(state.alerts, event_of(ref)); }
    Transfer* transfer(capnp::Data::Reader ref) { return CaseState::find(state.transfers, event_of(ref)); }
    Assessment* assessment_by_submission(capnp::Data::Reader ref) {
        for (auto& assessment : state.assessments)
            if (assessment.submission == event_of(ref)) return &assessment;
        return nullptr;
    }

    void open_episode(const EventId& contact_id, std::string team, const std::vector<SubjectId>& children,
                      const std::string& level) {
        Episode opened;
        opened.id = id;
        opened.contact = contact_id;
        opened.team = std::move(team);
        for (auto& child : children) opened.children[child] = level;
        state.episodes.push_back(std::move(opened));
    }
    void close_episode(Episode& closing) {
        closing.open = false;
        state.closed_at = occurred;
        state.since_closure = {};
        ++state.closures;
    }
    // The family turned away from something; a manager may have to consider it before the episode that is open closes.
    void turned_away(const std::string& scope) {
        for (auto& consent : state.consents)
            if (consent.scope == scope) consent.withdrawn.add(id);
        auto* open = state.open_episode();
        state.withdrawals.push_back({id, open ? open->id : EventId{}, scope, false});
    }

    void contact_received(schema::ContactReceived::Reader event) {
        learn(state.children, event.getChildren(), id);
        learn(state.adults, event.getAdults(), id);
        learn(state.everyone, event.getChildren()), learn(state.everyone, event.getAdults());
        Contact received;
        received.id = id;
        received.children = subjects_of(event.getChildren());
        state.contacts.push_back(std::move(received));
    }
    void accepted(schema::ReferralAccepted::Reader event) {
        auto* known = contact(event.getContact());
        if (!known) return;
        known->accepted = true;
        known->level = event.getLevel();
    }
    void episode_opened(schema::EpisodeOpened::Reader event) {
        auto* known = contact(event.getContact());
        if (known) known->opened = true;
        open_episode(event_of(event.getContact()), event.getTeam(), known ? known->children : std::vector<SubjectId>(),
                     known ? known->level : "");
    }
    void consented(schema::ConsentRecorded::Reader event) {
        auto children = subjects_of(event.getChildren());
        state.consents.push_back(
            {id, event.getScope(), event.getForm(), {children.begin(), children.end()}, state.closures, {}});
    }
    void level_set(schema::LevelSet::Reader event) {
        auto* known = episode(event.getEpisode());
        if (!known) return;
        for (auto raw : event.getChildren())
            if (auto child = known->children.find(id_of<SubjectId>(raw)); child != known->children.end())
                child->second = event.getLevel();
    }
    void submitted(schema::AssessmentSubmitted::Reader event) {
        auto* known = CaseState::find(state.assessments, event_of(event.getAssessment()));
        if (!known) return;
        known->state = Assessment::submitted;
        known->submission = id;
        known->author = actor;
    }
    void received(schema::ReceivingRecordOpened::Reader event) {
        auto* known = transfer(event.getTransfer());
        if (!known) return;
        known->received_by = actor;
        if (known->direction != schema::Direction::STEP_DOWN) return;
        auto children = known->children;
        if (children.empty())  // it named none: all who are known
            for (auto& child : state.children) children.push_back(child.id);
        open_episode({}, event.getTeam(), children, event.getLevel());
    }
    void released(schema::ReleasingRecordClosed::Reader event) {
        auto* known = transfer(event.getTransfer());
        if (!known) return;
        known->released_by = actor;
        if (auto* ours = CaseState::find(state.episodes, known->episode); ours && ours->open) close_episode(*ours);
    }
    void closure_proposed(schema::ClosureProposed::Reader event) {
        if (auto* known = episode(event.getEpisode())) known->closure_proposed.add(id);
        if (event.getWorriesContinue()) state.withdrawals.push_back({id, event_of(event.getEpisode()), "", false});
    }
    void letter(schema::ClosureLetterIssued::Reader event) {
        auto* known = episode(event.getEpisode());
        if (!known) return;
        auto& plans = known->letters.emplace_back(id, std::vector<EventId>()).second;
        for (auto plan : event.getFinalPlans()) plans.push_back(event_of(plan));
    }
    void quality(schema::RecordQualityConfirmed::Reader event) {
        auto* known = episode(event.getEpisode());
        if (!known) return;
        known->quality_confirmed = true;
        known->not_applicable.clear();
        for (auto item : event.getNotApplicable()) known->not_applicable.insert(item.getItem());
    }
    void corrected(schema::CorrectionRecorded::Reader event) {
        auto known = state.events.find(event_of(event.getCorrects()));
        if (known == state.events.end()) return;
        if (event.getKind() == schema::CorrectionKind::OCCURRED)
            state.moved.push_back({id, known->first, schema::time_of(event.getOccurred())});
        if (event.getKind() != schema::CorrectionKind::ENTERED_IN_ERROR) return;
        state.events[id].takes_back = true;
        if (std::exchange(known->second.in_error, true)) return;
        if (known->second.closures == state.closures) --state.since_closure[static_cast<size_t>(known->second.type)];
        strike(known->first);
    }
    // Nothing that a rule asks for may rest on an entry that was entered in error, nor stay in the way because of one.
    // (Only additions can be: a decision stands.)
    void strike(const EventId& wrong) {
        strike_subjects(state.children, wrong), strike_subjects(state.adults, wrong);
        auto is_wrong = [&](auto& item) { return item.id == wrong; };
        for (auto& known : state.contacts) known.recommended.strike(wrong), known.routed.strike(wrong);
        std::erase_if(state.consents, is_wrong);
        for (auto& known : state.consents) known.withdrawn.strike(wrong);
        std::erase_if(state.withdrawals, is_wrong);
        std::erase_if(state.moved, is_wrong);
        std::erase_if(state.transfers, is_wrong);
        std::erase_if(state.assessments, is_wrong);
        for (auto& known : state.assessments)
            if (known.submission == wrong && known.state == Assessment::submitted) known.state = Assessment::returned;
        std::erase_if(state.plans, is_wrong);
        for (auto& known : state.plans) std::erase(known.updates, wrong);
        state.visit_records.erase(wrong);
        std::erase_if(state.holds, is_wrong);
        std::erase_if(state.erasure_requests, is_wrong);
        for (auto& known : state.transfers) known.summary.strike(wrong), known.handover.strike(wrong);
        for (auto& known : state.episodes) {
            known.introduced.strike(wrong), known.meeting.strike(wrong), known.closure_proposed.strike(wrong);
            std::erase_if(known.letters, [&](auto& letter) { return letter.first == wrong; });
        }
    }
};

}  // namespace

void evolve(CaseState& state, const ledger::Entry& entry) {
    auto fact = entry.fact();
    state.leaves.push_back(entry.leaf());
    auto when = when_of(entry.read().getOccurred());
    state.events[entry.id()] = {entry.type(), schema::kind_of(fact), entry.actor(), state.closures, false, false,
                                when,         stands_on(fact)};
    ++state.since_closure[static_cast<size_t>(entry.type())];
    Fold fold{state, entry.id(), entry.actor(), when.at};
    auto set = [](auto* item, auto&& change) {
        if (item) change(*item);
    };

    switch (fact.which()) {
        case Fact::CONTACT_RECEIVED: return fold.contact_received(fact.getContactReceived());
        case Fact::RECOMMENDATION_RECORDED:
            return set(fold.contact(fact.getRecommendationRecorded().getContact()),
                       [&](Contact& c) { c.recommended.add(fold.id); });
        case Fact::MASH_DECIDED:
            return set(fold.contact(fact.getMashDecided().getContact()), [&](Contact& c) {
                c.decided = fact.getMashDecided().getOption();
                c.deciders.insert(fold.actor);
                c.decided_on_recommendation = c.recommended;
            });
        case Fact::CONTACT_ROUTED:
            return set(fold.contact(fact.getContactRouted().getContact()), [&](Contact& c) { c.routed.add(fold.id); });
        case Fact::SECOND_CHECK_RECORDED:
            return set(fold.contact(fact.getSecondCheckRecorded().getContact()),
                       [&](Contact& c) { c.checked = fact.getSecondCheckRecorded().getOption(); });
        case Fact::REFERRAL_ACCEPTED: return fold.accepted(fact.getReferralAccepted());
        case Fact::EPISODE_OPENED: return fold.episode_opened(fact.getEpisodeOpened());
        case Fact::CONSENT_RECORDED: return fold.consented(fact.getConsentRecorded());
        case Fact::CONSENT_REFUSED: return fold.turned_away(fact.getConsentRefused().getScope());
        case Fact::CONSENT_WITHDRAWN: return fold.turned_away(fact.getConsentWithdrawn().getScope());
        case Fact::WITHDRAWAL_CONSIDERED:
            return set(CaseState::find(state.withdrawals, event_of(fact.getWithdrawalConsidered().getWithdrawal())),
                       [](Withdrawal& w) { w.considered = true; });
        case Fact::ALLOCATED:
            return set(fold.episode(fact.getAllocated().getEpisode()),
                       [&](Episode& e) { e.worker = person_of(fact.getAllocated().getWorker()); });
        case Fact::REALLOCATED:
            return set(fold.episode(fact.getReallocated().getEpisode()),
                       [&](Episode& e) { e.worker = person_of(fact.getReallocated().getWorker()); });
        case Fact::CAPACITY_OVERRIDE_APPROVED: {
            auto approved = fact.getCapacityOverrideApproved();
            return set(fold.episode(approved.getEpisode()), [&](Episode& e) {
                e.overrides[fold.id] = {person_of(approved.getWorker()), approved.getProjected()};
            });
        }
        case Fact::LEVEL_SET: return fold.level_set(fact.getLevelSet());
        case Fact::LEAD_APPOINTED:
            return set(fold.episode(fact.getLeadAppointed().getEpisode()),
                       [&](Episode& e) { e.lead = person_of(fact.getLeadAppointed().getLead()); });
        case Fact::INTRODUCTORY_VISIT_HELD:
            return set(fold.episode(fact.getIntroductoryVisitHeld().getEpisode()),
                       [&](Episode& e) { e.introduced.add(fold.id); });
        case Fact::ASSESSMENT_STARTED: {
            auto started = fact.getAssessmentStarted();
            Assessment assessment;
            assessment.id = fold.id;
            assessment.episode = event_of(started.getEpisode());
            assessment.kind = started.getAssessment();
            state.assessments.push_back(std::move(assessment));
            return;
        }
        case Fact::ASSESSMENT_SUBMITTED: return fold.submitted(fact.getAssessmentSubmitted());
        case Fact::ASSESSMENT_RETURNED:
            return set(fold.assessment_by_submission(fact.getAssessmentReturned().getSubmission()),
                       [](Assessment& a) { a.state = Assessment::returned; });
        case Fact::ASSESSMENT_AUTHORISED:
            return set(fold.assessment_by_submission(fact.getAssessmentAuthorised().getSubmission()),
                       [](Assessment& a) { a.state = Assessment::authorised; });
        case Fact::PLANNING_MEETING_HELD:
            return set(fold.episode(fact.getPlanningMeetingHeld().getEpisode()),
                       [&](Episode& e) { e.meeting.add(fold.id); });
        case Fact::PLAN_AGREED: {
            auto agreed = fact.getPlanAgreed();
            state.plans.push_back(
                {fold.id, event_of(agreed.getEpisode()), id_of<SubjectId>(agreed.getChild()), agreed.getPlan(), {}});
            return;
        }
        case Fact::PLAN_UPDATED:
            return set(CaseState::find(state.plans, event_of(fact.getPlanUpdated().getPlan())),
                       [&](Plan& p) { p.updates.push_back(fold.id); });
        case Fact::VISIT_RECORDED: state.visit_records[fold.id] = event_of(fact.getVisitRecorded().getVisit()); return;
        case Fact::OVERSIGHT_RECORDED:
            return set(fold.episode(fact.getOversightRecorded().getEpisode()),
                       [&](Episode& e) { e.oversight.insert(fact.getOversightRecorded().getPoint()); });
        case Fact::MANAGER_ALERTED: {
            Alert alert;
            alert.id = fold.id;
            alert.episode = event_of(fact.getManagerAlerted().getEpisode());
            state.alerts.push_back(alert);
            return;
        }
        case Fact::ESCALATION_DECIDED:
            return set(fold.alert(fact.getEscalationDecided().getAlert()), [&](Alert& a) {
                a.outcome = fact.getEscalationDecided().getOutcome();
                a.escalation = fold.id;
            });
        case Fact::NOT_INFORMING_JUDGED:
            return set(fold.alert(fact.getNotInformingJudged().getAlert()),
                       [](Alert& a) { a.not_informing_judged = true; });
        case Fact::TRANSFER_PROPOSED: {
            auto proposed = fact.getTransferProposed();
            learn(state.children, proposed.getChildren(), fold.id);
            learn(state.adults, proposed.getAdults(), fold.id);
            learn(state.everyone, proposed.getChildren()), learn(state.everyone, proposed.getAdults());
            Transfer transfer;
            transfer.id = fold.id;
            transfer.direction = proposed.getDirection();
            transfer.episode = event_of(proposed.getEpisode());
            transfer.escalation = event_of(proposed.getEscalation());
            transfer.children = subjects_of(proposed.getChildren());
            state.transfers.push_back(std::move(transfer));
            return;
        }
        case Fact::TRANSFER_SUMMARY_PREPARED:
            return set(fold.transfer(fact.getTransferSummaryPrepared().getTransfer()),
                       [&](Transfer& t) { t.summary.add(fold.id); });
        case Fact::PANEL_DECIDED:
            return set(fold.transfer(fact.getPanelDecided().getTransfer()),
                       [&](Transfer& t) { t.decision = fact.getPanelDecided().getDecision(); });
        case Fact::HANDOVER_HELD:
            return set(fold.transfer(fact.getHandoverHeld().getTransfer()),
                       [&](Transfer& t) { t.handover.add(fold.id); });
        case Fact::RECEIVING_RECORD_OPENED: return fold.received(fact.getReceivingRecordOpened());
        case Fact::RELEASING_RECORD_CLOSED: return fold.released(fact.getReleasingRecordClosed());
        case Fact::CLOSURE_PROPOSED: return fold.closure_proposed(fact.getClosureProposed());
        case Fact::CLOSURE_LETTER_ISSUED: return fold.letter(fact.getClosureLetterIssued());
        case Fact::RECORD_QUALITY_CONFIRMED: return fold.quality(fact.getRecordQualityConfirmed());
        case Fact::CASE_CLOSED:
            return set(fold.episode(fact.getCaseClosed().getEpisode()), [&](Episode& e) { fold.close_episode(e); });
        case Fact::CORRECTION_RECORDED: return fold.corrected(fact.getCorrectionRecorded());
        case Fact::RETENTION_CLASS_SET: {
            auto set_to = fact.getRetentionClassSet();
            state.retentions.push_back(
                {fold.id, id_of<SubjectId>(set_to.getSubject()), set_to.getClass(), set_to.getUntilYear()});
            return;
        }
        case Fact::LEGAL_HOLD_PLACED: {
            auto subjects = subjects_of(fact.getLegalHoldPlaced().getSubjects());
            state.holds.push_back({fold.id, {subjects.begin(), subjects.end()}});
            return;
        }
        case Fact::LEGAL_HOLD_RELEASED:
            return set(CaseState::find(state.holds, event_of(fact.getLegalHoldReleased().getHold())),
                       [](Hold& h) { h.released = true; });
        case Fact::ERASURE_REQUESTED:
            state.erasure_requests.push_back({fold.id, id_of<SubjectId>(fact.getErasureRequested().getSubject())});
            return;
        case Fact::ERASURE_REFUSED:
            return set(CaseState::find(state.erasure_requests, event_of(fact.getErasureRefused().getRequest())),
                       [](ErasureRequest& r) { r.refused = true; });

        // Recorded and counted above; nothing later depends on more of them.
        case Fact::OUTCOME_SHARED:
        case Fact::CONSENT_CONFIRMED:
        case Fact::ALLOCATION_LETTER_ISSUED:
        case Fact::FAMILY_CONTACTED:
        case Fact::AGENCY_CONTACTED:
        case Fact::ASSESSMENT_SHARED:
        case Fact::FAMILY_NETWORK_RECORDED:
        case Fact::MINUTES_DISTRIBUTED:
        case Fact::VISIT_HELD:
        case Fact::VISIT_NOT_HELD:
        case Fact::DIRECT_WORK_RECORDED:
        case Fact::CASE_NOTE_ADDED:
        case Fact::REVIEW_MEETING_HELD:
        case Fact::MANAGER_REVIEW_HELD:
        case Fact::FAMILY_INFORMED:
        case Fact::FAMILY_NOT_INFORMED:
        case Fact::SAFEGUARDING_REFERRAL_MADE:
        case Fact::ENDING_LETTER_ISSUED:
        case Fact::ENDING_MEETING_HELD:
        case Fact::FEEDBACK_FORM_PROVIDED:
        case Fact::FEEDBACK_RECEIVED:
        case Fact::CLOSURE_SUMMARY_RECORDED:
        case Fact::SIGNIFICANCE_MARKED:
        case Fact::SUBJECT_ERASED:
        case Fact::RECORD_DISCLOSED:
        // Of other streams, whose folds are the directory's and the practice's.
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

}  // namespace commands
