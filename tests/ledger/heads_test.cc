// The heads map: one root whatever the order, and a proof that only the true head satisfies.
#include "ledger/heads.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "ledger/small_book.h"

namespace {

using namespace ledger;
using test::id;

struct Head {
    StreamId stream;
    uint64_t revision;
    Digest event;
};

std::vector<Head> heads_of(size_t n, uint64_t seed) {
    std::vector<Head> heads;
    for (uint64_t i = 0; i < n; ++i) heads.push_back({id<StreamId>(seed * 1000 + i), i + 1, id<Digest>(i)});
    return heads;
}

HeadsMap map_of(const std::vector<Head>& heads) {
    HeadsMap map;
    for (auto& head : heads) map.set(head.stream, head.revision, head.event);
    return map;
}

// The definition at the top of heads.h, word for word.
Digest naive(std::vector<std::pair<Digest, Digest>> leaves, unsigned depth) {  // path, leaf
    if (leaves.empty()) return Digest{};
    if (leaves.size() == 1) return leaves[0].second;
    std::vector<std::pair<Digest, Digest>> left, right;
    for (auto& each : leaves) ((each.first[depth / 8] >> (7 - depth % 8) & 1) ? right : left).push_back(each);
    return node_hash(naive(left, depth + 1), naive(right, depth + 1));
}
Digest naive(const std::vector<Head>& heads) {
    std::vector<std::pair<Digest, Digest>> leaves;
    for (auto& head : heads) {
        std::string text = std::string(1, '\0') + "caseledger/head/v1\n" + std::string(head.stream.view());
        for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(head.revision >> shift);
        text += head.event.view();
        leaves.emplace_back(sha256(schema::as_bytes(head.stream.view())), sha256(schema::as_bytes(text)));
    }
    return naive(leaves, 0);
}

TEST(HeadsMap, HasTheRootOfItsDefinition) {
    for (size_t n : {0, 1, 2, 3, 10, 100, 500}) EXPECT_EQ(map_of(heads_of(n, 1)).root(), naive(heads_of(n, 1))) << n;
}

RC_GTEST_PROP(HeadsMap, RootDoesNotDependOnTheOrderOfInsertionNorOnEarlierHeads, ()) {
    auto n = *rc::gen::inRange<size_t>(1, 60);
    auto heads = heads_of(n, *rc::gen::inRange<uint64_t>(0, 1'000'000));
    auto root = map_of(heads).root();
    auto shuffled = heads;
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(*rc::gen::arbitrary<uint64_t>()));
    HeadsMap map;
    for (auto& head : shuffled) {
        map.set(head.stream, 77, id<Digest>(99));
        map.set(head.stream, head.revision, head.event);
    }
    RC_ASSERT(map.root() == root);
    RC_ASSERT(map.size() == n);
}

RC_GTEST_PROP(HeadsMap, ProofsVerifyForTheHeadAndForNothingElse, ()) {
    auto heads = heads_of(*rc::gen::inRange<size_t>(1, 80), *rc::gen::inRange<uint64_t>(0, 1'000'000));
    auto map = map_of(heads);
    auto head = heads[*rc::gen::inRange<size_t>(0, heads.size())];
    auto proof = map.prove(head.stream);
    RC_ASSERT(HeadsMap::verify(head.stream, head.revision, head.event, proof, map.root()));
    RC_ASSERT(!HeadsMap::verify(head.stream, head.revision + 1, head.event, proof, map.root()));
    RC_ASSERT(!HeadsMap::verify(head.stream, head.revision - 1, head.event, proof, map.root()));
    RC_ASSERT(!HeadsMap::verify(id<StreamId>(5), head.revision, head.event, proof, map.root()));
    auto bit = *rc::gen::inRange<size_t>(0, (proof.size() + 2) * 256);
    auto root = map.root();
    Digest& target = bit / 256 < proof.size() ? proof[bit / 256] : bit / 256 == proof.size() ? root : head.event;
    target[bit % 256 / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    RC_ASSERT(!HeadsMap::verify(head.stream, head.revision, head.event, proof, root));
}

RC_GTEST_PROP(HeadsMap, AFollowerIsACopyAfterEachRound, ()) {
    auto heads = heads_of(*rc::gen::inRange<size_t>(1, 80), *rc::gen::inRange<uint64_t>(0, 1'000'000));
    HeadsMap map, follower;
    for (auto rounds = *rc::gen::inRange(1, 6); rounds > 0; --rounds) {
        std::vector<const Head*> set;
        for (auto& head : heads)
            if (*rc::gen::arbitrary<bool>()) {
                map.set(head.stream, head.revision + static_cast<uint64_t>(rounds), head.event);
                set.push_back(&head);
            }
        for (auto* head : set) follower.follow(map, head->stream);
        RC_ASSERT(follower.root() == map.root());
        RC_ASSERT(follower.size() == map.size());
        for (auto* head : set) RC_ASSERT(follower.prove(head->stream) == map.prove(head->stream));
    }
}

TEST(HeadsMap, RefusesAProofLongerThanAPath) {
    auto map = map_of(heads_of(1, 1));
    EXPECT_FALSE(HeadsMap::verify(heads_of(1, 1)[0].stream, 1, id<Digest>(0), std::vector<Digest>(257), map.root()));
}

}  // namespace
