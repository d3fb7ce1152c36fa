// The fold of a case, type by type. What each type does to the view is one short block; nothing is refused here.
#include <capnp/dynamic.h>

#include <algorithm>
#include <array>

#include "projections/case_view.h"

namespace projections {

using schema::bytes_of;
using schema::Fact;

namespace {

EventId event_id(capnp::Data::Reader data) { return EventId::of(bytes_of(data)); }
PersonId person_id(capnp::Data::Reader data) { return PersonId::of(bytes_of(data)); }
SubjectId subject_id(capnp::Data::Reader data) { return SubjectId::of(bytes_of(data)); }

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
template <class Items>
auto* find(Items& items, const EventId& id) {
    for (auto& item : items)
        if (item.id == id) return &item;
    return decltype(&items.front()){nullptr};
}
template <class Items>
auto* find(Items& items, capnp::Data::Reader id) { return find(items, event_id(id)); }

template <class Enum>
std::string enum_name(Enum value) {
    KJ_IF_MAYBE (known, capnp::toDynamic(value).getEnumerant()) return known->getProto().getName();
    return {};
}

// States of an episode in the order in which it goes through them; an assessment may go back from its authorisation.
constexpr std::array<std::string_view, 10> states{"opened",   "allocated", "engaging",    "assessing", "awaiting-authorisation",
                                                  "assessed", "planning",  "plan-active", "ending",    "closed"};
size_t rank(std::string_view state) {
    return static_cast<size_t>(std::find(states.begin(), states.end(), state) - states.begin());
}
void forward(EpisodeView& episode, std::string_view state) {
    if (rank(episode.state) < rank(state)) episode.state = state;
}
// Only before there is a plan does an assessment say where the episode stands.
void assessing(EpisodeView* episode, std::string_view state) {
    if (episode && rank(episode->state) <= rank("assessed")) episode->state = state;
}
void close(CaseView& view, EpisodeView& episode, const At& at) {
    episode.closed = at;
    episode.state = "closed";
    view.ended = true;
}
void give(EpisodeView& episode, const PersonId& worker, const At& at) {
    episode.worker = worker;
    episode.holders.push_back({worker, "worker", at});
}

void evolve(CaseView& view, const ledger::Entry& entry, const At& at) {
    auto fact = entry.fact();
    auto begin = [&] {
        if (!view.ended) return;
        view.types.clear();
        view.ended = false;
    };
    auto episode = [&](auto event) { return find(view.episodes, event.getEpisode()); };
    auto contact = [&](auto event) { return find(view.contacts, event.getContact()); };
    auto transfer = [&](auto event) { return find(view.transfers, event.getTransfer()); };
    auto submission = [&](auto event) -> AssessmentView* {
        for (auto& assessment : view.assessments)
            if (assessment.submission == event_id(event.getSubmission())) return &assessment;
        return nullptr;
    };
    auto alert_of = [&](const EventId& escalation) -> AlertView* {
        for (auto& alert : view.alerts)
            if (alert.escalation == escalation) return &alert;
        return nullptr;
    };

    switch (fact.which()) {
        case Fact::CONTACT_RECEIVED: {
            auto event = fact.getContactReceived();
            begin();
            ContactView received;
            received.id = entry.id();
            received.received = at;
            received.channel = event.getChannel();
            received.referrer = event.getReferrer();
            received.consent_claimed = enum_name(event.getConsent());
            received.children = subjects(event.getChildren());
            received.adults = subjects(event.getAdults());
            received.factors = texts(event.getFactors());
            received.out_of_hours = event.getOutOfHours();
            received.prior_episode = event_id(event.getPriorEpisode());
            introduce(view.children, received.children);
            introduce(view.adults, received.adults);
            view.contacts.push_back(std::move(received));
            break;
        }
        case Fact::RECOMMENDATION_RECORDED:
            if (auto* c = contact(fact.getRecommendationRecorded())) {
                c->recommended = enum_name(fact.getRecommendationRecorded().getOption());
                c->recommended_at = at;
            }
            break;
        case Fact::MASH_DECIDED:
            if (auto* c = contact(fact.getMashDecided())) {
                c->decided = enum_name(fact.getMashDecided().getOption());
                c->decided_at = at;
                c->referrer_told = c->family_told = std::nullopt;
            }
            break;
        case Fact::CONTACT_ROUTED:
            if (auto* c = contact(fact.getContactRouted())) c->routed_at = at;
            break;
        case Fact::OUTCOME_SHARED:
            if (auto* c = contact(fact.getOutcomeShared())) {
                bool family = fact.getOutcomeShared().getParty() == schema::Party::FAMILY;
                (family ? c->family_told : c->referrer_told) = at;
            }
            break;
        case Fact::SECOND_CHECK_RECORDED:
            if (auto* c = contact(fact.getSecondCheckRecorded())) {
                auto before = c->option();
                c->checked = enum_name(fact.getSecondCheckRecorded().getOption());
                c->checked_at = at;
                // Who was told of another outcome has not been told of this one.
                if (c->checked != before) c->referrer_told = c->family_told = std::nullopt;
            }
            break;
        case Fact::REFERRAL_ACCEPTED:
            if (auto* c = contact(fact.getReferralAccepted())) {
                auto event = fact.getReferralAccepted();
                c->accepted_at = at;
                if (event.getFactors().size()) c->factors = texts(event.getFactors());
                for (auto& child : c->children) view.levels[child] = event.getLevel();
            }
            break;
        case Fact::EPISODE_OPENED: {
            auto event = fact.getEpisodeOpened();
            EpisodeView opened;
            opened.id = entry.id();
            opened.contact = event_id(event.getContact());
            opened.opened = at;
            opened.team = event.getTeam();
            opened.locality = event.getLocality();
            if (auto* c = contact(event)) c->episode = opened.id;
            view.episodes.push_back(std::move(opened));
            break;
        }
        case Fact::CONSENT_RECORDED: {
            auto event = fact.getConsentRecorded();
            view.consents.push_back({entry.id(), event.getScope(), enum_name(event.getForm()),
                                     subject_id(event.getGivenBy()), subjects(event.getChildren()), at, {}, {}});
            break;
        }
        case Fact::CONSENT_CONFIRMED:
            if (auto* consent = find(view.consents, fact.getConsentConfirmed().getConsent())) consent->confirmed = at;
            break;
        case Fact::CONSENT_REFUSED:
            view.consents.push_back({entry.id(), fact.getConsentRefused().getScope(), "", {}, {}, at, {}, {}});
            break;
        case Fact::CONSENT_WITHDRAWN: {
            std::string scope = fact.getConsentWithdrawn().getScope();
            for (auto& consent : view.consents)
                if (consent.scope == scope && !consent.form.empty() && !consent.withdrawn) consent.withdrawn = at;
            view.withdrawals.push_back({entry.id(), scope, at, false, std::nullopt, ""});
            break;
        }
        case Fact::WITHDRAWAL_CONSIDERED: {
            auto event = fact.getWithdrawalConsidered();
            if (auto* withdrawal = find(view.withdrawals, event.getWithdrawal())) {
                withdrawal->considered = at;
                withdrawal->worrying = event.getWorriesContinue();
                withdrawal->decision = enum_name(event.getDecision());
            }
            if (event.getDecision() == schema::WithdrawalDecision::REENGAGE)
                for (auto& each : view.episodes)
                    if (each.state == "ending") each.state = each.before_ending;
            break;
        }
        case Fact::ALLOCATED: {
            auto event = fact.getAllocated();
            auto* e = episode(event);
            if (!e) break;
            give(*e, person_id(event.getWorker()), at);
            e->scaling.push_back({event.getScaling(), at});
            for (auto [name, day] : {std::pair{"visitBy", event.getVisitBy()}, {"assessmentBy", event.getAssessmentBy()},
                                     {"meetingBy", event.getMeetingBy()}, {"managerReviewBy", event.getManagerReviewBy()}})
                if (day) e->directed[name] = schema::day_of(day);
            forward(*e, "allocated");
            break;
        }
        case Fact::CAPACITY_OVERRIDE_APPROVED: {
            auto event = fact.getCapacityOverrideApproved();
            if (auto* e = episode(event))
                e->overrides.push_back(
                    {entry.id(), person_id(event.getWorker()), event.getCap(), event.getProjected(), at});
            break;
        }
        case Fact::REALLOCATED:
            if (auto* e = episode(fact.getReallocated()))
                give(*e, person_id(fact.getReallocated().getWorker()), at);
            break;
        case Fact::LEVEL_SET:
            for (auto child : fact.getLevelSet().getChildren())
                view.levels[subject_id(child)] = fact.getLevelSet().getLevel();
            break;
        case Fact::LEAD_APPOINTED:
            if (auto* e = episode(fact.getLeadAppointed())) {
                e->lead = person_id(fact.getLeadAppointed().getLead());
                e->holders.push_back({e->lead, "lead", at});
            }
            break;
        case Fact::ALLOCATION_LETTER_ISSUED:
            if (auto* e = episode(fact.getAllocationLetterIssued())) forward(*e, "engaging");
            break;
        case Fact::FAMILY_CONTACTED:
            if (auto* e = episode(fact.getFamilyContacted())) forward(*e, "engaging");
            break;
        case Fact::INTRODUCTORY_VISIT_HELD:
            if (auto* e = episode(fact.getIntroductoryVisitHeld())) {
                e->introduced = at;
                forward(*e, "engaging");
            }
            break;
        case Fact::ASSESSMENT_STARTED: {
            auto event = fact.getAssessmentStarted();
            AssessmentView started;
            started.id = entry.id();
            started.episode = event_id(event.getEpisode());
            started.kind = event.getAssessment();
            started.started = at;
            view.assessments.push_back(std::move(started));
            assessing(episode(event), "assessing");
            break;
        }
        case Fact::ASSESSMENT_SUBMITTED:
            if (auto* a = find(view.assessments, fact.getAssessmentSubmitted().getAssessment())) {
                a->state = "submitted";
                a->submission = entry.id();
                a->submitted = at;
                assessing(find(view.episodes, a->episode), "awaiting-authorisation");
            }
            break;
        case Fact::ASSESSMENT_RETURNED:
            if (auto* a = submission(fact.getAssessmentReturned())) {
                a->state = "returned";
                assessing(find(view.episodes, a->episode), "assessing");
            }
            break;
        case Fact::ASSESSMENT_AUTHORISED:
            if (auto* a = submission(fact.getAssessmentAuthorised())) {
                a->state = "authorised";
                a->authorised = at;
                assessing(find(view.episodes, a->episode), "assessed");
            }
            break;
        case Fact::ASSESSMENT_SHARED:
            if (auto* a = find(view.assessments, fact.getAssessmentShared().getAssessment())) a->shared = at;
            break;
        case Fact::PLANNING_MEETING_HELD:
            if (auto* e = episode(fact.getPlanningMeetingHeld())) {
                if (!e->meeting) e->meeting = at;
                forward(*e, "planning");
            }
            break;
        case Fact::PLAN_AGREED: {
            auto event = fact.getPlanAgreed();
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
            break;
        }
        case Fact::PLAN_UPDATED:
            if (auto* plan = find(view.plans, fact.getPlanUpdated().getPlan())) {
                plan->latest = entry.id();
                plan->updates.push_back(at);
                if (auto day = fact.getPlanUpdated().getReviewBy()) plan->review_by = schema::day_of(day);
            }
            break;
        case Fact::VISIT_RECORDED:
            if (auto* e = view.episodes.empty() ? nullptr : &view.episodes.back())
                e->scaling.push_back({fact.getVisitRecorded().getScaling(), at});
            break;
        case Fact::OVERSIGHT_RECORDED:
            if (auto* e = episode(fact.getOversightRecorded()))
                e->oversight.push_back({fact.getOversightRecorded().getPoint(), at});
            break;
        case Fact::MANAGER_ALERTED: {
            AlertView alert;
            alert.id = entry.id();
            alert.episode = event_id(fact.getManagerAlerted().getEpisode());
            alert.alerted = at;
            view.alerts.push_back(std::move(alert));
            break;
        }
        case Fact::ESCALATION_DECIDED: {
            auto event = fact.getEscalationDecided();
            if (auto* alert = find(view.alerts, event.getAlert())) {
                alert->escalation = entry.id();
                alert->decided = at;
                alert->outcome = enum_name(event.getOutcome());
                alert->discussed_with = event.getDiscussedWith();
            }
            break;
        }
        case Fact::FAMILY_INFORMED:
            if (auto* alert = find(view.alerts, fact.getFamilyInformed().getAlert())) alert->informed = at;
            break;
        case Fact::NOT_INFORMING_JUDGED:
            if (auto* alert = find(view.alerts, fact.getNotInformingJudged().getAlert())) alert->judged = at;
            break;
        case Fact::FAMILY_NOT_INFORMED:
            if (auto* alert = find(view.alerts, fact.getFamilyNotInformed().getAlert())) alert->not_informed = at;
            break;
        case Fact::SAFEGUARDING_REFERRAL_MADE:
            if (auto* alert = alert_of(event_id(fact.getSafeguardingReferralMade().getEscalation()))) alert->referred = at;
            break;
        case Fact::TRANSFER_PROPOSED: {
            auto event = fact.getTransferProposed();
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
            introduce(view.children, subjects(event.getChildren()));
            introduce(view.adults, subjects(event.getAdults()));
            view.transfers.push_back(std::move(proposed));
            break;
        }
        case Fact::TRANSFER_SUMMARY_PREPARED:
            if (auto* t = transfer(fact.getTransferSummaryPrepared())) t->summary = at;
            break;
        case Fact::PANEL_DECIDED: {
            auto event = fact.getPanelDecided();
            if (auto* t = transfer(event)) {
                t->panel = at;
                t->decision = enum_name(event.getDecision());
                if (event.getTransferOn()) t->transfer_on = schema::day_of(event.getTransferOn());
                for (auto person : event.getPresentedBy()) t->presented_by.push_back(person_id(person));
            }
            break;
        }
        case Fact::HANDOVER_HELD:
            if (auto* t = transfer(fact.getHandoverHeld())) t->handover = at;
            break;
        case Fact::RECEIVING_RECORD_OPENED: {
            auto event = fact.getReceivingRecordOpened();
            auto* t = transfer(event);
            if (t) t->receiving = at;
            if (!t || t->direction != "stepDown") break;
            // A family that comes to us begins an episode; one that leaves is opened elsewhere.
            EpisodeView opened;
            opened.id = t->episode = entry.id();
            opened.transfer = t->id;
            opened.opened = at;
            opened.team = event.getTeam();
            if (event.getLevel().size())
                for (auto& child : view.children) view.levels[child] = event.getLevel();
            view.episodes.push_back(std::move(opened));
            break;
        }
        case Fact::ENDING_LETTER_ISSUED:
            if (auto* t = transfer(fact.getEndingLetterIssued())) t->ending_letter = at;
            break;
        case Fact::RELEASING_RECORD_CLOSED:
            if (auto* t = transfer(fact.getReleasingRecordClosed())) {
                t->releasing = at;
                if (auto* e = t->direction == "stepUp" ? find(view.episodes, t->episode) : nullptr) {
                    e->closure_reason = "transferred";
                    close(view, *e, at);
                }
            }
            break;
        case Fact::CLOSURE_PROPOSED: {
            auto event = fact.getClosureProposed();
            if (auto* e = episode(event)) {
                if (e->state != "ending") e->before_ending = e->state;
                e->closure_proposed = at;
                e->closure_reason = event.getReason();
                forward(*e, "ending");
            }
            if (event.getWorriesContinue()) view.withdrawals.push_back({entry.id(), "", at, true, std::nullopt, ""});
            break;
        }
        case Fact::CLOSURE_LETTER_ISSUED:
            if (auto* e = episode(fact.getClosureLetterIssued())) e->closure_letter = at;
            break;
        case Fact::FEEDBACK_FORM_PROVIDED:
            if (auto* e = episode(fact.getFeedbackFormProvided())) e->feedback_form = at;
            break;
        case Fact::RECORD_QUALITY_CONFIRMED:
            if (auto* e = episode(fact.getRecordQualityConfirmed())) {
                e->quality_confirmed = at;
                e->not_applicable.clear();
                for (auto item : fact.getRecordQualityConfirmed().getNotApplicable())
                    e->not_applicable[item.getItem()] = item.getReason();
            }
            break;
        case Fact::CASE_CLOSED:
            if (auto* e = episode(fact.getCaseClosed())) {
                e->closure_reason = fact.getCaseClosed().getReason();
                e->outcome = fact.getCaseClosed().getOutcome();
                close(view, *e, at);
            }
            break;
        case Fact::CORRECTION_RECORDED: {
            auto event = fact.getCorrectionRecorded();
            view.corrections.push_back({entry.id(), event_id(event.getCorrects()), enum_name(event.getKind()), {}, at});
            if (event.getOccurred()) view.corrections.back().occurred = schema::time_of(event.getOccurred());
            break;
        }
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
        case Fact::SIGNIFICANCE_MARKED: break;
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
        case Fact::SUPERVISION_HELD: break;
    }
    view.types.insert(static_cast<uint32_t>(fact.which()));
}

void count(CaseView& view, const ledger::Entry& entry) {
    if (view.revision == 0) {
        view.stream = entry.stream();
        view.first = entry.position();
    }
    view.position = entry.position();
    view.revision = entry.revision();
    view.last_recorded = entry.recorded();
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
        if (!corrected[i].in_error)
            evolve(view, entries[i], at_of(entries[i], corrected[i].occurred.value_or(entries[i].occurred())));
    }
    return view;
}

}  // namespace projections
