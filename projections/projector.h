// One thread that follows the ledger and keeps every projection up to date. It never writes to the ledger and never
// holds a writer up; what it has not yet applied is simply not yet in the views.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "ledger/ledger.h"
#include "projections/references.h"
#include "projections/store.h"

namespace projections {

struct ProjectionStatus {
    std::string name;
    uint32_t version = 0;
    uint64_t size = 0;                   // how many entries it has taken
    bool serving = false;                // false: being built for the first time
    std::optional<uint64_t> rebuilding;  // entries taken by the instance that is built beside
    std::string stopped;                 // why, where it stopped; then it needs rebuild() or a new version
};

// What queries are answered from: the rows of every projection and the folds in memory, all of one moment.
struct Snapshot {
    std::shared_ptr<const ViewsSnapshot> rows;
    References references;
    uint64_t size = 0;      // how many entries are in every view
    bool complete = false;  // every projection is being served
};

class Projector {
  public:
    // Starts following. Ledger and views must outlive it.
    Projector(const ledger::Ledger& ledger, Views& views, std::vector<std::shared_ptr<Projection>> projections);
    ~Projector();

    std::shared_ptr<const Snapshot> snapshot() const;
    // True as soon as the entry at `position` is in every view; false after `timeout` or when one has stopped.
    bool wait(uint64_t position, std::chrono::milliseconds timeout) const;
    std::vector<ProjectionStatus> status() const;
    // Builds it again beside the one in use. not_found: no projection of that name.
    schema::Result<void> rebuild(const std::string& name);

  private:
    struct Line;  // one instance of one projection and how far it is
    void run();
    bool advance(Line& line, uint64_t head);
    void publish();

    const ledger::Ledger& ledger_;
    Views& views_;
    std::vector<std::shared_ptr<Projection>> projections_;
    std::vector<std::unique_ptr<Line>> lines_;  // the thread's own
    References references_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::shared_ptr<const Snapshot> snapshot_;
    std::vector<ProjectionStatus> status_;
    std::vector<std::string> asked_;  // rebuilds asked for
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

}  // namespace projections
