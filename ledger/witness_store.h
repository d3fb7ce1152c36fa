// What a witness must never forget: of each log, the newest checkpoint that it has cosigned. A RocksDB of its own,
// synced before anything is answered, and a mark beside it: a witness that forgets would cosign a fork.
//
//   FOLDER/witness        'f' -> the format; 'i' -> whose it is; 'n' -> how many writes there were (8) and the digest
//                         of all rows after the last; 'c' and origin -> size (8), root (32), time (8), the log's note
//   FOLDER/witness.mark   the number of writes and that digest; below it, or with other rows, it is not opened
#pragma once
#include <map>
#include <memory>
#include <string>

#include "ledger/checkpoint.h"
#include "ledger/mark.h"

namespace rocksdb {
class DB;
}

namespace ledger {

struct LastCosigned {
    uint64_t size = 0;
    Digest root{};
    uint64_t time = 0;  // of the cosignature, in seconds since 1970
    std::string note;   // with the log's own signature: one half of a proof of misconduct
};

class WitnessStore {
  public:
    // Makes an empty store. `identity`: the witness's verifier key. Conflict where there is one already, or its mark:
    // a witness that begins anew under the same key would cosign what contradicts what it cosigned before.
    static schema::Result<void> create(const std::string& folder, const std::string& identity);
    // Corrupt: below its mark, without one, or damaged. Nothing is changed then, so that it can still be saved.
    static schema::Result<std::unique_ptr<WitnessStore>> open(const std::string& folder);
    ~WitnessStore();

    const std::string& identity() const { return identity_; }
    const LastCosigned* last(const std::string& origin) const;
    // Synced to the disk when it returns. Io: it may be there or not; the store takes nothing more until it is opened
    // again. One thread at a time.
    schema::Result<void> put(const std::string& origin, LastCosigned last);

  private:
    WitnessStore(std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark);
    schema::Result<void> load(const std::string& folder);

    std::unique_ptr<rocksdb::DB> db_;
    std::unique_ptr<Mark> mark_;
    std::string identity_;
    std::map<std::string, LastCosigned> rows_;
    uint64_t writes_ = 0;
    bool sealed_ = false;
};

}  // namespace ledger
