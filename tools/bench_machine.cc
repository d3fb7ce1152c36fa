#include "tools/bench_machine.h"

#include <capnp/common.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sodium.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <boost/version.hpp>
#include <fstream>
#include <thread>

#include "ledger/compaction.h"

namespace tools {
namespace {

std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

std::string file_system(const std::string& folder) {
    struct statfs found {};
    if (::statfs(folder.c_str(), &found) != 0) return "unknown";
    switch (found.f_type) {
        case 0xEF53: return "ext4";
        case 0x58465342: return "xfs";
        case 0x9123683E: return "btrfs";
        case 0x01021994: return "tmpfs";
        case 0x794c7630: return "overlayfs";
        default: return fmt::format("file system {:#x}", found.f_type);
    }
}

#ifdef __clang__
constexpr const char* compiler = "clang " __clang_version__;
#else
constexpr const char* compiler = "GCC " __VERSION__;
#endif

}  // namespace

unsigned cores() { return std::max(1u, std::thread::hardware_concurrency()); }

boost::json::object machine(const std::string& folder) {
    utsname kernel{};
    ::uname(&kernel);
    auto bytes = static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
    return {{"processor", processor()},
            {"cores", cores()},
            {"memoryMiB", bytes >> 20},
            {"kernel", std::string(kernel.sysname) + " " + kernel.release},
            {"fileSystem", file_system(folder)},
            {"compiler", compiler},
            {"rocksdb", ledger::store_version()},
            {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
            {"libsodium", sodium_version_string()},
            {"boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
            {"capnproto",
             fmt::format("{}.{}.{}", CAPNP_VERSION / 1000000, CAPNP_VERSION / 1000 % 1000, CAPNP_VERSION % 1000)}};
}

std::string machine_text(const boost::json::object& machine) {
    auto text = [&](const char* name) {
        auto& value = machine.at(name);
        return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
    };
    return text("processor") + ", " + text("cores") + " cores, " + text("memoryMiB") + " MiB, " + text("kernel") +
           ", " + text("fileSystem") + "; " + text("compiler") + ", RocksDB " + text("rocksdb") + ", OpenSSL " +
           text("openssl") + ", libsodium " + text("libsodium") + ", Boost " + text("boost") + ", Cap'n Proto " +
           text("capnproto");
}

}  // namespace tools
