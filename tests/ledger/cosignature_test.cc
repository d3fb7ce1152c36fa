// What a witness says about a checkpoint, and when.
#include "ledger/cosignature.h"

#include <gtest/gtest.h>

#include "ledger/small_book.h"

namespace {

using namespace ledger;
using test::key_from;

const std::string text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const VerifierKey witness{"witness.example.com/w1", KeyType::cosignature, key_from(7).public_key()};

TEST(Cosignature, SignsTheMessageOfTheSpecification) {
    EXPECT_EQ(cosigned_message(1679315147, text),
              "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
              "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
}

TEST(Cosignature, SaysWhenItWasMade) {
    Note note{text, {cosign(text, witness.name, key_from(7), 1679315147)}};
    EXPECT_EQ(note.signatures[0].bytes.size(), 72u);
    EXPECT_EQ(cosigned_by(note, witness).value(), 1679315147u);
    note.signatures.push_back(cosign(text, witness.name, key_from(7), 1679315999));
    EXPECT_EQ(cosigned_by(parse_note(note.str()).value(), witness).value(), 1679315999u);
}

TEST(Cosignature, OfAnotherWitnessIsNone) {
    Note note{text, {cosign(text, witness.name, key_from(7), 5)}};
    EXPECT_EQ(cosigned_by(note, {witness.name, KeyType::cosignature, key_from(8).public_key()}).value(), std::nullopt);
    EXPECT_EQ(cosigned_by(note, {"other.example", KeyType::cosignature, witness.key}).value(), std::nullopt);
    // The same key as a log's is another key id.
    EXPECT_FALSE(signed_by(note, {witness.name, KeyType::ed25519, witness.key}).value());
}

TEST(Cosignature, FailsWhenAnyBitOfItChanges) {
    auto good = cosign(text, witness.name, key_from(7), 1679315147);
    for (size_t bit = 0; bit < good.bytes.size() * 8; ++bit) {
        auto bad = good;
        bad.bytes[bit / 8] = static_cast<char>(bad.bytes[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(cosigned_by({text, {bad}}, witness)) << bit;
    }
    for (size_t size = 0; size < good.bytes.size(); ++size) {
        auto bad = good;
        bad.bytes.resize(size);
        EXPECT_FALSE(cosigned_by({text, {bad}}, witness)) << size;
    }
    EXPECT_FALSE(cosigned_by({text + "an extension line\n", {good}}, witness));
}

}  // namespace
