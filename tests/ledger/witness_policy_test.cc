// Whose cosignatures are enough: what a policy may say, and what it makes of a checkpoint.
#include "ledger/witness_policy.h"

#include <gtest/gtest.h>

#include "ledger/cosignature.h"
#include "ledger/small_book.h"

namespace {

using namespace ledger;
using test::key_from;

const Checkpoint checkpoint{test::origin, 42, leaf_hash(schema::as_bytes("x"))};

std::string log_key(uint8_t n, const std::string& name = test::origin) {
    return VerifierKey{name, KeyType::ed25519, key_from(n).public_key()}.text();
}
std::string witness_name(uint8_t n) { return "w" + std::to_string(n) + ".example"; }
std::string witness_key(uint8_t n) {
    return VerifierKey{witness_name(n), KeyType::cosignature, key_from(n).public_key()}.text();
}
// The checkpoint, signed by its log (key 1) and cosigned by these.
Note cosigned(std::initializer_list<uint8_t> witnesses) {
    auto note = parse_note(checkpoint.sign(key_from(1))).value();
    for (auto n : witnesses) note.signatures.push_back(cosign(note.text, witness_name(n), key_from(n), 1000u + n));
    return note;
}
// The example of c2sp.org/tlog-policy: two of three X, and one of three Y.
std::string example() {
    std::string text = "log " + log_key(1) + "\n\n";
    for (uint8_t n : {11, 12, 13}) text += "witness X" + std::to_string(n - 10) + " " + witness_key(n) + "\n";
    text += "group X-witnesses 2 X1 X2 X3\n\n";
    for (uint8_t n : {21, 22, 23}) text += "witness Y" + std::to_string(n - 20) + " " + witness_key(n) + "\n";
    return text + "group Y-witnesses any Y1 Y2 Y3\n\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";
}

TEST(WitnessPolicy, CountsGroupsOfGroups) {
    auto policy = parse_witness_policy(example());
    ASSERT_TRUE(policy) << policy.error().text();
    EXPECT_EQ(policy->witnesses.size(), 6u);
    EXPECT_EQ(policy->groups.at(2).least, 2u);
    struct Case {
        std::initializer_list<uint8_t> witnesses;
        bool enough;
    };
    for (auto& [witnesses, enough] :
         {Case{{11, 12, 21}, true}, Case{{12, 13, 23}, true}, Case{{11, 12, 13, 21, 22, 23}, true}, Case{{}, false},
          Case{{11, 21, 22, 23}, false}, Case{{11, 12, 13}, false}, Case{{31, 32, 33}, false}}) {
        EXPECT_EQ(witnessed(cosigned(witnesses), *policy).value().enough, enough);
        EXPECT_EQ(bool(open_checkpoint(cosigned(witnesses), *policy)), enough);
    }
    auto told = witnessed(cosigned({23, 12}), *policy).value();
    ASSERT_EQ(told.by.size(), 2u);
    EXPECT_EQ(told.by[0].witness, "X2");
    EXPECT_EQ(told.by[0].time, 1012u);
    EXPECT_EQ(told.by[1].witness, "Y3");
}

TEST(WitnessPolicy, MayAskForNobodyOrForOneWitness) {
    auto nobody = parse_witness_policy("quorum none\n").value();
    EXPECT_TRUE(witnessed(cosigned({}), nobody).value().enough);
    EXPECT_FALSE(open_checkpoint(cosigned({}), nobody)) << "it names no log";
    auto one = parse_witness_policy("# a comment\n\t # another\n log\t" + log_key(1) +
                                    " https://log.example/ \n\twitness \t w  " + witness_key(9) +
                                    "   https://w.example/  \n\n  quorum\tw");
    ASSERT_TRUE(one) << one.error().text();
    EXPECT_EQ(one->witnesses[0].url, "https://w.example/");
    EXPECT_EQ(one->logs[0].url, "https://log.example/");
    EXPECT_TRUE(open_checkpoint(cosigned({9}), *one));
    EXPECT_FALSE(open_checkpoint(cosigned({8}), *one));
}

TEST(WitnessPolicy, TakesNamesAsTheBytesTheyAre) {
    auto policy = parse_witness_policy("witness all " + witness_key(1) + "\nwitness \xe2\x84\xaa\x80 " +
                                       witness_key(2) + "\ngroup group all all \xe2\x84\xaa\x80\nquorum group\n");
    ASSERT_TRUE(policy) << policy.error().text();
    EXPECT_TRUE(witnessed(cosigned({1, 2}), *policy).value().enough);
    EXPECT_FALSE(witnessed(cosigned({1}), *policy).value().enough);
}

TEST(WitnessPolicy, HoldsALogToItsOwnName) {
    auto policy = parse_witness_policy("log " + log_key(1, "other.example") + "\nquorum none\n").value();
    auto note = parse_note(checkpoint.body() + "\n" + sign_note(checkpoint.body(), "other.example", key_from(1)).line())
                    .value();
    EXPECT_FALSE(open_checkpoint(note, policy));
    EXPECT_TRUE(open_checkpoint(cosigned({}), parse_witness_policy("log " + log_key(1) + "\nquorum none\n").value()));
}

TEST(WitnessPolicy, RefusesANoteWithAWrongLineOfAKnownWitness) {
    auto policy = parse_witness_policy(example()).value();
    auto note = cosigned({11, 12, 21});
    note.signatures.push_back(cosign("other\n", witness_name(13), key_from(13), 5));
    EXPECT_FALSE(witnessed(note, policy));
    note.signatures.back() = cosign("other\n", witness_name(77), key_from(77), 5);
    EXPECT_TRUE(witnessed(note, policy).value().enough) << "whose line it is, the policy does not say";
}

TEST(WitnessPolicy, NamesTheLineAndTheRule) {
    auto w1 = "witness w1 " + witness_key(1) + "\n", w2 = "witness w2 " + witness_key(2) + "\n";
    struct Case {
        std::string text, line, what;
    };
    for (auto& [text, line, what] : {
             Case{"quorum none\n\x01", "2", "control character"},
             Case{"quorum none\r\n", "1", "control character"},
             Case{"quorum none\x7f\n", "1", "control character"},
             Case{"quibble w1\nquorum none\n", "1", "begins with none of"},
             Case{w1 + "witness w2 " + witness_key(2) + " https://w.example # comment\nquorum w1\n", "2",
                  "is not witness"},
             Case{"log\nquorum none\n", "1", "is not log"},
             Case{"log garbage\nquorum none\n", "1", "key that cannot be used"},
             Case{"log " + log_key(1) + "\nlog " + log_key(1, "b") + "\nquorum none\n", "2",
                  "public key that is there"},
             Case{"witness w1\nquorum none\n", "1", "is not witness"},
             Case{"witness w1 " + log_key(1) + "\nquorum w1\n", "1", "0x04"},
             Case{"witness none " + witness_key(1) + "\nquorum none\n", "1", "none"},
             Case{w1 + "witness w1 " + witness_key(2) + "\nquorum w1\n", "2", "name that is there"},
             Case{w1 + "witness w2 " + witness_key(1) + "\nquorum w1\n", "2", "public key that is there"},
             Case{w1 + "group w1 any w1\nquorum w1\n", "2", "name that is there"},
             Case{w1 + "group g 1\nquorum w1\n", "2", "is not group"},
             Case{w1 + "group none any w1\nquorum none\n", "2", "none"},
             Case{w1 + "group g 0 w1\nquorum g\n", "2", "1 to 1"},
             Case{w1 + "group g -1 w1\nquorum g\n", "2", "1 to 1"},
             Case{w1 + "group g 2 w1\nquorum g\n", "2", "1 to 1"},
             Case{w1 + "group g 01 w1\nquorum g\n", "2", "1 to 1"},
             Case{w1 + "group g any w2\n" + w2 + "quorum g\n", "2", "no line before it"},
             Case{w1 + "group g any g\nquorum g\n", "2", "no line before it"},
             Case{w1 + "group g any none w1\nquorum g\n", "2", "no line before it"},
             Case{w1 + "group g all w1 w1\nquorum g\n", "2", "is in a group"},
             Case{w1 + w2 + "group g any w1 w2\ngroup h any w1\nquorum g\n", "4", "is in a group"},
             Case{w1 + "quorum w1\nquorum w1\n", "3", "second quorum"},
             Case{"quorum unknown\n", "1", "no line before it"},
             Case{"quorum w1\n" + w1, "1", "no line before it"},
             Case{"quorum\n", "1", "is not quorum"},
         }) {
        auto policy = parse_witness_policy(text);
        ASSERT_FALSE(policy) << text;
        EXPECT_EQ(policy.error().field, "policy line " + line) << text << policy.error().text();
        EXPECT_NE(policy.error().message.find(what), std::string::npos) << text << policy.error().text();
    }
    EXPECT_EQ(parse_witness_policy(w1).error().text(), "policy: has no quorum line");
    EXPECT_FALSE(parse_witness_policy(""));
}

}  // namespace
