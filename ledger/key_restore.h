// Puts a backup of the keys in the place of a ledger's key store. Offline: nobody may have the ledger open.
#pragma once
#include "ledger/key_backup.h"

namespace ledger {

// Every erasure of a book, in its order.
schema::Result<std::vector<Erasure>> erasures_of(const Log& book);
// As the book of that folder has them, without opening the ledger.
schema::Result<std::vector<Erasure>> erasures_of(const std::string& folder);

struct KeyRestore {
    std::string folder, backup;
    bool replace = false;      // also where the folder's own store is whole
    bool accept_loss = false;  // also where the book needs keys that the backup does not hold
};

struct KeysRestored {
    schema::Time taken{};
    uint64_t living = 0, made = 0;  // keys in the store now; keys ever made, of the mark
    uint64_t taken_out = 0;         // keys of erased subjects that the backup still held
    KeyLoss loss;
};

// Keys whose erasure the book holds, or the folder's own store knows of, are not put back.
// Conflict: without `replace`, a whole store would be replaced, or without `accept_loss`, words would be lost; the
// message says how many. Then, as on every other error, the store in the folder is as it was.
schema::Result<KeysRestored> restore_keys(const KeyRestore& wanted);

}  // namespace ledger
