#include "ledger/mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ledger {
namespace {

using schema::fail;
using schema::Fault;

constexpr size_t slot_size = 1024, covered = 8 + 8 + 8 + 32;
constexpr char magic[] = "clmark1\n";

void put(std::string& out, uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}
uint64_t get(std::string_view text) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<uint8_t>(text[i]);
    return number;
}

std::string slot_of(uint64_t sequence, const Marked& mark) {
    std::string slot(magic, 8);
    put(slot, sequence);
    put(slot, mark.size);
    slot += mark.root.view();
    slot += sha256(schema::as_bytes(slot)).view();
    slot.resize(slot_size, '\0');
    return slot;
}

bool read_slot(std::string_view slot, uint64_t& sequence, Marked& mark) {
    if (slot.substr(0, 8) != std::string_view(magic, 8)) return false;
    if (sha256(schema::as_bytes(slot.substr(0, covered))).view() != slot.substr(covered, 32)) return false;
    if (slot.find_first_not_of('\0', covered + 32) != slot.npos) return false;
    sequence = get(slot.substr(8));
    mark.size = get(slot.substr(16));
    mark.root = Digest::of(schema::as_bytes(slot.substr(24, 32)));
    return true;
}

}  // namespace

schema::Result<std::unique_ptr<Mark>> Mark::open(const std::string& path, bool create) {
    int flags = O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_EXCL : 0);
    int file = ::open(path.c_str(), flags, 0600);
    if (file < 0) {
        if (errno == ENOENT)
            return fail(Fault::corrupt, path,
                        "is missing. Without the high-water mark nobody can tell whether the book is whole; "
                        "restore it from the same backup as the book");
        return fail(Fault::io, path, std::string("cannot be opened: ") + std::strerror(errno));
    }
    auto mark = std::unique_ptr<Mark>(new Mark(file));
    if (create) {
        mark->last_.root = empty_root();
        auto both = slot_of(0, mark->last_) + slot_of(1, mark->last_);
        mark->sequence_ = 1;
        if (::pwrite(file, both.data(), both.size(), 0) != static_cast<ssize_t>(both.size()) || ::fsync(file) != 0)
            return fail(Fault::io, path, "cannot be written");
    } else {
        std::string slots(2 * slot_size, '\0');
        bool found = false;
        if (::pread(file, slots.data(), slots.size(), 0) == static_cast<ssize_t>(slots.size()))
            for (size_t i = 0; i < 2; ++i) {
                uint64_t sequence = 0;
                Marked read;
                if (!read_slot(std::string_view(slots).substr(i * slot_size, slot_size), sequence, read)) continue;
                if (found && sequence < mark->sequence_) continue;
                found = true;
                mark->sequence_ = sequence;
                mark->last_ = read;
            }
        if (!found) return fail(Fault::corrupt, path, "has no slot whose checksum is right");
    }
    mark->syncer_ = std::thread([raw = mark.get()] { raw->sync_behind(); });
    return mark;
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
    {
        std::lock_guard lock(mutex_);
        dirty_ = true;
    }
    changed_.notify_one();
    return {};
}

void Mark::sync_behind() {
    std::unique_lock lock(mutex_);
    while (!closing_) {
        changed_.wait(lock, [this] { return dirty_ || closing_; });
        dirty_ = false;
        lock.unlock();
        ::fdatasync(file_);
        lock.lock();
    }
}

}  // namespace ledger
