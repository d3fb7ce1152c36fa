// SHA-256 and the RFC 6962 tree hashes. Leaf = SHA-256(0x00 || data), node = SHA-256(0x01 || left || right).
#pragma once
#include <initializer_list>

#include "schema/ids.h"

namespace ledger {

using schema::Bytes;
using schema::Digest;

// SHA-256 of the parts, one after the other. Safe from any thread; keeps one context per thread.
Digest sha256(std::initializer_list<Bytes> parts);
inline Digest sha256(Bytes bytes) { return sha256({bytes}); }

Digest leaf_hash(Bytes data);
Digest node_hash(const Digest& left, const Digest& right);
Digest empty_root();  // of the tree with no leaves: SHA-256 of nothing

inline Bytes bytes_of(const Digest& digest) { return {digest.data(), digest.size()}; }

}  // namespace ledger
