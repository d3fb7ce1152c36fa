#include "ledger/heads.h"

#include <algorithm>

namespace ledger {
namespace {

bool bit(const Digest& path, unsigned depth) { return path[depth / 8] >> (7 - depth % 8) & 1; }

Digest path_of(const StreamId& stream) { return sha256({stream.data(), stream.size()}); }

Digest leaf_of(const StreamId& stream, uint64_t revision, const Digest& event) {
    static constexpr uint8_t prefix[] = {0};
    uint8_t number[8];
    for (int i = 0; i < 8; ++i) number[i] = static_cast<uint8_t>(revision >> (56 - 8 * i));
    return sha256(
        {prefix, schema::as_bytes("caseledger/head/v1\n"), {stream.data(), stream.size()}, number, bytes_of(event)});
}

}  // namespace

uint32_t HeadsMap::make(const Node& node) {
    nodes_.push_back(node);
    return static_cast<uint32_t>(nodes_.size() - 1);
}

HeadsMap::Subtree HeadsMap::insert(uint32_t at, unsigned depth, const Digest& path, const Digest& hash) {
    if (at == 0) {
        ++streams_;
        return {make({{hash, path}, {}}), hash};
    }
    if (nodes_[at].is_leaf()) {
        if (nodes_[at].path() == path) {
            nodes_[at].holds[0] = hash;
            return {at, hash};
        }
        // Two streams where there was one: push the old one down, then go on as with any inner node.
        bool side = bit(nodes_[at].path(), depth);
        Node inner;
        inner.holds[side] = nodes_[at].holds[0];
        inner.below[side] = at;
        at = make(inner);
    }
    bool side = bit(path, depth);
    auto under = insert(nodes_[at].below[side], depth + 1, path, hash);
    auto& node = nodes_[at];
    node.holds[side] = under.hash;
    node.below[side] = under.at;
    return {at, node_hash(node.holds[0], node.holds[1])};
}

void HeadsMap::set(const StreamId& stream, uint64_t revision, const Digest& event) {
    root_ = insert(root_.at, 0, path_of(stream), leaf_of(stream, revision, event));
}

void HeadsMap::follow(const HeadsMap& other, const StreamId& stream) {
    nodes_.resize(other.nodes_.size());
    root_ = other.root_;
    streams_ = other.streams_;
    auto path = path_of(stream);
    // Nodes never move, and what set() changes or makes lies on the way to its leaf.
    for (auto [at, depth] = std::pair{root_.at, 0u}; at; ++depth) {
        auto& node = nodes_[at] = other.nodes_[at];
        at = node.is_leaf() ? 0 : node.below[bit(path, depth)];
    }
}

std::vector<Digest> HeadsMap::prove(const StreamId& stream) const {
    std::vector<Digest> siblings;
    auto path = path_of(stream);
    uint32_t at = root_.at;
    for (unsigned depth = 0; at && !nodes_[at].is_leaf(); ++depth) {
        bool side = bit(path, depth);
        siblings.push_back(nodes_[at].holds[!side]);
        at = nodes_[at].below[side];
    }
    ASSERT(at && nodes_[at].path() == path);
    std::reverse(siblings.begin(), siblings.end());
    return siblings;
}

bool HeadsMap::verify(const StreamId& stream, uint64_t revision, const Digest& event,
                      const std::vector<Digest>& siblings, const Digest& root) {
    if (siblings.size() > 256) return false;
    auto path = path_of(stream);
    Digest hash = leaf_of(stream, revision, event);
    auto depth = static_cast<unsigned>(siblings.size());
    for (const Digest& sibling : siblings)
        hash = bit(path, --depth) ? node_hash(sibling, hash) : node_hash(hash, sibling);
    return hash == root;
}

}  // namespace ledger
