#include "ledger/receipt.h"

#include <algorithm>

#include "schema/json.h"

namespace ledger {
namespace {

namespace json = boost::json;
using schema::as_bytes;
using schema::malformed;

constexpr std::string_view state_names[] = {"accepted", "included", "witnessed", "refused"};

}  // namespace

schema::Result<Receipt> make_receipt(const Ledger& ledger, uint64_t position, const Cosigned* cosigned) {
    auto entry = ledger.entry(position);
    if (!entry) return tl::unexpected(entry.error());
    return make_receipt(ledger, *entry, cosigned);
}

schema::Result<Receipt> make_receipt(const Ledger& ledger, const Entry& entry, const Cosigned* cosigned) {
    auto published = ledger.published();
    auto position = entry.position();
    bool covered = cosigned && position < cosigned->size;
    auto size = covered ? cosigned->size : published->head.size;
    auto root = covered ? ledger.root_at(size) : schema::Result<Digest>(published->head.root);
    if (!root) return tl::unexpected(root.error());
    auto proof = ledger.prove_inclusion(position, size);
    if (!proof) return tl::unexpected(proof.error());
    if (!verify_inclusion(position, size, entry.leaf(), *proof, *root))
        return fail(schema::Fault::corrupt, "book",
                    "entry " + std::to_string(position) + " is not the one the tree was built over");
    return Receipt{std::string(schema::as_text(entry.bytes())),
                   *std::move(proof),
                   covered ? cosigned->note : published->checkpoint,
                   covered ? schema::ReceiptState::WITNESSED : schema::ReceiptState::INCLUDED,
                   false,
                   {}};
}

void write(const Receipt& receipt, schema::Receipt::Builder target) {
    target.setEntry(schema::data_of(as_bytes(receipt.entry)));
    auto proof = target.initProof(static_cast<unsigned>(receipt.proof.size()));
    for (uint32_t i = 0; i < receipt.proof.size(); ++i) proof.set(i, schema::data_of(bytes_of(receipt.proof[i])));
    target.setCheckpoint(receipt.checkpoint);
    target.setState(receipt.state);
    target.setReplayed(receipt.replayed);
}

namespace {

json::object told_of(const Entry& entry) {
    return {{"position", entry.position()},   {"recorded", schema::iso(entry.recorded())},
            {"revision", entry.revision()},   {"id", entry.id().hex()},
            {"stream", entry.stream().hex()}, {"type", json::string(schema::name_of(entry.type()))},
            {"leaf", entry.leaf().hex()}};
}

json::object with_proof(json::object out, const Receipt& receipt) {
    out["state"] = json::string(state_names[static_cast<size_t>(receipt.state)]);
    if (!receipt.witnesses.empty()) out["witnesses"] = receipt.witnesses;
    out["replayed"] = receipt.replayed;
    out["entry"] = schema::to_base64(as_bytes(receipt.entry));
    out["proof"] = schema::hex_array(receipt.proof);
    out["checkpoint"] = receipt.checkpoint;
    return out;
}

}  // namespace

json::object to_json(const Receipt& receipt) {
    auto entry = Entry::decode(as_bytes(receipt.entry));
    return with_proof(entry ? told_of(*entry) : json::object(), receipt);
}

json::object to_json(const Receipt& receipt, const Entry& entry) { return with_proof(told_of(entry), receipt); }

schema::Result<Receipt> receipt_from_json(const json::value& value) {
    auto* object = value.if_object();
    if (!object) return malformed("receipt", "must be an object { }");
    auto text = [&](const char* name) -> schema::Result<std::string> {
        auto* found = object->if_contains(name);
        if (!found || !found->is_string()) return malformed(name, "must be text in quotes");
        return std::string(found->get_string());
    };
    Receipt receipt;
    auto entry = text("entry"), checkpoint = text("checkpoint");
    if (!entry) return tl::unexpected(entry.error());
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    auto raw = schema::from_base64(*entry, "entry");
    if (!raw) return tl::unexpected(raw.error());
    receipt.entry = *raw;
    receipt.checkpoint = *checkpoint;
    auto* proof = object->if_contains("proof");
    if (!proof || !proof->is_array() || proof->get_array().size() > 64)
        return malformed("proof", "must be a list of at most 64 digests");
    for (auto& step : proof->get_array()) {
        auto digest = step.is_string() ? Digest::from_hex(std::string_view(step.get_string())) : std::nullopt;
        if (!digest) return malformed("proof", "must hold digests of 64 hexadecimal digits");
        receipt.proof.push_back(*digest);
    }
    return receipt;
}

namespace {

schema::Result<Entry> check(const Receipt& receipt, const Checkpoint& checkpoint,
                            const std::optional<PublicKey>& actor_key) {
    auto entry = Entry::decode(as_bytes(receipt.entry));
    if (!entry) return tl::unexpected(entry.error());
    auto event = schema::decode_event(entry->event().bytes());
    if (!event) return malformed("entry.event." + event.error().field, event.error().message);
    if (!verify_inclusion(entry->position(), checkpoint.size, entry->leaf(), receipt.proof, checkpoint.root))
        return malformed("proof", "does not lead from the entry to the checkpoint's root");
    if (schema::text_of(entry->read().getLedger()) != checkpoint.origin)
        return malformed("entry.event.ledger", "is not the origin of the checkpoint");
    if (actor_key) {
        if (key_id(*actor_key).view() != schema::as_text(schema::bytes_of(entry->read().getKey())))
            return malformed("entry.event.key", "is not the key that was given");
        auto signature =
            entry->signatures().size() ? Signature::from(schema::bytes_of(entry->signatures()[0])) : std::nullopt;
        if (!signature || !verify(*actor_key, event_context, entry->event().bytes(), *signature))
            return malformed("entry.signatures[0]", "is not the actor's signature over the event");
    }
    return entry;
}

}  // namespace

schema::Result<Entry> verify_receipt(const Receipt& receipt, std::span<const PublicKey> checkpoint_keys,
                                     const std::optional<PublicKey>& actor_key) {
    auto checkpoint = open_checkpoint(receipt.checkpoint, checkpoint_keys);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    return check(receipt, *checkpoint, actor_key);
}

schema::Result<ProvenReceipt> verify_receipt(const Receipt& receipt, const WitnessPolicy& policy,
                                             const std::optional<PublicKey>& actor_key, const Window& window) {
    auto note = parse_note(receipt.checkpoint);
    if (!note) return malformed("checkpoint", note.error().text());
    std::vector<VerifierKey> logs;
    for (auto& log : policy.logs) logs.push_back(log.key);
    auto checkpoint = open_checkpoint(*note, logs);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    bool ours = std::any_of(logs.begin(), logs.end(), [&](auto& log) { return log.name == checkpoint->origin; });
    if (!ours) return malformed("checkpoint", "is of another log than the policy's");
    auto entry = check(receipt, *checkpoint, actor_key);
    if (!entry) return tl::unexpected(entry.error());
    auto by = witnessed_within(*note, policy, window);
    if (!by) return tl::unexpected(by.error());
    bool enough = by->enough && !by->by.empty();
    return ProvenReceipt{*std::move(entry), enough ? schema::ReceiptState::WITNESSED : schema::ReceiptState::INCLUDED,
                         std::move(by->by)};
}

}  // namespace ledger
