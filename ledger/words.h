// What was written about people: salted, committed to by the event, sealed under keys that can be destroyed.
//
//   commitment = SHA-256("caseledger/word content/v1\n" || salt, 32 bytes || media type length, 2 bytes || media type
//                        || SHA-256(content))
//   leaf = SHA-256(0x00 || "caseledger/word/v1\n" || heading length, 2 bytes || heading || number of subjects, 1 byte
//                  || subjects, 16 bytes each || commitment)
//          Lengths are big-endian. The event signs the RFC 6962 root of the leaves. What a word is headed and whom it
//          is about can be checked even when its salt and content are gone.
//   sealed = AES-256-GCM(word's own random key, nonce of 12 zero bytes, salt || media type length || media type
//                        || content), associated data = leaf || event id, tag last
//   keys   = the word's key, AES-KWP (RFC 5649) under the key of each subject
#pragma once
#include <span>
#include <string>
#include <vector>

#include "ledger/digest.h"
#include "ledger/names.h"
#include "schema/book.capnp.h"
#include "schema/ids.h"
#include "schema/result.h"

namespace ledger {

using schema::EventId;
using schema::SubjectId;

inline constexpr size_t words_limit = 1024 * 1024;  // of one event, together

struct Word {
    std::string heading;              // a code: "rationale"
    std::vector<SubjectId> subjects;  // those it is about, at least one
    std::string salt;                 // 32 random bytes
    std::string content;
    std::string media_type;  // empty: plain text in UTF-8
};

// A word whose content may be gone: what a reader is told.
struct OpenedWord {
    std::string heading;
    std::vector<SubjectId> subjects;
    bool readable = false;  // false: no key it was sealed under is there
    std::string content, media_type;
    std::string salt;
    Digest leaf{}, commitment{};
    // Those of its subjects whose key, as it was then, is not there: destroyed, where the book holds an erasure of
    // theirs at a later position; lost, where it does not.
    std::vector<SubjectId> without_key;
    // Not readable because it was erased: the entries that erased its subjects. The ledger fills this in.
    std::vector<uint64_t> erased_under;
    // Those whose key is there and does not open it, though another's does: with that one it would be lost.
    std::vector<SubjectId> not_under;
};

// Number, sizes, codes and salts of strangers' words; malformed names the word and the rule.
schema::Result<void> check_words(std::span<const Word> words);
// Those of a message, checked.
schema::Result<std::vector<Word>> read_words(capnp::List<schema::Word>::Reader words);

Digest word_commitment(const Word& word);
Digest word_leaf(const Word& word);
Digest word_leaf(std::string_view heading, std::span<const SubjectId> subjects, const Digest& commitment);
Digest words_root(std::span<const Digest> leaves);
Digest words_root(std::span<const Word> words);

class KeyStore;
struct NameIn;
// The SealedWords message for the store, of the entry at that position. Subject keys that are not there yet are made,
// durably, in one write, and with them the tokens by which names are found (ledger/names.h).
schema::Result<std::string> seal(std::span<const Word> words, const EventId& event, uint64_t position, KeyStore& keys);
// Opens what can be opened and checks it against its leaf; corrupt if a key opens it to something else.
schema::Result<std::vector<OpenedWord>> unseal(Bytes sealed, const EventId& event, uint64_t position, KeyStore& keys);
// The names that sealed words give people, where they can be opened: what seal() made tokens of.
schema::Result<std::vector<NameIn>> names_in(Bytes sealed, const EventId& event, uint64_t position, KeyStore& keys);
// Whether a word is somebody's name: headed so, plain text, about one person.
template <class SomeWord>
bool is_name(const SomeWord& word) {
    return word.heading == name_heading && word.subjects.size() == 1 && word.media_type.empty();
}
// What is not sealed of a word and can be checked without any key.
struct WordPart {
    std::string heading;
    std::vector<SubjectId> subjects;
    Digest commitment{};
    Digest leaf() const { return word_leaf(heading, subjects, commitment); }
};
schema::Result<std::vector<WordPart>> sealed_parts(Bytes sealed);
Digest words_root(std::span<const WordPart> parts);

}  // namespace ledger
