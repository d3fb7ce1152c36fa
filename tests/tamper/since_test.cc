// Who goes on from what was kept at a checkpoint finds in what is new all that a reading of the whole would find: also
// what only old cases, old ids and old roots forbid.
#include <iostream>

#include "campaign.h"
#include "ledger/checkpoint.h"
#include "tools/verify.h"

namespace {

using namespace tamper;
using namespace test;

// A ledger that is played, and verified with what was kept on the way.
class Since : public testing::Test {
  protected:
    std::unique_ptr<Played> played;
    TempFolder kept;

    void play(const Played::ChangePractice& change = {}) {
        Played::Options options;
        options.change = change;
        options.shows_checkpoints = true;
        played = std::make_unique<Played>(options);
    }
    uint64_t size() const { return played->book->published()->head.size; }
    // An event that nobody judged, as an operator can put it there.
    void slip_in(const Said& said) {
        auto event = schema::EventMessage::decode(schema::as_bytes(said.event), schema::event_limit).value();
        std::string sealed;
        if (!said.words.empty())
            sealed = ledger::seal(said.words, said.id, played->book->next_position(), played->book->keys()).value();
        played->book->place(event, said.signatures, std::move(sealed), played->now);
        ASSERT_TRUE(played->book->commit());
    }
    void shown_otherwise(Said& said, const std::string& who, uint64_t size, const ledger::Digest& root) const {
        said.event = changed(said.event, [&](auto event) {
            event.getSeen().setSize(size);
            event.getSeen().setRoot(schema::data_of(ledger::bytes_of(root)));
        });
        said.signatures = {played->people.at(who).key.sign(ledger::event_context, schema::as_bytes(said.event))};
    }

    tools::VerifyOptions options() const {
        tools::VerifyOptions options;
        options.believed.keys = {{"", ledger::KeyType::ed25519, played->book->checkpoint_key()}};
        options.keys = &played->book->keys();
        options.threads = 1;
        return options;
    }
    std::unique_ptr<ledger::Log> log() const { return tools::open_read_only(played->folder / "l/book").value(); }
    // Verifies up to here and keeps what is needed to go on.
    tools::VerifyOptions keep() {
        auto asked = options();
        asked.checkpoint = played->book->published()->checkpoint;
        asked.keep = kept / std::to_string(size());
        auto done = tools::verify_book(*log(), asked);
        EXPECT_TRUE(done && done->holds() && done->kept == size()) << (done ? done->not_kept : done.error().text());
        auto next = options();
        next.since = asked.checkpoint;
        next.state = asked.keep;
        return next;
    }
    // What both ways say of it, which must be the same.
    std::string findings(tools::VerifyOptions above) {
        auto told = [&](const tools::VerifyOptions& asked) {
            auto done = tools::verify_book(*log(), asked);
            if (!done) return "error: " + done.error().text();
            std::string all = done->not_above;
            for (auto& finding : done->audit.findings)
                all += std::to_string(finding.position) + " " + finding.field + ": " + finding.what + "\n";
            return all;
        };
        auto went_on = told(above);
        above.state.clear();
        EXPECT_EQ(went_on, told(above));
        EXPECT_EQ(went_on, told(options()));
        return went_on;
    }
};

TEST_F(Since, ACapIsCountedWithWhatOldCasesHold) {
    play([](schema::Practice::Builder practice) {
        practice.getCaps()[0].setMode(schema::CapMode::HARD);
        practice.getCaps()[0].setLimit(3);
    });
    Family old(*played), fresh(*played);
    old.as_far_as_allocated();
    fresh.as_far_as_open();
    auto above = keep();
    json::object fact{{"episode", fresh.episode.hex()}, {"worker", fresh.worker_id("kw")}, {"scaling", 4}};
    auto said = played->draft("duty", fresh.stream, {{"allocated", fact}});
    slip_in(said);
    EXPECT_NE(findings(above).find("cap_reached"), std::string::npos);
}

TEST_F(Since, AHoldThatStandsInAnOldCaseForbidsToErase) {
    play();
    Family old(*played), fresh(*played);
    old.as_far_as_allocated();
    old.must("sm", "legalHoldPlaced", {{"subjects", json::array{old.child.hex()}}, {"reason", "court"}});
    fresh.child = old.child;
    fresh.as_far_as_open();
    auto above = keep();
    json::object fact{{"subject", old.child.hex()}, {"ground", "ordered"}};
    slip_in(played->draft("sm", fresh.stream, {{"subjectErased", fact}}, {.joint = {"gov"}}));
    EXPECT_NE(findings(above).find("hold"), std::string::npos);
}

TEST_F(Since, AnIdThatAnOldEntryHasIsFound) {
    play();
    Family old(*played), fresh(*played);
    old.received();
    auto above = keep();
    slip_in(played->draft("mash", fresh.stream, {{"contactReceived", fresh.first_contact()}}, {.id = old.contact}));
    EXPECT_NE(findings(above).find("event.id"), std::string::npos);
}

TEST_F(Since, OldRootsThatSignersHadBeenShownAreProven) {
    play();
    Family old(*played), one(*played), other(*played);
    old.as_far_as_allocated();
    auto above = keep();
    auto said = played->draft("mash", one.stream, {{"contactReceived", one.first_contact()}});
    shown_otherwise(said, "mash", 7, played->book->root_at(7).value());
    slip_in(said);
    EXPECT_EQ(findings(above), "");
    said = played->draft("mash", other.stream, {{"contactReceived", other.first_contact()}});
    shown_otherwise(said, "mash", 7, played->book->root_at(8).value());
    slip_in(said);
    EXPECT_TRUE(findings(above).starts_with(std::to_string(size() - 1) + " event.seen.root"));
}

TEST_F(Since, AnOldEntryThatWasChangedIsFoundWhereANewOneRestsOnItAndElseFromTheStart) {
    play();
    Family touched(*played), resting(*played);
    touched.received();
    resting.received();
    auto first = size() - 2;
    // The newest 255 are hashed in any case.
    Family busy(*played);
    busy.received();
    for (int i = 0; i < 260; ++i) busy.must("kw", "caseNoteAdded", {{"note", "action"}});
    auto above = keep();
    touched.decided();
    auto stored = log();
    Book book;
    for (uint64_t i = 0; i < size(); ++i)
        book.records.push_back(Book::kept(stored->entry(i).value(), stored->words(i).value()));
    book.root = stored->head().root;
    for (auto changed : {first, first + 1}) {
        auto altered = book;
        altered.replace(
            changed, twisted(book.entry_at(changed), [](auto entry) { entry.setRecorded(entry.getRecorded() - 1); }));
        auto done = tools::verify_book(altered, above).value();
        EXPECT_EQ(done.holds(), changed != first);
        EXPECT_EQ(done.not_above.empty(), changed != first);
        if (changed == first) {
            EXPECT_NE(done.text({}).find("Read from the start"), std::string::npos);
            EXPECT_EQ(done.audit.not_read, 0u);
        } else {
            EXPECT_NE(done.text({}).find("What happened to the others since is not found here"), std::string::npos);
            EXPECT_GT(done.to_json().at("notRead").to_number<uint64_t>(), 0u);
        }
        auto from_start = above;
        from_start.state.clear();
        EXPECT_FALSE(tools::verify_book(altered, from_start)->holds());
    }
}

TEST_F(Since, AKeyThatBecameSuspectDisputesOldEntries) {
    play();
    Family family(*played);
    family.as_far_as_allocated();
    auto above = keep();
    auto key = played->people.at("kw").key.id().hex();
    played->must(
        "gov", directory(),
        {{"keyRevoked", json::object{{"key", key}, {"reason", "compromised"}, {"suspectFrom", "2018-05-22T09:00"}}}});
    auto whole = tools::verify_book(*log(), options()).value();
    auto since = tools::verify_book(*log(), above).value();
    ASSERT_TRUE(since.holds() && since.not_above.empty());
    EXPECT_TRUE(since.audit.read_for_disputes);
    ASSERT_GT(whole.audit.disputed.size(), 0u);
    ASSERT_EQ(since.audit.disputed.size(), whole.audit.disputed.size());
    EXPECT_EQ(since.audit.disputed[0].position, whole.audit.disputed[0].position);

    auto next = keep();  // told once; what comes after does not change it
    Family(*played).received();
    since = tools::verify_book(*log(), next).value();
    ASSERT_TRUE(since.holds());
    EXPECT_TRUE(since.audit.disputed.empty() && since.audit.disputed_before && !since.audit.read_for_disputes);
    EXPECT_NE(since.text({}).find("entries are disputed: that was told"), std::string::npos);
}

// Of a ledger with everything in it: kept at many places, each going on from the one before; and the same kept from the
// start.
TEST_F(Since, ComesToTheSameAsAReadingOfTheWholeHoweverOftenItWentOn) {
    Sample sample(Sample::Size::whole);
    std::vector<uint64_t> sizes{1, 2, 7, 40, 41, 100, 150, 190, sample.size()};
    tools::VerifyOptions going;
    going.believed.keys = {{"", ledger::KeyType::ed25519, sample.key()}};
    going.threads = 1;
    auto signed_at = [&](uint64_t size) {
        ledger::Edge edge;
        for (uint64_t i = 0; i < size; ++i) edge.append(sample.entry(i).leaf());
        return ledger::Checkpoint{sample.played.book->origin(), size, edge.root()}.sign(sample.ledger_key);
    };
    auto whole = tools::verify_book(sample.book, going).value();
    auto from_start = going;
    uint64_t before = 0, erased = 0;
    for (auto to : sizes) {
        going.checkpoint = from_start.checkpoint = signed_at(to);
        going.up_to = from_start.up_to = to;
        going.keep = kept / ("on-" + std::to_string(to));
        from_start.keep = kept / ("start-" + std::to_string(to));
        auto done = tools::verify_book(sample.book, going);
        ASSERT_TRUE(done) << done.error().text();
        ASSERT_TRUE(done->holds()) << done->audit.findings.front().what;
        EXPECT_EQ(done->not_above, "") << to;
        EXPECT_EQ(done->decided, to - before);
        EXPECT_EQ(done->kept, to) << done->not_kept;
        if (before) {
            EXPECT_EQ(done->audit.not_read, before);
            EXPECT_LE(done->rested_on, before);
        }
        erased += done->audit.erasures.size();
        ASSERT_TRUE(tools::verify_book(sample.book, from_start)->holds());
        auto of = ledger::open_checkpoint(*going.checkpoint, sample.key()).value();
        auto on = ledger::AuditState::open(going.keep, sample.book, of).value();
        auto start = ledger::AuditState::open(from_start.keep, sample.book, of).value();
        EXPECT_EQ(on->kept().value(), start->kept().value());
        EXPECT_EQ(on->recorded(), start->recorded());
        going.since = going.checkpoint;
        going.state = going.keep;
        before = to;
        if (to == sample.size()) {
            EXPECT_EQ(done->audit.root, whole.audit.root);
        }
    }
    EXPECT_EQ(erased, whole.audit.erasures.size());
}

// The campaign again, of what is done above a checkpoint, to somebody who kept what is below.
TEST_F(Since, IsFoundInEveryMutantOfWhatIsNew) {
    Sample little(Sample::Size::little), whole(Sample::Size::whole);
    constexpr uint64_t size = 30;
    little.keep_at(size, kept / "little");
    whole.keep_at(size, kept / "whole");
    Dice dice(std::random_device{}());
    Table table;
    Campaign campaign{little, whole, dice, 0.1, [&](const Mutant& mutant) {
                          if (mutant.from >= size) table.judge(mutant);
                      }};
    for (auto* stage : {"entries", "sealed", "places", "signers", "twists", "words", "deeds"})
        whole_campaign(campaign, stage);
    table.print(std::cout);
    std::cout << "[ mutants  ] " << table.total() << ": " << table.count(Table::found) << " found, "
              << table.count(Table::same) << " the same content, " << table.count(Table::passed) << " passed\n";
    EXPECT_GE(table.total(), 500u);
    EXPECT_EQ(table.count(Table::passed), 0u);
    EXPECT_EQ(table.count(Table::elsewhere), 0u);
}

}  // namespace
