#include "ledger/tree.h"

#include <bit>

namespace ledger {
namespace {

// The largest power of two below n; n > 1.
uint64_t split(uint64_t n) { return std::bit_floor(n - 1); }

}  // namespace

void Edge::append(const Digest& leaf) {
    Digest hash = leaf;
    for (uint64_t n = size_; n & 1; n >>= 1) {
        hash = node_hash(subtrees_.back(), hash);
        subtrees_.pop_back();
    }
    subtrees_.push_back(hash);
    ++size_;
}

Digest Edge::root() const {
    if (size_ == 0) return empty_root();
    Digest root = subtrees_.back();
    for (size_t i = subtrees_.size() - 1; i-- > 0;) root = node_hash(subtrees_[i], root);
    return root;
}

Digest root_over(std::span<const Digest> hashes) {
    if (hashes.size() == 1) return hashes[0];
    auto half = hashes.size() / 2;
    return node_hash(root_over(hashes.first(half)), root_over(hashes.last(half)));
}

// Root of the leaves [from, to), where `from` is a multiple of a power of two that is at least to - from.
schema::Result<Digest> Prover::range_root(uint64_t from, uint64_t to) {
    uint64_t n = to - from;
    if (std::has_single_bit(n)) return subtree_(static_cast<unsigned>(std::countr_zero(n)), from / n);
    ASSERT(to == size_);  // the right edge: all else is complete
    auto& known = edge_[static_cast<size_t>(std::popcount(from))];
    if (known) return *known;
    uint64_t k = split(n);
    auto left = range_root(from, from + k);
    if (!left) return left;
    auto right = range_root(from + k, to);
    if (!right) return right;
    return *(known = node_hash(*left, *right));
}

schema::Result<Proof> Prover::inclusion(uint64_t leaf) {
    ASSERT(leaf < size_);
    Proof proof;
    TRY(include(leaf, 0, size_, proof));
    return proof;
}

schema::Result<void> Prover::include(uint64_t leaf, uint64_t from, uint64_t to, Proof& proof) {
    if (to - from == 1) return {};
    uint64_t middle = from + split(to - from);
    bool left = leaf < middle;
    TRY(include(leaf, left ? from : middle, left ? middle : to, proof));
    auto sibling = range_root(left ? middle : from, left ? to : middle);
    if (!sibling) return tl::unexpected(sibling.error());
    proof.push_back(*sibling);
    return {};
}

schema::Result<Proof> Prover::consistency(uint64_t old_size) {
    ASSERT(0 < old_size && old_size <= size_);
    Proof proof;
    TRY(subproof(old_size, 0, size_, true, proof));
    return proof;
}

// SUBPROOF of RFC 9162 2.1.4.1; `whole` while [from, ...) is still the old tree's own left edge.
schema::Result<void> Prover::subproof(uint64_t old_size, uint64_t from, uint64_t to, bool whole, Proof& proof) {
    if (old_size == to) {
        if (whole) return {};
        auto root = range_root(from, to);
        if (!root) return tl::unexpected(root.error());
        proof.push_back(*root);
        return {};
    }
    uint64_t middle = from + split(to - from);
    bool left = old_size <= middle;
    if (left) TRY(subproof(old_size, from, middle, whole, proof));
    else TRY(subproof(old_size, middle, to, false, proof));
    auto sibling = left ? range_root(middle, to) : range_root(from, middle);
    if (!sibling) return tl::unexpected(sibling.error());
    proof.push_back(*sibling);
    return {};
}

bool verify_inclusion(uint64_t leaf, uint64_t size, const Digest& leaf_digest, const Proof& proof, const Digest& root) {
    if (leaf >= size) return false;
    uint64_t fn = leaf, sn = size - 1;  // RFC 9162 2.1.3.2
    Digest hash = leaf_digest;
    for (const Digest& step : proof) {
        if (sn == 0) return false;
        if ((fn & 1) || fn == sn) {
            hash = node_hash(step, hash);
            while (!(fn & 1) && fn != 0) fn >>= 1, sn >>= 1;
        } else {
            hash = node_hash(hash, step);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash == root;
}

bool verify_consistency(uint64_t old_size, uint64_t size, const Digest& old_root, const Digest& root,
                        const Proof& proof) {
    if (old_size == 0 || old_size > size) return false;
    if (old_size == size) return proof.empty() && old_root == root;
    if (proof.empty()) return false;
    size_t next = 0;
    Digest fr = std::has_single_bit(old_size) ? old_root : proof[next++], sr = fr;  // RFC 9162 2.1.4.2
    uint64_t fn = old_size - 1, sn = size - 1;
    while (fn & 1) fn >>= 1, sn >>= 1;
    for (; next < proof.size(); ++next) {
        if (sn == 0) return false;
        const Digest& step = proof[next];
        if ((fn & 1) || fn == sn) {
            fr = node_hash(step, fr);
            sr = node_hash(step, sr);
            while (!(fn & 1) && fn != 0) fn >>= 1, sn >>= 1;
        } else {
            sr = node_hash(sr, step);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && fr == old_root && sr == root;
}

}  // namespace ledger
