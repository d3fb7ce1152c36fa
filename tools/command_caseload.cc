// caseledger caseload: who holds how many families and children, against the caps in force.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

namespace json = boost::json;

struct CaseloadChoice {
    std::string worker, team, as_at;
};

// "17 of 15 OVER (S1:245)" for each cap.
std::string limits(const json::value& row) {
    std::string text;
    for (auto& limit : listed(row, "limits")) {
        auto over = told(limit, "over");
        text += fmt::format("{}{} of {}{}{}", text.empty() ? "" : "; ", told(limit, "held"), told(limit, "limit"),
                            over.empty() || over == "0" ? "" : " OVER",
                            told(limit, "level").empty() ? "" : " (" + told(limit, "level") + ")");
    }
    return text;
}

std::string shown(const Desk& desk, const json::value& answer, const Names& names) {
    std::string out;
    Table workers({{"Worker", Table::left, true},
                   {"Full time", Table::right},
                   {"Families", Table::right},
                   {"Children", Table::right},
                   {"Against the caps", Table::left, true}});
    for (auto& row : listed(answer, "workers"))
        workers.row({names.of(told(row, "person")), told(row, "fte"), told(row, "families"), told(row, "children"),
                     limits(row)});
    Table teams({{"Team", Table::left, true},
                 {"Families", Table::right},
                 {"Children", Table::right},
                 {"Against the caps", Table::left, true}});
    for (auto& row : listed(answer, "teams"))
        teams.row({names.team(told(row, "team")), told(row, "families"), told(row, "children"), limits(row)});
    if (auto* service = answer.as_object().if_contains("service"); service && service->is_object())
        teams.row({"The service", told(*service, "families"), told(*service, "children"), limits(*service)});
    Table waiting({{"Not allocated", Table::left},
                   {"Team", Table::left, true},
                   {"Children", Table::right},
                   {"Since", Table::left}});
    for (auto& row : listed(answer, "unallocated"))
        waiting.row(
            {told(row, "stream"), names.team(told(row, "team")), told(row, "children"), when(told(row, "since"))});
    for (auto* table : {&workers, &teams, &waiting})
        if (!table->empty()) out += (out.empty() ? "" : "\n") + table->text(desk.out);
    return out.empty() ? "Nobody holds a case.\n" : out;
}

}  // namespace

void add_caseload(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<CaseloadChoice>();
    auto* command = app.add_subcommand("caseload", "Show who holds how many families, against the caps");
    command->add_option("--worker", choice->worker, "Only this worker")->type_name("ID");
    command->add_option("--team", choice->team, "Only this team")->type_name("TEAM");
    command->add_option("--as-at", choice->as_at, "As it stood at that time")->type_name("TIME");
    reaches_server(*command, desk);
    command->footer(
        "Examples:\n  caseledger caseload --data ledger --key manager.key\n"
        "  caseledger caseload --team north --as-at 2018-09-01 --json");
    works(*command, desk, [&desk, choice] {
        return view(desk,
                    Target("/v1/caseload")
                        .with("worker", choice->worker)
                        .with("team", choice->team)
                        .with("as_at", choice->as_at)
                        .text(),
                    [&](auto& answer, auto& names) { return shown(desk, answer, names); });
    });
}

}  // namespace tools
