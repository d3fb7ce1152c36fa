// What an operator can say of sealed words: that others are there or none, headed and about somebody else, that they
// open to something else, that they were erased.
#include <capnp/message.h>

#include "campaign.h"
#include "ledger/cipher.h"
#include "ledger/words.h"

namespace tamper {
namespace {

using schema::as_bytes;
using schema::data_of;
using List = capnp::List<schema::SealedWord>::Builder;

std::string altered(const std::string& sealed, const std::function<void(schema::SealedWords::Builder)>& change) {
    capnp::MallocMessageBuilder message;
    message.setRoot(schema::Message<schema::SealedWords>::decode(as_bytes(sealed), 1 << 22).value().read());
    change(message.getRoot<schema::SealedWords>());
    return schema::string_of(capnp::canonicalize(message.getRoot<schema::SealedWords>().asReader()));
}

struct Lie {
    const char* kind;
    std::function<void(List words, const schema::SubjectId& other)> tell;
};

const std::vector<Lie>& lies() {
    static const std::vector<Lie> all{
        {"words: another heading", [](List words, auto&) { words[0].setHeading("other"); }},
        {"words: no heading", [](List words, auto&) { words[0].setHeading(""); }},
        {"words: about somebody else",
         [](List words, auto& other) { words[0].getSubjects().set(0, data_of(as_bytes(other.view()))); }},
        {"words: about somebody more",
         [](List words, auto& other) {
             auto subjects = words[0].initSubjects(2), keys = words[0].initKeys(2);
             for (unsigned i = 0; i < 2; ++i) {
                 subjects.set(i, data_of(as_bytes(other.view())));
                 keys.set(i, data_of(as_bytes(other.view())));
             }
         }},
        {"words: another commitment", [](List words, auto&) { words[0].getCommitment()[7] ^= 1; }},
    };
    return all;
}

std::vector<uint64_t> with_words(const Sample& sample) {
    std::vector<uint64_t> found;
    for (uint64_t at = 0; at < sample.size(); ++at)
        if (!sample.book.words_at(at).empty()) found.push_back(at);
    return found;
}

// Words that every key opens to something else than was committed to, by somebody who holds them all.
std::string resealed(const Sample& sample, uint64_t at, const std::string& content) {
    auto& keys = sample.played.book->keys();
    auto parts = ledger::sealed_parts(as_bytes(sample.book.words_at(at))).value();
    bool opens = true;
    auto made = altered(sample.book.words_at(at), [&](schema::SealedWords::Builder builder) {
        for (uint32_t i = 0; i < parts.size(); ++i) {
            auto word = builder.getWords()[i];
            auto secret = ledger::random_bytes(32);
            auto beside = std::string(parts[i].leaf().view()) + std::string(sample.entry(at).id().view());
            auto plain = std::string(32, 's') + std::string(2, 0) + content;
            word.setSealed(data_of(as_bytes(ledger::encrypt(secret, as_bytes(beside), as_bytes(plain)))));
            for (uint32_t j = 0; j < parts[i].subjects.size(); ++j) {
                auto key = keys.find(parts[i].subjects[j]).value();
                if (key && key->made <= at)
                    word.getKeys().set(j, data_of(as_bytes(ledger::wrap_key(key->key, secret))));
                else opens = opens && parts[i].subjects.size() > 1;
            }
        }
    });
    return opens ? made : std::string();
}

void lie(Campaign& campaign, const Sample& sample, size_t most) {
    auto outsider = kept(sample), insider = outsider;
    insider.keys = &sample.played.book->keys();
    auto places = with_words(sample);
    auto take = [&](const std::string& kind, uint64_t at, const std::string& words, const Evidence& evidence) {
        if (words == sample.book.words_at(at)) return;
        Book book = sample.book;
        book.replace_words(at, words);
        campaign.take({kind, "entry " + std::to_string(at), at, at, [=] { return verify(book, evidence); }});
    };
    auto somebody = test::id<schema::SubjectId>(4'711);
    auto chosen = campaign.spread(places.size(), campaign.count(most));
    for (auto& [at, word] : sample.noted)  // what is about two
        if (word.subjects.size() > 1)
            chosen.push_back(static_cast<uint64_t>(std::find(places.begin(), places.end(), at) - places.begin()));
    for (auto index : chosen) {
        auto at = places[index];
        auto& good = sample.book.words_at(at);
        take("words: missing", at, {}, outsider);
        for (auto& each : lies())
            take(each.kind, at,
                 altered(good, [&](schema::SealedWords::Builder builder) { each.tell(builder.getWords(), somebody); }),
                 outsider);
        take("words: none in the list", at, altered(good, [](auto builder) { builder.initWords(0); }), outsider);
        for (auto other : campaign.spread(places.size(), 6))
            take("words: another entry's", at, sample.book.words_at(places[other]), outsider);
        // Only the part that no hash is over: who has the keys sees it.
        for (auto other : campaign.spread(places.size(), 6)) {
            auto theirs =
                schema::Message<schema::SealedWords>::decode(as_bytes(sample.book.words_at(places[other])), 1 << 22);
            auto opened = ledger::unseal(as_bytes(good), sample.entry(at).id(), at, *insider.keys).value();
            if (places[other] == at || !opened[0].readable) continue;
            take("words: another's content", at,
                 altered(good,
                         [&](schema::SealedWords::Builder builder) {
                             builder.getWords()[0].setSealed((*theirs)->getWords()[0].getSealed());
                         }),
                 insider);
        }
        auto parts = ledger::sealed_parts(as_bytes(good)).value();
        for (size_t j = 0; j < parts[0].subjects.size() && parts[0].subjects.size() > 1; ++j) {
            auto key = insider.keys->find(parts[0].subjects[j]).value();
            if (!key || key->made > at) continue;
            take("words: closed to one of those they are about", at,
                 altered(good,
                         [&](schema::SealedWords::Builder builder) {
                             auto wrapped = ledger::wrap_key(key->key, ledger::random_bytes(32));
                             builder.getWords()[0].getKeys().set(static_cast<uint32_t>(j), data_of(as_bytes(wrapped)));
                         }),
                 insider);
        }
        if (auto changed = resealed(sample, at, "what was never said"); !changed.empty())
            take("words: content changed and sealed anew", at, changed, insider);
    }
    for (auto at : campaign.spread(sample.size(), campaign.count(most)))
        if (sample.book.words_at(at).empty())
            take("words: where the event signs none", at, sample.book.words_at(places[0]), outsider);
}

// Erasures that nobody decided, and one that was decided and not carried out.
void erase(Campaign& campaign, const Sample& sample) {
    auto by = std::make_shared<Operator>(sample);
    auto insider = kept(sample);
    insider.keys = &sample.played.book->keys();
    for (uint64_t at = 0; at < sample.size(); ++at) {
        if (sample.entry(at).type() != schema::Fact::SUBJECT_ERASED) continue;
        auto items = by->items();
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
        auto book = by->build(std::move(items), Operator::every_key, at);
        campaign.take(
            {"words: gone, and nobody erased them", "without entry " + std::to_string(at), 0, at, [=, &sample] {
                 auto evidence = fitted(sample, *by, book);
                 evidence.keys = insider.keys;
                 return verify(book, evidence);
             }});
    }
    auto& family = sample.families.at(sample.families.contains("little") ? "little" : "escalated");
    auto items = by->items();
    items.push_back(
        by->say("sm", family.stream,
                {{"subjectErased", test::json::object{{"subject", family.child.hex()}, {"ground", "ordered"}}}},
                {.joint = {"gov"}}));
    items.back().words.clear();
    auto from = sample.size();
    auto book = by->build(std::move(items), Operator::every_key, from);
    campaign.take({"words: an erasure that destroyed nothing", "", from, from, [=, &sample] {
                       auto evidence = fitted(sample, *by, book);
                       evidence.keys = insider.keys;
                       return verify(book, evidence);
                   }});
    // A store of keys that has none of them.
    auto folder = std::make_shared<test::TempFolder>();
    std::shared_ptr<ledger::KeyStore> empty = ledger::KeyStore::create(*folder / "keys", std::string(32, 'm')).value();
    auto lost = insider;
    lost.keys = empty.get();
    campaign.take({"words: whose keys were lost", "", 0, sample.size(),
                   [=, &sample, hold = empty, stay = folder] { return verify(sample.book, lost); }});
}

}  // namespace

void words(Campaign& campaign) {
    lie(campaign, campaign.little, 44);
    lie(campaign, campaign.whole, 12);
    erase(campaign, campaign.little);
    erase(campaign, campaign.whole);
}

}  // namespace tamper
