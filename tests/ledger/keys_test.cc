// Keys, digests and drafts: the small things that everything else stands on.
#include "ledger/keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "ledger/digest.h"
#include "ledger/directory.h"
#include "ledger/draft.h"
#include "ledger/small_book.h"
#include "ledger/words_json.h"

namespace {

using namespace ledger;
using namespace test;

TEST(Digest, IsSha256AndTheTreesHashes) {
    EXPECT_EQ(sha256(schema::as_bytes("abc")).hex(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256({schema::as_bytes("a"), {}, schema::as_bytes("bc")}), sha256(schema::as_bytes("abc")));
    EXPECT_EQ(empty_root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    // RFC 6962's well-known hash of the empty leaf.
    EXPECT_EQ(leaf_hash({}).hex(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

// RFC 8032 7.1, test 1.
TEST(SigningKey, SignsAsTheRfcDoes) {
    auto seed = schema::from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").value();
    auto key = SigningKey::from_seed(schema::as_bytes(seed));
    EXPECT_EQ(key.public_key().hex(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    EXPECT_EQ(key.sign("", {}).hex(),
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
              "595bbe24655141438e7a100b");
}

TEST(SigningKey, SignaturesOfOneContextAreNoneOfAnother) {
    auto key = key_from(3);
    auto signature = key.sign(event_context, schema::as_bytes("message"));
    EXPECT_TRUE(verify(key.public_key(), event_context, schema::as_bytes("message"), signature));
    EXPECT_FALSE(verify(key.public_key(), session_context, schema::as_bytes("message"), signature));
    EXPECT_FALSE(verify(key.public_key(), key_context, schema::as_bytes("message"), signature));
    EXPECT_FALSE(verify(key.public_key(), "", schema::as_bytes("message"), signature));
    EXPECT_FALSE(verify(key_from(4).public_key(), event_context, schema::as_bytes("message"), signature));
}

TEST(SigningKey, IsKeptForItsOwnerAloneAndNeverOverwritten) {
    TempFolder folder;
    auto key = key_from(5);
    ASSERT_TRUE(key.save(folder / "key"));
    struct stat info {};
    ASSERT_EQ(::stat((folder / "key").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    EXPECT_EQ(SigningKey::load(folder / "key")->public_key(), key.public_key());
    auto again = key_from(6).save(folder / "key");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().fault, schema::Fault::conflict);
    EXPECT_EQ(SigningKey::load(folder / "key")->public_key(), key.public_key());
    for (auto* bad : {"", "abc", "zz"}) {
        write_all(folder / "bad", bad);
        EXPECT_FALSE(SigningKey::load(folder / "bad"));
    }
    write_all(folder / "bad", std::string(64, 'a') + "aa");
    EXPECT_FALSE(SigningKey::load(folder / "bad"));
    EXPECT_FALSE(SigningKey::load(folder / "none"));
}

// The eight points of small order and some encodings that are not canonical: none may be enrolled.
TEST(Key, OfSmallOrderOrNotCanonicalIsNotValid) {
    for (auto* hex : {"0000000000000000000000000000000000000000000000000000000000000000",
                      "0100000000000000000000000000000000000000000000000000000000000000",
                      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                      "0000000000000000000000000000000000000000000000000000000000000080",
                      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"})
        EXPECT_FALSE(is_valid(PublicKey::from_hex(hex).value())) << hex;
    EXPECT_TRUE(is_valid(key_from(1).public_key()));
}

TEST(Draft, NamesTheFieldOfWhatIsWrong) {
    DraftContext context;
    context.origin = origin;
    context.actor = id<PersonId>(1);
    context.role = "family-key-worker";
    context.stream = id<schema::StreamId>(1);
    context.occurred = schema::time_of(1'527'170'400'000);
    auto error = [&](const char* text) {
        auto made = draft(context, json::parse(text).as_object(), {});
        return made ? std::string("made") : made.error().field;
    };
    EXPECT_EQ(error(R"({"fact": {"caseNoteAdded": {"note": "action"}}})"), "made");
    EXPECT_EQ(error(R"({})"), "fact");
    EXPECT_EQ(error(R"({"fact": {}})"), "fact.ledgerOpened");
    EXPECT_EQ(error(R"({"fact": {"caseNoteAdded": {}}})"), "fact.caseNoteAdded.note");
    EXPECT_EQ(error(R"({"fact": {"caseNoteAdded": {"note": "Free text"}}})"), "fact.caseNoteAdded.note");
    EXPECT_EQ(error(R"({"fact": {"caseNoteAdded": {"note": "action", "nota": 3}}})"), "fact.caseNoteAdded.nota");
    EXPECT_EQ(error(R"({"fact": {"teamFormed": {"team": "a", "name": "b", "kind": "pod"}}})"), "stream");
    EXPECT_EQ(error(R"({"fact": {"caseNoteAdded": {"note": "action"}, "caseClosed": {}}})"), "fact.caseClosed");
}

TEST(Draft, WordsNameTheFieldOfWhatIsWrong) {
    auto error = [](const char* text) {
        auto words = words_from_json(json::parse(text).as_array(), Salts::made_here);
        return words ? std::to_string(words->size()) : words.error().field;
    };
    EXPECT_EQ(error(R"([{"heading": "note", "subjects": ["00000000000000000000000000000001"], "content": "x"}])"), "1");
    EXPECT_EQ(error(R"([])"), "0");
    EXPECT_EQ(error(R"([3])"), "words[0]");
    EXPECT_EQ(error(R"([{"heading": 3}])"), "words[0].heading");
    EXPECT_EQ(error(R"([{"heading": "note", "subjects": ["01"], "content": "x"}])"), "words[0].subjects");
    EXPECT_EQ(error(R"([{"heading": "note", "subjects": [], "content": "x"}])"), "words[0].subjects");
    EXPECT_EQ(error(R"([{"heading": "note", "subjects": ["00000000000000000000000000000001"]}])"), "words[0].content");
    EXPECT_EQ(
        error(
            R"([{"heading": "note", "content": "x", "body": "x", "subjects": ["00000000000000000000000000000001"]}])"),
        "words[0].body");
}

TEST(Directory, HoldsARoleFromItsFirstDayToTheDayBeforeItsEnd) {
    TempFolder folder;
    auto book = make(folder / "l");
    Author author;
    author.write(*book, 2);
    auto directory_stream = schema::reserved_stream(schema::directory_stream_number);
    auto who = id<PersonId>(2);
    uint64_t number = 900;
    auto say = [&](const char* text) {
        auto fact = json::parse(text).as_object();
        for (auto& [key, value] : fact) value.as_object()["person"] = who.hex();
        author.place_draft(*book, author.draft(*book, directory_stream, fact, number, {}), number);
        ++number;
    };
    say(R"({"roleGranted": {"role": "team-manager", "team": "north", "from": "2018-05-01"}})");
    say(R"({"roleEnded": {"role": "team-manager", "team": "north", "on": "2018-06-01"}})");
    say(R"({"roleGranted": {"role": "duty-manager", "from": "2018-05-10"}})");
    say(R"({"fteSet": {"hundredths": 60, "from": "2018-05-10"}})");
    say(R"({"fteSet": {"hundredths": 80, "from": "2018-07-10"}})");
    ASSERT_TRUE(book->commit());
    Directory directory;
    ASSERT_TRUE(book->read(0, 99, [&](const Entry& entry) { return directory.apply(entry), true; }));
    auto day = [](const char* text) { return schema::parse_day(text).value(); };
    EXPECT_FALSE(directory.holds(who, "team-manager", "north", day("2018-04-30")));
    EXPECT_TRUE(directory.holds(who, "team-manager", "north", day("2018-05-01")));
    EXPECT_FALSE(directory.holds(who, "team-manager", "south", day("2018-05-01")));
    EXPECT_FALSE(directory.holds(who, "team-manager", "", day("2018-05-01")));
    EXPECT_TRUE(directory.holds(who, "team-manager", "north", day("2018-05-31")));
    EXPECT_FALSE(directory.holds(who, "team-manager", "north", day("2018-06-01")));
    EXPECT_TRUE(directory.holds(who, "duty-manager", "south", day("2018-05-10")));
    EXPECT_EQ(directory.team_of(who, "team-manager", day("2018-05-05")), "north");
    EXPECT_EQ(directory.fte(who, day("2018-05-09")), 100);
    EXPECT_EQ(directory.fte(who, day("2018-05-10")), 60);
    EXPECT_EQ(directory.fte(who, day("2018-07-10")), 80);
    EXPECT_EQ(directory.fte(id<PersonId>(77), day("2018-07-10")), 100);
    EXPECT_FALSE(directory.holds(id<PersonId>(77), "duty-manager", "", day("2018-07-10")));
}

}  // namespace
