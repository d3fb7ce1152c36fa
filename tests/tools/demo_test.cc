// The demonstration: everything its people do is allowed, the same seed gives the same bytes, and every kind of story
// is met. Played into the real bench and the real book, without the network; through HTTPS once.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "server/server.h"
#include "server/tls.h"
#include "tools/demo_doors.h"
#include "tools/demo_folder.h"
#include "tools/verify.h"

namespace tools::demo {
namespace {

// A ledger in a folder of its own with a story played into it.
struct Stage {
    explicit Stage(StoryOptions options)
        : story(options),
          folder(::testing::TempDir() + "demo-" + schema::to_hex(schema::as_bytes(ledger::random_bytes(8)))) {
        EXPECT_TRUE(ledger::Ledger::create(folder, origin));
        std::filesystem::remove(folder + "/secrets/checkpoint.key");
        EXPECT_TRUE(story.service().checkpoint_key.save(folder + "/secrets/checkpoint.key"));
        ledger = *ledger::Ledger::open(folder);
        sequencer = *commands::Sequencer::start(*ledger, [] { return schema::Time{}; });
    }
    ~Stage() {
        door.reset();
        service.reset();
        views.reset();
        sequencer.reset();
        ledger.reset();
        std::filesystem::remove_all(folder);
    }
    std::string root() const { return ledger->published()->head.root.hex(); }

    // Through the bench, or from the first sign-in on through a service.
    void play(bool over_https = false) {
        BenchDoor bench(*ledger, *sequencer);
        Player player(bench, ledger->checkpoint_key());
        auto take = [&](const Saying& saying) {
            ++types[std::string(saying.fact.begin()->key())];
            sayings.push_back(saying);
            return player.take(saying);
        };
        auto told = story.open(take);
        if (told) told = player.finish();
        ASSERT_TRUE(told) << told.error().text();
        if (over_https) {
            ASSERT_TRUE(server::make_certificate(folder));
            views = *projections::Projections::open(*ledger, folder, [] { return schema::Time{}; });
            server::Options options;
            options.port = 0;
            options.log = false;
            options.certificate = server::certificate_file(folder);
            options.key = server::key_file(folder);
            service = std::make_unique<server::Server>(*ledger, *sequencer, *views, options);
            ASSERT_TRUE(service->start());
            auto client =
                server::Client::connect("https://127.0.0.1:" + std::to_string(service->port()), options.certificate);
            ASSERT_TRUE(client);
            ASSERT_TRUE(client->sign_in(story.service().governor->key));
            door = std::make_unique<ServiceDoor>(*std::move(client));
            player.use(*door);
        }
        told = story.play(take);
        if (told) told = player.finish();
        ASSERT_TRUE(told) << told.error().text();
        EXPECT_EQ(player.played(), sayings.size());
        EXPECT_GT(player.verified(), 0u);
    }

    Story story;
    std::string folder;
    std::unique_ptr<ledger::Ledger> ledger;
    std::unique_ptr<commands::Sequencer> sequencer;
    std::unique_ptr<projections::Projections> views;
    std::unique_ptr<server::Server> service;
    std::unique_ptr<ServiceDoor> door;
    std::map<std::string, int> types;
    std::vector<Saying> sayings;
};

constexpr StoryOptions small{12, 3, 1}, middling{60, 14, 1};

std::string kind_in(const Saying& saying, const char* field) {
    auto& fact = saying.fact.begin()->value().get_object();
    auto* found = fact.if_contains(field);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

TEST(Demo, SaysNothingThatARuleRefuses) {
    Stage stage(small);
    stage.play();

    EXPECT_EQ(stage.ledger->published()->head.size, stage.sayings.size());
    EXPECT_GE(stage.types["contactReceived"] + stage.types["transferProposed"], 12);  // some come again
}

TEST(Demo, GivesTheSameBytesForTheSameSeed) {
    Stage one(small), again(small), other({12, 3, 2});
    one.play();
    again.play();
    other.play();

    EXPECT_EQ(one.root(), again.root());
    EXPECT_NE(one.root(), other.root());
}

TEST(Demo, IsTheSameThroughTheServicesDoor) {
    Stage bench(small), door(small);
    bench.play();
    door.play(true);

    EXPECT_EQ(bench.root(), door.root());
}

TEST(Demo, TellsEveryKindOfStory) {
    Stage stage(middling);
    stage.play();
    auto count = [&](const char* type, const char* field, std::string_view value) {
        return std::count_if(stage.sayings.begin(), stage.sayings.end(), [&](const Saying& saying) {
            return saying.fact.begin()->key() == type && kind_in(saying, field) == value;
        });
    };

    EXPECT_GT(count("mashDecided", "option", "signpost"), 0);
    EXPECT_GT(count("mashDecided", "option", "redirect"), 0);
    EXPECT_GT(count("secondCheckRecorded", "option", "redirect"), 0);  // overturned
    EXPECT_GT(stage.types["consentRefused"], 0);
    EXPECT_GT(stage.types["consentWithdrawn"], 0);
    EXPECT_GT(stage.types["withdrawalConsidered"], 0);
    EXPECT_GT(stage.types["capacityOverrideApproved"], 0);
    EXPECT_GT(stage.types["reallocated"], 0);
    EXPECT_GT(stage.types["assessmentReturned"], 0);
    EXPECT_GT(count("escalationDecided", "outcome", "noReferral"), 0);
    EXPECT_GT(count("escalationDecided", "outcome", "significantHarm"), 0);
    EXPECT_GT(count("panelDecided", "decision", "notTransfer"), 0);
    EXPECT_GT(count("transferProposed", "direction", "stepUp"), 0);
    EXPECT_GT(count("transferProposed", "direction", "stepDown"), 0);
    EXPECT_GT(stage.types["releasingRecordClosed"], 0);
    EXPECT_GT(stage.types["caseClosed"], 0);
    EXPECT_GT(count("correctionRecorded", "kind", "words"), 0);
    EXPECT_GT(count("correctionRecorded", "kind", "occurred"), 0);
    EXPECT_GT(count("correctionRecorded", "kind", "enteredInError"), 0);
    EXPECT_GT(stage.types["keyRevoked"], 1);
    EXPECT_EQ(stage.types["keyRotated"], 1);
    EXPECT_EQ(stage.types["retentionScheduleIssued"], 1);
    EXPECT_GT(stage.types["retentionClassSet"], 20);
    EXPECT_GE(stage.types["legalHoldPlaced"], 2);
    EXPECT_EQ(stage.types["legalHoldReleased"], 1);
    EXPECT_EQ(stage.types["erasureRequested"], 2);
    EXPECT_EQ(stage.types["erasureRefused"], 2);
    EXPECT_EQ(count("subjectErased", "ground", "ordered"), 1);
    EXPECT_GT(count("recordDisclosed", "purpose", "inspection"), 0);
    EXPECT_EQ(count("recordDisclosed", "purpose", "subjectAccess"), 1);
    EXPECT_EQ(stage.types["practiceExtended"], 1);
    EXPECT_TRUE(std::any_of(stage.sayings.begin(), stage.sayings.end(), [](const Saying& saying) {
        return saying.fact.contains("contactReceived") && !kind_in(saying, "priorEpisode").empty();
    })) << "nobody was referred again";
}

TEST(Demo, DestroysTheWordsAboutWhomItErases) {
    Stage stage(middling);
    stage.play();
    auto erased = std::find_if(stage.sayings.begin(), stage.sayings.end(),
                               [](const Saying& saying) { return saying.fact.contains("subjectErased"); });
    ASSERT_NE(erased, stage.sayings.end());
    auto subject = kind_in(*erased, "subject");
    int of_them_alone = 0, of_others = 0;
    auto entries = stage.ledger->stream(erased->stream, 1, 1000);
    ASSERT_TRUE(entries);
    for (auto& entry : *entries) {
        auto words = stage.ledger->words(entry);
        ASSERT_TRUE(words);
        for (auto& word : *words) {
            bool alone = word.subjects.size() == 1 && word.subjects[0].hex() == subject;
            if (entry.recorded() < erased->recorded) {
                EXPECT_EQ(word.readable, !alone) << word.heading;
            }
            ++(alone ? of_them_alone : of_others);
        }
    }

    EXPECT_GT(of_them_alone, 0);
    EXPECT_GT(of_others, 0);
}

TEST(Demo, RunsLateSometimesAndIsInTimeMostly) {
    Stage stage(middling);
    stage.play();
    int visits = 0, late = 0;
    std::map<std::string, schema::Time> held;
    for (auto& saying : stage.sayings) {
        if (saying.fact.contains("visitHeld")) held[saying.id.hex()] = saying.occurred;
        auto visit = held.find(kind_in(saying, "visit"));
        if (!saying.fact.contains("visitRecorded") || visit == held.end()) continue;
        ++visits;
        late += saying.recorded - visit->second > std::chrono::hours{72};
    }

    EXPECT_GT(visits, 100);
    EXPECT_GT(late, visits / 20);
    EXPECT_LT(late, visits / 2);
}

TEST(Demo, LetsThePracticeRunOutBeforeItIsExtended) {
    Stage stage({8, 13, 3});
    stage.play();
    auto practices = stage.sequencer->known()->practice;
    auto gap = schema::Day{std::chrono::year{2019} / 5 / 30};

    EXPECT_TRUE(practices.in_evidence(gap));  // as known now
    auto then = practices.as_at(schema::london_time(gap, std::chrono::hours{12}));
    EXPECT_FALSE(then.in_evidence(gap));
    EXPECT_TRUE(then.binding(gap));
}

TEST(Demo, HoldsWhenEverythingIsDecidedAgain) {
    Stage stage(middling);
    stage.play();
    stage.sequencer.reset();
    stage.ledger.reset();
    auto verified = verify_folder(stage.folder, {});
    ASSERT_TRUE(verified) << verified.error().text();

    EXPECT_TRUE(verified->audit.played_clock);
    EXPECT_EQ(verified->audit.entries, stage.sayings.size());
    EXPECT_EQ(verified->decided, stage.sayings.size());
    EXPECT_TRUE(verified->holds()) << verified->audit.findings.front().position << " "
                                   << verified->audit.findings.front().what;
}

TEST(Demo, RemembersWhatWasPlayed) {
    auto folder = ::testing::TempDir() + "demo-folder";
    std::filesystem::create_directories(folder);
    std::filesystem::remove(folder + "/demo.json");
    EXPECT_FALSE(*read_played(folder));

    Played played;
    played.options = {60, 14, 7};
    played.complete = true;
    played.events = 4000;
    played.seconds = 12.5;
    played.root = "ab";
    ASSERT_TRUE(write_played(folder, played));
    auto read = read_played(folder);
    ASSERT_TRUE(read && *read);

    EXPECT_EQ((*read)->to_json(), played.to_json());
    std::filesystem::remove_all(folder);
}

TEST(Demo, GivesEverybodyAKeyOfTheirOwn) {
    auto folder = ::testing::TempDir() + "demo-people";
    Service service(1, 400);
    ASSERT_TRUE(write_people(folder, service));
    std::set<std::string> keys, files;
    for (auto& person : service.people) {
        auto key = ledger::SigningKey::load(key_file_of(folder, person));
        ASSERT_TRUE(key) << person.name;
        EXPECT_EQ(key->id(), person.key.id());
        keys.insert(key->id().hex());
        files.insert(key_file_of(folder, person));
    }

    EXPECT_EQ(keys.size(), service.people.size());
    EXPECT_EQ(files.size(), service.people.size());
    std::filesystem::remove_all(folder);
}

TEST(Chance, IsTheSameOnEveryMachine) {
    Chance chance(1);
    EXPECT_EQ(chance.between(0, 1'000'000), 133'876);
}

}  // namespace
}  // namespace tools::demo
