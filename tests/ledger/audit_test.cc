// The audit passes a good book, and names the place and the field of whatever an operator could do to one.
#include "ledger/audit.h"

#include <capnp/any.h>

#include <functional>

#include "ledger/checkpoint.h"
#include "ledger/master_key.h"
#include "ledger/rocks_log.h"
#include "ledger/small_book.h"

namespace {

using namespace ledger;
using namespace test;

// A log in memory that holds whatever one likes: what an operator with every right over the disk could put there.
class LooseLog final : public Log {
  public:
    std::vector<Record> records;
    std::optional<Digest> root;  // else the true one

    schema::Result<void> append(const LogHead&, std::span<const Record>, const Digest&) override { return {}; }
    schema::Result<void> read(uint64_t from, uint64_t to, const Take& take) const override {
        for (uint64_t at = from; at < to && at < records.size(); ++at)
            if (!take(at, schema::as_bytes(records[at].entry))) return {};
        return {};
    }
    schema::Result<std::string> entry(uint64_t position) const override { return records.at(position).entry; }
    schema::Result<std::string> words(uint64_t position) const override { return records.at(position).words; }
    bool wait(uint64_t, std::chrono::milliseconds) const override { return false; }
    LogHead head() const override {
        Edge edge;
        for (auto& record : records) edge.append(leaf_hash(schema::as_bytes(record.entry)));
        return {edge.size(), root.value_or(edge.root())};
    }
    std::string durability() const override { return "none"; }
};

// What stands in an entry, to be changed and written again in canonical form.
struct Parts {
    uint64_t position, revision;
    int64_t recorded;
    std::string previous, heads, event;
    std::vector<std::string> signatures;
    bool extra = false;  // with a field that no version knows

    explicit Parts(const std::string& bytes) {
        auto entry = Entry::decode(schema::as_bytes(bytes)).value();
        position = entry.position();
        revision = entry.revision();
        recorded = schema::milliseconds(entry.recorded());
        previous = schema::as_text(entry.previous());
        heads = schema::as_text(entry.heads());
        event = schema::as_text(entry.event().bytes());
        for (auto each : entry.signatures()) signatures.emplace_back(schema::as_text(schema::bytes_of(each)));
    }
    std::string bytes() const {
        capnp::MallocMessageBuilder message;
        auto raw = message.initRoot<capnp::AnyPointer>().initAsAnyStruct(extra ? 4 : 3, 4);
        auto entry = raw.as<schema::Entry>();
        entry.setPosition(position);
        entry.setRecorded(recorded);
        entry.setRevision(revision);
        if (!previous.empty()) entry.setPrevious(schema::data_of(schema::as_bytes(previous)));
        entry.setHeads(schema::data_of(schema::as_bytes(heads)));
        entry.setEvent(schema::data_of(schema::as_bytes(event)));
        auto list = entry.initSignatures(static_cast<unsigned>(signatures.size()));
        for (uint32_t i = 0; i < signatures.size(); ++i) list.set(i, schema::data_of(schema::as_bytes(signatures[i])));
        if (extra) raw.getDataSection()[3 * 8] = 1;
        return schema::string_of(raw.asReader().canonicalize());
    }
};

class Audited : public testing::Test {
  protected:
    Audited() {
        book = make(folder / "l");
        author.write(*book, 9);
        auto bytes = *book->published();
        published = bytes;
        log = copy_of(*book);
    }
    LooseLog copy_of(Ledger& from) {
        LooseLog copy;
        copy_folder(from.folder(), folder / "copy");
        auto stored = open_rocks_log(folder / "copy/book", "", {.read_only = true}).value();
        for (uint64_t at = 0; at < stored->head().size; ++at)
            copy.records.push_back({stored->entry(at).value(), stored->words(at).value()});
        return copy;
    }
    void change(uint64_t at, const std::function<void(Parts&)>& how) {
        Parts parts(log.records[at].entry);
        how(parts);
        log.records[at].entry = parts.bytes();
    }
    // An event of the log, changed and signed again by its true author, as an operator who has the key could.
    void resign(Parts& parts, const std::function<void(schema::Event::Builder)>& how) {
        capnp::MallocMessageBuilder message;
        auto event = schema::EventMessage::decode(schema::as_bytes(parts.event), schema::event_limit).value();
        message.setRoot(event.read());
        how(message.getRoot<schema::Event>());
        parts.event = schema::canonical_bytes(message.getRoot<schema::Event>().asReader());
        parts.signatures = {std::string(author.key.sign(event_context, schema::as_bytes(parts.event)).view())};
    }
    AuditReport run(AuditOptions options = {}) {
        options.threads = 2;
        auto report = audit(log, options);
        EXPECT_TRUE(report) << report.error().text();
        return report ? *report : AuditReport{};
    }
    void expect(const AuditReport& report, uint64_t position, const std::string& field) {
        for (auto& finding : report.findings)
            if (finding.position == position && finding.field == field) return;
        std::string all;
        for (auto& finding : report.findings)
            all += std::to_string(finding.position) + " " + finding.field + ": " + finding.what + "\n";
        ADD_FAILURE() << "no finding at " << position << " about " << field << "; there are:\n" << all;
    }

    TempFolder folder;
    Author author;
    std::unique_ptr<Ledger> book;
    Published published;
    LooseLog log;
};

using Audit = Audited;

TEST_F(Audit, PassesAGoodBookAndCountsWhatItChecked) {
    AuditOptions options;
    options.mark = Marked{published.head.size, published.head.root};
    options.checkpoint = published.checkpoint;
    options.trusted_keys = {book->checkpoint_key()};
    auto report = run(options);
    EXPECT_TRUE(report.findings.empty());
    EXPECT_EQ(report.entries, 9u);
    EXPECT_EQ(report.signatures, 9u);
    EXPECT_EQ(report.words, 8u);
    EXPECT_EQ(report.root, published.head.root);
    EXPECT_EQ(report.origin, origin);
    EXPECT_TRUE(report.played_clock);
}

TEST_F(Audit, PassesAnEmptyBook) {
    log.records.clear();
    EXPECT_TRUE(run().findings.empty());
}

TEST_F(Audit, AcceptsAnOlderCheckpointAndMarkOfTheSameBook) {
    AuditOptions options;
    options.mark = Marked{3, book->root_at(3).value()};
    options.checkpoint = published.checkpoint;
    options.trusted_keys = {book->checkpoint_key()};
    author.write(*book, 15);
    log = copy_of(*book);
    EXPECT_TRUE(run(options).findings.empty());
}

// ---- the table of tamperings: what is done, and where and in which field it must be found ----

TEST_F(Audit, FindsEveryChangedBitOfOneEntry) {
    auto good = log.records[4].entry;
    AuditOptions options;
    options.mark = Marked{published.head.size, published.head.root};
    for (size_t bit = 0; bit < good.size() * 8; ++bit) {
        log.records[4].entry = good;
        log.records[4].entry[bit / 8] = static_cast<char>(good[bit / 8] ^ (1 << bit % 8));
        // Against the mark always; and without one, by what the entry says of itself.
        ASSERT_FALSE(run(options).findings.empty()) << bit;
        auto report = run();
        ASSERT_FALSE(report.findings.empty()) << bit;
        ASSERT_LE(report.findings.front().position, 7u) << bit;  // the next entry of its stream holds its hash
        ASSERT_GE(report.findings.front().position, 4u) << bit;
    }
}

TEST_F(Audit, FindsAChangedEventByItsSignature) {
    change(4, [](Parts& parts) {
        auto at = parts.event.find("action");
        ASSERT_NE(at, parts.event.npos);
        parts.event[at] = 'x';
    });
    auto report = run();
    expect(report, 4, "signature");
    expect(report, 4, "heads");
}

TEST_F(Audit, FindsAChangedSignature) {
    change(4, [](Parts& parts) { parts.signatures[0][0] = static_cast<char>(parts.signatures[0][0] ^ 1); });
    expect(run(), 4, "signature");
}

TEST_F(Audit, FindsASignatureTooManyAndOneTooFew) {
    change(4, [](Parts& parts) { parts.signatures.push_back(parts.signatures[0]); });
    expect(run(), 4, "signatures");
    change(4, [](Parts& parts) { parts.signatures.clear(); });
    expect(run(), 4, "entry");
}

TEST_F(Audit, FindsSwappedEntries) {
    std::swap(log.records[4], log.records[5]);
    auto report = run();
    expect(report, 4, "position");
    expect(report, 5, "position");
}

TEST_F(Audit, FindsARemovedMiddle) {
    log.records.erase(log.records.begin() + 4);
    expect(run(), 4, "position");
}

TEST_F(Audit, FindsACutTailAgainstTheMark) {
    AuditOptions options;
    options.mark = Marked{published.head.size, published.head.root};
    log.records.pop_back();
    EXPECT_TRUE(run().findings.empty()) << "nothing inside the book could tell";
    expect(run(options), 7, "mark");
}

TEST_F(Audit, FindsACutTailAgainstTheCheckpoint) {
    AuditOptions options;
    options.checkpoint = published.checkpoint;
    options.trusted_keys = {book->checkpoint_key()};
    log.records.pop_back();
    expect(run(options), 7, "checkpoint");
}

TEST_F(Audit, FindsAnotherHistoryOfTheSameLengthAgainstTheCheckpoint) {
    AuditOptions options;
    options.checkpoint = published.checkpoint;
    options.trusted_keys = {book->checkpoint_key()};
    change(8, [&](Parts& parts) {
        resign(parts, [](auto event) { event.getOccurred().setAt(event.getOccurred().getAt() - 1000); });
    });
    expect(run(options), 8, "checkpoint");
}

TEST_F(Audit, RefusesACheckpointOfAnotherKey) {
    AuditOptions options;
    options.checkpoint = published.checkpoint;
    options.trusted_keys = {key_from(99).public_key()};
    EXPECT_FALSE(audit(log, options));
    options.trusted_keys.clear();
    EXPECT_FALSE(audit(log, options));
}

TEST_F(Audit, FindsAGenesisThatNamesAnotherCheckpointKey) {
    AuditOptions options;
    options.trusted_keys = {key_from(99).public_key()};
    expect(run(options), 0, "event.fact.ledgerOpened.checkpointKey");
}

// Who asks about the book as it was, and who goes on from a checkpoint that they trusted before.
class Parted : public Audited {
  protected:
    AuditOptions options;
    std::vector<uint64_t> decided, folded;
    Parted() {
        options.decide = [this](auto& entry, auto&, auto) {
            decided.push_back(entry.position());
            return std::optional<Finding>();
        };
        options.fold = [this](auto& entry) { folded.push_back(entry.position()); };
        options.trusted_keys = {book->checkpoint_key()};
    }
    std::string note_at(uint64_t size) {
        auto key = SigningKey::load(folder / "l/secrets/checkpoint.key").value();
        return Checkpoint{origin, size, book->root_at(size).value()}.sign(key);
    }
};

TEST_F(Parted, AsksAboutTheBookAsItWasAndOnlyHashesWhatCameLater) {
    options.up_to = 4;
    options.mark = Marked{published.head.size, published.head.root};
    options.checkpoint = published.checkpoint;
    options.sizes = {2, 8, 9};
    auto report = run(options);
    EXPECT_TRUE(report.findings.empty());
    EXPECT_EQ(report.entries, 4u);
    EXPECT_EQ(report.later, published.head.size - 4);
    EXPECT_EQ(report.root, book->root_at(4).value());
    EXPECT_EQ(report.roots.at(2), book->root_at(2).value());
    EXPECT_EQ(report.roots.at(published.head.size), published.head.root);
    EXPECT_EQ(decided, (std::vector<uint64_t>{0, 1, 2, 3}));
    log.records.pop_back();
    expect(run(options), 7, "mark");
}

TEST_F(Parted, TakesOnTrustOnlyWhatHashesToACheckpointThatWasTrusted) {
    options.since = note_at(5);
    auto report = run(options);
    EXPECT_TRUE(report.findings.empty());
    EXPECT_EQ(report.on_trust, 5u);
    EXPECT_EQ(report.signatures, published.head.size - 5);
    EXPECT_EQ(folded, (std::vector<uint64_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(decided.front(), 5u);
    auto kept = log.records[2].entry;
    change(2, [](Parts& parts) { parts.signatures[0][7] ^= 1; });
    expect(run(options), 4, "since");
    log.records[2].entry = kept;
    change(6, [](Parts& parts) { parts.signatures[0][7] ^= 1; });
    expect(run(options), 6, "signature");
}

TEST_F(Parted, TrustsNoCheckpointOfAnotherKeyOrBeyondTheBook) {
    options.since = note_at(5);
    options.up_to = 3;
    EXPECT_FALSE(audit(log, options)) << "it speaks of more than is asked about";
    options.up_to.reset();
    log.records.resize(4);
    expect(run(options), 3, "since");
    options.trusted_keys = {key_from(99).public_key()};
    EXPECT_FALSE(audit(log, options));
}

TEST_F(Audit, FindsAWrongPosition) {
    change(4, [](Parts& parts) { parts.position = 40; });
    expect(run(), 4, "position");
}
TEST_F(Audit, FindsAWrongRevision) {
    change(4, [](Parts& parts) { ++parts.revision; });
    expect(run(), 4, "revision");
}
TEST_F(Audit, FindsAWrongPrevious) {
    change(5, [](Parts& parts) { parts.previous = std::string(32, 'p'); });
    expect(run(), 5, "previous");
    change(5, [](Parts& parts) { parts.previous.clear(); });
    expect(run(), 5, "previous");
}
TEST_F(Audit, FindsWrongHeads) {
    change(4, [](Parts& parts) { parts.heads = std::string(32, 'h'); });
    expect(run(), 4, "heads");
}
TEST_F(Audit, FindsATimeOfRecordingThatGoesBack) {
    change(4, [](Parts& parts) { parts.recorded -= 86'400'000; });
    expect(run(), 4, "recorded");
}
TEST_F(Audit, FindsAFieldThatNoVersionKnows) {
    change(4, [](Parts& parts) { parts.extra = true; });
    expect(run(), 4, "entry");
}
TEST_F(Audit, FindsAnEntryThatIsNotCanonical) {
    log.records[4].entry += std::string(8, '\0');
    expect(run(), 4, "entry");
}
TEST_F(Audit, FindsAnEventThatBreaksItsMarks) {
    change(4, [&](Parts& parts) { resign(parts, [](auto event) { event.setRole("A Name"); }); });
    expect(run(), 4, "event.role");
}
TEST_F(Audit, FindsAnEventOfAnotherLedger) {
    change(4, [&](Parts& parts) { resign(parts, [](auto event) { event.setLedger("elsewhere.example"); }); });
    expect(run(), 4, "event.ledger");
}
TEST_F(Audit, FindsAnIdUsedTwice) {
    auto id =
        schema::EventMessage::decode(schema::as_bytes(Parts(log.records[3].entry).event), schema::event_limit).value();
    change(4, [&](Parts& parts) { resign(parts, [&](auto event) { event.setId(id->getId()); }); });
    expect(run(), 4, "event.id");
}
TEST_F(Audit, FindsAKeyThatWasNeverEnrolled) {
    auto stranger = key_from(50);
    change(4, [&](Parts& parts) {
        resign(parts, [&](auto event) { event.setKey(schema::data_of(schema::as_bytes(stranger.id().view()))); });
        parts.signatures = {std::string(stranger.sign(event_context, schema::as_bytes(parts.event)).view())};
    });
    expect(run(), 4, "event.key");
}
TEST_F(Audit, FindsAKeyOfAnotherPerson) {
    change(4, [&](Parts& parts) {
        resign(parts,
               [](auto event) { event.setActor(schema::data_of(schema::as_bytes(id<schema::PersonId>(2).view()))); });
    });
    expect(run(), 4, "event.key");
}
TEST_F(Audit, FindsSwappedWords) {
    std::swap(log.records[3].words, log.records[4].words);
    auto report = run();
    expect(report, 3, "words");
    expect(report, 4, "words");
}
TEST_F(Audit, FindsMissingWords) {
    log.records[4].words.clear();
    auto report = run();
    expect(report, 4, "words");
    EXPECT_EQ(report.words_missing, 1u);
}
TEST_F(Audit, FindsWordsThatNobodySigned) {
    log.records[0].words = log.records[1].words;
    expect(run(), 0, "words");
}
TEST_F(Audit, FindsWordsThatAreNoWords) {
    log.records[4].words = "rubbish";
    expect(run(), 4, "words");
}
// With that key it would be lost, though the other one hides it today.
TEST_F(Audit, FindsAWordThatDoesNotOpenToEverybodyWhoseKeyIsThere) {
    auto both = std::vector{id<schema::SubjectId>(50), id<schema::SubjectId>(51)};
    auto made = author.draft(*book, id<schema::StreamId>(100), {{"caseNoteAdded", json::object{{"note", "action"}}}}, 9,
                             {author.word("about both", both, 9)});
    author.place_draft(*book, made, 9);
    ASSERT_TRUE(book->commit());
    log = copy_of(*book);
    AuditOptions options;
    options.keys = &book->keys();
    EXPECT_TRUE(run(options).findings.empty());
    for (uint32_t whose : {0u, 1u}) {
        auto good = log.records[9].words;
        capnp::MallocMessageBuilder message;
        message.setRoot(schema::Message<schema::SealedWords>::decode(schema::as_bytes(good), good.size())->read());
        auto words = message.getRoot<schema::SealedWords>();
        words.getWords()[0].getKeys()[whose][3] ^= 1;
        log.records[9].words = schema::string_of(capnp::canonicalize(words.asReader()));
        expect(run(options), 9, "words[0]");
        log.records[9].words = good;
    }
}
TEST_F(Audit, FindsAKeyThatAnErasureShouldHaveDestroyed) {
    auto subject = id<schema::SubjectId>(52);
    copy_folder(folder / "l", folder / "before");
    auto made =
        author.draft(*book, id<schema::StreamId>(100),
                     {{"subjectErased", json::object{{"subject", subject.hex()}, {"ground", "ordered"}}}}, 9, {});
    author.place_draft(*book, made, 9);
    ASSERT_TRUE(book->commit());
    log = copy_of(*book);
    AuditOptions options;
    options.keys = &book->keys();
    EXPECT_TRUE(run(options).findings.empty());
    auto kept = open_keys_read_only(folder / "before").value();
    options.keys = kept.get();
    expect(run(options), 9, "keys");
}
TEST_F(Audit, FindsARootThatWasNotWrittenWithTheEntries) {
    log.root = id<Digest>(1);
    expect(run(), 8, "root");
}
TEST_F(Audit, FindsAForgedGenesis) {
    change(0, [&](Parts& parts) {
        resign(parts, [](auto event) { event.setKey(schema::data_of(schema::as_bytes(id<schema::KeyId>(1).view()))); });
    });
    expect(run(), 0, "event.key");
}

TEST_F(Audit, FindsASignatureMadeAfterItsKeyWasRevoked) {
    auto newcomer = key_from(21);
    auto person = id<schema::PersonId>(2);
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    auto proof = newcomer.sign(key_context, schema::as_bytes(possession_message(origin, person)));
    author.place_draft(*book,
                       author.draft(*book, directory,
                                    {{"keyEnrolled", json::object{{"person", person.hex()},
                                                                  {"publicKey", newcomer.public_key().hex()},
                                                                  {"proofOfPossession", proof.hex()}}}},
                                    900, {}),
                       900);
    Author other = author;
    other.key = newcomer;
    other.person = person;
    auto stream = id<schema::StreamId>(100);
    auto note = [&](uint64_t number) {
        other.place_draft(*book,
                          other.draft(*book, stream, {{"caseNoteAdded", json::object{{"note", "action"}}}}, number,
                                      {other.word("x", {id<schema::SubjectId>(50)}, 1)}),
                          number);
    };
    note(901);
    author.place_draft(
        *book,
        author.draft(*book, directory, {{"keyRevoked", json::object{{"key", newcomer.id().hex()}, {"reason", "lost"}}}},
                     902, {}),
        902);
    ASSERT_TRUE(book->commit());
    log = copy_of(*book);
    EXPECT_TRUE(run().findings.empty());
    note(903);
    ASSERT_TRUE(book->commit());
    log = copy_of(*book);
    auto report = run();
    ASSERT_EQ(report.findings.size(), 1u);
    expect(report, log.records.size() - 1, "event.key");
}

TEST_F(Audit, TakesNoSecondGenesisForTheFirst) {
    auto usurper = key_from(60);
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    auto proof = usurper.sign(key_context, schema::as_bytes(possession_message(origin, author.person)));
    author.place_draft(*book,
                       author.draft(*book, directory,
                                    {{"ledgerOpened", json::object{{"authority", "Usurped"},
                                                                   {"checkpointKey", usurper.public_key().hex()},
                                                                   {"governor", author.person.hex()},
                                                                   {"publicKey", usurper.public_key().hex()},
                                                                   {"proofOfPossession", proof.hex()}}}},
                                    900, {}),
                       900);
    ASSERT_TRUE(book->commit());
    log = copy_of(*book);
    Directory folded;
    for (auto& record : log.records) {
        auto entry = Entry::decode(schema::as_bytes(record.entry)).value();
        if (schema::kind_of(entry.stream()) == schema::StreamKind::directory) folded.apply(entry);
    }
    EXPECT_EQ(folded.genesis().authority, "Eastmere");
    EXPECT_EQ(folded.genesis().checkpoint_key, book->checkpoint_key());
    EXPECT_EQ(folded.key(usurper.id()), nullptr);
}

TEST_F(Audit, AsksTheDeciderOnceForEachEntryInOrder) {
    AuditOptions options;
    uint64_t next = 0;
    options.decide = [&](const Entry& entry, const schema::ExaminedEvent& event, auto) -> std::optional<Finding> {
        EXPECT_EQ(entry.position(), next++);
        EXPECT_EQ(schema::as_text(event.event.bytes()), schema::as_text(entry.event().bytes()));
        if (entry.position() == 6) return Finding{6, "refused", "the rules say no"};
        return std::nullopt;
    };
    expect(run(options), 6, "refused");
    EXPECT_EQ(next, 9u);
}

TEST_F(Audit, StopsAtTwentyFindingsAndSaysTheFirst) {
    author.write(*book, 60, 10);
    log = copy_of(*book);
    for (auto& record : log.records) record.words = "rubbish";
    auto report = run();
    EXPECT_EQ(report.findings.size(), audit_findings);
    EXPECT_EQ(report.findings.front().position, 0u);
}
// Signatures are verified later than everything else is looked at.
TEST_F(Audit, SaysTheFirstAlsoWhereItIsASignature) {
    author.write(*book, 60, 10);
    log = copy_of(*book);
    change(3, [](Parts& parts) { parts.signatures[0][9] ^= 1; });
    for (size_t at = 10; at < log.records.size(); ++at) log.records[at].words = "rubbish";
    auto report = run();
    EXPECT_EQ(report.findings.size(), audit_findings);
    EXPECT_TRUE(std::any_of(report.findings.begin(), report.findings.end(),
                            [](auto& each) { return each.position == 3 && each.field == "signature"; }));
}

}  // namespace
