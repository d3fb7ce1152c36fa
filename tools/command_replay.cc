// caseledger replay: the entries one may read, in the order of the book, as lines of JSON.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "schema/json.h"
#include "tools/reading.h"

namespace tools {
namespace {

struct ReplayChoice {
    uint64_t from = 0, to = 0;
    std::string as_at, stream, type;
};

constexpr uint64_t page = 20'000;  // so much is held in memory at once

// Prints a page; failure where the service broke off inside it.
Attempt<> print_page(const Desk& desk, const std::string& lines) {
    auto last = lines.rfind('\n', lines.size() < 2 ? lines.npos : lines.size() - 2);
    auto tail = std::string_view(lines).substr(last == lines.npos ? 0 : last + 1);
    if (tail.starts_with("{\"error\"")) {
        fmt::print(desk.out.stream, "{}", std::string_view(lines).substr(0, lines.size() - tail.size()));
        return tl::unexpected(Failure(Exit::failed, "the replay broke off: " + std::string(tail)));
    }
    fmt::print(desk.out.stream, "{}", lines);
    return {};
}

Attempt<> replay(const Desk& desk, const ReplayChoice& choice) {
    auto calls = Calls::sign_in(desk);
    if (!calls) return tl::unexpected(calls.error());
    auto ledger = calls->get("/v1/ledger");
    if (!ledger) return tl::unexpected(ledger.error());
    uint64_t size = std::strtoull(told(*ledger, "size").c_str(), nullptr, 10);
    uint64_t end = choice.to ? std::min(choice.to, size) : size;
    if (told(*ledger, "playedClock") == "yes") desk.say("PLAYED CLOCK: the times of this ledger were played.");
    // One case is short; the whole book comes in pages.
    uint64_t step = choice.stream.empty() ? page : std::max<uint64_t>(end, 1);
    Progress progress(desk.talk, "replaying", desk.quiet || desk.out.terminal);
    for (uint64_t from = choice.from; from < end; from += step) {
        auto lines = calls->get_text(Target("/v1/replay")
                                         .with("from", std::to_string(from))
                                         .with("to", std::to_string(std::min(from + step, end)))
                                         .with("as_at", choice.as_at)
                                         .with("stream", choice.stream)
                                         .with("type", choice.type)
                                         .text(),
                                     "application/x-ndjson");
        if (!lines) return tl::unexpected(lines.error());
        TRY(print_page(desk, *lines));
        progress.at(std::min(from + step, end), end);
    }
    progress.done();
    return {};
}

}  // namespace

void add_replay(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<ReplayChoice>();
    auto* command = app.add_subcommand("replay", "Print the entries you may read, as lines of JSON");
    command->add_option("--from", choice->from, "From this position")->type_name("N");
    command->add_option("--to", choice->to, "Up to before this position")->type_name("N");
    command->add_option("--as-at", choice->as_at, "Only what had been recorded by then")->type_name("TIME");
    command->add_option("--stream", choice->stream, "Only of this case")->type_name("ID");
    command->add_option("--type", choice->type, "Only events of this type")->type_name("EVENT");
    reaches_server(*command, desk);
    command->footer(
        "Always JSON, one entry a line, with its bytes in `raw`.\n\nExamples:\n"
        "  caseledger replay --data ledger --key auditor.key > entries.ndjson\n"
        "  caseledger replay --stream 8d0c... --as-at 2018-07-01 | jq .event.fact");
    works(*command, desk, [&desk, choice] { return replay(desk, *choice); });
}

}  // namespace tools
