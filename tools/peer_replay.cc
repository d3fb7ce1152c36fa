#include <libpq-fe.h>

#include <map>
#include <unordered_map>

#include "ledger/entry.h"
#include "projections/moment.h"
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
  position bigint NOT NULL, revision bigint NOT NULL, type bigint NOT NULL, actor uuid NOT NULL, id uuid NOT NULL,
  until bigint NOT NULL, precision bigint NOT NULL, reliability bigint NOT NULL, moved_to bigint NOT NULL,
  written bigint NOT NULL, episode uuid NOT NULL, contact uuid NOT NULL, kind text, role text, team text,
  source_role text, source_organisation text, for_team text, joint bytea, refers bytea, people bytea, children bytea,
  adults bytea, dates bytea, codes bytea, yes bytea);
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
struct Cases {
    std::map<schema::StreamId, CaseRow> rows;
    std::unordered_map<schema::EventId, projections::Belongs> belongs;
};

// One entry into the chronology and its case's row. The chronology has a column for each member of our own rows, or its
// queries could not be the same ones; lists are packed as ours are.
void take(const ledger::Entry& entry, CopyRows& rows, Cases& cases) {
    auto& row = cases.rows[entry.stream()];
    auto moment = projections::moment_of(entry, [&](const schema::EventId& event) {
        auto known = cases.belongs.find(event);
        return known == cases.belongs.end() ? projections::Belongs() : known->second;
    });
    if (!moment.belongs().empty()) cases.belongs[moment.id] = moment.belongs();
    if (entry.type() == schema::Fact::CONTACT_RECEIVED) row.opened = schema::milliseconds(moment.occurred);
    row.children = std::max(row.children, static_cast<int64_t>(moment.children.size()));
    ++row.entries;
    row.position = static_cast<int64_t>(moment.position);
    row.recorded = schema::milliseconds(moment.recorded);
    row.holder = moment.actor.view();
    rows.row(29);
    rows.field(entry.stream().view());
    rows.field(schema::milliseconds(moment.occurred));
    for (auto value : {row.recorded, row.position, static_cast<int64_t>(moment.revision),
                       int64_t{static_cast<uint16_t>(moment.type)}})
        rows.field(value);
    for (auto& id : {moment.actor.view(), moment.id.view()}) rows.field(id);
    for (auto value : {schema::milliseconds(moment.until), int64_t{static_cast<uint16_t>(moment.precision)},
                       int64_t{static_cast<uint16_t>(moment.reliability)},
                       moment.moved_to ? schema::milliseconds(*moment.moved_to) : 0, int64_t{moment.written}})
        rows.field(value);
    for (auto& text :
         {moment.episode.view(), moment.contact.view(), std::string_view(moment.kind), std::string_view(moment.role),
          std::string_view(moment.team), std::string_view(moment.source_role),
          std::string_view(moment.source_organisation), std::string_view(moment.for_team)})
        rows.field(text);
    auto packed = [&](auto&... lists) { (rows.field(std::string_view(schema::pack(lists))), ...); };
    packed(moment.joint, moment.refers, moment.people, moment.children, moment.adults, moment.dates, moment.codes,
           moment.yes);
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
    Cases cases;
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
    TRY(write_cases(postgres, cases.rows));
    if (auto indexed = postgres.ask("CREATE INDEX ON chronology (stream, occurred)"); !indexed)
        return tl::unexpected(indexed.error());
    auto took = since(start);
    return Sample{{Unit::per_second, static_cast<double>(count) / took}, {Unit::seconds, took}};
}

}  // namespace tools
