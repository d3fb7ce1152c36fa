// The log in a RocksDB of this process: one synced write per batch.
#pragma once
#include "ledger/log.h"

namespace rocksdb {
class Env;
}

namespace ledger {

// `env`: the file system under it; null for the machine's own. `sync` false only in tests that must see loss.
struct RocksLogOptions {
    rocksdb::Env* env = nullptr;
    bool create = false;
    bool sync = true;
    bool read_only = false;
};

schema::Result<std::unique_ptr<Log>> open_rocks_log(const std::string& folder, const std::string& origin,
                                                    const RocksLogOptions& options);
// The origin written when the log was made.
schema::Result<std::string> origin_of(const Log& log);

}  // namespace ledger
