#include "ledger/tile_store.h"

#include <rocksdb/db.h>

#include <random>

#include "ledger/small_book.h"
#include "ledger/tiles.h"

namespace {

using namespace test;
using ledger::Digest;

// A store over so many leaves, and the leaves.
struct Tree {
    TempFolder folder;
    std::unique_ptr<rocksdb::DB> db;
    std::unique_ptr<ledger::TileStore> store;
    std::vector<Digest> leaves;
    ledger::Edge edge;

    Tree() {
        rocksdb::Options options;
        options.create_if_missing = true;
        rocksdb::DB* raw = nullptr;
        EXPECT_TRUE(rocksdb::DB::Open(options, folder / "db", &raw).ok());
        db.reset(raw);
        store = std::make_unique<ledger::TileStore>(*db);
    }
    void grow(uint64_t size) {
        auto lock = store->lock();
        rocksdb::WriteBatch batch;
        while (leaves.size() < size) {
            auto number = std::to_string(leaves.size());
            leaves.push_back(ledger::leaf_hash(schema::as_bytes(number)));
            edge.append(leaves.back());
            store->push(leaves.back(), batch);
        }
        EXPECT_TRUE(db->Write({}, &batch).ok());
    }
    // Remembers nothing but the rows, and what is filling as its owner works it out again; of up to 65,536 leaves.
    void open_again() {
        store = std::make_unique<ledger::TileStore>(*db);
        auto full = leaves.size() / ledger::tile_width;
        std::vector<Digest> roots;
        for (size_t i = 0; i < full; ++i)
            roots.push_back(ledger::root_over({&leaves[i * ledger::tile_width], ledger::tile_width}));
        store->fill(0, full, {leaves.begin() + static_cast<std::ptrdiff_t>(full * ledger::tile_width), leaves.end()});
        store->fill(1, 0, roots);
    }
    void expect_proofs(uint64_t leaf) const {
        auto proof = ledger::inclusion_proof(leaf, leaves.size(), store->subtrees());
        ASSERT_TRUE(proof) << proof.error().text();
        EXPECT_TRUE(ledger::verify_inclusion(leaf, leaves.size(), leaves[leaf], *proof, edge.root())) << leaf;
    }
};

TEST(TileStore, GivesEveryNodeOfTheTree) {
    Tree tree;
    tree.grow(1000);
    for (bool from_rows : {false, true}) {
        if (from_rows) tree.open_again();
        auto subtree = tree.store->subtrees();
        for (unsigned level = 0; level < 10; ++level)
            for (uint64_t i = 0; (i + 1) << level <= tree.leaves.size(); ++i)
                EXPECT_EQ(subtree(level, i).value(),
                          ledger::root_over({tree.leaves.data() + (i << level), uint64_t{1} << level}))
                    << level << " " << i;
        EXPECT_FALSE(subtree(9, 1)) << "it is not complete";
        EXPECT_FALSE(subtree(0, 1000));
    }
}

TEST(TileStore, ProvesEveryLeafAtEverySmallSize) {
    Tree tree;
    for (uint64_t size : {1, 2, 3, 255, 256, 257, 511, 512, 513, 1300}) {
        tree.grow(size);
        for (uint64_t leaf = 0; leaf < size; leaf += 1 + size / 50) tree.expect_proofs(leaf);
    }
}

TEST(TileStore, ProvesThroughFullTilesOfEveryLevel) {
    Tree tree;
    tree.grow(3 * 65'536 + 300);
    std::mt19937_64 chance(7);
    for (int i = 0; i < 500; ++i) tree.expect_proofs(chance() % tree.leaves.size());
    for (uint64_t size : {uint64_t{65'536}, uint64_t{65'537}, uint64_t{131'072}, uint64_t{196'000}}) {
        ledger::Edge edge;
        for (uint64_t i = 0; i < size; ++i) edge.append(tree.leaves[i]);
        EXPECT_EQ(ledger::root_at(size, tree.store->subtrees()).value(), edge.root());
    }
    EXPECT_EQ(tree.store->tile(0, 5)->size(), ledger::tile_width);
    EXPECT_EQ(tree.store->tile(2, 0)->size(), 3u);
}

TEST(TileStore, RefusesARowOfAnotherLength) {
    Tree tree;
    tree.grow(600);
    std::string key = std::string("t") + std::string(9, '\0'), row;
    ASSERT_TRUE(tree.db->Get({}, key, &row).ok());
    for (size_t length : {size_t{0}, size_t{8192}, row.size() - 1}) {
        ASSERT_TRUE(tree.db->Put({}, key, row.substr(0, length)).ok());
        tree.open_again();
        auto broken = tree.store->subtrees()(0, 3);
        ASSERT_FALSE(broken);
        EXPECT_EQ(broken.error().fault, schema::Fault::corrupt);
    }
}

TEST(TileStore, GoesOnWithATileThatWasFilling) {
    Tree tree;
    tree.grow(700);
    tree.open_again();
    EXPECT_EQ(ledger::root_at(700, tree.store->subtrees()).value(), tree.edge.root());
    for (uint64_t size : {768, 769, 1024, 65'536, 65'537, 66'000}) {
        tree.grow(size);
        for (uint64_t leaf = 0; leaf < size; leaf += 1 + size / 50) tree.expect_proofs(leaf);
    }
}

}  // namespace
