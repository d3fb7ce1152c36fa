// A whole service in a folder of its own: a real ledger on a played clock, the bench, the views and a server with TLS
// on loopback; staff with keys, and three families: Ash (north, with Kit), Elm (south, with Sam), Oak (at the front
// door).
#pragma once
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <memory>
#include <string>

#include "commands/sequencer.h"
#include "ledger/draft.h"
#include "ledger/ledger.h"
#include "projections/views.h"
#include "server/client.h"
#include "server/server.h"

namespace test {

namespace json = boost::json;
inline const char* const origin = "ledger.eastmere.example/early-help";

struct Person {
    schema::PersonId id;
    ledger::SigningKey key = ledger::SigningKey::generate();
    std::string role, team;
};

struct Family {
    schema::StreamId stream = ledger::random_id<schema::StreamId>();
    schema::SubjectId child = ledger::random_id<schema::SubjectId>();
    schema::EventId episode{};
};

class House {
  public:
    explicit House(server::Options options = {});
    ~House();

    // Data governor, MASH, duty manager, team manager (north), two key workers (north, south), business support,
    // service manager.
    Person governor, mo, dee, tess, kit, sam, gil, sue;
    Family ash, elm, oak;

    // A connection, signed in as somebody or as nobody.
    server::Client client(const Person& person);
    server::Client stranger();

    // Straight to the bench, a minute after the last entry.
    commands::Outcome try_record(const Person& person, const schema::StreamId& stream, json::object fact);
    commands::Accepted record(const Person& person, const schema::StreamId& stream, json::object fact);
    ledger::Draft draft(const Person& person, const schema::StreamId& stream, json::object fact);
    // The body of POST /v1/events for a draft signed by this person.
    static json::object signed_body(const Person& person, const ledger::Draft& draft);

    json::object note() const { return {{"caseNoteAdded", {{"note", "action"}}}}; }
    void catch_up();                                                          // until the views have every entry
    void wait_a_while(std::chrono::milliseconds by) { wall_ += by.count(); }  // on the wall's clock

    ledger::Ledger& book() { return *ledger_; }
    server::Server& service() { return *server_; }
    std::string certificate() const;
    uint16_t port() const { return server_->port(); }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(port()); }
    const std::string& folder() const { return folder_; }
    void close_bench() { sequencer_.reset(); }

  private:
    Person hire(const std::string& name, const std::string& role, const std::string& team);
    void open_case(Family& family, const std::string& team, const Person& worker);
    json::object possession(const Person& person) const;

    std::string folder_;
    std::atomic<int64_t> wall_{1'700'000'000'000};
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<commands::Sequencer> sequencer_;
    std::unique_ptr<projections::Projections> views_;
    std::unique_ptr<server::Server> server_;
};

// One for all tests that only read, or that leave nothing others would trip over.
House& shared_house();

inline std::string text(const json::value& value) { return json::serialize(value); }

}  // namespace test
