#include "tools/peer_groups.h"

#include <libpq-fe.h>

#include <filesystem>

#include "schema/big_endian.h"
#include "tools/bench_run.h"
#include "tools/measuring.h"
#include "tools/peer_sqlite.h"

namespace tools {
namespace {

// Two ways to a chain without gaps, because neither is the quicker everywhere: a head row that one statement moves on,
// and a trigger that looks at the last row under a lock. A group's ratio takes the quicker.
constexpr const char* tables = R"(
CREATE TABLE plain (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream uuid NOT NULL, version bigint NOT NULL,
  id uuid NOT NULL UNIQUE, recorded timestamptz NOT NULL DEFAULT now(), payload bytea NOT NULL, words bytea,
  UNIQUE (stream, version));
CREATE TABLE stated (position bigint PRIMARY KEY, stream uuid NOT NULL, version bigint NOT NULL, id uuid NOT NULL UNIQUE,
  recorded timestamptz NOT NULL DEFAULT now(), payload bytea NOT NULL, words bytea, digest bytea NOT NULL,
  UNIQUE (stream, version));
CREATE TABLE head (position bigint NOT NULL, digest bytea NOT NULL) WITH (fillfactor = 10);
INSERT INTO head VALUES (0, sha256(''));
CREATE TABLE triggered (LIKE stated INCLUDING ALL);
CREATE FUNCTION chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  PERFORM pg_advisory_xact_lock(1);
  SELECT position, digest INTO last FROM triggered ORDER BY position DESC LIMIT 1;
  NEW.position := coalesce(last.position, 0) + 1;
  NEW.digest := sha256(coalesce(last.digest, sha256('')) || NEW.payload);
  RETURN NEW;
END $$;
CREATE TRIGGER chained BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION chain();
)";
constexpr const char* insert_plain =
    "INSERT INTO plain (stream, version, id, payload, words) VALUES ($1::uuid, $2::bigint, $3::uuid, $4::bytea, "
    "$5::bytea)";
constexpr const char* insert_stated =
    "WITH next AS (UPDATE head SET position = position + 1, digest = sha256(digest || $4::bytea) RETURNING position, "
    "digest) "
    "INSERT INTO stated (position, stream, version, id, payload, words, digest) "
    "SELECT position, $1::uuid, $2::bigint, $3::uuid, $4::bytea, $5::bytea, digest FROM next";
constexpr const char* insert_triggered =
    "INSERT INTO triggered (stream, version, id, payload, words) "
    "VALUES ($1::uuid, $2::bigint, $3::uuid, $4::bytea, $5::bytea)";

// Each client writes streams of its own, a hundred events long.
struct Client {
    std::string stream;
    int64_t version = 0;
    void next() {
        if (version++ % 100 == 0) stream = ledger::random_bytes(16), version = 1;
    }
};

Attempt<Sample> insert(Postgres& postgres, BenchRun& run, const char* statement, unsigned connections) {
    auto load = PostgresLoad::connect(postgres, connections, statement);
    if (!load) return tl::unexpected(load.error());
    std::vector<Client> clients(connections);
    auto& payload = run.payload();
    auto told = (*load)->run(run.options().seconds, [&](PGconn* connection, unsigned number) {
        auto& client = clients[number];
        client.next();
        auto version = schema::big_endian(static_cast<uint64_t>(client.version)), id = ledger::random_bytes(16);
        const char* values[] = {client.stream.data(), version.data(), id.data(), payload.entry.data(),
                                payload.sealed.data()};
        int lengths[] = {16, 8, 16, static_cast<int>(payload.entry.size()), static_cast<int>(payload.sealed.size())};
        int formats[] = {1, 1, 1, 1, 1};
        return PQsendQueryPrepared(connection, "p", 5, values, lengths, formats, 1) == 1;
    });
    if (!told) return tl::unexpected(told.error());
    return sample_of(*told, 0);
}

constexpr unsigned together = 64;

// 64 rows a transaction, by COPY, which is what is quickest there.
Attempt<Sample> copy(Postgres& postgres, BenchRun& run, const std::string& table, unsigned connections) {
    auto load = PostgresLoad::connect(postgres, connections, "");
    if (!load) return tl::unexpected(load.error());
    auto begin = "COPY " + table + " (stream, version, id, payload, words) FROM STDIN (FORMAT binary)";
    auto& payload = run.payload();
    auto send = [&](PGconn* connection, unsigned) { return PQsendQuery(connection, begin.c_str()) == 1; };
    auto told = (*load)->run(run.options().seconds, send, [&] {
        CopyRows rows;
        auto stream = ledger::random_bytes(16);
        for (unsigned i = 0; i < together; ++i) {
            rows.row(5);
            rows.field(stream);
            rows.field(int64_t{i} + 1);
            rows.field(ledger::random_bytes(16));
            rows.field(payload.entry);
            rows.field(payload.sealed);
        }
        rows.end();
        return rows.take();
    });
    if (!told) return tl::unexpected(told.error());
    return sample_of(*told, 0, together);
}

const auto written = {Unit::per_second, Unit::median_us, Unit::p99_us, Unit::load_us};
const std::string plain = "PostgreSQL, a plain table", stated = "PostgreSQL, chained by a statement",
                  triggered = "PostgreSQL, chained by a trigger";

double quicker(const Round& round) {
    return std::max(figure(round, stated, Unit::per_second), figure(round, triggered, Unit::per_second));
}

std::string ours_in(const Group& group) {
    for (auto& contestant : group.contestants)
        if (contestant.ours) return contestant.name;
    return "";
}

Ratio over_quicker(const std::string& ours, std::optional<Goal> goal) {
    return {"over PostgreSQL's chained table, the quicker way",
            [ours](const Round& round) {
                auto peer = quicker(round);
                return peer > 0 ? figure(round, ours, Unit::per_second) / peer : 0;
            },
            goal};
}

void join_sqlite(BenchRun& run, Group& group, unsigned count) {
    for (bool chained : {false, true}) {
        auto path = run.options().folder + (chained ? "/sqlite-chained" : "/sqlite-plain");
        auto kept = std::make_shared<std::unique_ptr<Sqlite>>();
        group.contestants.push_back(
            {std::string("SQLite, one writer") + (chained ? ", chained" : ""),
             [&run, path, kept, chained, count]() -> Attempt<Sample> {
                 if (!*kept) {
                     auto opened = Sqlite::open(path, chained);
                     if (!opened) return tl::unexpected(opened.error());
                     *kept = *std::move(opened);
                 }
                 auto& payload = run.payload();
                 return only(measure(1, run.options().seconds,
                                     [&](unsigned, uint64_t) -> uint64_t {
                                         return (*kept)->append(payload.entry, payload.sealed, count) ? count : 0;
                                     }),
                             {Unit::per_second});
             }});
    }
}

}  // namespace

Attempt<std::unique_ptr<Peers>> Peers::start(const std::string& folder) {
    std::unique_ptr<Peers> peers(new Peers);
    auto postgres = Postgres::start(folder + ".postgres");
    if (!postgres) return tl::unexpected(postgres.error());
    peers->postgres_ = *std::move(postgres);
    if (auto made = peers->postgres_->ask(tables); !made) return tl::unexpected(made.error());
    return peers;
}

boost::json::object Peers::versions() const {
    return {{"postgresql", postgres_->version()},
            {"postgresqlSettings", "fsync on, synchronous_commit on, shared_buffers 1GB, local socket"},
            {"sqlite", Sqlite::version()},
            {"sqliteSettings", "WAL, synchronous FULL"}};
}

Attempt<void> Peers::join(BenchRun& run, Group& group) {
    if (group.id.starts_with("appends-"))
        join_appends(run, group, static_cast<unsigned>(std::stoul(group.id.substr(8))));
    if (group.id == "many") join_many(run, group);
    if (group.id == "views") join_views(run, group);
    if (group.id == "disk") join_disk(run, group);
    return {};
}

void Peers::join_appends(BenchRun& run, Group& group, unsigned connections) {
    auto ours = ours_in(group);
    for (auto& [name, statement] :
         {std::pair{plain, insert_plain}, {stated, insert_stated}, {triggered, insert_triggered}})
        group.contestants.push_back({name, [this, &run, connections, statement = statement] {
                                         return only(insert(*postgres_, run, statement, connections), written);
                                     }});
    bool goals = connections == 64;
    group.ratios.push_back(over("over PostgreSQL's plain table", ours, plain, Unit::per_second,
                                goals ? std::optional(Goal{true, 1}) : std::nullopt));
    group.ratios.push_back(over_quicker(ours, goals ? std::optional(Goal{true, 5}) : std::nullopt));
    if (connections == 1) join_sqlite(run, group, 1);
}

void Peers::join_many(BenchRun& run, Group& group) {
    auto ours = ours_in(group);
    for (auto& [name, table] : {std::pair{plain, "plain"}, {triggered, "triggered"}})
        group.contestants.push_back({name, [this, &run, table = std::string(table)] {
                                         return only(copy(*postgres_, run, table, 4), written);
                                     }});
    group.ratios.push_back(over("over PostgreSQL's plain table", ours, plain, Unit::per_second));
    group.ratios.push_back(over_quicker(ours, {}));
    join_sqlite(run, group, together);
}

void Peers::join_views(BenchRun& run, Group& group) {
    const std::string name = "PostgreSQL: events replayed into tables";
    auto ours = ours_in(group);
    group.contestants.push_back({name, [this, &run]() -> Attempt<Sample> {
                                     TRY(fill_replayed(*postgres_, run.book().ledger_folder(), 1'000'000));
                                     return replay(*postgres_);
                                 }});
    group.ratios.push_back(over("over PostgreSQL's replay", ours, name, Unit::per_second, Goal{true, 5}));
}

void Peers::join_disk(BenchRun& run, Group& group) {
    const std::string name = "PostgreSQL: a row of the same entries, with its indexes",
                      ours = "the book without its words, with its index";
    group.contestants.push_back({name, [this, &run]() -> Attempt<Sample> {
                                     TRY(fill_replayed(*postgres_, run.book().ledger_folder(), 1'000'000));
                                     if (auto done = postgres_->ask("VACUUM FULL ANALYZE replayed"); !done)
                                         return tl::unexpected(done.error());
                                     auto bytes = postgres_->ask(
                                         "SELECT pg_total_relation_size('replayed')::float8 / count(*) FROM replayed");
                                     if (!bytes) return tl::unexpected(bytes.error());
                                     return Sample{{Unit::bytes, std::stod(*bytes)}};
                                 }});
    group.ratios.push_back(over("over PostgreSQL's", ours, name, Unit::bytes, Goal{false, 0.5}));
}

}  // namespace tools
