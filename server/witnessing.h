// Asking witnesses: whenever the book has grown, its newest checkpoint is shown to all of them at once, each on a
// thread of its own, so that one who is slow, dead or hostile holds up nobody; the writer never waits for any. What the
// policy's quorum cosigned is on the disk before it is told to anybody, and what was witnessed once stays so.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/evidence.h"
#include "ledger/ledger.h"
#include "ledger/witness_policy.h"

namespace server {

struct WitnessingOptions {
    std::string ca;                                   // PEM file of whom TLS trusts; empty: the machine's own list
    std::map<std::string, std::string> certificates;  // of single witnesses, by the policy's name: PEM, trusted alone
    std::chrono::milliseconds patience = std::chrono::seconds{10};  // with one step of one witness
    std::chrono::milliseconds pause = std::chrono::seconds{1};      // between one checkpoint and the next
    std::chrono::milliseconds refresh = std::chrono::hours{1};      // a book that rests is cosigned anew
    std::chrono::milliseconds again = std::chrono::seconds{1};      // after a failure; doubled each time, with jitter
    std::chrono::milliseconds longest = std::chrono::minutes{5};    // up to this
    std::function<schema::Time()> clock;                            // for telling when; none: the system's
    bool log = true;                                                // to stderr
};

// How it stands with one witness.
struct WitnessStanding {
    std::string name;                // in the policy
    uint64_t size = 0;               // of the newest checkpoint it cosigned for us; 0: none yet
    std::optional<schema::Time> at;  // when it did, on its own clock
    std::string state = "not asked yet";
    std::string claim;  // what it holds against this ledger, as a sentence; empty: nothing
};

class Witnessing {
  public:
    // With a policy whose logs name this one: asks. Without one: keeps to what has been witnessed. Both ledger and
    // evidence must outlive it. Malformed: the policy. Corrupt: what was witnessed is not of this book, which then has
    // been rolled back or is another.
    static schema::Result<std::unique_ptr<Witnessing>> start(const ledger::Ledger& ledger, ledger::Evidence& evidence,
                                                             std::optional<ledger::WitnessPolicy> policy,
                                                             WitnessingOptions options);
    ~Witnessing();  // stops

    // The newest checkpoint that the quorum cosigned; its size never falls. Null: none yet.
    std::shared_ptr<const ledger::Cosigned> newest() const;
    // Why an entry beyond it is not witnessed, in words.
    std::string reason() const;
    std::vector<WitnessStanding> standings() const;

  private:
    struct State;
    explicit Witnessing(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace server
