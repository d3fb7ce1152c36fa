// caseledger record and draft: say what happened, see what will be signed, sign it, send it, keep the receipt.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "schema/json.h"
#include "tools/event_help.h"
#include "tools/founding.h"
#include "tools/recording.h"
#include "tools/verify.h"

namespace tools {
namespace {

struct RecordOptions {
    RecordChoice choice;
    std::string help_event, practice = "BEX-2018";
    bool list = false;
};

// The schema's and a shipped practice's own word about events; needs no service.
Attempt<> teach(const Desk& desk, const RecordOptions& options) {
    auto practice = shipped_practice(options.practice);
    if (!practice) return usage("--practice must be one of " + shipped_practices());
    if (options.list) {
        if (desk.json) desk.put(list_of_events_json(*practice));
        else fmt::print("{}", list_of_events(*practice, desk.out));
        return {};
    }
    auto* type = find_event_type(options.help_event);
    if (!type)
        return tl::unexpected(Failure(Exit::not_found, "there is no event \"" + options.help_event +
                                                           "\"; `caseledger record --list` lists them"));
    auto name = schema::name_of(type->which);
    if (desk.json) desk.put(help_for_event_json(name, *practice));
    else fmt::print("{}", help_for_event(name, *practice, desk.out));
    return {};
}

boost::json::object draft_json(const Ready& ready) {
    boost::json::array words;
    for (auto& word : ready.draft.words)
        words.push_back(
            {{"heading", word.heading}, {"subjects", schema::hex_array(word.subjects)}, {"content", word.content}});
    return {{"stream", ready.stream},
            {"newCase", ready.new_case},
            {"id", ready.draft.id.hex()},
            {"reads", ready.reads},
            {"words", std::move(words)},
            {"event", schema::to_base64(schema::as_bytes(ready.draft.event))},
            {"signatures", schema::hex_array(ready.signatures)}};
}

void tell(const Desk& desk, const Ready& ready, const Filed& filed) {
    if (desk.json) {
        desk.put(filed.answer);
        return;
    }
    fmt::print("{} as entry {}, number {} of {}.\n", filed.replayed ? "Recorded before" : "Recorded", filed.position,
               filed.revision, ready.new_case ? "the new case " + ready.stream : "its record");
    fmt::print("event   {}\ncase    {}\nrecorded {}\n", ready.draft.id.hex(), ready.stream,
               std::string(filed.answer.at("recorded").as_string()));
    fmt::print("{}\n", desk.out.styled(Screen::green, "Its receipt was checked and holds."));
}

// Where to look up what a refusal says is not known.
Failure with_advice(Failure failure, const Ready& ready) {
    auto type = std::string(ready.reads.at("fact").as_object().begin()->key());
    if (failure.name == "unknown_code") failure.advice = "The codes: caseledger record --help-event " + type;
    return failure;
}

Attempt<> record(const Desk& desk, const RecordOptions& options, bool send) {
    if (options.list || !options.help_event.empty()) return teach(desk, options);
    auto choice = options.choice;
    if (choice.type.empty() && choice.file.empty()) {
        if (desk.may_ask || ::isatty(STDIN_FILENO))
            return usage("say which event: `caseledger record --list` lists them");
        choice.file = "-";
    }
    std::optional<schema::PublicKey> pinned;
    if (!choice.checkpoint_key.empty()) {
        auto key = read_public_key(choice.checkpoint_key, "--checkpoint-key");
        if (!key) return tl::unexpected(key.error());
        pinned = *key;
    }
    auto in = sign_in(desk, pinned);
    if (!in) return tl::unexpected(in.error());
    auto statement = gather(desk, in->calls, choice);
    if (!statement) return tl::unexpected(statement.error());
    auto ready = prepare(in->calls, in->trust, *std::move(statement));
    if (!ready) return tl::unexpected(ready.error());
    if (!send) {
        if (desk.json) desk.put(draft_json(*ready));
        else fmt::print("{}\nNothing was sent.\n", shown(*ready, desk.out));
        return {};
    }
    desk.say(shown(*ready, desk.talk));
    if (desk.may_ask && !choice.yes) {
        auto answer = ask("Sign and send this? [y/N]");
        if (!answer || (*answer != "y" && *answer != "yes"))
            return tl::unexpected(Failure(Exit::failed, "nothing was sent"));
    }
    auto filed = file(in->calls, in->trust, *ready);
    if (!filed) return tl::unexpected(with_advice(filed.error(), *ready));
    tell(desk, *ready, *filed);
    for (auto& warning : filed->warnings) desk.say(desk.talk.styled(Screen::yellow, "Note: ") + warning);
    if (!choice.receipt.empty()) {
        TRY(ledger::write_secret(choice.receipt, boost::json::serialize(filed->answer) + "\n"));
        desk.say("The receipt is in " + choice.receipt + ".");
    }
    return {};
}

void add(CLI::App& app, Desk& desk, bool send) {
    auto options = std::make_shared<RecordOptions>();
    auto& choice = options->choice;
    auto* command = app.add_subcommand(
        send ? "record" : "draft", send ? "Sign and record what happened" : "Show what would be signed; send nothing");
    command->add_option("EVENT", choice.type, "The event's name, such as visitHeld, or its title");
    command->add_option("-f,--file", choice.file, "JSON with fact, words, stream, ...; - for stdin")->type_name("FILE");
    command->add_option("--case", choice.case_id, "The family's case; left out where the event begins one")
        ->type_name("ID");
    command->add_option("--set", choice.settings, "A field of the event; again for each")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    command->add_option("--word", choice.words, "What is written, under a heading")
        ->type_name("HEADING=TEXT")
        ->allow_extra_args(false);
    command->add_option("--about", choice.about, "Whom the words are about [whom the event names, else the children]")
        ->type_name("ID")
        ->delimiter(',');
    command->add_option("--occurred", choice.occurred, "When it happened: a time, or a day [now]")->type_name("TIME");
    command->add_option("--until", choice.until, "When it ended")->type_name("TIME");
    command->add_option("--precision", choice.precision, "exact, day, approximate or range")->type_name("WORD");
    command->add_option("--role", choice.role, "The role you act in, where you hold several")->type_name("ROLE");
    command->add_option("--team", choice.team, "The team you hold it in")->type_name("TEAM");
    command->add_option("--joint", choice.joint, "A second signer: their key file and role")
        ->type_name("FILE=ROLE[@TEAM]")
        ->allow_extra_args(false);
    command->add_option("--basis", choice.basis, "Positions of entries it relies on")->type_name("N")->delimiter(',');
    command->add_option("--source-role", choice.source_role, "Who says so: mother, school, ...")->type_name("CODE");
    command->add_option("--source-organisation", choice.source_organisation, "")->type_name("CODE");
    command->add_option("--reliability", choice.reliability, "fact, opinion or hearsay")->type_name("WORD");
    command->add_option("--played-at", choice.played_at, "Played ledgers: the time of recording [the last entry's]")
        ->type_name("TIME");
    command->add_option("--checkpoint-key", choice.checkpoint_key, "The key that signs checkpoints, had from elsewhere")
        ->type_name("KEY");
    if (send) {
        command->add_option("--receipt", choice.receipt, "Keep the receipt in this file")->type_name("FILE");
        command->add_flag("-y,--yes", choice.yes, "Do not ask before signing");
    }
    command->add_flag("--list", options->list, "List the events that can be recorded")->group("Learning");
    command->add_option("--help-event", options->help_event, "Explain one event: its fields, codes and words")
        ->type_name("EVENT")
        ->group("Learning");
    command
        ->add_option("--practice", options->practice,
                     "Whose codes and roles --list and --help-event tell: " + shipped_practices())
        ->type_name("ID")
        ->group("Learning");
    reaches_server(*command, desk);
    command->footer(fmt::format(
        R"(The record's head and a checked checkpoint go into what you sign. At a terminal, missing fields are asked for
and you see the event before it is signed. A field that refers to an earlier event takes its id, or "latest".

Examples:
  caseledger {0} --list
  caseledger {0} --help-event allocated
  caseledger {0} contactReceived --set channel=telephone --set referrer=school --set consent=verbal \
      --set children=new --word request="Help with routines at home."
  caseledger {0} allocated --case 8d0c... --set worker=41d2... --set scaling=5 --word needs="..." --about 77a1...
  caseledger {0} --file visit.json --json)",
        send ? "record" : "draft"));
    works(*command, desk, [&desk, options, send] { return record(desk, *options, send); });
}

}  // namespace

void add_record(CLI::App& app, Desk& desk) { add(app, desk, true); }
void add_draft(CLI::App& app, Desk& desk) { add(app, desk, false); }

}  // namespace tools
