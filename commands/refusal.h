// Why an event may not be recorded: every reason, its sentence, and what HTTP calls it. The names are wire-stable.
#pragma once
#include <string>
#include <string_view>

namespace commands {

// name, HTTP status, sentence. The source line comes from the practice's row for the guard where there is one;
// what the ledger itself demands cites docs/FORMAT.md.
// clang-format off
#define CASELEDGER_REFUSALS(X)                                                                                        \
    X(wrong_ledger, 422, "The event was signed for another ledger.")                                                  \
    X(already_opened, 409, "The ledger has been opened already.")                                                     \
    X(not_opened, 409, "The ledger has not been opened yet.")                                                         \
    X(key_unknown, 422, "The key that signed has not been enrolled for this person.")                                 \
    X(key_revoked, 422, "The key that signed has been revoked.")                                                      \
    X(bad_signature, 422, "A signature is missing or does not verify.")                                               \
    X(bad_possession, 422, "The new key's proof of possession does not verify.")                                      \
    X(key_taken, 409, "The key is enrolled already.")                                                                 \
    X(id_taken, 409, "The id was used for another event.")                                                            \
    X(role_not_held, 403, "The actor does not hold the role they act in, on this day and in this team.")              \
    X(role_may_not, 403, "The practice in force does not let this role record this.")                                 \
    X(no_practice, 409, "No practice has been adopted that is in force on this day.")                                 \
    X(not_shown_latest, 412, "A decision must be taken on the whole record; there are entries the actor had not seen.")\
    X(seen_unknown, 409, "What the actor says they had seen is not what this record holds.")                          \
    X(in_future, 422, "It is said to have happened later than now.")                                                  \
    X(out_of_order, 422, "It is said to have happened before what it refers to.")                                     \
    X(basis_unknown, 422, "It relies on an entry that does not exist.")                                               \
    X(played_time, 422, "Only a played ledger takes the time of recording from outside.")                             \
    X(words_missing, 422, "It must be explained in words.")                                                           \
    X(no_such_case, 422, "There is no such case yet; it begins with a contact or with a proposal to step down.")      \
    X(no_such_event, 422, "It refers to an event that this case does not hold.")                                      \
    X(wrong_event, 422, "It refers to an event of another type.")                                                     \
    X(entered_in_error, 409, "It refers to an event that was corrected as entered in error.")                         \
    X(unknown_code, 422, "The code is not in the list of the practice in force.")                                     \
    X(unknown_person, 422, "The person is not in the directory.")                                                     \
    X(unknown_subject, 422, "The person is not known on this case.")                                                  \
    X(unknown_team, 422, "The team is not in the directory.")                                                         \
    X(name_taken, 409, "The name or id is in use already.")                                                           \
    X(unknown_practice, 422, "The practice, rule or reading has not been adopted here.")                              \
    X(unknown_calendar, 422, "The working-day calendar that the practice names has not been issued.")                 \
    X(nobody_would_govern, 409, "After this nobody could govern the ledger.")                                         \
    X(role_not_granted, 409, "The person does not hold that role.")                                                   \
    X(decided_already, 409, "It has been decided already.")                                                           \
    X(not_decided, 409, "It has not been decided yet.")                                                               \
    X(not_for_this_service, 409, "The front door did not decide for this service (option c).")                        \
    X(mash_manager_decides, 403, "A contact with a representative's recommendation is decided by a manager of the front door.")\
    X(not_routed, 409, "The contact has not reached the service's inbox.")                                            \
    X(same_decider, 409, "The second check must be made by someone other than the front door's decider.")             \
    X(nothing_to_share, 409, "There is no decision yet that could be shared.")                                        \
    X(second_check_missing, 409, "Acceptance needs the duty manager's second check with option c.")                   \
    X(consent_not_written, 409, "Explicit and written consent is missing.")                                           \
    X(consent_missing, 409, "The family's consent for this is missing.")                                              \
    X(no_consent_to_withdraw, 409, "There is no consent of this scope that could be confirmed or withdrawn.")         \
    X(no_factor, 409, "None of the service's factors is recorded.")                                                   \
    X(in_need, 409, "A child judged in need or at risk of harm goes to social care, not to this service.")            \
    X(excluded, 409, "The family is among those this service does not work with.")                                    \
    X(not_accepted, 409, "The referral has not been accepted.")                                                       \
    X(episode_open, 409, "The family has an open episode already.")                                                   \
    X(episode_closed, 409, "The episode is closed.")                                                                  \
    X(not_allocated, 409, "The episode has no worker yet.")                                                           \
    X(already_allocated, 409, "The episode has a worker already; reallocate it.")                                     \
    X(worker_role_unfit, 422, "The worker does not hold a role that works with families, on this day.")               \
    X(over_cap, 409, "It would go over a cap; an approval to go over it is needed first.")                            \
    X(cap_reached, 409, "It would go over a cap that may not be exceeded.")                                           \
    X(override_of_another, 422, "The approval to go over the cap was for another worker or fewer children.")          \
    X(lead_role_unfit, 422, "Children at this level of need are led by someone in another role.")                     \
    X(not_introduced, 409, "The introductory visit has not been held.")                                               \
    X(assessment_open, 409, "An assessment of this kind is open already.")                                            \
    X(assessment_not_open, 409, "The assessment is not open for submission.")                                         \
    X(assessment_not_submitted, 409, "This submission is not the one awaiting a manager.")                            \
    X(own_assessment, 409, "An assessment must be authorised by someone other than its author.")                      \
    X(assessment_not_authorised, 409, "The assessment has not been authorised.")                                      \
    X(written_copy_needed, 409, "The family always has a written copy.")                                              \
    X(no_planning_meeting, 409, "The initial planning meeting has not been held.")                                    \
    X(plan_exists, 409, "The child has a plan already; update it.")                                                   \
    X(no_plan, 409, "No plan has been agreed.")                                                                       \
    X(confidences_in_public, 409, "Confidential matters are not discussed in a public place.")                        \
    X(recorded_already, 409, "It has been recorded already.")                                                         \
    X(own_oversight, 409, "Oversight must be by someone other than the case's worker.")                               \
    X(oversight_missing, 409, "Management oversight at this point is missing.")                                       \
    X(own_supervision, 409, "Supervision is held by someone other than the person supervised.")                       \
    X(judgement_missing, 409, "Not informing the family needs a manager's judgement that telling would add to the risk.")\
    X(not_significant_harm, 409, "The escalation decision was not for significant harm.")                             \
    X(not_child_in_need, 409, "A step-up through the panel needs an escalation decision for a child in need.")        \
    X(transfer_incomplete, 422, "What this direction of transfer needs is missing.")                                  \
    X(panel_needs_two, 409, "The panel's decision must be signed by both co-chairs, two different people.")           \
    X(chair_presents, 409, "A chair of the panel may not present the case.")                                          \
    X(not_presented, 409, "The case is presented to the panel by its worker and by a manager.")                       \
    X(panel_is_final, 409, "The panel has decided; its decision cannot be changed.")                                  \
    X(summary_missing, 409, "The transfer summary has not been prepared.")                                            \
    X(not_transferring, 409, "The panel has not decided for a transfer.")                                             \
    X(handover_missing, 409, "The handover has not taken place.")                                                     \
    X(same_manager, 409, "The receiving and the releasing manager must be different people.")                         \
    X(closure_not_proposed, 409, "Closure has not been proposed.")                                                    \
    X(own_case, 409, "A case must be closed by someone other than its worker.")                                       \
    X(record_incomplete, 409, "The record is not complete.")                                                          \
    X(quality_not_confirmed, 409, "A manager has not confirmed that the record is of good standard.")                 \
    X(final_plan_missing, 409, "A closure letter with the final plan of every child has not been issued.")            \
    X(feedback_form_missing, 409, "The family has not been given a feedback form.")                                   \
    X(withdrawal_not_considered, 409, "A manager has not considered whether the family's withdrawal is worrying enough to refer on.")\
    X(decision_stands, 409, "A decision cannot be taken back as entered in error; a new one must be taken.")          \
    X(not_its_author, 403, "An entry is corrected by its author or by a manager.")                                    \
    X(stood_upon, 409, "Another entry refers to it and would say nothing without it; that one would have to go first.") \
    X(correction_stands, 409, "What was taken back as entered in error stays taken back; record it again.")            \
    X(key_not_suspect, 409, "The key has not been revoked as suspect.")                                               \
    X(not_key_owner, 403, "Entries of a suspect key are attested again by its owner, or by a governor.")              \
    X(second_approver_missing, 409, "It must be approved by a second, different person in a role that may record it.")\
    X(no_retention_schedule, 409, "No retention schedule has been issued that is in force on this day.")              \
    X(retention_class_other, 409, "What is in the case puts the record into another retention class.")                \
    X(retention_too_short, 422, "The retention class keeps the record for longer.")                                   \
    X(retention_not_set, 409, "How long the record about this person is kept has not been set.")                      \
    X(still_kept, 409, "The record about this person must still be kept.")                                            \
    X(record_in_use, 409, "The case is open; its record is in use.")                                                  \
    X(on_hold, 409, "A legal hold stands on this person.")                                                            \
    X(holds_not_checked, 422, "The erasure does not name every hold that there was on this person.")                  \
    X(erasure_incomplete, 422, "What this ground of erasure rests on is missing.")                                    \
    X(disclosure_incomplete, 422, "What this disclosure needs is missing.")                                           \
    X(correction_incomplete, 422, "The correction does not say what it corrects it to.")
// clang-format on

enum class Refusal {
#define X(name, status, sentence) name,
    CASELEDGER_REFUSALS(X)
#undef X
};

std::string_view name(Refusal refusal);  // "own_assessment"
std::string_view sentence(Refusal refusal);
int http_status(Refusal refusal);

// A refusal as it is told: which rule, which field, and the line of the document the rule comes from.
struct Refused {
    Refusal reason;
    std::string field;   // "fact.allocated.worker", or empty
    std::string detail;  // what exactly: "17 children; the cap is 15"; never holds case data
    std::string source;  // "S1:257", or "docs/FORMAT.md"
    std::string text() const;
};

}  // namespace commands
