// The heads map: a sparse Merkle map from a stream's id to its last revision and the digest of its last event.
// Every entry carries its root, so one entry fixes how long every case's record is.
//
//   path  = SHA-256(stream id), bit by bit from the highest
//   leaf  = SHA-256(0x00 || "caseledger/head/v1\n" || stream id || revision, 8 bytes big-endian || event digest)
//   empty subtree = 32 zero bytes; a subtree with one stream = its leaf; else SHA-256(0x01 || left || right)
#pragma once
#include <array>
#include <boost/container/deque.hpp>

#include "ledger/tree.h"

namespace ledger {

using schema::StreamId;

// That a stream had just this many entries, and which was its last: the way from its leaf to a root of the heads map.
struct HeadProof {
    StreamId stream{};
    uint64_t revision = 0;
    Digest event{};  // SHA-256 of the last event's bytes
    std::vector<Digest> siblings;
};

class HeadsMap {
  public:
    void set(const StreamId& stream, uint64_t revision, const Digest& event);
    const Digest& root() const { return root_.hash; }
    size_t size() const { return streams_; }

    // Takes over what `other` holds of one stream, hashes and all. Where that was done for each stream that was set
    // there since this was its copy, this is its copy again.
    void follow(const HeadsMap& other, const StreamId& stream);

    // The siblings on the way from this stream's leaf to the root. The stream must be in the map.
    std::vector<Digest> prove(const StreamId& stream) const;
    static bool verify(const StreamId& stream, uint64_t revision, const Digest& event,
                       const std::vector<Digest>& siblings, const Digest& root);
    static bool verify(const HeadProof& proof, const Digest& root) {
        return verify(proof.stream, proof.revision, proof.event, proof.siblings, root);
    }

  private:
    // The way to a leaf and back reads no node beside it: what is not on it is known by its hash above.
    struct Node {
        std::array<Digest, 2> holds{};    // an inner node's: the hashes of left and right; a leaf's: its hash, its path
        std::array<uint32_t, 2> below{};  // an inner node's left and right; 0: empty
        bool is_leaf() const { return !below[0] && !below[1]; }
        const Digest& path() const { return holds[1]; }
    };
    struct Subtree {
        uint32_t at = 0;  // 0: empty
        Digest hash{};
    };
    Subtree insert(uint32_t at, unsigned depth, const Digest& path, const Digest& hash);
    uint32_t make(const Node& node);

    // In large blocks: to find a node must not miss the cache twice.
    using Nodes =
        boost::container::deque<Node, void,
                                boost::container::deque_options<boost::container::block_size<size_t{1024}>>::type>;
    Nodes nodes_ = Nodes(1);  // [0] is the empty subtree
    Subtree root_;
    size_t streams_ = 0;
};

}  // namespace ledger
