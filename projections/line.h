// One instance of one projection, how far it is, and the fold that takes it further; and how large steps are.
#pragma once
#include <atomic>
#include <chrono>
#include <span>

#include "projections/store.h"

namespace projections {

struct Pace {
    uint64_t batch = 4096;                 // entries that are followed in one step at most
    uint64_t far = 16 * 1024;              // an instance that is built and further behind is built in bulk
    size_t file = 16 << 20;                // a sorted file is written of about so much memory
    size_t kept = 64 << 20;                // what a fold may keep within a batch
    std::chrono::milliseconds gather{20};  // what is published within it is followed together, if nobody is in a hurry
};

struct Line {
    Line(const Projection& projection, Instance started)
        : of(&projection),
          fold(projection.anew()),
          instance(std::move(started)),
          taken(instance.size),
          unmerged(instance.building && instance.size > 0) {}
    const Projection* of;
    std::unique_ptr<Projection> fold;
    Instance instance;
    std::atomic<uint64_t> taken;  // the instance's size, for status
    bool unmerged;                // another service was building it: it may be in many files
    std::string stopped;
    bool replaced = false;
    bool in_bulk = false;  // a Bulk has it; of the rest only `taken` may be read

    // Folds the next entries into `rows`, which are not written by this.
    schema::Result<void> take(std::span<const ledger::Entry> entries, Rows& rows) const;
    void stop(const schema::Error& why);
};

// What is thrown within is an error of that line, and not the end of the process.
schema::Result<void> guarded(const std::function<schema::Result<void>()>& deed);

}  // namespace projections
