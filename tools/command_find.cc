// caseledger find: the cases one may read in which somebody of that name is written about.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

std::string shown(const Desk& desk, const boost::json::value& answer, const Names& names) {
    Table table({{"Name", Table::left, true},
                 {"Case", Table::left},
                 {"State", Table::left, true},
                 {"Team", Table::left, true},
                 {"Person", Table::left}});
    for (auto& row : listed(answer, "found"))
        table.row({told(row, "name"), told(row, "stream"), told(row, "stateTitle"), names.team(told(row, "team")),
                   told(row, "subject")});
    if (table.empty()) return "There is nobody of that name in a case that you may read.\n";
    auto out = table.text(desk.out);
    if (told(answer, "more") == "yes") out += "\nThere are more: give more of the name.\n";
    return out;
}

}  // namespace

void add_find(CLI::App& app, Desk& desk) {
    auto name = std::make_shared<std::vector<std::string>>();
    auto* command = app.add_subcommand("find", "Find the cases of a person by their name, or how its parts begin");
    command->add_option("NAME", *name, "The name; - reads a line of it from stdin, where no list of processes shows it")
        ->required();
    reaches_server(*command, desk);
    command->footer(
        "Examples:\n  caseledger find smith jo --data ledger --key worker.key\n"
        "  caseledger find - --json");
    works(*command, desk, [&desk, name]() -> Attempt<> {
        std::string asked;
        for (auto& part : *name) asked += (asked.empty() ? "" : " ") + part;
        if (asked == "-") std::getline(std::cin, asked);
        auto calls = Calls::sign_in(desk);
        if (!calls) return tl::unexpected(calls.error());
        auto answer = calls->post("/v1/search", boost::json::object{{"name", asked}});
        if (!answer) return tl::unexpected(answer.error());
        if (desk.json) desk.put(*answer);
        else fmt::print("{}", shown(desk, *answer, Names::ask(*calls)));
        return {};
    });
}

}  // namespace tools
