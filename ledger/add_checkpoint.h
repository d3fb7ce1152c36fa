// What a log sends to a witness (c2sp.org/tlog-witness, add-checkpoint): what the witness saw last, the proof that the
// log only grew since, and the checkpoint to be cosigned.
//
//   old 20852014                                the size that the witness cosigned last; 0: none yet
//   PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=  the RFC 6962 consistency proof, a line a hash, at most 63
//                                               (an empty line)
//   example.com/behind-the-sofa                 the checkpoint, a whole signed note
//   ...
#pragma once
#include <string>

#include "ledger/checkpoint.h"
#include "ledger/tree.h"

namespace ledger {

inline constexpr size_t add_checkpoint_limit = 72 * 1024;  // a proof and a note, with room to spare

struct AddCheckpoint {
    uint64_t old_size = 0;
    Proof proof;
    std::string note;

    std::string body() const;
};

// Malformed: not of that form. The note is not looked into.
schema::Result<AddCheckpoint> read_add_checkpoint(std::string_view body);

}  // namespace ledger
