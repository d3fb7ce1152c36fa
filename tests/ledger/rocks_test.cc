#include "ledger/rocks.h"

#include <fstream>

#include "ledger/small_book.h"

namespace {

using namespace test;

std::unique_ptr<rocksdb::DB> make(const std::string& path) {
    std::unique_ptr<rocksdb::DB> db;
    auto options = ledger::rocks_options();
    options.create_if_missing = true;
    EXPECT_TRUE(ledger::open_rocks(options, path, false, db).ok());
    return db;
}

// RocksDB itself ends the process for one of these: what is told is told by us, before it looks.
TEST(Rocks, TellsEveryTopBitOfATablesEndWithoutEndingTheProcess) {
    TempFolder folder;
    auto path = folder / "store";
    auto db = make(path);
    ASSERT_TRUE(db);
    for (int i = 0; i < 100; ++i) db->Put({}, "key " + std::to_string(i), std::string(50, 'x'));
    ASSERT_TRUE(db->Flush({}).ok());
    db.reset();
    std::string table;
    for (auto& file : fs::directory_iterator(path))
        if (file.path().extension() == ".sst") table = file.path().string();
    ASSERT_TRUE(ledger::open_rocks({}, path, true, db).ok());

    size_t size = fs::file_size(table), told = 0;
    for (size_t at = size > 3000 ? size - 3000 : 0; at < size; ++at) {
        std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
        auto turn = [&] {
            char byte = 0;
            file.seekg(static_cast<std::streamoff>(at)).get(byte);
            file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(byte ^ 0x80)).flush();
        };
        turn();
        auto status = ledger::open_rocks({}, path, true, db);
        told += status.IsCorruption() && status.ToString().find("properties") != std::string::npos;
        turn();
    }
    EXPECT_GE(told, 1u);
    EXPECT_TRUE(ledger::open_rocks({}, path, true, db).ok());
}

// A process that is killed while a table is being written leaves as much of it as there was, and nobody knows the file.
TEST(Rocks, PassesOverATableThatWasNeverFinished) {
    TempFolder folder;
    auto path = folder / "store";
    auto db = make(path);
    ASSERT_TRUE(db);
    ASSERT_TRUE(db->Put({}, "key", "value").ok());
    db.reset();
    // Bytes which, were they a table's end, would claim the hash index at 995.
    std::string torn(10'000, '\x90');
    torn.replace(torn.size() - 52, 2, "\xe8\x07");
    write_all(path + "/000999.sst", torn);
    for (bool read_only : {true, false}) {
        auto status = ledger::open_rocks({}, path, read_only, db);
        ASSERT_TRUE(status.ok()) << status.ToString();
        std::string value;
        EXPECT_TRUE(db->Get({}, "key", &value).ok());
        db.reset();
    }
}

}  // namespace
