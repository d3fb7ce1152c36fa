// Asks the rules again about each entry of a book, in order, as the writer asked them: the decider of an audit.
#pragma once
#include "commands/bench.h"
#include "ledger/audit.h"

namespace tools {

class Redecision {
  public:
    // `sees`: the whole book, or the streams of one case alone.
    explicit Redecision(commands::Bench::Sees sees = commands::Bench::Sees::everything)
        : bench_([](auto&, auto&) { return schema::Result<void>(); }, 0, sees) {}
    // Goes on from what an auditor kept: of a case the entries below are folded when it has its next.
    static schema::Result<Redecision> above(ledger::AuditState& state);

    // Null when the entry was allowed where it stands. Takes it either way, so that what follows is judged on the
    // record as it is.
    std::optional<ledger::Finding> decide(const ledger::Entry& entry, const schema::ExaminedEvent& event,
                                          std::span<const ledger::WordPart> words);

    // Takes an entry that somebody decided again before, and asks nothing.
    void fold(const ledger::Entry& entry) { (void)bench_.apply(entry); }

    // What is to be kept of this stream for above().
    std::string kept(const schema::StreamId& stream) const { return bench_.kept(stream); }
    uint64_t decided() const { return decided_; }

  private:
    explicit Redecision(commands::Bench::Fetch fetch) : bench_(std::move(fetch), 0) {}
    std::optional<ledger::Finding> ask_rules(const ledger::Entry& entry, const schema::ExaminedEvent& event);

    commands::Bench bench_;  // keeps every state, so it never has to fetch one twice
    uint64_t decided_ = 0;
};

}  // namespace tools
