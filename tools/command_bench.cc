// caseledger bench: what this machine does, each figure beside its limit.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tools/bench.h"
#include "tools/table.h"

namespace tools {
namespace {

std::string rate(double per_second) {
    return per_second >= 100 ? fmt::format("{:.0f}", per_second) : fmt::format("{:.1f}", per_second);
}
std::string microseconds(double us) { return us > 0 ? fmt::format("{:.0f}", us) : ""; }

void tell(const Desk& desk, const BenchReport& report) {
    Table table({{"measured", Table::left, true},
                 {"a second", Table::right},
                 {"median us", Table::right},
                 {"p99 us", Table::right},
                 {"of its limit", Table::right},
                 {"the limit", Table::left, true}});
    for (auto& figure : report.figures)
        table.row({figure.note.empty() ? figure.name : figure.name + " (" + figure.note + ")", rate(figure.per_second),
                   microseconds(figure.median_us), microseconds(figure.p99_us),
                   figure.limit_name.empty() ? "" : fmt::format("{:.2f}", figure.ratio()), figure.limit_name});
    std::fputs(table.text(desk.out).c_str(), desk.out.stream);
    std::fprintf(desk.out.stream, "\n%u cores; an event of %llu bytes; a book of %llu entries; durable: %s\n",
                 report.cores, static_cast<unsigned long long>(report.entry_bytes),
                 static_cast<unsigned long long>(report.entries), report.durability.c_str());
}

}  // namespace

void add_bench(CLI::App& app, Desk& desk) {
    auto options = std::make_shared<BenchOptions>();
    options->folder = "caseledger-bench";
    auto* command =
        app.add_subcommand("bench", "Measure this machine: appends, verification, replay, beside their limits");
    command->add_option("--folder", options->folder, "Where to make the ledger that is measured; removed again")
        ->capture_default_str();
    command->add_option("--seconds", options->seconds, "For each figure")
        ->check(CLI::Range(0.2, 600.0))
        ->capture_default_str();
    command->footer(
        "The load comes from this machine too, so the figures are what both sides do on its cores.\n"
        "Examples:\n  caseledger bench\n  caseledger bench --seconds 10 --json > bench.json");
    works(*command, desk, [options, &desk]() -> Attempt<> {
        auto report = bench(*options, [&](const std::string& what) { desk.say("measuring: " + what); });
        if (!report) return tl::unexpected(report.error());
        if (desk.json) desk.put(report->to_json());
        else tell(desk, *report);
        return {};
    });
}

}  // namespace tools
