// The high-water mark: how far the book had been acknowledged, kept outside the store that may forget. RocksDB's
// recovery can drop acknowledged entries without a word when a byte of its log flips; a book below its mark does not
// open.
//
// Two slots of 4096 bytes, so that no sector holds both, written in turn: magic (8) | sequence, size (8 each,
// big-endian) | root (32) | SHA-256 of what stands before it (32) | zeros. The slot with the higher sequence and a
// right checksum counts.
#pragma once
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "ledger/digest.h"
#include "schema/result.h"

namespace ledger {

struct Marked {
    uint64_t size = 0;
    Digest root{};
};

// What the mark at `path` says; nothing is written, so it may lie on a read-only medium.
schema::Result<Marked> read_mark(const std::string& path);

class Mark {
  public:
    // With `create`, a file that must not be there yet; otherwise one that must. Corrupt when neither slot is whole.
    static schema::Result<std::unique_ptr<Mark>> open(const std::string& path, bool create);
    ~Mark();

    Marked read() const { return last_; }
    // Hands the new mark to the system before it returns, so it outlives this process; a thread of the mark's own
    // then syncs it to the disk within milliseconds, behind the book and never ahead of it. Io for ever after a sync
    // that failed.
    schema::Result<void> write(const Marked& mark);

  private:
    explicit Mark(int file) : file_(file) {}
    void sync_behind();

    int file_;
    uint64_t sequence_ = 0;
    Marked last_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool dirty_ = false, closing_ = false, failed_ = false;
    std::thread syncer_;
};

}  // namespace ledger
