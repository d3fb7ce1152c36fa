// What a script may rely on: exit codes, JSON on stdout, talk on stderr.
#include <gtest/gtest.h>

#include <fstream>

#include "folder.h"
#include "ledger/receipt.h"
#include "ledger/tile_check.h"
#include "schema/json.h"

namespace {

using tools_test::Book;
using tools_test::Ended;
using tools_test::Folder;
using tools_test::run;

const std::string init_line =
    "init ledger --authority 'Eastmere Council' --origin ledger.eastmere.example/t --governor 'A. Governor' --key "
    "g.key";

TEST(CommandLine, EndsWith2WhenItIsUsedWrongly) {
    Folder folder;
    EXPECT_EQ(run(folder, "").exit, 2);
    EXPECT_EQ(run(folder, "nonsense").exit, 2);
    EXPECT_EQ(run(folder, "cases --nonsense").exit, 2);
    EXPECT_EQ(run(folder, "init ledger").exit, 2);
    EXPECT_EQ(run(folder, "verify").exit, 2);
    EXPECT_EQ(run(folder, "cases --server https://127.0.0.1:1").exit, 2);  // no key
}

TEST(CommandLine, TeachesInHelpWithExamplesAndEndsWith0) {
    Folder folder;
    for (auto* command : {"",
                          "init ",
                          "key enrol ",
                          "record ",
                          "draft ",
                          "cases ",
                          "find ",
                          "case ",
                          "chronology ",
                          "caseload ",
                          "timeliness ",
                          "due ",
                          "retention ",
                          "replay ",
                          "receipt ",
                          "verify ",
                          "timestamp ask ",
                          "timestamp request ",
                          "timestamp add ",
                          "timestamp list ",
                          "keys backup ",
                          "keys restore ",
                          "tiles "}) {
        auto ended = run(folder, std::string(command) + "--help");
        EXPECT_EQ(ended.exit, 0) << command;
        EXPECT_NE(ended.out.find("caseledger " + std::string(command)), std::string::npos) << command;
    }
}

TEST(CommandLine, DemoIsMadeAnewOnlyWhenAsked) {
    Folder folder;
    std::string demo = "demo --data d --no-serve --families 4 --months 1 --json";
    ASSERT_EQ(run(folder, demo).exit, 0);
    EXPECT_EQ(run(folder, demo + " --seed 2").exit, 5);
    auto anew = run(folder, demo + " --seed 2 --again");
    EXPECT_EQ(anew.exit, 0) << anew.talk;
    EXPECT_EQ(run(folder, "verify --data d").exit, 0);
}

TEST(CommandLine, InitMakesALedgerThatVerifiesAndWillNotMakeItTwice) {
    Folder folder;
    auto made = run(folder, init_line + " --json");
    ASSERT_EQ(made.exit, 0) << made.talk;
    auto told = schema::parse_json(made.out.substr(0, made.out.size() - 1));
    ASSERT_TRUE(told) << made.out;
    EXPECT_EQ(told->at("entries").to_number<int>(), 3);
    EXPECT_TRUE(std::filesystem::exists(folder.path("ledger/secrets/tls.crt")));
    EXPECT_TRUE(std::filesystem::exists(folder.path("g.key")));

    auto key = std::string(told->at("checkpointKey").as_string());
    auto checked = run(folder, "verify --data ledger --checkpoint-key " + key + " --json");
    EXPECT_EQ(checked.exit, 0) << checked.talk;
    EXPECT_TRUE(schema::parse_json(checked.out.substr(0, checked.out.size() - 1))->at("holds").as_bool());

    auto again = run(folder, init_line + " --json");
    EXPECT_EQ(again.exit, 5);
    EXPECT_EQ(again.out, "");
    EXPECT_EQ(schema::parse_json(again.talk.substr(0, again.talk.size() - 1))->at("error").at("name").as_string(),
              "conflict");
}

TEST(CommandLine, InitThatFailsLeavesNothingBehind) {
    Folder folder;
    auto ended = run(folder, "init ledger --authority A --origin 'two words' --governor G --key g.key");
    EXPECT_EQ(ended.exit, 2);
    EXPECT_FALSE(std::filesystem::exists(folder.path("ledger")));
    EXPECT_FALSE(std::filesystem::exists(folder.path("g.key")));

    std::filesystem::create_directory(folder.path("full"));
    std::ofstream(folder.path("full/something")) << "of somebody's";
    EXPECT_EQ(run(folder, "init full --authority A --origin a.example/b --governor G --key g.key").exit, 5);
    EXPECT_FALSE(std::filesystem::exists(folder.path("full/book")));
    EXPECT_FALSE(std::filesystem::exists(folder.path("g.key")));
}

TEST(CommandLine, MissingThingsEndWith4) {
    Folder folder;
    EXPECT_EQ(run(folder, "verify --data nowhere").exit, 4);
    EXPECT_EQ(run(folder, "key show nowhere.key").exit, 4);
    EXPECT_EQ(run(folder, "verify --receipt nowhere.json --checkpoint-key " + std::string(64, 'a')).exit, 4);
    EXPECT_EQ(run(folder, "record --help-event nonsense").exit, 4);
}

TEST(CommandLine, VerificationThatFailsEndsWith3AndStillPrintsTheReport) {
    Book book;
    book.slip_in({{"teamFormed", {{"team", "north"}, {"kind", "team"}, {"name", "Again"}}}},
                 schema::reserved_stream(schema::directory_stream_number));
    auto ended = run(book.folder, "verify --data ledger --json");
    EXPECT_EQ(ended.exit, 3);
    auto told = schema::parse_json(ended.out.substr(0, ended.out.size() - 1));
    ASSERT_TRUE(told) << ended.out;
    EXPECT_FALSE(told->at("holds").as_bool());
    EXPECT_EQ(told->at("findings").at(0).at("position").to_number<int>(), 7);
    auto plain = run(book.folder, "verify --data ledger");
    EXPECT_EQ(plain.exit, 3);
    EXPECT_NE(plain.out.find("VERIFICATION FAILED at entry 7"), std::string::npos);
    EXPECT_EQ(plain.out.find('\x1b'), std::string::npos);  // no colours where there is no terminal
}

TEST(CommandLine, VerifiesAReceiptWithPublicKeysAloneAndFailsWhenABitChanges) {
    Book book;
    boost::json::object receipt;
    {
        auto open = ledger::Ledger::open(book.path());
        receipt = ledger::to_json(*ledger::make_receipt(**open, 5));
    }
    std::ofstream(book.folder.path("receipt.json")) << boost::json::serialize(receipt);
    auto line = "verify --receipt receipt.json --checkpoint-key " + book.checkpoint_key.hex();
    auto good = run(book.folder, line + " --actor-key " + book.governor.public_key().hex() + " --json");
    EXPECT_EQ(good.exit, 0) << good.talk;
    EXPECT_EQ(run(book.folder, line + " --actor-key " + book.manager.public_key().hex()).exit, 3);
    EXPECT_EQ(run(book.folder, "verify --receipt receipt.json").exit, 2);

    auto raw = *schema::from_base64(std::string_view(receipt["entry"].as_string()), "entry");
    raw[raw.size() / 2] ^= 1;
    receipt["entry"] = schema::to_base64(schema::as_bytes(raw));
    std::ofstream(book.folder.path("receipt.json")) << boost::json::serialize(receipt);
    EXPECT_NE(run(book.folder, line).exit, 0);
}

TEST(CommandLine, WritesTheTreeAsTilesAndGoesOnWhereItStopped) {
    Book book;
    auto first = run(book.folder, "tiles --data ledger --entries out --json");
    ASSERT_EQ(first.exit, 0) << first.talk;
    EXPECT_EQ(schema::parse_json(first.out.substr(0, first.out.size() - 1))->at("written").to_number<int>(), 2);
    auto again = run(book.folder, "tiles --data ledger --entries out");
    EXPECT_NE(again.out.find("0 files written"), std::string::npos) << again.out;

    const ledger::VerifierKey keys[] = {
        {ledger::open_checkpoint(ledger::read_file(book.folder.path("out/checkpoint"), 1000).value(),
                                 book.checkpoint_key)
             .value()
             .origin,
         ledger::KeyType::ed25519, book.checkpoint_key}};
    auto report = ledger::check_tiles(book.folder.path("out"), keys, {true, {}});
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->findings.empty());
    EXPECT_EQ(report->entries, report->checkpoint.size);

    std::ofstream(book.folder.path("other.note")) << ledger::Checkpoint{"other.example", 3, {}}.sign(book.governor);
    EXPECT_EQ(run(book.folder, "tiles --data ledger out --checkpoint other.note").exit, 5);
    EXPECT_EQ(run(book.folder, "tiles --data nowhere out").exit, 4);
    EXPECT_EQ(run(book.folder, "tiles out").exit, 2);
}

TEST(CommandLine, KeyFilesAreMadeOnceForTheirOwnerAlone) {
    Folder folder;
    ASSERT_EQ(run(folder, "key new k.key").exit, 0);
    EXPECT_EQ(std::filesystem::status(folder.path("k.key")).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(run(folder, "key new k.key").exit, 5);
    auto shown = run(folder, "key show k.key --json");
    ASSERT_EQ(shown.exit, 0);
    EXPECT_EQ(schema::parse_json(shown.out.substr(0, shown.out.size() - 1))->at("key").as_string().size(), 64u);
    EXPECT_EQ(shown.out.find(std::string(64, '0')), std::string::npos);
}

TEST(CommandLine, ExplainsEveryEventItLists) {
    Folder folder;
    auto listed = run(folder, "record --list --json");
    ASSERT_EQ(listed.exit, 0);
    auto list = schema::parse_json(listed.out.substr(0, listed.out.size() - 1));
    ASSERT_TRUE(list);
    EXPECT_EQ(list->as_array().size(), schema::event_types.size());
    auto help = run(folder, "record --help-event allocated");
    EXPECT_EQ(help.exit, 0);
    for (auto* part : {"Allocated to a worker", "scaling", "0 to 10", "needs", "S1:"})
        EXPECT_NE(help.out.find(part), std::string::npos) << part;
}

TEST(CommandLine, AnUnreachableServiceIsToldWithAdvice) {
    Book book;
    ASSERT_EQ(run(book.folder, "key new k.key").exit, 0);
    auto ended = run(book.folder, "cases --server https://127.0.0.1:1 --data ledger --key k.key");
    EXPECT_EQ(ended.exit, 1);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.talk.find("caseledgerd"), std::string::npos);
}

}  // namespace
