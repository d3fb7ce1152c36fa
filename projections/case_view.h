// One family's case as it stands: the fold of its entries. The same fold gives the stored row and every as-at answer.
// Holds ids, codes and times only; how people read them is added by to_json with the practice of the day.
#pragma once
#include <bitset>
#include <boost/json.hpp>

#include "projections/moment.h"
#include "projections/references.h"

namespace projections {

struct At {  // when something happened and where it stands in the book
    uint64_t position = 0;
    schema::Time occurred, recorded;
    PersonId by{};
    std::string role;
};

struct ContactView {
    EventId id{};
    At received;
    std::string channel, referrer, consent_claimed;
    std::vector<SubjectId> children, adults;
    std::vector<std::string> factors;
    bool out_of_hours = false;
    EventId prior_episode{}, episode{};         // empty: none
    std::string recommended, decided, checked;  // options: signpost, redirect, accept; empty: not yet
    std::string level;                          // as accepted
    std::optional<At> recommended_at, decided_at, routed_at, checked_at, accepted_at;
    std::optional<At> referrer_told, family_told;  // of the outcome that stands
    // The newest decision counts: a check was of the decision before it, not of one that came after.
    bool check_stands() const { return checked_at && (!decided_at || decided_at->position < checked_at->position); }
    std::string option() const { return check_stands() ? checked : decided; }
    std::string state() const;  // "received" ... "accepted"
    bool settled() const;       // signposted, redirected or an episode
};

struct ConsentView {
    EventId id{};
    std::string scope, form;  // form empty: refused
    SubjectId given_by{};
    std::vector<SubjectId> children;
    At given;
    std::optional<At> confirmed, withdrawn;
    std::string state() const;  // given, confirmed, withdrawn, refused
};

struct HolderView {
    PersonId person{};
    std::string as;
    At from;
};  // as: worker, lead
struct PointView {
    std::string point;
    At at;
};
struct OverrideView {
    EventId id{};
    PersonId worker{};
    uint32_t cap = 0, projected = 0;
    At at;
};
struct ScalingView {
    uint32_t score = 0;
    At at;
};

struct EpisodeView {
    EventId id{}, contact{}, transfer{};
    At opened;
    std::string state = "opened", before_ending;
    std::string team, locality;
    std::vector<SubjectId> children;  // of its contact, or of the transfer that brought them
    PersonId worker{}, lead{};
    std::vector<HolderView> holders;
    std::vector<ScalingView> scaling;
    std::vector<PointView> oversight;
    std::vector<OverrideView> overrides;
    std::map<std::string, schema::Day> directed;  // the allocation note's dates
    std::optional<At> introduced, meeting, closure_proposed, closure_letter, feedback_form, quality_confirmed, closed;
    std::string closure_reason, outcome;
    std::map<uint32_t, std::string> not_applicable;   // checklist item -> reason
    uint32_t visits_recorded = 0, plan_reviewed = 0;  // plan_reviewed: at so many of those visits
    bool open() const { return !closed; }
};

struct PlanView {
    EventId id{}, episode{}, latest{};
    SubjectId child{};
    std::string kind;
    At agreed;
    std::vector<At> updates;
    std::optional<schema::Day> review_by;
    uint32_t visit_every_days = 0;
};

struct AssessmentView {
    EventId id{}, episode{}, submission{};
    std::string kind, state = "started";  // submitted, returned, authorised
    At started;
    std::optional<At> submitted, authorised, shared;
};

struct AlertView {
    EventId id{}, episode{}, escalation{};
    At alerted;
    std::optional<At> decided, informed, judged, not_informed, referred;
    std::string outcome, discussed_with;
};

struct TransferView {
    EventId id{}, episode{}, escalation{};  // episode: ours, that ends (stepUp) or begins (stepDown)
    std::string direction, decision;
    At proposed;
    std::optional<At> summary, panel, handover, receiving, ending_letter, releasing;
    std::vector<PersonId> presented_by;
    std::vector<SubjectId> children;  // stepDown: who comes; empty: all of the case's
    std::optional<schema::Day> transfer_on;
    std::string state() const;  // proposed ... released
};

struct WithdrawalView {
    EventId id{};
    std::string scope;
    At at;
    bool worrying = false;
    std::optional<At> considered;
    std::string decision;
};
struct CorrectionView {
    EventId id{}, corrects{};
    std::string kind;
    std::optional<schema::Time> occurred;
    At at;
};

// ---- keeping, forgetting, disclosing ----
struct RetentionView {  // how long the record about a person is kept
    EventId id{};
    SubjectId subject{};
    std::string code;
    uint32_t until_year = 0;  // to its end
    At at;
};
struct HoldView {
    EventId id{};
    std::vector<SubjectId> subjects;
    std::string reason;
    At placed;
    std::optional<At> released;
    bool stands_on(const SubjectId& subject) const;
};
struct ErasureRequestView {
    EventId id{};
    SubjectId subject{};
    std::string by, ground;  // ground: of the refusal
    At requested;
    std::optional<At> refused, erased;  // erased: granted, or erased since for whatever reason
    bool open() const { return !refused && !erased; }
};
struct ErasureView {
    EventId id{};
    SubjectId subject{};
    std::string ground;
    At at;
    std::vector<PersonId> with;  // who signed as well
};
struct DisclosureView {
    EventId id{};
    std::string purpose, words;
    std::vector<SubjectId> subjects;  // the words about these and nobody else
    uint32_t withheld = 0;            // so many words
    At at;
    std::vector<PersonId> with;
};

struct CaseView {
    StreamId stream{};
    uint64_t first = 0, position = 0, revision = 0;  // of the first entry; of the last
    schema::Time last_recorded;
    std::vector<SubjectId> children, adults;
    std::map<SubjectId, std::string> levels;  // of children, in the open episode
    std::vector<ContactView> contacts;
    std::vector<ConsentView> consents;
    std::vector<EpisodeView> episodes;
    std::vector<PlanView> plans;
    std::vector<AssessmentView> assessments;
    std::vector<AlertView> alerts;
    std::vector<TransferView> transfers;
    std::vector<WithdrawalView> withdrawals;
    std::vector<CorrectionView> corrections;
    std::vector<RetentionView> retentions;
    std::vector<HoldView> holds;
    std::vector<ErasureRequestView> erasure_requests;
    std::vector<ErasureView> erasures;
    std::vector<DisclosureView> disclosures;
    std::vector<SubjectId> named_in_error;              // by what was entered in error: words about them are there
    std::map<uint32_t, std::set<std::string>> in_case;  // the types of all its entries, and their kinds
    uint64_t worked = 0;                                // position of the last entry that is not about the keeping
    std::set<uint32_t> types;                           // types recorded since the last new beginning after a closure
    bool ended = false;                                 // the next contact or transfer is a new beginning

    const EpisodeView* newest_episode() const { return episodes.empty() ? nullptr : &episodes.back(); }
    const EpisodeView* open_episode() const;
    // Of the open episode, else of whatever began last: an episode, a contact, a transfer to us.
    std::string state() const;
    bool open() const;           // something is still to be done
    bool at_front_door() const;  // what began last is a contact without an episode
};

// What a case adds to the loads while an episode is open.
struct Holding {
    uint64_t from_position = 0;
    schema::Time from;
    std::optional<schema::Time> to;  // nothing: still so
    StreamId stream{};
    EventId episode{};
    PersonId worker{}, lead{};
    std::string team;
    std::map<std::string, std::vector<SubjectId>> children_at;  // by level
    std::vector<OverrideView> overrides;
    uint32_t children() const;
    bool lasts(const CaseView& view) const;  // that case is held in the same way still
};
std::optional<Holding> holding(const CaseView& view);  // nothing: no open episode
size_t footprint(const CaseView& view);                // about its bytes in memory

// The fold. Total: what it cannot use it ignores. `entries`: a whole stream, oldest first, as far as it counts;
// corrections among them change what earlier entries mean.
CaseView fold_case(const std::vector<ledger::Entry>& entries);
// The next entry alone. False when it corrects earlier ones, so that the stream must be folded again.
bool fold_next(CaseView& view, const ledger::Entry& entry);

boost::json::object to_json(const CaseView& view, const References& references, schema::Time now);
boost::json::object to_json(const At& at, const References& references, schema::Day day);

}  // namespace projections
