// The heads map: a sparse Merkle map from a stream's id to its last revision and the digest of its last event.
// Every entry carries its root, so one entry fixes how long every case's record is.
//
//   path  = SHA-256(stream id), bit by bit from the highest
//   leaf  = SHA-256(0x00 || "caseledger/head/v1\n" || stream id || revision, 8 bytes big-endian || event digest)
//   empty subtree = 32 zero bytes; a subtree with one stream = its leaf; else SHA-256(0x01 || left || right)
#pragma once
#include <deque>

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
    Digest root() const;
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
    struct Node {
        Digest hash{};
        Digest path{};                 // of a leaf
        uint32_t left = 0, right = 0;  // 0: none
        bool leaf = false;
    };
    uint32_t insert(uint32_t at, unsigned depth, const Digest& path, const Digest& hash);
    uint32_t make(Node node);

    std::deque<Node> nodes_{Node{}};  // [0] is the empty subtree
    uint32_t root_ = 0;
    size_t streams_ = 0;
};

}  // namespace ledger
