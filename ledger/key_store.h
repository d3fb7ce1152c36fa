// The keys of those the record is about, each wrapped by the master key, in a store of their own with backups of
// their own. Destroying a subject's key makes every word about them alone unreadable, wherever its copies are. How many
// keys were ever made stands in a mark of their own (FOLDER/mark): a key lost without a word would look destroyed.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "ledger/mark.h"
#include "schema/ids.h"
#include "schema/result.h"

namespace rocksdb {
class DB;
}

namespace ledger {

using schema::SubjectId;

class KeyStore {
  public:
    // Corrupt when it was made under another master key, or has lost keys that it had made.
    static schema::Result<std::unique_ptr<KeyStore>> open(const std::string& folder, std::string master_key);
    ~KeyStore();

    // Nothing when there is no key (never made, or destroyed). Safe from any thread.
    schema::Result<std::optional<std::string>> find(const SubjectId& subject);
    // Makes those that are missing, durably, in one synced write.
    schema::Result<void> ensure(std::span<const SubjectId> subjects);

  private:
    KeyStore(std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark, uint64_t made, std::string master_key);
    std::unique_ptr<rocksdb::DB> db_;
    std::unique_ptr<Mark> mark_;
    uint64_t made_;  // keys ever made
    std::string master_key_;
    std::mutex mutex_;
    std::unordered_map<SubjectId, std::string> cache_;
};

}  // namespace ledger
