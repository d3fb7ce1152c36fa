// Verifies a bundle, line by line and offline: that everything in it is in the book under one checkpoint, is signed by
// whom it says, was allowed, and that nothing of the case was left out but what the disclosure leaves out.
#pragma once
#include <istream>
#include <map>

#include "ledger/audit.h"
#include "ledger/bundle.h"

namespace ledger {

struct BundleReport {
    AuditReport audit;  // entries, signatures, words, findings: those of the bundle
    StreamId stream{};
    uint64_t disclosure = 0, revisions = 0;    // of the case
    std::string purpose;                       // "transferPanel"
    std::optional<schema::Time> disclosed;     // when that was recorded
    Checkpoint checkpoint;                     // of the book it is proven under
    std::string note;                          // the same with its signatures and cosignatures
    bool key_was_trusted = false;              // false: the checkpoint's key was taken from the bundle itself
    uint64_t decided = 0;                      // entries that the rules were asked about again
    std::map<std::string, uint64_t> left_out;  // words, by why
    // Erasures from after the disclosure whose keys this bundle's directory does not reach: in the book, and no more is
    // known of them here.
    std::vector<uint64_t> signatures_unknown;
};

struct BundleAuditOptions {
    std::vector<PublicKey> trusted_keys;  // that sign this ledger's checkpoints; had from elsewhere. Empty: not known
    unsigned threads = 0;                 // 0: all cores
    Decide decide;                        // asked about the entries of the case, the directory and the practice
    std::function<void(uint64_t lines)> progress;
};

// An error only where nothing could be read at all; what is wrong with the bundle is a finding.
schema::Result<BundleReport> audit_bundle(std::istream& bundle, const BundleAuditOptions& options);

}  // namespace ledger
