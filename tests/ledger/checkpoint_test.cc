// The signed note: what was signed comes back, and nothing else does.
#include "ledger/checkpoint.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/small_book.h"
#include "schema/json.h"

namespace {

using namespace ledger;
using test::key_from;

Checkpoint example() { return {test::origin, 4211, leaf_hash(schema::as_bytes("x"))}; }

RC_GTEST_PROP(Checkpoint, ComesBackAsItWasSigned, ()) {
    Checkpoint made{test::origin, *rc::gen::arbitrary<uint64_t>(), test::id<Digest>(*rc::gen::arbitrary<uint64_t>())};
    auto key = key_from(*rc::gen::arbitrary<uint8_t>());
    auto read = open_checkpoint(made.sign(key), key.public_key());
    RC_ASSERT(bool(read));
    RC_ASSERT(read->size == made.size);
    RC_ASSERT(read->root == made.root);
    RC_ASSERT(read->origin == made.origin);
}

TEST(Checkpoint, FailsWhenAnyBitOfTheNoteChanges) {
    auto key = key_from(1);
    auto note = example().sign(key);
    for (size_t bit = 0; bit < note.size() * 8; ++bit) {
        auto changed = note;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(open_checkpoint(changed, key.public_key())) << "bit " << bit << "\n" << changed;
    }
}

TEST(Checkpoint, FailsWhenCutAnywhere) {
    auto key = key_from(1);
    auto note = example().sign(key);
    for (size_t size = 0; size < note.size(); ++size)
        EXPECT_FALSE(open_checkpoint(note.substr(0, size), key.public_key())) << size;
}

TEST(Checkpoint, FailsUnderAnotherKey) {
    EXPECT_FALSE(open_checkpoint(example().sign(key_from(1)), key_from(2).public_key()));
}

TEST(Checkpoint, LetsCosignaturesOfOthersStandOnEitherSide) {
    auto key = key_from(1);
    auto note = example().sign(key);
    std::string witness =
        "\xe2\x80\x94 witness.example " + schema::to_base64(schema::as_bytes(std::string(76, 'w'))) + "\n";
    EXPECT_TRUE(open_checkpoint(note + witness, key.public_key()));
    auto at = note.find("\n\n") + 2;
    EXPECT_TRUE(open_checkpoint(note.substr(0, at) + witness + note.substr(at), key.public_key()));
    EXPECT_FALSE(open_checkpoint(note + "no signature line\n", key.public_key()));
}

TEST(Checkpoint, RefusesOtherSpellingsOfTheSameNumbers) {
    auto key = key_from(1);
    for (auto* body : {"o\n04211\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                       "o\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                       "o\n1 \nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                       "o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                       "o\n18446744073709551616\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                       "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", "o\n1\nAAAA\n",
                       "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                       "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nextension\n"}) {
        // Each is truly signed, so only its form can be the reason.
        std::string text = body, name(text.substr(0, text.find('\n')));
        auto signature = key.sign("", schema::as_bytes(text));
        auto type = std::string("\n\x01", 2);
        auto id = sha256({schema::as_bytes(name), schema::as_bytes(type), {key.public_key().data(), 32}});
        auto blob = std::string(id.view().substr(0, 4)) + std::string(signature.view());
        auto note = text + "\n\xe2\x80\x94 " + name + " " + schema::to_base64(schema::as_bytes(blob)) + "\n";
        EXPECT_FALSE(open_checkpoint(note, key.public_key())) << note;
    }
}

// The example of C2SP signed-note, whose key is public:
// PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW.
TEST(Checkpoint, VerifierKeyIsSpelledAsTheNoteFormatSpellsIt) {
    auto raw = schema::from_base64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "").value().substr(1);
    EXPECT_EQ(verifier_key("PeterNeumann", schema::PublicKey::of(schema::as_bytes(raw))),
              "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

}  // namespace
