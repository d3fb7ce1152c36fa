// The tree's hashes as the index keeps them: tiles that are still filling in memory with every node above them, full
// ones as rows. A row is the tile's 256 hashes and, so that a proof hashes little, the roots over 4, 16 and 64 of them.
#pragma once
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/tree.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace ledger {

// Some of a tile's 256 hashes, from the first on, and every complete subtree over them.
class TileNodes {
  public:
    void append(const Digest& hash);
    const std::vector<Digest>& hashes() const { return levels_[0]; }
    // The root over 2^level hashes (level below 8), the index-th of these; null where it is not complete.
    const Digest* node(unsigned level, uint64_t index) const {
        return index < levels_[level].size() ? &levels_[level][index] : nullptr;
    }

  private:
    std::array<std::vector<Digest>, 8> levels_;
};

class TileStore {
  public:
    explicit TileStore(rocksdb::DB& db) : db_(db) {}

    // The applying thread only. What fills up goes into `batch`; nothing else may look meanwhile (see lock()).
    void push(const Digest& leaf, rocksdb::WriteBatch& batch) { push(0, leaf, batch); }
    // At opening: the hashes of a tile that had been filling.
    void fill(unsigned level, uint64_t number, const std::vector<Digest>& hashes);
    // Held from the first push() of a commit until its batch is written.
    std::unique_lock<std::shared_mutex> lock() { return std::unique_lock(mutex_); }

    // Any thread. For one proof or root: it holds the last row that it read, and may not outlive the store.
    SubtreeHash subtrees() const;
    // The hashes of a tile, as many as there are.
    schema::Result<std::vector<Digest>> tile(unsigned level, uint64_t number) const;

  private:
    struct Filling {
        uint64_t number = 0;
        TileNodes nodes;
    };
    struct Row;
    void push(unsigned level, const Digest& hash, rocksdb::WriteBatch& batch);
    schema::Result<Digest> subtree(unsigned level, uint64_t index, Row& last) const;
    schema::Result<void> read(unsigned level, uint64_t number, Row& row) const;
    schema::Result<std::shared_ptr<const TileNodes>> upper(unsigned level, uint64_t number) const;

    rocksdb::DB& db_;
    mutable std::shared_mutex mutex_;
    std::vector<Filling> filling_;  // by level
    // The newest full tiles of level 0, by their number: proofs are asked for most of what was just recorded.
    static constexpr size_t newest = 16;
    std::array<std::optional<Filling>, newest> newest_;
    // Full tiles above level 0, each over 65,536 leaves or more: few, and in nearly every proof.
    mutable std::mutex upper_mutex_;
    mutable std::unordered_map<uint64_t, std::shared_ptr<const TileNodes>> upper_;
};

}  // namespace ledger
