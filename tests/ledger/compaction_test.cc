#include "ledger/compaction.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/keys.h"
#include "ledger/rocks_log.h"

namespace {

namespace fs = std::filesystem;

TEST(Compaction, LeavesEveryRowAndNoLogAndKeepsOffAnOpenStore) {
    auto folder = fs::temp_directory_path() / ("caseledger-compaction-" + ledger::random_id<schema::EventId>().hex());
    auto text = [](int i) { return std::string(500, static_cast<char>('a' + i % 7)) + std::to_string(i); };
    std::vector<ledger::Record> batch;
    for (int i = 0; i < 500; ++i) batch.push_back({text(i), ""});
    auto root = ledger::sha256(schema::as_bytes("root"));
    {
        auto log = *ledger::open_rocks_log(folder, "o", {nullptr, true, true, false});
        ASSERT_TRUE(log->append(log->head(), batch, root));
        EXPECT_EQ(ledger::compact_store(folder).error().fault, schema::Fault::io);
    }
    auto done = ledger::compact_store(folder);
    ASSERT_TRUE(done) << done.error().text();
    uint64_t bytes = 0;
    for (auto& file : fs::directory_iterator(folder))
        if (file.path().extension() == ".log") bytes += file.file_size();
    EXPECT_EQ(bytes, 0u);
    auto log = *ledger::open_rocks_log(folder, "o", {nullptr, false, true, true});
    EXPECT_EQ(log->head().root, root);
    for (uint64_t i = 0; i < batch.size(); ++i) EXPECT_EQ(*log->entry(i), batch[i].entry);
    EXPECT_FALSE(ledger::store_version().empty());
    log.reset();
    fs::remove_all(folder);
}

}  // namespace
