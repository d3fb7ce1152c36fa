// Asks a time-stamping authority for the time of the newest checkpoint, once or again and again, and keeps what it says
// as evidence. Nothing waits for it: an authority that is away costs a line in the log and is asked again.
#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "ledger/evidence.h"
#include "ledger/ledger.h"
#include "ledger/timestamp.h"

namespace server {

struct AuthorityOptions {
    std::string url;  // "http://..." will do: what comes back is signed
    ledger::TimeTrust trust;
    std::string certificates;  // PEM file of whom TLS trusts; empty: the machine's own list
    std::chrono::milliseconds patience = std::chrono::seconds{30};  // for each step of asking
};

struct Stamped {
    std::string token;
    ledger::TokenTime told;
};

// Asks once. Io: it cannot be reached; malformed, forbidden: what it said does not hold, or it refused.
schema::Result<Stamped> ask_authority(const AuthorityOptions& options, std::string_view note);

class Stamping {
  public:
    struct Options {
        AuthorityOptions authority;
        std::chrono::milliseconds every = std::chrono::hours{24};
        // After a failure so long, doubled each time, at most an hour and never more than `every`.
        std::chrono::milliseconds again = std::chrono::minutes{1};
        std::chrono::milliseconds look = std::chrono::seconds{1};  // when due: for a book that has grown
        bool log = true;                                           // to stderr
    };
    // Begins on a thread of its own. Malformed: the URL. Both must outlive it. A token that is kept counts as asked
    // then, so a service that is often started does not ask more often.
    static schema::Result<std::unique_ptr<Stamping>> start(const ledger::Ledger& ledger, ledger::Evidence& evidence,
                                                           Options options);
    ~Stamping();  // cuts off what is being asked

  private:
    struct State;
    explicit Stamping(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace server
