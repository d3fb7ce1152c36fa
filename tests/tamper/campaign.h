// The campaign: every mutant goes through the verifier as an outsider has it, and is found where it was changed, or is
// provably the same content. How to add a kind is in README.md.
#pragma once
#include <functional>
#include <iosfwd>
#include <random>

#include "ledger/audit.h"
#include "ledger/bundle_audit.h"
#include "operator.h"

namespace tamper {

// What a verifier said, in one form for books, bundles, receipts and notes.
struct Verdict {
    std::vector<ledger::Finding> findings;
    std::string report;          // whatever else it told: counts, what was erased, what is disputed
    std::string not_above = {};  // why what was kept was not gone on from
    bool holds() const { return findings.empty(); }
};

// What somebody who verifies a book has beside it.
struct Evidence {
    std::optional<ledger::Marked> mark;
    std::optional<std::string> checkpoint, since;
    std::string state;  // what was kept at `since`, if anything
    std::optional<ledger::PublicKey> key;
    ledger::KeyStore* keys = nullptr;
    std::optional<schema::Time> now;
};
Verdict verify(const Book& book, const Evidence& evidence);
Verdict verify_bundle(const std::string& bundle, const ledger::PublicKey& key);
Verdict verify_receipt(const ledger::Receipt& receipt, const ledger::PublicKey& key, const ledger::PublicKey& actor);
Verdict verify_note(const std::string& note, const ledger::PublicKey& key);

struct Mutant {
    std::string kind, what;
    uint64_t from = 0, to = ~uint64_t{0};  // where the finding must stand
    std::function<Verdict()> verify;
    std::function<bool()> same = {};  // whether nothing that is proven was changed
};
using Take = std::function<void(Mutant)>;

// Chance that is the same everywhere for a seed.
class Dice {
  public:
    explicit Dice(uint64_t seed) : engine_(seed) {}
    uint64_t below(uint64_t count) { return count ? engine_() % count : 0; }

  private:
    std::mt19937_64 engine_;
};

struct Campaign {
    const Sample& little;
    const Sample& whole;
    Dice& dice;
    double share;  // of the full number of mutants
    Take take;

    size_t count(size_t full) const { return std::max<size_t>(1, static_cast<size_t>(double(full) * share)); }
    // Positions, lines, offsets: as many as wanted, evenly spread from a random start; all where they are fewer.
    std::vector<uint64_t> spread(uint64_t size, size_t most) const;
};

// What an outsider has: key, mark, and the checkpoint that they kept.
Evidence kept(const Sample& sample);
// What an operator can make fit: the mark and a checkpoint over whatever the book is now.
Evidence fitted(const Sample& sample, const Operator& by, const Book& book);
// First before whoever trusts the operator's own mark and checkpoint; who kept a checkpoint sees the rest.
Verdict by_any(const Sample& sample, const Operator& by, const Book& book);

void untouched(Campaign& campaign);         // which must hold
void bytes_of_entries(Campaign& campaign);  // bytes.cc
void bytes_of_words(Campaign& campaign);
void bytes_of_bundles(Campaign& campaign);   // bundle_bytes.cc
void bytes_of_receipts(Campaign& campaign);  // receipts.cc
void bytes_of_notes(Campaign& campaign);
void places(Campaign& campaign);          // places.cc: entries dropped, swapped, moved, tails cut
void signers(Campaign& campaign);         // signers.cc: signed by whom it is not
void twists(Campaign& campaign);          // twists.cc: an operator's own part of an entry
void words(Campaign& campaign);           // words.cc: what is said of sealed words
void deeds(Campaign& campaign);           // deeds.cc: what the rules forbid
void bundles(Campaign& campaign);         // bundles.cc: lines, and words that are or are not opened
void forged_bundles(Campaign& campaign);  // bundle_forgery.cc: bundles of a forged book
void states(Campaign& campaign);          // states.cc: what somebody kept when they verified
void whole_campaign(Campaign& campaign, const std::string& only = {});  // one stage alone, where it is named

// kind, mutants, how they were judged and by which field.
class Table {
  public:
    enum Fate { found, same, elsewhere, passed };
    Fate judge(const Mutant& mutant);
    uint64_t total() const { return total_; }
    uint64_t count(Fate fate) const;
    void print(std::ostream& out) const;

  private:
    struct Row {
        std::map<Fate, uint64_t> fates;
        std::map<std::string, uint64_t> fields;
        uint64_t exact = 0;
    };
    std::map<std::string, Row> rows_;
    uint64_t total_ = 0;
};
// Whether a verdict finds the mutant: a finding with a field, where it was changed.
bool finds(const Verdict& verdict, const Mutant& mutant);

// A byte changed, put in, taken out, zeroed, or all after it cut off; empty where that would change nothing.
std::string damaged(const std::string& good, Dice& dice, std::string& what);

}  // namespace tamper
