// A receipt is checked with public keys alone, and no bit of it can change unnoticed.
#include "ledger/receipt.h"

#include "ledger/small_book.h"
#include "schema/json.h"

namespace {

using namespace ledger;
using namespace test;

class ReceiptTest : public testing::Test {
  protected:
    ReceiptTest() {
        book = make(folder / "l");
        author.write(*book, 11, 4);
    }
    bool good(const Receipt& receipt) {
        return bool(verify_receipt(receipt, book->checkpoint_key(), author.key.public_key()));
    }

    TempFolder folder;
    Author author;
    std::unique_ptr<Ledger> book;
};
using Receipts = ReceiptTest;

TEST_F(Receipts, VerifyForEveryEntryAndAfterAJourneyThroughJson) {
    for (uint64_t at = 0; at < 11; ++at) {
        auto receipt = make_receipt(*book, at);
        ASSERT_TRUE(receipt);
        auto entry = verify_receipt(*receipt, book->checkpoint_key(), author.key.public_key());
        ASSERT_TRUE(entry) << entry.error().text();
        EXPECT_EQ(entry->position(), at);
        auto text = json::serialize(to_json(*receipt));
        auto read = receipt_from_json(schema::parse_json(text).value());
        ASSERT_TRUE(read) << read.error().text();
        EXPECT_EQ(read->entry, receipt->entry);
        EXPECT_EQ(read->proof, receipt->proof);
        EXPECT_EQ(read->checkpoint, receipt->checkpoint);
        EXPECT_TRUE(good(*read));
    }
}

TEST_F(Receipts, StillVerifyWhenTheBookHasGrown) {
    auto receipt = make_receipt(*book, 3).value();
    author.write(*book, 30);
    EXPECT_TRUE(good(receipt));
    EXPECT_TRUE(good(make_receipt(*book, 3).value()));
}

TEST_F(Receipts, FailWhenOneBitOfTheEntryChanges) {
    auto receipt = make_receipt(*book, 5).value();
    for (size_t bit = 0; bit < receipt.entry.size() * 8; ++bit) {
        auto bad = receipt;
        bad.entry[bit / 8] = static_cast<char>(bad.entry[bit / 8] ^ (1 << bit % 8));
        ASSERT_FALSE(good(bad)) << bit;
    }
}

TEST_F(Receipts, FailWhenOneBitOfTheProofChangesOrAStepIsLostOrAdded) {
    auto receipt = make_receipt(*book, 5).value();
    ASSERT_FALSE(receipt.proof.empty());
    for (size_t bit = 0; bit < receipt.proof.size() * 256; ++bit) {
        auto bad = receipt;
        bad.proof[bit / 256][bit % 256 / 8] ^= static_cast<uint8_t>(1 << bit % 8);
        ASSERT_FALSE(good(bad)) << bit;
    }
    auto bad = receipt;
    bad.proof.pop_back();
    EXPECT_FALSE(good(bad));
    bad = receipt;
    bad.proof.push_back(bad.proof[0]);
    EXPECT_FALSE(good(bad));
}

TEST_F(Receipts, FailWhenOneBitOfTheCheckpointChanges) {
    auto receipt = make_receipt(*book, 5).value();
    for (size_t bit = 0; bit < receipt.checkpoint.size() * 8; ++bit) {
        auto bad = receipt;
        bad.checkpoint[bit / 8] = static_cast<char>(bad.checkpoint[bit / 8] ^ (1 << bit % 8));
        ASSERT_FALSE(good(bad)) << bit;
    }
}

TEST_F(Receipts, FailUnderOtherKeysAndSayWhich) {
    auto receipt = make_receipt(*book, 5).value();
    auto other = key_from(42).public_key();
    auto wrong_log = verify_receipt(receipt, other, std::nullopt);
    ASSERT_FALSE(wrong_log);
    EXPECT_EQ(wrong_log.error().field, "checkpoint");
    auto wrong_actor = verify_receipt(receipt, book->checkpoint_key(), other);
    ASSERT_FALSE(wrong_actor);
    EXPECT_EQ(wrong_actor.error().field, "entry.event.key");
    EXPECT_TRUE(verify_receipt(receipt, book->checkpoint_key(), std::nullopt));
}

TEST_F(Receipts, OfOneEntryDoNotFitAnother) {
    auto one = make_receipt(*book, 5).value(), other = make_receipt(*book, 6).value();
    std::swap(one.entry, other.entry);
    EXPECT_FALSE(good(one));
    EXPECT_FALSE(good(other));
}

TEST_F(Receipts, OfAnotherLedgerUnderTheSameKeyAreRefused) {
    auto receipt = make_receipt(*book, 5).value();
    auto key = SigningKey::load(folder / "l/secrets/checkpoint.key").value();
    auto head = book->published()->head;
    receipt.checkpoint = Checkpoint{"other.example", head.size, head.root}.sign(key);
    auto read = verify_receipt(receipt, book->checkpoint_key(), std::nullopt);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().field, "entry.event.ledger");
}

TEST_F(Receipts, OfAnEventThatBreaksItsMarksAreRefused) {
    // Everything is hashed and signed as it should be, but the event holds a name where only a code may stand.
    auto made = author.draft(*book, id<schema::StreamId>(100), {{"caseNoteAdded", json::object{{"note", "action"}}}},
                             70, {author.word("x", {id<schema::SubjectId>(50)}, 1)});
    auto at = made.event.find("action");
    made.event.replace(at, 6, "A Name");
    author.place_draft(*book, made, 70);
    ASSERT_TRUE(book->commit());
    auto receipt = make_receipt(*book, 11).value();
    auto read = verify_receipt(receipt, book->checkpoint_key(), std::nullopt);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().field, "entry.event.fact.caseNoteAdded.note");
}

TEST(ReceiptJson, ErrorsNameTheField) {
    for (auto& [text, field] : std::vector<std::pair<std::string, std::string>>{
             {R"([])", ""},
             {R"({})", "entry"},
             {R"({"entry": 3, "checkpoint": ""})", "entry"},
             {R"({"entry": "", "checkpoint": 3})", "checkpoint"},
             {R"({"entry": "???", "checkpoint": ""})", "entry"},
             {R"({"entry": "", "checkpoint": ""})", "proof"},
             {R"({"entry": "", "checkpoint": "", "proof": [3]})", "proof"},
             {R"({"entry": "", "checkpoint": "", "proof": ["aa"]})", "proof"}}) {
        auto read = receipt_from_json(schema::parse_json(text).value());
        ASSERT_FALSE(read) << text;
        EXPECT_NE(read.error().text().find(field), std::string::npos) << text << ": " << read.error().text();
    }
}

}  // namespace
