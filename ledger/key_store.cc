#include "ledger/key_store.h"

#include <rocksdb/db.h>

#include "ledger/cipher.h"
#include "ledger/keys.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr size_t cached_keys = 100'000;

rocksdb::Slice slice(const SubjectId& subject) {
    return {reinterpret_cast<const char*>(subject.data()), subject.size()};
}

}  // namespace

KeyStore::KeyStore(std::unique_ptr<rocksdb::DB> db, std::string master_key)
    : db_(std::move(db)), master_key_(std::move(master_key)) {}
KeyStore::~KeyStore() = default;

schema::Result<std::unique_ptr<KeyStore>> KeyStore::open(const std::string& folder, std::string master_key) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.paranoid_checks = true;
    options.info_log_level = rocksdb::WARN_LEVEL;
    options.keep_log_file_num = 2;
    rocksdb::DB* db = nullptr;
    auto status = rocksdb::DB::Open(options, folder, &db);
    if (!status.ok()) return fail(Fault::io, folder, "cannot be opened: " + status.ToString());
    return std::unique_ptr<KeyStore>(new KeyStore(std::unique_ptr<rocksdb::DB>(db), std::move(master_key)));
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
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (auto status = db_->Write(synced, &batch); !status.ok()) return fail(Fault::io, "keys", status.ToString());
    std::lock_guard lock(mutex_);
    cache_.merge(made);
    return {};
}

}  // namespace ledger
