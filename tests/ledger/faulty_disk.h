// A disk that can be told to fail the n-th write or sync, or to lose power: everything not synced is gone.
#pragma once
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace test {

// Over the machine's own file system. A file's bytes are safe up to its last sync; after cut_power() nothing can be
// written any more, and repair() leaves of every file what was safe.
class FaultyDisk : public rocksdb::FileSystemWrapper {
  public:
    FaultyDisk() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
    const char* Name() const override { return "FaultyDisk"; }

    // Counting from now, the n-th write (append or sync) fails, once; 0: none.
    void fail_write(uint64_t nth) { set(failing_, nth); }
    void cut_power() { set_off(true); }
    // Nothing of the store may be open.
    void repair() {
        std::lock_guard lock(mutex_);
        for (auto& [path, safe] : safe_) {
            std::error_code gone;
            if (std::filesystem::exists(path, gone) && std::filesystem::file_size(path) > safe)
                std::filesystem::resize_file(path, safe);
        }
        safe_.clear();
        off_ = false;
        failing_ = 0;
    }
    uint64_t writes() const {
        std::lock_guard lock(mutex_);
        return writes_;
    }

    rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* debug) override {
        if (is_off()) return dead();
        std::unique_ptr<rocksdb::FSWritableFile> inner;
        auto status = target()->NewWritableFile(path, options, &inner, debug);
        if (!status.ok()) return status;
        made(path, 0);
        *file = std::make_unique<File>(std::move(inner), path, 0, *this);
        return status;
    }
    rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                         std::unique_ptr<rocksdb::FSWritableFile>* file,
                                         rocksdb::IODebugContext* debug) override {
        if (is_off()) return dead();
        std::unique_ptr<rocksdb::FSWritableFile> inner;
        auto status = target()->ReopenWritableFile(path, options, &inner, debug);
        if (!status.ok()) return status;
        uint64_t size = std::filesystem::file_size(path);
        *file = std::make_unique<File>(std::move(inner), path, size, *this);
        return status;
    }
    rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSWritableFile>* file,
                                        rocksdb::IODebugContext* debug) override {
        (void)old;
        return NewWritableFile(path, options, file, debug);
    }
    rocksdb::IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                      rocksdb::IODebugContext* debug) override {
        return is_off() ? dead() : target()->NewRandomRWFile(path, options, file, debug);
    }
    rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* debug) override {
        if (is_off()) return dead();
        auto status = target()->RenameFile(from, to, options, debug);
        std::lock_guard lock(mutex_);
        if (auto known = safe_.extract(from); status.ok() && known) {
            known.key() = to;
            safe_.erase(to);
            safe_.insert(std::move(known));
        }
        return status;
    }
    rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* debug) override {
        if (is_off()) return dead();
        std::lock_guard lock(mutex_);
        safe_.erase(path);
        return target()->DeleteFile(path, options, debug);
    }

  private:
    class File : public rocksdb::FSWritableFileOwnerWrapper {
      public:
        File(std::unique_ptr<rocksdb::FSWritableFile> inner, std::string path, uint64_t size, FaultyDisk& disk)
            : FSWritableFileOwnerWrapper(std::move(inner)), path_(std::move(path)), size_(size), disk_(disk) {}
        using FSWritableFileOwnerWrapper::Append;
        using FSWritableFileOwnerWrapper::PositionedAppend;
        rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* debug) override {
            if (auto status = disk_.write(); !status.ok()) return status;
            size_ += data.size();
            return FSWritableFileOwnerWrapper::Append(data, options, debug);
        }
        rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                                 const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* debug) override {
            return Append(data, options, debug);
        }
        rocksdb::IOStatus Truncate(uint64_t size, const rocksdb::IOOptions& options,
                                   rocksdb::IODebugContext* debug) override {
            if (auto status = disk_.write(); !status.ok()) return status;
            size_ = size;
            return FSWritableFileOwnerWrapper::Truncate(size, options, debug);
        }
        rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
            if (auto status = disk_.write(); !status.ok()) return status;
            auto status = FSWritableFileOwnerWrapper::Sync(options, debug);
            if (status.ok()) disk_.made(path_, size_);
            return status;
        }
        rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
            return Sync(options, debug);
        }
        rocksdb::IOStatus RangeSync(uint64_t, uint64_t, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
            return rocksdb::IOStatus::OK();  // promises nothing
        }

      private:
        std::string path_;
        uint64_t size_;
        FaultyDisk& disk_;
    };

    static rocksdb::IOStatus dead() { return rocksdb::IOStatus::IOError("the power is off"); }
    bool is_off() const {
        std::lock_guard lock(mutex_);
        return off_;
    }
    void set_off(bool off) {
        std::lock_guard lock(mutex_);
        off_ = off;
    }
    void set(uint64_t& field, uint64_t value) {
        std::lock_guard lock(mutex_);
        field = value;
    }
    rocksdb::IOStatus write() {
        std::lock_guard lock(mutex_);
        if (off_) return dead();
        ++writes_;
        if (failing_ && --failing_ == 0) return rocksdb::IOStatus::IOError("this write fails");
        return rocksdb::IOStatus::OK();
    }
    void made(const std::string& path, uint64_t safe) {
        std::lock_guard lock(mutex_);
        safe_[path] = safe;
    }

    mutable std::mutex mutex_;
    std::map<std::string, uint64_t> safe_;
    bool off_ = false;
    uint64_t failing_ = 0, writes_ = 0;
};

}  // namespace test
