// The views' own store: a RocksDB without a write-ahead log, since what a crash takes comes back from the ledger.
//
//   'm' name            the instance in use: version, instance number
//   'b' name            the instance being built beside it, the same
//   'r' instance        how many entries it has taken
//   'r' instance key    rows                            (numbers are 8 bytes, big-endian)
//
// An instance's rows and how far it is are written in one batch or in one file, so after a crash each is whole, only
// younger. A file is written beside the store, synced, and taken in as it is, in one step.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "projections/gathered.h"

namespace projections {

struct Instance {
    std::string name;
    uint32_t version = 0;
    uint64_t number = 0;
    uint64_t size = 0;      // entries taken
    bool building = false;  // not yet the one in use
};

// The rows of all instances in use at one moment. Keeps that moment readable as long as it lives.
class ViewsSnapshot {
  public:
    virtual ~ViewsSnapshot() = default;
    // Null: no instance of this name and version is in use.
    virtual const Table* table(std::string_view name, uint32_t version) const = 0;
};

class Views {
  public:
    // Opens or makes the folder, and leaves its files as they are until leave_files(false). Corrupt: delete it, and it
    // is made again from the ledger.
    static schema::Result<std::unique_ptr<Views>> open(const std::string& folder);
    ~Views();

    std::vector<Instance> instances() const;
    // A new, empty instance beside what there is; replaces one that was being built. That one must not be written to
    // any more.
    schema::Result<Instance> begin(const std::string& name, uint32_t version);

    // ---- any thread, but one for each instance ----
    schema::Result<std::optional<std::string>> get(const Instance& instance, std::string_view key) const;
    // Rows to put one batch into, over those of the instance.
    Gathered rows(const Instance& instance) const;
    // Writes a batch together with the new size: into memory, to be flushed some time; or as a file of its own, which
    // costs a sync and is there after any crash.
    schema::Result<void> write(Instance& instance, Gathered& rows, uint64_t size);
    schema::Result<void> write_file(Instance& instance, Gathered& rows, uint64_t size);

    // Whether files that are written stay as they are. Otherwise each few of them are merged with what there is, again
    // and again; but what is written to memory and read meanwhile needs that.
    schema::Result<void> leave_files(bool leave);
    // Merges an instance's files once, on this thread. Few are left as they are, and so are all once end() was called.
    schema::Result<void> merge_files(const Instance& instance);

    // Makes a built instance the one in use and drops the old one's rows, at once. Old snapshots stay readable.
    schema::Result<void> swap(Instance& instance);
    std::shared_ptr<const ViewsSnapshot> snapshot() const;
    schema::Result<void> flush();  // so that the next opening has little to catch up
    // Before it is closed, so that nobody waits for what is being merged: flushes, and takes nothing more.
    void end();

  private:
    struct Store;
    explicit Views(std::shared_ptr<Store> store);
    void remember(const Instance& instance);
    std::shared_ptr<Store> store_;
    mutable std::mutex mutex_;
    std::vector<Instance> instances_;
    uint64_t next_number_ = 1;
};

}  // namespace projections
