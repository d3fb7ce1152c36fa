// The book as a whole: what was acknowledged is there, after a stop, a lost index, a second opener, a rolled-back copy.
#include "ledger/ledger.h"

#include <atomic>
#include <thread>

#include "ledger/audit.h"
#include "ledger/rocks_log.h"
#include "ledger/small_book.h"

namespace {

using namespace test;

TEST(Ledger, HoldsAfterReopeningExactlyWhatWasCommitted) {
    TempFolder folder;
    Author author;
    std::string before;
    for (uint64_t size : {1, 2, 5, 9}) {
        auto book = size == 1 ? make(folder / "l") : *ledger::Ledger::open(folder / "l");
        author.write(*book, size);
        before = reading_of(*book);
        book.reset();
        auto again = ledger::Ledger::open(folder / "l");
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(reading_of(**again), before);
    }
}

TEST(Ledger, ReopensAtEverySizeAroundAFullTile) {
    TempFolder folder;
    Author author;
    auto book = make(folder / "l");
    for (uint64_t size : {255, 256, 257, 300, 511, 512, 513, 600}) {
        author.write(*book, size, 64);
        auto root = book->published()->head.root;
        book.reset();
        auto again = ledger::Ledger::open(folder / "l");
        ASSERT_TRUE(again) << size << ": " << again.error().text();
        book = *std::move(again);
        EXPECT_EQ(book->published()->head.root, root);
    }
}

TEST(Ledger, IsEqualWithItsIndexDeleted) {
    TempFolder folder;
    Author author;
    std::string before;
    std::vector<ledger::StreamHead> heads;
    {
        auto book = make(folder / "l");
        author.write(*book, 300, 50);
        before = reading_of(*book);
    }
    for (auto& left : {"index", ""}) {
        if (*left) fs::remove_all(folder / "l/index");
        auto book = ledger::Ledger::open(folder / "l");
        ASSERT_TRUE(book) << book.error().text();
        EXPECT_EQ(reading_of(**book), before);
        ASSERT_TRUE((*book)->prove_inclusion(17, 300));
        ASSERT_TRUE((*book)->prove_consistency(17, 300));
        auto streams = (*book)->streams().value();
        for (auto& stream : streams) {
            auto entries = (*book)->stream(stream, 1, 1000).value();
            for (size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(entries[i].revision(), i + 1);
            EXPECT_EQ((*book)->published_head(stream)->revision, entries.size());
        }
    }
}

TEST(Ledger, CatchesUpAnIndexThatIsBehind) {
    TempFolder folder;
    Author author;
    auto book = make(folder / "l");
    author.write(*book, 3);
    book.reset();
    copy_folder(folder / "l/index", folder / "older");
    book = *ledger::Ledger::open(folder / "l");
    author.write(*book, 9);
    auto before = reading_of(*book);
    book.reset();
    copy_folder(folder / "older", folder / "l/index");
    auto again = ledger::Ledger::open(folder / "l");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(reading_of(**again), before);
}

TEST(Ledger, RefusesASecondOpener) {
    TempFolder folder;
    auto book = make(folder / "l");
    Author().write(*book, 2);
    EXPECT_FALSE(ledger::Ledger::open(folder / "l"));
    Author().write(*book, 3);
    EXPECT_EQ(book->published()->head.size, 3u);
}

TEST(Ledger, RefusesToBeMadeWhereOneIsAndChangesNothing) {
    TempFolder folder;
    make(folder / "l");
    auto key = read_all(folder / "l/secrets/checkpoint.key");
    auto second = ledger::Ledger::create(folder / "l", "other.example");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, schema::Fault::conflict);
    EXPECT_EQ(read_all(folder / "l/secrets/checkpoint.key"), key);
    EXPECT_EQ((*ledger::Ledger::open(folder / "l"))->origin(), origin);
}

TEST(Ledger, IsNotFoundWhereThereIsNone) {
    TempFolder folder;
    auto none = ledger::Ledger::open(folder / "nowhere");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().fault, schema::Fault::not_found);
    EXPECT_FALSE(fs::exists(folder / "nowhere"));
}

TEST(Ledger, RefusesARolledBackBookWithEveryCombinationOfOldParts) {
    TempFolder folder;
    Author author;
    auto book = make(folder / "l");
    author.write(*book, 4);
    book.reset();
    copy_folder(folder / "l", folder / "old");
    book = *ledger::Ledger::open(folder / "l");
    author.write(*book, 8);
    book.reset();
    for (bool old_index : {false, true}) {
        copy_folder(folder / "l", folder / "try");
        copy_folder(folder / "old/book", folder / "try/book");
        if (old_index) copy_folder(folder / "old/index", folder / "try/index");
        auto opened = ledger::Ledger::open(folder / "try");
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().fault, schema::Fault::corrupt);
    }
    // With the mark rolled back as well nothing local can tell but the index.
    copy_folder(folder / "l", folder / "try");
    copy_folder(folder / "old/book", folder / "try/book");
    fs::copy_file(folder / "old/mark", folder / "try/mark", fs::copy_options::overwrite_existing);
    auto opened = ledger::Ledger::open(folder / "try");
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("rolled back"), std::string::npos);
}

TEST(Ledger, RefusesABookOfAnotherHistoryUnderTheSameMark) {
    TempFolder folder;
    Author author;
    for (auto& name : {"one", "two"}) {
        auto book = make(folder / name);
        author.write(*book, name == std::string("one") ? 4 : 6);
    }
    fs::remove_all(folder / "one/index");
    copy_folder(folder / "two/book", folder / "one/book");
    auto opened = ledger::Ledger::open(folder / "one");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().fault, schema::Fault::corrupt) << opened.error().text();
}

TEST(Ledger, RefusesToOpenWithoutItsMark) {
    TempFolder folder;
    Author().write(*make(folder / "l"), 3);
    fs::remove(folder / "l/mark");
    EXPECT_FALSE(ledger::Ledger::open(folder / "l"));
    EXPECT_FALSE(fs::exists(folder / "l/mark"));
}

TEST(Ledger, TellsHowFarItIsWhileItMakesItsIndexAgain) {
    TempFolder folder;
    Author().write(*make(folder / "l"), 2100, 700);
    fs::remove_all(folder / "l/index");
    std::vector<std::pair<uint64_t, uint64_t>> told;
    ledger::Ledger::Options options;
    options.progress = [&](std::string_view what, uint64_t done, uint64_t of) {
        EXPECT_FALSE(what.empty());
        told.emplace_back(done, of);
    };
    ASSERT_TRUE(ledger::Ledger::open(folder / "l", options));
    EXPECT_EQ(told, (std::vector<std::pair<uint64_t, uint64_t>>{{1000, 2100}, {2000, 2100}}));
    told.clear();
    ASSERT_TRUE(ledger::Ledger::open(folder / "l", options));
    EXPECT_TRUE(told.empty());
}

TEST(Ledger, PublishesNothingBeforeTheCommitAndAllOfItAfter) {
    TempFolder folder;
    auto book = make(folder / "l");
    Author author;
    author.write(*book, 2);
    auto placed = author.place(*book, 2);
    EXPECT_EQ(book->published()->head.size, 2u);
    EXPECT_FALSE(book->entry(2));
    EXPECT_EQ(book->find(id<schema::EventId>(1002)).value(), std::nullopt);
    EXPECT_EQ(book->position_of(id<schema::EventId>(1002)).value(), 2u);
    EXPECT_FALSE(book->prove_inclusion(2, 3));
    ASSERT_TRUE(book->commit());
    EXPECT_EQ(schema::as_text(book->entry(2)->bytes()), schema::as_text(placed.bytes()));
    EXPECT_EQ(book->find(id<schema::EventId>(1002)).value(), 2u);
    ASSERT_TRUE(ledger::make_receipt(*book, 2));
    EXPECT_FALSE(ledger::make_receipt(*book, 3));
}

TEST(Ledger, NeverRecordsATimeEarlierThanTheEntryBefore) {
    TempFolder folder;
    auto book = make(folder / "l");
    Author author;
    author.write(*book, 5);
    auto late = book->last_recorded();
    auto made = author.draft(*book, id<schema::StreamId>(100), {{"caseNoteAdded", json::object{{"note", "action"}}}},
                             77, {author.word("x", {id<schema::SubjectId>(50)}, 1)});
    auto event = schema::EventMessage::decode(schema::as_bytes(made.event), schema::event_limit).value();
    ledger::Signature signature[] = {author.key.sign(ledger::event_context, event.bytes())};
    auto placed = book->place(event, signature, "", schema::time_of(0));
    EXPECT_EQ(placed.recorded(), late);
    ASSERT_TRUE(book->commit());
    book.reset();
    EXPECT_EQ((*ledger::Ledger::open(folder / "l"))->last_recorded(), late);
}

TEST(Ledger, WaitsForWhatComesAndNoLonger) {
    TempFolder folder;
    auto book = make(folder / "l");
    Author author;
    author.write(*book, 1);
    EXPECT_TRUE(book->wait(0, std::chrono::milliseconds(0)));
    EXPECT_FALSE(book->wait(1, std::chrono::milliseconds(20)));
    bool came = false;
    std::thread waiting([&] { came = book->wait(1, std::chrono::seconds(20)); });
    author.write(*book, 2);
    waiting.join();
    EXPECT_TRUE(came);
}

TEST(Ledger, ReadersSeeWholeEntriesInOrderWhileItGrows) {
    TempFolder folder;
    auto book = make(folder / "l");
    Author author;
    author.write(*book, 2);
    std::atomic<bool> stop = false;
    std::vector<std::thread> readers;
    std::atomic<uint64_t> seen = 0;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            while (!stop) {
                auto published = book->published();
                uint64_t next = 0;
                EXPECT_TRUE(book->read(0, published->head.size, [&](const ledger::Entry& entry) {
                    EXPECT_EQ(entry.position(), next++);
                    return true;
                }));
                EXPECT_EQ(next, published->head.size);
                EXPECT_EQ(book->root_at(published->head.size).value(), published->head.root);
                auto receipt = ledger::make_receipt(*book, published->head.size / 2);
                EXPECT_TRUE(receipt &&
                            ledger::verify_receipt(*receipt, book->checkpoint_key(), author.key.public_key()));
                ++seen;
            }
        });
    for (uint64_t size = 10; size < 400; size += 10) author.write(*book, size, 5);
    stop = true;
    for (auto& reader : readers) reader.join();
    EXPECT_GT(seen, 3u);
}

TEST(Ledger, OpensWithManyJointSignersOnTheLargestPractice) {
    // The largest event that may be signed, by as many as fit, is an entry that can be read back.
    EXPECT_GE(ledger::entry_limit, schema::practice_event_limit + schema::practice_event_limit / 80 * 72 + 4096);
}

}  // namespace
