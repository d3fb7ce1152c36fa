// Builds instances that are far behind, beside whatever is in use: one thread reads the ledger for all of them, one
// folds each of them in large batches, and what is folded is written as sorted files while the next batch is folded.
// So a case's row is packed once a batch, and nothing is written before it is in order. What nobody reads yet is merged
// once, at the end.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "ledger/ledger.h"
#include "projections/line.h"

namespace projections {

class Bulk {
  public:
    // Begins. The lines are all at one size, and this one's until done() is true or it is destroyed; whatever becomes
    // of it, each is whole. Ledger, views and lines must outlive it. `waited_for`: no older instance is in use. Then
    // files are left as they are, and each line's merged at the end.
    Bulk(const ledger::Ledger& ledger, Views& views, std::vector<Line*> lines, bool waited_for, const Pace& pace);
    ~Bulk();                       // stops, and waits for what is being merged
    void stop() { stop_ = true; }  // soon
    Bulk(const Bulk&) = delete;
    Bulk& operator=(const Bulk&) = delete;

    // The lines are nearly as far as the ledger, or stopped.
    bool done() const { return done_; }
    bool waited_for() const { return waited_for_; }
    const std::vector<Line*>& lines() const { return lines_; }

  private:
    using Chunk = std::shared_ptr<const std::vector<ledger::Entry>>;
    // Chunks on their way to one fold; null: there are no more.
    class Way {
      public:
        void put(Chunk chunk);
        Chunk take();

      private:
        static constexpr size_t most = 8;
        std::mutex mutex_;
        std::condition_variable changed_;
        std::deque<Chunk> chunks_;
    };
    void run();
    void fold(Line& line, Way& way) const;

    const ledger::Ledger& ledger_;
    Views& views_;
    std::vector<Line*> lines_;
    const bool waited_for_;
    const Pace pace_;
    std::atomic<bool> stop_ = false, done_ = false;
    std::thread thread_;
};

}  // namespace projections
