// Words open under any one subject's key, are lost with the last one, and never open to anything else.
#include "ledger/words.h"

#include <capnp/message.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rocksdb/db.h>

#include <set>

#include "ledger/cipher.h"
#include "ledger/key_store.h"
#include "ledger/small_book.h"

namespace {

using namespace ledger;
using namespace test;
using schema::Fault;

const std::string master(32, 'M');

const auto ana = id<schema::SubjectId>(1), ben = id<schema::SubjectId>(2), cleo = id<schema::SubjectId>(3);
const auto event = id<schema::EventId>(9);
constexpr uint64_t position = 7;  // of the entry whose words these are

std::vector<Word> two_words() {
    return {{"note", {ana, ben}, std::string(32, 's'), "about both", ""},
            {"worry", {cleo}, std::string(32, 't'), std::string("\0\xff", 2), "image/png"}};
}

struct Store {
    TempFolder folder;
    std::unique_ptr<KeyStore> keys;
    void open(const std::string& key = master) { keys.reset(), keys = KeyStore::open(folder / "keys", key).value(); }
    void forget(const schema::SubjectId& subject) {
        Erasure erasure[] = {{subject, position + 1}};
        ASSERT_TRUE(keys->erase(erasure));
        open();
    }
    Store() { keys = KeyStore::create(folder / "keys", master).value(); }
};

TEST(Words, OpenToWhatWasSealedAlsoAfterReopening) {
    Store store;
    auto sealed = seal(two_words(), event, position, *store.keys).value();
    for (int life = 0; life < 2; ++life) {
        auto opened = unseal(schema::as_bytes(sealed), event, position, *store.keys);
        ASSERT_TRUE(opened);
        ASSERT_EQ(opened->size(), 2u);
        for (size_t i = 0; i < 2; ++i) {
            auto was = two_words()[i];
            auto& is = (*opened)[i];
            EXPECT_TRUE(is.readable);
            EXPECT_EQ(is.heading, was.heading);
            EXPECT_EQ(is.subjects, was.subjects);
            EXPECT_EQ(is.content, was.content);
            EXPECT_EQ(is.media_type, was.media_type);
            EXPECT_EQ(is.salt, was.salt);
            EXPECT_EQ(is.leaf, word_leaf(was));
        }
        store.open();
    }
    EXPECT_EQ(words_root(std::span<const WordPart>(sealed_parts(schema::as_bytes(sealed)).value())),
              words_root(two_words()));
}

TEST(Words, StayReadableWhileTheKeyOfOneSubjectLives) {
    Store store;
    auto sealed = seal(two_words(), event, position, *store.keys).value();
    store.forget(ana);
    auto opened = unseal(schema::as_bytes(sealed), event, position, *store.keys);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_TRUE((*opened)[0].readable);
    EXPECT_EQ((*opened)[0].content, "about both");
}

TEST(Words, AreUnreadableAndNoErrorWhenEveryKeyIsGone) {
    Store store;
    auto sealed = seal(two_words(), event, position, *store.keys).value();
    store.forget(ana);
    store.forget(ben);
    auto opened = unseal(schema::as_bytes(sealed), event, position, *store.keys);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_FALSE((*opened)[0].readable);
    EXPECT_EQ((*opened)[0].content + (*opened)[0].salt, "");
    EXPECT_TRUE((*opened)[1].readable);
    EXPECT_EQ(words_root(std::span<const WordPart>(sealed_parts(schema::as_bytes(sealed)).value())),
              words_root(two_words()));
}

TEST(Words, AreCorruptWhenAnyByteOfThemChanges) {
    Store store;
    auto sealed = seal(two_words(), event, position, *store.keys).value();
    auto good = unseal(schema::as_bytes(sealed), event, position, *store.keys).value();
    for (size_t at = 0; at < sealed.size(); ++at)
        for (uint8_t change : {0x01, 0x80}) {
            auto bad = sealed;
            bad[at] = static_cast<char>(bad[at] ^ change);
            auto opened = unseal(schema::as_bytes(bad), event, position, *store.keys);
            if (!opened) {
                EXPECT_EQ(opened.error().fault, Fault::corrupt) << at;
                continue;
            }
            // What opened in spite of it must be what was written: a wrapped key of one subject may rot while the
            // other's opens, and a subject's id may rot into that of someone who has no key.
            for (size_t i = 0; i < opened->size(); ++i)
                if ((*opened)[i].readable) {
                    EXPECT_EQ((*opened)[i].content, good[i].content) << at;
                    EXPECT_EQ((*opened)[i].leaf, good[i].leaf) << at;
                    EXPECT_EQ((*opened)[i].heading, good[i].heading) << at;
                }
        }
}

TEST(Words, OfOneEventDoNotOpenAsThoseOfAnother) {
    Store store;
    auto sealed = seal(two_words(), event, position, *store.keys).value();
    auto opened = unseal(schema::as_bytes(sealed), id<schema::EventId>(10), position, *store.keys);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().fault, Fault::corrupt);
}

TEST(Words, SealedBytesHoldNothingInTheClear) {
    Store store;
    auto words = two_words();
    words[0].content = "Ana climbs on the roof";
    auto sealed = seal(words, event, position, *store.keys).value();
    EXPECT_EQ(sealed.find("roof"), sealed.npos);
    EXPECT_EQ(sealed.find(words[0].salt), sealed.npos);
    EXPECT_EQ(sealed.find("image/png"), sealed.npos);
    EXPECT_NE(sealed, seal(words, event, position, *store.keys).value());
}

// Anything an entry or a stranger could put there is an error, never an exception or a crash.
TEST(Words, BytesThatAreNoWordsAreCorrupt) {
    Store store;
    capnp::MallocMessageBuilder message;
    auto root = message.initRoot<capnp::AnyPointer>().initAsAnyStruct(0, 1);
    root.getPointerSection()[0].setAs<capnp::Text>("not a list of words");
    auto odd = schema::string_of(root.asReader().canonicalize());
    capnp::MallocMessageBuilder second;
    auto outer = second.initRoot<capnp::AnyPointer>().initAsAnyStruct(0, 1);
    auto list = outer.getPointerSection()[0].initAsListOfAnyStruct(0, 5, 1);
    list[0].getPointerSection()[0].initAs<capnp::List<uint64_t>>(3);
    list[0].getPointerSection()[1].setAs<capnp::Text>("text");
    list[0].getPointerSection()[2].initAs<capnp::List<uint16_t>>(3);
    list[0].getPointerSection()[3].initAs<capnp::List<uint16_t>>(3);
    list[0].getPointerSection()[4].setAs<capnp::Text>("text");
    auto odder = schema::string_of(outer.asReader().canonicalize());
    for (auto& bytes : {std::string(), std::string("x"), std::string(8, '\0'), odd, odder}) {
        schema::Result<std::vector<OpenedWord>> opened;
        schema::Result<std::vector<WordPart>> parts;
        EXPECT_NO_THROW(opened = unseal(schema::as_bytes(bytes), event, position, *store.keys));
        EXPECT_NO_THROW(parts = sealed_parts(schema::as_bytes(bytes)));
        if (bytes.size() > 8) {
            EXPECT_FALSE(opened);
            EXPECT_FALSE(parts);
        }
    }
}

std::vector<Word> read(const std::function<void(schema::Word::Builder)>& change, std::string* error = nullptr) {
    capnp::MallocMessageBuilder message;
    auto list = message.initRoot<schema::Words>().initWords(1);
    list[0].setHeading("note");
    list[0].initSubjects(1).set(0, schema::data_of(schema::as_bytes(ana.view())));
    list[0].setSalt(schema::data_of(schema::as_bytes(std::string(32, 's'))));
    list[0].setContent(schema::data_of(schema::as_bytes("text")));
    change(list[0]);
    auto words = read_words(message.getRoot<schema::Words>().asReader().getWords());
    if (!words && error) *error = words.error().text();
    return words ? *words : std::vector<Word>{};
}

TEST(Words, OfStrangersAreRefusedByFieldWhenTheyBreakARule) {
    auto data = [](size_t n) { return std::string(n, 'x'); };
    struct Case {
        std::string field;
        std::function<void(schema::Word::Builder)> change;
    };
    for (auto& [field, change] : std::vector<Case>{
             {"heading", [](auto word) { word.setHeading("Free text"); }},
             {"heading", [](auto word) { word.setHeading(""); }},
             {"salt", [&](auto word) { word.setSalt(schema::data_of(schema::as_bytes(data(31)))); }},
             {"salt", [&](auto word) { word.setSalt(schema::data_of(schema::as_bytes(data(33)))); }},
             {"content", [](auto word) { word.setContent({}); }},
             {"mediaType", [&](auto word) { word.setMediaType(data(101)); }},
             {"subjects", [](auto word) { word.initSubjects(0); }},
             {"subjects", [](auto word) { word.initSubjects(1).set(0, schema::data_of(schema::as_bytes("short"))); }},
             {"subjects", [](auto word) { word.initSubjects(101); }},
             {"1 MiB",
              [&](auto word) { word.setContent(schema::data_of(schema::as_bytes(data(words_limit + 1)))); }}}) {
        std::string error;
        EXPECT_TRUE(read(change, &error).empty()) << field;
        EXPECT_NE(error.find(field), error.npos) << error;
    }
    EXPECT_EQ(read([](auto) {}).size(), 1u);
}

TEST(Words, OfStrangersWithPointersOfAnotherKindAreMalformedNotAnException) {
    capnp::MallocMessageBuilder message;
    auto root = message.initRoot<capnp::AnyPointer>().initAsAnyStruct(0, 1);
    auto list = root.getPointerSection()[0].initAsListOfAnyStruct(0, 5, 1);
    list[0].getPointerSection()[0].initAs<capnp::List<uint64_t>>(3);
    list[0].getPointerSection()[2].initAs<capnp::List<uint64_t>>(3);
    auto words = message.getRoot<schema::Words>().asReader().getWords();
    EXPECT_NO_THROW(EXPECT_FALSE(read_words(words)));
}

rc::Gen<Word> any_word() {
    return rc::gen::map(
        rc::gen::tuple(rc::gen::inRange(0, 4), rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 4)),
                       rc::gen::inRange(0, 3), rc::gen::inRange(0, 4), rc::gen::inRange(0, 3)),
        [](const std::tuple<int, std::vector<int>, int, int, int>& parts) {
            auto& [heading, subjects, salt, content, media] = parts;
            Word word{std::string(static_cast<size_t>(heading), 'n'),
                      {},
                      std::string(32, static_cast<char>('a' + salt)),
                      std::string(static_cast<size_t>(content), 'c'),
                      std::string(static_cast<size_t>(media), 'm')};
            for (int each : subjects) word.subjects.push_back(test::id<schema::SubjectId>(static_cast<uint64_t>(each)));
            if (word.subjects.size() > 100) word.subjects.resize(100);
            return word;
        });
}

RC_GTEST_PROP(Words, DifferentWordsHaveDifferentLeaves, ()) {
    auto one = *any_word(), other = *any_word();
    bool same = one.heading == other.heading && one.subjects == other.subjects && one.salt == other.salt &&
                one.content == other.content && one.media_type == other.media_type;
    RC_ASSERT((word_leaf(one) == word_leaf(other)) == same);
}

TEST(Words, LeavesTellApartWhatOnlyMovesAcrossAFieldsEdge) {
    std::set<std::string> leaves;
    for (auto& [heading, media, content] :
         std::vector<std::tuple<std::string, std::string, std::string>>{{"ab", "c", "d"},
                                                                        {"a", "bc", "d"},
                                                                        {"abc", "", "d"},
                                                                        {"", "abc", "d"},
                                                                        {"ab", "", "cd"},
                                                                        {"", "", "abcd"}})
        leaves.insert(word_leaf({heading, {ana}, std::string(32, 's'), content, media}).hex());
    EXPECT_EQ(leaves.size(), 6u);
}

// ---- the store of subjects' keys ----

TEST(KeyStore, GivesNothingForAnUnknownSubjectAndTheSameKeyEveryTime) {
    Store store;
    EXPECT_FALSE(store.keys->find(ana).value());
    std::vector<schema::SubjectId> both{ana, ben, ana};
    ASSERT_TRUE(store.keys->ensure(both, position));
    auto key_of = [&](const schema::SubjectId& subject) { return store.keys->find(subject).value()->key; };
    auto first = key_of(ana);
    EXPECT_EQ(first.size(), 32u);
    EXPECT_NE(first, key_of(ben));
    ASSERT_TRUE(store.keys->ensure(both, position));
    EXPECT_EQ(key_of(ana), first);
    store.open();
    EXPECT_EQ(key_of(ana), first);
    EXPECT_FALSE(store.keys->find(cleo).value());
}

TEST(KeyStore, SaysCorruptUnderAnotherMasterKey) {
    Store store;
    std::vector<schema::SubjectId> one{ana};
    ASSERT_TRUE(store.keys->ensure(one, position));
    store.keys.reset();
    auto other = KeyStore::open(store.folder / "keys", std::string(32, 'X'));
    ASSERT_FALSE(other) << "it would wrap new keys under a key that nobody keeps";
    EXPECT_EQ(other.error().fault, Fault::corrupt);
    store.open();
    EXPECT_TRUE(store.keys->find(ana).value());
}

TEST(KeyStore, NeverReplacesAKeyThatDoesNotOpen) {
    Store store;
    std::vector<schema::SubjectId> one{ana};
    ASSERT_TRUE(store.keys->ensure(one, position));
    store.keys.reset();
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, store.folder / "keys", &raw).ok());
    auto row = std::string(ana.view());
    ASSERT_TRUE(raw->Put({}, row, std::string(48, 'x')).ok());
    delete raw;
    store.open();
    EXPECT_FALSE(store.keys->find(ana));
    EXPECT_FALSE(store.keys->ensure(one, position));
}

TEST(KeyStore, RefusesToOpenWhenKeysAreLostInsteadOfDestroyed) {
    Store store;
    std::vector<schema::SubjectId> one{ana}, other{ben};
    ASSERT_TRUE(store.keys->ensure(one, position));
    store.keys.reset();
    copy_folder(store.folder / "keys", store.folder / "old");
    store.open();
    ASSERT_TRUE(store.keys->ensure(other, position));
    store.keys.reset();
    fs::copy_file(store.folder / "keys.mark", store.folder / "old.mark");
    EXPECT_FALSE(KeyStore::open(store.folder / "old", master));
    fs::remove(store.folder / "keys.mark");
    EXPECT_FALSE(KeyStore::open(store.folder / "keys", master));
}

TEST(KeyStore, IsNeverMadeAnewWhereItIsMissing) {
    Store store;
    store.keys.reset();
    fs::remove_all(store.folder / "keys");
    auto again = KeyStore::open(store.folder / "keys", master);
    ASSERT_FALSE(again) << "every word would look as if its keys had been destroyed";
    EXPECT_EQ(again.error().fault, Fault::corrupt);
    EXPECT_FALSE(fs::exists(store.folder / "keys"));
}

TEST(Words, AreReadByTheOtherSubjectsKeyWhereOneWasMadeAnew) {
    Store store;
    auto sealed = seal(two_words(), event, position, *store.keys).value();
    store.forget(ana);
    std::vector<schema::SubjectId> again{ana};
    ASSERT_TRUE(store.keys->ensure(again, position + 2));
    auto opened = unseal(schema::as_bytes(sealed), event, position, *store.keys);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ((*opened)[0].content, "about both");
}

TEST(KeyStore, HoldsNoKeyInTheClear) {
    Store store;
    std::vector<schema::SubjectId> one{ana};
    ASSERT_TRUE(store.keys->ensure(one, position));
    auto key = store.keys->find(ana).value()->key;
    store.keys.reset();
    for (auto& file : fs::directory_iterator(store.folder / "keys"))
        EXPECT_EQ(read_all(file.path()).find(key), std::string::npos) << file.path();
}

TEST(Cipher, RefusesAnyChangeOfCiphertextAssociatedDataOrKey) {
    std::string key(32, 'k'), other(32, 'j');
    auto sealed = encrypt(key, schema::as_bytes("with"), schema::as_bytes("plain"));
    EXPECT_EQ(decrypt(key, schema::as_bytes("with"), schema::as_bytes(sealed)), "plain");
    EXPECT_FALSE(decrypt(key, schema::as_bytes("without"), schema::as_bytes(sealed)));
    EXPECT_FALSE(decrypt(other, schema::as_bytes("with"), schema::as_bytes(sealed)));
    for (size_t i = 0; i < sealed.size(); ++i) {
        auto bad = sealed;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        EXPECT_FALSE(decrypt(key, schema::as_bytes("with"), schema::as_bytes(bad)));
    }
    for (size_t n = 0; n < sealed.size(); ++n)
        EXPECT_FALSE(decrypt(key, schema::as_bytes("with"), schema::as_bytes(sealed.substr(0, n)))) << n;
    auto empty = encrypt(key, {}, {});
    EXPECT_EQ(decrypt(key, {}, schema::as_bytes(empty)), "");
}

TEST(Cipher, UnwrapsOnlyWhatItWrappedUnderTheSameKey) {
    std::string key(32, 'w');
    auto wrapped = wrap_key(key, std::string(32, 'x'));
    EXPECT_EQ(wrapped.size(), 40u);
    EXPECT_EQ(unwrap_key(key, schema::as_bytes(wrapped)), std::string(32, 'x'));
    EXPECT_FALSE(unwrap_key(std::string(32, 'v'), schema::as_bytes(wrapped)));
    for (size_t i = 0; i < wrapped.size(); ++i) {
        auto bad = wrapped;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        EXPECT_FALSE(unwrap_key(key, schema::as_bytes(bad)));
    }
    EXPECT_FALSE(unwrap_key(key, schema::as_bytes(wrapped.substr(0, 39))));
    EXPECT_FALSE(unwrap_key(key, {}));
}

}  // namespace
