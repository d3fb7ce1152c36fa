// One entry by itself: a receipt, which holds it; or a tlog-proof, which does not.
#include <fmt/format.h>

#include "ledger/proof_file.h"
#include "ledger/receipt.h"
#include "schema/event_types.h"
#include "schema/json.h"
#include "tools/verify_file.h"

namespace tools {
namespace {

constexpr size_t largest = 1 << 20;

void tell_signed(Account& account, const Believed& believed, const std::string& note) {
    account.checked.push_back("the checkpoint's signature by a key that was given, and the entry's place in its tree");
    account.not_checked.push_back({"rules", "whether the rules allowed it: that needs the book or a bundle"});
    account.stand(note, believed);
}

}  // namespace

schema::Result<Account> verify_receipt_file(const std::string& path, const Believed& believed,
                                            const std::optional<schema::PublicKey>& actor) {
    auto text = ledger::read_file(path, largest);
    if (!text) return tl::unexpected(text.error());
    Account account;
    account.subject = "receipt";
    account.by_entry = false;
    account.holds_text = "The receipt holds.";
    account.about.push_back(path);
    account.facts["actorChecked"] = actor.has_value();
    auto json = schema::parse_json(*text);
    auto receipt = json ? ledger::receipt_from_json(*json) : tl::unexpected(json.error());
    auto entry = receipt ? ledger::verify_receipt(*receipt, believed.public_keys(), actor)
                         : schema::Result<ledger::Entry>(tl::unexpected(receipt.error()));
    if (!entry) {
        account.find(0, entry.error().field.empty() ? "receipt" : entry.error().field, entry.error().message);
        return account;
    }
    account.about = {fmt::format("{} is entry {} of {}, recorded {}", schema::title_of(entry->type()),
                                 entry->position(), schema::text_of(entry->read().getLedger()),
                                 schema::readable(entry->recorded()))};
    for (auto& [name, value] : ledger::to_json(*receipt)) {
        std::string_view said(name.data(), name.size());
        if (said != "entry" && said != "proof" && said != "checkpoint" && said != "replayed")
            account.facts[name] = value;
    }
    account.facts["event"] = schema::to_json(entry->read());
    if (actor) account.checked.push_back("the actor's signature over the event");
    else account.not_checked.push_back({"actor", "the actor's signature: give --actor-key"});
    tell_signed(account, believed, receipt->checkpoint);
    return account;
}

schema::Result<Account> verify_proof(const std::string& path, const ledger::Digest& leaf, const Believed& believed) {
    auto text = ledger::read_file(path, largest);
    if (!text) return tl::unexpected(text.error());
    Account account;
    account.subject = "proof";
    account.by_entry = false;
    account.holds_text = "The proof holds.";
    account.about.push_back(path);
    auto file = ledger::parse_proof_file(*text);
    auto note = file ? ledger::parse_note(file->checkpoint) : tl::unexpected(file.error());
    auto said = note ? ledger::parse_checkpoint(note->text) : tl::unexpected(note.error());
    auto proven = said ? ledger::verify_proof_file(leaf, *text, believed.keys_for(said->origin))
                       : schema::Result<ledger::Proven>(tl::unexpected(said.error()));
    if (!proven) {
        account.find(0, proven.error().field.empty() ? "proof" : proven.error().field, proven.error().message);
        return account;
    }
    account.about = {fmt::format("Entry {} of {}, under its checkpoint of {} entries", proven->index,
                                 proven->checkpoint.origin, proven->checkpoint.size)};
    account.facts["origin"] = proven->checkpoint.origin;
    account.facts["position"] = proven->index;
    account.facts["size"] = proven->checkpoint.size;
    account.facts["root"] = proven->checkpoint.root.hex();
    account.facts["leaf"] = leaf.hex();
    if (proven->extra) account.not_checked.push_back({"extra", "the file's extra line: nobody vouches for it"});
    account.not_checked.push_back({"entry", "what the entry says and who signed it"});
    tell_signed(account, believed, file->checkpoint);
    return account;
}

}  // namespace tools
