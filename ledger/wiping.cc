#include "ledger/wiping.h"

#include <fcntl.h>
#include <rocksdb/file_system.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bitset>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "ledger/digest.h"
#include "ledger/keys.h"

namespace ledger {
namespace {

namespace fs = std::filesystem;
using schema::fail;
using schema::Fault;

constexpr size_t half = 20;
const std::string zeros(64 * 1024, '\0');

bool write_over(int file, off_t size) {
    for (off_t at = 0; at < size;) {
        auto put = ::pwrite(file, zeros.data(), std::min<size_t>(zeros.size(), static_cast<size_t>(size - at)), at);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        at += put;
    }
    return ::fdatasync(file) == 0;
}

// False with errno set.
bool wipe(const std::string& path) {
    int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return false;
    struct stat about {};
    bool wiped = ::fstat(file, &about) == 0 && (about.st_nlink > 1 || write_over(file, about.st_size));
    ::close(file);
    return wiped;
}

class WipingDisk final : public rocksdb::FileSystemWrapper {
  public:
    explicit WipingDisk(std::shared_ptr<rocksdb::FileSystem> below) : FileSystemWrapper(std::move(below)) {}
    const char* Name() const override { return "WipingDisk"; }
    rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* debug) override {
        // Unlinked even when it could not be written over: the store must not keep what it gave up.
        (void)write_over(path, options, debug);
        return target()->DeleteFile(path, options, debug);
    }

  private:
    rocksdb::IOStatus write_over(const std::string& path, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* debug) {
        uint64_t size = 0, links = 0;
        std::unique_ptr<rocksdb::FSRandomRWFile> file;
        auto status = target()->NumFileLinks(path, options, &links, debug);
        if (status.ok() && links > 1) return status;
        if (status.ok()) status = target()->GetFileSize(path, options, &size, debug);
        if (status.ok()) status = target()->NewRandomRWFile(path, {}, &file, debug);
        for (uint64_t at = 0; status.ok() && at < size; at += zeros.size())
            status = file->Write(at, {zeros.data(), std::min<uint64_t>(zeros.size(), size - at)}, options, debug);
        if (status.ok()) status = file->Sync(options, debug);
        return status;
    }
};

bool holds_trace(std::string_view bytes, const std::set<std::string>& traces, const std::bitset<65536>& beginnings) {
    std::string candidate(trace_size, '\0');
    for (size_t at = 0; at + half <= bytes.size(); ++at) {
        auto first = static_cast<uint8_t>(bytes[at]), second = static_cast<uint8_t>(bytes[at + 1]);
        if (!beginnings[static_cast<size_t>(first) << 8 | second]) continue;
        candidate.replace(0, 2, bytes.substr(at, 2));
        candidate.replace(2, 32, sha256(schema::as_bytes(bytes.substr(at, half))).view());
        if (traces.count(candidate)) return true;
    }
    return false;
}

}  // namespace

schema::Result<void> wipe_file(const std::string& path) {
    bool wiped = wipe(path);
    if (!wiped && errno == ENOENT) return {};
    if (!wiped) return fail(Fault::io, path, std::string("cannot be written over: ") + std::strerror(errno));
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return fail(Fault::io, path, std::string("cannot be deleted: ") + std::strerror(errno));
    return sync_folder_of(path);
}

schema::Result<void> wipe_folder(const std::string& path) {
    std::error_code error;
    std::vector<std::string> files;
    for (auto it = fs::recursive_directory_iterator(path, error); !error && it != fs::recursive_directory_iterator();
         it.increment(error))
        if (it->is_regular_file(error)) files.push_back(it->path());
    for (auto& file : files) TRY(wipe_file(file));
    if (!fs::exists(path, error)) return {};
    fs::remove_all(path, error);
    if (error) return fail(Fault::io, path, "cannot be deleted: " + error.message());
    return sync_folder_of(path);
}

schema::Result<void> wipe_replaced(const std::string& path) { return wipe_file(path + ".old"); }

schema::Result<void> replace_file(const std::string& fresh, const std::string& path) {
    TRY(wipe_replaced(path));
    // What is replaced keeps a name until it has been written over.
    auto old = path + ".old";
    if ((::link(path.c_str(), old.c_str()) != 0 && errno != ENOENT) || ::rename(fresh.c_str(), path.c_str()) != 0)
        return fail(Fault::io, path, std::string("cannot be replaced: ") + std::strerror(errno));
    TRY(sync_folder_of(path));
    return wipe_replaced(path);
}

std::shared_ptr<rocksdb::FileSystem> wiping_disk(std::shared_ptr<rocksdb::FileSystem> below) {
    return std::make_shared<WipingDisk>(std::move(below));
}

std::vector<std::string> traces_of(const std::string& secret) {
    ASSERT(secret.size() == 2 * half);
    std::vector<std::string> traces;
    for (size_t at : {size_t{0}, half}) {
        auto part = secret.substr(at, half);
        traces.push_back(part.substr(0, 2) + std::string(sha256(schema::as_bytes(part)).view()));
    }
    return traces;
}

schema::Result<bool> holds_trace(const std::string& folder, const std::set<std::string>& traces) {
    std::bitset<65536> beginnings;
    for (auto& trace : traces)
        beginnings.set(static_cast<size_t>(static_cast<uint8_t>(trace[0])) << 8 | static_cast<uint8_t>(trace[1]));
    std::error_code error;
    constexpr size_t window = 256 * 1024;
    std::string bytes(half - 1 + window, '\0');
    for (auto it = fs::recursive_directory_iterator(folder, error); it != fs::recursive_directory_iterator();
         it.increment(error)) {
        if (error) return fail(Fault::io, folder, "cannot be searched: " + error.message());
        std::error_code gone;
        if (!it->is_regular_file(gone)) continue;
        std::ifstream file(it->path(), std::ios::binary);
        if (!file && fs::exists(it->path(), gone))
            return fail(Fault::io, it->path(), "cannot be read, so nobody can tell what it holds");
        // Windows overlap by a half less one byte, so that none is cut by a window's end.
        for (size_t kept = 0; file;) {
            file.read(bytes.data() + kept, window);
            auto size = kept + static_cast<size_t>(file.gcount());
            if (holds_trace(std::string_view(bytes).substr(0, size), traces, beginnings)) return true;
            kept = std::min(size, half - 1);
            std::copy(bytes.begin() + static_cast<ptrdiff_t>(size - kept), bytes.begin() + static_cast<ptrdiff_t>(size),
                      bytes.begin());
        }
        if (file.bad()) return fail(Fault::io, it->path(), "cannot be read, so nobody can tell what it holds");
    }
    if (error) return fail(Fault::io, folder, "cannot be searched: " + error.message());
    return false;
}

}  // namespace ledger
