// Verifying what left a ledger: a bundle, a receipt, a tlog-proof, a folder of tiles. And telling by looking what it is
// that somebody wants verified.
#pragma once
#include "tools/account.h"

namespace tools {

enum class Subject { ledger, tiles, bundle, receipt, proof };
// By what is in the folder, or what the file begins with. not_found: nothing is there. Corrupt: none of these.
schema::Result<Subject> recognise(const std::string& path);

using Going = std::function<void(uint64_t done, uint64_t of)>;

// Errors of all of these: the file cannot be read. What is wrong with it is a finding of the account.
schema::Result<Account> verify_bundle(const std::string& path, const Believed& believed, unsigned threads,
                                      const Going& progress);
schema::Result<Account> verify_receipt_file(const std::string& path, const Believed& believed,
                                            const std::optional<schema::PublicKey>& actor);
// `leaf`: the RFC 6962 hash of the entry's bytes, which the proof does not hold.
schema::Result<Account> verify_proof(const std::string& path, const ledger::Digest& leaf, const Believed& believed);
schema::Result<Account> verify_tiles(const std::string& folder, const Believed& believed, const Going& progress);

}  // namespace tools
