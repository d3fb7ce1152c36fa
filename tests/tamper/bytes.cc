// Damage: single bytes of entries and of sealed words.
#include <capnp/message.h>

#include "campaign.h"
#include "ledger/words.h"

namespace tamper {
namespace {

using SealedWords = schema::Message<schema::SealedWords>;

schema::Result<SealedWords> sealed(const std::string& bytes) {
    return SealedWords::decode(schema::as_bytes(bytes), 2 * ledger::words_limit);
}

// What is not sealed is the same: headings, subjects, commitments.
bool same_parts(const std::string& one, const std::string& other) {
    auto first = ledger::sealed_parts(schema::as_bytes(one)), second = ledger::sealed_parts(schema::as_bytes(other));
    if (!first || !second || first->size() != second->size()) return false;
    for (size_t i = 0; i < first->size(); ++i)
        if ((*first)[i].leaf() != (*second)[i].leaf()) return false;
    return true;
}

// Beside that, whatever a key that is there can open is the same, byte by byte.
bool same_sealed(const std::string& one, const std::string& other, uint64_t position, ledger::KeyStore& keys) {
    if (!same_parts(one, other)) return false;
    auto first = sealed(one).value(), second = sealed(other).value();
    auto lists = std::pair{first->getWords(), second->getWords()};
    for (uint32_t i = 0; i < lists.first.size(); ++i) {
        auto before = lists.first[i], after = lists.second[i];
        bool opens = false;
        for (uint32_t j = 0; j < before.getSubjects().size(); ++j) {
            auto key = keys.find(schema::SubjectId::of(schema::bytes_of(before.getSubjects()[j]))).value();
            if (!key || key->made > position) continue;
            opens = true;
            if (before.getKeys()[j] != after.getKeys()[j]) return false;
        }
        if (opens && before.getSealed() != after.getSealed()) return false;
    }
    return true;
}

}  // namespace

void bytes_of_entries(Campaign& campaign) {
    auto& sample = campaign.little;
    auto by = std::make_shared<Operator>(sample);
    for (size_t n = campaign.count(9'000); n > 0; --n) {
        auto at = campaign.dice.below(sample.size());
        // The two documents of the practice stream are most of the book's bytes: they get their share by entry.
        std::string what;
        auto bad = damaged(sample.book.entry_at(at), campaign.dice, what);
        if (bad.empty()) continue;
        Book book = sample.book;
        book.replace(at, std::move(bad));
        book.fit();
        campaign.take({"bytes of an entry", "entry " + std::to_string(at) + ": " + what, at, sample.size() - 1,
                       [&sample, by, book] { return by_any(sample, *by, book); }});
    }
}

void bytes_of_words(Campaign& campaign) {
    auto& sample = campaign.little;
    std::vector<uint64_t> with_words;
    for (uint64_t at = 0; at < sample.size(); ++at)
        if (!sample.book.words_at(at).empty()) with_words.push_back(at);
    auto& keys = sample.played.book->keys();
    for (size_t n = campaign.count(2'000); n > 0; --n) {
        auto at = with_words[campaign.dice.below(with_words.size())];
        auto& good = sample.book.words_at(at);
        std::string what;
        auto bad = damaged(good, campaign.dice, what);
        if (bad.empty()) continue;
        Book book = sample.book;
        book.replace_words(at, bad);
        what = "words of entry " + std::to_string(at) + ": " + what;
        auto without = kept(sample), with = without;
        with.keys = &keys;
        campaign.take({"bytes of words, without keys", what, at, at, [=] { return verify(book, without); },
                       [=, &good] { return same_parts(good, bad); }});
        campaign.take({"bytes of words, with keys", what, at, at, [=] { return verify(book, with); },
                       [=, &good, &keys] { return same_sealed(good, bad, at, keys); }});
    }
}

}  // namespace tamper
