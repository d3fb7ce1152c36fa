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

TEST(Checkpoint, IsAcceptedUnderAnyKnownKeyWhileOneTakesOverFromAnother) {
    const SigningKey both[] = {key_from(1), key_from(2)};
    const PublicKey old_key[] = {key_from(1).public_key()}, new_key[] = {key_from(2).public_key()},
                    known[] = {key_from(1).public_key(), key_from(2).public_key()},
                    other[] = {key_from(3).public_key()};
    auto note = example().sign(both);
    for (std::span<const PublicKey> keys : {std::span<const PublicKey>(old_key), {new_key}, {known}})
        EXPECT_TRUE(open_checkpoint(note, keys));
    EXPECT_FALSE(open_checkpoint(note, other));
    EXPECT_FALSE(open_checkpoint(note, std::span<const PublicKey>()));
    EXPECT_TRUE(open_checkpoint(example().sign(key_from(2)), known));
}

TEST(Checkpoint, IsRefusedWhenOneOfTheKnownKeysDidNotSignIt) {
    auto good = parse_note(example().sign(key_from(1))).value();
    auto bad = sign_note("another text\n", test::origin, key_from(2));
    good.signatures.push_back(bad);
    const PublicKey known[] = {key_from(1).public_key(), key_from(2).public_key()};
    EXPECT_FALSE(open_checkpoint(good.str(), known));
    EXPECT_TRUE(open_checkpoint(good.str(), key_from(1).public_key()));  // whose the other line is, it does not know
}

// A real one: Go's checksum database, in whose tree the key's name is not the origin.
TEST(Checkpoint, OfAnotherLogOpensUnderItsOwnKey) {
    const VerifierKey key[] = {
        parse_verifier_key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").value()};
    auto note = parse_note(
        "go.sum database tree\n454425\nCF4Gdi7ahAx2DQ1icZRlXpgIZ4mMy3FE7ZH+asIYk9Y=\n\n\xe2\x80\x94 sum.golang.org "
        "Az3grrJsLRs6sNa2gQWy6G6jb/FLI7opFZErrJT1PWmmP4iUdRxoJhMgfmSkirJgj3zj7n3N61yL16+9521wNu12Sgo=\n");
    auto found = open_checkpoint(note.value(), key);
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(found->origin, "go.sum database tree");
    EXPECT_EQ(found->size, 454425u);
    EXPECT_EQ(found->body(), note->text);
}

TEST(Checkpoint, OfAnotherLogMayHaveExtensionLines) {
    auto foreign = example();
    foreign.extensions = {"Timestamp: 1684942801", "more"};
    auto note = foreign.sign(key_from(1));
    const VerifierKey key[] = {{test::origin, KeyType::ed25519, key_from(1).public_key()}};
    EXPECT_EQ(open_checkpoint(parse_note(note).value(), key).value().extensions, foreign.extensions);
    EXPECT_FALSE(open_checkpoint(note, key_from(1).public_key()));
    foreign.extensions = {"one", "", "two"};
    EXPECT_FALSE(open_checkpoint(parse_note(foreign.sign(key_from(1))).value(), key));
}

// The example of C2SP signed-note, whose key is public:
// PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW.
TEST(Checkpoint, VerifierKeyIsSpelledAsTheNoteFormatSpellsIt) {
    auto raw = schema::from_base64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "").value().substr(1);
    EXPECT_EQ(verifier_key("PeterNeumann", schema::PublicKey::of(schema::as_bytes(raw))),
              "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

}  // namespace
