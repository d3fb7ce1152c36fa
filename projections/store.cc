#include "projections/store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <filesystem>

#include "ledger/rocks.h"
#include "schema/big_endian.h"
#include "schema/packing.h"

namespace projections {

using schema::big_endian;
using schema::fail;
using schema::Fault;
using schema::from_big_endian;
using schema::pack;
using schema::unpack;

namespace {

tl::unexpected<schema::Error> failed(const rocksdb::Status& status) {
    return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, "views",
                status.ToString() + " (the folder may be deleted: it is made again from the book)");
}

std::string prefix_of(uint64_t instance) { return "r" + big_endian(instance); }

// The first key after all that start with `prefix`.
std::string end_of(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
    if (!prefix.empty()) ++prefix.back();
    return prefix;
}

constexpr std::string_view rows_file = ".rows";

rocksdb::WriteOptions unlogged() {
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    return options;
}

// One scan for both kinds of table; keys are handed out without the instance's prefix.
schema::Result<void> walk(rocksdb::Iterator& it, const std::string& own, std::string_view prefix,
                          const Table::Take& take, Table::Direction direction, std::string_view after) {
    auto from = own + std::string(prefix);
    if (direction == Table::forwards) {
        if (after.empty()) it.Seek(from);
        else it.Seek(std::max(from, own + std::string(after) + '\0'));
    } else {
        auto beyond = end_of(from);
        if (!after.empty()) beyond = std::min(beyond, own + std::string(after));
        it.SeekForPrev(beyond);
        if (it.Valid() && it.key() == beyond) it.Prev();  // strictly before
    }
    while (it.Valid() && it.key().starts_with(from)) {
        bool row = it.key().size() > own.size();  // or how far the instance is
        if (row && !take(it.key().ToStringView().substr(own.size()), it.value().ToStringView())) break;
        if (direction == Table::forwards) it.Next();
        else it.Prev();
    }
    if (!it.status().ok()) return failed(it.status());
    return {};
}

// Sizes stood here before they stood with the rows.
struct Meta {
    uint32_t version = 0;
    uint64_t number = 0, size = 0;
};
template <class Pack>
void pack_members(Pack& pack, Meta& meta) {
    pack(meta.version, meta.number, meta.size);
}

}  // namespace

struct Views::Store {
    rocksdb::Options options;
    std::string folder;
    std::unique_ptr<rocksdb::DB> db;
};

namespace {

schema::Result<std::optional<std::string>> get_row(rocksdb::DB& db, const rocksdb::ReadOptions& options,
                                                   const std::string& key) {
    std::string row;
    auto status = db.Get(options, key, &row);
    if (status.IsNotFound()) return std::optional<std::string>{};
    if (!status.ok()) return failed(status);
    return std::optional<std::string>(std::move(row));
}

class SnapshotTable : public Table {
  public:
    SnapshotTable(rocksdb::DB& db, const rocksdb::Snapshot* snapshot, Instance of)
        : instance(std::move(of)), db_(db), snapshot_(snapshot), own_(prefix_of(instance.number)) {}
    const Instance instance;

    schema::Result<std::optional<std::string>> get(std::string_view key) const override {
        return get_row(db_, options(), own_ + std::string(key));
    }
    schema::Result<void> scan(std::string_view prefix, const Take& take, Direction direction,
                              std::string_view after) const override {
        std::unique_ptr<rocksdb::Iterator> it(db_.NewIterator(options()));
        return walk(*it, own_, prefix, take, direction, after);
    }

  private:
    rocksdb::ReadOptions options() const {
        rocksdb::ReadOptions read;
        read.snapshot = snapshot_;
        return read;
    }
    rocksdb::DB& db_;
    const rocksdb::Snapshot* snapshot_;
    std::string own_;
};

class StoreSnapshot : public ViewsSnapshot {
  public:
    StoreSnapshot(std::shared_ptr<const void> store, rocksdb::DB& db, const std::vector<Instance>& instances)
        : store_(std::move(store)), db_(db), snapshot_(db.GetSnapshot()) {
        for (auto& instance : instances)
            if (!instance.building) tables_.push_back(std::make_unique<SnapshotTable>(db_, snapshot_, instance));
    }
    ~StoreSnapshot() override { db_.ReleaseSnapshot(snapshot_); }
    StoreSnapshot(const StoreSnapshot&) = delete;
    StoreSnapshot& operator=(const StoreSnapshot&) = delete;

    const Table* table(std::string_view name, uint32_t version) const override {
        for (auto& table : tables_)
            if (table->instance.name == name && table->instance.version == version) return table.get();
        return nullptr;
    }

  private:
    std::shared_ptr<const void> store_;  // the database outlives every snapshot of it
    rocksdb::DB& db_;
    const rocksdb::Snapshot* snapshot_;
    std::vector<std::unique_ptr<SnapshotTable>> tables_;
};

}  // namespace

Views::Views(std::shared_ptr<Store> store) : store_(std::move(store)) {}
Views::~Views() = default;

schema::Result<std::unique_ptr<Views>> Views::open(const std::string& folder) {
    auto store = std::make_shared<Store>();
    store->folder = folder;
    auto& options = store->options;
    options = ledger::rocks_options();
    options.create_if_missing = true;
    options.compression = rocksdb::kLZ4Compression;
    options.write_buffer_size = 32 << 20;
    // A case's next row goes where its last one went. 26: the instance, the kind of row, the case. No range that is
    // deleted may begin with so long a key: RocksDB 7 would look for its place among the rows.
    options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(26));
    options.max_background_jobs = 2;
    options.disable_auto_compactions = true;  // until it is known what becomes of the files
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    // Without a write-ahead log, closing would flush for nothing: what is not flushed comes back from the ledger.
    options.avoid_flush_during_shutdown = true;
    auto& db = store->db;
    // What a crash left of a file that was not yet taken in.
    std::error_code none;
    for (auto& file : std::filesystem::directory_iterator(folder, none))
        if (file.path().extension() == rows_file) std::filesystem::remove(file.path(), none);
    if (auto status = ledger::open_rocks(options, folder, false, db); !status.ok()) return failed(status);
    auto views = std::unique_ptr<Views>(new Views(store));

    std::unique_ptr<rocksdb::Iterator> it(db->NewIterator({}));
    for (it->SeekToFirst(); it->Valid() && !it->key().starts_with("r"); it->Next()) {
        auto key = it->key().ToStringView();
        auto meta = unpack<Meta>(it->value().ToStringView());
        if (!meta) return fail(Fault::corrupt, "views", "a head row does not read; delete the folder");
        auto size = get_row(*db, {}, prefix_of(meta->number));
        if (!size) return tl::unexpected(size.error());
        views->instances_.push_back({std::string(key.substr(1)), meta->version, meta->number,
                                     *size ? from_big_endian(**size) : meta->size, key.front() == 'b'});
        views->next_number_ = std::max(views->next_number_, meta->number + 1);
    }
    // Numbers are never used again while rows of theirs may be there.
    it->SeekToLast();
    if (it->Valid() && it->key().starts_with("r"))
        views->next_number_ = std::max(views->next_number_, from_big_endian(it->key().ToStringView().substr(1)) + 1);
    if (!it->status().ok()) return failed(it->status());
    return views;
}

std::vector<Instance> Views::instances() const {
    std::lock_guard lock(mutex_);
    return instances_;
}

void Views::remember(const Instance& instance) {
    std::lock_guard lock(mutex_);
    for (auto& known : instances_)
        if (known.number == instance.number) {
            known = instance;
            return;
        }
    instances_.push_back(instance);
}

schema::Result<Instance> Views::begin(const std::string& name, uint32_t version) {
    std::lock_guard lock(mutex_);
    Instance instance{name, version, next_number_++, 0, true};
    rocksdb::WriteBatch batch;
    for (auto& known : instances_)
        if (known.name == name && known.building)
            batch.DeleteRange(prefix_of(known.number), end_of(prefix_of(known.number)));
    batch.Put("b" + name, pack(Meta{version, instance.number, 0}));
    if (auto status = store_->db->Write(unlogged(), &batch); !status.ok()) return failed(status);
    std::erase_if(instances_, [&](const Instance& known) { return known.name == name && known.building; });
    instances_.push_back(instance);
    return instance;
}

schema::Result<std::optional<std::string>> Views::get(const Instance& instance, std::string_view key) const {
    return get_row(*store_->db, {}, prefix_of(instance.number) + std::string(key));
}

Gathered Views::rows(const Instance& instance) const {
    return Gathered([this, own = instance](std::string_view key) { return get(own, key); });
}

schema::Result<void> Views::write(Instance& instance, Gathered& rows, uint64_t size) {
    auto own = prefix_of(instance.number);
    rocksdb::WriteBatch batch;
    batch.Put(own, big_endian(size));
    std::string key = own;
    for (auto& row : rows.sort()) {
        key.replace(own.size(), key.npos, row.key);
        batch.Put(key, row.row);
    }
    if (auto status = store_->db->Write(unlogged(), &batch); !status.ok()) return failed(status);
    instance.size = size;
    remember(instance);
    return {};
}

schema::Result<void> Views::write_file(Instance& instance, Gathered& rows, uint64_t size) {
    auto own = prefix_of(instance.number);
    auto path = store_->folder + "/" + std::to_string(instance.number) + std::string(rows_file);
    rocksdb::SstFileWriter file(rocksdb::EnvOptions(store_->options), store_->options, nullptr, false);
    auto status = file.Open(path);
    if (status.ok()) status = file.Put(own, big_endian(size));
    std::string key = own;
    for (auto& row : rows.sort()) {
        if (!status.ok()) break;
        key.replace(own.size(), key.npos, row.key);
        status = file.Put(key, row.row);
    }
    if (status.ok()) status = file.Finish();
    // Whose rows they are must be known before they are there, or nobody would ever drop them.
    if (status.ok() && instance.size == 0) status = store_->db->Flush({});
    rocksdb::IngestExternalFileOptions take_in;
    take_in.move_files = true;
    take_in.write_global_seqno = false;
    if (status.ok()) status = store_->db->IngestExternalFile({path}, take_in);
    if (!status.ok()) return failed(status);
    instance.size = size;
    remember(instance);
    return {};
}

schema::Result<void> Views::leave_files(bool leave) {
    auto& db = *store_->db;
    auto status = leave ? db.SetOptions({{"disable_auto_compactions", "true"}})
                        : db.EnableAutoCompaction({db.DefaultColumnFamily()});
    return status.ok() ? schema::Result<void>{} : failed(status);
}

schema::Result<void> Views::merge_files(const Instance& instance) {
    auto& db = *store_->db;
    auto own = prefix_of(instance.number);
    rocksdb::ColumnFamilyMetaData all;
    db.GetColumnFamilyMetaData(&all);
    std::vector<std::string> files;
    for (auto& level : all.levels)
        for (auto& file : level.files)
            if (file.smallestkey.starts_with(own) && file.largestkey.starts_with(own)) files.push_back(file.name);
    constexpr size_t few = 4;
    if (files.size() < few) return {};
    rocksdb::CompactionOptions options;
    options.compression = rocksdb::kDisableCompressionOption;  // as all others
    options.output_file_size_limit = store_->options.target_file_size_base;
    // Right to the last level: from level to level, each would be written anew.
    auto status = db.CompactFiles(options, files, store_->options.num_levels - 1);
    // Ended early, or the store was merging some of them: it goes on with that by itself.
    bool left = status.IsShutdownInProgress() || status.IsAborted() || status.IsInvalidArgument();
    return status.ok() || left ? schema::Result<void>{} : failed(status);
}

schema::Result<void> Views::swap(Instance& instance) {
    std::unique_lock lock(mutex_);
    rocksdb::WriteBatch batch;
    batch.Delete("b" + instance.name);
    batch.Put("m" + instance.name, pack(Meta{instance.version, instance.number, instance.size}));
    for (auto& known : instances_)
        if (known.name == instance.name && !known.building)
            batch.DeleteRange(prefix_of(known.number), end_of(prefix_of(known.number)));
    if (auto status = store_->db->Write(unlogged(), &batch); !status.ok()) return failed(status);
    std::erase_if(instances_, [&](const Instance& known) { return known.name == instance.name && !known.building; });
    instance.building = false;
    lock.unlock();
    remember(instance);
    return {};
}

std::shared_ptr<const ViewsSnapshot> Views::snapshot() const {
    std::lock_guard lock(mutex_);
    return std::make_shared<StoreSnapshot>(store_, *store_->db, instances_);
}

schema::Result<void> Views::flush() {
    if (auto status = store_->db->Flush({}); !status.ok()) return failed(status);
    return {};
}

void Views::end() {
    (void)flush();
    rocksdb::CancelAllBackgroundWork(store_->db.get(), false);
}

}  // namespace projections
