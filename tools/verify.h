// Verifying a whole book, offline: ledger::audit checks bytes, hashes and signatures; the bench decides every event
// again, by the practice and on the record that stood before it. A pure function of the log, the mark and public keys.
#pragma once
#include "ledger/audit.h"
#include "tools/desk.h"

namespace tools {

struct VerifyOptions {
    std::optional<ledger::Marked> mark;
    std::optional<std::string> checkpoint;         // a signed note somebody kept
    std::optional<schema::PublicKey> trusted_key;  // the key that signs checkpoints, from elsewhere than the folder
    ledger::KeyStore* keys = nullptr;              // every word is opened, too
    std::optional<schema::Time> now;               // nothing may have been recorded later
    unsigned threads = 0;
    std::function<void(uint64_t done, uint64_t of)> progress;
};

struct Verification {
    ledger::AuditReport audit;
    uint64_t decided = 0;  // events the rules were asked about again
    uint64_t marked = 0;   // entries below the high-water mark
    bool has_mark = false, has_keys = false, has_checkpoint = false, has_trusted_key = false;
    double seconds = 0;

    bool holds() const { return audit.findings.empty(); }
    boost::json::object to_json() const;
    std::string text(const Screen& screen) const;  // for people
};

schema::Result<Verification> verify_book(const ledger::Log& log, const VerifyOptions& options);

// FOLDER/book for reading only, also while a service writes there.
schema::Result<std::unique_ptr<ledger::Log>> open_read_only(const std::string& book);

// Opens FOLDER/book for reading only, also while a service writes there, with FOLDER/mark read first; and FOLDER/keys,
// where it and the secrets are there.
schema::Result<Verification> verify_folder(const std::string& folder, VerifyOptions options);

// A public key as 64 hexadecimal digits or as a verifier key <name>+<id>+<base64>.
schema::Result<schema::PublicKey> read_public_key(const std::string& text, const std::string& field);

}  // namespace tools
