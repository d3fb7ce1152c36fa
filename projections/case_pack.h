// The members of a case view's structs, once each, for packing them into rows; see schema/packing.h.
#pragma once
#include "projections/case_view.h"

namespace projections {

template <class Pack>
void pack_members(Pack& pack, At& v) {
    pack(v.position, v.occurred, v.recorded, v.by, v.role);
}
template <class Pack>
void pack_members(Pack& pack, ContactView& v) {
    pack(v.id, v.received, v.channel, v.referrer, v.consent_claimed, v.children, v.adults, v.factors, v.out_of_hours,
         v.prior_episode, v.episode, v.recommended, v.decided, v.checked, v.level, v.recommended_at, v.decided_at,
         v.routed_at, v.checked_at, v.accepted_at, v.referrer_told, v.family_told);
}
template <class Pack>
void pack_members(Pack& pack, ConsentView& v) {
    pack(v.id, v.scope, v.form, v.given_by, v.children, v.given, v.confirmed, v.withdrawn);
}
template <class Pack>
void pack_members(Pack& pack, HolderView& v) {
    pack(v.person, v.as, v.from);
}
template <class Pack>
void pack_members(Pack& pack, PointView& v) {
    pack(v.point, v.at);
}
template <class Pack>
void pack_members(Pack& pack, OverrideView& v) {
    pack(v.id, v.worker, v.cap, v.projected, v.at);
}
template <class Pack>
void pack_members(Pack& pack, ScalingView& v) {
    pack(v.score, v.at);
}
template <class Pack>
void pack_members(Pack& pack, EpisodeView& v) {
    pack(v.id, v.contact, v.transfer, v.opened, v.state, v.before_ending, v.team, v.locality, v.children, v.worker,
         v.lead, v.holders, v.scaling, v.oversight, v.overrides, v.directed, v.introduced, v.meeting,
         v.closure_proposed, v.closure_letter, v.feedback_form, v.quality_confirmed, v.closed, v.closure_reason,
         v.outcome, v.not_applicable, v.visits_recorded, v.plan_reviewed);
}
template <class Pack>
void pack_members(Pack& pack, PlanView& v) {
    pack(v.id, v.episode, v.latest, v.child, v.kind, v.agreed, v.updates, v.review_by, v.visit_every_days);
}
template <class Pack>
void pack_members(Pack& pack, AssessmentView& v) {
    pack(v.id, v.episode, v.submission, v.kind, v.state, v.started, v.submitted, v.authorised, v.shared);
}
template <class Pack>
void pack_members(Pack& pack, AlertView& v) {
    pack(v.id, v.episode, v.escalation, v.alerted, v.decided, v.informed, v.judged, v.not_informed, v.referred,
         v.outcome, v.discussed_with);
}
template <class Pack>
void pack_members(Pack& pack, TransferView& v) {
    pack(v.id, v.episode, v.escalation, v.direction, v.decision, v.proposed, v.summary, v.panel, v.handover,
         v.receiving, v.ending_letter, v.releasing, v.presented_by, v.children, v.transfer_on);
}
template <class Pack>
void pack_members(Pack& pack, WithdrawalView& v) {
    pack(v.id, v.scope, v.at, v.worrying, v.considered, v.decision);
}
template <class Pack>
void pack_members(Pack& pack, CorrectionView& v) {
    pack(v.id, v.corrects, v.kind, v.occurred, v.at);
}
template <class Pack>
void pack_members(Pack& pack, RetentionView& v) {
    pack(v.id, v.subject, v.code, v.until_year, v.at);
}
template <class Pack>
void pack_members(Pack& pack, HoldView& v) {
    pack(v.id, v.subjects, v.reason, v.placed, v.released);
}
template <class Pack>
void pack_members(Pack& pack, ErasureRequestView& v) {
    pack(v.id, v.subject, v.by, v.ground, v.requested, v.refused, v.erased);
}
template <class Pack>
void pack_members(Pack& pack, ErasureView& v) {
    pack(v.id, v.subject, v.ground, v.at, v.with);
}
template <class Pack>
void pack_members(Pack& pack, DisclosureView& v) {
    pack(v.id, v.purpose, v.words, v.subjects, v.withheld, v.at, v.with);
}
template <class Pack>
void pack_members(Pack& pack, CaseView& v) {
    pack(v.stream, v.first, v.position, v.revision, v.last_recorded, v.children, v.adults, v.levels, v.contacts,
         v.consents, v.episodes, v.plans, v.assessments, v.alerts, v.transfers, v.withdrawals, v.corrections,
         v.retentions, v.holds, v.erasure_requests, v.erasures, v.disclosures, v.named_in_error, v.in_case, v.worked,
         v.types, v.ended);
}
template <class Pack>
void pack_members(Pack& pack, Holding& v) {
    pack(v.from_position, v.from, v.to, v.stream, v.episode, v.worker, v.lead, v.team, v.children_at, v.overrides);
}

}  // namespace projections
