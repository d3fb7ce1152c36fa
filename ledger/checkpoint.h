// A C2SP tlog-checkpoint as a signed note: a signed claim that a book of this size has this root.
//
//   ledger.eastmere.example/early-help          the origin
//   4211                                        the size
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=  the root
//                                               (an empty line)
//   — ledger.eastmere.example/early-help <base64 of 4 bytes of key id and the Ed25519 signature>
#pragma once
#include <string>

#include "ledger/digest.h"
#include "ledger/keys.h"

namespace ledger {

struct Checkpoint {
    std::string origin;
    uint64_t size = 0;
    Digest root{};

    std::string body() const;                       // the three lines that are signed
    std::string sign(const SigningKey& key) const;  // the whole note, key name = origin, key type 0x01
};

// Parses a note and checks the signature of `key` under the name of its own origin. Other signature lines
// (cosignatures) are let stand. Malformed: not a checkpoint, another key, a signature that does not verify.
schema::Result<Checkpoint> open_checkpoint(std::string_view note, const PublicKey& key);

// The key as others write it down: <name>+<key id, hex>+<base64 of 0x01 and the key>.
std::string verifier_key(std::string_view name, const PublicKey& key);

}  // namespace ledger
