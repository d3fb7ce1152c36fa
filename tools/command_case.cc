// caseledger case: one family's case as it stands, and what is to be done next.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

namespace json = boost::json;

struct CaseChoice {
    std::string stream, as_at;
};

// One part of a case: its heading and its rows, or nothing where it is empty.
void part(std::string& out, const Desk& desk, std::string_view title, const Table& table) {
    if (table.empty()) return;
    out += "\n" + desk.out.styled(Screen::bold, title) + "\n" + table.text(desk.out);
}

std::string at(const json::value& value, const char* path) {
    return when(told(value, fmt::format("{}.occurred", path)));
}

std::string plan_of(const json::value& plan, const json::value& answer) {
    auto name = told(answer, "names." + told(plan, "child"));
    return told(plan, "kind") + (name.empty() ? "" : ": " + name);
}

// How long the record is kept, what forbids to erase it, and who has been given it.
void keeping(std::string& out, const Desk& desk, const json::value& it, const json::value& answer, const Names& names) {
    Table kept({{"Person", Table::left},
                {"Name", Table::left, true},
                {"Kept as", Table::left, true},
                {"Until end of", Table::left},
                {"What stands", Table::left, true}});
    for (auto& row : listed(it, "keeping.people")) {
        std::string stands;
        auto add = [&](const std::string& text) { stands += (stands.empty() ? "" : "; ") + text; };
        if (told(row, "stale") == "yes") add("to be set anew: " + told(row, "neededClass.title"));
        for (auto& hold : listed(row, "holds"))
            add(fmt::format("on hold since {}: {}", when(told(hold, "since")), told(hold, "reason")));
        for (auto& request : listed(row, "erasureRequests")) add("erasure requested " + at(request, "requested"));
        if (auto ground = told(row, "erased.ground"); !ground.empty())
            add(fmt::format("erased {}: {}", when(told(row, "erased.at.occurred")), ground));
        auto set = told(row, "retention.class");
        if (set.empty() && stands.empty()) continue;
        kept.row({told(row, "subject"), told(answer, "names." + told(row, "subject")), set,
                  told(row, "retention.untilYear"), stands});
    }
    part(out, desk, "Keeping", kept);

    Table disclosed({{"Disclosed for", Table::left, true},
                     {"Words", Table::left, true},
                     {"When", Table::left},
                     {"By", Table::left, true},
                     {"Entry", Table::left}});
    for (auto& row : listed(it, "keeping.disclosures"))
        disclosed.row({told(row, "purpose"), told(row, "words"), when(told(row, "at.occurred")),
                       names.of(told(row, "at.by")), told(row, "id")});
    part(out, desk, "Disclosures", disclosed);
}

std::string shown(const Desk& desk, const json::value& answer, const Names& names) {
    const json::value none;
    auto* inner = answer.as_object().if_contains("case");
    const json::value& it = inner ? *inner : none;
    std::string out =
        fmt::format("{}  {}\n{} entries, the last recorded {}\n", desk.out.styled(Screen::bold, told(it, "stateTitle")),
                    told(it, "stream"), told(it, "head.revision"), when(told(it, "head.recorded")));
    Table children({{"Child", Table::left}, {"Name", Table::left, true}, {"Level of need", Table::left, true}});
    for (auto& row : listed(it, "children"))
        children.row({told(row, "child"), told(answer, "names." + told(row, "child")), told(row, "level")});
    part(out, desk, "Children", children);

    Table contacts({{"Contact", Table::left},
                    {"From", Table::left, true},
                    {"State", Table::left, true},
                    {"Received", Table::left}});
    for (auto& row : listed(it, "contacts"))
        contacts.row({told(row, "id"), told(row, "referrer"), told(row, "stateTitle"), at(row, "received")});
    part(out, desk, "Contacts", contacts);

    Table episodes({{"Episode", Table::left},
                    {"State", Table::left, true},
                    {"Team", Table::left, true},
                    {"Worker", Table::left, true},
                    {"Opened", Table::left},
                    {"Closed", Table::left}});
    for (auto& row : listed(it, "episodes"))
        episodes.row({told(row, "id"), told(row, "stateTitle"), names.team(told(row, "team")),
                      names.of(told(row, "worker")), at(row, "opened"), at(row, "closedAt")});
    part(out, desk, "Episodes", episodes);

    Table consents({{"Consent", Table::left, true},
                    {"State", Table::left, true},
                    {"Form", Table::left},
                    {"Recorded", Table::left}});
    for (auto& row : listed(it, "consents"))
        consents.row({told(row, "scope"), told(row, "stateTitle"), told(row, "form"), at(row, "recordedAt")});
    part(out, desk, "Consent", consents);

    Table work(
        {{"What", Table::left, true}, {"State", Table::left, true}, {"Since", Table::left}, {"Id", Table::left}});
    for (auto& row : listed(it, "assessments"))
        work.row({told(row, "kind"), told(row, "stateTitle"), at(row, "started"), told(row, "id")});
    for (auto& row : listed(it, "plans"))
        work.row({plan_of(row, answer), "Version " + told(row, "version"), at(row, "agreed"), told(row, "id")});
    for (auto& row : listed(it, "alerts"))
        work.row({"Worries", told(row, "outcome").empty() ? "Not decided" : told(row, "outcome"), at(row, "alertedAt"),
                  told(row, "id")});
    for (auto& row : listed(it, "transfers"))
        work.row(
            {"Transfer: " + told(row, "direction"), told(row, "stateTitle"), at(row, "proposedAt"), told(row, "id")});
    part(out, desk, "Assessments, plans, worries, transfers", work);
    keeping(out, desk, it, answer, names);

    Table tasks({{"To do", Table::left, true}, {"Since", Table::left}, {"About", Table::left}});
    for (auto& row : listed(it, "openTasks"))
        tasks.row({told(row, "title"), when(told(row, "since")), told(row, "about")});
    part(out, desk, "Next", tasks);
    return out;
}

}  // namespace

void add_case(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<CaseChoice>();
    auto* command = app.add_subcommand("case", "Show one case as it stands, and what is next to do");
    command->add_option("ID", choice->stream, "The case")->required();
    command->add_option("--as-at", choice->as_at, "As it stood at that time")->type_name("TIME");
    reaches_server(*command, desk);
    command->footer(
        "Examples:\n  caseledger case 8d0c... --data ledger --key worker.key\n"
        "  caseledger case 8d0c... --as-at 2018-07-01 --json");
    works(*command, desk, [&desk, choice] {
        return view(desk,
                    Target("/v1/cases/" + choice->stream).with("words", "true").with("as_at", choice->as_at).text(),
                    [&](auto& answer, auto& names) { return shown(desk, answer, names); });
    });
}

}  // namespace tools
