// caseledger-bench-peers: the benchmark with PostgreSQL and SQLite in its groups, measured in turn with us.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>

#include "tools/peer_groups.h"

int main(int argc, char** argv) {
    auto desk = tools::sit_down();
    desk.program = "caseledger-bench-peers";
    ::signal(SIGPIPE, SIG_IGN);
    tools::BenchOptions options;
    options.folder = "caseledger-bench";
    bool quick = false, markdown = false;
    CLI::App app("Measures caseledger beside PostgreSQL 15 and SQLite, in turn.", "caseledger-bench-peers");
    tools::add_bench_options(app, options, quick, markdown);
    tools::works(app, desk, [&]() -> tools::Attempt<> {
        if (quick) options.rounds = 1, options.seconds = 0.2;
        auto peers = tools::Peers::start(options.folder);
        if (!peers) return tl::unexpected(peers.error());
        options.join = [&](tools::BenchRun& run, tools::Group& group) { return (*peers)->join(run, group); };
        auto report = tools::bench(options, [&](const std::string& what) { desk.say("measuring: " + what); });
        if (!report) return tl::unexpected(report.error());
        for (auto& [name, version] : (*peers)->versions()) report->machine[name] = version;
        if (desk.json) desk.put(report->to_json());
        else fmt::print(desk.out.stream, "{}", markdown ? report->markdown() : report->text(desk.out));
        return {};
    });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return static_cast<int>(desk.exit);
}
