// What is looked up about entries: by stream and revision, by event id, and the tree's tiles. Worked out from the log
// alone, so the folder may be deleted; applying an entry at start-up and every day is the same function.
#pragma once
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/entry.h"
#include "ledger/heads.h"
#include "ledger/log.h"
#include "ledger/tree.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace ledger {

struct StreamHead {
    uint64_t revision = 0;  // 0: the stream is empty
    uint64_t position = 0;
    Digest leaf{};  // of its last entry
};

class Index {
  public:
    // Opens or makes the folder and reads what it had; the caller then applies the log's entries from size() on.
    static schema::Result<std::unique_ptr<Index>> open(const std::string& folder, const Log& log);
    ~Index();

    // The applying thread only. An entry holds the heads root after itself, so it is taken in two steps: the head of
    // its stream (gives that root), then the entry. Nothing of it can be looked up by others before commit().
    uint64_t size() const { return edge_.size(); }
    Digest root() const { return edge_.root(); }
    const HeadsMap& heads() const { return heads_; }
    Digest set_head(const StreamId& stream, uint64_t revision, const Digest& event);
    void add(const StreamId& stream, const EventId& id, uint64_t revision, const Digest& event, const Digest& leaf);
    schema::Result<void> apply(const Entry& entry);  // both steps, for an entry that is in the log already
    schema::Result<void> commit();
    schema::Result<void> flush();                                   // so that the next open has nothing to catch up
    schema::Result<StreamHead> head(const StreamId& stream) const;  // these two see what is not yet committed
    schema::Result<std::optional<uint64_t>> position_of(const EventId& id) const;

    // Any thread.
    schema::Result<StreamHead> committed_head(const StreamId& stream) const;
    schema::Result<std::optional<uint64_t>> committed_position_of(const EventId& id) const;
    schema::Result<std::vector<uint64_t>> positions(const StreamId& stream, uint64_t from_revision, size_t limit) const;
    schema::Result<std::vector<StreamId>> streams() const;
    schema::Result<Digest> subtree(unsigned level, uint64_t index) const;
    // The hashes of a tile, as many as there are.
    schema::Result<std::vector<Digest>> tile(unsigned level, uint64_t tile_number) const;

  private:
    explicit Index(std::unique_ptr<rocksdb::DB> db);
    schema::Result<void> load(const Log& log);
    void push_hash(unsigned level, const Digest& hash);

    std::unique_ptr<rocksdb::DB> db_;
    std::unique_ptr<rocksdb::WriteBatch> pending_;
    std::unordered_map<StreamId, StreamHead> pending_heads_;
    std::unordered_map<EventId, uint64_t> pending_ids_;
    std::vector<Digest> pending_leaves_;
    Edge edge_;
    HeadsMap heads_;

    struct FillingTile {
        uint64_t number = 0;
        std::vector<Digest> hashes;
    };
    mutable std::shared_mutex tiles_mutex_;
    std::vector<FillingTile> tiles_;  // by level
};

}  // namespace ledger
