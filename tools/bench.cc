#include "tools/bench.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "ledger/rocks_log.h"
#include "projections/views.h"
#include "server/client.h"
#include "server/server.h"
#include "server/tls.h"
#include "tools/bench_service.h"
#include "tools/measuring.h"
#include "tools/verify.h"

namespace tools {
namespace {

using schema::as_bytes;

Figure beside(Figure figure, const Figure& limit) {
    figure.limit_name = limit.name;
    figure.limit = limit.per_second;
    return figure;
}

Figure measure_verifications(unsigned threads, double seconds, const PreparedEvent& event,
                             const schema::PublicKey& key) {
    return measure("strict Ed25519 verifications, all cores", threads, seconds, [&](unsigned, uint64_t) -> uint64_t {
        return ledger::verify(key, ledger::event_context, as_bytes(event.event), event.signature) ? 1 : 0;
    });
}

Figure measure_syncs(const std::string& folder, double seconds, size_t size) {
    auto path = folder + "/syncs";
    int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    std::string bytes(size, 'x');
    auto figure =
        measure("synced appends of an entry's bytes to a file", 1, seconds, [&](unsigned, uint64_t) -> uint64_t {
            return ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                           ::fdatasync(file) == 0
                       ? 1
                       : 0;
        });
    ::close(file);
    ::unlink(path.c_str());
    return figure;
}

}  // namespace

boost::json::object BenchReport::to_json() const {
    boost::json::array list;
    for (auto& figure : figures) {
        boost::json::object row{{"name", figure.name}, {"perSecond", figure.per_second}};
        if (figure.median_us > 0) row["medianMicroseconds"] = figure.median_us;
        if (figure.p99_us > 0) row["p99Microseconds"] = figure.p99_us;
        if (!figure.note.empty()) row["note"] = figure.note;
        if (!figure.limit_name.empty()) {
            row["limit"] = figure.limit_name;
            row["limitPerSecond"] = figure.limit;
            row["ratio"] = figure.ratio();
        }
        list.push_back(std::move(row));
    }
    return {{"figures", std::move(list)},
            {"cores", cores},
            {"entries", entries},
            {"entryBytes", entry_bytes},
            {"durability", durability}};
}

Attempt<BenchReport> bench(const BenchOptions& options, const std::function<void(const std::string&)>& progress) {
    BenchReport report;
    report.cores = std::max(1u, std::thread::hardware_concurrency());
    auto service = BenchService::open(options.folder);
    if (!service) return tl::unexpected(service.error());
    BenchService& bench = **service;

    progress("limits");
    auto sample = bench.prepare(1, 0).front();
    report.entry_bytes = sample.event.size();
    auto verifications = measure_verifications(report.cores, options.seconds, sample, bench.public_key());
    auto syncs = measure_syncs(options.folder, options.seconds, sample.event.size() + 300);
    report.figures = {verifications, syncs};

    for (unsigned connections : {1u, 8u, 64u}) {
        progress(std::to_string(connections) + " connections");
        auto clients = bench.connect(connections);
        if (!clients) return tl::unexpected(clients.error());
        auto plural = std::to_string(connections) + (connections == 1 ? " connection" : " connections");
        auto constant = measure("a constant answer through the door, " + plural, connections, options.seconds,
                                [&](unsigned t, uint64_t) -> uint64_t {
                                    auto reply = (*clients)[t].get("/livez");
                                    return reply && reply->status == 200 ? 1 : 0;
                                });
        report.figures.push_back(constant);
        auto prepared = bench.prepare(connections, static_cast<uint64_t>(options.seconds * 16'000));
        std::atomic<uint64_t> next = 0;
        auto appends = measure("signed appends through the door, " + plural, connections, options.seconds,
                               [&](unsigned t, uint64_t) -> uint64_t {
                                   auto n = next++;
                                   return n < prepared.size() && bench.send((*clients)[t], prepared[n]) ? 1 : 0;
                               });
        report.figures.push_back(beside(appends, connections == 1 ? syncs : verifications));
    }

    progress("many events a request");
    auto clients = bench.connect(4);
    if (!clients) return tl::unexpected(clients.error());
    auto prepared =
        bench.prepare(4, std::max<uint64_t>(options.entries, static_cast<uint64_t>(options.seconds * 30'000)));
    std::atomic<size_t> next = 0;
    constexpr size_t together = 64;
    auto bulk = measure("signed appends, 64 a request, 4 connections", 4, options.seconds,
                        [&](unsigned t, uint64_t) -> uint64_t {
                            auto from = next.fetch_add(together);
                            if (from + together > prepared.size()) return 0;
                            return bench.send_many((*clients)[t], {prepared.data() + from, together}) ? together : 0;
                        });
    report.figures.push_back(beside(bulk, verifications));

    progress("the views following");
    auto size = bench.ledger().published()->head.size;
    report.durability = bench.ledger().durability();
    bench.views().wait(size - 1, std::chrono::minutes(5));
    (void)bench.stop_serving();

    progress("reading");
    auto read = measure("entries read and decoded", 1, options.seconds, [&](unsigned, uint64_t) -> uint64_t {
        uint64_t count = 0;
        (void)bench.ledger().read(0, size, [&](const ledger::Entry& entry) {
            count += entry.revision() > 0;
            return true;
        });
        return count;
    });
    read.median_us = read.p99_us = 0;
    report.figures.push_back(read);

    progress("proofs");
    auto streams = bench.ledger().streams();
    if (!streams) return tl::unexpected(streams.error());
    report.figures.push_back(
        measure("inclusion proofs, one core", 1, options.seconds, [&](unsigned, uint64_t n) -> uint64_t {
            return bench.ledger().prove_inclusion(n * 7919 % size, size) ? 1 : 0;
        }));
    report.figures.push_back(measure("completeness proofs of the newest entry, one core", 1, options.seconds,
                                     [&](unsigned, uint64_t n) -> uint64_t {
                                         return bench.ledger().prove_head((*streams)[n % streams->size()]) ? 1 : 0;
                                     }));
    for (auto& figure : measure_heads(options.seconds, progress)) report.figures.push_back(figure);

    progress("verification");
    auto start = Clock::now();
    auto verification = verify_folder(options.folder, {});
    if (!verification) return tl::unexpected(verification.error());
    if (!verification->holds())
        return tl::unexpected(Failure(Exit::verification, "the benchmark's own book does not verify"));
    Figure verified;
    verified.name = "entries verified and decided again, all cores";
    verified.per_second = static_cast<double>(verification->audit.entries) / since(start);
    report.figures.push_back(beside(verified, verifications));

    progress("rebuilding the views");
    start = Clock::now();
    if (auto rebuilt = bench.rebuild_views(); !rebuilt) return tl::unexpected(Failure(rebuilt.error()));
    Figure rebuild;
    rebuild.name = "entries folded into all views, from nothing";
    rebuild.per_second = static_cast<double>(size) / since(start);
    report.figures.push_back(beside(rebuild, read));
    report.entries = size;
    return report;
}

}  // namespace tools
