#include "projections/store.h"

#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/write_batch_with_index.h>

#include <algorithm>

#include "ledger/rocks.h"
#include "schema/packing.h"

namespace projections {

using schema::fail;
using schema::Fault;
using schema::key_number;
using schema::pack;
using schema::unpack;

namespace {

tl::unexpected<schema::Error> failed(const rocksdb::Status& status) {
    return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, "views",
                status.ToString() + " (the folder may be deleted: it is made again from the book)");
}

std::string prefix_of(uint64_t instance) { return "r" + key_number(instance); }

// The first key after all that start with `prefix`.
std::string end_of(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
    if (!prefix.empty()) ++prefix.back();
    return prefix;
}

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
        if (!take(it.key().ToStringView().substr(own.size()), it.value().ToStringView())) break;
        if (direction == Table::forwards) it.Next();
        else it.Prev();
    }
    if (!it.status().ok()) return failed(it.status());
    return {};
}

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
    std::unique_ptr<rocksdb::DB> db;
};

namespace {

class BatchRows : public Rows {
  public:
    BatchRows(rocksdb::DB& db, uint64_t instance)
        : db_(db), own_(prefix_of(instance)), batch_(rocksdb::BytewiseComparator(), 0, true) {}

    schema::Result<std::optional<std::string>> get(std::string_view key) const override {
        std::string row;
        auto status = const_cast<rocksdb::WriteBatchWithIndex&>(batch_).GetFromBatchAndDB(
            &db_, {}, own_ + std::string(key), &row);
        if (status.IsNotFound()) return std::optional<std::string>{};
        if (!status.ok()) return failed(status);
        return std::optional<std::string>(std::move(row));
    }
    schema::Result<void> scan(std::string_view prefix, const Take& take, Direction direction,
                              std::string_view after) const override {
        auto& batch = const_cast<rocksdb::WriteBatchWithIndex&>(batch_);  // reads only
        std::unique_ptr<rocksdb::Iterator> it(batch.NewIteratorWithBase(db_.NewIterator({})));
        return walk(*it, own_, prefix, take, direction, after);
    }
    void put(std::string_view key, std::string_view row) override { batch_.Put(own_ + std::string(key), row); }
    void erase(std::string_view key) override { batch_.Delete(own_ + std::string(key)); }

    rocksdb::WriteBatch& batch() { return *batch_.GetWriteBatch(); }

  private:
    rocksdb::DB& db_;
    std::string own_;
    rocksdb::WriteBatchWithIndex batch_;
};

class SnapshotTable : public Table {
  public:
    SnapshotTable(rocksdb::DB& db, const rocksdb::Snapshot* snapshot, Instance of)
        : instance(std::move(of)), db_(db), snapshot_(snapshot), own_(prefix_of(instance.number)) {}
    const Instance instance;

    schema::Result<std::optional<std::string>> get(std::string_view key) const override {
        std::string row;
        auto status = db_.Get(options(), own_ + std::string(key), &row);
        if (status.IsNotFound()) return std::optional<std::string>{};
        if (!status.ok()) return failed(status);
        return std::optional<std::string>(std::move(row));
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
    auto options = ledger::rocks_options();
    options.create_if_missing = true;
    options.compression = rocksdb::kLZ4Compression;
    options.write_buffer_size = 32 << 20;
    options.max_background_jobs = 2;
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    // Without a write-ahead log, closing would flush for nothing: what is not flushed comes back from the ledger.
    options.avoid_flush_during_shutdown = true;
    auto store = std::make_shared<Store>();
    auto& db = store->db;
    if (auto status = ledger::open_rocks(options, folder, false, db); !status.ok()) return failed(status);
    auto views = std::unique_ptr<Views>(new Views(store));

    std::unique_ptr<rocksdb::Iterator> it(db->NewIterator({}));
    for (it->SeekToFirst(); it->Valid() && !it->key().starts_with("r"); it->Next()) {
        auto key = it->key().ToStringView();
        auto meta = unpack<Meta>(it->value().ToStringView());
        if (!meta) return fail(Fault::corrupt, "views", "a head row does not read; delete the folder");
        views->instances_.push_back(
            {std::string(key.substr(1)), meta->version, meta->number, meta->size, key.front() == 'b'});
        views->next_number_ = std::max(views->next_number_, meta->number + 1);
    }
    // Numbers are never used again while rows of theirs may be there.
    it->SeekToLast();
    if (it->Valid() && it->key().starts_with("r"))
        views->next_number_ =
            std::max(views->next_number_, schema::number_in_key(it->key().ToStringView().substr(1)) + 1);
    if (!it->status().ok()) return failed(it->status());
    return views;
}

void Views::remember(const Instance& instance) {
    for (auto& known : instances_)
        if (known.number == instance.number) {
            known = instance;
            return;
        }
    instances_.push_back(instance);
}

schema::Result<Instance> Views::begin(const std::string& name, uint32_t version) {
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

std::unique_ptr<Rows> Views::rows(const Instance& instance) const {
    return std::make_unique<BatchRows>(*store_->db, instance.number);
}

schema::Result<void> Views::write(Instance& instance, Rows& rows, uint64_t size) {
    auto& batch = static_cast<BatchRows&>(rows).batch();
    batch.Put((instance.building ? "b" : "m") + instance.name, pack(Meta{instance.version, instance.number, size}));
    if (auto status = store_->db->Write(unlogged(), &batch); !status.ok()) return failed(status);
    instance.size = size;
    remember(instance);
    return {};
}

schema::Result<void> Views::swap(Instance& instance) {
    rocksdb::WriteBatch batch;
    batch.Delete("b" + instance.name);
    batch.Put("m" + instance.name, pack(Meta{instance.version, instance.number, instance.size}));
    for (auto& known : instances_)
        if (known.name == instance.name && !known.building)
            batch.DeleteRange(prefix_of(known.number), end_of(prefix_of(known.number)));
    if (auto status = store_->db->Write(unlogged(), &batch); !status.ok()) return failed(status);
    std::erase_if(instances_, [&](const Instance& known) { return known.name == instance.name && !known.building; });
    instance.building = false;
    remember(instance);
    return {};
}

std::shared_ptr<const ViewsSnapshot> Views::snapshot() const {
    return std::make_shared<StoreSnapshot>(store_, *store_->db, instances_);
}

schema::Result<void> Views::flush() {
    if (auto status = store_->db->Flush({}); !status.ok()) return failed(status);
    return {};
}

}  // namespace projections
