// What keeping, forgetting and disclosing do to a case: one short step for each type of event.
#include <algorithm>

#include "projections/case_step.h"

namespace projections {

namespace {

std::vector<PersonId> joint_signers(const ledger::Entry& entry) {
    std::vector<PersonId> signers;
    for (auto signer : entry.read().getJoint()) signers.push_back(person_id(signer.getPerson()));
    return signers;
}

}  // namespace

void CaseStep::take(schema::RetentionClassSet::Reader event) {
    view.retentions.push_back({entry.id(), subject_id(event.getSubject()), event.getClass(), event.getUntilYear(), at});
}

void CaseStep::take(schema::LegalHoldPlaced::Reader event) {
    view.holds.push_back({entry.id(), subjects(event.getSubjects()), enum_name(event.getReason()), at, {}});
}

void CaseStep::take(schema::LegalHoldReleased::Reader event) {
    if (auto* hold = find(view.holds, event.getHold())) hold->released = at;
}

void CaseStep::take(schema::ErasureRequested::Reader event) {
    view.erasure_requests.push_back(
        {entry.id(), subject_id(event.getSubject()), enum_name(event.getBy()), {}, at, {}, {}});
}

void CaseStep::take(schema::ErasureRefused::Reader event) {
    if (auto* request = find(view.erasure_requests, event.getRequest())) {
        request->refused = at;
        request->ground = enum_name(event.getGround());
    }
}

void CaseStep::take(schema::SubjectErased::Reader event) {
    auto subject = subject_id(event.getSubject());
    view.erasures.push_back({entry.id(), subject, enum_name(event.getGround()), at, joint_signers(entry)});
    // Whatever it rests on, what was asked for has been done.
    for (auto& request : view.erasure_requests)
        if (request.subject == subject && request.open()) request.erased = at;
}

void CaseStep::take(schema::RecordDisclosed::Reader event) {
    view.disclosures.push_back({entry.id(), enum_name(event.getPurpose()), enum_name(event.getWords()),
                                subjects(event.getSubjects()), event.getWithheld().size(), at, joint_signers(entry)});
}

bool is_about_keeping(schema::Fact::Which type) {
    using schema::Fact;
    constexpr Fact::Which those[] = {Fact::RETENTION_CLASS_SET, Fact::LEGAL_HOLD_PLACED, Fact::LEGAL_HOLD_RELEASED,
                                     Fact::ERASURE_REQUESTED,   Fact::ERASURE_REFUSED,   Fact::SUBJECT_ERASED,
                                     Fact::RECORD_DISCLOSED};
    return std::find(std::begin(those), std::end(those), type) != std::end(those);
}

}  // namespace projections
