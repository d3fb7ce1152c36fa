// The tree in tiles: their names, what is in them, what an export writes and what a check of a folder finds.
#include "ledger/tiles.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/rocks_log.h"
#include "ledger/small_book.h"
#include "ledger/tile_check.h"
#include "ledger/tile_export.h"

namespace {

using namespace ledger;
using test::key_from;
namespace fs = std::filesystem;

std::vector<std::string> segments(const std::string& text) {
    std::vector<std::string> all;
    std::stringstream stream(text);
    for (std::string segment; std::getline(stream, segment, '/');) all.push_back(segment);
    if (text.ends_with('/')) all.emplace_back();
    return all;
}

TEST(TilePath, IsSpelledAsTheSpecificationSpellsIt) {
    EXPECT_EQ((TilePath{0, 1234067, 8}.text()), "tile/0/x001/x234/067.p/8");
    EXPECT_EQ((TilePath{1, 0, 256}.text()), "tile/1/000");
    EXPECT_EQ((TilePath{std::nullopt, 1000, 256}.text()), "tile/entries/x001/000");
    EXPECT_EQ(parse_tile_path(segments("0/x001/x234/067.p/8")), (TilePath{0, 1234067, 8}));
    EXPECT_EQ(parse_tile_path(segments("entries/067")), (TilePath{std::nullopt, 67, 256}));
}

RC_GTEST_PROP(TilePath, ComesBackFromItsName, ()) {
    TilePath path{*rc::gen::inRange(0u, 64u), *rc::gen::arbitrary<uint64_t>() % 1'000'000'000'000'000,
                  *rc::gen::inRange(1u, 257u)};
    RC_ASSERT(parse_tile_path(segments(path.text().substr(5))) == path);
}

TEST(TilePath, HasNoOtherSpelling) {
    for (auto* bad : {"",
                      "0",
                      "0/",
                      "64/000",
                      "00/000",
                      "-1/000",
                      "x/000",
                      "0/0",
                      "0/0000",
                      "0/x000/001",
                      "0/001/002",
                      "0/x001",
                      "0/x001/x002",
                      "0/1/067",
                      "0/067.p",
                      "0/067.p/",
                      "0/067.p/0",
                      "0/067.p/256",
                      "0/067.p/08",
                      "0/067.p/8/9",
                      "0/.p/8",
                      "0/x001.p/8",
                      "0/067/8",
                      "entries",
                      "data/000",
                      "0/00a",
                      "0/X001/002",
                      "0/x999/x999/x999/x999/x999/x999/999",
                      "0/+67",
                      "0/ 67"})
        EXPECT_FALSE(parse_tile_path(segments(bad))) << bad;
}

TEST(Tiles, AreAsManyAndAsWideAsTheSpecificationSays) {
    EXPECT_EQ(tile_width_at(0, 272, 70000), 256u);
    EXPECT_EQ(tile_width_at(0, 273, 70000), 112u);
    EXPECT_EQ(tile_width_at(0, 274, 70000), 0u);
    EXPECT_EQ(tile_width_at(1, 0, 70000), 256u);
    EXPECT_EQ(tile_width_at(1, 1, 70000), 17u);
    EXPECT_EQ(tile_width_at(2, 0, 70000), 1u);
    EXPECT_EQ(tile_width_at(3, 0, 70000), 0u);
    EXPECT_EQ(tile_width_at(0, 0, 256), 256u);
    EXPECT_EQ(tile_width_at(0, 1, 256), 0u);
    EXPECT_EQ(tile_width_at(1, 0, 256), 1u);
    EXPECT_EQ(tile_width_at(7, 0, ~uint64_t{0}), 255u);
    EXPECT_EQ(tile_width_at(63, 0, ~uint64_t{0}), 0u);
}

TEST(Tiles, BundleHoldsWhatTwoBytesOfLengthCanSay) {
    std::string bundle, longest(65535, 'a'), longer(65536, 'a');
    ASSERT_TRUE(add_to_bundle(bundle, schema::as_bytes("x")));
    ASSERT_TRUE(add_to_bundle(bundle, {}));
    ASSERT_TRUE(add_to_bundle(bundle, schema::as_bytes(longest)));
    EXPECT_FALSE(add_to_bundle(bundle, schema::as_bytes(longer)));
    EXPECT_EQ(bundle.substr(0, 7), std::string("\0\1x\0\0\xff\xff", 7));
    auto leaves = bundle_leaves(bundle).value();
    ASSERT_EQ(leaves.size(), 3u);
    EXPECT_EQ(leaves[2], leaf_hash(schema::as_bytes(longest)));
    EXPECT_FALSE(bundle_leaves(bundle.substr(0, bundle.size() - 1)));
    EXPECT_FALSE(bundle_leaves(std::string(1, '\0')));
}

// A log of `size` records in the real store, its tiles in a folder, and what was told of both.
struct Exported {
    explicit Exported(uint64_t size) {
        log = open_rocks_log(folder / "book", test::origin, {nullptr, true, false, false}).value();
        grow(size);
    }
    void grow(uint64_t by) {
        std::vector<Record> batch;
        for (uint64_t i = 0; i < by; ++i) {
            auto entry = "entry " + std::to_string(edge.size());
            edge.append(leaf_hash(schema::as_bytes(entry)));
            batch.push_back({entry, ""});
        }
        if (by == 0) return;
        ASSERT_TRUE(log->append(log->head(), batch, edge.root()));
    }
    std::string note() const { return Checkpoint{test::origin, edge.size(), edge.root()}.sign(key_from(3)); }
    schema::Result<TileExport> write(bool entries = true) { return export_tiles(*log, note(), out(), {entries, {}}); }
    TileReport check(bool entries = true) const {
        const VerifierKey keys[] = {{test::origin, KeyType::ed25519, key_from(3).public_key()}};
        return check_tiles(out(), keys, {entries, {}}).value();
    }
    std::string out() const { return folder / "out"; }
    std::string place(const std::string& path) const { return out() + "/" + path; }
    void flip(const std::string& path, size_t byte) const {
        auto bytes = test::read_all(place(path));
        ASSERT_GT(bytes.size(), byte) << path;
        bytes[byte] = static_cast<char>(bytes[byte] ^ 1);
        test::write_all(place(path), bytes);
    }
    test::TempFolder folder;
    std::unique_ptr<Log> log;
    Edge edge;
};

std::string told(const TileReport& report) {
    std::string all;
    for (auto& finding : report.findings) all += finding.path + " " + finding.what + "\n";
    return all;
}

TEST(Tiles, HoldAtEverySizeAroundTheirEdges) {
    Exported book(0);
    ASSERT_TRUE(book.write());
    EXPECT_TRUE(book.check().findings.empty()) << told(book.check());
    for (uint64_t by : {1, 1, 253, 1, 1, 255, 1, 700}) {
        book.grow(by);
        auto done = book.write();
        ASSERT_TRUE(done) << done.error().text();
        auto report = book.check();
        EXPECT_TRUE(report.findings.empty()) << told(report);
        EXPECT_EQ(report.entries, book.edge.size());
        EXPECT_EQ(report.checkpoint.size, book.edge.size());
    }
}

TEST(Tiles, GoOnWhereAnExportStopped) {
    Exported book(1000);
    auto first = book.write().value();
    EXPECT_EQ(first.size, 1000u);
    EXPECT_EQ(first.written, 4u + 4 + 1);  // three full tiles and one that fills, their bundles, one of level 1
    auto before = fs::last_write_time(book.place("tile/0/001"));
    book.grow(1000);
    auto second = book.write().value();
    EXPECT_EQ(second.kept, 3u);
    EXPECT_EQ(second.written, 5u + 5 + 1);
    EXPECT_EQ(fs::last_write_time(book.place("tile/0/001")), before);
    EXPECT_TRUE(book.check().findings.empty());
    // The tiles that were filling are still there, for whoever has the first checkpoint.
    EXPECT_TRUE(fs::exists(book.place("tile/0/003.p/232")));
}

TEST(Tiles, OfAnotherBookAreNeverWrittenOver) {
    Exported book(600), other(600);
    ASSERT_TRUE(book.write());
    book.flip("tile/0/001", 5);
    book.grow(1);
    EXPECT_EQ(book.write().error().fault, schema::Fault::conflict);
    auto foreign = Checkpoint{"other.example", 600, other.edge.root()}.sign(key_from(3));
    EXPECT_EQ(export_tiles(*other.log, foreign, other.out(), {}).error().fault, schema::Fault::conflict);
    test::write_all(book.place("checkpoint"), foreign);
    EXPECT_EQ(book.write().error().fault, schema::Fault::conflict);
    auto beyond = Checkpoint{test::origin, 601, other.edge.root()}.sign(key_from(3));
    EXPECT_EQ(export_tiles(*other.log, beyond, other.out(), {}).error().fault, schema::Fault::conflict);
}

TEST(Tiles, MayBeTheFullOnesOfALaterTree) {
    Exported book(300);
    ASSERT_TRUE(book.write());
    auto older = test::read_all(book.place("checkpoint"));
    book.grow(400);
    ASSERT_TRUE(book.write());
    test::write_all(book.place("checkpoint"), older);
    fs::remove_all(book.place("tile/0/001.p"));
    fs::remove_all(book.place("tile/entries/001.p"));
    auto report = book.check();
    EXPECT_TRUE(report.findings.empty()) << told(report);
    EXPECT_EQ(report.entries, 300u);
}

// 70,000 entries: the specification's own example, three levels high.
class TilesOfThreeLevels : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        book = new Exported(70000);
        ASSERT_TRUE(book->write());
    }
    static void TearDownTestSuite() { delete book; }
    // What is found when one byte of this file is another; the file is put right again.
    static TileReport with_flipped(const std::string& path, size_t byte) {
        book->flip(path, byte);
        auto report = book->check();
        book->flip(path, byte);
        return report;
    }
    static Exported* book;
};
Exported* TilesOfThreeLevels::book = nullptr;

TEST_F(TilesOfThreeLevels, HoldWithEveryEntry) {
    auto report = book->check();
    EXPECT_TRUE(report.findings.empty()) << told(report);
    EXPECT_EQ(report.entries, 70000u);
    EXPECT_EQ(report.tiles, 273u + 1 + 1 + 1 + 1);
}

TEST_F(TilesOfThreeLevels, NameTheOneThatIsWrong) {
    for (auto* path : {"tile/0/000", "tile/0/100", "tile/0/272", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1",
                       "tile/0/273.p/112"})
        for (size_t byte : {0, 31}) {
            auto report = with_flipped(path, byte);
            ASSERT_EQ(report.findings.size(), 1u) << path << "\n" << told(report);
            EXPECT_EQ(report.findings[0].path, path) << report.findings[0].what;
        }
    // Without the entries nothing tells which one of the right edge is wrong; that one is, the root does.
    book->flip("tile/0/273.p/112", 40);
    auto report = book->check(false);
    book->flip("tile/0/273.p/112", 40);
    ASSERT_EQ(report.findings.size(), 1u) << told(report);
    EXPECT_EQ(report.findings[0].path, "checkpoint");
    EXPECT_NE(report.findings[0].what.find("tile/0/273.p/112"), std::string::npos) << report.findings[0].what;
}

TEST_F(TilesOfThreeLevels, NameTheOneThatIsMissingOrCut) {
    for (auto* path : {"tile/0/100", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1", "tile/0/273.p/112",
                       "tile/entries/100", "tile/entries/273.p/112"}) {
        auto bytes = test::read_all(book->place(path));
        for (auto& instead : {std::string(), bytes.substr(0, bytes.size() - 1), bytes + "x"}) {
            test::write_all(book->place(path), instead);
            auto report = book->check();
            ASSERT_EQ(report.findings.size(), 1u) << path << "\n" << told(report);
            EXPECT_EQ(report.findings[0].path, path) << report.findings[0].what;
        }
        fs::remove(book->place(path));
        auto report = book->check();
        test::write_all(book->place(path), bytes);
        ASSERT_EQ(report.findings.size(), 1u) << path << "\n" << told(report);
        EXPECT_EQ(report.findings[0].path, path);
        EXPECT_EQ(report.findings[0].what, "is missing");
    }
}

TEST_F(TilesOfThreeLevels, NameTheEntryThatIsAnother) {
    auto report = with_flipped("tile/entries/100", 2);
    ASSERT_EQ(report.findings.size(), 1u) << told(report);
    EXPECT_EQ(report.findings[0].path, "tile/entries/100");
    EXPECT_NE(report.findings[0].what.find("25600"), std::string::npos) << report.findings[0].what;
    EXPECT_EQ(report.entries, 69999u);
}

TEST_F(TilesOfThreeLevels, AreNotThoseOfAnotherCheckpoint) {
    auto good = test::read_all(book->place("checkpoint"));
    test::write_all(book->place("checkpoint"),
                    Checkpoint{test::origin, 70000, leaf_hash(schema::as_bytes("other"))}.sign(key_from(3)));
    auto report = book->check();
    ASSERT_EQ(report.findings.size(), 1u) << told(report);
    EXPECT_EQ(report.findings[0].path, "checkpoint");
    test::write_all(book->place("checkpoint"), good);
    const VerifierKey keys[] = {{test::origin, KeyType::ed25519, key_from(4).public_key()}};
    EXPECT_FALSE(check_tiles(book->out(), keys, {}));
}

TEST(Tiles, OfTheIndexAreThoseOfTheEntries) {
    test::TempFolder folder;
    auto book = test::make(folder / "ledger");
    test::Author().write(*book, 300, 50);
    auto first = book->tile(0, 0, 256).value();
    for (uint64_t i = 0; i < 256; ++i) EXPECT_EQ(first[i], book->entry(i)->leaf());
    EXPECT_EQ(book->tile(0, 1, 44).value().back(), book->entry(299)->leaf());
    EXPECT_EQ(book->tile(1, 0, 1).value().at(0), root_over(first));
    EXPECT_EQ(book->tile(0, 1, 3).value().size(), 3u);
    EXPECT_FALSE(book->tile(0, 1, 45));
    EXPECT_FALSE(book->tile(0, 2, 1));
    EXPECT_FALSE(book->tile(9, 0, 1));
    EXPECT_FALSE(book->tile(0, 0, 0));
}

TEST(Tiles, OfAFolderAreUnderTheCheckpointOfItsMark) {
    test::TempFolder folder;
    auto path = folder / "ledger";
    auto book = test::make(path);
    test::Author().write(*book, 20);
    auto mark = read_mark(path + "/mark").value();
    auto log = open_rocks_log(path + "/book", "", {nullptr, false, true, true}).value();
    auto note = checkpoint_at(mark, path, *log).value();
    EXPECT_EQ(note, book->published()->checkpoint);
    ASSERT_TRUE(export_tiles(*log, note, folder / "out", {true, {}}));
    const VerifierKey keys[] = {{test::origin, KeyType::ed25519, book->checkpoint_key()}};
    EXPECT_TRUE(check_tiles(folder / "out", keys, {true, {}}).value().findings.empty());
}

}  // namespace
