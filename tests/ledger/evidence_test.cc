// What others said about the book outlives the process that heard it, and its loss is noticed.
#include "ledger/evidence.h"

#include <gtest/gtest.h>

#include <thread>

#include "ledger/small_book.h"
#include "schema/json.h"

namespace {

using namespace ledger;
using namespace test;

std::string note_of(uint64_t size) { return Checkpoint{origin, size, id<Digest>(size)}.sign(key_from(1)); }
// A line as a witness adds it: its key id, then whatever it says.
std::string line_of(const std::string& witness, const std::string& says) {
    auto blob = witness.substr(0, 4) + says;
    return "\xe2\x80\x94 " + witness + " " + schema::to_base64(schema::as_bytes(blob)) + "\n";
}
std::string cosigned_by(uint64_t size, const std::string& witness, const std::string& says = "then") {
    return note_of(size) + line_of(witness, says);
}

std::unique_ptr<Evidence> opened(const std::string& folder) {
    auto made = Evidence::open(folder);
    EXPECT_TRUE(made) << made.error().text();
    return made ? *std::move(made) : nullptr;
}

TEST(Evidence, GivesBackWhatWasPutAfterItWasOpenedAgain) {
    TempFolder folder;
    for (uint64_t size : {3, 7, 1000})
        ASSERT_TRUE(opened(folder.path())->put_cosigned(size, cosigned_by(size, "witness")));
    ASSERT_TRUE(opened(folder.path())->put_token(7, note_of(7), std::string("\0token", 6)));
    auto written = opened(folder.path());
    auto looking = Evidence::open_read_only(folder.path());
    ASSERT_TRUE(looking && *looking);
    for (auto* kept : {written.get(), looking->get()}) {
        EXPECT_EQ((*kept->first_covering(0))->size, 3u);
        EXPECT_EQ((*kept->first_covering(3))->note, cosigned_by(3, "witness"));
        EXPECT_EQ((*kept->first_covering(4))->size, 7u);
        EXPECT_EQ((*kept->first_covering(8))->size, 1000u);
        EXPECT_FALSE(*kept->first_covering(1001));
        EXPECT_FALSE(*kept->last_up_to(2));
        EXPECT_EQ((*kept->last_up_to(999))->size, 7u);
        EXPECT_EQ((*kept->newest())->size, 1000u);
        EXPECT_FALSE(*kept->cosigned(4));
        EXPECT_EQ((*kept->newest_token())->token, std::string("\0token", 6));
        EXPECT_EQ((*kept->first_token_covering(5))->note, note_of(7));
        EXPECT_FALSE(*kept->first_token_covering(8));
        EXPECT_FALSE(*kept->last_token_up_to(6));
        std::vector<uint64_t> sizes;
        ASSERT_TRUE(kept->each_cosigned(4, [&](auto& row) { return sizes.push_back(row.size), true; }));
        ASSERT_TRUE(kept->each_token(0, [&](auto& row) { return sizes.push_back(row.size), true; }));
        EXPECT_EQ(sizes, (std::vector<uint64_t>{7, 1000, 7}));
    }
}

TEST(Evidence, KeepsEveryWitnessAndOfEachTheFirstThatWasHeard) {
    TempFolder folder;
    auto kept = opened(folder.path());
    ASSERT_TRUE(kept->put_cosigned(5, cosigned_by(5, "north", "early")));
    ASSERT_TRUE(kept->put_cosigned(5, cosigned_by(5, "south")));
    ASSERT_TRUE(kept->put_cosigned(5, cosigned_by(5, "north", "later")));
    EXPECT_EQ((*kept->cosigned(5))->note, cosigned_by(5, "north", "early") + line_of("south", "then"));
    auto second = kept->put_token(6, note_of(6), "a");
    ASSERT_TRUE(second);
    auto third = kept->put_token(6, note_of(6), "b");
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().fault, schema::Fault::conflict);
}

TEST(Evidence, RefusesAnotherCheckpointOfTheSameSize) {
    TempFolder folder;
    auto kept = opened(folder.path());
    ASSERT_TRUE(kept->put_cosigned(5, cosigned_by(5, "north")));
    auto other = Checkpoint{origin, 5, id<Digest>(99)}.sign(key_from(1)) + line_of("north", "then");
    auto put = kept->put_cosigned(5, other);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().fault, schema::Fault::conflict);
    EXPECT_EQ((*kept->cosigned(5))->note, cosigned_by(5, "north"));
}

TEST(Evidence, RefusesAStoreThatWasRolledBackLostOrLeftWithoutItsMark) {
    TempFolder folder;
    auto ledger = folder / "l";
    fs::create_directory(ledger);
    for (uint64_t size = 1; size <= 3; ++size) {
        ASSERT_TRUE(opened(ledger)->put_cosigned(size, cosigned_by(size, "north")));
        copy_folder(ledger, folder / std::to_string(size));
    }
    auto refused = [&](const char* what) {
        for (bool looking : {false, true}) {
            auto again = looking ? Evidence::open_read_only(ledger) : Evidence::open(ledger);
            ASSERT_FALSE(again) << what;
            EXPECT_EQ(again.error().fault, schema::Fault::corrupt) << what;
        }
    };
    copy_folder(folder / "2/evidence", ledger + "/evidence");
    refused("rolled back");
    copy_folder(folder / "3/evidence", ledger + "/evidence");
    EXPECT_TRUE(opened(ledger));
    fs::remove_all(ledger + "/evidence");
    refused("lost");
    EXPECT_FALSE(fs::exists(ledger + "/evidence")) << "and not made anew";
    copy_folder(folder / "3/evidence", ledger + "/evidence");
    fs::remove(ledger + "/evidence.mark");
    refused("without its mark");
}

TEST(Evidence, IsMadeWhereAProcessEndedBeforeItHeldAnything) {
    TempFolder folder;
    auto none = Evidence::open_read_only(folder.path());
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    { auto mark = Mark::open(folder / "evidence.mark", true).value(); }
    none = Evidence::open_read_only(folder.path());
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    fs::create_directory(folder / "evidence");
    EXPECT_TRUE(opened(folder.path())->put_cosigned(1, note_of(1)));
    EXPECT_EQ((*opened(folder.path())->newest())->size, 1u);
}

TEST(Evidence, LetsAReaderLookWhileItIsWritten) {
    TempFolder folder;
    auto kept = opened(folder.path());
    ASSERT_TRUE(kept->put_cosigned(1, note_of(1)));
    auto before = fs::last_write_time(folder / "evidence");
    auto looking = Evidence::open_read_only(folder.path());
    ASSERT_TRUE(looking && *looking);
    EXPECT_EQ((*(*looking)->newest())->size, 1u);
    EXPECT_EQ(fs::last_write_time(folder / "evidence"), before) << "a reader leaves no trace";
}

TEST(Evidence, CountsEveryWriteOfManyThreads) {
    TempFolder folder;
    {
        auto kept = opened(folder.path());
        std::vector<std::thread> threads;
        for (uint64_t thread = 0; thread < 4; ++thread)
            threads.emplace_back([&, thread] {
                for (uint64_t size = 1; size <= 20; ++size)
                    EXPECT_TRUE(kept->put_cosigned(size, cosigned_by(size, "wit" + std::to_string(thread))));
            });
        for (auto& thread : threads) thread.join();
    }
    EXPECT_EQ(read_mark(folder / "evidence.mark")->size, 80u);
    auto kept = opened(folder.path());
    for (uint64_t size = 1; size <= 20; ++size) {
        auto note = (*kept->cosigned(size))->note;
        for (auto* witness : {"wit0", "wit1", "wit2", "wit3"}) EXPECT_NE(note.find(witness), note.npos);
    }
}

}  // namespace
