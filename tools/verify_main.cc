// caseledger-verify: the verifier alone, one static program to hand to an auditor. It opens no connection and has
// nothing in it that records; it needs the machine's tzdata, since deadlines are London days.
#include <CLI/CLI.hpp>

#include "tools/command_verify.h"

int main(int argc, char** argv) {
    auto desk = tools::sit_down();
    desk.program = "caseledger-verify";
    CLI::App app("Check a signed event ledger, a bundle, a receipt, a proof or tiles, offline.", "caseledger-verify");
    app.set_version_flag("--version", "caseledger-verify 0.1.0");
    app.get_formatter()->column_width(34);
    tools::offer_verify(app, desk, "caseledger-verify");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(tools::Exit::usage);
    }
    return static_cast<int>(desk.exit);
}
