// A C2SP signed note (c2sp.org/signed-note): a text, an empty line, and a line for each signature.
//
//   text, which ends with a newline and may hold empty lines
//                                               (an empty line: the last one of the note)
//   — <key name> <base64 of 4 bytes of key id and the signature>
//
// A key is written down as <key name>+<key id, hexadecimal>+<base64 of the type and the key>.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/keys.h"

namespace ledger {

using NoteKeyId = std::array<uint8_t, 4>;

// What a signature is made over, and what it is.
enum class KeyType : uint8_t {
    ed25519 = 0x01,      // Ed25519 over the text
    cosignature = 0x04,  // eight bytes of time, and Ed25519 over the time and the text: ledger/cosignature.h
};

struct VerifierKey {
    std::string name;
    KeyType type = KeyType::ed25519;
    PublicKey key{};

    NoteKeyId id() const;  // the first four bytes of SHA-256(name || "\n" || type || key)
    std::string text() const;
    bool operator==(const VerifierKey&) const = default;
};
// Malformed: not the three parts, a name that no note may hold, another type, a key id that is not this key's.
schema::Result<VerifierKey> parse_verifier_key(std::string_view text);

// Not empty, UTF-8, no blank of any alphabet and no "+", which would end it.
bool is_key_name(std::string_view name);

struct NoteSignature {
    std::string name;
    NoteKeyId id{};
    std::string bytes;  // what the key's type makes of it

    bool is_of(const VerifierKey& key) const { return name == key.name && id == key.id(); }
    std::string line() const;  // with its newline
};

struct Note {
    std::string text;  // with its last newline
    std::vector<NoteSignature> signatures;

    std::string str() const;
};

// Malformed: more than 256 KiB or 100 signatures, not UTF-8, a control character, no empty line, a line after it that
// is no signature. Nothing is verified.
schema::Result<Note> parse_note(std::string_view bytes);

NoteSignature sign_note(std::string_view text, std::string_view name, const SigningKey& key);

// What all these texts have in common. Takes the next line off the text, without its newline; empty where there is
// none.
std::string_view take_line(std::string_view& text);
// Digits, without a zero before others; nothing for any other spelling and beyond 64 bits.
std::optional<uint64_t> decimal(std::string_view digits);

// True: a line of this key verifies, and every line of it does. False: none is there. Malformed: one does not verify.
// For a key of type ed25519; a cosigner's is asked with cosigned_by.
schema::Result<bool> signed_by(const Note& note, const VerifierKey& key);

}  // namespace ledger
