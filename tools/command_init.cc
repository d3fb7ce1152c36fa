// caseledger init: makes a ledger.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "ledger/checkpoint.h"
#include "server/wall_clock.h"
#include "tools/founding.h"

namespace tools {
namespace {

struct InitChoice {
    Founding founding;
    std::string key_file, opened;
};

// A played ledger is opened on its practice's first day, so that its whole life can be played.
schema::Result<schema::Time> time_of_opening(const InitChoice& choice) {
    if (!choice.founding.played_clock) {
        if (!choice.opened.empty()) return schema::malformed("--opened", "is only for a ledger with --played-clock");
        return server::wall_time();
    }
    if (choice.opened.empty()) {
        auto practice = shipped_practice(choice.founding.practice);
        if (!practice) return schema::Time{};  // found() says what is wrong
        return schema::london_time(schema::day_of(practice->getFrom()), {});
    }
    auto given = schema::parse_time(choice.opened);
    if (!given) return schema::malformed("--opened", "must be a time such as 2018-05-22T00:00:00+01:00");
    return *given;
}

Attempt<> init(const Desk& desk, InitChoice& choice) {
    auto opened = time_of_opening(choice);
    if (!opened) return tl::unexpected(opened.error());
    choice.founding.opened = *opened;

    // The governor's key may exist; one that we make goes away again when the ledger cannot be made.
    std::error_code error;
    bool made = !std::filesystem::exists(choice.key_file, error);
    auto key = made ? ledger::SigningKey::generate()
                    : schema::Result<ledger::SigningKey>(ledger::SigningKey::load(choice.key_file));
    if (!key) return tl::unexpected(key.error());
    if (made) TRY(key->save(choice.key_file));
    auto founded = found(choice.founding, *key);
    if (!founded) {
        if (made) std::filesystem::remove(choice.key_file, error);
        return tl::unexpected(founded.error());
    }

    auto verifier = ledger::verifier_key(choice.founding.origin, founded->checkpoint_key);
    if (desk.json) {
        desk.put({{"folder", choice.founding.folder},
                  {"origin", choice.founding.origin},
                  {"authority", choice.founding.authority},
                  {"practice", choice.founding.practice},
                  {"playedClock", choice.founding.played_clock},
                  {"entries", founded->entries},
                  {"checkpointKey", founded->checkpoint_key.hex()},
                  {"verifierKey", verifier},
                  {"governor", founded->governor.hex()},
                  {"key", key->id().hex()},
                  {"keyFile", choice.key_file}});
        return {};
    }
    fmt::print("Made the ledger of {} in {}.\n\n", choice.founding.authority, choice.founding.folder);
    fmt::print("  origin          {}\n", choice.founding.origin);
    fmt::print("  practice        {}\n", choice.founding.practice);
    fmt::print("  clock           {}\n",
               choice.founding.played_clock ? "PLAYED: a demonstration or a test, for ever" : "this machine's");
    fmt::print("  governor        {} ({})\n", choice.founding.governor, founded->governor.hex());
    fmt::print("  governor's key  {}{}\n", choice.key_file,
               made ? " (new; keep it safe, it signs for the governor)" : "");
    fmt::print("  checkpoint key  {}\n                  {}\n", founded->checkpoint_key.hex(), verifier);
    desk.say(fmt::format(R"(
Give the checkpoint key to whoever will verify this ledger, by a way of its own. Back up {0}/secrets.
Next:
  caseledgerd --data {0}
  caseledger key new manager.key
  caseledger key enrol manager.key --name "T. Manager" --role duty-manager --data {0} --key {1})",
                         choice.founding.folder, choice.key_file));
    return {};
}

}  // namespace

void add_init(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<InitChoice>();
    auto& founding = choice->founding;
    auto* command = app.add_subcommand("init", "Make a ledger: secrets, certificate, genesis, calendar and practice");
    command->add_option("FOLDER", founding.folder, "Where it will live; empty or not there yet")->required();
    command->add_option("--authority", founding.authority, "The council, as it is printed")
        ->required()
        ->type_name("NAME");
    command->add_option("--origin", founding.origin, "The ledger's name for ever, unique in the world")
        ->required()
        ->type_name("ORIGIN");
    command->add_option("--governor", founding.governor, "Name of the first person, who may enrol others")
        ->required()
        ->type_name("NAME");
    command->add_option("--key", choice->key_file, "The governor's key file; made where there is none")
        ->required()
        ->type_name("FILE");
    command->add_option("--practice", founding.practice, "The practice adopted: " + shipped_practices())
        ->type_name("ID")
        ->capture_default_str();
    command->add_flag("--played-clock", founding.played_clock,
                      "A demonstration or test: the time of recording is played, and every report says so for ever");
    command
        ->add_option("--opened", choice->opened, "With --played-clock: when it was opened [the practice's first day]")
        ->type_name("TIME");
    command->footer(R"(All or nothing: when it fails, nothing has been made. Ends with 5 when the folder holds anything.

Examples:
  caseledger init ledger --authority "Eastmere Council" --origin ledger.eastmere.example/early-help \
                         --governor "A. Governor" --key governor.key
  caseledger init play --authority "Eastmere Council" --origin play.eastmere.example/1 --practice WAR-2018 \
                       --governor "A. Governor" --key governor.key --played-clock)");
    works(*command, desk, [&desk, choice] { return init(desk, *choice); });
}

}  // namespace tools
