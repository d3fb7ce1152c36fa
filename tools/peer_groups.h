// What the peers do beside us in each group: the same payload bytes, as many clients, and no check of any signature.
#pragma once
#include "tools/bench.h"
#include "tools/peer_postgres.h"

namespace tools {

class Peers {
  public:
    static Attempt<std::unique_ptr<Peers>> start(const std::string& folder);
    Attempt<void> join(BenchRun& run, Group& group);
    boost::json::object versions() const;

  private:
    Peers() = default;
    void join_appends(BenchRun& run, Group& group, unsigned connections);
    void join_many(BenchRun& run, Group& group);
    void join_views(BenchRun& run, Group& group);
    void join_disk(BenchRun& run, Group& group);

    std::string folder_;
    std::unique_ptr<Postgres> postgres_;
};

// peer_replay.cc: reads every event from the table `replayed`, which holds this book's entries, and writes tables that
// answer what our views do. `fill` puts so many entries there first, once.
Attempt<void> fill_replayed(Postgres& postgres, const std::string& ledger_folder, uint64_t most);
Attempt<Sample> replay(Postgres& postgres);

}  // namespace tools
