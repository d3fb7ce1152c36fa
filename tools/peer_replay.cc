#include <libpq-fe.h>

#include <map>

#include "ledger/entry.h"
#include "tools/measuring.h"
#include "tools/peer_groups.h"
#include "tools/verify.h"

namespace tools {
namespace {

Failure failed(PGconn* connection) { return {Exit::failed, std::string("PostgreSQL: ") + PQerrorMessage(connection)}; }

// One COPY into a table, sent whenever there is enough.
class Copying {
  public:
    static Attempt<std::unique_ptr<Copying>> begin(const Postgres& postgres, const std::string& table) {
        auto connection = postgres.connect();
        if (!connection) return tl::unexpected(connection.error());
        std::unique_ptr<Copying> made(new Copying(*connection));
        PQclear(PQexec(connection->get(), ("COPY " + table + " FROM STDIN (FORMAT binary)").c_str()));
        return made;
    }
    CopyRows& rows() { return rows_; }
    bool send(bool all) {
        if (!all && rows_.size() < 256 * 1024) return true;
        auto bytes = rows_.take();
        return PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) == 1;
    }
    Attempt<void> end() {
        rows_.end();
        bool well = send(true) && PQputCopyEnd(connection_.get(), nullptr) == 1;
        while (auto* result = PQgetResult(connection_.get())) {
            well = well && PQresultStatus(result) == PGRES_COMMAND_OK;
            PQclear(result);
        }
        if (!well) return tl::unexpected(failed(connection_.get()));
        return {};
    }

  private:
    explicit Copying(std::shared_ptr<PGconn> connection) : connection_(std::move(connection)) {}
    std::shared_ptr<PGconn> connection_;
    CopyRows rows_;
};

// Not logged, as our views are not either.
constexpr const char* views = R"(
SET client_min_messages = warning;
DROP TABLE IF EXISTS chronology, case_state, caseload, timeliness;
CREATE UNLOGGED TABLE chronology (stream uuid NOT NULL, occurred bigint NOT NULL, recorded bigint NOT NULL,
  position bigint NOT NULL, revision bigint NOT NULL, type bigint NOT NULL, actor uuid NOT NULL, children bytea);
CREATE UNLOGGED TABLE case_state (stream uuid PRIMARY KEY, entries bigint, position bigint, recorded bigint, opened bigint,
  children bigint);
CREATE UNLOGGED TABLE caseload (stream uuid PRIMARY KEY, holder uuid, since bigint);
CREATE UNLOGGED TABLE timeliness (stream uuid, rule bigint, started bigint, due bigint, verdict bigint,
  PRIMARY KEY (stream, rule));
)";

struct CaseRow {
    int64_t entries = 0, position = 0, recorded = 0, opened = 0, children = 0;
    std::string holder;
};

// One entry into the chronology and its case's row.
void take(const ledger::Entry& entry, CopyRows& rows, std::map<schema::StreamId, CaseRow>& cases) {
    auto event = entry.read();
    auto fact = event.getFact();
    auto& row = cases[entry.stream()];
    std::string children;
    auto add = [&](auto list) {
        for (auto child : list) children += schema::as_text(schema::bytes_of(child));
    };
    if (fact.isContactReceived())
        add(fact.getContactReceived().getChildren()), row.opened = event.getOccurred().getAt();
    if (fact.isCaseNoteAdded()) add(fact.getCaseNoteAdded().getChildren());
    row.children = std::max<int64_t>(row.children, static_cast<int64_t>(children.size() / 16));
    ++row.entries;
    row.position = static_cast<int64_t>(entry.position());
    row.recorded = schema::milliseconds(entry.recorded());
    row.holder = entry.actor().view();
    rows.row(8);
    rows.field(entry.stream().view());
    rows.field(int64_t{event.getOccurred().getAt()});
    rows.field(row.recorded);
    rows.field(row.position);
    rows.field(static_cast<int64_t>(entry.revision()));
    rows.field(int64_t{static_cast<uint16_t>(fact.which())});
    rows.field(entry.actor().view());
    rows.field(children);
}

Attempt<void> write_cases(const Postgres& postgres, const std::map<schema::StreamId, CaseRow>& cases) {
    auto state = Copying::begin(postgres, "case_state"), load = Copying::begin(postgres, "caseload"),
         clocks = Copying::begin(postgres, "timeliness");
    for (auto* each : {&state, &load, &clocks})
        if (!*each) return tl::unexpected(each->error());
    bool well = true;
    for (auto& [stream, row] : cases) {
        (*state)->rows().row(6);
        (*state)->rows().field(stream.view());
        for (auto value : {row.entries, row.position, row.recorded, row.opened, row.children})
            (*state)->rows().field(value);
        (*load)->rows().row(3);
        (*load)->rows().field(stream.view());
        (*load)->rows().field(row.holder);
        (*load)->rows().field(row.opened);
        for (int64_t rule = 0; rule < 2; ++rule) {  // the two that a contact starts
            (*clocks)->rows().row(5);
            (*clocks)->rows().field(stream.view());
            for (auto value : {rule, row.opened, row.opened + (rule ? 20 : 1) * 86'400'000, int64_t{1}})
                (*clocks)->rows().field(value);
        }
        for (auto* each : {&state, &load, &clocks}) well = well && (**each)->send(false);
    }
    if (!well) return tl::unexpected(Failure(Exit::failed, "PostgreSQL took no more rows"));
    for (auto* each : {&state, &load, &clocks}) TRY((**each)->end());
    return {};
}

}  // namespace

Attempt<void> fill_replayed(Postgres& postgres, const std::string& ledger_folder, uint64_t most) {
    auto there = postgres.ask("SELECT to_regclass('replayed') IS NOT NULL");
    if (!there) return tl::unexpected(there.error());
    if (*there == "t") return {};
    auto made = postgres.ask(
        "CREATE TABLE replayed (position bigint PRIMARY KEY, stream uuid NOT NULL, version bigint NOT NULL, id uuid "
        "NOT "
        "NULL UNIQUE, recorded bigint NOT NULL, payload bytea NOT NULL, UNIQUE (stream, version))");
    if (!made) return tl::unexpected(made.error());
    auto log = open_read_only(ledger_folder + "/book");
    if (!log) return tl::unexpected(Failure(log.error()));
    auto copying = Copying::begin(postgres, "replayed");
    if (!copying) return tl::unexpected(copying.error());
    auto& rows = (*copying)->rows();
    TRY((*log)->read(0, most, [&](uint64_t position, schema::Bytes bytes) {
        auto entry = ledger::Entry::decode(bytes);
        if (!entry) return false;
        rows.row(6);
        rows.field(static_cast<int64_t>(position));
        rows.field(entry->stream().view());
        rows.field(static_cast<int64_t>(entry->revision()));
        rows.field(entry->id().view());
        rows.field(schema::milliseconds(entry->recorded()));
        rows.field(schema::as_text(bytes));
        return (*copying)->send(false);
    }));
    TRY((*copying)->end());
    if (auto done = postgres.ask("ANALYZE replayed"); !done) return tl::unexpected(done.error());
    return {};
}

Attempt<Sample> replay(Postgres& postgres) {
    auto reading = postgres.connect();
    if (!reading) return tl::unexpected(reading.error());
    auto* from = reading->get();
    uint64_t count = 0;
    auto start = Clock::now();
    if (auto made = postgres.ask(views); !made) return tl::unexpected(made.error());
    auto chronology = Copying::begin(postgres, "chronology");
    if (!chronology) return tl::unexpected(chronology.error());
    std::map<schema::StreamId, CaseRow> cases;
    PQclear(PQexec(from, "COPY (SELECT payload FROM replayed ORDER BY position) TO STDOUT (FORMAT binary)"));
    constexpr int header = 19, before = 6;  // of the stream; of a row with one field
    for (;;) {
        char* row = nullptr;
        int size = PQgetCopyData(from, &row, 0);
        if (size < 0) break;
        std::unique_ptr<char, decltype(&PQfreemem)> freed(row, PQfreemem);
        int skip = (count == 0 ? header : 0) + before;
        if (size <= skip) continue;  // the trailer
        auto entry = ledger::Entry::decode({reinterpret_cast<uint8_t*>(row) + skip, static_cast<size_t>(size - skip)});
        if (!entry) return tl::unexpected(Failure(entry.error()));
        take(*entry, (*chronology)->rows(), cases);
        if (!(*chronology)->send(false)) return tl::unexpected(failed(from));
        ++count;
    }
    TRY((*chronology)->end());
    TRY(write_cases(postgres, cases));
    if (auto indexed = postgres.ask("CREATE INDEX ON chronology (stream, occurred)"); !indexed)
        return tl::unexpected(indexed.error());
    auto took = since(start);
    return Sample{{Unit::per_second, static_cast<double>(count) / took}, {Unit::seconds, took}};
}

}  // namespace tools
