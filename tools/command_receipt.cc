// caseledger receipt: fetches the receipt of an event, checks it, and keeps it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "ledger/proof_file.h"
#include "tools/filing.h"
#include "tools/reading.h"

namespace tools {
namespace {

struct ReceiptChoice {
    std::string event, file;
    bool tlog_proof = false;
};

// The same proof as a text file that others' tools read; to the file, or to stdout.
Attempt<> put_proof(const Desk& desk, const ReceiptChoice& choice, const Filed& filed) {
    auto proof = ledger::proof_file_of(filed.receipt);
    if (!proof) return tl::unexpected(proof.error());
    if (choice.file.empty()) {
        fmt::print(desk.out.stream, "{}", proof->text());
        return {};
    }
    TRY(ledger::write_secret(choice.file, proof->text()));
    desk.say("The proof is in " + choice.file + "; the entry itself is not.");
    return {};
}

Attempt<> receipt(const Desk& desk, const ReceiptChoice& choice) {
    auto in = sign_in(desk);
    if (!in) return tl::unexpected(in.error());
    auto filed = fetch_receipt(in->calls, in->trust, choice.event);
    if (!filed) return tl::unexpected(filed.error());
    if (choice.tlog_proof) return put_proof(desk, choice, *filed);
    if (!choice.file.empty()) {
        TRY(ledger::write_secret(choice.file, boost::json::serialize(filed->answer) + "\n"));
        desk.say("The receipt is in " + choice.file + ".");
    }
    if (desk.json) {
        desk.put(filed->answer);
        return {};
    }
    fmt::print("Entry {} of {}: {}, recorded {}.\n", filed->position, in->facts.origin, told(filed->answer, "type"),
               when(told(filed->answer, "recorded")));
    fmt::print("leaf {}\n\n{}\n{}\n", told(filed->answer, "leaf"), filed->receipt.checkpoint,
               desk.out.styled(Screen::green, "The receipt was checked and holds."));
    return {};
}

}  // namespace

void add_receipt(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<ReceiptChoice>();
    auto* command = app.add_subcommand("receipt", "Fetch, check and keep the receipt of an event");
    command->add_option("EVENT", choice->event, "The event's id")->required();
    command->add_option("--receipt", choice->file, "Keep it in this file")->type_name("FILE");
    command->add_flag("--tlog-proof", choice->tlog_proof,
                      "As a C2SP tlog-proof, without the entry: index, hashes and checkpoint");
    reaches_server(*command, desk);
    command->footer(R"(A receipt is checked with public keys alone, by anyone: `caseledger verify --receipt FILE`.

Examples:
  caseledger receipt 0b9e... --receipt decision.json --data ledger --key manager.key
  caseledger receipt 0b9e... --tlog-proof --receipt decision.tlog-proof --data ledger --key manager.key)");
    works(*command, desk, [&desk, choice] { return receipt(desk, *choice); });
}

}  // namespace tools
