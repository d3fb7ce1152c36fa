// What verify promises: a good ledger passes; whatever is changed is found, and the entry is named.
#include "tools/verify.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "folder.h"
#include "ledger/receipt.h"
#include "schema/json.h"

namespace {

using tools_test::AlteredLog;
using tools_test::Book;
using tools_test::Folder;

tools::Verification verified(const AlteredLog& log, tools::VerifyOptions options = {}) {
    auto done = tools::verify_book(log, options);
    EXPECT_TRUE(done) << done.error().text();
    return *done;
}

schema::StreamId directory() { return schema::reserved_stream(schema::directory_stream_number); }

// Changes one byte in the middle of `part`, wherever it stands in the entry.
void flip(std::string& entry, std::string_view part) {
    auto at = entry.find(part);
    ASSERT_NE(at, entry.npos);
    entry[at + part.size() / 2] ^= 1;
}

TEST(Verify, PassesOnAGoodLedgerAndDecidesEveryEventAgain) {
    Book book;
    auto done = tools::verify_folder(book.path(), {});
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_TRUE(done->holds()) << done->audit.findings.front().what;
    EXPECT_EQ(done->audit.entries, 7u);
    EXPECT_EQ(done->decided, 7u);
    EXPECT_EQ(done->audit.signatures, 7u);
    EXPECT_EQ(done->marked, 7u);
    EXPECT_EQ(done->audit.shown, 6u);  // all but the genesis had seen a checkpoint
    EXPECT_TRUE(done->audit.played_clock);
}

TEST(Verify, WorksWhileTheLedgerIsOpenAndBeingWritten) {
    Book book;
    auto open = ledger::Ledger::open(book.path());
    ASSERT_TRUE(open);
    auto done = tools::verify_folder(book.path(), {});
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_TRUE(done->holds());
    EXPECT_EQ(done->audit.entries, 7u);
}

std::map<std::string, std::string> everything_in(const std::string& folder) {
    std::map<std::string, std::string> all;
    for (auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file()) continue;
        std::ifstream in(file.path(), std::ios::binary);
        all[file.path()] = {std::istreambuf_iterator<char>(in), {}};
    }
    return all;
}

TEST(Verify, LeavesTheFolderExactlyAsItWas) {
    Book book;
    auto before = everything_in(book.path());
    ASSERT_TRUE(tools::verify_folder(book.path(), {}));
    EXPECT_TRUE(everything_in(book.path()) == before);
}

TEST(Verify, OpensEveryWordWhereTheKeysAreAndSaysSoWhereTheyAreNot) {
    Book book;
    auto with = tools::verify_folder(book.path(), {});
    ASSERT_TRUE(with && with->holds());
    EXPECT_TRUE(with->has_keys);
    EXPECT_EQ(with->audit.words_opened, with->audit.words);
    EXPECT_GT(with->audit.words, 0u);

    std::filesystem::rename(book.path() + "/keys", book.path() + "/away");
    auto lost = tools::verify_folder(book.path(), {});
    ASSERT_TRUE(lost);
    EXPECT_FALSE(lost->holds()) << "a mark is there that knows of keys";

    std::filesystem::remove(book.path() + "/keys.mark");
    auto without = tools::verify_folder(book.path(), {});
    ASSERT_TRUE(without && without->holds());
    EXPECT_FALSE(without->has_keys);
    EXPECT_NE(without->text({}).find("keys are not in this folder"), std::string::npos);
}

TEST(Verify, FindsAWordWithAnotherHeadingOrAboutSomebodyElse) {
    Book book;
    for (std::string part : {std::string("name"), std::string(book.manager_id.view())}) {
        AlteredLog log(book.path());
        auto at =
            std::find_if(log.records.begin() + 1, log.records.end(), [](auto& one) { return !one.words.empty(); });
        ASSERT_NE(at, log.records.end());
        flip(at->words, part);
        auto done = verified(log);
        ASSERT_FALSE(done.holds());
        EXPECT_EQ(done.audit.findings.front().field, "words") << done.audit.findings.front().what;
    }
}

TEST(Verify, FindsEntriesFromTheFuture) {
    Folder folder;
    tools::Founding founding{folder.path("l"),
                             "Eastmere Council",
                             "ledger.eastmere.example/now",
                             "BEX-2018",
                             "A. Governor",
                             false,
                             schema::time_of(1'700'000'000'000)};
    ASSERT_TRUE(tools::found(founding, ledger::SigningKey::generate()));
    AlteredLog log(folder.path("l"));
    tools::VerifyOptions options;
    options.now = schema::time_of(1'700'000'000'000);
    EXPECT_TRUE(verified(log, options).holds());
    options.now = schema::time_of(1'600'000'000'000);
    auto done = verified(log, options);
    ASSERT_FALSE(done.holds());
    EXPECT_EQ(done.audit.findings.front().field, "recorded");
}

TEST(Init, ThatWasInterruptedIsInNobodysWay) {
    Folder folder;
    std::filesystem::create_directories(folder.path("l.init-0a0b0c0d0e0f/book"));  // what a killed one leaves
    tools::Founding founding{folder.path("l"),
                             "Eastmere Council",
                             "ledger.eastmere.example/x",
                             "BEX-2018",
                             "A. Governor",
                             true,
                             schema::time_of(1'527'170'400'000)};
    auto made = tools::found(founding, ledger::SigningKey::generate());
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE(tools::verify_folder(folder.path("l"), {})->holds());
}

TEST(Verify, NamesTheEntryWhoseSignatureWasChanged) {
    Book book;
    AlteredLog log(book.path());
    auto entry = ledger::Entry::decode(schema::as_bytes(log.records[4].entry));
    flip(log.records[4].entry, std::string(schema::as_text(schema::bytes_of(entry->signatures()[0]))));
    auto done = verified(log);
    ASSERT_FALSE(done.holds());
    EXPECT_EQ(done.audit.findings.front().position, 4u);
    EXPECT_EQ(done.audit.findings.front().field, "signature");
}

TEST(Verify, NamesTheEntryWhoseEventWasChanged) {
    Book book;
    AlteredLog log(book.path());
    flip(log.records[3].entry, "North team");
    auto done = verified(log);
    ASSERT_FALSE(done.holds());
    EXPECT_EQ(done.audit.findings.front().position, 3u);
}

TEST(Verify, FindsAnyChangedByteOfAnyEntry) {
    Book book;
    AlteredLog log(book.path());
    for (size_t position : {0u, 3u, 6u})
        for (size_t at = 0; at < log.records[position].entry.size(); at += 37) {
            auto kept = log.records[position].entry;
            log.records[position].entry[at] ^= 4;
            auto done = tools::verify_book(log, {});
            EXPECT_TRUE(!done || !done->holds()) << "entry " << position << ", byte " << at;
            log.records[position].entry = kept;
        }
}

TEST(Verify, FindsThatTheNewestEntryWasRemoved) {
    Book book;
    AlteredLog log(book.path());
    ledger::Marked mark{log.records.size(), log.root};
    ledger::Edge edge;
    log.records.pop_back();
    for (auto& record : log.records) edge.append(ledger::leaf_hash(schema::as_bytes(record.entry)));
    log.root = edge.root();  // whoever takes an entry away also writes a head that fits
    tools::VerifyOptions options;
    options.mark = mark;
    auto done = verified(log, options);
    ASSERT_FALSE(done.holds());
    EXPECT_EQ(done.audit.findings.front().field, "mark");
    EXPECT_NE(done.audit.findings.front().what.find("missing from its end"), std::string::npos);
}

TEST(Verify, FindsWordsThatAreNotTheSignedOnes) {
    Book book;
    AlteredLog log(book.path());
    std::swap(log.records[0].words, log.records[4].words);
    auto done = verified(log);
    ASSERT_FALSE(done.holds());
    EXPECT_EQ(done.audit.findings.front().field, "words");
}

TEST(Verify, FindsAnEventThatTheRulesForbidThoughTheLedgersOwnKeysPutItThere) {
    Book book;
    // The name of a team can be taken only once.
    book.slip_in({{"teamFormed", {{"team", "north"}, {"kind", "pod"}, {"name", "Another"}}}}, directory());
    auto done = tools::verify_folder(book.path(), {});
    ASSERT_TRUE(done) << done.error().text();
    ASSERT_EQ(done->audit.findings.size(), 1u);
    EXPECT_EQ(done->audit.findings.front().position, 7u);
    EXPECT_NE(done->audit.findings.front().what.find("name_taken"), std::string::npos);
}

TEST(Verify, FindsAnEventInARoleThatMayNotRecordIt) {
    Book book;
    auto child = ledger::random_id<schema::SubjectId>();
    book.slip_in({{"contactReceived", {{"channel", "phone"}, {"referrer", "school"}, {"children", {child.hex()}}}}},
                 ledger::random_id<schema::StreamId>(), {tools::word_about(child, "request", "Help, please.")});
    auto done = tools::verify_folder(book.path(), {});
    ASSERT_TRUE(done) << done.error().text();
    ASSERT_FALSE(done->holds());
    EXPECT_EQ(done->audit.findings.front().position, 7u);
    EXPECT_EQ(done->audit.findings.front().field, "event.role");
    EXPECT_NE(done->audit.findings.front().what.find("role_may_not"), std::string::npos);
}

TEST(Verify, RefusesAnotherCheckpointKeyThanTheTrustedOne) {
    Book book;
    tools::VerifyOptions options;
    options.believed.keys = {{"", ledger::KeyType::ed25519, ledger::SigningKey::generate().public_key()}};
    auto done = tools::verify_folder(book.path(), options);
    ASSERT_TRUE(done);
    ASSERT_FALSE(done->holds());
    EXPECT_EQ(done->audit.findings.front().field, "event.fact.ledgerOpened.checkpointKey");
}

TEST(Verify, SaysThatTheClockWasPlayedBeforeAnythingElse) {
    Book book;
    auto done = tools::verify_folder(book.path(), {});
    ASSERT_TRUE(done);
    EXPECT_TRUE(done->text(tools::Screen{}).starts_with("PLAYED CLOCK"));
    EXPECT_TRUE(done->to_json().at("playedClock").as_bool());
}

TEST(ReadPublicKey, TakesHexadecimalDigitsAndVerifierKeys) {
    auto key = ledger::SigningKey::generate().public_key();
    EXPECT_EQ(tools::read_public_key(key.hex(), "key").value(), key);
    EXPECT_EQ(tools::read_public_key(ledger::verifier_key("a.example/b", key), "key").value(), key);
    EXPECT_FALSE(tools::read_public_key("a.example/b+00+AAAA", "key"));
    EXPECT_FALSE(tools::read_public_key("", "key"));
}

}  // namespace
