// Verifying a whole book, offline: ledger::audit checks bytes, hashes and signatures; the bench decides every event
// again, by the practice and on the record that stood before it. A pure function of the log, the mark and public keys.
#pragma once
#include "ledger/audit.h"
#include "tools/account.h"
#include "tools/times.h"

namespace tools {

struct VerifyOptions {
    Believed believed;
    std::optional<ledger::Marked> mark;
    std::optional<std::string> checkpoint;  // a signed note somebody kept
    std::optional<std::string> since;       // one that was verified before: what is below it is not asked again
    std::string state;                      // what was kept beside it, if anything: then it is not even read
    std::string keep;                       // a folder to be made: what is kept beside the largest of `keepable`
    std::optional<uint64_t> up_to;          // the book as it was with so many entries
    std::optional<schema::Time> at;         // verify_folder: the book as it was then
    std::vector<std::string> keepable;      // notes, beside `checkpoint` and `since`
    std::vector<uint64_t> sizes;            // whose roots are to be told
    ledger::KeyStore* keys = nullptr;       // every word is opened, too
    std::optional<schema::Time> now;        // nothing may have been recorded later
    unsigned threads = 0;
    std::function<void(uint64_t done, uint64_t of)> progress;
    Times::Each bracket;  // verify_folder: called for each entry
};

struct Verification {
    ledger::AuditReport audit;
    uint64_t decided = 0;  // events the rules were asked about again
    uint64_t marked = 0;   // entries below the high-water mark
    bool has_mark = false, has_keys = false, has_checkpoint = false, has_trusted_key = false, is_partial = false;
    double seconds = 0;
    std::optional<TimesTold> times;       // where the folder has evidence
    std::string not_above;                // why what was kept was not gone on from; empty: it was, or was not asked for
    uint64_t rested_on = 0;               // entries below `since` that were read all the same
    std::string not_kept;                 // why nothing was kept for the next time, though it was to be
    uint64_t kept = 0;                    // of so many entries a state was kept
    std::vector<ledger::Cosigned> notes;  // signed by the ledger, and states of this book; the largest last
    Believed believed;

    bool holds() const { return audit.findings.empty(); }
    // The largest checkpoint over no more than what was verified that a believed key signed; empty: there is none.
    std::string proven_note() const;
    Account account() const;
    boost::json::object to_json() const { return account().to_json(); }
    std::string text(const Screen& screen) const { return account().text(screen); }  // for people
};

schema::Result<Verification> verify_book(const ledger::Log& log, const VerifyOptions& options);

// FOLDER/book for reading only, also while a service writes there.
schema::Result<std::unique_ptr<ledger::Log>> open_read_only(const std::string& book);

// Opens FOLDER/book for reading only, with FOLDER/mark and FOLDER/evidence read first; and FOLDER/keys, where it and
// the secrets are there.
schema::Result<Verification> verify_folder(const std::string& folder, VerifyOptions options);

}  // namespace tools
