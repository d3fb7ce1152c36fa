// caseledger cases: the cases one may read.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

struct CasesChoice {
    bool open = false;
    std::string team, worker, state, cursor;
    unsigned limit = 50;
};

std::string shown(const Desk& desk, const boost::json::value& answer, const Names& names) {
    Table table({{"Case", Table::left},
                 {"State", Table::left, true},
                 {"Team", Table::left, true},
                 {"Worker", Table::left, true},
                 {"Children", Table::right},
                 {"Began", Table::left},
                 {"Last entry", Table::left}});
    for (auto& row : listed(answer, "cases"))
        table.row({told(row, "stream"), told(row, "stateTitle"), names.team(told(row, "team")),
                   names.of(told(row, "worker")), told(row, "childrenCount"), when(told(row, "began")),
                   when(told(row, "lastRecorded"))});
    if (table.empty()) return "There is no case that you may read.\n";
    auto out = table.text(desk.out);
    if (auto next = told(answer, "next"); !next.empty()) out += "\nThere are more: --cursor " + next + "\n";
    return out;
}

}  // namespace

void add_cases(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<CasesChoice>();
    auto* command = app.add_subcommand("cases", "List the cases you may read, the newest first");
    command->add_flag("--open", choice->open, "Only open ones");
    command->add_option("--team", choice->team, "Only this team's")->type_name("TEAM");
    command->add_option("--worker", choice->worker, "Only this worker's")->type_name("ID");
    command->add_option("--state", choice->state, "Only those in this state")->type_name("STATE");
    command->add_option("--limit", choice->limit, "At most so many")
        ->type_name("N")
        ->check(CLI::Range(1, 200))
        ->capture_default_str();
    command->add_option("--cursor", choice->cursor, "Go on where the last list ended")->type_name("CURSOR");
    reaches_server(*command, desk);
    command->footer(
        "Examples:\n  caseledger cases --data ledger --key manager.key\n"
        "  caseledger cases --open --team north --json");
    works(*command, desk, [&desk, choice] {
        Target target("/v1/cases");
        target.with("open", choice->open ? "true" : "")
            .with("team", choice->team)
            .with("worker", choice->worker)
            .with("state", choice->state)
            .with("cursor", choice->cursor)
            .with("limit", std::to_string(choice->limit));
        return view(desk, target.text(), [&](auto& answer, auto& names) { return shown(desk, answer, names); });
    });
}

}  // namespace tools
