#include "ledger/checkpoint.h"

#include "ledger/cosignature.h"
#include "schema/json.h"

namespace ledger {
namespace {

using schema::malformed;

auto refuse(const char* why) { return malformed("checkpoint", why); }

schema::Result<bool> is_signed_by(const Note& note, const VerifierKey& key) {
    if (key.type == KeyType::ed25519) return signed_by(note, key);
    auto time = cosigned_by(note, key);
    if (!time) return tl::unexpected(time.error());
    return time->has_value();
}

}  // namespace

std::string Checkpoint::body() const {
    auto text = origin + "\n" + std::to_string(size) + "\n" + schema::to_base64(bytes_of(root)) + "\n";
    for (auto& line : extensions) text += line + "\n";
    return text;
}

std::string Checkpoint::sign(std::span<const SigningKey> keys) const {
    Note note{body(), {}};
    for (auto& key : keys) note.signatures.push_back(sign_note(note.text, origin, key));
    return note.str();
}

schema::Result<Checkpoint> parse_checkpoint(std::string_view text) {
    Checkpoint found;
    found.origin = take_line(text);
    auto size = decimal(take_line(text));
    auto root = schema::from_base64(take_line(text), "root");
    if (found.origin.empty() || !size || !root || root->size() != 32)
        return refuse("is not an origin, a size and a root");
    found.size = *size;
    found.root = Digest::of(schema::as_bytes(*root));
    while (!text.empty()) {
        auto line = take_line(text);
        if (line.empty()) return refuse("has an empty line among its extension lines");
        found.extensions.emplace_back(line);
    }
    return found;
}

schema::Result<Checkpoint> open_checkpoint(std::string_view bytes, std::span<const PublicKey> keys) {
    auto note = parse_note(bytes);
    if (!note) return refuse(("is not a signed note: " + note.error().text()).c_str());
    auto found = parse_checkpoint(note->text);
    if (!found) return found;
    if (!found->extensions.empty()) return refuse("has extension lines, which this log does not use");
    std::vector<VerifierKey> named;
    for (auto& key : keys) named.push_back({found->origin, KeyType::ed25519, key});
    return open_checkpoint(*note, named);
}

schema::Result<Checkpoint> open_checkpoint(const Note& note, std::span<const VerifierKey> keys) {
    auto found = parse_checkpoint(note.text);
    if (!found) return found;
    bool verified = false;
    for (auto& key : keys) {
        auto is_signed = is_signed_by(note, key);
        if (!is_signed) return refuse("has a signature that does not verify");
        verified = verified || *is_signed;
    }
    if (!verified) return refuse("is not signed by the expected key");
    return found;
}

std::string verifier_key(std::string_view name, const PublicKey& key) {
    return VerifierKey{std::string(name), KeyType::ed25519, key}.text();
}

}  // namespace ledger
