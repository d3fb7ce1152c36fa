#include "ledger/evidence.h"

#include <rocksdb/db.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "ledger/note.h"
#include "ledger/rocks.h"
#include "schema/big_endian.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr const char* puts_row = "put";  // how many writes there ever were, in decimal

std::string key(char kind, uint64_t size) { return std::string(1, kind) + schema::big_endian(size); }
std::optional<uint64_t> size_in(rocksdb::Slice row, char kind) {
    if (row.size() != 9 || row[0] != kind) return std::nullopt;
    return schema::from_big_endian(row.ToStringView().substr(1));
}

tl::unexpected<schema::Error> failed(const rocksdb::Status& status, const std::string& what) {
    return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, "evidence", what + ": " + status.ToString());
}

schema::Result<std::unique_ptr<rocksdb::DB>> open_store(const std::string& path, bool make, bool read_only) {
    auto options = rocks_options();
    options.create_if_missing = make;
    // Every write here is synced, so a log that is broken before its end has rotted and is not to be cut short.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    std::unique_ptr<rocksdb::DB> db;
    auto status = open_rocks(options, path, read_only, db);
    if (!status.ok()) return failed(status, "cannot be opened (only one program may, to write)");
    return db;
}

// How many writes there ever were. Corrupt: some are missing that the mark knows of.
schema::Result<uint64_t> is_whole(rocksdb::DB& db, const Marked& mark) {
    std::string text;
    auto status = db.Get({}, puts_row, &text);
    if (!status.ok() && !status.IsNotFound()) return failed(status, "its first row cannot be read");
    uint64_t puts = status.ok() ? std::strtoull(text.c_str(), nullptr, 10) : 0;
    if (puts < mark.size)
        return fail(Fault::corrupt, "evidence",
                    "has had " + std::to_string(puts) + " writes, but its mark knows of " + std::to_string(mark.size) +
                        ": what others said about this book has been lost. Restore it from its newest backup");
    return puts;
}

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

tl::unexpected<schema::Error> lost(const std::string& path) {
    return fail(Fault::corrupt, path,
                "is missing, though its mark knows of what it held. Restore it from its newest backup");
}

}  // namespace

Evidence::Evidence(std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark, uint64_t puts)
    : db_(std::move(db)), mark_(std::move(mark)), puts_(puts) {}
Evidence::~Evidence() = default;

schema::Result<std::unique_ptr<Evidence>> Evidence::open(const std::string& folder) {
    auto store = folder + "/evidence", mark_path = store + ".mark";
    // The mark comes first and knows of nothing: a process that ends between the two has lost nothing either.
    bool fresh = !is_there(store) && !is_there(mark_path);
    auto writing = Mark::open(mark_path, fresh);
    if (!writing) return tl::unexpected(writing.error());
    auto mark = (*writing)->read();
    if (mark.size > 0) {
        if (!is_there(store)) return lost(store);
        // First without touching anything, since to open a store that is broken may cut off what could still be saved.
        auto look = open_store(store, false, true);
        if (!look) return tl::unexpected(look.error());
        TRY(is_whole(**look, mark));
    }
    auto db = open_store(store, mark.size == 0, false);
    if (!db) return tl::unexpected(db.error());
    auto puts = is_whole(**db, mark);
    if (!puts) return tl::unexpected(puts.error());
    return std::unique_ptr<Evidence>(new Evidence(*std::move(db), *std::move(writing), *puts));
}

schema::Result<std::unique_ptr<Evidence>> Evidence::open_read_only(const std::string& folder) {
    auto store = folder + "/evidence", mark_path = store + ".mark";
    if (!is_there(store) && !is_there(mark_path)) return std::unique_ptr<Evidence>();
    auto mark = read_mark(mark_path);
    if (!mark) return tl::unexpected(mark.error());
    if (!is_there(store + "/CURRENT")) {
        if (mark->size > 0) return lost(store);
        return std::unique_ptr<Evidence>();
    }
    // A store that is being written to may be between two files when it is looked at; the next look finds it whole.
    schema::Result<std::unique_ptr<rocksdb::DB>> db = fail(Fault::io, store, "");
    for (int attempt = 0; attempt < 5 && !db; ++attempt) {
        if (attempt) std::this_thread::sleep_for(std::chrono::milliseconds(50 << attempt));
        db = open_store(store, false, true);
    }
    if (!db) return tl::unexpected(db.error());
    auto puts = is_whole(**db, *mark);
    if (!puts) return tl::unexpected(puts.error());
    return std::unique_ptr<Evidence>(new Evidence(*std::move(db), nullptr, *puts));
}

schema::Result<void> Evidence::put(std::initializer_list<std::pair<std::string, std::string>> rows) {
    ASSERT(mark_);
    rocksdb::WriteBatch batch;
    for (auto& [row, value] : rows) batch.Put(row, value);
    batch.Put(puts_row, std::to_string(puts_ + 1));
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (auto status = db_->Write(synced, &batch); !status.ok()) return failed(status, "cannot be written");
    return mark_->write({++puts_, {}});
}

schema::Result<void> Evidence::put_cosigned(uint64_t size, const std::string& note) {
    auto added = parse_note(note);
    if (!added) return tl::unexpected(added.error());
    std::lock_guard lock(putting_);
    auto kept = cosigned(size);
    if (!kept) return tl::unexpected(kept.error());
    if (!*kept) return put({{key('c', size), note}});
    auto all = parse_note((*kept)->note);
    if (!all) return fail(Fault::corrupt, "evidence", "holds a note that is none: " + all.error().message);
    if (all->text != added->text)
        return fail(Fault::conflict, "evidence",
                    "holds another checkpoint of size " + std::to_string(size) +
                        ": this book has shown two, and one of them is not true");
    auto before = all->signatures.size();
    for (auto& one : added->signatures) {
        auto of_same_key = [&](auto& old) { return old.name == one.name && old.id == one.id; };
        if (std::none_of(all->signatures.begin(), all->signatures.end(), of_same_key)) all->signatures.push_back(one);
    }
    if (all->signatures.size() == before) return {};
    return put({{key('c', size), all->str()}});
}

schema::Result<void> Evidence::put_token(uint64_t size, const std::string& note, const std::string& token) {
    std::lock_guard lock(putting_);
    auto kept = near('t', size, true);
    if (!kept) return tl::unexpected(kept.error());
    if (*kept && (*kept)->first == size)
        return fail(Fault::conflict, "evidence",
                    "holds a token of the checkpoint of size " + std::to_string(size) + " already");
    return put({{key('b', size), note}, {key('t', size), token}});
}

schema::Result<std::optional<Evidence::Row>> Evidence::near(char kind, uint64_t size, bool above) const {
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    if (above) it->Seek(key(kind, size));
    else it->SeekForPrev(key(kind, size));
    if (!it->status().ok()) return failed(it->status(), "cannot be read");
    if (!it->Valid()) return std::optional<Row>{};
    auto found = size_in(it->key(), kind);
    if (!found) return std::optional<Row>{};
    return std::optional<Row>({*found, it->value().ToString()});
}

schema::Result<void> Evidence::each(char kind, uint64_t from, const std::function<bool(Row)>& take) const {
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek(key(kind, from)); it->Valid(); it->Next()) {
        auto size = size_in(it->key(), kind);
        if (!size || !take({*size, it->value().ToString()})) break;
    }
    if (!it->status().ok()) return failed(it->status(), "cannot be read");
    return {};
}

namespace {

Evidence::MaybeCosigned cosigned_of(schema::Result<std::optional<std::pair<uint64_t, std::string>>> row) {
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::optional<Cosigned>{};
    return std::optional<Cosigned>({(*row)->first, std::move((*row)->second)});
}

}  // namespace

Evidence::MaybeCosigned Evidence::cosigned(uint64_t size) const {
    auto found = first_covering(size);
    if (found && *found && (*found)->size != size) return std::optional<Cosigned>{};
    return found;
}
Evidence::MaybeCosigned Evidence::first_covering(uint64_t size) const { return cosigned_of(near('c', size, true)); }
Evidence::MaybeCosigned Evidence::last_up_to(uint64_t size) const { return cosigned_of(near('c', size, false)); }

Evidence::MaybeTimestamped Evidence::with_note(schema::Result<std::optional<Row>> token) const {
    if (!token) return tl::unexpected(token.error());
    if (!*token) return std::optional<Timestamped>{};
    Timestamped found{(*token)->first, {}, std::move((*token)->second)};
    auto status = db_->Get({}, key('b', found.size), &found.note);
    if (status.IsNotFound())
        return fail(Fault::corrupt, "evidence",
                    "has lost the checkpoint that the token of size " + std::to_string(found.size) + " is over");
    if (!status.ok()) return failed(status, "cannot be read");
    return std::optional<Timestamped>(std::move(found));
}
Evidence::MaybeTimestamped Evidence::first_token_covering(uint64_t size) const {
    return with_note(near('t', size, true));
}
Evidence::MaybeTimestamped Evidence::last_token_up_to(uint64_t size) const { return with_note(near('t', size, false)); }

schema::Result<void> Evidence::each_cosigned(uint64_t from, const std::function<bool(const Cosigned&)>& take) const {
    return each('c', from, [&](Row row) { return take({row.first, std::move(row.second)}); });
}

schema::Result<void> Evidence::each_token(uint64_t from, const std::function<bool(const Timestamped&)>& take) const {
    std::optional<schema::Error> wrong;
    TRY(each('t', from, [&](Row row) {
        auto found = with_note(std::optional<Row>(std::move(row)));
        if (!found) wrong = found.error();
        return found && take(**found);
    }));
    if (wrong) return tl::unexpected(*wrong);
    return {};
}

}  // namespace ledger
