#include "ledger/mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "ledger/keys.h"
#include "schema/big_endian.h"

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr size_t slot_size = 4096, covered = 8 + 8 + 8 + 32;
// Answers that wait for nothing but the processor leave before the sync has its turn, and marks that come meanwhile
// share one.
constexpr auto gathering = std::chrono::milliseconds{2};
constexpr char magic[] = "clmark1\n";

std::string slot_of(uint64_t sequence, const Marked& mark) {
    std::string slot(magic, 8);
    slot += schema::big_endian(sequence);
    slot += schema::big_endian(mark.size);
    slot += mark.root.view();
    slot += sha256(schema::as_bytes(slot)).view();
    slot.resize(slot_size, '\0');
    return slot;
}

struct Slot {
    uint64_t sequence = 0;
    Marked mark;
};

std::optional<Slot> read_slot(std::string_view slot) {
    if (slot.substr(0, 8) != std::string_view(magic, 8)) return std::nullopt;
    if (sha256(schema::as_bytes(slot.substr(0, covered))).view() != slot.substr(covered, 32)) return std::nullopt;
    if (slot.find_first_not_of('\0', covered + 32) != slot.npos) return std::nullopt;
    return Slot{schema::from_big_endian(slot.substr(8)),
                {schema::from_big_endian(slot.substr(16)), Digest::of(schema::as_bytes(slot.substr(24, 32)))}};
}

schema::Result<Slot> read_slots(int file, const std::string& path) {
    std::string slots(2 * slot_size, '\0');
    std::optional<Slot> newest;
    if (::pread(file, slots.data(), slots.size(), 0) == static_cast<ssize_t>(slots.size()))
        for (size_t i = 0; i < 2; ++i)
            if (auto slot = read_slot(std::string_view(slots).substr(i * slot_size, slot_size));
                slot && (!newest || newest->sequence <= slot->sequence))
                newest = slot;
    if (!newest) return fail(Fault::corrupt, path, "has no slot whose checksum is right");
    return *newest;
}

int open_file(const std::string& path, int flags) { return ::open(path.c_str(), flags | O_CLOEXEC, 0600); }

tl::unexpected<schema::Error> unopened(const std::string& path) {
    if (errno != ENOENT) return fail(Fault::io, path, std::string("cannot be opened: ") + std::strerror(errno));
    return fail(Fault::corrupt, path,
                "is missing. Without the high-water mark nobody can tell whether the book is whole; "
                "restore it from the same backup as the book");
}

}  // namespace

schema::Result<std::unique_ptr<Mark>> Mark::open(const std::string& path, bool create) {
    int file = open_file(path, O_RDWR | (create ? O_CREAT | O_EXCL : 0));
    if (file < 0) return unopened(path);
    auto mark = std::unique_ptr<Mark>(new Mark(file));
    if (create) {
        mark->last_.root = empty_root();
        auto both = slot_of(0, mark->last_) + slot_of(1, mark->last_);
        mark->sequence_ = 1;
        if (::pwrite(file, both.data(), both.size(), 0) != static_cast<ssize_t>(both.size()) || ::fsync(file) != 0)
            return fail(Fault::io, path, "cannot be written");
        TRY(sync_folder_of(path));
    } else {
        auto newest = read_slots(file, path);
        if (!newest) return tl::unexpected(newest.error());
        mark->sequence_ = newest->sequence;
        mark->last_ = newest->mark;
    }
    mark->syncer_ = std::thread([raw = mark.get()] { raw->sync_behind(); });
    return mark;
}

schema::Result<Marked> read_mark(const std::string& path) {
    int file = open_file(path, O_RDONLY);
    if (file < 0) return unopened(path);
    auto newest = read_slots(file, path);
    ::close(file);
    if (!newest) return tl::unexpected(newest.error());
    return newest->mark;
}

Mark::~Mark() {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    if (syncer_.joinable()) syncer_.join();
    ::fdatasync(file_);
    ::close(file_);
}

schema::Result<void> Mark::write(const Marked& mark) {
    auto slot = slot_of(++sequence_, mark);
    auto at = static_cast<off_t>(sequence_ % 2 * slot_size);
    if (::pwrite(file_, slot.data(), slot.size(), at) != static_cast<ssize_t>(slot.size()))
        return fail(Fault::io, "mark", std::string("cannot be written: ") + std::strerror(errno));
    last_ = mark;
    bool waits = false;  // for the first of those that are synced together
    {
        std::lock_guard lock(mutex_);
        // After a failed sync the system may have dropped what was not written: a later success would prove nothing.
        if (failed_) return fail(Fault::io, "mark", "could not be synced to the disk");
        waits = !std::exchange(dirty_, true);
    }
    if (waits) changed_.notify_one();
    return {};
}

void Mark::sync_behind() {
    std::unique_lock lock(mutex_);
    while (!closing_) {
        changed_.wait(lock, [this] { return dirty_ || closing_; });
        changed_.wait_for(lock, gathering, [this] { return closing_; });
        dirty_ = false;
        lock.unlock();
        bool synced = ::fdatasync(file_) == 0;
        lock.lock();
        failed_ = failed_ || !synced;
    }
}

}  // namespace ledger
