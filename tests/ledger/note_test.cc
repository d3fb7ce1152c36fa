// Signed notes and their keys, with the examples of those who defined them.
#include "ledger/note.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/small_book.h"
#include "schema/json.h"

namespace {

using namespace ledger;
using test::key_from;

// From the tests of golang.org/x/mod/sumdb/note.
constexpr auto peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr auto enoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
constexpr auto peters_seed = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=";
const std::string words =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string peters_line =
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const std::string enochs_line =
    "\xe2\x80\x94 EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

VerifierKey key_of(std::string_view text) { return parse_verifier_key(text).value(); }

TEST(Note, IsSignedAsOthersSignIt) {
    auto seed = schema::from_base64(peters_seed, "").value();
    auto key = SigningKey::from_seed(schema::as_bytes(seed));
    EXPECT_EQ((VerifierKey{"PeterNeumann", KeyType::ed25519, key.public_key()}.text()), peter);
    EXPECT_EQ((Note{words, {sign_note(words, "PeterNeumann", key)}}.str()), words + "\n" + peters_line);
}

TEST(Note, VerifiesUnderEachKeyThatSignedIt) {
    auto note = parse_note(words + "\n" + peters_line + enochs_line).value();
    EXPECT_EQ(note.text, words);
    ASSERT_EQ(note.signatures.size(), 2u);
    EXPECT_TRUE(signed_by(note, key_of(peter)).value());
    EXPECT_TRUE(signed_by(note, key_of(enoch)).value());
    EXPECT_FALSE(signed_by(parse_note(words + "\n" + peters_line).value(), key_of(enoch)).value());
    EXPECT_EQ(note.str(), words + "\n" + peters_line + enochs_line);
}

TEST(Note, IsRefusedWhenOneLineOfAKnownKeyFails) {
    auto broken = peters_line;
    broken.insert(60, "ABCD");
    auto note = parse_note(words + "\n" + peters_line + broken).value();
    EXPECT_FALSE(signed_by(note, key_of(peter)));
    auto other = parse_note("Other words.\n\n" + peters_line).value();
    EXPECT_FALSE(signed_by(other, key_of(peter)));
}

TEST(Note, MayHoldEmptyLinesAndIsCutAtTheLast) {
    // The example of c2sp.org/signed-note.
    auto poem =
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \xc3\xa8 subito sera.\n"
        "\n\xe2\x80\x94 quasimodo.example/salvatore "
        "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    auto note = parse_note(poem).value();
    EXPECT_TRUE(note.text.ends_with("subito sera.\n"));
    EXPECT_EQ(note.signatures.at(0).name, "quasimodo.example/salvatore");
    EXPECT_EQ(schema::to_hex(note.signatures.at(0).id), "367ba04b");
}

TEST(Note, IsRefusedInEveryOtherForm) {
    for (auto& bytes :
         {std::string(), words, words + "\n", words + "\n" + peters_line.substr(0, peters_line.size() - 1),
          "\x01" + words + "\n" + peters_line, "\xff" + words + "\n" + peters_line, words + "\r\n\n" + peters_line,
          words + "\n\xe2\x80\x94 Bad Name " + peters_line.substr(17),
          words + "\n" + peters_line + "Unexpected line.\n", words + "\n\xe2\x80\x94 PeterNeumann\n",
          words + "\n\xe2\x80\x94 PeterNeumann x08gow==\n",
          words + "\n\xe2\x80\x94 Peter\xc2\xa0Neumann " + peters_line.substr(17),
          words + "\n\xe2\x80\x94 Peter+Neumann " + peters_line.substr(17), std::string(300 * 1024, 'a')})
        EXPECT_FALSE(parse_note(bytes)) << bytes.substr(0, 300);
    auto many = words + "\n";
    for (int i = 0; i < 100; ++i) many += enochs_line;
    EXPECT_TRUE(parse_note(many));
    EXPECT_FALSE(parse_note(many + enochs_line));
}

TEST(VerifierKey, ComesBackAsItWasWrittenAndInNoOtherSpelling) {
    for (std::string text : {peter, enoch, "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
                             // A witness that runs in public.
                             "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"}) {
        EXPECT_EQ(key_of(text).text(), text);
        for (size_t i = 0; i < text.size(); ++i) {
            auto changed = text;
            changed[i] = static_cast<char>(changed[i] + 1);
            EXPECT_FALSE(parse_verifier_key(changed)) << changed;
            EXPECT_FALSE(parse_verifier_key(text.substr(i + 1))) << i;
            EXPECT_FALSE(parse_verifier_key(text.substr(0, i))) << i;
        }
    }
    EXPECT_EQ(key_of("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2").type,
              KeyType::cosignature);
    // Of another length and of another type, each with the key id that fits.
    EXPECT_FALSE(parse_verifier_key("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="));
    EXPECT_FALSE(parse_verifier_key("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
}

RC_GTEST_PROP(Note, ComesBackAsItWasSigned, ()) {
    auto text = *rc::gen::container<std::string>(rc::gen::inRange(' ', '~')) + "\n";
    auto key = key_from(*rc::gen::arbitrary<uint8_t>());
    auto note = parse_note(Note{text, {sign_note(text, "a.example/b", key)}}.str());
    RC_ASSERT(bool(note));
    RC_ASSERT(note->text == text);
    RC_ASSERT(signed_by(*note, {"a.example/b", KeyType::ed25519, key.public_key()}).value());
}

}  // namespace
