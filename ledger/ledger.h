// The book of one service: append is all or nothing and durable when it returns; after a fault it is sealed and must
// be opened again. One thread appends; any thread reads, up to the published position and never beyond.
//
//   FOLDER/book     the log (entries, sealed words): the truth
//   FOLDER/index    what is looked up about it: disposable
//   FOLDER/keys     keys of those the record is about, with a mark of their own in FOLDER/keys.mark
//   FOLDER/mark     the synced high-water mark, without which the book does not open
//   FOLDER/evidence what others said about its checkpoints, with a mark of its own; ledger/evidence.h
//   FOLDER/secrets  checkpoint key and master key, for the owner alone
#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/index.h"
#include "ledger/key_store.h"
#include "ledger/log.h"
#include "ledger/mark.h"
#include "ledger/words.h"

namespace rocksdb {
class Env;
}

namespace ledger {

// What readers may know: everything up to here is durable and under a signed checkpoint.
struct Published {
    LogHead head;
    schema::Time recorded{};  // of the last entry
    std::string checkpoint;   // a signed note
};

// What is being done at an opening that takes long, how much of it is done, and of how much.
using Progress = std::function<void(std::string_view what, uint64_t done, uint64_t of)>;

class Ledger {
  public:
    struct Options {
        rocksdb::Env* env = nullptr;  // under the book alone; for tests with faults
        bool sync = true;             // false only in the test that must see loss
        Progress progress{};          // told while the index is made again
        bool bulk = false;            // see Index::Use::bulk
    };
    // Makes a new, empty ledger with fresh secrets. Conflict when the folder holds one.
    static schema::Result<std::unique_ptr<Ledger>> create(const std::string& folder, const std::string& origin,
                                                          const Options& options);
    static schema::Result<std::unique_ptr<Ledger>> create(const std::string& folder, const std::string& origin) {
        return create(folder, origin, Options{});
    }
    // Opens, catches the index up, and refuses a book that is below its mark or does not fit it.
    static schema::Result<std::unique_ptr<Ledger>> open(const std::string& folder, const Options& options);
    static schema::Result<std::unique_ptr<Ledger>> open(const std::string& folder) { return open(folder, Options{}); }
    ~Ledger();

    // ---- the ledger thread ----
    // Gives the event its place after everything placed before; in memory only. `recorded` is raised to the last
    // entry's where it is earlier. The caller has judged it and knows its id to be new.
    Entry place(const schema::EventMessage& event, std::span<const Signature> signatures, std::string sealed_words,
                schema::Time recorded);
    // Makes the keys that are missing, durably, and seals the words. Io: that store takes nothing any more, so the
    // whole ledger is sealed.
    schema::Result<std::string> seal_words(std::span<const Word> words, const EventId& event);
    // Writes all that was placed in one synced batch, reads it back, destroys the keys that it erases, signs a
    // checkpoint over it and publishes it. On any error the ledger is sealed: what was placed may or may not be in the
    // book.
    schema::Result<void> commit();
    // What the caller's fold over a stream came to with its last entry; kept() hands it back until there is a next.
    schema::Result<void> keep(const StreamId& stream, std::string folded) {
        return index_->keep(stream, std::move(folded));
    }
    schema::Result<StreamHead> head(const StreamId& stream) const { return index_->head(stream); }
    schema::Result<std::optional<uint64_t>> position_of(const EventId& id) const { return index_->position_of(id); }
    uint64_t next_position() const { return index_->size(); }
    schema::Time last_recorded() const { return last_recorded_; }

    // ---- any thread ----
    std::shared_ptr<const Published> published() const { return std::atomic_load(&published_); }
    bool sealed() const { return sealed_; }
    const std::string& origin() const { return origin_; }
    PublicKey checkpoint_key() const { return std::atomic_load(&checkpoint_keys_)->front().public_key(); }  // newest
    // All that the book ever named, the first one first: what was signed with an old key stays signed.
    schema::Result<std::vector<PublicKey>> named_checkpoint_keys() const;
    bool holds_checkpoint_key(const PublicKey& key) const;  // its file is in secrets/
    KeyStore& keys() const { return *keys_; }
    std::string durability() const { return log_->durability(); }
    const std::string& folder() const { return folder_; }

    schema::Result<Entry> entry(uint64_t position) const;
    schema::Result<std::vector<Entry>> entries(std::span<const uint64_t> positions) const;  // in the order given
    schema::Result<StreamHead> published_head(const StreamId& stream) const { return index_->committed_head(stream); }
    schema::Result<std::optional<uint64_t>> find(const EventId& id) const { return index_->committed_position_of(id); }
    // Entries [from, to) in order until `take` says false.
    schema::Result<void> read(uint64_t from, uint64_t to, const std::function<bool(const Entry&)>& take) const;
    // Entries of one stream with revision >= from_revision, oldest first, at most `limit`.
    schema::Result<std::vector<Entry>> stream(const StreamId& stream, uint64_t from_revision, size_t limit) const;
    schema::Result<std::vector<StreamId>> streams() const { return index_->streams(); }
    schema::Result<std::vector<std::pair<StreamId, std::string>>> kept() const { return index_->kept(); }
    // Where the entries of a stream lie, up to this position of the book.
    schema::Result<std::vector<uint64_t>> positions(const StreamId& stream, uint64_t through) const;
    // The newest entry, and the head of a stream in the heads map that it carries: that the stream has no entry more.
    schema::Result<std::pair<Entry, HeadProof>> prove_head(const StreamId& stream) const;
    // What a disclosure at this position speaks for: its own stream, the directory, the practice, right after it.
    schema::Result<std::vector<HeadProof>> disclosed_heads(uint64_t position) const {
        return index_->disclosed_heads(position);
    }
    schema::Result<std::vector<Erasure>> erasures() const { return index_->erasures(); }
    schema::Result<std::vector<OpenedWord>> words(const Entry& entry) const;
    schema::Result<std::string> sealed_words(uint64_t position) const { return log_->words(position); }  // as stored
    // The first `width` hashes of a tile of the published tree (ledger/tiles.h); not_found where it has not so many.
    schema::Result<std::vector<Digest>> tile(unsigned level, uint64_t number, size_t width) const;
    schema::Result<Digest> root_at(uint64_t size) const;  // of the first `size` entries; not_found beyond the book
    schema::Result<Prover> prover(uint64_t size) const;   // for many proofs; not_found where the book is not so large
    schema::Result<Proof> prove_inclusion(uint64_t position, uint64_t size) const;
    schema::Result<Proof> prove_consistency(uint64_t old_size, uint64_t size) const;
    // True as soon as more than `size` entries are published.
    bool wait(uint64_t size, std::chrono::milliseconds timeout) const;

  private:
    Ledger(std::string folder, std::string origin) : folder_(std::move(folder)), origin_(std::move(origin)) {}
    schema::Result<void> recover(const Progress& progress);
    schema::Result<void> catch_names_up();
    schema::Result<void> is_of_genesis() const;
    schema::Result<void> load_checkpoint_keys();
    schema::Result<void> publish();
    SubtreeHash subtrees() const;

    std::string folder_, origin_;
    // The newest first. Older ones sign as well for as long as their files are there, so that nobody who knows only
    // them is left behind.
    std::shared_ptr<const std::vector<SigningKey>> checkpoint_keys_;
    std::unique_ptr<Log> log_;
    std::unique_ptr<Index> index_;
    std::unique_ptr<KeyStore> keys_;
    std::unique_ptr<Mark> mark_;
    std::vector<Record> placed_;
    bool keys_changed_ = false;     // a placed entry names another key for checkpoints
    std::vector<Erasure> erasing_;  // by placed entries; nothing more is to be sealed before they are committed
    schema::Time last_recorded_{};
    std::atomic<bool> sealed_ = false;
    std::shared_ptr<const Published> published_;
    // Of sizes that were asked for: many have been shown the same checkpoint, and each signs what they were shown.
    mutable std::mutex roots_mutex_;
    mutable std::unordered_map<uint64_t, Digest> roots_;
};

// The checkpoint over everything that FOLDER/mark said was acknowledged, as the service signed it; what lies beyond may
// not be durable yet. For exports: nothing is written.
schema::Result<std::string> checkpoint_at(const Marked& mark, const std::string& folder, const Log& log);

}  // namespace ledger
