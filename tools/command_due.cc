// caseledger due: what falls due soon, the next one first. What is late already is in `timeliness`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

struct DueChoice {
    std::string worker, team, rule, as_at;
    unsigned days = 10, limit = 50;
};

std::string shown(const Desk& desk, const boost::json::value& answer, const Names& names) {
    Table table({{"Due", Table::left},
                 {"Rule", Table::left, true},
                 {"Case", Table::left},
                 {"Worker", Table::left, true},
                 {"Team", Table::left, true},
                 {"Verdict", Table::left}});
    for (auto& clock : listed(answer, "due"))
        table.row({until_when(told(clock, "due")), told(clock, "rule") + " " + told(clock, "title"),
                   case_name(told(clock, "stream")), names.of(told(clock, "worker")), names.team(told(clock, "team")),
                   verdict(clock)});
    auto until = when(told(answer, "until"));
    if (table.empty()) return fmt::format("Nothing falls due until {}.\n", until);
    auto out = table.text(desk.out);
    if (auto more = told(answer, "more"); !more.empty() && more != "0")
        out += fmt::format("\nand {} more (--limit)\n", more);
    return out;
}

}  // namespace

void add_due(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<DueChoice>();
    auto* command =
        app.add_subcommand("due", "Show what falls due soon; what is late already: timeliness --verdict missed-all");
    command->add_option("--days", choice->days, "Within so many working days")
        ->type_name("N")
        ->check(CLI::Range(0, 366))
        ->capture_default_str();
    command->add_option("--worker", choice->worker, "Only this worker's")->type_name("ID");
    command->add_option("--team", choice->team, "Only this team's")->type_name("TEAM");
    command->add_option("--rule", choice->rule, "Only of this rule")->type_name("RULE");
    command->add_option("--as-at", choice->as_at, "As it stood at that time")->type_name("TIME");
    command->add_option("--limit", choice->limit, "At most so many")
        ->type_name("N")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    reaches_server(*command, desk);
    command->footer(
        "Examples:\n  caseledger due --data ledger --key manager.key\n  caseledger due --days 3 --team north --json");
    works(*command, desk, [&desk, choice] {
        return view(desk,
                    Target("/v1/due")
                        .with("days", std::to_string(choice->days))
                        .with("worker", choice->worker)
                        .with("team", choice->team)
                        .with("rule", choice->rule)
                        .with("as_at", choice->as_at)
                        .with("limit", std::to_string(choice->limit))
                        .text(),
                    [&](auto& answer, auto& names) { return shown(desk, answer, names); });
    });
}

}  // namespace tools
