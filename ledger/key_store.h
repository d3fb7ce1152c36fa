// The keys of those the record is about, each wrapped by the master key, in a store of their own with backups of
// their own (ledger/key_backup.h). Destroying a subject's key makes every word about them alone unreadable, wherever
// its copies are. How many keys were ever made stands in a mark beside the folder (FOLDER.mark), so that one which was
// lost, or rolled back with its store, does not look destroyed. The rows are drawn in ledger/key_rows.h.
//
// A key is destroyed in two steps. A synced write takes its row away and says so; from there on the key is gone, and
// an opening finishes the rest. Then every file that held its bytes is written anew without them, the old ones are
// wiped, and all files of the store are searched: only when nothing is found is it done.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>

#include "ledger/key_rows.h"
#include "ledger/mark.h"
#include "ledger/names.h"

namespace rocksdb {
class DB;
class Env;
class FileSystem;
class WriteBatch;
}  // namespace rocksdb

namespace ledger {

// The subject's keys that were made before this position of the book are to be destroyed. One made later, for a person
// who came again, stays.
struct Erasure {
    SubjectId subject{};
    uint64_t position = 0;
};

// A name that an entry gave somebody; several in one entry are joined.
struct NameIn {
    SubjectId subject{};
    uint64_t position = 0;
    std::string name;
};

// Who may be meant by a name, and the entries that name them.
struct Found {
    SubjectId subject{};
    std::vector<uint64_t> positions;  // rising
};

struct SubjectKey {
    std::string key;    // 32 bytes
    uint64_t made = 0;  // the position of the first entry sealed under it
};

class KeyStore {
  public:
    static schema::Result<std::unique_ptr<KeyStore>> create(const std::string& folder, std::string master_key);
    // As create, with these rows and a mark that says so many keys were made: what a restore writes.
    static schema::Result<void> create_from(const std::string& folder, const KeyRows& rows);
    // Corrupt when it is not there, was made under another master key, or has lost keys that it had made; then nothing
    // in the folder has been touched. `next` is a second master key it may be under (ledger/master_key.h). A
    // destruction that was broken off is finished first; io when that cannot be done. `disk` is for tests with faults.
    static schema::Result<std::unique_ptr<KeyStore>> open(const std::string& folder, std::string master_key,
                                                          std::string next = {},
                                                          std::shared_ptr<rocksdb::FileSystem> disk = {});
    // For looking only: never ensure() or erase(). Reads everything at once, so that the files may be wiped meanwhile.
    static schema::Result<std::unique_ptr<KeyStore>> open_read_only(const std::string& folder, std::string master_key,
                                                                    std::string next = {});
    ~KeyStore();

    // Nothing when there is no key (never made, or destroyed). Safe from any thread.
    schema::Result<std::optional<SubjectKey>> find(const SubjectId& subject);
    // Makes those that are missing, durably, in one synced write, for the entry at that position; in the same write,
    // the tokens of the names that it gives.
    schema::Result<void> ensure(std::span<const SubjectId> subjects, uint64_t position,
                                std::span<const NameIn> names = {});
    // The tokens of names in the book's entries below this position are there. The opening of a ledger adds those of
    // the entries from there on: all of them where the store, or the backup it came from, is older than names' tokens.
    uint64_t named() const { return named_; }
    schema::Result<void> add_names(std::span<const NameIn> names, uint64_t below);
    // Those who have the tokens of what is asked for. Who really is meant, the words in these entries say. Safe from
    // any thread; reads all tokens there are.
    schema::Result<std::vector<Found>> find_named(const AskedName& asked) const;
    // Destroys the keys of these erasures; when it returns none of them is in any file of the store. Those that are
    // gone already cost nothing. Io: the rows are gone, but it could not be shown that their bytes are; the next
    // opening tries again, and until then nothing more may be sealed.
    schema::Result<void> erase(std::span<const Erasure> erasures);
    // All erasures of the book, before anything is answered: a store that was restored from a backup may hold keys
    // again that had been destroyed.
    schema::Result<void> replay(std::span<const Erasure> all) { return erase(all); }
    // Wraps every key under another master key: one synced write, then what stood under the old one is destroyed.
    schema::Result<uint64_t> rewrap(const std::string& master_key);

    // All rows, as of one moment. Safe from any thread; waits for a destruction that is under way.
    schema::Result<KeyRows> rows();
    const std::string& master_key() const { return master_key_; }

  private:
    KeyStore(std::unique_ptr<rocksdb::Env> env, std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark,
             std::string folder, const KeyCounts& counts, std::string master_key);
    schema::Result<std::optional<KeyRow>> row(const SubjectId& subject) const;
    schema::Result<void> open_search_key(const KeyRows& rows);
    void put_names(std::span<const NameIn> names, uint64_t below, rocksdb::WriteBatch& batch);
    schema::Result<void> each_row(const std::string& prefix,
                                  const std::function<void(std::string_view, std::string_view)>& take) const;
    schema::Result<void> finish();
    void forget_cached();

    std::unique_ptr<rocksdb::Env> env_;
    std::unique_ptr<rocksdb::DB> db_;  // null: read_only_ holds everything
    std::unique_ptr<Mark> mark_;
    std::string folder_;
    uint64_t made_, destroyed_;
    std::string master_key_, search_key_;  // no search key: the store of an older version that is only looked at
    std::atomic<uint64_t> named_ = 0;
    KeyRows read_only_;
    std::set<std::string> traces_;  // that must not be found in any file; not empty: finish() has work
    std::mutex whole_;              // held while keys are destroyed, and while all rows are read
    std::mutex mutex_;              // over what follows
    std::unordered_map<SubjectId, SubjectKey> cache_;
    uint64_t destructions_ = 0;  // a key read before one is not remembered after it
};

}  // namespace ledger
