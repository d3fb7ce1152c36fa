#include "ledger/tile_store.h"

#include <rocksdb/db.h>

#include "ledger/tiles.h"
#include "schema/big_endian.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr size_t hashes_size = tile_width * sizeof(Digest), most_upper = 4096;
// Behind the hashes a row has the nodes of every second level: the others are a hash away.
constexpr unsigned kept_levels[] = {2, 4, 6};

// Where the nodes of an even level begin in a row; 8: where it ends.
constexpr size_t start_of(unsigned level) {
    size_t nodes = 0;
    for (unsigned below = 0; below < level; below += 2) nodes += tile_width >> below;
    return nodes * sizeof(Digest);
}
constexpr size_t row_size = start_of(8);

std::string tile_key(unsigned level, uint64_t number) {
    return "t" + std::string(1, static_cast<char>(level)) + schema::big_endian(number);
}

tl::unexpected<schema::Error> failed(const rocksdb::Status& status) {
    return fail(status.IsCorruption() || status.IsNotFound() ? Fault::corrupt : Fault::io, "index",
                "a tile: " + status.ToString() + " (the folder may be deleted: it is made again from the book)");
}

// The root over the 2^level hashes that begin at this byte.
Digest root_in(std::string_view bytes, size_t at, unsigned level) {
    if (level == 0) return Digest::of(schema::as_bytes(bytes.substr(at, sizeof(Digest))));
    size_t half = sizeof(Digest) << (level - 1);
    return node_hash(root_in(bytes, at, level - 1), root_in(bytes, at + half, level - 1));
}

}  // namespace

// Where it lies in the store's cache, if it lies there.
struct TileStore::Row {
    uint64_t number = 0;
    rocksdb::PinnableSlice bytes;
};

void TileNodes::append(const Digest& hash) {
    levels_[0].push_back(hash);
    for (unsigned level = 0; level + 1 < levels_.size() && levels_[level].size() % 2 == 0; ++level) {
        auto& below = levels_[level];
        levels_[level + 1].push_back(node_hash(below[below.size() - 2], below.back()));
    }
}

void TileStore::fill(unsigned level, uint64_t number, const std::vector<Digest>& hashes) {
    if (filling_.size() <= level) filling_.resize(level + 1);
    filling_[level].number = number;
    for (auto& hash : hashes) filling_[level].nodes.append(hash);
}

void TileStore::push(unsigned level, const Digest& hash, rocksdb::WriteBatch& batch) {
    if (filling_.size() <= level) filling_.emplace_back();
    auto& tile = filling_[level];
    tile.nodes.append(hash);
    if (tile.nodes.hashes().size() < tile_width) return;
    auto row = tile_bytes(tile.nodes.hashes());
    for (auto kept : kept_levels)
        for (uint64_t i = 0; i < tile_width >> kept; ++i) row += tile.nodes.node(kept, i)->view();
    batch.Put(tile_key(level, tile.number), row);
    auto root = node_hash(*tile.nodes.node(7, 0), *tile.nodes.node(7, 1));
    Filling full{tile.number++, std::exchange(tile.nodes, {})};
    if (level == 0) newest_[full.number % newest] = std::move(full);
    push(level + 1, root, batch);
}

SubtreeHash TileStore::subtrees() const {
    return
        [this, last = std::make_shared<Row>()](unsigned level, uint64_t index) { return subtree(level, index, *last); };
}

schema::Result<Digest> TileStore::subtree(unsigned level, uint64_t index, Row& last) const {
    // A subtree of 2^level leaves is a node over 2^(level % 8) hashes inside one tile of level / 8.
    unsigned tile_level = level / 8, inside = level % 8;
    uint64_t first = index << inside, number = first / tile_width, offset = first % tile_width;
    {
        std::shared_lock lock(mutex_);
        auto& recent = newest_[number % newest];
        auto* tile = tile_level < filling_.size() && filling_[tile_level].number == number ? &filling_[tile_level]
                     : tile_level == 0 && recent && recent->number == number               ? &*recent
                                                                                           : nullptr;
        if (tile) {
            auto* node = tile->nodes.node(inside, offset >> inside);
            if (!node) return fail(Fault::corrupt, "index", "a tile is too short");
            return *node;
        }
    }
    if (tile_level > 0) {
        auto nodes = upper(tile_level, number);
        if (!nodes) return tl::unexpected(nodes.error());
        return *(*nodes)->node(inside, offset >> inside);
    }
    if (last.bytes.empty() || last.number != number) TRY(read(0, number, last));
    unsigned kept = inside - inside % 2;
    return root_in(last.bytes.ToStringView(), start_of(kept) + (offset >> kept) * sizeof(Digest), inside - kept);
}

schema::Result<void> TileStore::read(unsigned level, uint64_t number, Row& row) const {
    row.bytes.Reset();
    row.number = number;
    auto status = db_.Get({}, db_.DefaultColumnFamily(), tile_key(level, number), &row.bytes);
    if (status.ok() && row.bytes.size() == row_size) return {};
    row.bytes.Reset();
    if (!status.ok()) return failed(status);
    return fail(Fault::corrupt, "index",
                "a tile is of another length; delete the folder, it is made again from the book");
}

schema::Result<std::shared_ptr<const TileNodes>> TileStore::upper(unsigned level, uint64_t number) const {
    auto key = number << 3 | level;
    {
        std::lock_guard lock(upper_mutex_);
        if (auto known = upper_.find(key); known != upper_.end()) return known->second;
    }
    auto hashes = tile(level, number);
    if (!hashes) return tl::unexpected(hashes.error());
    if (hashes->size() != tile_width) return fail(Fault::corrupt, "index", "a tile is too short");
    auto nodes = std::make_shared<TileNodes>();
    for (auto& hash : *hashes) nodes->append(hash);
    std::lock_guard lock(upper_mutex_);
    if (upper_.size() >= most_upper) upper_.clear();
    return upper_.emplace(key, std::move(nodes)).first->second;
}

schema::Result<std::vector<Digest>> TileStore::tile(unsigned level, uint64_t number) const {
    {
        std::shared_lock lock(mutex_);
        if (level < filling_.size() && filling_[level].number == number) return filling_[level].nodes.hashes();
    }
    Row row;
    TRY(read(level, number, row));
    return tile_hashes(row.bytes.ToStringView().substr(0, hashes_size));
}

}  // namespace ledger
