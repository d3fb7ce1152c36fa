#include "ledger/rocks.h"

#include <sys/resource.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <mutex>

namespace ledger {
namespace {

class NoLog final : public rocksdb::Logger {
  public:
    using rocksdb::Logger::Logv;
    void Logv(const char*, va_list) override {}
};

// The block of a table's properties is the only one that RocksDB parses before it compares its checksum, and it ends
// the process by an assertion where the block's last bit, damaged, claims a hash index that is not there. The block
// lies right before the index of such blocks, whose place the footer tells; each block has 5 bytes of trailer. What
// has another form than RocksDB 7 gives it is left to RocksDB; so is what a kill left of a table that was being
// written, which does not end as tables do.
bool claims_hash_index(const std::filesystem::path& table) {
    constexpr std::streamoff trailer = 5;
    constexpr std::string_view magic = "\xf7\xcf\xf4\x85\xb7\x41\xe2\x88";
    std::ifstream file(table, std::ios::binary | std::ios::ate);
    std::array<char, 53> footer{};  // the kind of checksum, then where that index lies: base 128, the lowest first
    if (!file.seekg(-static_cast<std::streamoff>(footer.size()), std::ios::end).read(footer.data(), footer.size()))
        return false;
    if (!std::string_view(footer.data(), footer.size()).ends_with(magic)) return false;
    uint64_t at = 0;
    for (size_t i = 1; i < 11; ++i) {
        at |= static_cast<uint64_t>(footer[i] & 0x7f) << (7 * (i - 1));
        if ((footer[i] & 0x80) == 0) break;
    }
    auto end = static_cast<std::streamoff>(at & INT64_MAX) - trailer;
    char last = 0;
    return end > 0 && file.seekg(end - 1).get(last) && (last & 0x80) != 0;
}

// RocksDB holds every table open; those of a large store are more than a process may open that does not ask.
void may_open_many_files() {
    static std::once_flag once;
    std::call_once(once, [] {
        rlimit files{};
        if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
        files.rlim_cur = files.rlim_max;
        (void)::setrlimit(RLIMIT_NOFILE, &files);  // a limit that is too low is told when a table cannot be opened
    });
}

}  // namespace

rocksdb::Options rocks_options() {
    rocksdb::Options options;
    options.paranoid_checks = true;
    options.info_log_level = rocksdb::WARN_LEVEL;
    options.keep_log_file_num = 2;
    return options;
}

void FamilyStore::let_go() {
    for (auto* family : families) (void)db->DestroyColumnFamilyHandle(family);
    families.clear();
}

rocksdb::Status open_rocks(const rocksdb::DBOptions& options, const std::string& folder, bool read_only,
                           const std::vector<rocksdb::ColumnFamilyDescriptor>& families, FamilyStore& store) {
    may_open_many_files();
    std::error_code none;
    for (auto& file : std::filesystem::directory_iterator(folder, none))
        if (file.path().extension() == ".sst" && claims_hash_index(file.path()))
            return rocksdb::Status::Corruption("the properties of a table are damaged", file.path().string());
    auto quietly = options;
    if (read_only) quietly.info_log = std::make_shared<NoLog>();
    rocksdb::DB* raw = nullptr;
    auto status = read_only ? rocksdb::DB::OpenForReadOnly(quietly, folder, families, &store.families, &raw)
                            : rocksdb::DB::Open(quietly, folder, families, &store.families, &raw);
    store.db.reset(raw);
    return status;
}

rocksdb::Status open_rocks(const rocksdb::Options& options, const std::string& folder, bool read_only,
                           std::unique_ptr<rocksdb::DB>& db) {
    FamilyStore store;
    auto status = open_rocks(options, folder, read_only, {{rocksdb::kDefaultColumnFamilyName, options}}, store);
    store.let_go();
    db = std::move(store.db);
    return status;
}

}  // namespace ledger
