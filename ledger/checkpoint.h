// A C2SP tlog-checkpoint as a signed note: a signed claim that a book of this size has this root.
//
//   ledger.eastmere.example/early-help          the origin
//   4211                                        the size
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=  the root
//                                               (an empty line)
//   — ledger.eastmere.example/early-help <base64 of 4 bytes of key id and the Ed25519 signature>
#pragma once
#include <span>
#include <string>
#include <vector>

#include "ledger/digest.h"
#include "ledger/note.h"

namespace ledger {

struct Checkpoint {
    std::string origin;
    uint64_t size = 0;
    Digest root{};
    std::vector<std::string> extensions{};  // further lines; other logs have them, ours has none

    std::string body() const;  // the text that is signed
    // The whole note, key name = origin, key type 0x01; with a line for each key while one takes over from another.
    std::string sign(std::span<const SigningKey> keys) const;
    std::string sign(const SigningKey& key) const { return sign({&key, 1}); }
};

// The form alone: an origin, a size, a root and extension lines, none of them empty.
schema::Result<Checkpoint> parse_checkpoint(std::string_view text);

// Parses a note and checks its signatures under the name of its own origin: at least one of `keys` signed it, and no
// line of one of them fails. Lines of others (cosignatures, keys of another time) are let stand. Malformed: not a
// checkpoint, extension lines, other keys, a signature that does not verify.
schema::Result<Checkpoint> open_checkpoint(std::string_view note, std::span<const PublicKey> keys);
inline schema::Result<Checkpoint> open_checkpoint(std::string_view note, const PublicKey& key) {
    return open_checkpoint(note, {&key, 1});
}

// The same for a checkpoint of any log, whose keys have names of their own and which may have extension lines. Whether
// it is of the log that was meant, its origin says.
schema::Result<Checkpoint> open_checkpoint(const Note& note, std::span<const VerifierKey> keys);

// The key as others write it down: <name>+<key id, hex>+<base64 of 0x01 and the key>.
std::string verifier_key(std::string_view name, const PublicKey& key);

}  // namespace ledger
