// Talking to the service: one connection, signed in with the person's key; its problems become failures.
#pragma once
#include "ledger/keys.h"
#include "server/client.h"
#include "tools/desk.h"

namespace tools {

// What a service says it is; GET /v1/ledger.
struct ServiceFacts {
    std::string origin, authority;
    bool played_clock = false;
    schema::PublicKey checkpoint_key{};  // the newest
    // Every key that ever signed checkpoints, and the position of the entry that names it.
    std::vector<std::pair<schema::PublicKey, uint64_t>> checkpoint_keys;
};

class Calls {
  public:
    // Where the desk says: its settings, else what follows from --data, else the usual address.
    static Attempt<Calls> connect(const Desk& desk);
    // Likewise, and signed in.
    static Attempt<Calls> sign_in(const Desk& desk);

    Attempt<boost::json::value> get(const std::string& target);
    Attempt<std::string> get_text(const std::string& target, const std::string& accept);
    // Into a file that is there, however long; a problem of the service leaves it as it was.
    Attempt<> download(const std::string& target, const std::string& path);
    Attempt<boost::json::value> post(const std::string& target, const boost::json::value& body);
    Attempt<ServiceFacts> facts();
    // A session ends with the service that gave it; after a restart a new one is needed.
    Attempt<> sign_in_again();
    const ledger::SigningKey& key() const { return *key_; }

  private:
    explicit Calls(server::Client client) : client_(std::move(client)) {}
    server::Client client_;
    std::optional<ledger::SigningKey> key_;
};

// "/v1/cases?open=true&worker=41d2": what is empty is left out.
class Target {
  public:
    explicit Target(std::string path) : text_(std::move(path)) {}
    Target& with(std::string_view name, std::string_view value);
    const std::string& text() const { return text_; }

  private:
    std::string text_;
    bool first_ = true;
};

// The person's key file: --key, or what was made beside the ledger; usage when there is none.
Attempt<ledger::SigningKey> load_key(const Desk& desk);

}  // namespace tools
