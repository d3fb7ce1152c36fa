// The valid ledgers that are tampered with, played by the rules through the real writer: everything a ledger can hold
// that the verifier has something to say about.
#pragma once
#include <map>

#include "book.h"
#include "commands/played_bench.h"
#include "ledger/receipt.h"

namespace tamper {

struct Sample {
    // little: a case of a few dozen entries, for what is done to every byte. whole: all that the rules are about.
    enum class Size { little, whole };
    explicit Sample(Size size);
    // From here on, an outsider is one who verified so many entries, and goes on from what they kept in this folder.
    void keep_at(uint64_t size, const std::string& folder);

    test::Played played;
    Book book;                                          // everything that was recorded
    std::vector<ledger::Checkpoint> checkpoints;        // that outsiders were shown on the way, the last over all of it
    std::vector<std::string> notes;                     // the same, signed
    ledger::SigningKey ledger_key;                      // that signs them
    std::map<schema::KeyId, ledger::SigningKey> staff;  // every key there ever was, also a revoked one
    std::map<std::string, test::Family> families;       // by what there is to do to them
    std::map<std::string, schema::EventId> holds;       // that stand, by family
    std::map<std::string, uint64_t> disclosures;        // the same: their positions
    std::map<std::string, std::string> bundles;         // of each disclosure
    std::vector<ledger::Receipt> receipts;              // of each entry
    std::string since, state;                           // what that outsider has; else empty
    std::map<uint64_t, ledger::Word> noted;             // what somebody remembers of entries, also when it was erased

    ledger::PublicKey key() const { return ledger_key.public_key(); }
    ledger::Entry entry(uint64_t position) const {
        return ledger::Entry::decode(schema::as_bytes(book.entry_at(position))).value();
    }
    uint64_t size() const { return book.records.size(); }
    std::vector<std::string> lines_of(const std::string& disclosure) const;

  private:
    void found(Size size);
    void play_little();
    void play_whole();
    void keep();
    test::Family& family(const std::string& name) { return families.emplace(name, test::Family(played)).first->second; }
    void note(test::Family& family, const std::string& who, std::vector<schema::SubjectId> about,
              const std::string& text);
    void disclose(test::Family& family, const std::string& name, test::json::object fact, bool by_two = false);
    void rotate(const std::string& who);
    void shown();  // an outsider keeps the checkpoint as it is now
};

}  // namespace tamper
