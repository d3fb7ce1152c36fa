#include "ledger/witness_store.h"

#include <rocksdb/db.h>

#include <filesystem>

#include "ledger/rocks.h"
#include "schema/big_endian.h"

namespace ledger {
namespace {

namespace fs = std::filesystem;
using schema::big_endian;
using schema::fail;
using schema::Fault;
using schema::from_big_endian;

constexpr std::string_view format = "1";

std::string store_of(const std::string& folder) { return folder + "/witness"; }
std::string mark_of(const std::string& folder) { return folder + "/witness.mark"; }

std::string row_of(const LastCosigned& last) {
    std::string row;
    row += big_endian(last.size);
    row += last.root.view();
    row += big_endian(last.time);
    return row + last.note;
}

// Over all rows in order, with their lengths.
Digest digest_of(const std::map<std::string, LastCosigned>& rows) {
    std::string all;
    for (auto& [origin, last] : rows) {
        auto row = row_of(last);
        all += big_endian(origin.size());
        all += origin;
        all += big_endian(row.size());
        all += row;
    }
    return sha256(schema::as_bytes(all));
}

tl::unexpected<schema::Error> failed(const rocksdb::Status& status, const std::string& what) {
    return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, "witness", what + ": " + status.ToString());
}

schema::Result<std::unique_ptr<rocksdb::DB>> open_store(const std::string& folder, bool create, bool read_only) {
    auto options = rocks_options();
    options.create_if_missing = options.error_if_exists = create;
    options.write_buffer_size = 1 << 20;
    options.max_background_jobs = 2;
    std::unique_ptr<rocksdb::DB> db;
    auto status = open_rocks(options, store_of(folder), read_only, db);
    if (!status.ok()) return failed(status, "cannot be opened");
    return db;
}

rocksdb::Status write_synced(rocksdb::DB& db, rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    return db.Write(synced, &batch);
}

std::string count_row(uint64_t writes, const Digest& digest) {
    std::string row;
    row += big_endian(writes);
    return row + std::string(digest.view());
}

schema::Result<std::string> get(rocksdb::DB& db, const char* name) {
    std::string value;
    if (auto status = db.Get({}, name, &value); !status.ok()) return failed(status, "its first rows cannot be read");
    return value;
}

// Looked at without touching anything: to open a store for writing cuts its log off where it is broken.
schema::Result<void> is_above_mark(const std::string& folder) {
    auto mark = read_mark(mark_of(folder));
    if (!mark) return tl::unexpected(mark.error());
    auto db = open_store(folder, false, true);
    if (!db) return tl::unexpected(db.error());
    auto row = get(**db, "n");
    if (!row) return tl::unexpected(row.error());
    if (row->size() != 40) return fail(Fault::corrupt, "witness", "has a count of the wrong size");
    if (from_big_endian(*row) < mark->size)
        return fail(Fault::corrupt, "witness",
                    "holds " + std::to_string(from_big_endian(*row)) + " writes, but there were " +
                        std::to_string(mark->size) +
                        ": the store lost some or was rolled back. A witness that forgets cosigns forks, so it is not "
                        "opened; restore the newest copy, or begin a new witness with a new key");
    return {};
}

}  // namespace

WitnessStore::WitnessStore(std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark)
    : db_(std::move(db)), mark_(std::move(mark)) {}
WitnessStore::~WitnessStore() = default;

schema::Result<void> WitnessStore::create(const std::string& folder, const std::string& identity) {
    std::error_code error;
    if (fs::exists(store_of(folder), error) || fs::exists(mark_of(folder), error))
        return fail(Fault::conflict, folder, "holds a witness already; nothing was changed");
    auto db = open_store(folder, true, false);
    if (!db) return tl::unexpected(db.error());
    auto mark = Mark::open(mark_of(folder), true);
    if (!mark) return tl::unexpected(mark.error());
    auto nothing = digest_of({});
    rocksdb::WriteBatch first;
    first.Put("f", rocksdb::Slice(format.data(), format.size()));
    first.Put("i", identity);
    first.Put("n", count_row(0, nothing));
    if (auto status = write_synced(**db, first); !status.ok()) return failed(status, "cannot be started");
    return (*mark)->write({0, nothing});
}

schema::Result<std::unique_ptr<WitnessStore>> WitnessStore::open(const std::string& folder) {
    std::error_code error;
    if (!fs::exists(store_of(folder), error) && !fs::exists(mark_of(folder), error))
        return fail(Fault::not_found, folder, "holds no witness; `caseledger witness new` makes one");
    TRY(is_above_mark(folder));
    auto db = open_store(folder, false, false);
    if (!db) return tl::unexpected(db.error());
    auto mark = Mark::open(mark_of(folder), false);
    if (!mark) return tl::unexpected(mark.error());
    auto store = std::unique_ptr<WitnessStore>(new WitnessStore(*std::move(db), *std::move(mark)));
    TRY(store->load(folder));
    return store;
}

schema::Result<void> WitnessStore::load(const std::string& folder) {
    auto stored_format = get(*db_, "f"), identity = get(*db_, "i"), count = get(*db_, "n");
    if (!stored_format) return tl::unexpected(stored_format.error());
    if (!identity) return tl::unexpected(identity.error());
    if (!count) return tl::unexpected(count.error());
    if (*stored_format != format)
        return fail(Fault::corrupt, folder, "is of format " + *stored_format + ", which this version does not read");
    identity_ = *identity;
    writes_ = from_big_endian(*count);
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek("c"); it->Valid() && it->key().starts_with("c"); it->Next()) {
        auto key = it->key().ToStringView(), row = it->value().ToStringView();
        if (row.size() < 48) return fail(Fault::corrupt, "witness", "has a row of the wrong size");
        rows_[std::string(key.substr(1))] = {from_big_endian(row), Digest::of(schema::as_bytes(row.substr(8, 32))),
                                             from_big_endian(row.substr(40)), std::string(row.substr(48))};
    }
    if (!it->status().ok()) return failed(it->status(), "cannot be read");
    auto digest = digest_of(rows_);
    auto marked = mark_->read();
    if (digest.view() != std::string_view(*count).substr(8) || (marked.size == writes_ && marked.root != digest))
        return fail(Fault::corrupt, "witness", "does not hold the rows that were written last");
    return mark_->write({writes_, digest});
}

const LastCosigned* WitnessStore::last(const std::string& origin) const {
    auto found = rows_.find(origin);
    return found == rows_.end() ? nullptr : &found->second;
}

schema::Result<void> WitnessStore::put(const std::string& origin, LastCosigned last) {
    if (sealed_) return fail(Fault::sealed, "an earlier write failed; the witness must be started again");
    auto next = rows_;
    next[origin] = std::move(last);
    auto digest = digest_of(next);
    rocksdb::WriteBatch batch(0, 0, 8, 0);
    batch.Put("c" + origin, row_of(next[origin]));
    batch.Put("n", count_row(writes_ + 1, digest));
    auto status = batch.VerifyChecksum();
    if (status.ok()) {
        status = write_synced(*db_, batch);
        sealed_ = !status.ok();
    }
    if (!status.ok()) return failed(status, "the write failed and may or may not be there");
    rows_ = std::move(next);
    ++writes_;
    auto marked = mark_->write({writes_, digest});
    sealed_ = !marked;
    return marked;
}

}  // namespace ledger
