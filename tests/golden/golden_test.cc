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

// A case with words about two children: one was erased in another case, one word is withheld; keys were enrolled,
// revoked and replaced; people had been shown checkpoints, and two signed together. Given away whole, and to a child.
// For whoever writes a verifier: docs/FORMAT.md is enough to check it.
class Given {
  public:
    TempFolder folder;
    std::unique_ptr<ledger::Ledger> book;
    Author author;
    const schema::StreamId stream = id<schema::StreamId>(100), other = id<schema::StreamId>(102),
                           directory = schema::reserved_stream(schema::directory_stream_number),
                           practice = schema::reserved_stream(schema::practice_stream_number);
    const schema::SubjectId first = id<schema::SubjectId>(50), second = id<schema::SubjectId>(51);
    const ledger::SigningKey colleague = key_from(11);
    bool with_colleague = false;

    Given() {
        make(folder / "l");
        fs::remove(folder / "l/secrets/checkpoint.key");
        EXPECT_TRUE(key_from(200).save(folder / "l/secrets/checkpoint.key"));
        EXPECT_TRUE(key_from(201).save(folder / "l/secrets/checkpoint-2.key"));
        book = ledger::Ledger::open(folder / "l").value();
        author.write(*book, 9);
        json::object calendar{{"id", "one"},           {"edition", "1"},          {"from", "2018-01-01"},
                              {"until", "2018-12-31"}, {"zone", "Europe/London"}, {"source", "-"}};
        calendar["holidays"] = json::array{json::object{{"day", "2018-05-28"}, {"title", "Spring bank holiday"}}};
        say(practice, {{"calendarIssued", calendar}});
        enrol(key_from(8));
        say(directory, {{"keyRevoked", json::object{{"key", key_from(8).id().hex()}, {"reason", "left"}}}});
        enrol(colleague);
        say(directory, {{"keyRotated", possessed(key_from(9), author.person)}});
        author.key = key_from(9);
        auto proof = key_from(201).sign(ledger::checkpoint_key_context, schema::as_bytes(std::string_view(origin)));
        say(directory, {{"checkpointKeyRotated", json::object{{"publicKey", key_from(201).public_key().hex()},
                                                              {"proofOfPossession", proof.hex()}}}});
        auto drawing = author.word(std::string("\x89PNG\0\xff", 6), {first}, 74);
        drawing.media_type = "image/png";
        say(stream, note(),
            {author.word("about the first child", {first}, 70), author.word("about both", {first, second}, 71),
             author.word("about the second child", {second}, 72), drawing});
        auto withheld = say(stream, note(), {author.word("not to be given away", {first}, 73)});
        with_colleague = true;
        say(other, {{"subjectErased", json::object{{"subject", second.hex()}, {"ground", "ordered"}}}});
        with_colleague = false;
        json::object item{{"entry", withheld}, {"word", 0}, {"reason", "seriousHarm"}};
        say(stream, {{"recordDisclosed",
                      json::object{{"purpose", "inspection"}, {"words", "all"}, {"withheld", json::array{item}}}}});
        with_colleague = true;
        say(stream, {{"recordDisclosed", json::object{{"purpose", "subjectAccess"},
                                                      {"words", "aboutSubjects"},
                                                      {"subjects", json::array{first.hex()}}}}});
    }

    static json::object note() { return {{"caseNoteAdded", json::object{{"note", "action"}}}}; }
    static json::object possessed(const ledger::SigningKey& key, const schema::PersonId& person) {
        auto message = ledger::possession_message(origin, person);
        return {{"publicKey", key.public_key().hex()},
                {"proofOfPossession", key.sign(ledger::key_context, schema::as_bytes(message)).hex()}};
    }
    void enrol(const ledger::SigningKey& key) {
        auto fact = possessed(key, id<schema::PersonId>(2));
        fact["person"] = id<schema::PersonId>(2).hex();
        say(directory, {{"keyEnrolled", fact}});
    }

    // By the governor who has been shown the newest checkpoint, and with the colleague; its id.
    std::string say(const schema::StreamId& where, json::object fact, std::vector<ledger::Word> words = {}) {
        auto number = book->next_position();
        auto shown = book->published()->head;
        ledger::DraftContext context;
        context.origin = origin;
        context.actor = author.person;
        context.key = author.key.id();
        context.role = "data-governor";
        context.stream = where;
        context.seen = book->head(where).value();
        context.checkpoint_size = shown.size;
        context.checkpoint_root = shown.root;
        context.occurred = schema::time_of(Author::first_time + static_cast<int64_t>(number) * 60'000);
        json::object fields{{"id", id<schema::EventId>(1000 + number).hex()}, {"fact", std::move(fact)}};
        if (with_colleague)
            fields["joint"] = json::array{json::object{
                {"person", id<schema::PersonId>(2).hex()}, {"key", colleague.id().hex()}, {"role", "data-governor"}}};
        auto made = ledger::draft(context, fields, std::move(words)).value();
        std::string sealed;
        if (!made.words.empty()) sealed = ledger::seal(made.words, made.id, number, book->keys()).value();
        auto event = schema::EventMessage::decode(schema::as_bytes(made.event), schema::event_limit).value();
        std::vector<ledger::Signature> signatures{author.key.sign(ledger::event_context, schema::as_bytes(made.event))};
        if (with_colleague) signatures.push_back(colleague.sign(ledger::event_context, schema::as_bytes(made.event)));
        book->place(event, signatures, std::move(sealed), context.occurred);
        EXPECT_TRUE(book->commit());
        return made.id.hex();
    }

    std::string bundle(uint64_t disclosure) const {
        auto writer = ledger::BundleWriter::open(*book, disclosure).value();
        std::string all;
        while (writer->next(all).value()) {
        }
        return all;
    }
};

ledger::BundleReport verified(const std::string& name, uint8_t key) {
    std::istringstream lines(read_all(here + name));
    ledger::BundleAuditOptions options;
    options.trusted_keys = {key_from(key).public_key()};
    auto report = ledger::audit_bundle(lines, options);
    EXPECT_TRUE(report);
    for (auto& finding : report->audit.findings)
        ADD_FAILURE() << finding.position << finding.field << " " << finding.what;
    return *std::move(report);
}

TEST(Golden, BundlesAreMadeAgainLineForLine) {
    Given given;
    auto last = given.book->published()->head.size - 1;
    EXPECT_EQ(given.bundle(last - 1).find("about the second child"), std::string::npos);
    expect_golden("bundle.jsonl", given.bundle(last - 1));
    expect_golden("bundle-subject.jsonl", given.bundle(last));
    auto whole = verified("bundle.jsonl", 201);
    EXPECT_EQ(whole.audit.erased.size(), 2u);  // also a note from before
    EXPECT_EQ(whole.left_out.at("withheld"), 1u);
    auto own = verified("bundle-subject.jsonl", 200);  // whoever knows only the first key is served as well
    EXPECT_EQ(own.audit.erased.size(), 0u);
    EXPECT_GE(own.left_out.at("about-others"), 3u);
    EXPECT_EQ(own.audit.words_opened, 3u);
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
