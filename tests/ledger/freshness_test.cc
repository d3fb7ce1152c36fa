// An old state that was once witnessed is not taken for the newest one.
#include "ledger/freshness.h"

#include <gtest/gtest.h>

#include "ledger/cosignature.h"
#include "ledger/grown_log.h"

namespace {

using namespace ledger;

struct Case {
    SigningKey a = SigningKey::generate(), b = SigningKey::generate(), c = SigningKey::generate();
    WitnessPolicy policy;
    Note note;

    Case() {
        test::GrownLog log(7);
        policy.witnesses = {{"a", {"a.example", KeyType::cosignature, a.public_key()}, ""},
                            {"b", {"b.example", KeyType::cosignature, b.public_key()}, ""},
                            {"c", {"c.example", KeyType::cosignature, c.public_key()}, ""}};
        policy.groups = {{"two", 2, {"a", "b", "c"}}};
        policy.quorum = "two";
        note = parse_note(log.at(7).sign(log.key)).value();
        sign("a.example", a, 1000);
        sign("b.example", b, 2000);
        sign("c.example", c, 3000);
    }
    void sign(const char* name, const SigningKey& key, uint64_t time) {
        note.signatures.push_back(cosign(note.text, name, key, time));
    }
};

TEST(Freshness, CountsOnlyCosignaturesWithinTheWindow) {
    Case it;
    EXPECT_TRUE(is_fresh(it.note, it.policy, {}));
    EXPECT_TRUE(is_fresh(it.note, it.policy, {2000, 3000}));
    EXPECT_EQ(is_fresh(it.note, it.policy, {2000, 3000})->by.size(), 2u);
    EXPECT_FALSE(is_fresh(it.note, it.policy, {2001, 3000}));
    EXPECT_FALSE(is_fresh(it.note, it.policy, {2000, 2999})) << "a clock that is ahead";
    auto old = is_fresh(it.note, it.policy, {2500, 9999});
    ASSERT_FALSE(old);
    EXPECT_NE(old.error().message.find("01:33:20"), std::string::npos)
        << old.error().message << ": 2000 seconds, in London";
}

TEST(Freshness, TakesTheNewerOfTwoCosignaturesOfOneWitness) {
    Case it;
    it.sign("a.example", it.a, 2500);
    EXPECT_TRUE(is_fresh(it.note, it.policy, {2500, 3000}));
}

TEST(Freshness, RefusesWhatNobodyCosignedAndWhatDoesNotVerify) {
    Case it;
    auto none = it.policy;
    none.quorum = "none";
    Note bare{it.note.text, {it.note.signatures[0]}};
    EXPECT_FALSE(is_fresh(bare, none, {})) << "a quorum of nobody shows no time";
    EXPECT_FALSE(is_fresh(bare, it.policy, {}));
    it.note.signatures.back().bytes[20] = static_cast<char>(it.note.signatures.back().bytes[20] ^ 1);
    EXPECT_FALSE(is_fresh(it.note, it.policy, {}));
}

}  // namespace
