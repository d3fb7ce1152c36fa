#include "ledger/key_store.h"

#include <rocksdb/db.h>
#include <unistd.h>
#include <cstdlib>

#include "ledger/cipher.h"
#include "ledger/keys.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr size_t cached_keys = 100'000;
// A row that only the right master key opens: a wrong one is told at once, before it wraps anything.
constexpr const char* check_row = "master key";
constexpr const char* made_row = "made";  // how many keys were ever made, in decimal
const std::string check_value(32, 'k');

rocksdb::Slice slice(const SubjectId& subject) {
    return {reinterpret_cast<const char*>(subject.data()), subject.size()};
}

}  // namespace

KeyStore::KeyStore(std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark, uint64_t made, std::string master_key)
    : db_(std::move(db)), mark_(std::move(mark)), made_(made), master_key_(std::move(master_key)) {}
KeyStore::~KeyStore() = default;

schema::Result<std::unique_ptr<KeyStore>> KeyStore::open(const std::string& folder, std::string master_key) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.paranoid_checks = true;
    options.info_log_level = rocksdb::WARN_LEVEL;
    options.keep_log_file_num = 2;
    // Every write here is synced, so a log that is broken before its end has rotted and is not to be cut short.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    rocksdb::DB* raw = nullptr;
    auto status = rocksdb::DB::Open(options, folder, &raw);
    std::unique_ptr<rocksdb::DB> db(raw);
    std::string check, made = "0";
    if (status.ok()) status = db->Get({}, check_row, &check);
    if (status.IsNotFound()) {
        std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator({}));
        rows->SeekToFirst();
        if (rows->Valid()) return fail(Fault::corrupt, folder, "has lost its first row; restore it from its backup");
        rocksdb::WriteOptions synced;
        synced.sync = true;
        check = wrap_key(master_key, check_value);
        status = db->Put(synced, check_row, check);
    }
    if (!status.ok())
        return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, folder,
                    "cannot be opened: " + status.ToString());
    if (unwrap_key(master_key, schema::as_bytes(check)) != check_value)
        return fail(Fault::corrupt, folder, "was made under another master key");

    if (status = db->Get({}, made_row, &made); !status.ok() && !status.IsNotFound())
        return fail(Fault::io, folder, "cannot be read: " + status.ToString());
    uint64_t count = std::strtoull(made.c_str(), nullptr, 10);
    auto path = folder + "/mark";
    auto mark = Mark::open(path, count == 0 && ::access(path.c_str(), F_OK) != 0);
    if (!mark) return tl::unexpected(mark.error());
    if (count < (*mark)->read().size)
        return fail(Fault::corrupt, folder,
                    "has lost keys: words would look erased that are not. Restore it from its newest backup");
    return std::unique_ptr<KeyStore>(new KeyStore(std::move(db), *std::move(mark), count, std::move(master_key)));
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
