// A receipt as a file that others' tools read, and what is checked of one.
#include "ledger/proof_file.h"

#include <gtest/gtest.h>

#include "ledger/cosignature.h"
#include "ledger/small_book.h"
#include "schema/json.h"

namespace {

using namespace ledger;
using test::key_from;

// The example of c2sp.org/tlog-proof, its elided signatures and its extra data (which is no base64 there) aside.
const std::string example =
    "c2sp.org/tlog-proof@v1\n"
    "extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6\n"
    "index 73894\n"
    "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
    "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
    "EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n"
    "RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n"
    "AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n"
    "\n"
    "example.com/fancylog\n"
    "109482\n"
    "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"
    "\n"
    "\xe2\x80\x94 example.com/fancylog hI2DJw==\n";

TEST(ProofFile, IsReadAsTheSpecificationWritesIt) {
    auto file = parse_proof_file(example);
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->index, 73894u);
    EXPECT_EQ(file->extra, "age-v1.2.1-darwin-arm64.tar.gz");
    EXPECT_EQ(file->hashes.size(), 5u);
    EXPECT_TRUE(file->checkpoint.starts_with("example.com/fancylog\n109482\n"));
    EXPECT_EQ(file->text(), example);
}

TEST(ProofFile, IsRefusedInEveryOtherForm) {
    auto hash = schema::to_base64(schema::as_bytes(std::string(32, 'h'))) + "\n";
    std::string head = "c2sp.org/tlog-proof@v1\n", many = head + "index 0\n";
    for (int i = 0; i < 65; ++i) many += hash;
    for (auto& text :
         {std::string(), head, std::string("wrong\nindex 0\n\ncheckpoint\n"), head + "\n\ncheckpoint\n",
          head + "extra !!notbase64!!\nindex 0\n\ncheckpoint\n", head + "index notanumber\n\ncheckpoint\n",
          head + "index -1\n\ncheckpoint\n", head + "index 01\n\ncheckpoint\n",
          head + "index 18446744073709551616\n\ncheckpoint\n", head + "index 0\nextra YQ==\n\ncheckpoint\n",
          head + "index 0\n" + hash + "checkpoint\n", head + "index 0\nYQ==\n\ncheckpoint\n", head + "index 0\n" + hash,
          head + "index 0\n\n", head + "index 0\r\n\ncheckpoint\n", many + "\ncheckpoint\n"})
        EXPECT_FALSE(parse_proof_file(text)) << text.substr(0, 200);
    EXPECT_TRUE(parse_proof_file(head + "index 0\n\ncheckpoint\n"));
}

class ProofFiles : public testing::Test {
  protected:
    ProofFiles() {
        book = test::make(folder / "ledger");
        test::Author().write(*book, 21);
        key = book->checkpoint_key();
    }
    ProofFile of(uint64_t position) const { return proof_file_of(make_receipt(*book, position).value()).value(); }
    Digest leaf(uint64_t position) const { return book->entry(position)->leaf(); }
    schema::Result<Proven> verified(const Digest& leaf_digest, const std::string& text,
                                    const WitnessPolicy* policy = nullptr) const {
        return verify_proof_file(leaf_digest, text, std::span(&key, 1), policy);
    }
    test::TempFolder folder;
    std::unique_ptr<Ledger> book;
    PublicKey key{};
};

TEST_F(ProofFiles, ProveEveryEntryAndNoOther) {
    for (uint64_t position = 0; position < 21; ++position) {
        auto proven = verified(leaf(position), of(position).text());
        ASSERT_TRUE(proven) << proven.error().text();
        EXPECT_EQ(proven->index, position);
        EXPECT_EQ(proven->checkpoint.size, 21u);
        EXPECT_FALSE(verified(leaf((position + 1) % 21), of(position).text()));
    }
}

TEST_F(ProofFiles, FailWhenAnyBitChanges) {
    auto text = of(13).text();
    for (size_t bit = 0; bit < text.size() * 8; ++bit) {
        auto changed = text;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(verified(leaf(13), changed)) << "bit " << bit << "\n" << changed;
    }
}

TEST_F(ProofFiles, CarryExtraDataThatNobodyVouchesFor) {
    auto file = of(4);
    file.extra = "something\n\0 else";
    EXPECT_EQ(verified(leaf(4), file.text()).value().extra, file.extra);
}

TEST_F(ProofFiles, AreHeldToThePolicy) {
    VerifierKey own{test::origin, KeyType::ed25519, key},
        witness{"w.example", KeyType::cosignature, key_from(9).public_key()};
    auto policy = parse_witness_policy("log " + own.text() + "\nwitness w " + witness.text() + "\nquorum w\n").value();
    auto file = of(4);
    EXPECT_FALSE(verified(leaf(4), file.text(), &policy));
    file.checkpoint += cosign(parse_note(file.checkpoint)->text, "w.example", key_from(9), 77).line();
    auto proven = verified(leaf(4), file.text(), &policy);
    ASSERT_TRUE(proven) << proven.error().text();
    ASSERT_EQ(proven->witnessed.by.size(), 1u);
    EXPECT_EQ(proven->witnessed.by[0].time, 77u);
    // The policy's logs are keys enough; without them and without keys nothing is.
    EXPECT_TRUE(verify_proof_file(leaf(4), file.text(), std::span<const VerifierKey>(), &policy));
    policy.logs.clear();
    EXPECT_FALSE(verify_proof_file(leaf(4), file.text(), std::span<const VerifierKey>(), &policy));
    EXPECT_TRUE(verify_proof_file(leaf(4), file.text(), std::span<const VerifierKey>(&own, 1), &policy));
    policy.logs.push_back({{test::origin, KeyType::ed25519, key_from(1).public_key()}, ""});
    EXPECT_FALSE(verified(leaf(4), file.text(), &policy));
}

}  // namespace
