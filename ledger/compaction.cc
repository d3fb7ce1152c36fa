#include "ledger/compaction.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/options_util.h>
#include <rocksdb/version.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "ledger/rocks.h"

namespace ledger {

schema::Result<void> compact_store(const std::string& folder) {
    rocksdb::DBOptions options;
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    auto status = rocksdb::LoadLatestOptions({}, folder, &options, &families);
    options.create_if_missing = options.error_if_exists = false;  // as it may have been when it was made
    options.max_subcompactions = std::max(1u, std::thread::hardware_concurrency());
    std::unique_ptr<rocksdb::DB> db;
    if (status.ok()) status = open_rocks(rocksdb::Options(options, families.at(0).options), folder, false, db);
    if (status.ok()) status = db->Flush({});
    // What lies at the bottom was packed as the bottom is when it came there, and stays.
    if (status.ok()) status = db->CompactRange({}, nullptr, nullptr);
    if (status.ok()) status = db->Close();
    if (!status.ok()) return schema::fail(schema::Fault::io, folder, "cannot be compacted: " + status.ToString());
    return {};
}

std::string store_version() { return rocksdb::GetRocksVersionAsString(); }

}  // namespace ledger
