// The bench: everything a judgement may know, kept up to date entry by entry. Deterministic: the same entries give the
// same bench, on the writer, in an audit and in a test.
#pragma once
#include <list>
#include <unordered_map>

#include "commands/case_state.h"
#include "commands/holds.h"
#include "commands/loads.h"
#include "commands/refusal.h"
#include "ledger/directory.h"
#include "ledger/ledger.h"
#include "schema/practice_book.h"

namespace commands {

// What a judgement may know beside the case.
struct Facts {
    schema::Time recorded;  // when it would be recorded
    uint64_t position;      // where
    const ledger::Directory& directory;
    const schema::PracticeBook& practices;
    const schema::Edition* edition;  // binding on that day; null before the first
    const Loads& loads;
    const Holds& holds;
    PersonId actor;
    std::span<const schema::Mention> mentions;
    ledger::PublicKey checkpoint_key;  // of this ledger, for the genesis; empty in an audit
    const CaseState& stream;           // the same state, for generic checks
    bool whole = true;                 // false: other cases are not known, so neither are loads and holds

    schema::Day day() const { return schema::london_day(recorded); }
    // The row of a guard that the practice in force sets (with this code, where one is given); null where it sets none.
    std::optional<schema::GuardRow::Reader> guard(schema::Guard guard, std::string_view code = {}) const;
};

struct Judgement {
    std::optional<Refused> refused;
    std::vector<std::string> warnings;
};

// Pure: may this event be recorded now? Everything but signatures and words, which are checked by receive() and audit.
Judgement judge(const CaseState& state, const Facts& facts, schema::Event::Reader event);

class Bench {
  public:
    // Where case states come from when they are not at hand: the entries of a stream so far.
    using Fetch =
        std::function<schema::Result<void>(const StreamId&, const std::function<void(const ledger::Entry&)>&)>;
    // Who checks one case's record that left the building knows no other case: what others held is not asked then.
    enum class Sees { everything, one_case };
    // keep: how many entries the case states that are held may be of, about 250 bytes each; the rest are folded again
    // when needed. 0: all of them.
    explicit Bench(Fetch fetch, size_t keep = 500'000, Sees sees = Sees::everything)
        : fetch_(std::move(fetch)), keep_(keep), sees_(sees) {}

    schema::Result<Judgement> judge(const schema::ExaminedEvent& event, schema::Time recorded, uint64_t position,
                                    const ledger::PublicKey& checkpoint_key);
    // Takes an entry that has its place, right after its judgement or from the book.
    schema::Result<void> apply(const ledger::Entry& entry);
    // At start-up: only what outlives a case state. Directory and practice are folded; of the cases, what was kept is
    // taken, and what was not is folded and kept.
    schema::Result<void> load(ledger::Ledger& ledger, const ledger::Progress& progress = {});
    // One stream of it. False: a case, which had to be folded.
    schema::Result<bool> load(const StreamId& stream, const std::string& kept);
    // What load() needs of a case, to be kept until it has another entry. Empty for other streams.
    std::string kept(const StreamId& stream) const;

    const ledger::Directory& directory() const { return directory_; }
    const schema::PracticeBook& practice() const { return practice_; }
    const Loads& loads() const { return loads_; }
    schema::Result<CaseState*> state(const StreamId& stream);

  private:
    struct Held {
        StreamId stream;
        CaseState state;
        uint64_t counted = 0;  // in held_
    };
    void keep(const StreamId& stream, const CaseState& state);
    void count(Held& held);  // may let go of others

    Fetch fetch_;
    size_t keep_;
    Sees sees_;
    ledger::Directory directory_;
    schema::PracticeBook practice_;
    Loads loads_;
    Holds holds_;
    std::list<Held> recent_;  // most recently used first
    std::unordered_map<StreamId, std::list<Held>::iterator> states_;
    uint64_t held_ = 0;  // entries of all of them, about
};

}  // namespace commands
