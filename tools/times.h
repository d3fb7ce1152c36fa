// When a book's entries came to be, as far as others say so: the evidence/ of a ledger's folder, checked against the
// book, and the bracket of every entry by what of it is believed.
#pragma once
#include "ledger/audit.h"
#include "ledger/bracket.h"
#include "tools/standing.h"

namespace tools {

struct TimesTold {
    uint64_t notes = 0, said = 0;                // checkpoints kept; times that somebody who is believed said of them
    uint64_t not_after = 0, not_before = 0;      // entries with such a bound
    uint64_t contradictory = 0, dated_late = 0;  // bounds against each other; recorded later than proven to exist

    boost::json::object to_json() const;
};

class Times {
  public:
    // Read before the book: that only grows, so what was said of it before must be in it. Nothing: the folder has none.
    static schema::Result<std::optional<Times>> read(const std::string& folder);
    std::vector<uint64_t> sizes() const;                                         // whose roots the check needs
    const std::vector<ledger::Cosigned>& cosigned() const { return cosigned_; }  // as they were read

    // Against the book as the audit found it. What does not hold goes to `findings`.
    void check(const ledger::AuditReport& audit, const Believed& believed, std::vector<ledger::Finding>& findings);
    // The notes that are states of this book, the largest last.
    const std::vector<ledger::Cosigned>& notes() const { return sound_; }

    ledger::Bracket of(uint64_t position, uint64_t seen) const;
    using Each = std::function<void(const ledger::Entry&, const ledger::Bracket&)>;
    // Over the entries [from, to) of the book; `each` may be empty.
    schema::Result<TimesTold> told(const ledger::Log& log, uint64_t from, uint64_t to, const Each& each) const;

  private:
    std::vector<ledger::Cosigned> cosigned_, sound_;
    std::vector<ledger::Timestamped> stamped_;
    std::vector<ledger::Attested> attested_;  // by size
    std::vector<size_t> first_said_;          // in attested_: which of those from here on was said first
};

// A line for programs: position, when it was recorded, and its bracket.
boost::json::object bracket_line(const ledger::Entry& entry, const ledger::Bracket& bracket);

}  // namespace tools
