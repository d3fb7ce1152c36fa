// One thread that follows the ledger and keeps every projection up to date. It never writes to the ledger and never
// holds a writer up; what it has not yet applied is simply not yet in the views. An instance that is built from nothing
// is built in bulk, by threads of its own, until it is near.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "projections/bulk.h"
#include "projections/references.h"

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
    bool stopped = false;   // one of them goes on no further
};

class Projector {
  public:
    // Starts following. Ledger and views must outlive it.
    Projector(const ledger::Ledger& ledger, Views& views, std::vector<std::shared_ptr<Projection>> projections,
              const Pace& pace = {});
    ~Projector();  // where it was building, the store takes nothing more (Views::end)

    std::shared_ptr<const Snapshot> snapshot() const;
    // True as soon as the entry at `position` is in every view; false after `timeout` or when one has stopped.
    bool wait(uint64_t position, std::chrono::milliseconds timeout) const;
    // As wait(), but in no hurry: what is published together is still followed together.
    bool watch(uint64_t position, std::chrono::milliseconds timeout) const;
    // What has been published is followed now, without waiting for more.
    void hurry() const;
    std::vector<ProjectionStatus> status() const;
    // Builds it again beside the one in use. not_found: no projection of that name.
    schema::Result<void> rebuild(const std::string& name);

  private:
    void run();
    void begin(const std::vector<std::string>& names);
    void build_in_bulk(uint64_t head);
    bool bulk_ended();
    void let_merge();
    bool follow(uint64_t head);
    void follow(const std::vector<Line*>& lines, uint64_t from, uint64_t to);
    bool swap(uint64_t head);
    void publish();
    void pause(uint64_t head);

    const ledger::Ledger& ledger_;
    Views& views_;
    std::vector<std::shared_ptr<Projection>> projections_;
    const Pace pace_;
    std::vector<std::unique_ptr<Line>> lines_;  // the thread's own, but for those in bulk
    std::vector<std::unique_ptr<Bulk>> bulks_;
    References references_;
    uint64_t referred_ = 0, to_refer_ = 0;  // entries that references_ took; those that it should, once all views have

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_, wanted_;
    mutable bool hurried_ = false;
    std::shared_ptr<const Snapshot> snapshot_;
    std::vector<ProjectionStatus> status_;
    std::vector<std::string> asked_;  // rebuilds asked for
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

}  // namespace projections
