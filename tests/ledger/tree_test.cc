// The Merkle tree against the definition written out naively, for random sizes and every changed bit.
#include "ledger/tree.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace {

using namespace ledger;

Digest leaf(uint64_t i) {
    auto text = "leaf " + std::to_string(i);
    return leaf_hash(schema::as_bytes(text));
}

// MTH of RFC 6962 2.1, word for word.
Digest naive(uint64_t from, uint64_t to) {
    if (from == to) return empty_root();
    if (to - from == 1) return leaf(from);
    uint64_t k = 1;
    while (k * 2 < to - from) k *= 2;
    return node_hash(naive(from, from + k), naive(from + k, to));
}

schema::Result<Digest> subtree(unsigned level, uint64_t index) { return naive(index << level, (index + 1) << level); }

Edge edge_of(uint64_t size) {
    Edge edge;
    for (uint64_t i = 0; i < size; ++i) edge.append(leaf(i));
    return edge;
}

TEST(Tree, EdgeRootIsTheNaiveRootForTheFirst300Sizes) {
    Edge edge;
    for (uint64_t size = 0; size <= 300; ++size) {
        ASSERT_EQ(edge.root(), naive(0, size)) << size;
        ASSERT_EQ(root_at(size, subtree).value(), edge.root()) << size;
        edge.append(leaf(size));
    }
}

RC_GTEST_PROP(Tree, EdgeRootIsTheNaiveRootForRandomSizes, ()) {
    auto size = *rc::gen::inRange<uint64_t>(0, 3000);
    RC_ASSERT(edge_of(size).root() == naive(0, size));
}

TEST(Tree, EveryInclusionProofOfEverySmallTreeVerifiesAndNoneForAnotherLeafOrSize) {
    for (uint64_t size = 1; size <= 40; ++size)
        for (uint64_t i = 0; i < size; ++i) {
            auto proof = inclusion_proof(i, size, subtree).value();
            auto root = naive(0, size);
            ASSERT_TRUE(verify_inclusion(i, size, leaf(i), proof, root));
            for (uint64_t j = 0; j < size; ++j)
                if (j != i) {
                    ASSERT_FALSE(verify_inclusion(j, size, leaf(j), proof, root));
                    ASSERT_FALSE(verify_inclusion(i, size, leaf(j), proof, root));
                }
            ASSERT_FALSE(verify_inclusion(size, size, leaf(i), proof, root));
        }
}

TEST(Tree, EveryConsistencyProofOfEverySmallPairVerifies) {
    for (uint64_t size = 1; size <= 40; ++size)
        for (uint64_t old = 1; old <= size; ++old) {
            auto proof = consistency_proof(old, size, subtree).value();
            ASSERT_TRUE(verify_consistency(old, size, naive(0, old), naive(0, size), proof)) << old << " " << size;
            if (old < size) {
                ASSERT_FALSE(verify_consistency(old, size, naive(0, old), naive(0, old), proof));
            }
            ASSERT_FALSE(verify_consistency(0, size, empty_root(), naive(0, size), {}));
            ASSERT_FALSE(verify_consistency(size + 1, size, naive(0, size), naive(0, size), proof));
        }
}

RC_GTEST_PROP(Tree, InclusionProofsFailForAnyChangedBit, ()) {
    auto size = *rc::gen::inRange<uint64_t>(1, 2000);
    auto i = *rc::gen::inRange<uint64_t>(0, size);
    auto proof = inclusion_proof(i, size, subtree).value();
    auto root = edge_of(size).root(), hash = leaf(i);
    RC_ASSERT(verify_inclusion(i, size, hash, proof, root));
    auto bit = *rc::gen::inRange<size_t>(0, (proof.size() + 2) * 256);
    auto changed_proof = proof;
    auto changed_root = root, changed_leaf = hash;
    Digest& target = bit / 256 < proof.size()    ? changed_proof[bit / 256]
                     : bit / 256 == proof.size() ? changed_root
                                                 : changed_leaf;
    target[bit % 256 / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    RC_ASSERT(!verify_inclusion(i, size, changed_leaf, changed_proof, changed_root));
    if (!proof.empty()) {
        auto shorter = proof;
        shorter.pop_back();
        RC_ASSERT(!verify_inclusion(i, size, hash, shorter, root));
    }
    auto longer = proof;
    longer.push_back(root);
    RC_ASSERT(!verify_inclusion(i, size, hash, longer, root));
}

RC_GTEST_PROP(Tree, ConsistencyProofsFailForAnyChangedBit, ()) {
    auto size = *rc::gen::inRange<uint64_t>(2, 2000);
    auto old = *rc::gen::inRange<uint64_t>(1, size);
    auto proof = consistency_proof(old, size, subtree).value();
    auto old_root = edge_of(old).root(), root = edge_of(size).root();
    RC_ASSERT(verify_consistency(old, size, old_root, root, proof));
    auto bit = *rc::gen::inRange<size_t>(0, (proof.size() + 2) * 256);
    auto changed = proof;
    Digest& target = bit / 256 < proof.size() ? changed[bit / 256] : bit / 256 == proof.size() ? old_root : root;
    target[bit % 256 / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    RC_ASSERT(!verify_consistency(old, size, old_root, root, changed));
}

TEST(Tree, SizesUpTo64BitsNeitherOverflowNorLoop) {
    constexpr uint64_t most = ~uint64_t{0};
    Proof long_proof(64, leaf(1));
    EXPECT_FALSE(verify_inclusion(most - 1, most, leaf(0), long_proof, leaf(2)));
    EXPECT_FALSE(verify_inclusion(most, most, leaf(0), long_proof, leaf(2)));
    EXPECT_FALSE(verify_consistency(most - 1, most, leaf(0), leaf(1), long_proof));
    EXPECT_FALSE(verify_consistency(1, most, leaf(0), leaf(1), {}));
}

}  // namespace
