// caseledger: the desk. This file is the list of its commands; each lives in tools/command_*.cc.
#include <CLI/CLI.hpp>

#include "tools/desk.h"

int main(int argc, char** argv) {
    auto desk = tools::sit_down();
    if (argc > 0) desk.program = argv[0];
    CLI::App app("A signed event ledger for early help casework: record, read and verify.", "caseledger");
    app.require_subcommand(1);
    app.set_version_flag("--version", "caseledger 0.1.0");
    app.get_formatter()->column_width(34);
    app.footer(R"(Begin with:
  caseledger init ledger --authority "Eastmere Council" --origin ledger.eastmere.example/early-help \
                         --governor "A. Governor" --key governor.key
  caseledgerd --data ledger
  caseledger cases --data ledger --key manager.key

Exit codes: 0 done, 1 failed or refused, 2 wrong usage, 3 verification failed, 4 not found, 5 conflict, 75 try again.)");

    tools::add_init(app, desk);
    tools::add_key(app, desk);
    tools::add_record(app, desk);
    tools::add_draft(app, desk);
    tools::add_cases(app, desk);
    tools::add_find(app, desk);
    tools::add_case(app, desk);
    tools::add_chronology(app, desk);
    tools::add_caseload(app, desk);
    tools::add_timeliness(app, desk);
    tools::add_due(app, desk);
    tools::add_retention(app, desk);
    tools::add_replay(app, desk);
    tools::add_receipt(app, desk);
    tools::add_bundle(app, desk);
    tools::add_timestamp(app, desk);
    tools::add_verify(app, desk);
    tools::add_tiles(app, desk);
    tools::add_demo(app, desk);
    tools::add_keys(app, desk);
    tools::add_witness(app, desk);
    tools::add_bench(app, desk);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help and version end with 0; whatever else the command line gets wrong is one exit code.
        return app.exit(error) == 0 ? 0 : static_cast<int>(tools::Exit::usage);
    }
    return static_cast<int>(desk.exit);
}
