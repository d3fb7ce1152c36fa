// What is looked up about entries: by stream and revision, by event id, the tree's tiles, the heads map and its proofs,
// who was erased, which keys sign checkpoints. Worked out from the log alone, so the folder may be deleted; applying an
// entry at start-up and every day is the same function.
#pragma once
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/entry.h"
#include "ledger/heads.h"
#include "ledger/key_store.h"
#include "ledger/keys.h"
#include "ledger/log.h"
#include "ledger/tile_store.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace ledger {

struct StreamHead {
    uint64_t revision = 0;  // 0: the stream is empty
    uint64_t position = 0;
    Digest leaf{};   // of its last entry
    Digest event{};  // of its last entry's event
};

class Index {
  public:
    enum class Use {
        daily,
        bulk,     // millions of entries one after the other: nothing is merged on the way, so compact the store then
        looking,  // never commit(): what is added can be looked up by the applying thread, and is gone with this
    };
    // Opens or makes the folder and reads what it had; the caller then applies the log's entries from size() on.
    static schema::Result<std::unique_ptr<Index>> open(const std::string& folder, const Log& log, Use use = Use::daily);
    ~Index();

    // The applying thread only. An entry holds the heads root after itself, so it is taken in two steps: the head of
    // its stream (gives that root), then the entry. Nothing of it can be looked up by others before commit().
    uint64_t size() const { return edge_.size(); }
    Digest root() const { return edge_.root(); }
    const Edge& edge() const { return edge_; }
    const HeadsMap& heads() const { return heads_; }
    Digest set_head(const StreamId& stream, uint64_t revision, const Digest& event);
    void add(schema::Event::Reader event, uint64_t revision, const Digest& event_digest, const Digest& leaf);
    schema::Result<void> apply(const Entry& entry);  // both steps, for an entry that is in the log already
    // What the writer's fold over a stream came to with its last entry, so that the next opening need not fold it
    // again. Written with the next commit; the stream's next entry forgets it.
    schema::Result<void> keep(const StreamId& stream, std::string folded);
    schema::Result<void> commit();
    schema::Result<void> flush();                                   // so that the next open has nothing to catch up
    schema::Result<StreamHead> head(const StreamId& stream) const;  // these two see what is not yet committed
    schema::Result<std::optional<uint64_t>> position_of(const EventId& id) const;

    // Any thread.
    schema::Result<StreamHead> committed_head(const StreamId& stream) const;
    schema::Result<std::optional<uint64_t>> committed_position_of(const EventId& id) const;
    schema::Result<std::vector<uint64_t>> positions(const StreamId& stream, uint64_t from_revision, size_t limit) const;
    schema::Result<std::vector<StreamId>> streams() const;
    // Every stream with what was kept of it; empty where nothing was since its last entry.
    schema::Result<std::vector<std::pair<StreamId, std::string>>> kept() const;
    const TileStore& tiles() const { return tiles_; }
    // The head of a stream in the heads map after the last committed entry, and how many entries there were then.
    // not_found: the stream is empty.
    schema::Result<std::pair<uint64_t, HeadProof>> prove_head(const StreamId& stream) const;
    // Of the streams that a disclosure at this position speaks for: its own, the directory, the practice, as they were
    // right after it. not_found: nothing was disclosed there.
    schema::Result<std::vector<HeadProof>> disclosed_heads(uint64_t position) const;
    schema::Result<std::vector<Erasure>> erasures() const;
    // The first entry after this position by which they were erased.
    schema::Result<std::optional<uint64_t>> erased_after(const SubjectId& subject, uint64_t position) const;
    // Keys that sign checkpoints beside that of the genesis, in the order of the book.
    schema::Result<std::vector<PublicKey>> checkpoint_keys() const;

  private:
    explicit Index(std::unique_ptr<rocksdb::DB> db);
    schema::Result<void> load(const Log& log);
    void note(schema::Event::Reader event, uint64_t position);

    std::unique_ptr<rocksdb::DB> db_;
    std::unique_ptr<rocksdb::WriteBatch> pending_;
    struct PendingHead {
        StreamHead head;
        std::string kept;
    };
    std::unordered_map<StreamId, PendingHead> pending_heads_;
    std::unordered_map<StreamId, StreamHead> recent_heads_;  // committed; saves looking them up
    std::unordered_map<EventId, uint64_t> pending_ids_;
    std::vector<Digest> pending_leaves_;
    Edge edge_;
    HeadsMap heads_;  // the applying thread's
    mutable std::shared_mutex heads_mutex_;
    HeadsMap committed_heads_;  // everybody's: heads_ as it was at the last commit
    uint64_t committed_size_ = 0;
    TileStore tiles_;
};

}  // namespace ledger
