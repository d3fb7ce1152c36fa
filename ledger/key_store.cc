#include "ledger/key_store.h"

#include <rocksdb/db.h>
#include <unistd.h>
#include <cstdlib>

#include "ledger/cipher.h"
#include "ledger/keys.h"
#include "ledger/no_log.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr size_t cached_keys = 100'000;
// A row that only the right master key opens: a wrong one is told at once, before it wraps anything.
constexpr const char* check_row = "master key";
constexpr const char* made_row = "made";  // how many keys were ever made, in decimal
const std::string check_value(32, 'k');

enum class Opening { create, read_write, read_only };

schema::Result<std::unique_ptr<rocksdb::DB>> open_store(const std::string& folder, Opening how) {
    rocksdb::Options options;
    options.create_if_missing = options.error_if_exists = how == Opening::create;
    options.paranoid_checks = true;
    options.info_log_level = rocksdb::WARN_LEVEL;
    options.keep_log_file_num = 2;
    if (how == Opening::read_only) options.info_log = no_log();
    // Every write here is synced, so a log that is broken before its end has rotted and is not to be cut short.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    rocksdb::DB* raw = nullptr;
    auto status = how == Opening::read_only ? rocksdb::DB::OpenForReadOnly(options, folder, &raw)
                                            : rocksdb::DB::Open(options, folder, &raw);
    if (!status.ok())
        return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, folder,
                    "cannot be opened: " + status.ToString());
    return std::unique_ptr<rocksdb::DB>(raw);
}

std::string mark_of(const std::string& folder) { return folder + ".mark"; }

// How many keys were ever made. Corrupt: made under another master key, or keys are missing that the mark knows of.
schema::Result<uint64_t> is_whole(rocksdb::DB& db, const std::string& folder, const Marked& mark,
                                  const std::string& master_key) {
    std::string check, made;
    auto status = db.Get({}, check_row, &check);
    if (status.ok()) status = db.Get({}, made_row, &made);
    if (!status.ok())
        return fail(status.IsNotFound() || status.IsCorruption() ? Fault::corrupt : Fault::io, folder,
                    "has lost its first rows; restore it from its newest backup: " + status.ToString());
    if (unwrap_key(master_key, schema::as_bytes(check)) != check_value)
        return fail(Fault::corrupt, folder, "was made under another master key");
    uint64_t count = std::strtoull(made.c_str(), nullptr, 10);
    if (count < mark.size)
        return fail(Fault::corrupt, folder,
                    "has lost keys: words would look erased that are not. Restore it from its newest backup");
    return count;
}

rocksdb::Slice slice(const SubjectId& subject) {
    return {reinterpret_cast<const char*>(subject.data()), subject.size()};
}

}  // namespace

KeyStore::KeyStore(std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark, uint64_t made, std::string master_key)
    : db_(std::move(db)), mark_(std::move(mark)), made_(made), master_key_(std::move(master_key)) {}
KeyStore::~KeyStore() = default;

schema::Result<std::unique_ptr<KeyStore>> KeyStore::create(const std::string& folder, std::string master_key) {
    auto db = open_store(folder, Opening::create);
    if (!db) return tl::unexpected(db.error());
    rocksdb::WriteBatch first;
    first.Put(check_row, wrap_key(master_key, check_value));
    first.Put(made_row, "0");
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (auto status = (*db)->Write(synced, &first); !status.ok())
        return fail(Fault::io, folder, "cannot be started: " + status.ToString());
    auto mark = Mark::open(mark_of(folder), true);
    if (!mark) return tl::unexpected(mark.error());
    return std::unique_ptr<KeyStore>(new KeyStore(*std::move(db), *std::move(mark), 0, std::move(master_key)));
}

schema::Result<std::unique_ptr<KeyStore>> KeyStore::open(const std::string& folder, std::string master_key) {
    if (::access(folder.c_str(), F_OK) != 0)
        return fail(Fault::corrupt, folder,
                    "is missing: without it no word can be read. Restore it from its newest backup");
    // First without touching anything, since to open a store that is broken may cut off what could still be saved.
    auto mark = read_mark(mark_of(folder));
    if (!mark) return tl::unexpected(mark.error());
    {
        auto look = open_store(folder, Opening::read_only);
        if (!look) return tl::unexpected(look.error());
        TRY(is_whole(**look, folder, *mark, master_key));
    }
    auto db = open_store(folder, Opening::read_write);
    if (!db) return tl::unexpected(db.error());
    auto made = is_whole(**db, folder, *mark, master_key);
    if (!made) return tl::unexpected(made.error());
    auto writing = Mark::open(mark_of(folder), false);
    if (!writing) return tl::unexpected(writing.error());
    return std::unique_ptr<KeyStore>(new KeyStore(*std::move(db), *std::move(writing), *made, std::move(master_key)));
}

schema::Result<std::unique_ptr<KeyStore>> KeyStore::open_read_only(const std::string& folder, std::string master_key) {
    auto mark = read_mark(mark_of(folder));
    if (!mark) return tl::unexpected(mark.error());
    auto db = open_store(folder, Opening::read_only);
    if (!db) return tl::unexpected(db.error());
    auto made = is_whole(**db, folder, *mark, master_key);
    if (!made) return tl::unexpected(made.error());
    return std::unique_ptr<KeyStore>(new KeyStore(*std::move(db), nullptr, *made, std::move(master_key)));
}

schema::Result<std::optional<std::string>> KeyStore::find(const SubjectId& subject) {
    {
        std::lock_guard lock(mutex_);
        if (auto cached = cache_.find(subject); cached != cache_.end()) return cached->second;
    }
    std::string wrapped;
    auto status = db_->Get({}, slice(subject), &wrapped);
    if (status.IsNotFound()) return std::optional<std::string>{};
    if (!status.ok()) return fail(Fault::io, "keys", status.ToString());
    auto key = unwrap_key(master_key_, schema::as_bytes(wrapped));
    if (!key) return fail(Fault::corrupt, "keys", "a subject's key does not open under the master key");
    std::lock_guard lock(mutex_);
    if (cache_.size() >= cached_keys) cache_.clear();
    cache_[subject] = *key;
    return std::optional<std::string>(*std::move(key));
}

schema::Result<void> KeyStore::ensure(std::span<const SubjectId> subjects) {
    rocksdb::WriteBatch batch;
    std::unordered_map<SubjectId, std::string> made;
    for (const SubjectId& subject : subjects) {
        if (made.count(subject)) continue;
        auto known = find(subject);
        if (!known) return tl::unexpected(known.error());
        if (*known) continue;
        auto key = random_bytes(32);
        batch.Put(slice(subject), wrap_key(master_key_, key));
        made.emplace(subject, std::move(key));
    }
    if (made.empty()) return {};
    made_ += made.size();
    batch.Put(made_row, std::to_string(made_));
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (auto status = db_->Write(synced, &batch); !status.ok()) return fail(Fault::io, "keys", status.ToString());
    TRY(mark_->write({made_, {}}));
    std::lock_guard lock(mutex_);
    cache_.merge(made);
    return {};
}

}  // namespace ledger
