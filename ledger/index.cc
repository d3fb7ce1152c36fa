// Keys of the store: 's' stream revision -> position; 'h' stream -> revision, position, leaf, event digest;
// 'i' event id -> position; 't' level number -> the 256 hashes of a full tile; 'n' -> how many entries have been
// applied. The rows of one batch are there together or not at all. Tiles that are still filling live in memory.
#include "ledger/index.h"

#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <mutex>

#include "ledger/tiles.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

std::string number(uint64_t value) {
    std::string text;
    for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift);
    return text;
}
uint64_t number_in(std::string_view text) {
    uint64_t value = 0;
    for (size_t i = 0; i < 8; ++i) value = value << 8 | static_cast<uint8_t>(text[i]);
    return value;
}
std::string stream_key(const StreamId& stream, uint64_t revision) {
    return "s" + std::string(stream.view()) + number(revision);
}
std::string head_key(const StreamId& stream) { return "h" + std::string(stream.view()); }
std::string tile_key(unsigned level, uint64_t tile) {
    return "t" + std::string(1, static_cast<char>(level)) + number(tile);
}

tl::unexpected<schema::Error> failed(const rocksdb::Status& status) {
    return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, "index",
                status.ToString() + " (the folder may be deleted: it is made again from the book)");
}

}  // namespace

Index::Index(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)), pending_(new rocksdb::WriteBatch) {}
Index::~Index() = default;

schema::Result<std::unique_ptr<Index>> Index::open(const std::string& folder, const Log& log) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.paranoid_checks = true;
    options.compression = rocksdb::kLZ4Compression;
    options.write_buffer_size = 32 << 20;
    options.max_background_jobs = 2;
    options.info_log_level = rocksdb::WARN_LEVEL;
    options.keep_log_file_num = 2;
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.cache_index_and_filter_blocks = true;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    rocksdb::DB* db = nullptr;
    if (auto status = rocksdb::DB::Open(options, folder, &db); !status.ok()) return failed(status);
    auto index = std::unique_ptr<Index>(new Index(std::unique_ptr<rocksdb::DB>(db)));
    TRY(index->load(log));
    return index;
}

schema::Result<void> Index::load(const Log& log) {
    std::string applied;
    auto status = db_->Get({}, "n", &applied);
    if (status.IsNotFound()) return {};
    if (!status.ok()) return failed(status);
    uint64_t size = number_in(applied);
    if (size > log.head().size)
        return fail(Fault::corrupt, "index", "knows more entries than the book holds; the book was rolled back");

    // Tiles that were filling: their hashes come from the entries, or from the full tiles one level down.
    for (unsigned level = 0; level < 8 && (size >> (8 * level)) > 0; ++level) {
        uint64_t count = size >> (8 * level), first = count / tile_width * tile_width;
        std::vector<Digest> hashes;
        if (level == 0) {
            TRY(log.read(first, count, [&](uint64_t, Bytes entry) {
                hashes.push_back(leaf_hash(entry));
                return true;
            }));
        } else {
            for (uint64_t i = first; i < count; ++i) {
                auto full = tile(level - 1, i);
                if (!full) return tl::unexpected(full.error());
                if (full->size() != tile_width) return fail(Fault::corrupt, "index", "a tile is too short");
                hashes.push_back(root_over(*full));
            }
        }
        tiles_.push_back({count / tile_width, std::move(hashes)});
    }
    std::vector<Digest> subtrees;
    uint64_t from = 0;
    for (unsigned bit = 64; bit-- > 0;) {
        if (!(size >> bit & 1)) continue;
        auto root = subtree(bit, from >> bit);
        if (!root) return tl::unexpected(root.error());
        subtrees.push_back(*root);
        from += uint64_t{1} << bit;
    }
    edge_ = Edge(size, std::move(subtrees));

    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek("h"); it->Valid() && it->key().starts_with("h"); it->Next()) {
        auto row = it->value().ToStringView();
        if (it->key().size() != 17 || row.size() != 80) return fail(Fault::corrupt, "index", "a head has a wrong size");
        heads_.set(StreamId::of(schema::as_bytes(it->key().ToStringView().substr(1))), number_in(row),
                   Digest::of(schema::as_bytes(row.substr(48, 32))));
    }
    if (!it->status().ok()) return failed(it->status());
    return {};
}

Digest Index::set_head(const StreamId& stream, uint64_t revision, const Digest& event) {
    heads_.set(stream, revision, event);
    return heads_.root();
}

void Index::add(const StreamId& stream, const EventId& id, uint64_t revision, const Digest& event, const Digest& leaf) {
    uint64_t position = edge_.size();
    pending_heads_[stream] = {revision, position, leaf};
    pending_ids_[id] = position;
    pending_leaves_.push_back(leaf);
    pending_->Put(stream_key(stream, revision), number(position));
    pending_->Put(head_key(stream),
                  number(revision) + number(position) + std::string(leaf.view()) + std::string(event.view()));
    pending_->Put("i" + std::string(id.view()), number(position));
    edge_.append(leaf);
}

schema::Result<void> Index::apply(const Entry& entry) {
    auto event = sha256(entry.event().bytes());
    auto root = set_head(entry.stream(), entry.revision(), event);
    if (schema::as_text(entry.heads()) != root.view())
        return fail(Fault::corrupt, "book",
                    "entry " + std::to_string(entry.position()) +
                        " does not hold the heads root that follows from "
                        "the entries before it");
    add(entry.stream(), entry.id(), entry.revision(), event, entry.leaf());
    return {};
}

schema::Result<void> Index::commit() {
    pending_->Put("n", number(edge_.size()));
    std::unique_lock lock(tiles_mutex_);
    for (const Digest& leaf : pending_leaves_) push_hash(0, leaf);
    rocksdb::WriteOptions unlogged;  // what a crash takes from here comes back from the log
    unlogged.disableWAL = true;
    auto status = db_->Write(unlogged, pending_.get());
    pending_->Clear();
    pending_heads_.clear();
    pending_ids_.clear();
    pending_leaves_.clear();
    if (!status.ok()) return failed(status);
    return {};
}

void Index::push_hash(unsigned level, const Digest& hash) {
    if (tiles_.size() <= level) tiles_.emplace_back();
    FillingTile& tile = tiles_[level];
    tile.hashes.push_back(hash);
    if (tile.hashes.size() < tile_width) return;
    std::string row;
    for (const Digest& each : tile.hashes) row += each.view();
    pending_->Put(tile_key(level, tile.number), row);
    Digest root = root_over(tile.hashes);
    tile.hashes.clear();
    ++tile.number;
    push_hash(level + 1, root);
}

schema::Result<void> Index::flush() {
    if (auto status = db_->Flush({}); !status.ok()) return failed(status);
    return {};
}

schema::Result<StreamHead> Index::head(const StreamId& stream) const {
    if (auto pending = pending_heads_.find(stream); pending != pending_heads_.end()) return pending->second;
    return committed_head(stream);
}

schema::Result<StreamHead> Index::committed_head(const StreamId& stream) const {
    std::string row;
    auto status = db_->Get({}, head_key(stream), &row);
    if (status.IsNotFound()) return StreamHead{};
    if (!status.ok()) return failed(status);
    if (row.size() != 80) return fail(Fault::corrupt, "index", "a head has a wrong size");
    return StreamHead{number_in(row), number_in(std::string_view(row).substr(8)),
                      Digest::of(schema::as_bytes(std::string_view(row).substr(16, 32)))};
}

schema::Result<std::optional<uint64_t>> Index::position_of(const EventId& id) const {
    if (auto pending = pending_ids_.find(id); pending != pending_ids_.end()) return pending->second;
    return committed_position_of(id);
}

schema::Result<std::optional<uint64_t>> Index::committed_position_of(const EventId& id) const {
    std::string row;
    auto status = db_->Get({}, "i" + std::string(id.view()), &row);
    if (status.IsNotFound()) return std::optional<uint64_t>{};
    if (!status.ok()) return failed(status);
    return std::optional<uint64_t>(number_in(row));
}

schema::Result<std::vector<uint64_t>> Index::positions(const StreamId& stream, uint64_t from_revision,
                                                       size_t limit) const {
    std::vector<uint64_t> found;
    auto prefix = stream_key(stream, 0).substr(0, 17);
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek(stream_key(stream, from_revision));
         it->Valid() && it->key().starts_with(prefix) && found.size() < limit; it->Next())
        found.push_back(number_in(it->value().ToStringView()));
    if (!it->status().ok()) return failed(it->status());
    return found;
}

schema::Result<std::vector<StreamId>> Index::streams() const {
    std::vector<StreamId> found;
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek("h"); it->Valid() && it->key().starts_with("h"); it->Next())
        found.push_back(StreamId::of(schema::as_bytes(it->key().ToStringView().substr(1))));
    if (!it->status().ok()) return failed(it->status());
    return found;
}

schema::Result<Digest> Index::subtree(unsigned level, uint64_t index) const {
    // A subtree of 2^level leaves is a run of 2^(level % 8) hashes inside one tile of level / 8.
    unsigned tile_level = level / 8;
    uint64_t width = uint64_t{1} << (level % 8), first = index * width;
    auto hashes = tile(tile_level, first / tile_width);
    if (!hashes) return tl::unexpected(hashes.error());
    size_t offset = first % tile_width;
    if (hashes->size() < offset + width) return fail(Fault::corrupt, "index", "a tile is too short");
    return root_over({hashes->data() + offset, width});
}

schema::Result<std::vector<Digest>> Index::tile(unsigned level, uint64_t tile_number) const {
    {
        std::shared_lock lock(tiles_mutex_);
        if (level < tiles_.size() && tiles_[level].number == tile_number) return tiles_[level].hashes;
    }
    std::string row;
    auto status = db_->Get({}, tile_key(level, tile_number), &row);
    if (!status.ok()) return failed(status);
    std::vector<Digest> hashes;
    for (size_t at = 0; at + 32 <= row.size(); at += 32)
        hashes.push_back(Digest::of(schema::as_bytes(std::string_view(row).substr(at, 32))));
    return hashes;
}

}  // namespace ledger
