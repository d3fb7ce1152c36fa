// What the groups of the benchmark share: the book, the real service over it in a process of its own, the constant
// answer beside it, and what an append carries.
#pragma once
#include "server/client.h"
#include "tools/bench.h"
#include "tools/bench_book.h"
#include "tools/bench_constant.h"
#include "tools/bench_load.h"
#include "tools/bench_parts.h"
#include "tools/bench_process.h"

namespace tools {

class BenchRun {
  public:
    static Attempt<std::unique_ptr<BenchRun>> open(const BenchOptions& options, const BenchBook::Progress& progress);

    const BenchOptions& options() const { return options_; }
    BenchBook& book() { return *book_; }
    const Payload& payload() const { return payload_; }
    std::string certificate() const;
    std::string tls_key() const;
    const std::string& durability() const { return durability_; }

    // ---- the service ----
    // Started, signed in to, and, if so wished, each case that is worked on appended to once; how long it took until
    // it answered, and until every view was there.
    struct Opened {
        double answers = 0, ready = 0;
    };
    Attempt<Opened> start_service(bool warm = true);
    Attempt<void> stop_service();
    void kill_service();
    Process& service() { return *service_; }
    bool serves() const { return service_ != nullptr; }
    Attempt<bool> views_ready();     // whether the service says so
    Attempt<bool> views_building();  // the same
    Attempt<std::unique_ptr<Load>> connect(unsigned connections);
    Attempt<void> record(const std::vector<MadeEvent>& events);  // many a request; none may be refused

    // ---- contestants that several groups have ----
    // Requests for so long as a measurement takes, at this rate.
    std::vector<std::string> append_bodies(double most_a_second) const;
    // Until the time is up, or `enough` says so.
    Attempt<Sample> append(Load& load, const std::vector<std::string>& bodies, const std::atomic<bool>& enough = false);
    Attempt<Sample> append_while_rebuilding(Load& load);  // every view, until they are there
    Attempt<Sample> append_many(Load& load);              // 64 a request
    Attempt<Sample> constant(unsigned connections, const std::function<uint64_t(unsigned)>& size, bool post);

  private:
    explicit BenchRun(const BenchOptions& options) : options_(options) {}
    Attempt<void> take_payload();

    const BenchOptions& options_;
    std::unique_ptr<BenchBook> book_;
    std::unique_ptr<ConstantServer> constant_;
    std::unique_ptr<Process> service_;
    uint16_t port_ = 0;
    std::vector<std::string> tokens_;
    std::unique_ptr<server::Client> client_;
    Payload payload_;
    std::string durability_;
};

// ---- the groups, in the order they are measured ----
Group appends_group(BenchRun& run, unsigned connections);
Group parts_group(BenchRun& run);
Group latency_group(BenchRun& run);
Group many_group(BenchRun& run);
Group chronology_group(BenchRun& run);
Group opening_group(BenchRun& run);
Group soak_group(BenchRun& run);
Group disk_group(BenchRun& run);
Group verification_group(BenchRun& run);
Group views_group(BenchRun& run);
Group proofs_group(BenchRun& run);
Group heads_group(BenchRun& run);

}  // namespace tools
