#include "ledger/note.h"

#include <algorithm>
#include <charconv>

#include "ledger/digest.h"
#include "schema/fields.h"
#include "schema/json.h"

namespace ledger {
namespace {

using schema::as_bytes;
using schema::malformed;

constexpr std::string_view dash = "\xe2\x80\x94 ";  // em dash and a blank
constexpr size_t size_limit = 256 * 1024, signature_limit = 100;

// What Unicode calls white space, in UTF-8, beside the ASCII blank.
constexpr std::string_view wide_blanks[] = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
    "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
    "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

// name and base64, after the dash.
schema::Result<NoteSignature> parse_signature(std::string_view line) {
    auto refuse = [](const char* why) { return malformed("note.signature", why); };
    if (!line.starts_with(dash)) return refuse("is a line that is no signature");
    line.remove_prefix(dash.size());
    auto blank = line.find(' ');
    if (blank == line.npos || !is_key_name(line.substr(0, blank))) return refuse("has no key name");
    auto blob = schema::from_base64(line.substr(blank + 1), "note.signature");
    if (!blob) return tl::unexpected(blob.error());
    NoteSignature signature;
    if (blob->size() <= signature.id.size()) return refuse("is too short for a key id and a signature");
    std::copy_n(blob->begin(), signature.id.size(), signature.id.begin());
    signature.name = line.substr(0, blank);
    signature.bytes = blob->substr(signature.id.size());
    return signature;
}

std::string typed(const VerifierKey& key) {
    return std::string(1, static_cast<char>(key.type)) + std::string(key.key.view());
}

}  // namespace

bool is_key_name(std::string_view name) {
    if (name.empty() || !schema::is_utf8(name)) return false;
    if (std::any_of(name.begin(), name.end(), [](char c) { return is_control(c) || c == ' ' || c == '+'; }))
        return false;
    return std::none_of(std::begin(wide_blanks), std::end(wide_blanks),
                        [&](auto blank) { return name.find(blank) != name.npos; });
}

NoteKeyId VerifierKey::id() const {
    auto digest = sha256({as_bytes(name), as_bytes("\n"), as_bytes(typed(*this))});
    NoteKeyId id;
    std::copy_n(digest.begin(), id.size(), id.begin());
    return id;
}

std::string VerifierKey::text() const {
    return name + "+" + schema::to_hex(id()) + "+" + schema::to_base64(as_bytes(typed(*this)));
}

schema::Result<VerifierKey> parse_verifier_key(std::string_view text) {
    auto refuse = [](const char* why) { return malformed("verifier key", why); };
    auto first = text.find('+');
    auto second = first == text.npos ? first : text.find('+', first + 1);
    if (second == text.npos) return refuse("is not <name>+<key id>+<base64 of the type and the key>");
    VerifierKey key;
    key.name = text.substr(0, first);
    if (!is_key_name(key.name)) return refuse("has no name that a signed note may hold");
    auto raw = schema::from_base64(text.substr(second + 1), "verifier key");
    if (!raw) return tl::unexpected(raw.error());
    auto type = raw->empty() ? '\0' : raw->front();
    if (type != static_cast<char>(KeyType::ed25519) && type != static_cast<char>(KeyType::cosignature))
        return refuse("has a type other than 0x01 (Ed25519) and 0x04 (cosignature/v1)");
    auto point = PublicKey::from(as_bytes(*raw).subspan(1));
    if (!point) return refuse("does not hold the 32 bytes of an Ed25519 key");
    key.type = static_cast<KeyType>(type);
    key.key = *point;
    if (text.substr(first + 1, second - first - 1) != schema::to_hex(key.id()))
        return refuse("has a key id that is not this name's and key's");
    return key;
}

std::string NoteSignature::line() const {
    std::string blob(id.begin(), id.end());
    return std::string(dash) + name + " " + schema::to_base64(as_bytes(blob + bytes)) + "\n";
}

std::string Note::str() const {
    auto all = text + "\n";
    for (auto& signature : signatures) all += signature.line();
    return all;
}

schema::Result<Note> parse_note(std::string_view bytes) {
    auto refuse = [](const char* why) { return malformed("note", why); };
    if (bytes.size() > size_limit) return refuse("is larger than 256 KiB");
    if (!schema::is_utf8(bytes)) return refuse("is not UTF-8");
    if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return is_control(c) && c != '\n'; }))
        return refuse("has a control character");
    auto split = bytes.rfind("\n\n");
    if (split == bytes.npos) return refuse("has no empty line between a text and signatures");
    auto lines = bytes.substr(split + 2);
    if (!lines.ends_with('\n')) return refuse("does not end with a line that is a signature");

    Note note;
    note.text = bytes.substr(0, split + 1);
    while (!lines.empty()) {
        if (note.signatures.size() == signature_limit) return refuse("has more than 100 signatures");
        auto signature = parse_signature(take_line(lines));
        if (!signature) return tl::unexpected(signature.error());
        note.signatures.push_back(*std::move(signature));
    }
    return note;
}

NoteSignature sign_note(std::string_view text, std::string_view name, const SigningKey& key) {
    VerifierKey verifier{std::string(name), KeyType::ed25519, key.public_key()};
    return {verifier.name, verifier.id(), std::string(key.sign("", as_bytes(text)).view())};
}

std::string_view take_line(std::string_view& text) {
    auto end = text.find('\n');
    if (end == text.npos) return {};
    auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::optional<uint64_t> decimal(std::string_view digits) {
    uint64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
    return value;
}

schema::Result<bool> signed_by(const Note& note, const VerifierKey& key) {
    ASSERT(key.type == KeyType::ed25519);
    bool found = false;
    for (auto& line : note.signatures) {
        if (!line.is_of(key)) continue;
        auto signature = Signature::from(as_bytes(line.bytes));
        if (!signature || !verify(key.key, "", as_bytes(note.text), *signature))
            return malformed("note.signature", "of " + key.name + " does not verify");
        found = true;
    }
    return found;
}

}  // namespace ledger
