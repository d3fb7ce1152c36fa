// caseledger chronology: what happened in a case, in the order it happened or was recorded.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

namespace json = boost::json;

struct ChronologyChoice {
    std::string stream, order, child, from, to, type, kind, actor, as_at, cursor;
    bool significant = false, words = false, newest = false;
    unsigned limit = 100;
};

// Erased is another thing than lost: it says under which entry.
std::string content(const json::value& word) {
    if (told(word, "readable") == "yes") return told(word, "content");
    std::string under;
    for (auto& position : listed(word, "erasedUnder")) under += (under.empty() ? "" : ", ") + json::serialize(position);
    return under.empty() ? "[cannot be opened: its key is missing]" : "[erased under entry " + under + "]";
}

std::string what(const json::value& row) {
    auto text = told(row, "title");
    if (auto kind = told(row, "kind"); !kind.empty()) text += ": " + kind;
    if (told(row, "struck") == "yes") text += "  (entered in error)";
    if (!told(row, "originalOccurred").empty()) text += "  (its time was corrected)";
    if (told(row, "disputed") == "yes") text += "  (disputed: signed with a key that became suspect)";
    for (auto& word : listed(row, "words")) text += "\n" + told(word, "heading") + ": " + content(word);
    return text;
}

std::string shown(const Desk& desk, const json::value& answer, const Names& names) {
    Table table({{"", Table::left},
                 {"Happened", Table::left},
                 {"What", Table::left, true},
                 {"By", Table::left, true},
                 {"Recorded", Table::left},
                 {"Entry", Table::right}});
    for (auto& row : listed(answer, "rows")) {
        auto occurred = when(told(row, "occurred"));
        if (told(row, "precision") == "day") occurred = occurred.substr(0, occurred.rfind(' '));
        if (told(row, "precision") == "approximate") occurred = "about " + occurred;
        table.row({told(row, "significant") == "yes" ? "*" : "", occurred, what(row),
                   names.of(told(row, "actor")) + ", " + told(row, "role"), when(told(row, "recorded")),
                   told(row, "position")});
    }
    if (table.empty()) return "Nothing is recorded that fits.\n";
    auto out = table.text(desk.out);
    if (auto next = told(answer, "next"); !next.empty()) out += "\nThere are more: --cursor " + next + "\n";
    return out;
}

}  // namespace

void add_chronology(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<ChronologyChoice>();
    auto& c = *choice;
    auto* command = app.add_subcommand("chronology", "Show what happened in a case");
    command->add_option("ID", c.stream, "The case")->required();
    command->add_option("--order", c.order, "happened or recorded [happened]")
        ->check(CLI::IsMember({"happened", "recorded"}))
        ->type_name("ORDER");
    command->add_flag("--newest", c.newest, "The newest first");
    command->add_flag("--significant", c.significant, "Only headlines and what was marked significant");
    command->add_flag("--words", c.words, "With what was written, where it is not erased");
    command->add_option("--child", c.child, "Only about this child")->type_name("ID");
    command->add_option("--from", c.from, "From this day")->type_name("DAY");
    command->add_option("--to", c.to, "Up to this day")->type_name("DAY");
    command->add_option("--type", c.type, "Only events of this type")->type_name("EVENT");
    command->add_option("--kind", c.kind, "Only events of this kind")->type_name("KIND");
    command->add_option("--actor", c.actor, "Only what this person recorded")->type_name("ID");
    command->add_option("--as-at", c.as_at, "From what had been recorded by then")->type_name("TIME");
    command->add_option("--limit", c.limit, "At most so many")
        ->type_name("N")
        ->check(CLI::Range(1, 500))
        ->capture_default_str();
    command->add_option("--cursor", c.cursor, "Go on where the last list ended")->type_name("CURSOR");
    reaches_server(*command, desk);
    command->footer(R"(A * marks what is significant: a headline of its type, or marked so.

Examples:
  caseledger chronology 8d0c... --words --data ledger --key worker.key
  caseledger chronology 8d0c... --significant --as-at 2018-07-01
  caseledger chronology 8d0c... --order recorded --from 2018-06-01 --json)");
    works(*command, desk, [&desk, choice] {
        Target target("/v1/cases/" + choice->stream + "/chronology");
        target.with("order", choice->order)
            .with("significant", choice->significant ? "true" : "")
            .with("newest", choice->newest ? "true" : "")
            .with("words", choice->words ? "1" : "")
            .with("child", choice->child)
            .with("from", choice->from)
            .with("to", choice->to)
            .with("type", choice->type)
            .with("kind", choice->kind)
            .with("actor", choice->actor)
            .with("as_at", choice->as_at)
            .with("cursor", choice->cursor)
            .with("limit", std::to_string(choice->limit));
        return view(desk, target.text(), [&](auto& answer, auto& names) { return shown(desk, answer, names); });
    });
}

}  // namespace tools
