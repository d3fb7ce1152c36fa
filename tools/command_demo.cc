// caseledger demo: a year of an invented service, played through the service's own door, then served.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "server/tls.h"
#include "tools/demo_doors.h"
#include "tools/demo_folder.h"
#include "tools/demo_house.h"

namespace tools {
namespace {

namespace fs = std::filesystem;
using demo::Played;

struct DemoChoice {
    demo::StoryOptions story;
    std::string folder = "./caseledger-demo";
    uint16_t port = 8443;
    bool no_serve = false, again = false;
};

// As a shell takes it for one word.
std::string word(const std::string& text) {
    auto plain = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) ||
               std::string_view("./_-+:").find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
    std::string quoted = "'";
    for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

// Plays the whole story: the opening at the bench, since nobody can sign in to a ledger without a genesis, and all the
// rest over HTTPS with a session, as everybody else does.
Attempt<Played> play(const Desk& desk, const DemoChoice& choice, demo::House& house, demo::Signals& signals) {
    uint64_t events = 0;
    {
        demo::Story rehearsal(choice.story);
        auto count = [&](const demo::Saying&) { return ++events, schema::Result<void>(); };
        TRY(rehearsal.open(count));
        TRY(rehearsal.play(count));
    }
    demo::Story story(choice.story);
    TRY(demo::make_ledger(choice.folder, story.service()));
    Played played;
    played.options = choice.story;
    TRY(demo::write_played(choice.folder, played));
    TRY(house.open(choice.folder));

    auto began = std::chrono::steady_clock::now();
    demo::BenchDoor bench(*house.ledger, *house.sequencer);
    demo::Player player(bench, house.ledger->checkpoint_key());
    Progress progress(desk.talk, "playing", desk.quiet);
    auto take = [&](const demo::Saying& saying) -> schema::Result<void> {
        progress.at(player.played(), events);
        if (signals.came(0))
            return schema::fail(schema::Fault::io, "broken off; `caseledger demo --again` starts anew");
        return player.take(saying);
    };
    TRY(story.open(take));
    TRY(player.finish());
    TRY(house.serve(choice.folder, choice.no_serve ? 0 : choice.port));
    auto client = server::Client::connect(fmt::format("https://127.0.0.1:{}", house.server->port()),
                                          server::certificate_file(choice.folder));
    if (!client) return tl::unexpected(client.error());
    TRY(client->sign_in(story.service().governor->key));
    demo::ServiceDoor door(*std::move(client));
    player.use(door);
    auto done = story.play(take);
    if (done) done = player.finish();
    progress.done();
    TRY(done);

    played.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    played.complete = true;
    played.events = player.played();
    played.checked = player.verified();
    played.root = house.ledger->published()->head.root.hex();
    played.checkpoint_key = house.ledger->checkpoint_key().hex();
    demo::choose_case(played, story, player);
    TRY(demo::write_people(choice.folder, story.service()));
    TRY(demo::write_played(choice.folder, played));
    return played;
}

// Clears an earlier demonstration away, and nothing else: what is not one of ours is left alone.
Attempt<std::optional<Played>> look_for_earlier(const DemoChoice& choice) {
    auto found = demo::read_played(choice.folder);
    if (!found) return tl::unexpected(found.error());
    std::error_code error;
    if (!*found) {
        if (!fs::exists(choice.folder, error) || fs::is_empty(choice.folder, error)) return std::nullopt;
        return tl::unexpected(Failure(Exit::conflict, choice.folder + " holds something that is no demonstration; "
                                                                      "nothing was changed. Choose another --data"));
    }
    auto& earlier = **found;
    bool same = earlier.options.families == choice.story.families && earlier.options.months == choice.story.months &&
                earlier.options.seed == choice.story.seed;
    if (!choice.again && earlier.complete && same) return *found;
    if (!choice.again)
        return tl::unexpected(Failure(
            Exit::conflict, fmt::format("{} holds a demonstration {} (--families {} --months {} --seed {}); --again "
                                        "removes it and plays anew, or choose another --data",
                                        choice.folder, earlier.complete ? "with other options" : "that was broken off",
                                        earlier.options.families, earlier.options.months, earlier.options.seed)));
    for (auto* part : {"book", "index", "keys", "keys.mark", "mark", "secrets", "views", "people", "demo.json"})
        fs::remove_all(fs::path(choice.folder) / part, error);
    return std::nullopt;
}

void tell(const Desk& desk, const DemoChoice& choice, const Played& played, bool played_now, uint16_t port) {
    demo::Service service(choice.story.seed, choice.story.families);
    auto inspector = demo::key_file_of(choice.folder, *service.inspector);
    auto reach = fmt::format("--data {} --key {}", word(choice.folder), word(inspector));
    if (port != 8443) reach = fmt::format("--server https://127.0.0.1:{} ", port) + reach;
    std::string commands[] = {
        fmt::format("{} chronology {} --significant --words {}", word(desk.program), played.stream, reach),
        fmt::format("{} timeliness --rule T04 {}", word(desk.program), reach),
        fmt::format("{} verify --data {} --checkpoint-key {}", word(desk.program), word(choice.folder),
                    played.checkpoint_key),
        fmt::format("{} retention {}", word(desk.program), reach)};
    if (desk.json) {
        auto told = played.to_json();
        told["folder"] = choice.folder;
        told["playedNow"] = played_now;
        if (!choice.no_serve) told["address"] = fmt::format("https://127.0.0.1:{}", port);
        told["certificate"] = server::certificate_file(choice.folder);
        told["inspectorKey"] = inspector;
        told["try"] = boost::json::array(std::begin(commands), std::end(commands));
        return desk.put(told);
    }
    fmt::print("\n{}\n", desk.out.styled(Screen::yellow,
                                         "PLAYED CLOCK: a demonstration. The times were played, everybody in it is "
                                         "invented, and the keys are no secret."));
    if (played_now)
        fmt::print("\nPlayed {} months of early help in Eastmere in {:.0f} s.\n", choice.story.months, played.seconds);
    else fmt::print("\n{} holds this demonstration already: not played anew (--again does).\n", choice.folder);
    fmt::print("  {} events about {} families with {} children; {} receipts checked on the way\n  root {}\n",
               played.events, played.families, played.children, played.checked, played.root);
    fmt::print("\nWhere to look\n");
    if (!choice.no_serve)
        fmt::print("  address      {}\n", desk.out.styled(Screen::bold, fmt::format("https://127.0.0.1:{}", port)));
    fmt::print("  certificate  {} (self-signed)\n", server::certificate_file(choice.folder));
    fmt::print("  who to be    {}, the inspector: {}\n", service.inspector->name, inspector);
    fmt::print("               everybody else: {}/people/people.json\n", choice.folder);
    fmt::print("\nWorth trying{}\n",
               choice.no_serve ? " (all but the last need a service: run `caseledger demo` without --no-serve)"
                               : ", in another terminal");
    fmt::print("  # {}\n  {}\n", played.about, commands[0]);
    fmt::print(
        "  # 72 hours or 3 working days, from the inbox or from the episode: four readings of one sentence\n  {}\n",
        commands[1]);
    fmt::print("  # how long everybody's record is kept, who is on hold, who asked to be erased\n  {}\n", commands[3]);
    fmt::print("  # every signature and every decision once more, from bytes and public keys\n  {}\n\n", commands[2]);
    std::fflush(desk.out.stream);
}

Attempt<> demonstrate(const Desk& desk, const DemoChoice& choice) {
    demo::Signals signals;
    auto earlier = look_for_earlier(choice);
    if (!earlier) return tl::unexpected(earlier.error());
    demo::House house;
    auto played = earlier->value_or(Played{});
    if (!*earlier) {
        desk.say(fmt::format("Playing {} months of {} families into {} (seed {}).", choice.story.months,
                             choice.story.families, choice.folder, choice.story.seed));
        auto done = play(desk, choice, house, signals);
        if (!done) return tl::unexpected(done.error());
        played = *done;
    } else if (!choice.no_serve) {
        TRY(house.open(choice.folder));
        TRY(house.serve(choice.folder, choice.port));
    }
    if (house.views && house.ledger)
        (void)house.views->wait(house.ledger->published()->head.size - 1, std::chrono::seconds{120});
    tell(desk, choice, played, !*earlier, choice.no_serve ? choice.port : house.server->port());
    if (choice.no_serve) return {};

    desk.say("Serving. Ctrl-C stops.");
    while (!signals.came(1))
        if (house.ledger->sealed())
            return tl::unexpected(
                Failure(schema::Error{schema::Fault::sealed, {}, "the ledger was sealed after a fault; start again"}));
    TRY(house.server->stop());
    return {};
}

}  // namespace

void add_demo(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<DemoChoice>();
    auto* command = app.add_subcommand("demo", "Play a year of an invented service into a ledger, and serve it");
    command->add_option("--families", choice->story.families, "How many families are met")
        ->type_name("N")
        ->check(CLI::Range(1, 2000))
        ->capture_default_str();
    command->add_option("--months", choice->story.months, "How long it goes on, from 22 May 2018")
        ->type_name("N")
        ->check(CLI::Range(1, 36))
        ->capture_default_str();
    command->add_option("--seed", choice->story.seed, "The same seed gives the same ledger, byte for byte")
        ->type_name("N")
        ->capture_default_str();
    command->add_option("--data", choice->folder, "Where it is made")->type_name("FOLDER")->capture_default_str();
    command->add_option("--port", choice->port, "Where it is served; 0: any that is free")
        ->type_name("N")
        ->capture_default_str();
    command->add_flag("--no-serve", choice->no_serve, "End when it has been played");
    command->add_flag("--again", choice->again, "Remove an earlier demonstration in FOLDER and play anew");
    command->footer(
        R"(Real keys and real signatures, through the service's own door; every event is judged as anybody's would be.
Its clock is played: the ledger's first entry says so, and so do every view and `verify`, for ever. Everybody in it
is invented. A folder that holds the demonstration already is served again without playing.

Examples:
  caseledger demo
  caseledger demo --families 60 --months 6 --seed 7 --data /tmp/small --port 9443)");
    works(*command, desk, [&desk, choice] { return demonstrate(desk, *choice); });
}

}  // namespace tools
