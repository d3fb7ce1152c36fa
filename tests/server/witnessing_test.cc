// A book and its neighbours: what a quorum cosigned is told as witnessed for ever, and nobody who is asked can hold up
// the others, lie unnoticed, or take back what was given.
#include "server/witnessing.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <thread>

#include "ledger/grown_log.h"
#include "ledger/receipt.h"
#include "ledger/small_book.h"
#include "server/neighbour.h"

namespace {

using namespace std::chrono_literals;
using schema::ReceiptState;
using server::Witnessing;
using test::Neighbour;
using test::TempFolder;

class WitnessedBook : public testing::Test {
  protected:
    WitnessedBook() {
        book = test::make(folder / "l");
        author.write(*book, 5);
        evidence = ledger::Evidence::open(folder / "l").value();
    }
    ~WitnessedBook() override { asking.reset(); }

    ledger::VerifierKey log() const { return {test::origin, ledger::KeyType::ed25519, book->checkpoint_key()}; }
    Neighbour& neighbour(const std::string& name, uint16_t port = 0) {
        neighbours.push_back(std::make_unique<Neighbour>(folder.path(), name, std::vector{log()}, port));
        auto& made = *neighbours.back();
        add(name, made.identity(), made.url(), made.certificate());
        return made;
    }
    void add(const std::string& name, const ledger::VerifierKey& key, const std::string& url,
             const std::string& certificate) {
        policy.witnesses.push_back({name, key, url});
        options.certificates[name] = certificate;
    }
    void need(size_t least) {
        policy.logs = {{log(), ""}};
        ledger::WitnessPolicy::Group group{"enough", least, {}};
        for (auto& witness : policy.witnesses) group.members.push_back(witness.name);
        policy.groups = {group};
        policy.quorum = "enough";
    }
    void ask() {
        options.pause = 20ms;
        options.again = 20ms;
        options.longest = 200ms;
        options.log = false;
        auto started = Witnessing::start(*book, *evidence, policy, options);
        ASSERT_TRUE(started) << started.error().text();
        asking = *std::move(started);
    }
    bool comes(const std::function<bool()>& condition, std::chrono::milliseconds within = 20s) {
        auto until = std::chrono::steady_clock::now() + within;
        while (!condition() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(5ms);
        return condition();
    }
    uint64_t witnessed() const {
        auto newest = asking->newest();
        return newest ? newest->size : 0;
    }
    bool all_witnessed(std::chrono::milliseconds within = 20s) {
        return comes([&] { return witnessed() == book->published()->head.size; }, within);
    }
    server::WitnessStanding standing(const std::string& name) const {
        for (auto& one : asking->standings())
            if (one.name == name) return one;
        return {};
    }

    TempFolder folder;
    test::Author author;
    std::unique_ptr<ledger::Ledger> book;
    std::unique_ptr<ledger::Evidence> evidence;
    std::vector<std::unique_ptr<Neighbour>> neighbours;
    ledger::WitnessPolicy policy;
    server::WitnessingOptions options;
    std::unique_ptr<Witnessing> asking;
};
using Witnessed = WitnessedBook;

TEST_F(Witnessed, ByTwoOfThreeWhileOneIsDead) {
    for (auto* name : {"one", "two", "three"}) neighbour(name);
    need(2);
    auto dead_port = neighbours[2]->port();
    neighbours.pop_back();
    ask();
    ASSERT_TRUE(all_witnessed());
    for (uint64_t size = 6; size <= 30; size += 4) {
        author.write(*book, size, 3);
        ASSERT_TRUE(all_witnessed()) << size;
    }
    auto newest = asking->newest();
    for (uint64_t at = 0; at < book->published()->head.size; ++at) {
        auto receipt = ledger::make_receipt(*book, at, newest.get()).value();
        ASSERT_EQ(receipt.state, ReceiptState::WITNESSED);
        auto proven = ledger::verify_receipt(receipt, policy, author.key.public_key());
        ASSERT_TRUE(proven) << proven.error().text();
        EXPECT_EQ(proven->state, ReceiptState::WITNESSED);
        EXPECT_EQ(proven->by.size(), 2u);
    }
    EXPECT_TRUE(comes([&] { return standing("three").state.starts_with("does not answer"); }));
    EXPECT_EQ(standing("one").size, newest->size);
    EXPECT_TRUE(standing("one").claim.empty() && standing("three").claim.empty());
    // It comes back, and is asked from where it stands.
    neighbours.push_back(std::make_unique<Neighbour>(folder.path(), "three", std::vector{log()}, dead_port));
    author.write(*book, 33);
    EXPECT_TRUE(comes([&] { return standing("three").size == 33; }));
}

TEST_F(Witnessed, SaysSinceWhenTheQuorumIsNotReached) {
    neighbour("one");
    neighbour("two");
    need(2);
    neighbours.pop_back();
    ask();
    EXPECT_TRUE(comes([&] { return asking->reason().starts_with("quorum not reached since 2"); })) << asking->reason();
    EXPECT_EQ(asking->newest(), nullptr);
    auto receipt = ledger::make_receipt(*book, 2, nullptr).value();
    EXPECT_EQ(receipt.state, ReceiptState::INCLUDED);
    EXPECT_EQ(ledger::verify_receipt(receipt, policy, std::nullopt)->state, ReceiptState::INCLUDED);
}

TEST_F(Witnessed, StaysSoAfterARestartAndWithoutAPolicy) {
    neighbour("one");
    need(1);
    ask();
    ASSERT_TRUE(all_witnessed());
    auto before = witnessed();
    asking.reset();
    neighbours.clear();
    author.write(*book, 9);
    evidence.reset();
    evidence = ledger::Evidence::open(folder / "l").value();
    asking = Witnessing::start(*book, *evidence, std::nullopt, options).value();
    EXPECT_EQ(witnessed(), before);
    EXPECT_EQ(asking->reason(), "none configured");
    EXPECT_EQ(ledger::make_receipt(*book, 2, asking->newest().get())->state, ReceiptState::WITNESSED);
    EXPECT_EQ(ledger::make_receipt(*book, 7, asking->newest().get())->state, ReceiptState::INCLUDED);
}

TEST_F(Witnessed, StaysSoWhenAnotherKeyTakesOverAndTheOldOneIsGone) {
    neighbour("one");
    need(1);
    ask();
    ASSERT_TRUE(all_witnessed());
    auto before = witnessed();
    asking.reset();
    auto next = ledger::SigningKey::generate();
    ASSERT_TRUE(next.save(folder / "l/secrets/checkpoint-2.key"));
    auto proof = next.sign(ledger::checkpoint_key_context, schema::as_bytes(std::string_view(test::origin)));
    auto rotation = author.draft(
        *book, schema::reserved_stream(schema::directory_stream_number),
        {{"checkpointKeyRotated", {{"publicKey", next.public_key().hex()}, {"proofOfPossession", proof.hex()}}}}, 900,
        {});
    author.place_draft(*book, rotation, 900);
    ASSERT_TRUE(book->commit());
    book.reset();
    std::filesystem::remove(folder / "l/secrets/checkpoint.key");
    book = ledger::Ledger::open(folder / "l").value();
    ASSERT_EQ(book->checkpoint_key(), next.public_key());
    // What was witnessed under the first key still is; under the next one its witness knows nobody.
    ask();
    EXPECT_EQ(witnessed(), before);
    EXPECT_TRUE(comes([&] { return standing("one").state.find("403") != std::string::npos; }));
}

TEST_F(Witnessed, IsNotOpenedAsLessThanItWas) {
    neighbour("one");
    need(1);
    test::copy_folder(folder / "l", folder / "old");
    author.write(*book, 12);
    ask();
    ASSERT_TRUE(all_witnessed());
    asking.reset();
    evidence.reset();
    // The book of an hour ago beside the evidence of today.
    auto older = ledger::Ledger::open(folder / "old").value();
    evidence = ledger::Evidence::open(folder / "l").value();
    auto refused = Witnessing::start(*older, *evidence, policy, options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, schema::Fault::corrupt);
    EXPECT_NE(refused.error().message.find("rolled back"), std::string::npos);
    // And another past of the same length.
    older.reset();
    auto other = ledger::Ledger::open(folder / "old").value();
    for (uint64_t number = 40; other->next_position() < 12; ++number) author.place(*other, number);
    ASSERT_TRUE(other->commit());
    EXPECT_FALSE(Witnessing::start(*other, *evidence, policy, options));
    evidence.reset();
    std::filesystem::remove_all(folder / "l/evidence");
    EXPECT_FALSE(ledger::Evidence::open(folder / "l")) << "its mark knows of what is lost";
}

TEST_F(Witnessed, IsToldWhenAWitnessHasSeenMoreOrAnotherPast) {
    auto& ahead = neighbour("ahead");
    auto& forked = neighbour("forked");
    neighbour("good");
    need(1);
    // Whoever has the ledger's key has shown them something else.
    test::GrownLog other(20);
    other.key = ledger::SigningKey::load(folder / "l/secrets/checkpoint.key").value();
    auto now = [] { return schema::Result<uint64_t>(1700000000); };
    ASSERT_EQ(ahead.witness().add_checkpoint(other.request(0, 20).body(), now)->status, 200);
    ASSERT_EQ(forked.witness().add_checkpoint(other.request(0, 5).body(), now)->status, 200);
    ask();
    EXPECT_TRUE(all_witnessed()) << "the good one is enough";
    EXPECT_TRUE(comes([&] { return standing("ahead").claim.find("rolled back") != std::string::npos; }));
    EXPECT_TRUE(comes([&] { return standing("forked").claim.find("two pasts") != std::string::npos; }));
    author.write(*book, 8);
    EXPECT_TRUE(all_witnessed());
    EXPECT_TRUE(comes([&] { return standing("forked").claim.find("does not hold") != std::string::npos; }));
    EXPECT_TRUE(standing("good").claim.empty());
    EXPECT_GT(std::distance(std::filesystem::directory_iterator(forked.folder() + "/conflicts"), {}), 0);
}

TEST_F(Witnessed, IsHeldUpByNobodyWhoNeverAnswers) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor hole(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    auto& good = neighbour("good");
    add("hole", ledger::witness_identity("hole", ledger::SigningKey::generate()),
        "https://127.0.0.1:" + std::to_string(hole.local_endpoint().port()), good.certificate());
    need(1);
    options.patience = 60s;
    ask();
    for (uint64_t size = 6; size <= 12; ++size) {
        author.write(*book, size);
        ASSERT_TRUE(all_witnessed()) << size;
    }
    auto before = std::chrono::steady_clock::now();
    asking.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST_F(Witnessed, CountsNoCosignatureOfAnotherKeyOrCertificate) {
    auto& one = neighbour("one");
    auto& two = neighbour("two");
    need(1);
    policy.witnesses[0].key = ledger::witness_identity("one", ledger::SigningKey::generate());
    options.certificates["two"] = one.certificate();  // not the one it shows
    (void)two;
    ask();
    EXPECT_TRUE(comes([&] { return standing("one").state.find("another's cosignature") != std::string::npos; }));
    EXPECT_TRUE(comes([&] { return standing("two").state.starts_with("does not answer"); }));
    EXPECT_EQ(asking->newest(), nullptr);
}

TEST_F(Witnessed, IsCosignedAnewWhileTheBookRests) {
    neighbour("one");
    need(1);
    options.refresh = 100ms;
    ask();
    ASSERT_TRUE(all_witnessed());
    auto first = asking->newest();
    EXPECT_TRUE(comes([&] { return asking->newest()->note != first->note; }));
    EXPECT_EQ(asking->newest()->size, first->size);
}

TEST_F(Witnessed, RefusesAPolicyThatCannotBeMet) {
    neighbour("one");
    need(1);
    auto bad = policy;
    bad.quorum = "none";
    EXPECT_FALSE(Witnessing::start(*book, *evidence, bad, options));
    bad = policy;
    bad.logs[0].key.name = "another.example";
    EXPECT_FALSE(Witnessing::start(*book, *evidence, bad, options));
    bad = policy;
    bad.witnesses[0].url.clear();
    EXPECT_FALSE(Witnessing::start(*book, *evidence, bad, options));
    bad = policy;
    bad.witnesses[0].url = "http://witness.example";
    EXPECT_FALSE(Witnessing::start(*book, *evidence, bad, options)) << "only HTTPS goes beyond this machine";
}

}  // namespace
