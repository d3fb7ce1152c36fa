// The store has three families of rows. "entries": position -> entry bytes; "words": position -> sealed words;
// "default": 'h' -> size and root; 'o' -> origin; 'f' -> the format's number. Positions are 8 bytes big-endian, so the
// order of a family is the log's, and no file of it lies across another: what is older is never merged with what is
// newer.
#include "ledger/rocks_log.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <array>
#include <condition_variable>
#include <mutex>

#include "ledger/rocks.h"
#include "schema/big_endian.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr std::string_view format = "2";
enum Family { facts, entries, words };  // of the store, in the order of families()

tl::unexpected<schema::Error> failed(const rocksdb::Status& status, std::string what) {
    return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, "book", what + ": " + status.ToString());
}

class RocksWordsWalk final : public Log::WordsWalk {
  public:
    explicit RocksWordsWalk(const FamilyStore& store) {
        rocksdb::ReadOptions options;
        options.fill_cache = false;
        options.readahead_size = 2 << 20;
        rows_.reset(store.db->NewIterator(options, store.families[Family::words]));
    }
    schema::Result<std::string> at(uint64_t position) override {
        constexpr int near = 16;  // rows: one further away is searched for
        auto wanted = schema::big_endian(position);
        bool goes_on = !last_.empty() && last_ <= wanted && rows_->status().ok();
        for (int i = 0; goes_on && i < near && is_before(wanted); ++i) rows_->Next();
        if (!goes_on || is_before(wanted)) rows_->Seek(wanted);
        last_ = wanted;
        if (!rows_->status().ok())
            return failed(rows_->status(), "words of entry " + std::to_string(position) + " cannot be read");
        if (!rows_->Valid() || rows_->key() != wanted) return std::string();
        return rows_->value().ToString();
    }

  private:
    bool is_before(const std::string& wanted) const { return rows_->Valid() && rows_->key().compare(wanted) < 0; }
    std::unique_ptr<rocksdb::Iterator> rows_;
    std::string last_;
};

class RocksLog final : public Log {
  public:
    RocksLog(std::unique_ptr<FamilyStore> store, std::string origin, LogHead head, bool sync)
        : store_(std::move(store)), db_(*store_->db), origin_(std::move(origin)), head_(head), sync_(sync) {}

    schema::Result<void> append(const LogHead& expected, std::span<const Record> batch, const Digest& root) override {
        if (sealed_) return fail(Fault::sealed, "an earlier write failed; the ledger must be opened again");
        if (!(head() == expected)) return fail(Fault::conflict, "the log has grown since");
        rocksdb::WriteBatch write(0, 0, 8, 0);  // 8: checksums over each key and value while they are in memory
        LogHead next{expected.size, root};
        for (const Record& record : batch) {
            auto key = schema::big_endian(next.size);
            write.Put(in(Family::entries), key, record.entry);
            if (!record.words.empty()) write.Put(in(Family::words), key, record.words);
            ++next.size;
        }
        write.Put("h", schema::big_endian(next.size) + std::string(root.view()));
        if (auto status = write.VerifyChecksum(); !status.ok()) return failed(status, "a batch changed in memory");

        rocksdb::WriteOptions options;
        options.sync = sync_;
        if (auto status = db_.Write(options, &write); !status.ok()) {
            sealed_ = true;
            return failed(status, "the write failed and may or may not be there");
        }
        {
            std::lock_guard lock(mutex_);
            head_ = next;
        }
        grown_.notify_all();
        return {};
    }

    schema::Result<void> read(uint64_t from, uint64_t to, const Take& take) const override {
        constexpr uint64_t newest = 4096, long_walk = 4096;
        auto size = head().size;
        to = std::min(to, size);
        if (from >= to) return {};
        rocksdb::ReadOptions options;
        options.fill_cache = false;
        if (to - from >= long_walk) options.readahead_size = 2 << 20;
        // To begin a walk looks into every file; what was just written is still in memory, as a rule all of it.
        if (size - from <= newest) {
            auto in_memory = options;
            in_memory.read_tier = rocksdb::kMemtableTier;
            auto walked = walk(in_memory, from, to, take);
            if (!walked) return tl::unexpected(walked.error());
            if (walked->enough) return {};
            from = walked->next;
        }
        if (from >= to) return {};
        auto walked = walk(options, from, to, take);
        if (!walked) return tl::unexpected(walked.error());
        if (!walked->enough && walked->next < to)
            return fail(Fault::corrupt, "book", "entry " + std::to_string(walked->next) + " is missing");
        return {};
    }

    schema::Result<std::string> entry(uint64_t position) const override {
        if (position >= head().size) return fail(Fault::not_found, "there is no entry " + std::to_string(position));
        std::string value;
        auto status = db_.Get({}, in(Family::entries), schema::big_endian(position), &value);
        if (status.IsNotFound())
            return fail(Fault::corrupt, "book", "entry " + std::to_string(position) + " is missing");
        if (!status.ok()) return failed(status, "entry " + std::to_string(position) + " cannot be read");
        return value;
    }

    schema::Result<void> entries(std::span<const uint64_t> positions, const Take& take) const override {
        constexpr size_t together = 256;  // what is fetched for nothing when `take` has enough
        auto size = head().size;
        std::array<rocksdb::PinnableSlice, together> values;
        std::array<rocksdb::Status, together> statuses;
        std::vector<std::string> keys;
        std::vector<rocksdb::Slice> wanted;
        for (; !positions.empty(); positions = positions.subspan(wanted.size())) {
            keys.clear();
            for (uint64_t position : positions.first(std::min(together, positions.size()))) {
                if (position >= size) return fail(Fault::not_found, "there is no entry " + std::to_string(position));
                keys.push_back(schema::big_endian(position));
            }
            wanted.assign(keys.begin(), keys.end());
            db_.MultiGet({}, in(Family::entries), wanted.size(), wanted.data(), values.data(), statuses.data());
            for (size_t i = 0; i < wanted.size(); ++i) {
                if (statuses[i].IsNotFound())
                    return fail(Fault::corrupt, "book", "entry " + std::to_string(positions[i]) + " is missing");
                if (!statuses[i].ok())
                    return failed(statuses[i], "entry " + std::to_string(positions[i]) + " cannot be read");
                if (!take(positions[i], schema::as_bytes(values[i].ToStringView()))) return {};
                values[i].Reset();
            }
        }
        return {};
    }

    schema::Result<std::string> words(uint64_t position) const override {
        std::string value;
        auto status = db_.Get({}, in(Family::words), schema::big_endian(position), &value);
        if (status.IsNotFound()) return std::string();
        if (!status.ok()) return failed(status, "words of entry " + std::to_string(position) + " cannot be read");
        return value;
    }

    std::unique_ptr<WordsWalk> walk_words() const override { return std::make_unique<RocksWordsWalk>(*store_); }

    bool wait(uint64_t size, std::chrono::milliseconds timeout) const override {
        std::unique_lock lock(mutex_);
        return grown_.wait_for(lock, timeout, [&] { return head_.size > size; });
    }

    LogHead head() const override {
        std::lock_guard lock(mutex_);
        return head_;
    }

    std::string durability() const override {
        return sync_ ? "on this machine's disk, synced before it is acknowledged" : "none: syncing is switched off";
    }

    const std::string& origin() const { return origin_; }

  private:
    struct Walked {
        uint64_t next;  // the first that was not taken
        bool enough;    // for whoever takes
    };
    // As far as the entries are there without a gap.
    schema::Result<Walked> walk(rocksdb::ReadOptions options, uint64_t from, uint64_t to, const Take& take) const {
        auto end = schema::big_endian(to);
        rocksdb::Slice bound(end);
        options.iterate_upper_bound = &bound;
        std::unique_ptr<rocksdb::Iterator> it(db_.NewIterator(options, in(Family::entries)));
        uint64_t position = from;
        for (it->Seek(schema::big_endian(from)); it->Valid(); it->Next(), ++position) {
            if (schema::from_big_endian(it->key().ToStringView()) != position) break;
            if (!take(position, schema::as_bytes(it->value().ToStringView()))) return Walked{position, true};
        }
        if (!it->status().ok()) return failed(it->status(), "entry " + std::to_string(position) + " cannot be read");
        return Walked{position, false};
    }

    rocksdb::ColumnFamilyHandle* in(Family family) const { return store_->families[family]; }

    std::unique_ptr<FamilyStore> store_;
    rocksdb::DB& db_;
    std::string origin_;
    mutable std::mutex mutex_;
    mutable std::condition_variable grown_;
    LogHead head_;
    bool sync_, sealed_ = false;
};

rocksdb::DBOptions store_options(const RocksLogOptions& options) {
    rocksdb::DBOptions store = rocks_options();
    if (options.env) store.env = options.env;
    store.create_if_missing = store.create_missing_column_families = options.create;
    store.error_if_exists = options.create;
    store.max_background_jobs = 2;
    // One write-ahead log for all families: none of them holds a piece of it for long.
    store.atomic_flush = true;
    // Walks over the whole book read ahead of themselves only where the system may.
    store.advise_random_on_open = false;
    return store;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families() {
    rocksdb::BlockBasedTableOptions table;
    // A case's entries lie far from each other in a large book: what is unpacked for one of them should be little.
    table.block_size = 4 * 1024;
    table.cache_index_and_filter_blocks = true;
    // In parts, of which a look-up needs one: the whole index of a large book would not stay in the cache.
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.block_cache = rocksdb::NewLRUCache(size_t{128} << 20);
    rocksdb::ColumnFamilyOptions of_all;
    of_all.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    // A file is as large as what it was written from: nothing is merged to make larger ones.
    of_all.write_buffer_size = 32 << 20;
    // Where the last row went, the next one goes.
    of_all.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
    // Packed once, when they leave the first level; from there on files go down as they are. Every level below has the
    // same packing, or they would be packed again.
    auto of_entries = of_all;
    of_entries.compression_per_level = {rocksdb::kNoCompression, rocksdb::kZSTD};
    of_entries.compression_opts.max_dict_bytes = 64 * 1024;
    // Sealed words hardly become smaller: not worth a pass of their own.
    auto of_words = of_all;
    of_words.compression = rocksdb::kLZ4Compression;
    return {{rocksdb::kDefaultColumnFamilyName, of_all}, {"entries", of_entries}, {"words", of_words}};
}

bool has_other_families(const std::string& folder) {
    std::vector<std::string> names;
    return rocksdb::DB::ListColumnFamilies({}, folder, &names).ok() && names.size() != families().size();
}

}  // namespace

schema::Result<std::unique_ptr<Log>> open_rocks_log(const std::string& folder, const std::string& origin,
                                                    const RocksLogOptions& options) {
    auto store = std::make_unique<FamilyStore>();
    auto status = open_rocks(store_options(options), folder, options.read_only, families(), *store);
    if (!status.ok() && has_other_families(folder))
        return fail(Fault::corrupt, folder, "is of another format, which this version does not read");
    if (!status.ok()) return failed(status, folder + " cannot be opened");

    auto& db = *store->db;
    if (options.create) {
        rocksdb::WriteBatch first;
        first.Put("f", rocksdb::Slice(format.data(), format.size()));
        first.Put("o", origin);
        first.Put("h", schema::big_endian(0) + std::string(empty_root().view()));
        rocksdb::WriteOptions write;
        write.sync = true;
        if (status = db.Write(write, &first); !status.ok()) return failed(status, folder + " cannot be written");
    }
    std::string stored_format, stored_origin, head_row;
    for (auto [name, value] : {std::pair{"f", &stored_format}, {"o", &stored_origin}, {"h", &head_row}})
        if (auto got = db.Get({}, name, value); !got.ok()) return failed(got, "its first rows cannot be read");
    if (stored_format != format)
        return fail(Fault::corrupt, folder, "is of format " + stored_format + ", which this version does not read");
    if (head_row.size() != 40) return fail(Fault::corrupt, folder, "has a head of the wrong size");
    LogHead head{schema::from_big_endian(head_row), Digest::of(schema::as_bytes(head_row.substr(8)))};
    return std::unique_ptr<Log>(new RocksLog(std::move(store), stored_origin, head, options.sync));
}

schema::Result<std::string> origin_of(const Log& log) {
    if (auto* rocks = dynamic_cast<const RocksLog*>(&log)) return rocks->origin();
    return fail(Fault::not_found, "this log keeps no origin");
}

}  // namespace ledger
