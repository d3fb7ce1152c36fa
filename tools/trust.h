// What this client has seen of each ledger, kept beside the key file as FILE.seen: the key that signs checkpoints and
// the newest checkpoint. A ledger that shows one person another past than before is found out here.
#pragma once
#include "ledger/checkpoint.h"
#include "tools/calls.h"

namespace tools {

class Trust {
  public:
    // Reads FILE.seen. A ledger that is seen for the first time is trusted with the key it names, and that is said,
    // unless `pinned` gives the key. Verification failure when the key is another than before or than the pinned one;
    // a key that took over from it is taken when the book, under the old key's signature, holds the entry that names
    // it.
    static Attempt<Trust> open(const Desk& desk, const ServiceFacts& facts,
                               const std::optional<schema::PublicKey>& pinned);

    // Checks the note's signature, and that the book it is of only extends the one seen last; then remembers it.
    Attempt<ledger::Checkpoint> advance(Calls& calls, const std::string& note);
    // Checks a checkpoint that a receipt is under, which may be older than the one seen last: a witnessed one is. Then
    // the newest must extend it; else it is as above.
    Attempt<> accept(Calls& calls, const std::string& note);
    // Likewise, of the newest checkpoint.
    Attempt<ledger::Checkpoint> advance(Calls& calls);

    const schema::PublicKey& checkpoint_key() const { return key_; }
    const std::string& origin() const { return origin_; }

  private:
    schema::Result<void> save() const;
    Attempt<> adopt(Calls& calls, const ledger::Checkpoint& checkpoint);
    Attempt<bool> extends(Calls& calls, const ledger::Checkpoint& from, const ledger::Checkpoint& to) const;

    std::string path_, origin_;
    schema::PublicKey key_{};
    std::optional<std::pair<schema::PublicKey, uint64_t>> next_;  // the key that is said to come after it, and where
    ledger::Checkpoint last_;                                     // size 0: none yet
    boost::json::object all_;                                     // by origin
};

// Who has signed in and knows which ledger it is: what everyone is who records or keeps something of it.
struct SignedIn {
    Calls calls;
    ServiceFacts facts;
    Trust trust;
};
Attempt<SignedIn> sign_in(const Desk& desk, const std::optional<schema::PublicKey>& pinned = {});

}  // namespace tools
