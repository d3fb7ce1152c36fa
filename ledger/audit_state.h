// What an auditor keeps beside a checkpoint over entries that they verified, so that the next time what came since is
// read and nothing else: an index of their own over what is below it, never the ledger's, with what was folded of each
// case.
//
//   FOLDER/checkpoint   "caseledger/verified/v1\n", then the checkpoint's text: what this is the state of
//   FOLDER/index/       ledger/index.h
//
// It is believed as little as can be. An old root, an old entry, and that a stream has just these, are proven against
// the checkpoint's root when they are asked for. On the files alone, and the checksums in them, rests what no root
// proves: which ids were used, what is kept of cases that nobody touched since, and who was erased.
#pragma once
#include <memory>
#include <optional>
#include <unordered_set>

#include "ledger/checkpoint.h"
#include "ledger/directory.h"
#include "ledger/index.h"

namespace ledger {

class AuditState {
  public:
    // For looking only. not_found: nothing is kept there; corrupt: it is damaged, or is not this checkpoint's.
    static schema::Result<std::unique_ptr<AuditState>> open(const std::string& folder, const Log& log,
                                                            const Checkpoint& checkpoint);

    uint64_t size() const { return size_; }
    const Edge& edge() const { return index_->edge(); }
    const HeadsMap& heads() const { return index_->heads(); }
    const Directory& directory() const { return directory_; }
    schema::Time recorded() const { return recorded_; }  // when the last entry below was
    const std::string& folder() const { return folder_; }

    // Whatever is not as it was when it was verified, in here or in the book, is an error with the field "state", and
    // is remembered: wrong() says the first. Who goes on from here must then begin at the start.
    schema::Result<StreamHead> head(const StreamId& stream);
    schema::Result<bool> was_used(const EventId& id);
    schema::Result<Digest> root_at(uint64_t size);
    // All of a stream's entries below the checkpoint, oldest first.
    schema::Result<void> entries(const StreamId& stream, const std::function<void(const Entry&)>& take);
    schema::Result<std::vector<Erasure>> erasures();
    schema::Result<std::vector<std::pair<StreamId, std::string>>> kept();

    const std::optional<schema::Error>& wrong() const { return wrong_; }
    tl::unexpected<schema::Error> wrong(std::string what);
    uint64_t entries_read() const { return read_.size(); }  // of those below the checkpoint

  private:
    AuditState(std::string folder, const Log& log, const Checkpoint& checkpoint)
        : folder_(std::move(folder)), log_(log), size_(checkpoint.size), root_(checkpoint.root) {}
    schema::Result<void> load();
    schema::Result<Entry> entry(uint64_t position);  // proven to be the one that was verified

    std::string folder_;
    const Log& log_;
    uint64_t size_;
    Digest root_;
    std::unique_ptr<Index> index_;
    Directory directory_;
    schema::Time recorded_{};
    std::unordered_set<uint64_t> read_;
    std::optional<schema::Error> wrong_;
};

class AuditStateWriter {
  public:
    // In a folder of its own, which is made: all of `base` (its files are linked, so that nothing old is copied), or
    // nothing.
    static schema::Result<std::unique_ptr<AuditStateWriter>> begin(const std::string& folder, const Log& log,
                                                                   const AuditState* base);
    uint64_t size() const { return index_->size(); }
    // The next entry, and what the fold over its stream came to. What goes wrong is told by finish().
    void take(const Entry& entry, std::string kept);
    // The state of this checkpoint, durably. Corrupt when it is not over what was taken.
    schema::Result<void> finish(const Checkpoint& checkpoint);

  private:
    explicit AuditStateWriter(std::string folder) : folder_(std::move(folder)) {}

    std::string folder_;
    std::unique_ptr<Index> index_;
    schema::Result<void> done_;
};

}  // namespace ledger
