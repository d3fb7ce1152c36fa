// What is told of a whole ledger that was verified.
#include <fmt/format.h>

#include "tools/verify.h"

namespace tools {
namespace {

// The newest checkpoint that enough witnesses cosigned; where none is, the newest.
const std::string* standing_note(const Verification& done) {
    for (auto note = done.notes.rbegin(); note != done.notes.rend(); ++note) {
        auto standing = standing_of(note->note, done.believed);
        if (standing && *standing && (*standing)->witnessed) return &note->note;
    }
    return done.notes.empty() ? nullptr : &done.notes.back().note;
}

void tell_times(Account& account, const Verification& done) {
    auto& times = *done.times;
    account.facts["times"] = times.to_json();
    account.checked.push_back(
        fmt::format("{} checkpoints that were shown to others are states of this book", times.notes));
    if (times.said == 0) {
        account.not_checked.push_back({"times",
                                       "when witnesses and authorities saw it: give --policy or --timestamp-ca, which "
                                       "say whose word counts"});
        return;
    }
    account.checked.push_back(
        fmt::format("of {} entries, {} existed by a time that others said, and {} were signed after one (--brackets)",
                    done.audit.entries - done.audit.not_read, times.not_after, times.not_before));
    if (times.contradictory)
        account.checked.push_back(fmt::format("  {} have bounds that contradict each other: a clock is wrong, or {}",
                                              times.contradictory, "the assumption that docs/FORMAT.md names"));
    if (times.dated_late)
        account.checked.push_back(fmt::format(
            "  {} were recorded later, by the ledger's clock, than they were proven to exist: a clock is wrong",
            times.dated_late));
}

void tell_unchecked(Account& account, const Verification& done) {
    auto say = [&](const char* name, std::string what) { account.not_checked.push_back({name, std::move(what)}); };
    auto& audit = done.audit;
    if (audit.not_read)
        say("since", fmt::format("the first {} entries: they are the ones of the checkpoint that was trusted before, "
                                 "and none was read again but {} that the newer ones rest on. What happened to the "
                                 "others since is not found here; --from-start reads them",
                                 audit.not_read, done.rested_on));
    else if (audit.on_trust)
        say("since", fmt::format("signatures and rules of the first {} entries: they are the ones of the checkpoint "
                                 "that was trusted before",
                                 audit.on_trust));
    if (audit.disputed_before)
        say("disputed", fmt::format("which of the first {} entries are disputed: that was told when they were "
                                    "verified, and nothing that came since changed it",
                                    audit.not_read));
    if (audit.later)
        say("later", fmt::format("the {} entries after that: they were hashed, and nothing else", audit.later));
    if (done.has_mark && done.marked < audit.entries)
        say("mark", fmt::format("whether the newest {} entries were acknowledged: the mark is behind them",
                                audit.entries - done.marked));
    if (!done.has_keys) say("words", "whether the words can still be opened: their keys are not in this folder");
    if (!done.has_trusted_key)
        say("key", "that this is the ledger you mean: give --key from elsewhere than this folder");
    else if (done.proven_note().empty())
        say("signed", "that the key you gave signed this book: a book can name any key; --checkpoint FILE shows it");
    if (!done.has_checkpoint)
        say("checkpoint",
            "that nobody replaced book and mark together: give --checkpoint FILE that you or a witness kept");
}

}  // namespace

Account Verification::account() const {
    Account account;
    account.subject = "ledger";
    account.played_clock = audit.played_clock;
    account.findings = audit.findings;
    account.erased = audit.erased;
    account.disputed = audit.disputed;
    account.about.push_back(fmt::format("{}  {}", audit.authority, audit.origin));
    if (is_partial && audit.recorded)
        account.about.push_back(
            fmt::format("As it was with entry {}, recorded {}", audit.entries - 1, schema::readable(*audit.recorded)));
    auto fresh = audit.entries - audit.not_read;
    account.about.push_back(fmt::format("{} entries{} in {:.1f} s ({:.0f}/s), root {}", audit.entries,
                                        audit.not_read ? fmt::format(", of them {} since the checkpoint,", fresh) : "",
                                        seconds, seconds > 0 ? static_cast<double>(fresh) / seconds : 0.0,
                                        audit.root.hex()));
    if (!not_above.empty())
        account.about.push_back("Read from the start: there was nothing to go on from. " + not_above);
    auto check = [&](std::string what) { account.checked.push_back(std::move(what)); };
    if (audit.not_read)
        check(
            fmt::format("the newest {} entries' places, hash chains and heads roots, and that the tree's root over "
                        "{} entries goes on from the one over {}",
                        fresh, audit.entries, audit.not_read));
    else
        check(fmt::format("every entry's place, hash chain and heads root, and the tree's root over {} entries",
                          audit.entries));
    check(fmt::format("{} signatures, each by a key that was enrolled for its signer at that place", audit.signatures));
    check(
        fmt::format("{} decisions, taken again by the practice in force and on the record that stood there", decided));
    check(fmt::format("{} checkpoints that signers had been shown are states of this book", audit.shown));
    check(fmt::format("{} words, their headings and whom they are about, against the roots that were signed",
                      audit.words));
    if (has_keys) check(fmt::format("{} words open to what was committed to", audit.words_opened));
    if (has_mark) check(fmt::format("nothing below the high-water mark of {} entries is missing", marked));
    if (has_checkpoint) check("the checkpoint that was given is a state of this book");
    if (audit.read_for_disputes)
        check(
            fmt::format("a key became suspect or was attested: the first {} entries were hashed and read for whom it "
                        "disputes",
                        audit.not_read));
    if (audit.not_read)
        for (auto& erasure : audit.erasures)
            check(fmt::format("{} was erased since, under entry {}", erasure.subject.hex(), erasure.position));
    if (times) tell_times(account, *this);
    account.facts["origin"] = audit.origin;
    account.facts["authority"] = audit.authority;
    account.facts["playedClock"] = audit.played_clock;
    account.facts["entries"] = audit.entries;
    account.facts["onTrust"] = audit.on_trust;
    account.facts["notRead"] = audit.not_read;
    account.facts["restedOn"] = rested_on;
    account.facts["fromStart"] = not_above.empty() ? boost::json::value() : boost::json::value(not_above);
    boost::json::array erased_since;
    for (auto& [subject, position] : audit.erasures)
        if (audit.not_read) erased_since.push_back({{"subject", subject.hex()}, {"entry", position}});
    account.facts["erasedSince"] = std::move(erased_since);
    account.facts["later"] = audit.later;
    if (audit.recorded) account.facts["newestRecorded"] = schema::iso(*audit.recorded);
    account.facts["root"] = audit.root.hex();
    account.facts["signatures"] = audit.signatures;
    account.facts["decided"] = decided;
    account.facts["checkpointsShown"] = audit.shown;
    account.facts["words"] = audit.words;
    account.facts["wordsMissing"] = audit.words_missing;
    account.facts["wordsOpened"] = has_keys ? boost::json::value(audit.words_opened) : nullptr;
    account.facts["mark"] = has_mark ? boost::json::value(marked) : nullptr;
    account.facts["checkpoint"] = has_checkpoint;
    account.facts["trustedKey"] = has_trusted_key;
    account.facts["seconds"] = seconds;
    if (auto* note = standing_note(*this)) account.stand(*note, believed);
    else if (believed.must_be_witnessed)
        account.find(0, "checkpoint", "is needed: no signed checkpoint is here that witnesses could have cosigned");
    tell_unchecked(account, *this);
    return account;
}

}  // namespace tools
