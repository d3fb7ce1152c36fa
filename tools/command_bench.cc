// caseledger bench: what this machine does, each figure beside its limit.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tools/bench.h"

namespace tools {

void add_bench_options(CLI::App& command, BenchOptions& options, bool& quick, bool& markdown) {
    command.add_option("--folder", options.folder, "Where to make the ledger that is measured; removed again")
        ->capture_default_str();
    command.add_option("--entries", options.entries, "Fill the book with so many first")
        ->check(CLI::Range(1'000ul, 1'000'000'000ul))
        ->capture_default_str();
    command.add_option("--cases", options.cases, "They are of so many cases [a hundredth of the entries]");
    command.add_flag("--wordless", options.wordless,
                     "Fill it with events about which nothing is written: a third of the bytes");
    command.add_option("--rounds", options.rounds, "Measure everything so often, in turn")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command.add_option("--seconds", options.seconds, "For each figure in each round")
        ->check(CLI::Range(0.02, 600.0))
        ->capture_default_str();
    command.add_option("--only", options.only, "Groups whose name begins so; again for each")
        ->type_name("GROUP")
        ->allow_extra_args(false);
    command.add_option("--soak", options.soak, "Watch the service's memory under load for so many minutes as well")
        ->check(CLI::Range(0.1, 10'000.0))
        ->type_name("MINUTES");
    command.add_flag("--quick", quick, "One round of 0.2 s, to see that everything works");
    command.add_flag("--keep", options.keep, "Leave the folder where it is");
    command.add_flag("--reuse", options.reuse,
                     "Measure the book that is there, which --keep left, filled to its end first; it grows a little");
    command.add_option("--smaller", options.smaller, "What --json printed over a smaller book: tell how costs grow")
        ->type_name("FILE");
    command.add_option("--service", options.service, "The service that is measured [caseledgerd beside this program]")
        ->type_name("PROGRAM");
    command.add_flag("--markdown", markdown, "As docs/PERFORMANCE.md has it");
}

void add_bench(CLI::App& app, Desk& desk) {
    struct Asked {
        BenchOptions options;
        bool quick = false, markdown = false;
    };
    auto asked = std::make_shared<Asked>();
    asked->options.folder = "caseledger-bench";
    auto* command =
        app.add_subcommand("bench", "Measure this machine: appends, proofs, verification, views, beside their limits");
    add_bench_options(*command, asked->options, asked->quick, asked->markdown);
    command->footer(
        "The load comes from this machine too, so the figures are what both sides do on its cores. Groups: disk, "
        "appends-1, appends-8, appends-64, appends-512, cpu, latency, many, chronology, opening, soak (with --soak), "
        "verification, views, proofs, heads.\n"
        "Examples:\n  caseledger bench\n  caseledger bench --entries 10000000 --keep --json > bench.json\n"
        "  caseledger bench --reuse --only appends --rounds 5\n"
        "  caseledger bench --entries 1000000 --soak 60 --only soak");
    works(*command, desk, [asked, &desk]() -> Attempt<> {
        auto& options = asked->options;
        if (asked->quick) options.rounds = 1, options.seconds = 0.2;
        auto report = bench(options, [&](const std::string& what) { desk.say("measuring: " + what); });
        if (!report) return tl::unexpected(report.error());
        if (desk.json) desk.put(report->to_json());
        else fmt::print(desk.out.stream, "{}", asked->markdown ? report->markdown() : report->text(desk.out));
        return {};
    });
}

}  // namespace tools
