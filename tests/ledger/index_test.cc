// The index is worked out from the log alone: made again it is the same, at every size and through every tile.
#include "ledger/index.h"

#include <capnp/message.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/compaction.h"
#include "ledger/small_book.h"

namespace {

using namespace ledger;
using namespace test;

// A log of made-up entries; the index needs nothing but their bytes.
class Numbers final : public Log {
  public:
    uint64_t size = 0;
    static std::string entry_of(uint64_t position) { return "entry " + std::to_string(position); }
    schema::Result<void> append(const LogHead&, std::span<const Record>, const Digest&) override { return {}; }
    schema::Result<void> read(uint64_t from, uint64_t to, const Take& take) const override {
        for (uint64_t at = from; at < to && at < size; ++at)
            if (!take(at, schema::as_bytes(entry_of(at)))) return {};
        return {};
    }
    schema::Result<std::string> entry(uint64_t position) const override { return entry_of(position); }
    schema::Result<std::string> words(uint64_t) const override { return std::string(); }
    bool wait(uint64_t, std::chrono::milliseconds) const override { return false; }
    LogHead head() const override { return {size, {}}; }
    std::string durability() const override { return "none"; }
};

void grow(Index& index, Numbers& log, uint64_t size) {
    for (uint64_t at = index.size(); at < size; ++at) {
        auto entry = Numbers::entry_of(at);
        auto stream = id<StreamId>(at % 7);
        auto event = sha256(schema::as_bytes(entry));
        index.set_head(stream, at / 7 + 1, event);
        capnp::MallocMessageBuilder message;
        auto said = message.initRoot<schema::Event>();
        auto said_id = id<EventId>(at);
        said.setStream(schema::data_of(schema::as_bytes(stream.view())));
        said.setId(schema::data_of(schema::as_bytes(said_id.view())));
        said.getFact().initCaseNoteAdded();
        index.add(said.asReader(), at / 7 + 1, event, leaf_hash(schema::as_bytes(entry)));
        log.size = at + 1;
        if (at % 500 == 499) {
            ASSERT_TRUE(index.commit());
        }
    }
    ASSERT_TRUE(index.commit());
}

Digest naive(uint64_t from, uint64_t to) {
    if (to - from == 1) return leaf_hash(schema::as_bytes(Numbers::entry_of(from)));
    uint64_t k = std::bit_floor(to - from - 1);
    return node_hash(naive(from, from + k), naive(from + k, to));
}

void expect_sound(const Index& index, uint64_t size) {
    auto subtrees = index.tiles().subtrees();
    auto root = index.root();
    for (uint64_t at : {uint64_t{0}, size / 3, size / 2, size - 1}) {
        auto proof = inclusion_proof(at, size, subtrees);
        ASSERT_TRUE(proof) << size << " " << at << ": " << proof.error().text();
        ASSERT_TRUE(verify_inclusion(at, size, leaf_hash(schema::as_bytes(Numbers::entry_of(at))), *proof, root));
    }
    for (uint64_t old : {uint64_t{1}, size / 2 + 1, size}) {
        if (old > size) continue;
        auto proof = consistency_proof(old, size, subtrees);
        ASSERT_TRUE(proof) << size << " " << old << ": " << proof.error().text();
        ASSERT_TRUE(verify_consistency(old, size, root_at(old, subtrees).value(), root, *proof));
    }
}

TEST(Index, ReopensWithTheSameRootHeadsAndProofsAtEverySizeAroundATile) {
    TempFolder folder;
    Numbers log;
    auto index = Index::open(folder / "index", log).value();
    for (uint64_t size : {1, 2, 255, 256, 257, 258, 511, 512, 513, 1023, 1024, 1025, 5000}) {
        grow(*index, log, size);
        ASSERT_EQ(index->root(), naive(0, size));
        auto heads = index->heads().root();
        ASSERT_TRUE(index->flush());
        index.reset();
        auto again = Index::open(folder / "index", log);
        ASSERT_TRUE(again) << size << ": " << again.error().text();
        index = *std::move(again);
        ASSERT_EQ(index->size(), size);
        ASSERT_EQ(index->root(), naive(0, size));
        ASSERT_EQ(index->heads().root(), heads);
        expect_sound(*index, size);
        ASSERT_EQ(index->committed_position_of(id<EventId>(size - 1)).value(), size - 1);
    }
}

TEST(Index, ReopensBeyondTheSecondLevelOfTiles) {
    TempFolder folder;
    Numbers log;
    auto index = Index::open(folder / "index", log).value();
    for (uint64_t size : {65'535, 65'536, 65'537, 66'000}) {
        grow(*index, log, size);
        auto root = index->root();
        ASSERT_TRUE(index->flush());
        index.reset();
        auto again = Index::open(folder / "index", log);
        ASSERT_TRUE(again) << size << ": " << again.error().text();
        index = *std::move(again);
        ASSERT_EQ(index->root(), root);
        expect_sound(*index, size);
    }
    EXPECT_EQ(index->root(), naive(0, 66'000));
}

// More files than an index of every day would leave unmerged, with and without what merges them.
TEST(Index, FilledInBulkIsTheSameForEveryDay) {
    for (bool compacted : {false, true}) {
        TempFolder folder;
        Numbers log;
        for (uint64_t size = 100; size <= 1500; size += 100) {
            auto index = Index::open(folder / "index", log, Index::Use::bulk).value();
            grow(*index, log, size);
            ASSERT_TRUE(index->flush());
        }
        ASSERT_TRUE(!compacted || compact_store(folder / "index"));
        auto index = Index::open(folder / "index", log).value();
        ASSERT_EQ(index->root(), naive(0, 1500));
        expect_sound(*index, 1500);
        for (uint64_t position : {0, 99, 100, 1499})
            ASSERT_EQ(index->committed_position_of(id<EventId>(position)).value(), position);
        grow(*index, log, 1600);
        ASSERT_EQ(index->root(), naive(0, 1600));
    }
}

TEST(Index, RefusesToKnowMoreThanTheBookHolds) {
    TempFolder folder;
    Numbers log;
    {
        auto index = Index::open(folder / "index", log).value();
        grow(*index, log, 10);
        ASSERT_TRUE(index->flush());
    }
    log.size = 9;
    EXPECT_FALSE(Index::open(folder / "index", log));
}

RC_GTEST_PROP(Index, ListsAStreamsPositionsFromAnyRevisionInOrder, ()) {
    TempFolder folder;
    Numbers log;
    auto index = Index::open(folder / "index", log).value();
    grow(*index, log, 70);
    auto stream = *rc::gen::inRange<uint64_t>(0, 7);
    auto from = *rc::gen::inRange<uint64_t>(1, 14);
    auto limit = *rc::gen::inRange<size_t>(1, 14);
    auto positions = index->positions(id<StreamId>(stream), from, limit).value();
    RC_ASSERT(positions.size() == std::min<size_t>(limit, from > 10 ? 0 : 11 - from));
    for (size_t i = 0; i < positions.size(); ++i) RC_ASSERT(positions[i] == (from - 1 + i) * 7 + stream);
}

}  // namespace
