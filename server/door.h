// What every handler is given: the door (all that is behind it) and the call (one request, admitted). The routing table
// in routes.cc says which handler a request reaches and what it needs before it does.
#pragma once
#include <atomic>

#include "commands/sequencer.h"
#include "ledger/ledger.h"
#include "ledger/receipt.h"
#include "projections/views.h"
#include "server/access.h"
#include "server/http.h"
#include "server/sessions.h"
#include "server/witnessing.h"

namespace server {

struct Limits {
    size_t connections = 1024;       // 503 and closed beyond
    int in_flight_per_session = 32;  // 429 beyond
    uint64_t views_may_lag = 1000;   // /readyz says so beyond
    std::chrono::milliseconds handshake = std::chrono::seconds{10}, header = std::chrono::seconds{10},
                              idle = std::chrono::seconds{60}, part = std::chrono::seconds{30},  // of a body or answer
        heartbeat = std::chrono::seconds{15}, at_least = std::chrono::seconds{5},
                              newest = std::chrono::milliseconds{500},  // that a view waits for what was recorded
        answer = std::chrono::seconds{60},                              // until an append has its place
        stop = std::chrono::seconds{10};
    Sessions::Rules sessions;
};

// One door for one ledger. Shared by all connections; everything in it is safe from any thread.
struct Door {
    Door(ledger::Ledger& ledger_, commands::Sequencer& sequencer_, projections::Projections& views_, Limits limits_,
         std::function<schema::Time()> clock_, const Witnessing* witnessing_)
        : ledger(ledger_),
          sequencer(sequencer_),
          views(views_),
          limits(limits_),
          clock(std::move(clock_)),
          witnessing(witnessing_),
          sessions(limits_.sessions) {}

    ledger::Ledger& ledger;
    commands::Sequencer& sequencer;
    projections::Projections& views;
    const Limits limits;
    const std::function<schema::Time()> clock;
    const Witnessing* const witnessing;  // null: no witness was ever asked
    Sessions sessions;
    std::atomic<bool> stopping{false};

    Now now(const commands::Known& known) const;
    // Under the newest checkpoint that was witnessed, where that covers the entry; else it says why not.
    schema::Result<ledger::Receipt> receipt(const ledger::Entry& entry) const;
};

// A place among the requests that a session may have at once.
class Turn {
  public:
    Turn() = default;
    explicit Turn(std::shared_ptr<Session> session) : session_(std::move(session)) { ++session_->in_flight; }
    Turn(Turn&&) noexcept = default;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
        if (session_) --session_->in_flight;
    }

  private:
    std::shared_ptr<Session> session_;
};

struct Call {
    const Head* head = nullptr;
    std::string_view body;
    std::vector<std::string> path;                 // what stood in the pattern's braces
    std::shared_ptr<const commands::Known> known;  // directory and practice as this request finds them
    std::shared_ptr<Session> session;              // null where the route needs none
    Reader reader;
    Now now{};
    std::string request_id;
    // Runs a piece of work later on this connection's thread: long handlers do their work in slices.
    std::function<void(std::function<void()>)> post;
};

using Handler = schema::Result<Reply> (*)(Door&, Call&);

// ---- signing in: sign_in.cc ----
schema::Result<Reply> post_challenge(Door&, Call&);
schema::Result<Reply> post_session(Door&, Call&);
schema::Result<Reply> post_session_end(Door&, Call&);
// ---- recording: events.cc, bulk.cc, drafts.cc ----
schema::Result<Reply> post_events(Door&, Call&);
schema::Result<Reply> post_bulk(Door&, Call&);
schema::Result<Reply> post_drafts(Door&, Call&);
// ---- what a stranger may check: proofs.cc ----
schema::Result<Reply> get_livez(Door&, Call&);
schema::Result<Reply> get_readyz(Door&, Call&);
schema::Result<Reply> get_ledger(Door&, Call&);
schema::Result<Reply> get_checkpoint(Door&, Call&);
schema::Result<Reply> get_witnessed(Door&, Call&);
schema::Result<Reply> get_consistency(Door&, Call&);
schema::Result<Reply> get_inclusion(Door&, Call&);
// ---- the tree in tiles: tiles.cc ----
schema::Result<Reply> get_tile(Door&, Call&);
schema::Result<Reply> get_entry_bundle(Door&, Call&);
// ---- what leaves the building: disclosures.cc ----
schema::Result<Reply> get_completeness(Door&, Call&);
schema::Result<Reply> get_bundle(Door&, Call&);
// ---- single entries: entries.cc ----
schema::Result<Reply> get_entry(Door&, Call&);
schema::Result<Reply> get_receipt(Door&, Call&);
// ---- cases: cases.cc ----
schema::Result<Reply> get_cases(Door&, Call&);
schema::Result<Reply> get_case(Door&, Call&);
schema::Result<Reply> get_chronology(Door&, Call&);
schema::Result<Reply> get_case_timeliness(Door&, Call&);
schema::Result<Reply> post_search(Door&, Call&);  // search.cc
// ---- the service: service.cc, references.cc ----
schema::Result<Reply> get_caseload(Door&, Call&);
schema::Result<Reply> get_timeliness(Door&, Call&);
schema::Result<Reply> get_due(Door&, Call&);
schema::Result<Reply> get_retention(Door&, Call&);
schema::Result<Reply> get_practice(Door&, Call&);
schema::Result<Reply> get_directory(Door&, Call&);
// ---- streams: replay.cc, live.cc ----
schema::Result<Reply> get_replay(Door&, Call&);
schema::Result<Reply> get_live(Door&, Call&);

}  // namespace server
