// Verifies a whole book from its bytes and public keys alone, and asks a decider whether each event was allowed.
// Signatures are checked on all cores; everything else in order. Needs no index, no secrets and no server. Can begin
// where an earlier audit ended, with what that kept (ledger/audit_state.h) or without, and can speak of the book as it
// was.
#pragma once
#include <functional>
#include <map>
#include <optional>

#include "ledger/audit_state.h"
#include "ledger/directory.h"
#include "ledger/key_store.h"
#include "ledger/log.h"
#include "ledger/mark.h"
#include "ledger/words.h"

namespace ledger {

struct Finding {
    uint64_t position = 0;
    std::string field;  // where: "signature", "heads", "event.role", ...
    std::string what;   // a sentence
};

struct AuditReport {
    uint64_t entries = 0;     // read and checked
    uint64_t on_trust = 0;    // of them, below `since`: hashed to its root, their signatures and rules not asked again
    uint64_t not_read = 0;    // or, where a state was given: not even read, but for those that the new ones rest on
    uint64_t later = 0;       // beyond `up_to`: hashed, and nothing else
    uint64_t signatures = 0;  // verified
    uint64_t shown = 0;       // roots that signers had been shown and that are states of this book
    uint64_t words = 0;       // sealed words whose leaves were checked against the signed root
    uint64_t words_opened = 0;             // and that open to what was committed to, where the keys were given
    uint64_t words_missing = 0;            // entries whose event signs words that are not there
    Digest root{};                         // after `entries`
    std::optional<schema::Time> recorded;  // when the last of them was
    bool played_clock = false;
    std::string origin, authority;
    std::vector<PublicKey> checkpoint_keys;  // that the book itself names, the newest last
    std::map<uint64_t, Digest> roots;        // of the sizes that were asked about and reached
    std::vector<Finding> findings;           // empty: everything holds. At most audit_findings, the first ones
    std::vector<Finding> erased;             // words that nobody can open any more, and under which entry
    std::vector<Finding> disputed;           // entries signed with a key that became suspect, not attested again
    std::vector<Erasure> erasures;           // that were recorded in what was read
    bool disputed_before = false;            // of those not read there are disputed ones, told when they were verified
    bool read_for_disputes = false;          // those not read were read after all, for a key that became suspect since
};
inline constexpr size_t audit_findings = 20;

using Decide =
    std::function<std::optional<Finding>(const Entry&, const schema::ExaminedEvent&, std::span<const WordPart> words)>;

struct AuditOptions {
    std::optional<Marked> mark;             // must not be beyond the book, and its root must fit
    std::optional<std::string> checkpoint;  // a note that must be a state of this book
    // A checkpoint that was trusted before. The entries below it are folded and must hash to its root; neither their
    // signatures nor the rules are asked about them again.
    std::optional<std::string> since;
    // What was kept at `since`: then nothing below it is read but what the entries above rest on. Where this, or what
    // is read below, is not as it was, the audit ends with an error whose field is "state": begin again without it.
    AuditState* state = nullptr;
    std::optional<uint64_t> up_to;    // the book as it was with so many entries; what came later is hashed, no more
    std::optional<schema::Time> now;  // nothing may have been recorded later, where the clock was not played
    // Keys for checkpoints that one already trusts: the book must name one of them, and one of them must have signed
    // what is given as checkpoint and since.
    std::vector<PublicKey> trusted_keys;
    std::vector<uint64_t> sizes;  // whose roots the report is to tell
    KeyStore* keys = nullptr;     // every word is opened, too; null: none is
    unsigned threads = 0;         // 0: all cores
    // Called in order with each entry whose form is sound, before the directory takes it: null when the rules allowed
    // it there, else what they say.
    // With what is not sealed of its words.
    Decide decide;
    std::function<void(const Entry&)> fold;                    // instead, for entries below `since`
    std::function<void(uint64_t done, uint64_t of)> progress;  // now and then
};

schema::Result<AuditReport> audit(const Log& log, const AuditOptions& options);

}  // namespace ledger
