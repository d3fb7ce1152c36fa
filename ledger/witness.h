// A witness (c2sp.org/tlog-witness): it vouches, with a cosignature, that the log it is shown only ever grew. What it
// answers is a function of the request, of what it cosigned last and of the time; it knows no network.
#pragma once
#include <functional>
#include <mutex>

#include "ledger/add_checkpoint.h"
#include "ledger/cosignature.h"
#include "ledger/witness_store.h"

namespace ledger {

struct WitnessAnswer {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::string origin;  // of a log that is known, whose checkpoint this was; else empty
    uint64_t size = 0;   // of that checkpoint
    // Of what a log may have done: "fork" (two roots of one size: proof), "rollback" (a checkpoint smaller than one it
    // had shown), "unproven" (a proof that does not verify). Empty: nothing.
    std::string conflict;
    std::string evidence;  // the file where both notes are kept; empty: they could not be, or are no longer
};

class Witness {
  public:
    struct Options {
        std::function<void()> persisted;  // called between the disk and the answer; for tests that die there
        size_t most_conflicts = 10'000;   // files in FOLDER/conflicts; whoever can make a log sign can make more
    };
    // `logs`: keys of type ed25519, whose names are the origins; an origin may have several. Malformed: a key of
    // another type. Corrupt: what WitnessStore says. Conflict: the folder is another witness's.
    static schema::Result<std::unique_ptr<Witness>> open(const std::string& folder, const std::string& name,
                                                         const SigningKey& key, std::vector<VerifierKey> logs,
                                                         Options options);
    static schema::Result<std::unique_ptr<Witness>> open(const std::string& folder, const std::string& name,
                                                         const SigningKey& key, std::vector<VerifierKey> logs) {
        return open(folder, name, key, std::move(logs), Options{});
    }

    // In seconds since 1970; or why the time cannot be told, which is answered with 503.
    using Clock = std::function<schema::Result<uint64_t>()>;
    // Any thread; the clock is asked by one at a time, and later for what is cosigned later. The new state is on the
    // disk when it returns 200. Io or sealed: it could not be written; nothing is cosigned until the witness is started
    // again.
    schema::Result<WitnessAnswer> add_checkpoint(std::string_view body, const Clock& clock);

    const VerifierKey& identity() const { return identity_; }
    size_t logs() const { return logs_.size(); }

  private:
    Witness(std::string folder, VerifierKey identity, SigningKey key, std::vector<VerifierKey> logs, Options options);
    schema::Result<WitnessAnswer> judge(const AddCheckpoint& request, const Note& note, const Checkpoint& shown,
                                        const Clock& clock);
    std::string keep(const WitnessAnswer& answer, const LastCosigned& last, const AddCheckpoint& request) const;

    const std::string folder_;
    const VerifierKey identity_;
    const SigningKey key_;
    const std::vector<VerifierKey> logs_;
    const Options options_;
    std::mutex mutex_;  // over looking at what was last and writing what is next
    std::unique_ptr<WitnessStore> store_;
};

// The key that others put into their policies.
VerifierKey witness_identity(const std::string& name, const SigningKey& key);

}  // namespace ledger
