#include "ledger/words.h"

#include <capnp/message.h>

#include <algorithm>

#include "ledger/cipher.h"
#include "ledger/key_store.h"
#include "ledger/keys.h"
#include "ledger/tree.h"
#include "schema/marks.h"
#include "schema/message.h"

namespace ledger {
namespace {

using schema::as_bytes;
using schema::fail;
using schema::Fault;
using schema::malformed;

constexpr size_t most_words = 100, most_subjects = 100, sealed_limit = 2 * words_limit;

std::string length(size_t size) { return {static_cast<char>(size >> 8), static_cast<char>(size & 0xff)}; }

bool is_media_type(std::string_view text) {  // or empty
    return text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string associated(const Digest& leaf, const EventId& event) {
    return std::string(leaf.view()) + std::string(event.view());
}

}  // namespace

Digest word_commitment(const Word& word) {
    std::string all = "caseledger/word content/v1\n" + word.salt + length(word.media_type.size()) + word.media_type;
    return sha256(as_bytes(all + std::string(sha256(as_bytes(word.content)).view())));
}

Digest word_leaf(std::string_view heading, std::span<const SubjectId> subjects, const Digest& commitment) {
    std::string all = "caseledger/word/v1\n" + length(heading.size()) + std::string(heading);
    all += static_cast<char>(subjects.size());
    for (const auto& subject : subjects) all += subject.view();
    return leaf_hash(as_bytes(all + std::string(commitment.view())));
}

namespace {

// salt || media type length || media type || content, and back.
std::string plain_of(const Word& word) {
    return word.salt + length(word.media_type.size()) + word.media_type + word.content;
}
// What the library throws on stored words whose pointers lead nowhere or to something else.
tl::unexpected<schema::Error> unreadable() { return fail(Fault::corrupt, "words", "the stored words cannot be read"); }

bool is_whole(schema::SealedWord::Reader word) {
    auto subjects = word.getSubjects();
    if (word.getCommitment().size() != 32 || subjects.size() == 0 || subjects.size() > most_subjects ||
        word.getKeys().size() != subjects.size())
        return false;
    for (auto subject : subjects)
        if (subject.size() != 16) return false;
    return true;
}

std::vector<SubjectId> subjects_of(schema::SealedWord::Reader word) {
    std::vector<SubjectId> subjects;
    for (auto subject : word.getSubjects()) subjects.push_back(SubjectId::of(schema::bytes_of(subject)));
    return subjects;
}

Digest leaf_of(schema::SealedWord::Reader word) {
    return word_leaf(schema::text_of(word.getHeading()), subjects_of(word),
                     Digest::of(schema::bytes_of(word.getCommitment())));
}

bool read_plain(std::string_view plain, Word& word) {
    if (plain.size() < 34) return false;
    word.salt = plain.substr(0, 32);
    size_t media = static_cast<size_t>(static_cast<uint8_t>(plain[32])) << 8 | static_cast<uint8_t>(plain[33]);
    if (plain.size() < 34 + media) return false;
    word.media_type = plain.substr(34, media);
    word.content = plain.substr(34 + media);
    return true;
}

}  // namespace

schema::Result<void> check_words(std::span<const Word> words) {
    if (words.size() > most_words) return malformed("words", "has more than 100 words");
    size_t total = 0;
    for (size_t i = 0; i < words.size(); ++i) {
        const Word& word = words[i];
        auto at = "words[" + std::to_string(i) + "]";
        if (!schema::is_code(word.heading)) return malformed(at + ".heading", "must be a code of a-z, 0-9 and '-'");
        if (word.salt.size() != 32) return malformed(at + ".salt", "must have 32 bytes");
        if (word.content.empty()) return malformed(at + ".content", "is empty");
        if (!is_media_type(word.media_type))
            return malformed(at + ".mediaType", "must be at most 100 printable characters of ASCII");
        if (word.subjects.empty()) return malformed(at + ".subjects", "must name at least one person");
        if (word.subjects.size() > most_subjects) return malformed(at + ".subjects", "names more than 100 people");
        total += word.content.size();
        if (total > words_limit) return malformed("words", "are more than 1 MiB together");
    }
    return {};
}

schema::Result<std::vector<Word>> read_words(capnp::List<schema::Word>::Reader words) try {
    // Before anything is copied: a list may claim more than its message holds.
    if (words.size() > most_words) return malformed("words", "has more than 100 words");
    std::vector<Word> read;
    for (auto word : words) {
        Word next{word.getHeading(),
                  {},
                  std::string(schema::as_text(schema::bytes_of(word.getSalt()))),
                  std::string(schema::as_text(schema::bytes_of(word.getContent()))),
                  word.getMediaType()};
        auto at = "words[" + std::to_string(read.size()) + "].subjects";
        if (word.getSubjects().size() > most_subjects) return malformed(at, "names more than 100 people");
        for (auto subject : word.getSubjects()) {
            auto id = SubjectId::from(schema::bytes_of(subject));
            if (!id) return malformed(at, "must be ids of 16 bytes");
            next.subjects.push_back(*id);
        }
        read.push_back(std::move(next));
    }
    TRY(check_words(read));
    return read;
} catch (const kj::Exception&) {
    return malformed("words", "cannot be read: their pointers lead nowhere or to something else");
}

Digest word_leaf(const Word& word) { return word_leaf(word.heading, word.subjects, word_commitment(word)); }

Digest words_root(std::span<const Digest> leaves) {
    Edge edge;
    for (const Digest& leaf : leaves) edge.append(leaf);
    return edge.root();
}

Digest words_root(std::span<const WordPart> parts) {
    Edge edge;
    for (const WordPart& part : parts) edge.append(part.leaf());
    return edge.root();
}

Digest words_root(std::span<const Word> words) {
    std::vector<Digest> leaves;
    for (const Word& word : words) leaves.push_back(word_leaf(word));
    return words_root(leaves);
}

namespace {

template <class SomeWord>
void add_name(std::vector<NameIn>& names, const SomeWord& word, uint64_t position) {
    if (!is_name(word)) return;
    auto& subject = word.subjects.front();
    auto known = std::find_if(names.begin(), names.end(), [&](auto& each) { return each.subject == subject; });
    if (known == names.end()) names.push_back({subject, position, word.content});
    else known->name += " " + word.content;
}

}  // namespace

schema::Result<std::string> seal(std::span<const Word> words, const EventId& event, uint64_t position, KeyStore& keys) {
    std::vector<SubjectId> subjects;
    for (const Word& word : words) subjects.insert(subjects.end(), word.subjects.begin(), word.subjects.end());
    std::vector<NameIn> names;
    for (const Word& word : words) add_name(names, word, position);
    TRY(keys.ensure(subjects, position, names));

    capnp::MallocMessageBuilder message;
    auto list = message.initRoot<schema::SealedWords>().initWords(static_cast<unsigned>(words.size()));
    for (uint32_t i = 0; i < words.size(); ++i) {
        const Word& word = words[i];
        auto commitment = word_commitment(word);
        auto leaf = word_leaf(word.heading, word.subjects, commitment);
        auto key = random_bytes(32);
        auto sealed = encrypt(key, as_bytes(associated(leaf, event)), as_bytes(plain_of(word)));
        list[i].setHeading(word.heading);
        list[i].setCommitment(schema::data_of(bytes_of(commitment)));
        list[i].setSealed(schema::data_of(as_bytes(sealed)));
        auto about = list[i].initSubjects(static_cast<unsigned>(word.subjects.size()));
        auto wrapped = list[i].initKeys(static_cast<unsigned>(word.subjects.size()));
        for (uint32_t j = 0; j < word.subjects.size(); ++j) {
            auto subject_key = keys.find(word.subjects[j]);
            if (!subject_key) return tl::unexpected(subject_key.error());
            ASSERT(subject_key->has_value());
            about.set(j, schema::data_of({word.subjects[j].data(), word.subjects[j].size()}));
            wrapped.set(j, schema::data_of(as_bytes(wrap_key((*subject_key)->key, key))));
        }
    }
    return schema::string_of(capnp::canonicalize(message.getRoot<schema::SealedWords>().asReader()));
}

schema::Result<std::vector<OpenedWord>> unseal(Bytes sealed, const EventId& event, uint64_t position,
                                               KeyStore& keys) try {
    auto message = schema::Message<schema::SealedWords>::decode(sealed, sealed_limit);
    if (!message) return fail(Fault::corrupt, "words", "the stored words: " + message.error().message);
    std::vector<OpenedWord> opened;
    for (auto stored : (*message)->getWords()) {
        if (!is_whole(stored)) return unreadable();
        Word word{stored.getHeading(), subjects_of(stored), {}, {}, {}};
        auto leaf = leaf_of(stored);
        OpenedWord next;
        next.heading = word.heading;
        next.subjects = word.subjects;
        next.leaf = leaf;
        next.commitment = Digest::of(schema::bytes_of(stored.getCommitment()));
        std::optional<std::string> opening;  // the word's own key
        for (uint32_t j = 0; j < word.subjects.size(); ++j) {
            auto subject_key = keys.find(word.subjects[j]);
            if (!subject_key) return tl::unexpected(subject_key.error());
            // One that was made later is another than the one that sealed this: theirs was destroyed, or lost.
            if (!*subject_key || (*subject_key)->made > position) {
                next.without_key.push_back(word.subjects[j]);
                continue;
            }
            auto key = unwrap_key((*subject_key)->key, schema::bytes_of(stored.getKeys()[j]));
            if (next.readable && key && *key == *opening) continue;
            next.not_under.push_back(word.subjects[j]);
            if (next.readable) continue;
            auto plain = key ? decrypt(*key, as_bytes(associated(leaf, event)), schema::bytes_of(stored.getSealed()))
                             : std::nullopt;
            if (!plain || !read_plain(*plain, word) || word_leaf(word) != leaf) continue;
            next.not_under.pop_back();
            opening = std::move(key);
            next.readable = true;
            next.content = word.content;
            next.media_type = word.media_type;
            next.salt = word.salt;
        }
        if (!next.not_under.empty() && !next.readable)
            return fail(Fault::corrupt, "words", "a word does not open to what was committed to");
        opened.push_back(std::move(next));
    }
    return opened;
} catch (const kj::Exception&) {
    return unreadable();
}

schema::Result<std::vector<NameIn>> names_in(Bytes sealed, const EventId& event, uint64_t position, KeyStore& keys) {
    auto parts = sealed_parts(sealed);
    if (!parts) return tl::unexpected(parts.error());
    std::vector<NameIn> names;
    if (std::none_of(parts->begin(), parts->end(), [](auto& part) { return part.heading == name_heading; }))
        return names;
    auto opened = unseal(sealed, event, position, keys);
    if (!opened) return tl::unexpected(opened.error());
    for (auto& word : *opened)
        if (word.readable) add_name(names, word, position);
    return names;
}

schema::Result<std::vector<WordPart>> sealed_parts(Bytes sealed) try {
    auto message = schema::Message<schema::SealedWords>::decode(sealed, sealed_limit);
    if (!message) return fail(Fault::corrupt, "words", "the stored words: " + message.error().message);
    std::vector<WordPart> parts;
    for (auto word : (*message)->getWords()) {
        if (!is_whole(word)) return unreadable();
        parts.push_back({word.getHeading(), subjects_of(word), Digest::of(schema::bytes_of(word.getCommitment()))});
    }
    return parts;
} catch (const kj::Exception&) {
    return unreadable();
}

}  // namespace ledger
