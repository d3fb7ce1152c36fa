#include "ledger/checkpoint.h"

#include <charconv>

#include "schema/json.h"

namespace ledger {
namespace {

using schema::malformed;

constexpr std::string_view dash = "\xe2\x80\x94 ";  // em dash and a blank

// signed-note: the first four bytes of SHA-256(name || "\n" || type || key).
std::string note_key_id(std::string_view name, const PublicKey& key) {
    const uint8_t ed25519[] = {0x0a, 0x01};
    auto digest = sha256({schema::as_bytes(name), ed25519, {key.data(), key.size()}});
    return std::string(digest.view().substr(0, 4));
}

std::string_view take_line(std::string_view& text) {
    auto end = text.find('\n');
    if (end == text.npos) return {};
    auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}  // namespace

std::string Checkpoint::body() const {
    return origin + "\n" + std::to_string(size) + "\n" + schema::to_base64(bytes_of(root)) + "\n";
}

std::string Checkpoint::sign(const SigningKey& key) const {
    auto text = body();
    auto signature = key.sign("", schema::as_bytes(text));
    auto blob = note_key_id(origin, key.public_key()) + std::string(signature.view());
    return text + "\n" + std::string(dash) + origin + " " + schema::to_base64(schema::as_bytes(blob)) + "\n";
}

schema::Result<Checkpoint> open_checkpoint(std::string_view note, const PublicKey& key) {
    auto refuse = [](const char* why) { return malformed("checkpoint", why); };
    auto split = note.rfind("\n\n");
    if (split == note.npos || note.size() > 64 * 1024) return refuse("is not a signed note");
    auto signed_text = note.substr(0, split + 1), lines = note.substr(split + 2);

    Checkpoint found;
    auto rest = signed_text;
    found.origin = take_line(rest);
    auto size = take_line(rest);
    auto root = schema::from_base64(take_line(rest), "root");
    auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), found.size);
    if (found.origin.empty() || error != std::errc{} || end != size.data() + size.size() ||
        (size.size() > 1 && size[0] == '0') || !root || root->size() != 32)
        return refuse("is not an origin, a size and a root");
    if (!rest.empty()) return refuse("has extension lines, which this log does not use");
    found.root = Digest::of(schema::as_bytes(*root));

    auto wanted = std::string(dash) + found.origin + " ";
    bool verified = false;
    while (!lines.empty()) {
        auto line = take_line(lines);
        if (!line.starts_with(dash)) return refuse("has a line that is no signature");
        if (verified || !line.starts_with(wanted)) continue;
        auto blob = schema::from_base64(line.substr(wanted.size()), "signature");
        if (!blob || blob->size() != 4 + 64 || blob->substr(0, 4) != note_key_id(found.origin, key)) continue;
        if (!verify(key, "", schema::as_bytes(signed_text), Signature::of(schema::as_bytes(blob->substr(4)))))
            return refuse("has a signature that does not verify");
        verified = true;
    }
    if (!verified) return refuse("is not signed by the expected key");
    return found;
}

std::string verifier_key(std::string_view name, const PublicKey& key) {
    std::string typed = std::string(1, '\x01') + std::string(key.view());
    return std::string(name) + "+" + schema::to_hex(schema::as_bytes(note_key_id(name, key))) + "+" +
           schema::to_base64(schema::as_bytes(typed));
}

}  // namespace ledger
