// Just enough of one family's case to judge the next event; equals the fold of its entries.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "commands/loads.h"
#include "ledger/entry.h"

namespace commands {

using schema::EventId;
using schema::Fact;
using schema::SubjectId;

// Whether a thing was recorded: by which entries, so that one that was entered in error can be struck out again.
class Recorded {
  public:
    void add(const EventId& id) { entries_.push_back(id); }
    void strike(const EventId& id) { std::erase(entries_, id); }
    operator bool() const { return !entries_.empty(); }  // NOLINT(google-explicit-constructor): it is a yes or no

  private:
    std::vector<EventId> entries_;
};

struct Subject {  // a person whom the case is about, and the contacts and proposals that named them
    SubjectId id;
    Recorded named;
};

struct Contact {
    EventId id;
    std::vector<SubjectId> children;
    std::optional<schema::Option> decided, checked;
    std::set<PersonId> deciders;  // everybody who took a decision of the front door on it, also one taken anew since
    Recorded recommended, routed;
    // A first decision may be followed by a recommendation, and that by the final decision.
    bool decided_on_recommendation = false;
    bool accepted = false, opened = false;
    std::string level;  // as accepted
};

struct Consent {
    EventId id;
    std::string scope;
    schema::ConsentForm form;
    std::set<SubjectId> children;  // empty: all of them
    uint32_t closures = 0;         // before it: a family that comes again is asked again
    Recorded withdrawn;            // or refused since
    bool written() const { return form == schema::ConsentForm::WRITTEN || form == schema::ConsentForm::ELECTRONIC; }
    bool covers(const SubjectId& child) const { return children.empty() || children.count(child) > 0; }
};

struct Assessment {
    enum State { started, submitted, returned, authorised };
    EventId id, episode;
    std::string kind;
    State state = started;
    EventId submission{};
    PersonId author{};
};

struct Plan {
    EventId id, episode;
    SubjectId child;
    std::string kind;
    std::vector<EventId> updates;
    const EventId& latest() const { return updates.empty() ? id : updates.back(); }
};

struct Alert {
    EventId id, episode{};
    std::optional<schema::EscalationOutcome> outcome;
    EventId escalation{};
    bool not_informing_judged = false;
};

struct Transfer {
    EventId id, episode{}, escalation{};
    schema::Direction direction;
    std::vector<SubjectId> children;  // as it names them
    std::optional<schema::PanelDecision> decision;
    Recorded summary, handover;
    PersonId received_by{}, released_by{};  // empty: not yet
};

struct Withdrawal {       // of consent, its refusal, or a closure proposed although worries continue
    EventId id, episode;  // the one that was open then
    std::string scope;    // of the consent; empty: a closure
    bool considered = false;
};

struct Retention {  // how long the record about a person is kept
    EventId id;
    SubjectId subject;
    std::string code;
    uint16_t until_year = 0;  // to its end
};

struct Hold {
    EventId id;
    std::set<SubjectId> subjects;
    bool released = false;
};

struct ErasureRequest {
    EventId id;
    SubjectId subject;
    bool refused = false;
};

struct Episode {
    EventId id, contact{};
    std::string team;
    std::map<SubjectId, std::string> children;  // whom it is about, and the level of each; empty: none set
    bool open = true, quality_confirmed = false;
    Recorded introduced, meeting, closure_proposed;
    PersonId worker{}, lead{};
    std::map<EventId, std::pair<PersonId, uint16_t>> overrides;     // approval -> worker, projected children
    std::set<std::string> oversight;                                // points at which it was recorded
    std::set<uint8_t> not_applicable;                               // checklist items, with reasons given
    std::vector<std::pair<EventId, std::vector<EventId>>> letters;  // closure letters and the final plans with them
};

// When something is said to have happened.
struct When {
    schema::Time at{}, until{};  // the same, but for a range
    bool by_day = false;         // no more than the day is known
};
When when_of(schema::Occurred::Reader occurred);

struct CaseState {
    struct Happened {
        Fact::Which type;
        std::string kind;
        PersonId actor;
        uint32_t closures = 0;  // before it
        bool in_error = false;
        bool takes_back = false;  // a correction: something was entered in error
        When when;
        std::vector<EventId> stands_on;  // the events without which it would say nothing
    };
    struct Moved {  // a correction of when something happened
        EventId id, event;
        schema::Time to;
    };

    std::vector<ledger::Digest> leaves;  // of its entries; revision n is leaves[n - 1]
    std::unordered_map<EventId, Happened> events;
    std::vector<Moved> moved;
    std::vector<Subject> children, adults;
    std::vector<Contact> contacts;
    std::vector<Consent> consents;
    std::vector<Assessment> assessments;
    std::vector<Plan> plans;
    std::vector<Alert> alerts;
    std::vector<Transfer> transfers;
    std::vector<Withdrawal> withdrawals;
    std::vector<Episode> episodes;
    std::vector<Retention> retentions;
    std::vector<Hold> holds;
    std::vector<ErasureRequest> erasure_requests;
    std::set<SubjectId> everyone;              // whom any entry ever named, also one that was entered in error
    std::optional<schema::Time> closed_at;     // when the last episode closed
    std::map<EventId, EventId> visit_records;  // record -> visit
    std::array<uint32_t, schema::event_types.size()> since_closure{};  // of each type, since an episode last closed
    uint32_t closures = 0;

    uint64_t revision() const { return leaves.size(); }
    const Contact* contact(const EventId& id) const { return find(contacts, id); }
    const Episode* episode(const EventId& id) const { return find(episodes, id); }
    const Episode* open_episode() const;
    const Assessment* assessment(const EventId& id) const { return find(assessments, id); }
    const Assessment* assessment_of(const EventId& submission) const;
    const Alert* alert(const EventId& id) const { return find(alerts, id); }
    const Alert* alert_of(const EventId& escalation) const;
    const Transfer* transfer(const EventId& id) const { return find(transfers, id); }
    bool is_recorded(const EventId& visit) const;
    When when(const EventId& id) const;  // as it was corrected last
    // Given since the last closure and not withdrawn.
    bool consents_to(std::string_view scope) const;
    bool consents_in_writing_to(std::string_view scope, const std::vector<SubjectId>& children) const;
    bool holds_written_consent(std::string_view scope) const;  // given since the last closure, whatever came of it
    bool has_plan(const Episode& episode, const SubjectId& child) const;
    bool is_about_harm() const;  // a manager decided so on an alert of the open episode, or that telling adds to it
    bool knows_child(const SubjectId& id) const;
    bool knows_adult(const SubjectId& id) const;
    Holding holding() const;
    std::set<SubjectId> held() const;  // on whom a legal hold stands

    // The item that a given event began; null where none did.
    template <class Item, class Id>
    static Item* find(std::vector<Item>& items, const Id& id) {
        for (auto& item : items)
            if (item.id == id) return &item;
        return nullptr;
    }
    template <class Item, class Id>
    static const Item* find(const std::vector<Item>& items, const Id& id) {
        return find(const_cast<std::vector<Item>&>(items), id);
    }
};

// Total: takes any entry of the stream, in order; never refuses, never looks outside, never knows the time.
void evolve(CaseState& state, const ledger::Entry& entry);

}  // namespace commands
