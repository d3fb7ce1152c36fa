// What a verifier believes from elsewhere than what it verifies, and which state a checkpoint's signatures then prove:
// included, under a checkpoint that the ledger signed; or witnessed, by others and when.
#pragma once
#include <boost/json.hpp>

#include "ledger/timestamp.h"
#include "ledger/witness_policy.h"

namespace tools {

struct Believed {
    std::vector<ledger::VerifierKey> keys;        // that sign checkpoints; no name: whatever the origin is
    std::optional<ledger::WitnessPolicy> policy;  // its logs' keys are believed as well
    std::optional<schema::Time> not_before;       // cosignatures from before it do not count
    bool must_be_witnessed = false;               // by the policy's quorum; else it is a finding
    std::optional<ledger::TimeTrust> authorities;

    std::vector<schema::PublicKey> public_keys() const;
    // By the names that signature lines of this origin's checkpoints have.
    std::vector<ledger::VerifierKey> keys_for(const std::string& origin) const;
};

struct Standing {
    uint64_t size = 0;  // of the checkpoint
    bool witnessed = false;
    std::vector<ledger::Witnessed::By> by;  // whose cosignatures count
    size_t stale = 0;                       // cosignatures that are too old to count
    std::string quorum;

    boost::json::object to_json() const;
    std::string text() const;  // in a sentence
};

// Of a note that the ledger was found to have signed. Nothing: no policy says whose word counts. Malformed: a line of
// one of the policy's witnesses does not verify.
schema::Result<std::optional<Standing>> standing_of(const std::string& note, const Believed& believed);

// A public key as 64 hexadecimal digits or as a verifier key <name>+<id>+<base64>.
schema::Result<schema::PublicKey> read_public_key(const std::string& text, const std::string& field);
// The same with its name, which is empty for digits.
schema::Result<ledger::VerifierKey> read_verifier_key(const std::string& text, const std::string& field);

}  // namespace tools
