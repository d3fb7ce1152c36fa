// The heads map alone, without a store: it is kept in memory, and every event changes one of its leaves.
#include <unistd.h>

#include <fstream>

#include "ledger/heads.h"
#include "ledger/keys.h"
#include "tools/measuring.h"

namespace tools {
namespace {

// Bytes of this process that are in memory.
uint64_t resident() {
    uint64_t pages = 0, resident_pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident_pages;
    return resident_pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

std::vector<Figure> measure_heads(double seconds, const std::function<void(const std::string&)>& progress) {
    std::vector<Figure> figures;
    for (auto& [count, cases] : {std::pair{10'000u, "10,000 cases"}, std::pair{1'000'000u, "1,000,000 cases"}}) {
        progress(std::string("heads map, ") + cases);
        auto before = resident();
        std::vector<schema::StreamId> streams(count);
        for (auto& stream : streams) stream = ledger::random_id<schema::StreamId>();
        ledger::HeadsMap heads;
        auto event = ledger::sha256(schema::Bytes{});
        for (auto& stream : streams) heads.set(stream, 1, event);
        auto size = heads.size();
        auto at = [&](uint64_t n) -> const schema::StreamId& { return streams[n * 7919 % size]; };
        auto grown = resident() - before - count * sizeof(schema::StreamId);
        auto name = std::string(" with ") + cases;
        uint64_t revision = 1;
        auto changed = measure("heads roots after an event" + name + ", one core", 1, seconds,
                               [&](unsigned, uint64_t n) -> uint64_t {
                                   heads.set(at(n), ++revision, event);
                                   return 1;
                               });
        for (auto& stream : streams) heads.set(stream, 1, event);
        auto proven = measure("completeness proofs" + name + ", one core", 1, seconds,
                              [&](unsigned, uint64_t n) -> uint64_t { return heads.prove(at(n)).empty() ? 0 : 1; });
        auto proof = heads.prove(streams[0]);
        auto root = heads.root();
        auto checked = measure("completeness proofs checked" + name + ", one core", 1, seconds,
                               [&](unsigned, uint64_t) -> uint64_t {
                                   return ledger::HeadsMap::verify(streams[0], 1, event, proof, root) ? 1 : 0;
                               });
        changed.note = std::to_string(grown / count) + " bytes of memory a case";
        proven.note = std::to_string(proof.size()) + " steps of 32 bytes";
        figures.insert(figures.end(), {changed, proven, checked});
    }
    return figures;
}

}  // namespace tools
