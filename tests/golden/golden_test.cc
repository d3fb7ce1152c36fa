// Bytes, digests, checkpoints and receipts that may never change: made again from fixed inputs and compared with what
// is committed here, and the committed receipts verified offline. A change that breaks this breaks every ledger in use.
#include <gtest/gtest.h>

#include <set>

#include "ledger/bundle_audit.h"
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

// A case with words about two children: one was erased, one word is withheld; a key was enrolled and revoked, and the
// governor's replaced. For whoever writes a verifier: docs/FORMAT.md is enough to check it.
TEST(Golden, BundleIsMadeAgainLineForLine) {
    TempFolder folder;
    make(folder / "l");
    fs::remove(folder / "l/secrets/checkpoint.key");
    ASSERT_TRUE(key_from(200).save(folder / "l/secrets/checkpoint.key"));
    auto book = ledger::Ledger::open(folder / "l").value();
    Author author;
    author.write(*book, 9);
    auto stream = id<schema::StreamId>(100), directory = schema::reserved_stream(schema::directory_stream_number);
    auto first = id<schema::SubjectId>(50), second = id<schema::SubjectId>(51);
    auto say = [&](const schema::StreamId& where, json::object fact, std::vector<ledger::Word> words = {}) {
        auto number = book->next_position();
        auto made = author.draft(*book, where, std::move(fact), number, std::move(words));
        auto placed = author.place_draft(*book, made, number);
        EXPECT_TRUE(book->commit());
        return made.id.hex();
    };
    auto possessed = [&](const ledger::SigningKey& key, const schema::PersonId& person) {
        auto message = ledger::possession_message(origin, person);
        return json::object{{"publicKey", key.public_key().hex()},
                            {"proofOfPossession", key.sign(ledger::key_context, schema::as_bytes(message)).hex()}};
    };
    json::object note{{"caseNoteAdded", json::object{{"note", "action"}}}};
    auto enrolled = possessed(key_from(8), id<schema::PersonId>(2));
    enrolled["person"] = id<schema::PersonId>(2).hex();
    say(directory, {{"keyEnrolled", enrolled}});
    say(directory, {{"keyRevoked", json::object{{"key", key_from(8).id().hex()}, {"reason", "left"}}}});
    say(directory, {{"keyRotated", possessed(key_from(9), author.person)}});
    author.key = key_from(9);
    say(stream, note,
        {author.word("about the first child", {first}, 70), author.word("about both", {first, second}, 71),
         author.word("about the second child", {second}, 72)});
    auto withheld = say(stream, note, {author.word("not to be given away", {first}, 73)});
    say(stream, {{"subjectErased", json::object{{"subject", second.hex()}, {"ground", "ordered"}}}});
    json::object item{{"entry", withheld}, {"word", 0}, {"reason", "seriousHarm"}};
    say(stream, {{"recordDisclosed",
                  json::object{{"purpose", "inspection"}, {"words", "all"}, {"withheld", json::array{item}}}}});
    auto writer = ledger::BundleWriter::open(*book, book->published()->head.size - 1).value();
    std::string now;
    while (writer->next(now).value()) {
    }
    EXPECT_EQ(now.find("about the second child"), now.npos);
    expect_golden("bundle.jsonl", now);

    std::istringstream lines(read_all(here + "bundle.jsonl"));
    ledger::BundleAuditOptions options;
    options.trusted_keys = {key_from(200).public_key()};
    auto report = ledger::audit_bundle(lines, options);
    ASSERT_TRUE(report);
    for (auto& finding : report->audit.findings) ADD_FAILURE() << finding.field << " " << finding.what;
    EXPECT_EQ(report->audit.erased.size(), 2u);  // also a note from before
    EXPECT_EQ(report->left_out.at("withheld"), 1u);
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
