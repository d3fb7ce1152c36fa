// Backups of the key store: one file each, all rows as of one moment, rolling off beyond a number. A file of our own
// and no copy of the store's, because a backup must be able to give up a key: it is written anew without it.
//
//   DIR/keys-NUMBER-MADE.backup     numbered from 1; MADE: how many keys had ever been made, the number of the mark
//     "clkeys1\n" | taken at, milliseconds since 1970 (8) | number of rows (8) | of each row, in the order of their
//     names: length (2), name, length (2), value | SHA-256 of all before it (32)
#pragma once
#include <vector>

#include "ledger/key_store.h"
#include "ledger/log.h"
#include "schema/time.h"

namespace ledger {

struct KeyBackup {
    schema::Time taken{};
    KeyRows rows;
};

std::string key_backup_bytes(const KeyBackup& backup);
schema::Result<KeyBackup> read_key_backup(schema::Bytes bytes, const std::string& name);
schema::Result<KeyBackup> load_key_backup(const std::string& path);

struct KeyBackupFile {
    std::string path;
    uint64_t number = 0;
};
// Those in the folder, oldest first, whole or not.
schema::Result<std::vector<KeyBackupFile>> key_backups_in(const std::string& folder);

// Writes the next backup and reads it back, then wipes all but the newest `keep`; 0: keeps all. Its path. Conflict when
// the folder holds backups of another store.
schema::Result<std::string> back_up_keys(KeyStore& keys, const std::string& folder, size_t keep, schema::Time now);

// What the rows themselves know: those whose keys were destroyed.
std::vector<Erasure> erasures_in(const KeyRows& rows);
// Of how many keys of these subjects the rows hold that were made before their erasure.
uint64_t count_erased(const KeyRows& rows, std::span<const Erasure> erasures);
// Takes the keys of these out of the rows, as KeyStore::erase does; how many there were.
uint64_t take_out(KeyRows& rows, std::span<const Erasure> erasures);
// Writes the backup anew without these keys and wipes the old file; how many there were.
schema::Result<uint64_t> purge_key_backup(const std::string& path, std::span<const Erasure> erasures);

// What a book would lose with these rows as its keys.
struct KeyLoss {
    uint64_t keys = 0;      // made, and neither there nor destroyed
    uint64_t subjects = 0;  // whose words, at least one, have lost a key
    uint64_t words = 0;     // that nobody can read any more
};
schema::Result<KeyLoss> loss_with(const KeyRows& rows, const Log& book, std::span<const Erasure> erasures);

}  // namespace ledger
