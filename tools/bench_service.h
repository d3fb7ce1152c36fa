// The service that is measured: a real ledger, door and views in one process, and events made ready to be sent, so that
// the clients' own work (drafting, signing) is not in the figures.
#pragma once
#include <filesystem>
#include <span>

#include "projections/views.h"
#include "server/client.h"
#include "server/server.h"
#include "tools/desk.h"

namespace tools {

struct PreparedEvent {
    std::string event;  // canonical bytes
    schema::Signature signature;
    std::vector<ledger::Word> words;
    std::string json;  // the body of POST /v1/events
};

class BenchService {
  public:
    // Makes the folder, a ledger, a worker with a key, and one case for each stream of work; serves it.
    static Attempt<std::unique_ptr<BenchService>> open(const std::string& folder);
    ~BenchService();  // removes the folder

    schema::PublicKey public_key() const { return worker_key_.public_key(); }
    ledger::Ledger& ledger() { return *ledger_; }
    projections::Projections& views() { return *views_; }

    // `count` case notes (at least one) with words, spread over the cases.
    std::vector<PreparedEvent> prepare(unsigned cases, uint64_t count);
    Attempt<std::vector<server::Client>> connect(unsigned count);
    bool send(server::Client& client, const PreparedEvent& event);
    bool send_many(server::Client& client, std::span<const PreparedEvent> events);

    schema::Result<void> stop_serving();
    schema::Result<void> rebuild_views();  // deletes them and waits until they are back

  private:
    explicit BenchService(std::string folder)
        : folder_(std::move(folder)), worker_key_(ledger::SigningKey::generate()) {}
    Attempt<void> furnish(const ledger::SigningKey& governor, const schema::PersonId& governor_id);
    schema::Result<void> open_views();

    std::string folder_;
    ledger::SigningKey worker_key_;
    schema::PersonId worker_ = ledger::random_id<schema::PersonId>();
    std::vector<schema::StreamId> cases_;
    schema::SubjectId child_ = ledger::random_id<schema::SubjectId>();
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<commands::Sequencer> sequencer_;
    std::unique_ptr<projections::Projections> views_;
    std::unique_ptr<server::Server> server_;
};

}  // namespace tools
