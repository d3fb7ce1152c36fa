// A witness's cosignature/v1 (c2sp.org/tlog-cosignature) on a checkpoint: that at this time it was the largest state
// of its log that the witness had seen, and consistent with all before.
//
//   cosignature/v1
//   time 1679315147                             seconds since 1970
//   and the whole text of the checkpoint
#pragma once
#include <optional>

#include "ledger/note.h"

namespace ledger {

// What is signed.
std::string cosigned_message(uint64_t time, std::string_view text);

// The signature line; `time` in seconds since 1970.
NoteSignature cosign(std::string_view text, std::string_view name, const SigningKey& key, uint64_t time);

// The latest time at which this witness, a key of type cosignature, cosigned. Nothing: it did not. Malformed: a line of
// its key does not verify.
schema::Result<std::optional<uint64_t>> cosigned_by(const Note& note, const VerifierKey& witness);

}  // namespace ledger
