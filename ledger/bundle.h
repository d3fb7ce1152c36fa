// The bundle: the record of one case as it leaves the building, in one file that verifies offline. Lines of JSON, made
// and read one at a time, so that it may be of any length. docs/FORMAT.md has every line; in this order:
//
//   {"bundle": "caseledger/bundle/v1", origin, stream, disclosure}   whose record, and which entry decided to disclose
//   it
//   {"checkpoint": note}                                             the checkpoint everything is proven under
//   {"position", "entry", "inclusion", "seen", "words"}              every entry of the case, the directory and the
//                                                                    practice up to the disclosure, in the order of the
//                                                                    book; and the erasures that took words from them
//   {"heads": [...]}                                                 that the three streams have no entry more
//   {"end": {...}}                                                   how much that was, and the hash of it all
#pragma once
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <variant>

#include "ledger/ledger.h"

namespace ledger {

inline constexpr std::string_view bundle_format = "caseledger/bundle/v1";
inline constexpr size_t bundle_line_limit = 8 * 1024 * 1024;

// A word of an entry: opened, or left out and why. Left out, its leaf is still proven, and so whom it is about.
struct BundleWord {
    enum Why { opened, not_disclosed, about_others, withheld, erased, not_needed };
    Word word;  // left out: heading and subjects alone
    Digest commitment{};
    Why why = opened;
    std::vector<uint64_t> under;  // erased: the entries that erased its subjects

    Digest leaf() const;
};
std::string_view name(BundleWord::Why why);

struct BundleStart {
    std::string origin;
    StreamId stream{};
    uint64_t disclosure = 0;  // position
};
struct BundleEntry {
    uint64_t position = 0;
    std::string entry;  // its bytes
    Proof inclusion;    // in the checkpoint's tree
    Proof seen;         // that the checkpoint its actor had been shown is a state of this book; empty: they had none
    std::vector<BundleWord> words;
};
struct BundleCheckpoint {
    std::string note;
};
struct BundleHeads {
    std::vector<HeadProof> heads;  // in the heads map after the disclosure
};
struct BundleEnd {
    uint64_t entries = 0;
    Digest chain{};  // over every line before this one
};
using BundleLine = std::variant<BundleStart, BundleCheckpoint, BundleEntry, BundleHeads, BundleEnd>;

// What the last line says of those before it: chain = SHA-256(chain || line), newline left out, from 32 zero bytes.
Digest chained(const Digest& chain, std::string_view line);

// One line of a stranger's file, without its newline. Malformed names the field.
schema::Result<BundleLine> read_bundle_line(std::string_view line);

// Which words a disclosure opens: the same judgement for whoever makes a bundle and whoever checks one.
class Disclosing {
  public:
    explicit Disclosing(schema::RecordDisclosed::Reader decision);
    // Where the word's entry belongs: the case or the directory and the practice, up to the disclosure; or neither, an
    // erasure that is here for what it erased.
    enum class Place { case_, staff, elsewhere };
    // What is to become of a word, if its keys are there. `staff`: those who signed in the case, whose names are then
    // opened as well.
    BundleWord::Why why(const EventId& event, Place place, size_t word, std::span<const SubjectId> subjects,
                        const std::set<PersonId>& staff) const;

  private:
    schema::WordsDisclosed words_;
    std::set<SubjectId> subjects_;
    std::set<std::pair<EventId, size_t>> withheld_;
};
// Those who signed an entry.
void add_signers(std::set<PersonId>& staff, const Entry& entry);

// Makes the bundle of one disclosure, a line at a time. One thread.
class BundleWriter {
  public:
    // not_found: the entry is not there or discloses nothing.
    static schema::Result<std::unique_ptr<BundleWriter>> open(const Ledger& ledger, uint64_t disclosure);
    // Appends the next line; false: there is none any more.
    schema::Result<bool> next(std::string& out);
    uint64_t entries() const { return positions_.size(); }  // so many of the lines are entries

  private:
    enum class Step { start, checkpoint, entries, heads, end, done };
    BundleWriter(const Ledger& ledger, Entry disclosure, std::string note, Prover prover, uint64_t size);
    schema::Result<void> gather();
    schema::Result<void> gather_erasures();
    Disclosing::Place place_of(const Entry& entry) const;
    // What a line is made of lies in `storage`, and must not outlive it.
    schema::Result<boost::json::object> line(boost::json::storage_ptr storage);
    schema::Result<boost::json::object> next_entry(boost::json::storage_ptr storage);
    schema::Result<void> read_on();
    schema::Result<boost::json::object> entry_line(const Entry& entry, boost::json::storage_ptr storage);
    schema::Result<boost::json::array> words_of(const Entry& entry, boost::json::storage_ptr storage) const;
    schema::Result<boost::json::object> heads_line(boost::json::storage_ptr storage) const;

    const Ledger& ledger_;
    Entry disclosure_;
    Disclosing disclosing_;
    std::string note_;
    uint64_t size_;  // of the checkpoint
    Prover prover_;
    std::vector<uint64_t> positions_;  // of the entries that go into it, in order
    std::map<uint64_t, Entry> read_;   // by position: of these, from at_ on, what was read already
    std::set<PersonId> staff_;
    size_t at_ = 0;
    Step step_ = Step::start;
    Digest chain_{};
};

}  // namespace ledger
