// The RFC 6962 Merkle tree: its growing edge, its proofs, and checking them with nothing but SHA-256.
#pragma once
#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ledger/digest.h"
#include "schema/result.h"

namespace ledger {

using Proof = std::vector<Digest>;

// The right edge of a tree: the roots of its complete subtrees, largest first. Enough to append and to have a root.
class Edge {
  public:
    Edge() = default;
    Edge(uint64_t size, std::vector<Digest> subtrees) : size_(size), subtrees_(std::move(subtrees)) {}
    void append(const Digest& leaf);
    uint64_t size() const { return size_; }
    Digest root() const;

  private:
    uint64_t size_ = 0;
    std::vector<Digest> subtrees_;
};

// The root over a power of two of hashes.
Digest root_over(std::span<const Digest> hashes);

// Gives the root of the complete subtree of 2^level leaves that begins at leaf index * 2^level.
using SubtreeHash = std::function<schema::Result<Digest>(unsigned level, uint64_t index)>;

// Makes proofs under the root over `size` leaves, RFC 9162 2.1.3 and 2.1.4, leaf to root. What they have in common, the
// roots at the tree's right edge, is worked out once. Errors are those of `subtree`; arguments must be in range.
class Prover {
  public:
    Prover(uint64_t size, SubtreeHash subtree) : size_(size), subtree_(std::move(subtree)) {}
    schema::Result<Proof> inclusion(uint64_t leaf);
    schema::Result<Proof> consistency(uint64_t old_size);
    schema::Result<Digest> root() { return size_ ? range_root(0, size_) : empty_root(); }

  private:
    schema::Result<Digest> range_root(uint64_t from, uint64_t to);
    schema::Result<void> include(uint64_t leaf, uint64_t from, uint64_t to, Proof& proof);
    schema::Result<void> subproof(uint64_t old_size, uint64_t from, uint64_t to, bool whole, Proof& proof);

    uint64_t size_;
    SubtreeHash subtree_;
    // Of the leaves from somewhere to the end; such a beginning is told by how many bits it has.
    std::array<std::optional<Digest>, 65> edge_;
};

inline schema::Result<Proof> inclusion_proof(uint64_t leaf, uint64_t size, SubtreeHash subtree) {
    return Prover(size, std::move(subtree)).inclusion(leaf);
}
inline schema::Result<Proof> consistency_proof(uint64_t old_size, uint64_t size, SubtreeHash subtree) {
    return Prover(size, std::move(subtree)).consistency(old_size);
}
inline schema::Result<Digest> root_at(uint64_t size, SubtreeHash subtree) {
    return Prover(size, std::move(subtree)).root();
}

// True only if the proof shows it. Never throws, whatever the bytes.
bool verify_inclusion(uint64_t leaf, uint64_t size, const Digest& leaf_digest, const Proof& proof, const Digest& root);
// An old size of 0 proves nothing and is refused.
bool verify_consistency(uint64_t old_size, uint64_t size, const Digest& old_root, const Digest& root,
                        const Proof& proof);

}  // namespace ledger
