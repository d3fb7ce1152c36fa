// The RFC 6962 Merkle tree: its growing edge, its proofs, and checking them with nothing but SHA-256.
#pragma once
#include <functional>
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

// Proofs of RFC 9162 2.1.3 and 2.1.4, leaf to root. Errors are those of `subtree`; arguments must be in range.
schema::Result<Proof> inclusion_proof(uint64_t leaf, uint64_t size, const SubtreeHash& subtree);
schema::Result<Proof> consistency_proof(uint64_t old_size, uint64_t size, const SubtreeHash& subtree);
schema::Result<Digest> root_at(uint64_t size, const SubtreeHash& subtree);

// True only if the proof shows it. Never throws, whatever the bytes.
bool verify_inclusion(uint64_t leaf, uint64_t size, const Digest& leaf_digest, const Proof& proof, const Digest& root);
// An old size of 0 proves nothing and is refused.
bool verify_consistency(uint64_t old_size, uint64_t size, const Digest& old_root, const Digest& root,
                        const Proof& proof);

}  // namespace ledger
