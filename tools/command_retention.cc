// caseledger retention: who may be erased now, whose class has to be set, who asked to be erased, who is on hold.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

namespace json = boost::json;

struct RetentionChoice {
    std::string team, state, cursor, as_at;
    unsigned limit = 50;
};

// "May be erased, Requested"
std::string titles(const json::array& list, const char* path) {
    std::string text;
    for (auto& each : list) text += (text.empty() ? "" : ", ") + told(each, path);
    return text;
}

// "Early help, to the end of 2031"; where the year is not the schedule's to say, the class alone.
std::string kept(const json::value& row, const char* path) {
    std::string at = path;
    auto until = told(row, at + ".untilYear");
    auto title = told(row, at + (at == "retention" ? ".class" : ".title"));
    return until.empty() ? title : title + ", to the end of " + until;
}

std::string shown(const Desk& desk, const json::value& answer, const Names& names) {
    std::string out = told(answer, "says") + "\n";
    if (auto title = told(answer, "schedule.title"); !title.empty())
        out += fmt::format("Schedule {} ({})\n", told(answer, "schedule.id"), title);
    Table table({{"State", Table::left, true},
                 {"Person", Table::left},
                 {"Case", Table::left},
                 {"Team", Table::left, true},
                 {"Kept as", Table::left, true},
                 {"Needs", Table::left, true},
                 {"Holds", Table::left, true}});
    for (auto& row : listed(answer, "rows"))
        table.row({titles(listed(row, "states"), "title"), told(row, "subject"), told(row, "stream"),
                   names.team(told(row, "team")), kept(row, "retention"), kept(row, "neededClass"),
                   titles(listed(row, "holds"), "reason")});
    if (!table.empty()) out += "\n" + table.text(desk.out);
    if (auto next = told(answer, "next"); !next.empty()) out += fmt::format("\nand more: --cursor {}\n", next);
    return out;
}

}  // namespace

void add_retention(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<RetentionChoice>();
    auto* command =
        app.add_subcommand("retention", "Show who may be erased now, whose class has to be set, and who is on hold");
    command->add_option("--state", choice->state, "Only these")
        ->type_name("STATE")
        ->check(CLI::IsMember({"may-be-erased", "class-to-set", "requested", "on-hold"}));
    command->add_option("--team", choice->team, "Only this team's")->type_name("TEAM");
    command->add_option("--as-at", choice->as_at, "As it stood at that time")->type_name("TIME");
    command->add_option("--limit", choice->limit, "At most so many")
        ->type_name("N")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--cursor", choice->cursor, "Go on where the last page ended")->type_name("CURSOR");
    reaches_server(*command, desk);
    command->footer(
        "For those who read the whole service. Each row is a person of a case; a hold in whatever case counts.\n\n"
        "Examples:\n  caseledger retention --data ledger --key manager.key\n"
        "  caseledger retention --state may-be-erased --team north --json");
    works(*command, desk, [&desk, choice] {
        return view(desk,
                    Target("/v1/retention")
                        .with("state", choice->state)
                        .with("team", choice->team)
                        .with("as_at", choice->as_at)
                        .with("limit", std::to_string(choice->limit))
                        .with("cursor", choice->cursor)
                        .text(),
                    [&](auto& answer, auto& names) { return shown(desk, answer, names); });
    });
}

}  // namespace tools
