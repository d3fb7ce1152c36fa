// Bytes, digests, checkpoints and receipts that may never change: made again from fixed inputs and compared with what
// is committed here, and the committed receipts verified offline. A change that breaks this breaks every ledger in use.
#include <gtest/gtest.h>

#include <set>

#include "ledger/receipt.h"
#include "ledger/small_book.h"
#include "schema/event_types.h"
#include "schema/json.h"
#include "schema/samples.h"

namespace {

using namespace test;

const std::string here = std::string(CASELEDGER_SOURCE) + "/tests/golden/";

// With CASELEDGER_GOLDEN_WRITE set, writes what is there today instead: only before the first release.
void expect_golden(const std::string& name, const std::string& now) {
    if (std::getenv("CASELEDGER_GOLDEN_WRITE")) write_all(here + name, now);
    auto committed = read_all(here + name);
    ASSERT_FALSE(committed.empty()) << here + name;
    if (committed == now) return;
    std::istringstream was(committed), is(now);
    std::string one, other;
    for (int line = 1;; ++line) {
        bool more = bool(std::getline(was, one)), others = bool(std::getline(is, other));
        ASSERT_EQ(more, others) << name << ":" << line << " is where one of them ends";
        if (!more) return;
        ASSERT_EQ(one, other) << name << ":" << line;
    }
}

std::vector<std::string> lines_of(const std::string& name, const std::string& kind) {
    std::istringstream file(read_all(here + name));
    std::vector<std::string> found;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(kind + " ")) found.push_back(line.substr(kind.size() + 1));
    return found;
}

TEST(Golden, LedgerIsMadeAgainByteForByte) {
    TempFolder folder;
    make(folder / "l");
    fs::remove(folder / "l/secrets/checkpoint.key");
    ASSERT_TRUE(key_from(200).save(folder / "l/secrets/checkpoint.key"));
    auto book = ledger::Ledger::open(folder / "l").value();
    Author author;
    std::string now = "# A small ledger, written by the keys and inputs of tests/ledger/small_book.h.\n";
    now += "verifier " + ledger::verifier_key(origin, book->checkpoint_key()) + "\n";
    now += "checkpoint-key " + book->checkpoint_key().hex() + "\nactor-key " + author.key.public_key().hex() + "\n";
    for (uint64_t size = 1; size <= 9; ++size) {
        author.write(*book, size);
        auto entry = book->entry(size - 1).value();
        now += "entry " + schema::to_hex(entry.bytes()) + "\nevent-digest " +
               ledger::sha256(entry.event().bytes()).hex() + "\nleaf " + entry.leaf().hex() + "\nroot " +
               book->published()->head.root.hex() + "\n";
        now += "note " + schema::to_base64(schema::as_bytes(book->published()->checkpoint)) + "\n";
    }
    for (uint64_t at = 0; at < 9; ++at)
        now += "receipt " + json::serialize(ledger::to_json(ledger::make_receipt(*book, at).value())) + "\n";
    expect_golden("ledger.txt", now);
}

TEST(Golden, CommittedReceiptsVerifyOffline) {
    auto key = schema::PublicKey::from_hex(lines_of("ledger.txt", "checkpoint-key").at(0)).value();
    auto actor = schema::PublicKey::from_hex(lines_of("ledger.txt", "actor-key").at(0)).value();
    auto receipts = lines_of("ledger.txt", "receipt");
    ASSERT_EQ(receipts.size(), 9u);
    for (size_t at = 0; at < receipts.size(); ++at) {
        auto receipt = ledger::receipt_from_json(schema::parse_json(receipts[at]).value());
        ASSERT_TRUE(receipt);
        auto entry = ledger::verify_receipt(*receipt, key, actor);
        ASSERT_TRUE(entry) << entry.error().text();
        EXPECT_EQ(entry->position(), at);
        EXPECT_EQ(schema::to_hex(entry->bytes()), lines_of("ledger.txt", "entry").at(at));
    }
}

TEST(Golden, EveryCommittedCheckpointIsConsistentWithTheLast) {
    auto roots = lines_of("ledger.txt", "root"), leaves = lines_of("ledger.txt", "leaf"),
         notes = lines_of("ledger.txt", "note");
    auto key = schema::PublicKey::from_hex(lines_of("ledger.txt", "checkpoint-key").at(0)).value();
    ledger::Edge edge;
    for (size_t i = 0; i < roots.size(); ++i) {
        edge.append(schema::Digest::from_hex(leaves[i]).value());
        EXPECT_EQ(edge.root().hex(), roots[i]);
        auto checkpoint = ledger::open_checkpoint(schema::from_base64(notes[i], "").value(), key);
        ASSERT_TRUE(checkpoint);
        EXPECT_EQ(checkpoint->size, i + 1);
        EXPECT_EQ(checkpoint->root, edge.root());
    }
}

// One event of every type that was ever released, as JSON and as canonical bytes.
TEST(Golden, EventsOfEveryTypeKeepTheirBytes) {
    if (std::getenv("CASELEDGER_GOLDEN_WRITE")) {
        std::string now = "# One event of each type: its JSON, then its canonical bytes.\n";
        for (auto& type : schema::event_types) {
            auto bytes = samples::event_of(type.which, 11);
            auto event = schema::EventMessage::decode(schema::as_bytes(bytes), schema::practice_event_limit).value();
            now += "json " + json::serialize(schema::to_json(event.read())) + "\nbytes " +
                   schema::to_hex(schema::as_bytes(bytes)) + "\n";
        }
        write_all(here + "events.txt", now);
    }
    auto texts = lines_of("events.txt", "json"), bytes = lines_of("events.txt", "bytes");
    ASSERT_EQ(texts.size(), bytes.size());
    std::set<std::string> types;
    for (size_t i = 0; i < texts.size(); ++i) {
        auto value = schema::parse_json(texts[i]).value();
        capnp::MallocMessageBuilder message;
        auto filled = schema::from_json(value, message.initRoot<schema::Event>(), "");
        ASSERT_TRUE(filled) << filled.error().text() << "\n" << texts[i];
        EXPECT_EQ(
            schema::to_hex(schema::as_bytes(schema::canonical_bytes(message.getRoot<schema::Event>().asReader()))),
            bytes[i])
            << texts[i];
        auto raw = schema::from_hex(bytes[i]).value();
        auto event = schema::decode_event(schema::as_bytes(raw));
        ASSERT_TRUE(event) << event.error().text() << "\n" << texts[i];
        EXPECT_EQ(schema::to_json(event->event.read()), value);
        types.insert(std::string(schema::name_of(event->event->getFact().which())));
    }
    EXPECT_EQ(types.size(), schema::event_types.size()) << "a new type has no golden event yet";
}

// What formats.md and docs/FORMAT.md promise of words: the leaf and the root of fixed words.
TEST(Golden, WordsKeepTheirLeaves) {
    ledger::Word word{"rationale",
                      {id<schema::SubjectId>(1), id<schema::SubjectId>(2)},
                      std::string(32, 's'),
                      "text",
                      "text/markdown"};
    ledger::Word other{"note", {id<schema::SubjectId>(3)}, std::string(32, 't'), std::string(300, 'x'), ""};
    ledger::Word both[] = {word, other};
    std::string now = "leaf " + ledger::word_leaf(word).hex() + "\nleaf " + ledger::word_leaf(other).hex() + "\nroot " +
                      ledger::words_root(both).hex() + "\n";
    expect_golden("words.txt", now);
}

}  // namespace
