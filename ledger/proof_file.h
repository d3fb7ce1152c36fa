// A proof that an entry is in a log, in one text file that is checked offline (c2sp.org/tlog-proof@v1).
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>                              optional; nobody vouches for it
//   index 4211
//   <base64 of a hash>                          from the leaf's sibling to the root's child
//                                               (an empty line)
//   and the checkpoint, a signed note
#pragma once
#include "ledger/receipt.h"
#include "ledger/witness_policy.h"

namespace ledger {

struct ProofFile {
    uint64_t index = 0;
    std::optional<std::string> extra;
    Proof hashes;
    std::string checkpoint;  // as it was signed

    std::string text() const;
};

// The form alone.
schema::Result<ProofFile> parse_proof_file(std::string_view text);
// The same proof as the receipt's. The leaf is the RFC 6962 hash of the entry's bytes, which the file does not hold.
schema::Result<ProofFile> proof_file_of(const Receipt& receipt);

struct Proven {
    Checkpoint checkpoint;
    uint64_t index = 0;
    std::optional<std::string> extra;
    Witnessed witnessed;  // by the policy's witnesses; empty without a policy
};

// Checks, offline: that one of `keys` signed the checkpoint and that the proof leads from the leaf to its root; with a
// policy also that its quorum cosigned and, where it names logs, that one of them signed. `keys` may be empty where the
// policy names logs. The error says which failed.
schema::Result<Proven> verify_proof_file(const Digest& leaf, std::string_view text, std::span<const VerifierKey> keys,
                                         const WitnessPolicy* policy = nullptr);
// The same for a ledger of ours: its keys go by the name of the checkpoint's origin.
schema::Result<Proven> verify_proof_file(const Digest& leaf, std::string_view text, std::span<const PublicKey> keys,
                                         const WitnessPolicy* policy = nullptr);

}  // namespace ledger
