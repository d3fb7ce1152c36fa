// A log that grows in memory, as a witness sees one: sizes, roots, proofs and a key. It can be made to fork.
#pragma once
#include "ledger/add_checkpoint.h"
#include "ledger/note.h"

namespace test {

struct GrownLog {
    std::string origin = "ledger.eastmere.example/early-help";
    ledger::SigningKey key = ledger::SigningKey::from_seed(schema::as_bytes(std::string(32, 'L')));
    std::vector<ledger::Digest> leaves;

    explicit GrownLog(uint64_t size = 0) { grow(size); }
    void grow(uint64_t by) {
        for (uint64_t i = 0; i < by; ++i)
            leaves.push_back(ledger::leaf_hash(schema::as_bytes("entry " + std::to_string(leaves.size()))));
    }
    // The same log, but for one entry.
    GrownLog fork(uint64_t at) const {
        auto other = *this;
        other.leaves[at] = ledger::leaf_hash(schema::as_bytes("another entry"));
        return other;
    }

    ledger::VerifierKey verifier() const { return {origin, ledger::KeyType::ed25519, key.public_key()}; }
    ledger::Checkpoint at(uint64_t size) const {
        ledger::Edge edge;
        for (uint64_t i = 0; i < size; ++i) edge.append(leaves[i]);
        return {origin, size, edge.root()};
    }
    ledger::Proof proof(uint64_t old_size, uint64_t size) const {
        if (old_size == 0 || old_size >= size) return {};
        auto subtree = [this](unsigned level, uint64_t index) -> schema::Result<ledger::Digest> {
            ledger::Edge edge;
            for (uint64_t i = index << level; i < (index + 1) << level; ++i) edge.append(leaves[i]);
            return edge.root();
        };
        return ledger::consistency_proof(old_size, size, subtree).value();
    }
    // What it sends to a witness that cosigned `old_size` last.
    ledger::AddCheckpoint request(uint64_t old_size, uint64_t size) const {
        return {old_size, proof(old_size, size), at(size).sign(key)};
    }
};

}  // namespace test
