// The keys of those the record is about, each wrapped by the master key, in a store of their own with backups of
// their own. Destroying a subject's key makes every word about them alone unreadable, wherever its copies are. How many
// keys were ever made stands in a mark beside the folder (FOLDER.mark), so that one which was lost, or rolled back with
// its store, does not look destroyed.
//
//   "master key"            32 times 'k', AES-KWP under the master key: a wrong one is told before it wraps anything
//   "made"                  how many keys were ever made, in decimal
//   subject id, 16 bytes    the subject's key, 32 random bytes, AES-KWP under the master key
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
    static schema::Result<std::unique_ptr<KeyStore>> create(const std::string& folder, std::string master_key);
    // Corrupt when it is not there, was made under another master key, or has lost keys that it had made; then nothing
    // in the folder has been touched.
    static schema::Result<std::unique_ptr<KeyStore>> open(const std::string& folder, std::string master_key);
    // For looking only: never ensure().
    static schema::Result<std::unique_ptr<KeyStore>> open_read_only(const std::string& folder, std::string master_key);
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
