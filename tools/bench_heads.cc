// The heads map alone, without a store: it is kept in memory, and every event changes one of its leaves.
#include "ledger/heads.h"
#include "ledger/keys.h"
#include "tools/bench_run.h"
#include "tools/measuring.h"

namespace tools {
namespace {

struct Map {
    explicit Map(uint32_t count) : streams(count) {
        for (auto& stream : streams) stream = ledger::random_id<schema::StreamId>();
        for (auto& stream : streams) heads.set(stream, 1, event);
    }
    const schema::StreamId& at(uint64_t n) const { return streams[n * 7919 % streams.size()]; }

    std::vector<schema::StreamId> streams;
    ledger::HeadsMap heads;
    ledger::Digest event = ledger::sha256(schema::Bytes{});
    uint64_t revision = 1;
};

}  // namespace

Group heads_group(BenchRun& run) {
    auto seconds = run.options().seconds;
    Group group{"heads", "The heads map, on one core", "What completeness costs an event, and a proof.", {}, {}};
    std::vector<std::pair<uint32_t, std::string>> sizes{{10'000, "10,000 cases"}};
    if (run.book().shape().entries >= 100'000) sizes.emplace_back(1'000'000, "1,000,000 cases");
    for (auto& [count, cases] : sizes) {
        auto kept = std::make_shared<std::unique_ptr<Map>>();
        auto map = [kept, count = count]() -> Map& {
            if (!*kept) *kept = std::make_unique<Map>(count);
            return **kept;
        };
        group.contestants.push_back({"roots after an event, " + cases,
                                     [map, seconds]() -> Attempt<Sample> {
                                         auto& all = map();
                                         return measure(1, seconds, [&](unsigned, uint64_t n) -> uint64_t {
                                             all.heads.set(all.at(n), ++all.revision, all.event);
                                             return 1;
                                         });
                                     },
                                     true});
        group.contestants.push_back({"completeness proofs, " + cases,
                                     [map, seconds]() -> Attempt<Sample> {
                                         auto& all = map();
                                         return measure(1, seconds, [&](unsigned, uint64_t n) -> uint64_t {
                                             return all.heads.prove(all.at(n)).empty() ? 0 : 1;
                                         });
                                     },
                                     true});
        group.contestants.push_back({"completeness proofs checked, " + cases,
                                     [map, seconds]() -> Attempt<Sample> {
                                         auto& all = map();
                                         all.heads.set(all.streams[0], 1, all.event);
                                         auto proof = all.heads.prove(all.streams[0]);
                                         auto root = all.heads.root();
                                         return measure(1, seconds, [&](unsigned, uint64_t) -> uint64_t {
                                             return ledger::HeadsMap::verify(all.streams[0], 1, all.event, proof, root)
                                                        ? 1
                                                        : 0;
                                         });
                                     },
                                     true});
    }
    return group;
}

}  // namespace tools
