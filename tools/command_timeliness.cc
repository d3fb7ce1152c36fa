// caseledger timeliness: which time limits were met, by rule, and the clocks that need a look; of the service or a
// case.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

namespace json = boost::json;

struct TimelinessChoice {
    std::string stream, worker, team, rule, verdict, as_at;
    unsigned limit = 50;
    bool working = false;
};

std::string or_else(std::string text, const char* other) { return text.empty() ? other : text; }

void add_counts(Table& table, const std::string& title, const json::value& row) {
    auto count = [&](const char* name) {
        auto text = told(row, fmt::format("counts.{}", name));
        return text == "0" ? std::string() : text;
    };
    table.row({title, count("met-all"), count("met-some"), count("missed-all"), count("early"), count("open"),
               count("late"), count("stopped"), count("monitored"), count("no-rule-evidenced")});
}

std::string counts_table(const Desk& desk, const json::value& answer, const Names& names) {
    std::vector<Table::Column> columns{{"", Table::left, true}};
    for (auto* title :
         {"Met", "Met in part", "Missed", "Early", "Open", "Late now", "Stopped", "Shown only", "No rule"})
        columns.push_back({title, Table::right});
    Table table(columns);
    for (auto& row : listed(answer, "rules")) add_counts(table, told(row, "rule") + " " + told(row, "title"), row);
    for (auto& row : listed(answer, "teams")) add_counts(table, or_else(names.team(told(row, "team")), "No team"), row);
    for (auto& row : listed(answer, "workers"))
        add_counts(table, or_else(names.of(told(row, "person")), "Nobody"), row);
    if (answer.as_object().contains("counts")) add_counts(table, "All", answer);
    return table.text(desk.out);
}

std::string clocks_table(const Desk& desk, const json::value& answer, const Names& names,
                         const TimelinessChoice& choice) {
    bool one_case = !choice.stream.empty();
    Table table({{"Rule", Table::left, true},
                 {one_case ? "From" : "Case", Table::left},
                 {"Due", Table::left},
                 {"Done", Table::left},
                 {"Verdict", Table::left},
                 {"Worker", Table::left, true},
                 {"Source", Table::left}});
    for (auto& clock : listed(answer, "clocks")) {
        auto rule = told(clock, "rule") + " " + told(clock, "title");
        if (choice.working)
            for (auto& reading : listed(clock, "readings"))
                rule += "\n  " + told(reading, "id") + ": " + told(reading, "working");
        table.row({rule, one_case ? when(told(clock, "trigger.at")) : case_name(told(clock, "stream")),
                   until_when(told(clock, "due")), when(told(clock, "done.at")), verdict(clock),
                   names.of(told(clock, "worker")), told(clock, "source")});
    }
    if (table.empty()) return {};
    auto out = "\n" + table.text(desk.out);
    if (auto more = told(answer, "more"); !more.empty() && more != "0")
        out += fmt::format("\nand {} more (--limit)\n", more);
    return out;
}

}  // namespace

void add_timeliness(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<TimelinessChoice>();
    auto* command = app.add_subcommand("timeliness", "Show which time limits were met, missed or run");
    auto* stream = command->add_option("--case", choice->stream, "The clocks of one case")->type_name("ID");
    for (auto [name, value, help, type] :
         {std::tuple{"--worker", &choice->worker, "Only this worker's", "ID"},
          {"--team", &choice->team, "Only this team's", "TEAM"},
          {"--rule", &choice->rule, "Only of this rule", "RULE"},
          {"--verdict", &choice->verdict, "Only with this verdict: met-all, missed-all, open, ...", "VERDICT"}})
        command->add_option(name, *value, help)->type_name(type)->excludes(stream);
    command->add_option("--as-at", choice->as_at, "As it stood at that time")->type_name("TIME");
    command->add_option("--limit", choice->limit, "At most so many clocks")
        ->type_name("N")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_flag("--working", choice->working, "How each due time was worked out");
    reaches_server(*command, desk);
    command->footer(
        "Examples:\n  caseledger timeliness --data ledger --key manager.key\n"
        "  caseledger timeliness --case 8d0c... --working\n  caseledger timeliness --rule T04 --json");
    works(*command, desk, [&desk, choice] {
        auto& c = *choice;
        Target service("/v1/timeliness"), family("/v1/cases/" + c.stream + "/timeliness");
        service.with("worker", c.worker)
            .with("team", c.team)
            .with("rule", c.rule)
            .with("verdict", c.verdict)
            .with("limit", std::to_string(c.limit))
            .with("as_at", c.as_at);
        family.with("as_at", c.as_at);
        return view(desk, c.stream.empty() ? service.text() : family.text(), [&](auto& answer, auto& names) {
            return counts_table(desk, answer, names) + clocks_table(desk, answer, names, c);
        });
    });
}

}  // namespace tools
