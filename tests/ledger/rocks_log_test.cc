#include "ledger/rocks_log.h"

#include <rocksdb/db.h>

#include "ledger/small_book.h"

namespace {

using namespace test;
using ledger::open_rocks_log;

// Every third entry has words, and a long stretch has none.
std::unique_ptr<ledger::Log> written(const std::string& path) {
    auto log = open_rocks_log(path, "ledger.eastmere.example/walk", {.create = true, .sync = false}).value();
    std::vector<ledger::Record> batch;
    for (int i = 0; i < 300; ++i)
        batch.push_back(
            {"entry " + std::to_string(i), i % 3 || (i > 90 && i < 210) ? "" : "words " + std::to_string(i)});
    EXPECT_TRUE(log->append(log->head(), batch, ledger::sha256(schema::as_bytes("root"))));
    return log;
}

TEST(RocksLog, AWalkOverWordsGivesEachAsItIsGivenAlone) {
    TempFolder folder;
    auto log = written(folder / "book");
    for (uint64_t step : {1, 2, 7, 100}) {
        auto walk = log->walk_words();
        for (uint64_t at = 0; at < 300; at += step) EXPECT_EQ(walk->at(at).value(), log->words(at).value()) << at;
        EXPECT_EQ(walk->at(299).value(), log->words(299).value()) << "again, behind the last";
        EXPECT_EQ(walk->at(3).value(), "words 3") << "and back";
    }
}

TEST(RocksLog, SaysThatAStoreOfAnotherFormatIsOne) {
    TempFolder folder;
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, folder / "book", &raw).ok());
    std::unique_ptr<rocksdb::DB> one(raw);
    ASSERT_TRUE(one->Put({}, "f", "1").ok());
    one.reset();
    for (bool read_only : {true, false}) {
        auto log = open_rocks_log(folder / "book", "", {.read_only = read_only});
        ASSERT_FALSE(log);
        EXPECT_EQ(log.error().fault, schema::Fault::corrupt);
        EXPECT_NE(log.error().text().find("another format"), std::string::npos) << log.error().text();
    }
}

TEST(RocksLog, AWalkOverWordsKnowsTheEntriesThatWereThereWhenItBegan) {
    TempFolder folder;
    auto log = written(folder / "book");
    auto walk = log->walk_words();
    std::vector<ledger::Record> more{{"entry 300", "words 300"}};
    ASSERT_TRUE(log->append(log->head(), more, ledger::sha256(schema::as_bytes("next"))));
    EXPECT_EQ(walk->at(297).value(), "words 297");
    EXPECT_EQ(walk->at(300).value(), "");
    EXPECT_EQ(log->walk_words()->at(300).value(), "words 300");
}

}  // namespace
