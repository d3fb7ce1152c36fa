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

// A real one: a staging log of certificates, which also signs in another way under the same name, and four witnesses.
TEST(Cosignature, OfARealWitnessVerifies) {
    auto note = parse_note(
        "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
        "\xe2\x80\x94 arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3"
        "urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
        "\xe2\x80\x94 arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI7"
        "5MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
        "\xe2\x80\x94 transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqo"
        "XHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
        "\xe2\x80\x94 witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5"
        "hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
        "\xe2\x80\x94 remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk"
        "5XeU/zZ0WBxtqB0DrAWfBw==\n");
    ASSERT_TRUE(note) << note.error().text();
    auto log = parse_verifier_key(
        "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f");
    auto remora = parse_verifier_key("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2");
    EXPECT_TRUE(signed_by(*note, log.value()).value());
    EXPECT_EQ(cosigned_by(*note, remora.value()).value(), 1779573024u);
    note->text.replace(note->text.find("1432088532"), 10, "42");
    EXPECT_FALSE(cosigned_by(*note, remora.value()));
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
