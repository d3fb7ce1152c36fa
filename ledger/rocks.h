// One way to open a RocksDB, for every store of ours.
#pragma once
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <memory>
#include <string>
#include <vector>

namespace ledger {

// The options that every store has: nothing is passed over in silence, and little is written for people.
rocksdb::Options rocks_options();

// A reader leaves no trace: not even a LOG file in a folder that may be evidence. A table whose damage would end the
// process is Corruption, told before RocksDB reads it.
rocksdb::Status open_rocks(const rocksdb::Options& options, const std::string& folder, bool read_only,
                           std::unique_ptr<rocksdb::DB>& db);

// A store whose rows lie in several families, each with files of its own.
struct FamilyStore {
    FamilyStore() = default;
    FamilyStore(const FamilyStore&) = delete;
    FamilyStore& operator=(const FamilyStore&) = delete;
    ~FamilyStore() { let_go(); }
    void let_go();  // of the families: before the store is closed
    std::unique_ptr<rocksdb::DB> db;
    std::vector<rocksdb::ColumnFamilyHandle*> families;  // in the order in which they were asked for
};
// Likewise; the default one is among `families`, and all that are there must be.
rocksdb::Status open_rocks(const rocksdb::DBOptions& options, const std::string& folder, bool read_only,
                           const std::vector<rocksdb::ColumnFamilyDescriptor>& families, FamilyStore& store);

}  // namespace ledger
