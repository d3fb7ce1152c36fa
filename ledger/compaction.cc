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
    FamilyStore store;
    if (status.ok()) status = open_rocks(options, folder, false, families, store);
    if (status.ok()) status = store.db->Flush({}, store.families);
    // What lies at the bottom was packed as the bottom is when it came there, and stays.
    for (auto* family : store.families)
        if (status.ok()) status = store.db->CompactRange({}, family, nullptr, nullptr);
    store.let_go();
    if (status.ok()) status = store.db->Close();
    if (!status.ok()) return schema::fail(schema::Fault::io, folder, "cannot be compacted: " + status.ToString());
    return {};
}

std::string store_version() { return rocksdb::GetRocksVersionAsString(); }

}  // namespace ledger
