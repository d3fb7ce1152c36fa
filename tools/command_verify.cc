// caseledger verify: a whole book, or one receipt, from bytes and public keys alone.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "ledger/receipt.h"
#include "schema/json.h"
#include "tools/verify.h"

namespace tools {
namespace {

struct VerifyChoice {
    std::string folder, receipt, checkpoint, checkpoint_key, actor_key;
    unsigned threads = 0;
};

Attempt<> verify_receipt_file(const Desk& desk, const VerifyChoice& choice) {
    if (choice.checkpoint_key.empty())
        return usage("--checkpoint-key is needed: a receipt proves nothing without the key that signs checkpoints");
    auto key = read_public_key(choice.checkpoint_key, "--checkpoint-key");
    if (!key) return tl::unexpected(key.error());
    std::optional<schema::PublicKey> actor;
    if (!choice.actor_key.empty()) {
        auto given = read_public_key(choice.actor_key, "--actor-key");
        if (!given) return tl::unexpected(given.error());
        actor = *given;
    }
    auto text = ledger::read_file(choice.receipt, 1 << 20);
    if (!text) return tl::unexpected(text.error());
    auto json = schema::parse_json(*text);
    auto receipt = json ? ledger::receipt_from_json(*json) : tl::unexpected(json.error());
    if (!receipt) return tl::unexpected(receipt.error());

    auto entry = ledger::verify_receipt(*receipt, *key, actor);
    if (!entry) {
        Failure failure(entry.error());
        failure.exit = Exit::verification;
        failure.name = "receipt_fails";
        failure.message = "the receipt does not hold: " + failure.message;
        return tl::unexpected(failure);
    }
    if (desk.json) {
        auto told = ledger::to_json(*receipt);
        for (auto* unwanted : {"entry", "proof", "checkpoint", "replayed"}) told.erase(unwanted);
        told["holds"] = true;
        told["actorChecked"] = actor.has_value();
        told["event"] = schema::to_json(entry->read());
        desk.put(told);
        return {};
    }
    fmt::print("{}\n", desk.out.styled(Screen::green, "The receipt holds."));
    fmt::print("{} is entry {} of {}, recorded {}.\n", schema::title_of(entry->type()), entry->position(),
               schema::text_of(entry->read().getLedger()), schema::readable(entry->recorded()));
    fmt::print("Checked: the checkpoint's signature, the entry's place in its tree{}.\n",
               actor ? ", the actor's signature over the event" : "");
    if (!actor) fmt::print("Not checked: the actor's signature (give --actor-key).\n");
    return {};
}

Attempt<> verify_ledger(const Desk& desk, const VerifyChoice& choice) {
    VerifyOptions options;
    options.threads = choice.threads;
    if (!choice.checkpoint_key.empty()) {
        auto key = read_public_key(choice.checkpoint_key, "--checkpoint-key");
        if (!key) return tl::unexpected(key.error());
        options.trusted_key = *key;
    }
    if (!choice.checkpoint.empty()) {
        if (!options.trusted_key) return usage("--checkpoint needs --checkpoint-key, the key it is signed with");
        auto note = ledger::read_file(choice.checkpoint, 1 << 16);
        if (!note) return tl::unexpected(note.error());
        options.checkpoint = *note;
    }
    Progress progress(desk.talk, "verifying", desk.quiet);
    options.progress = [&](uint64_t done, uint64_t of) { progress.at(done, of); };
    auto done = verify_folder(choice.folder, options);
    progress.done();
    if (!done) return tl::unexpected(done.error());
    if (desk.json) desk.put(done->to_json());
    else fmt::print("{}", done->text(desk.out));
    if (done->holds()) return {};
    auto& first = done->audit.findings.front();
    Failure failure(Exit::verification, fmt::format("verification failed at entry {}", first.position));
    failure.name = "verification_failed";
    failure.field = first.field;
    failure.detail = first.what;
    return tl::unexpected(failure);
}

}  // namespace

void add_verify(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<VerifyChoice>();
    auto* command = app.add_subcommand("verify", "Check a whole ledger, or one receipt, offline");
    auto* folder = command->add_option("--data", choice->folder, "Folder of the ledger")
                       ->envname("CASELEDGER_DATA")
                       ->type_name("FOLDER");
    auto* receipt = command->add_option("--receipt", choice->receipt, "A receipt that was kept")->type_name("FILE");
    command
        ->add_option("--checkpoint-key", choice->checkpoint_key,
                     "The public key that signs checkpoints, had from elsewhere than the folder")
        ->type_name("KEY");
    command
        ->add_option("--checkpoint", choice->checkpoint, "A checkpoint that was kept: it must be a state of this book")
        ->type_name("FILE")
        ->needs(folder);
    command->add_option("--actor-key", choice->actor_key, "The public key of who signed the event of the receipt")
        ->type_name("KEY")
        ->needs(receipt);
    command->add_option("--threads", choice->threads, "Threads for checking signatures [all cores]")->type_name("N");
    command->footer(R"(Reads only, and works while a service writes to the folder. Every signature is checked, and every
event is decided again by the practice in force at its place. Ends with 3 when something does not hold.

Examples:
  caseledger verify --data ledger
  caseledger verify --data ledger --checkpoint-key c0ff... --checkpoint kept.note --json
  caseledger verify --receipt receipt.json --checkpoint-key c0ff... --actor-key 9a70...)");
    works(*command, desk, [&desk, choice]() -> Attempt<> {
        if (!choice->receipt.empty()) return verify_receipt_file(desk, *choice);
        if (!choice->folder.empty()) return verify_ledger(desk, *choice);
        return usage("give --data FOLDER or --receipt FILE");
    });
}

}  // namespace tools
