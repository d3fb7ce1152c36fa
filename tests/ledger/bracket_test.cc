// When an entry came to be is told as others prove it, with what it rests on and what must be assumed, and no closer.
#include "ledger/bracket.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/authority.h"

namespace {

using namespace ledger;
using namespace test;

using By = Attested::By;
schema::Time at(int64_t seconds) { return schema::time_of(seconds * 1000); }
Attested said(uint64_t size, int64_t second, const char* name = "north") {
    return {size, at(second), at(second + 1), By::witness, name};
}

TEST(Bracket, EndsWithTheFirstWhoSawTheEntryAndBeginsWithTheLastStateItsActorSaw) {
    Attested all[] = {said(3, 100), said(5, 200), said(8, 300), said(11, 400), said(12, 390, "south")};
    auto found = bracket(10, 8, all);
    EXPECT_EQ(found.not_before->size, 8u);
    EXPECT_EQ(found.not_before->earliest, at(300));
    EXPECT_EQ(found.not_after->name, "south") << "a later checkpoint proves more where it was seen earlier";
    EXPECT_EQ(found.not_after->latest, at(391));
    EXPECT_FALSE(found.contradictory());
    // What it had seen was witnessed only in an older state.
    EXPECT_EQ(bracket(10, 7, all).not_before->size, 5u);
    // Of two who saw the same state, one had when it was shown.
    Attested two[] = {said(8, 300), said(8, 250, "south")};
    EXPECT_EQ(bracket(10, 9, two).not_before->earliest, at(250));
}

TEST(Bracket, IsOpenWhereNobodySaidAnything) {
    EXPECT_FALSE(bracket(0, 0, {}).not_before);
    EXPECT_FALSE(bracket(0, 0, {}).not_after);
    Attested all[] = {said(5, 200)};
    EXPECT_FALSE(bracket(5, 0, all).not_after) << "a checkpoint of size 5 holds the entries 0 to 4";
    EXPECT_TRUE(bracket(4, 0, all).not_after);
    EXPECT_FALSE(bracket(9, 0, all).not_before) << "who had been shown nothing commits to nothing";
    EXPECT_FALSE(bracket(9, 4, all).not_before);
    EXPECT_EQ(readable(bracket(5, 0, all)), "Nobody but this ledger says when.\n");
    EXPECT_TRUE(to_json(bracket(5, 0, all)).empty());
}

TEST(Bracket, SaysItsAssumptionAndWhatItRestsOn) {
    Attested all[] = {said(8, 300), said(11, 400)};
    auto told = to_json(bracket(10, 8, all));
    EXPECT_EQ(told.at("notBefore").at("assuming"), json::string(bracket_assumption));
    EXPECT_EQ(told.at("notBefore").at("time"), "1970-01-01T01:05:00+01:00");
    EXPECT_EQ(told.at("notAfter").at("name"), "north");
    EXPECT_EQ(told.at("notAfter").at("by"), "witness");
    EXPECT_EQ(told.at("notAfter").at("checkpoint"), 11);
    EXPECT_FALSE(told.at("notAfter").as_object().contains("assuming"));
    EXPECT_NE(readable(bracket(10, 8, all)).find("Assuming"), std::string::npos);
}

TEST(Bracket, SaysWhereItsBoundsContradictEachOther) {
    Attested all[] = {said(8, 300), said(11, 200, "south")};
    auto found = bracket(10, 8, all);
    EXPECT_TRUE(found.contradictory());
    EXPECT_TRUE(to_json(found).at("contradictory").as_bool());
}

RC_GTEST_PROP(Bracket, OnlyNarrowsItsEndWithMoreThatIsSaid, ()) {
    auto sizes = *rc::gen::container<std::vector<uint8_t>>(rc::gen::arbitrary<uint8_t>());
    std::vector<Attested> all;
    Bracket before;
    for (auto size : sizes) {
        all.push_back(said(size, *rc::gen::inRange(0, 1000)));
        auto now = bracket(100, 50, all);
        RC_ASSERT(!before.not_after || now.not_after->latest <= before.not_after->latest);
        RC_ASSERT(!before.not_before || now.not_before->size >= before.not_before->size);
        RC_ASSERT(!now.not_after || now.not_after->size > 100);
        RC_ASSERT(!now.not_before || now.not_before->size <= 50);
        before = now;
    }
}

// A real book, with what two witnesses and an authority said about it.
struct Attesting {
    TempFolder folder;
    Authority authority;
    std::unique_ptr<Ledger> book = make(folder / "l");
    std::unique_ptr<Evidence> evidence = Evidence::open(folder / "l").value();
    SigningKey north = key_from(21), south = key_from(22);
    EvidenceTrust trust{origin,
                        {book->checkpoint_key()},
                        {witness("north.example", north)},
                        TimeTrust::from_pem(authority.ca()).value(),
                        [this](uint64_t size) { return book->root_at(size); }};

    static VerifierKey witness(const char* name, const SigningKey& key) {
        return {name, KeyType::cosignature, key.public_key()};
    }
    void cosigned(const char* name, const SigningKey& key, uint64_t time) {
        auto note = book->published()->checkpoint;
        note += cosign(parse_note(note)->text, name, key, time).line();
        ASSERT_TRUE(evidence->put_cosigned(book->published()->head.size, note));
    }
    void timestamped() {
        auto note = book->published()->checkpoint, request = make_time_request(note).value();
        auto token = accept_time_response(schema::as_bytes(authority.reply(request)), schema::as_bytes(request), note,
                                          *trust.authorities);
        ASSERT_TRUE(token) << token.error().text();
        ASSERT_TRUE(evidence->put_token(book->published()->head.size, note, *token));
    }
};

TEST(Bracket, RestsOnTrustedEvidenceAboutThisBookAlone) {
    Attesting is;
    Author author;
    for (uint64_t size = 1; size <= 8; ++size) {
        author.write(*is.book, size);
        is.cosigned("south.example", is.south, 1000 + size);  // whom we do not trust
        if (size == 3 || size == 6) is.cosigned("north.example", is.north, 2000 + size);
        if (size == 7) is.timestamped();
    }
    auto all = attested_around(*is.evidence, 4, 4, is.trust);
    ASSERT_TRUE(all) << all.error().text();
    auto found = bracket(4, 4, *all);
    EXPECT_EQ(found.not_before->earliest, at(2003));
    EXPECT_EQ(found.not_before->size, 3u);
    EXPECT_EQ(found.not_after->latest, at(2006) + std::chrono::milliseconds(999));
    EXPECT_EQ(all->size(), 3u) << "two of the witness's, and the token";

    // Without the witness there is the token alone, and above it nothing.
    is.trust.witnesses.clear();
    found = bracket(4, 4, *attested_around(*is.evidence, 4, 4, is.trust));
    EXPECT_FALSE(found.not_before);
    EXPECT_EQ(found.not_after->by, By::authority);
    EXPECT_EQ(found.not_after->size, 7u);
    EXPECT_TRUE(attested_around(*is.evidence, 7, 0, is.trust)->empty());
}

TEST(Bracket, RestsOnNothingThatIsNoStateOfThisBook) {
    Attesting is;
    Author().write(*is.book, 3);
    is.cosigned("north.example", is.north, 2000);
    is.timestamped();
    auto other = is.trust;
    other.root_at = [](uint64_t) { return id<Digest>(1); };
    auto wrong = attested_around(*is.evidence, 0, 0, other);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().fault, schema::Fault::corrupt);
    auto token = *is.evidence->newest_token();
    EXPECT_FALSE(attested(*token, other));
    EXPECT_TRUE(attested(*token, is.trust));
    other = is.trust;
    other.checkpoint_keys = {key_from(9).public_key()};
    EXPECT_FALSE(attested_around(*is.evidence, 0, 0, other));
    other = is.trust;
    other.origin = "another.example";
    EXPECT_FALSE(attested_around(*is.evidence, 0, 0, other));
    // Kept under another size, and a line in the witness's name that is not the witness's.
    EXPECT_FALSE(attested(Timestamped{2, token->note, token->token}, is.trust));
    auto text = parse_note(token->note)->text;
    auto forged = cosign(text, "north.example", is.south, 2000);
    forged.id = Attesting::witness("north.example", is.north).id();
    EXPECT_FALSE(attested(Cosigned{3, token->note + forged.line()}, is.trust));
}

}  // namespace
