#include "ledger/key_store.h"

#include <rocksdb/db.h>
#include <rocksdb/file_system.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "ledger/cipher.h"
#include "ledger/keys.h"
#include "ledger/rocks.h"
#include "ledger/wiping.h"
#include "schema/big_endian.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr size_t cached_keys = 100'000;

enum class Opening { create, read_write, read_only };

schema::Result<std::unique_ptr<rocksdb::DB>> open_store(const std::string& folder, Opening how, rocksdb::Env* env) {
    auto options = rocks_options();
    options.env = env;
    options.create_if_missing = options.error_if_exists = how == Opening::create;
    // What is destroyed must be findable where it still is, and files that are given up must go at once.
    options.compression = rocksdb::kNoCompression;
    options.recycle_log_file_num = 0;
    options.WAL_ttl_seconds = options.WAL_size_limit_MB = 0;
    // A key is 64 bytes: files are small, and each erasure makes new ones.
    options.write_buffer_size = 1 << 20;
    options.manifest_preallocation_size = 64 << 10;
    // Every write here is synced, so a log that is broken before its end has rotted and is not to be cut short.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    std::unique_ptr<rocksdb::DB> db;
    auto status = open_rocks(options, folder, how == Opening::read_only, db);
    if (!status.ok())
        return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, folder,
                    "cannot be opened: " + status.ToString());
    return db;
}

std::string mark_of(const std::string& folder) { return folder + ".mark"; }

// Corrupt: made under another master key, or keys are missing that the rows or the mark know of.
schema::Result<KeyCounts> is_whole(const KeyRows& rows, const std::string& folder, const Marked& mark,
                                   const std::string& master_key) {
    auto counts = count_keys(rows, master_key, folder);
    if (counts && counts->made < mark.size)
        return fail(Fault::corrupt, folder,
                    "has lost keys: it made " + std::to_string(counts->made) + ", and its mark knows of " +
                        std::to_string(mark.size) +
                        ". Words would look erased that are not. Restore it from its newest backup");
    return counts;
}

// Read whole, so that nothing of it is needed when its owner gives a file up. What is being written may be between two
// files when it is looked at; the next look finds it whole.
schema::Result<KeyRows> look(const std::string& folder, int attempts) {
    schema::Result<KeyRows> rows = KeyRows{};
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (attempt) std::this_thread::sleep_for(std::chrono::milliseconds(20 << attempt));
        auto db = open_store(folder, Opening::read_only, rocksdb::Env::Default());
        if (db) rows = read_rows(**db, folder);
        else rows = tl::unexpected(db.error());
        if (rows) break;
    }
    return rows;
}

rocksdb::WriteOptions synced() {
    rocksdb::WriteOptions options;
    options.sync = true;
    return options;
}

tl::unexpected<schema::Error> failed(const rocksdb::Status& status) {
    return fail(Fault::io, "keys", status.ToString());
}

std::string trace_row(const std::string& trace) { return std::string(trace_prefix) + trace; }

void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

}  // namespace

KeyStore::KeyStore(std::unique_ptr<rocksdb::Env> env, std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark,
                   std::string folder, const KeyCounts& counts, std::string master_key)
    : env_(std::move(env)),
      db_(std::move(db)),
      mark_(std::move(mark)),
      folder_(std::move(folder)),
      made_(counts.made),
      destroyed_(counts.destroyed),
      master_key_(std::move(master_key)) {}

KeyStore::~KeyStore() {
    forget_cached();
    wipe(master_key_);
    wipe(search_key_);
}

schema::Result<void> KeyStore::create_from(const std::string& folder, const KeyRows& rows) {
    auto counts = count_keys(rows, {}, folder);
    if (!counts) return tl::unexpected(counts.error());
    auto db = open_store(folder, Opening::create, rocksdb::Env::Default());
    if (!db) return tl::unexpected(db.error());
    rocksdb::WriteBatch first;
    for (auto& [name, value] : rows) first.Put(name, value);
    if (auto status = (*db)->Write(synced(), &first); !status.ok())
        return fail(Fault::io, folder, "cannot be started: " + status.ToString());
    if (auto status = (*db)->Close(); !status.ok())
        return fail(Fault::io, folder, "cannot be closed: " + status.ToString());
    auto mark = Mark::open(mark_of(folder), true);
    if (!mark) return tl::unexpected(mark.error());
    return (*mark)->write({counts->made, {}});
}

schema::Result<std::unique_ptr<KeyStore>> KeyStore::create(const std::string& folder, std::string master_key) {
    TRY(create_from(folder, first_rows(master_key)));
    return open(folder, std::move(master_key));
}

schema::Result<std::unique_ptr<KeyStore>> KeyStore::open(const std::string& folder, std::string master_key,
                                                         std::string next, std::shared_ptr<rocksdb::FileSystem> disk) {
    if (::access(folder.c_str(), F_OK) != 0)
        return fail(Fault::corrupt, folder,
                    "is missing: without it no word can be read. Restore it from its newest backup");
    // First without touching anything, since to open a store that is broken may cut off what could still be saved.
    auto mark = read_mark(mark_of(folder));
    if (!mark) return tl::unexpected(mark.error());
    auto rows = look(folder, 1);
    if (!rows) return tl::unexpected(rows.error());
    if (!next.empty() && is_under(*rows, next)) master_key.swap(next);
    TRY(is_whole(*rows, folder, *mark, master_key));

    auto env = rocksdb::NewCompositeEnv(wiping_disk(disk ? disk : rocksdb::FileSystem::Default()));
    auto db = open_store(folder, Opening::read_write, env.get());
    if (!db) return tl::unexpected(db.error());
    rows = read_rows(**db, folder);
    if (!rows) return tl::unexpected(rows.error());
    auto counts = is_whole(*rows, folder, *mark, master_key);
    if (!counts) return tl::unexpected(counts.error());
    auto writing = Mark::open(mark_of(folder), false);
    if (!writing) return tl::unexpected(writing.error());
    std::unique_ptr<KeyStore> store(
        new KeyStore(std::move(env), *std::move(db), *std::move(writing), folder, *counts, std::move(master_key)));
    for (auto& row : *rows)
        if (row.first.starts_with(trace_prefix)) store->traces_.insert(row.first.substr(trace_prefix.size()));
    TRY(store->finish());
    TRY(store->open_search_key(*rows));
    return store;
}

schema::Result<std::unique_ptr<KeyStore>> KeyStore::open_read_only(const std::string& folder, std::string master_key,
                                                                   std::string next) {
    auto mark = read_mark(mark_of(folder));
    if (!mark) return tl::unexpected(mark.error());
    auto rows = look(folder, 4);
    if (!rows) return tl::unexpected(rows.error());
    if (!next.empty() && is_under(*rows, next)) master_key.swap(next);
    auto counts = is_whole(*rows, folder, *mark, master_key);
    if (!counts) return tl::unexpected(counts.error());
    std::unique_ptr<KeyStore> store(new KeyStore(nullptr, nullptr, nullptr, folder, *counts, std::move(master_key)));
    TRY(store->open_search_key(*rows));
    store->read_only_ = *std::move(rows);
    return store;
}

schema::Result<std::optional<KeyRow>> KeyStore::row(const SubjectId& subject) const {
    std::string stored;
    if (db_) {
        auto status = db_->Get({}, row_of(subject), &stored);
        if (status.IsNotFound()) return std::optional<KeyRow>{};
        if (!status.ok()) return failed(status);
    } else {
        auto known = read_only_.find(row_of(subject));
        if (known == read_only_.end()) return std::optional<KeyRow>{};
        stored = known->second;
    }
    auto row = KeyRow::read(stored);
    if (!row) return fail(Fault::corrupt, "keys", "the row of a subject's key is not one");
    return row;
}

schema::Result<std::optional<SubjectKey>> KeyStore::find(const SubjectId& subject) {
    uint64_t before = 0;
    {
        std::lock_guard lock(mutex_);
        if (auto cached = cache_.find(subject); cached != cache_.end()) return cached->second;
        before = destructions_;
    }
    auto stored = row(subject);
    if (!stored) return tl::unexpected(stored.error());
    if (!*stored) return std::optional<SubjectKey>{};
    auto key = unwrap_key(master_key_, schema::as_bytes((*stored)->wrapped));
    if (!key) return fail(Fault::corrupt, "keys", "a subject's key does not open under the master key");
    SubjectKey found{*std::move(key), (*stored)->made};
    std::lock_guard lock(mutex_);
    // Read before a destruction and finished after it: used this once, never remembered.
    if (before != destructions_) return std::optional(std::move(found));
    if (cache_.size() >= cached_keys) {
        for (auto& [whose, cached] : cache_) wipe(cached.key);
        cache_.clear();
    }
    cache_[subject] = found;
    return std::optional(std::move(found));
}

void KeyStore::forget_cached() {
    std::lock_guard lock(mutex_);
    ++destructions_;
    for (auto& [subject, cached] : cache_) wipe(cached.key);
    cache_.clear();
}

schema::Result<void> KeyStore::ensure(std::span<const SubjectId> subjects, uint64_t position,
                                      std::span<const NameIn> names) {
    if (!traces_.empty()) return fail(Fault::io, "keys", "an erasure has not been finished; open the ledger again");
    rocksdb::WriteBatch batch;
    std::unordered_map<SubjectId, SubjectKey> made;
    for (const SubjectId& subject : subjects) {
        if (made.count(subject)) continue;
        auto known = find(subject);
        if (!known) return tl::unexpected(known.error());
        if (*known) continue;
        SubjectKey key{random_bytes(32), position};
        batch.Put(row_of(subject), KeyRow{position, wrap_key(master_key_, key.key)}.bytes());
        made.emplace(subject, std::move(key));
    }
    if (made.empty() && names.empty()) return {};
    if (!names.empty()) put_names(names, position + 1, batch);
    made_ += made.size();
    batch.Put(made_row, std::to_string(made_));
    if (auto status = db_->Write(synced(), &batch); !status.ok()) return failed(status);
    if (!made.empty()) TRY(mark_->write({made_, {}}));
    std::lock_guard lock(mutex_);
    cache_.merge(made);
    return {};
}

void KeyStore::put_names(std::span<const NameIn> names, uint64_t below, rocksdb::WriteBatch& batch) {
    for (auto& each : names) {
        auto row = name_row_of(each.subject, each.position);
        if (auto tokens = name_tokens(search_key_, named_entry_of(row), name_parts(each.name)); !tokens.empty())
            batch.Put(row, tokens);
    }
    batch.Put(names_row, std::to_string(below));
    named_ = below;
}

schema::Result<void> KeyStore::add_names(std::span<const NameIn> names, uint64_t below) {
    rocksdb::WriteBatch batch;
    put_names(names, below, batch);
    if (auto status = db_->Write(synced(), &batch); !status.ok()) return failed(status);
    return {};
}

schema::Result<void> KeyStore::each_row(const std::string& prefix,
                                        const std::function<void(std::string_view, std::string_view)>& take) const {
    if (!db_) {
        for (auto it = read_only_.lower_bound(prefix); it != read_only_.end() && it->first.starts_with(prefix); ++it)
            take(it->first, it->second);
        return {};
    }
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next())
        take(it->key().ToStringView(), it->value().ToStringView());
    if (!it->status().ok()) return failed(it->status());
    return {};
}

schema::Result<std::vector<Found>> KeyStore::find_named(const AskedName& asked) const {
    if (asked.empty() || search_key_.empty()) return std::vector<Found>{};
    std::vector<Trapdoor> trapdoors;
    for (auto& beginning : asked.beginnings()) trapdoors.emplace_back(search_key_, beginning);
    std::vector<Found> found;
    Found next;
    std::vector<bool> opened(trapdoors.size());
    auto end_of_one = [&] {
        if (std::find(opened.begin(), opened.end(), false) == opened.end()) found.push_back(std::move(next));
        next = {};
        opened.assign(trapdoors.size(), false);
    };
    // One person's rows stand together; what is asked for may be spread over several of their names.
    TRY(each_row(std::string(name_prefix), [&](std::string_view name, std::string_view tokens) {
        auto entry = named_entry_of(name);
        if (entry.empty()) return;
        auto subject = SubjectId::of(schema::as_bytes(entry.substr(0, 16)));
        if (subject != next.subject || next.positions.empty()) end_of_one();
        next.subject = subject;
        next.positions.push_back(schema::from_big_endian(entry.substr(16)));
        for (size_t i = 0; i < trapdoors.size(); ++i) opened[i] = opened[i] || trapdoors[i].opens(entry, tokens);
    }));
    end_of_one();
    return found;
}

schema::Result<void> KeyStore::open_search_key(const KeyRows& rows) {
    if (auto kept = rows.find(search_row); kept != rows.end()) {
        auto key = unwrap_key(master_key_, schema::as_bytes(kept->second));
        if (!key) return fail(Fault::corrupt, folder_, "its search key does not open under the master key");
        search_key_ = *std::move(key);
        named_ = number_in(rows, names_row);
        return {};
    }
    if (!db_) return {};
    search_key_ = random_bytes(32);
    rocksdb::WriteBatch batch;
    batch.Put(search_row, wrap_key(master_key_, search_key_));
    batch.Put(names_row, "0");
    if (auto status = db_->Write(synced(), &batch); !status.ok()) return failed(status);
    return {};
}

schema::Result<void> KeyStore::erase(std::span<const Erasure> erasures) {
    std::unordered_map<SubjectId, uint64_t> newest;
    for (auto& erasure : erasures) {
        auto& position = newest[erasure.subject];
        position = std::max(position, erasure.position);
    }
    std::lock_guard lock(whole_);
    rocksdb::WriteBatch batch;
    uint64_t count = 0;
    std::set<std::string> traces;
    for (auto& [subject, position] : newest) {
        auto stored = row(subject);
        if (!stored) return tl::unexpected(stored.error());
        if (!*stored || (*stored)->made >= position) continue;
        auto leave_traces = [&](const std::string& secret) {
            for (auto& trace : traces_of(secret)) {
                batch.Put(trace_row(trace), "");
                traces.insert(trace);
            }
        };
        batch.Delete(row_of(subject));
        leave_traces((*stored)->wrapped);
        batch.Put(erased_row_of(subject), schema::big_endian(position));
        // Every token there is was made with this key in force: an older key took its own with it. Two at a time are as
        // long as a wrapped key.
        TRY(each_row(name_rows_of(subject), [&](std::string_view name, std::string_view tokens) {
            for (size_t at = 0; at + 2 * token_size <= tokens.size(); at += 2 * token_size)
                leave_traces(std::string(tokens.substr(at, 2 * token_size)));
            batch.Delete(rocksdb::Slice(name.data(), name.size()));
        }));
        ++count;
    }
    if (count) {
        batch.Put(destroyed_row, std::to_string(destroyed_ + count));
        if (auto status = db_->Write(synced(), &batch); !status.ok()) return failed(status);
        destroyed_ += count;
        traces_.merge(traces);
        forget_cached();
    }
    return finish();
}

schema::Result<uint64_t> KeyStore::rewrap(const std::string& master_key) {
    std::lock_guard lock(whole_);
    auto rows = read_rows(*db_, folder_);
    if (!rows) return tl::unexpected(rows.error());
    rocksdb::WriteBatch batch;
    uint64_t count = 0;
    std::set<std::string> traces;
    auto replace = [&](const std::string& name, const std::string& old, const KeyRow* row) {
        auto key = unwrap_key(master_key_, schema::as_bytes(old));
        if (!key) return false;
        auto wrapped = wrap_key(master_key, *key);
        wipe(*key);
        batch.Put(name, row ? KeyRow{row->made, wrapped}.bytes() : wrapped);
        for (auto& trace : traces_of(old)) {
            batch.Put(trace_row(trace), "");
            traces.insert(trace);
        }
        return true;
    };
    for (auto& [name, value] : *rows) {
        if (!subject_of(name)) continue;
        auto row = KeyRow::read(value);
        if (!row || !replace(name, row->wrapped, &*row))
            return fail(Fault::corrupt, "keys", "a subject's key does not open under the master key");
        ++count;
    }
    if (!replace(search_row, (*rows)[search_row], nullptr))
        return fail(Fault::corrupt, "keys", "the search key does not open under the master key");
    if (!replace(check_row, (*rows)[check_row], nullptr))
        return fail(Fault::corrupt, "keys", "was made under another master key");
    if (auto status = db_->Write(synced(), &batch); !status.ok()) return failed(status);
    wipe(master_key_);
    master_key_ = master_key;
    traces_.merge(traces);
    TRY(finish());
    return count;
}

schema::Result<void> KeyStore::finish() {
    if (traces_.empty()) return {};
    rocksdb::CompactRangeOptions all;
    all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    bool found = true;
    for (int attempt = 0; found && attempt < 8; ++attempt) {
        // Files are given up a moment after they were replaced, or when the last reader of them is done.
        if (attempt) std::this_thread::sleep_for(std::chrono::milliseconds(5 << attempt));
        if (auto status = db_->Flush({}); !status.ok()) return failed(status);
        if (auto status = db_->CompactRange(all, nullptr, nullptr); !status.ok()) return failed(status);
        if (auto status = db_->DisableFileDeletions(); !status.ok()) return failed(status);
        if (auto status = db_->EnableFileDeletions(true); !status.ok()) return failed(status);
        auto holds = holds_trace(folder_, traces_);
        if (!holds) return tl::unexpected(holds.error());
        found = *holds;
    }
    if (found)
        return fail(Fault::io, folder_,
                    "still holds bytes of keys that were destroyed; it is tried again at the next opening");
    rocksdb::WriteBatch batch;
    for (auto& trace : traces_) batch.Delete(trace_row(trace));
    if (auto status = db_->Write(synced(), &batch); !status.ok()) return failed(status);
    traces_.clear();
    return {};
}

schema::Result<KeyRows> KeyStore::rows() {
    std::lock_guard lock(whole_);
    if (!db_) return read_only_;
    return read_rows(*db_, folder_);
}

}  // namespace ledger
