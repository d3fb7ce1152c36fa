// A real ledger, bench and views in a folder of their own, on a played clock, for one scenario.
#pragma once
#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "commands/sequencer.h"
#include "ledger/draft.h"
#include "projections/views.h"

namespace scenarios {

struct Person {
    schema::PersonId id;
    ledger::SigningKey key;
    std::vector<std::pair<std::string, std::string>> roles;  // role, team
    std::optional<ledger::SigningKey> earlier{};             // the key before this one
};

struct Family {
    schema::StreamId stream;
    std::vector<std::pair<std::string, schema::SubjectId>> children, adults;
    std::vector<std::pair<std::string, schema::EventId>> events;  // accepted: type name, id; in order
};

// One event as a scenario says it.
struct Act {
    schema::Time occurred{}, recorded{};
    std::vector<std::string> who;           // the actor, then joint signers
    std::vector<std::string> about;         // whom the words are about; empty: the first child
    std::string role, type, label, family;  // role empty: the one that may
    std::map<std::string, std::vector<std::string>> fields;
    std::optional<uint64_t> seen;  // revisions the actor had been shown; all, if not said
    bool day_only = false;         // when it happened is known to the day
};

class Stage {
  public:
    // Throws std::runtime_error with a sentence when a scenario asks for what there is not; a scenario is our own text.
    Stage(const std::string& practice, schema::Time opened, const std::map<std::string, std::string>& cap_modes);
    ~Stage();

    void hire(const std::string& name, std::vector<std::pair<std::string, std::string>> roles, int fte);
    void form_team(const std::string& team, const std::string& kind);
    // "early-help 6 years from closure", "child-in-need 30 years from birth after escalationDecided childInNeed"
    void issue_schedule(const std::string& id, const std::vector<std::string>& classes);
    void meet(const std::string& family, std::vector<std::string> children, std::vector<std::string> adults);
    commands::Outcome perform(const Act& act);
    // Sends the same bytes again, as a client does that never got its answer.
    commands::Outcome perform_again();

    projections::Projections& views();
    ledger::Ledger& book() { return *ledger_; }
    const Family& family(const std::string& name) const { return families_.at(name); }
    const Person& person(const std::string& name) const;
    bool is_person(const std::string& name) const { return people_.count(name) > 0; }
    schema::SubjectId subject(const std::string& name) const;  // a child or adult of any family
    ledger::Entry entry(const std::string& label) const;       // the event that was called so
    const std::map<std::string, schema::EventId>& labels() const { return labels_; }

  private:
    struct Sent {
        std::string event;
        std::vector<ledger::Signature> signatures;
        std::vector<ledger::Word> words;
        schema::Time at;
    };
    commands::Outcome send(const Sent& sent);
    commands::Outcome record(const Person& actor, const std::string& role, const schema::StreamId& stream,
                             boost::json::object fact, std::vector<ledger::Word> words, schema::Time at);
    void must(commands::Outcome outcome, const std::string& what);
    boost::json::value value_of(const schema::FieldMarks& field, const std::vector<std::string>& given,
                                const Family& family) const;
    boost::json::value list_of(const schema::FieldMarks& field, const std::vector<std::string>& given,
                               const Family& family) const;
    boost::json::object facts_of(const Act& act, const Family& family) const;
    const Person* whose_key(const Act& act) const;  // who gets a new key by this; null: nobody
    std::string role_for(const Act& act, const Person& person) const;
    schema::Practice::Reader practice() const;

    std::filesystem::path folder_;
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<commands::Sequencer> sequencer_;
    std::unique_ptr<projections::Projections> views_;
    std::map<std::string, Person> people_;
    std::map<std::string, Family> families_;
    std::map<std::string, schema::EventId> labels_;
    std::string practice_id_;
    schema::Time opened_;
    Sent last_;
};

}  // namespace scenarios
