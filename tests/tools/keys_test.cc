// What `caseledger keys` promises to whoever keeps the machine: backups that open again, none that holds an erased
// person's key for longer than asked, and no loss that was not accepted.
#include "ledger/key_backup.h"

#include <gtest/gtest.h>

#include "folder.h"
#include "ledger/key_restore.h"
#include "ledger/master_key.h"
#include "schema/json.h"
#include "tools/key_schedule.h"

namespace {

using tools_test::Book;
using tools_test::run;

boost::json::value json_of(const tools_test::Ended& ended) {
    EXPECT_EQ(ended.exit, 0) << ended.talk;
    auto value = schema::parse_json(std::string_view(ended.out).substr(0, ended.out.find('\n')));
    EXPECT_TRUE(value) << ended.out;
    return value ? *value : boost::json::value(nullptr);
}

TEST(Keys, AreBackedUpBesideAnOpenLedgerAndPutBack) {
    Book book;
    {
        auto open = ledger::Ledger::open(book.path());
        ASSERT_TRUE(open);
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(run(book.folder, "keys backup --data ledger --to backups --keep 2").exit, 0);
        EXPECT_NE(run(book.folder, "keys restore --data ledger --from backups/keys-000003-2.backup --replace").exit, 0);
    }
    EXPECT_EQ(ledger::key_backups_in(book.folder.path("backups"))->size(), 2u);
    auto restore = "keys restore --data ledger --from backups/keys-000003-2.backup";
    auto whole = run(book.folder, restore);
    EXPECT_EQ(whole.exit, 5);
    EXPECT_NE(whole.talk.find("--replace"), std::string::npos) << whole.talk;
    std::filesystem::remove_all(book.path() + "/keys");
    EXPECT_EQ(run(book.folder, "verify --data ledger").exit, 3);
    auto done = json_of(run(book.folder, std::string(restore) + " --json"));
    EXPECT_EQ(done.at("keys").to_number<int>(), 2);
    EXPECT_EQ(run(book.folder, "verify --data ledger").exit, 0);
}

TEST(Keys, ThatABackupLacksAreCountedAndGivenUpOnlyWhenAccepted) {
    Book book;
    EXPECT_EQ(run(book.folder, "keys backup --data ledger --to backups").exit, 0);
    auto child = ledger::random_id<schema::SubjectId>();
    book.slip_in({{"personRegistered", {{"person", child.hex()}}}},
                 schema::reserved_stream(schema::directory_stream_number), {tools::word_about(child, "name", "New")});
    std::filesystem::remove_all(book.path() + "/keys");
    auto restore = std::string("keys restore --data ledger --from backups/keys-000001-2.backup");
    auto refused = run(book.folder, restore);
    EXPECT_EQ(refused.exit, 5);
    EXPECT_NE(refused.talk.find("1 word would be unreadable"), std::string::npos) << refused.talk;
    EXPECT_NE(refused.talk.find("--accept-loss"), std::string::npos) << refused.talk;
    auto done = json_of(run(book.folder, restore + " --accept-loss --json"));
    EXPECT_EQ(done.at("wordsLost").to_number<int>(), 1);
    EXPECT_TRUE(ledger::Ledger::open(book.path()));
}

TEST(Keys, OfTheErasedAreCountedInBackupsAndTakenOut) {
    Book book;
    EXPECT_EQ(run(book.folder, "keys backup --data ledger --to backups").exit, 0);
    auto subject = schema::SubjectId::of(schema::as_bytes(book.manager_id.view()));
    book.slip_in({{"subjectErased", {{"subject", subject.hex()}, {"ground", "ordered"}}}},
                 ledger::random_id<schema::StreamId>());
    auto before = json_of(run(book.folder, "keys backups --data ledger --in backups --json"));
    EXPECT_EQ(before.at(0).at("ofErased").to_number<int>(), 1);
    EXPECT_EQ(before.at(0).at("keys").to_number<int>(), 2);
    auto purged = json_of(run(book.folder, "keys backups --data ledger --in backups --purge-erased --json"));
    EXPECT_EQ(purged.at(0).at("takenOut").to_number<int>(), 1);
    EXPECT_EQ(purged.at(0).at("keys").to_number<int>(), 1);
    auto after = run(book.folder, "keys backups --data ledger --in backups");
    EXPECT_EQ(after.exit, 0);
    EXPECT_NE(after.out.find("keys-000001-2.backup"), std::string::npos) << after.out;
    EXPECT_EQ(run(book.folder, "keys backups --data ledger --in nowhere").exit, 4);
}

TEST(Keys, OpenUnderANewMasterKeyAndOldBackupsUnderNone) {
    Book book;
    EXPECT_EQ(run(book.folder, "keys backup --data ledger --to backups").exit, 0);
    EXPECT_EQ(json_of(run(book.folder, "keys rotate-master --data ledger --json")).at("keys").to_number<int>(), 2);
    EXPECT_EQ(run(book.folder, "verify --data ledger").exit, 0);
    auto old = run(book.folder, "keys restore --data ledger --from backups/keys-000001-2.backup --replace");
    EXPECT_EQ(old.exit, 3);
    EXPECT_NE(old.talk.find("another master key"), std::string::npos) << old.talk;
    auto list = run(book.folder, "keys backups --data ledger --in backups");
    EXPECT_NE(list.out.find("under another"), std::string::npos) << list.out;
}

TEST(KeySchedule, BacksUpAtOnceAndNotAgainBeforeItIsTime) {
    Book book;
    auto keys = ledger::open_keys(book.path()).value();
    tools::KeyScheduleOptions options{book.folder.path("backups"), 2, std::chrono::hours(24)};
    for (int start = 0; start < 3; ++start) {
        auto schedule = tools::KeySchedule::start(*keys, options);
        ASSERT_TRUE(schedule) << schedule.error().text();
        EXPECT_EQ(ledger::key_backups_in(options.folder)->size(), 1u) << "a service started again rolls nothing off";
    }
    options.every = std::chrono::minutes(0);
    for (int start = 0; start < 3; ++start) ASSERT_TRUE(tools::KeySchedule::start(*keys, options));
    EXPECT_EQ(ledger::key_backups_in(options.folder)->size(), 2u);
    options.folder = "/dev/null/backups";
    EXPECT_FALSE(tools::KeySchedule::start(*keys, options)) << "that it cannot be written to is told at once";
}

}  // namespace
