// A peer: PostgreSQL over its own local socket, in a cluster of its own that ends with the run. synchronous_commit and
// fsync are on; all else is as it comes, but for a larger shared_buffers and enough connections.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/bench_load.h"
#include "tools/bench_process.h"

struct pg_conn;
struct pg_result;

namespace tools {

class Postgres {
  public:
    // Makes the cluster in this folder. As root, it belongs to and runs as the user postgres.
    static Attempt<std::unique_ptr<Postgres>> start(const std::string& folder);
    ~Postgres();

    Attempt<std::string> ask(const std::string& sql);  // the first field of its answer; several statements may be given
    Attempt<std::shared_ptr<pg_conn>> connect() const;
    const std::string& version() const { return version_; }

  private:
    Postgres() = default;
    std::string folder_, sockets_, version_;
    std::unique_ptr<Process> server_;
    std::shared_ptr<pg_conn> connection_;
};

// Rows as COPY ... (FORMAT binary) takes them.
class CopyRows {
  public:
    void row(unsigned fields) { number(fields, 2); }
    void field(std::string_view bytes);
    void field(int64_t value);  // a bigint
    void end() { number(0xffff, 2); }
    std::string take() { return std::exchange(rows_, std::string()); }
    size_t size() const { return rows_.size(); }

  private:
    void number(uint64_t value, int bytes);
    std::string rows_{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
};

// As Load, over libpq: many connections, few threads, nobody blocks, one statement under way on each connection.
class PostgresLoad {
  public:
    static Attempt<std::unique_ptr<PostgresLoad>> connect(const Postgres& server, unsigned connections,
                                                          const std::string& prepared);  // is named "p"; may be empty
    // Sends the connection's next statement, without waiting; false: there is none.
    using Send = std::function<bool(pg_conn*, unsigned connection)>;
    using Rows = std::function<std::string()>;  // what a COPY that was sent is to write
    Attempt<Load::Told> run(double seconds, const Send& send, const Rows& rows = {});

  private:
    std::vector<std::shared_ptr<pg_conn>> connections_;
};

}  // namespace tools
