// The I/O threads' part of the straight path: nothing here needs the order of events, so many may do it at once.
#include <algorithm>

#include "commands/sequencer.h"

namespace commands {
namespace {

using schema::bytes_of;
using Received = std::variant<Submission, Refused, schema::Error>;

constexpr const char* format = "docs/FORMAT.md";

Refused refused(Refusal reason, std::string field, std::string detail = {}) {
    return {reason, std::move(field), std::move(detail), format};
}

// The public key an event's signer used: from the directory, or from the genesis itself.
std::optional<ledger::PublicKey> key_of(const Known& known, schema::Event::Reader event, capnp::Data::Reader id) {
    auto key_id = schema::KeyId::of(bytes_of(id));
    if (auto* key = known.directory.key(key_id)) return key->key;
    if (!event.getFact().isLedgerOpened()) return std::nullopt;
    auto key = ledger::PublicKey::of(bytes_of(event.getFact().getLedgerOpened().getPublicKey()));
    return ledger::key_id(key) == key_id ? std::optional(key) : std::nullopt;
}

std::optional<Refused> check_signatures(const Known& known, const schema::EventMessage& message,
                                        const std::vector<ledger::Signature>& signatures) {
    auto event = message.read();
    auto joint = event.getJoint();
    if (signatures.size() != joint.size() + 1)
        return refused(Refusal::bad_signature, "signatures",
                       "there must be one of the actor and one of each joint signer");
    for (uint32_t i = 0; i < signatures.size(); ++i) {
        auto key = key_of(known, event, i ? joint[i - 1].getKey() : event.getKey());
        auto at = i ? "joint[" + std::to_string(i - 1) + "].key" : std::string("key");
        if (!key) return refused(Refusal::key_unknown, at);
        if (!ledger::verify(*key, ledger::event_context, message.bytes(), signatures[i]))
            return refused(Refusal::bad_signature, "signatures[" + std::to_string(i) + "]");
    }
    return std::nullopt;
}

std::optional<Refused> check_words(schema::Event::Reader event, const std::vector<ledger::Word>& words) {
    auto signed_root = schema::as_text(bytes_of(event.getWords()));
    if (words.empty() != signed_root.empty() || (!words.empty() && ledger::words_root(words).view() != signed_root))
        return refused(Refusal::words_missing, "words", "the words sent are not those the event signs");
    capnp::DynamicStruct::Reader fact = event.getFact();
    KJ_IF_MAYBE (which, fact.which()) {
        for (auto& heading : schema::marks_of(which->getType().asStruct()).words)
            if (std::none_of(words.begin(), words.end(), [&](auto& word) { return word.heading == heading; }))
                return refused(Refusal::words_missing, "words", "heading: " + heading);
    }
    return std::nullopt;
}

// Whoever signs what they had been shown is a witness: a checkpoint that is no state of this book is told at once.
std::optional<Refused> check_seen_checkpoint(const ledger::Ledger& ledger, schema::Event::Reader event) {
    auto seen = event.getSeen();
    if (seen.getSize() == 0) return std::nullopt;
    auto root = ledger.root_at(seen.getSize());
    if (root && schema::as_text(bytes_of(seen.getRoot())) == root->view()) return std::nullopt;
    return refused(Refusal::seen_unknown, "seen.root", "the checkpoint the actor had seen is not a state of this book");
}

}  // namespace

Received receive(const ledger::Ledger& ledger, const Known& known, schema::Bytes bytes,
                 std::vector<ledger::Signature> signatures, std::vector<ledger::Word> words,
                 std::optional<schema::Time> played_at) {
    auto examined = schema::decode_event(bytes);
    if (!examined) return examined.error();
    if (played_at && !schema::is_plausible(*played_at))
        return schema::malformed("playedAt", "is not between 1900 and 2200").value();
    auto event = examined->event.read();
    if (schema::text_of(event.getLedger()) != ledger.origin()) return refused(Refusal::wrong_ledger, "ledger");
    if (auto problem = check_signatures(known, examined->event, signatures)) return *problem;
    if (auto problem = check_words(event, words)) return *problem;
    if (auto problem = check_seen_checkpoint(ledger, event)) return *problem;
    return Submission{*std::move(examined), std::move(signatures), std::move(words), played_at};
}

}  // namespace commands
