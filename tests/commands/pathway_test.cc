// The whole way of one family through the service, and what the writer promises whoever submits.
#include <atomic>
#include <thread>

#include "commands/played_bench.h"
#include "ledger/audit.h"
#include "ledger/faulty_disk.h"
#include "ledger/rocks_log.h"

namespace {

using namespace test;

TEST(Pathway, LeadsFromContactToClosureAndIntoASecondEpisode) {
    Played ledger;
    Family family(ledger);
    family.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed().closed();
    family.as_far_as_open().allocated();
    EXPECT_EQ(ledger.say("tm", family.stream, {{"caseClosed", family.closing()}}).refusal(),
              Refusal::closure_not_proposed);
}

TEST(Pathway, LeadsUpThroughThePanelAndClosesOurRecord) {
    Played ledger;
    Family family(ledger);
    family.as_far_as_panel().panel().handed_over();
    family.must("tm", "receivingRecordOpened", {{"transfer", family.transfer.hex()}, {"system", "lcs"}});
    family.must("tm2", "releasingRecordClosed", {{"transfer", family.transfer.hex()}});
    EXPECT_EQ(
        family.say("kw", "visitHeld", {{"episode", family.episode.hex()}, {"mode", "telephone"}, {"place", "home"}})
            .refusal(),
        Refusal::episode_closed);
}

TEST(Pathway, LeadsDownFromSocialCareWithTheFamilysAgreement) {
    Played ledger;
    Family family(ledger);
    family.stepping_down().panel();
    family.must("sw", "handoverHeld",
                {{"transfer", family.transfer.hex()}, {"familyPresent", true}, {"newWorker", family.worker_id("kw")}});
    family.episode =
        family.must("tm", "receivingRecordOpened",
                    {{"transfer", family.transfer.hex()}, {"system", "ehm"}, {"team", "north"}, {"level", "targeted"}});
    family.must("tm2", "releasingRecordClosed", {{"transfer", family.transfer.hex()}});
    family.allocated().introduced().started().submitted().authorised().met().planned();
    // Its agreement is in the record, and stands for the referral with written consent.
    auto said = family.sibling_planned().closure_proposed().say("tm", "caseClosed", family.closing());
    EXPECT_EQ(said.refusal(), Refusal::record_incomplete);
    EXPECT_EQ(said.text().find("item 1,"), std::string::npos) << said.text();
    EXPECT_EQ(said.text().find("item 4,"), std::string::npos) << said.text();
}

TEST(Pathway, ReplaysToTheSameBenchAfterReopeningAndPassesTheAuditThatDecidesAgain) {
    Played ledger;
    Family one(ledger), other(ledger);
    one.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed().closed();
    other.as_far_as_panel();
    ledger.reopen();
    other.panel().handed_over();
    ledger.sequencer.reset();
    ledger.book.reset();

    auto log = ledger::open_rocks_log(ledger.folder / "l/book", "", {.read_only = true}).value();
    std::map<StreamId, std::vector<ledger::Entry>> streams;
    commands::Bench bench(
        [&](const StreamId& stream, const std::function<void(const ledger::Entry&)>& take) {
            for (auto& entry : streams[stream]) take(entry);
            return schema::Result<void>();
        },
        1);  // one state at a time: every other one is folded again
    ledger::AuditOptions options;
    options.decide = [&](const ledger::Entry& entry, const schema::ExaminedEvent& event,
                         auto) -> std::optional<ledger::Finding> {
        auto judged = bench.judge(event, entry.recorded(), entry.position(), {});
        std::optional<ledger::Finding> finding;
        if (!judged || judged->refused)
            finding =
                ledger::Finding{entry.position(), "refused", judged ? judged->refused->text() : judged.error().text()};
        streams[entry.stream()].push_back(entry);
        EXPECT_TRUE(bench.apply(entry));
        return finding;
    };
    auto report = ledger::audit(*log, options).value();
    for (auto& finding : report.findings)
        ADD_FAILURE() << finding.position << " " << finding.field << ": " << finding.what;
    EXPECT_GT(report.entries, 80u);
}

TEST(Retry, WithTheSameIdAndBytesGetsTheFirstAnswerAgainAcrossBatchesAndReopenings) {
    Played ledger;
    Family family(ledger);
    family.received();
    auto said = family.say("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}});
    ASSERT_TRUE(said.accepted());
    auto first = std::get<Accepted>(said.outcome);
    EXPECT_FALSE(first.replayed);
    for (int life = 0; life < 2; ++life) {
        auto size = ledger.book->published()->head.size;
        auto again = ledger.send(said);
        ASSERT_TRUE(std::holds_alternative<Accepted>(again));
        EXPECT_TRUE(std::get<Accepted>(again).replayed);
        EXPECT_EQ(std::get<Accepted>(again).entry.position(), first.entry.position());
        EXPECT_EQ(std::get<Accepted>(again).entry.revision(), first.entry.revision());
        EXPECT_EQ(std::get<Accepted>(again).entry.recorded(), first.entry.recorded());
        EXPECT_EQ(ledger.book->published()->head.size, size);
        ledger.reopen();
    }
}

TEST(Retry, WithTheSameIdAndOtherBytesIsAConflictAlsoInAnotherStream) {
    Played ledger;
    Family family(ledger), other(ledger);
    family.received();
    How how;
    how.id = family.contact;
    EXPECT_EQ(
        family.say("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}}, how).refusal(),
        Refusal::id_taken);
    EXPECT_EQ(
        other
            .say("mash", "contactReceived",
                 {{"channel", "telephone"}, {"referrer", "school"}, {"children", json::array{other.child.hex()}}}, how)
            .refusal(),
        Refusal::id_taken);
}

// Holds the ledger thread in a reply until everything is queued, so that all of it becomes one batch.
std::vector<Outcome> in_one_batch(Played& ledger, const std::vector<Said>& all) {
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    Family another(ledger);
    auto blocker = ledger.draft("mash", another.stream, {{"contactReceived", another.first_contact()}});
    std::promise<void> blocked;
    EXPECT_TRUE(ledger.sequencer->submit(std::get<commands::Submission>(ledger.receive(blocker)), [&](Outcome) {
        blocked.set_value();
        opened.wait();
    }));
    blocked.get_future().wait();
    std::vector<std::promise<Outcome>> replies(all.size());
    for (size_t i = 0; i < all.size(); ++i) {
        auto received = ledger.receive(all[i]);
        EXPECT_TRUE(std::holds_alternative<commands::Submission>(received));
        EXPECT_TRUE(
            ledger.sequencer->submit(std::get<commands::Submission>(std::move(received)),
                                     [&replies, i](Outcome outcome) { replies[i].set_value(std::move(outcome)); }));
    }
    EXPECT_EQ(ledger.sequencer->queued(), all.size());
    gate.set_value();
    std::vector<Outcome> outcomes;
    for (auto& reply : replies) outcomes.push_back(reply.get_future().get());
    return outcomes;
}

TEST(Retry, InsideOneBatchGetsTheFirstAnswerAgain) {
    Played ledger;
    Family family(ledger);
    family.received();
    How how;
    how.id = ledger.new_id<EventId>();
    auto one =
        ledger.draft("mash", family.stream,
                     {{"mashDecided", json::object{{"contact", family.contact.hex()}, {"option", "accept"}}}}, how);
    auto other =
        ledger.draft("mash", family.stream,
                     {{"mashDecided", json::object{{"contact", family.contact.hex()}, {"option", "signpost"}}}}, how);
    auto outcomes = in_one_batch(ledger, {one, one, other});
    ASSERT_TRUE(std::holds_alternative<Accepted>(outcomes[0]));
    ASSERT_TRUE(std::holds_alternative<Accepted>(outcomes[1]));
    EXPECT_FALSE(std::get<Accepted>(outcomes[0]).replayed);
    EXPECT_TRUE(std::get<Accepted>(outcomes[1]).replayed);
    EXPECT_EQ(std::get<Accepted>(outcomes[0]).entry.position(), std::get<Accepted>(outcomes[1]).entry.position());
    ASSERT_TRUE(std::holds_alternative<Refused>(outcomes[2]));
    EXPECT_EQ(std::get<Refused>(outcomes[2]).reason, Refusal::id_taken);
}

TEST(Batch, JudgesEachEventAgainstTheEffectsOfThoseBeforeIt) {
    Played ledger;
    Family family(ledger);
    family.received();
    auto decide = [&](const char* option) {
        return ledger.draft("mash", family.stream,
                            {{"mashDecided", json::object{{"contact", family.contact.hex()}, {"option", option}}}});
    };
    // Both have seen the whole record; the second one not what the first one adds to it.
    auto outcomes = in_one_batch(ledger, {decide("accept"), decide("signpost")});
    EXPECT_TRUE(std::holds_alternative<Accepted>(outcomes[0]));
    ASSERT_TRUE(std::holds_alternative<Refused>(outcomes[1]));
    EXPECT_EQ(std::get<Refused>(outcomes[1]).reason, Refusal::not_shown_latest);
}

TEST(Batch, LetsANewKeySignAsSoonAsItsEnrolmentWasAnswered) {
    Played ledger;
    ledger.hire("late", {"family-key-worker"});
    Family family(ledger);
    family.as_far_as_allocated();
    EXPECT_TRUE(family.say("late", "caseNoteAdded", {{"note", "action"}}).accepted());
}

TEST(Sequencer, GivesConcurrentWritersToOneCaseRevisionsWithoutGaps) {
    Played ledger;
    Family family(ledger);
    family.as_far_as_allocated();
    auto before = ledger.book->published_head(family.stream)->revision;
    constexpr int writers = 8, each = 25;
    std::vector<std::vector<Said>> drafts(writers);
    for (auto& mine : drafts)
        for (int i = 0; i < each; ++i)
            mine.push_back(ledger.draft("kw", family.stream, {{"caseNoteAdded", json::object{{"note", "action"}}}}));
    std::mutex mutex;
    std::map<uint64_t, uint64_t> revisions;  // revision -> position
    std::vector<std::thread> threads;
    for (auto& mine : drafts)
        threads.emplace_back([&] {
            for (auto& draft : mine) {
                auto outcome = ledger.send(draft);
                auto* accepted = std::get_if<Accepted>(&outcome);
                std::lock_guard lock(mutex);
                EXPECT_TRUE(accepted);
                if (accepted) {
                    EXPECT_TRUE(revisions.emplace(accepted->entry.revision(), accepted->entry.position()).second);
                }
            }
        });
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(revisions.size(), static_cast<size_t>(writers * each));
    EXPECT_EQ(revisions.begin()->first, before + 1);
    EXPECT_EQ(revisions.rbegin()->first, before + writers * each);
    uint64_t position = 0;
    for (auto& [revision, where] : revisions) EXPECT_LT(std::exchange(position, where), where);
}

TEST(Sequencer, SaysSealedAfterAFailedWriteAndRecoversByOpening) {
    auto disk = std::make_shared<FaultyDisk>();
    auto env = rocksdb::NewCompositeEnv(disk);
    Played::Options options;
    options.ledger.env = env.get();
    Played ledger(options);
    Family family(ledger);
    family.received();
    auto size = ledger.book->published()->head.size;
    auto known = ledger.sequencer->known();
    disk->fail_write(1);
    auto said = family.say("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}});
    auto* error = std::get_if<schema::Error>(&said.outcome);
    ASSERT_TRUE(error) << said.text();
    EXPECT_EQ(error->fault, schema::Fault::sealed);
    auto later = ledger.send(said);
    ASSERT_TRUE(std::holds_alternative<schema::Error>(later));
    EXPECT_EQ(std::get<schema::Error>(later).fault, schema::Fault::sealed);
    EXPECT_EQ(ledger.book->published()->head.size, size);
    ledger.reopen();
    auto again = ledger.send(said);  // the same id: recorded once, whatever became of the first attempt
    ASSERT_TRUE(std::holds_alternative<Accepted>(again));
    EXPECT_EQ(std::get<Accepted>(again).entry.position(), size);
}

TEST(Sequencer, MakesNothingKnownThatWasNotWritten) {
    auto disk = std::make_shared<FaultyDisk>();
    auto env = rocksdb::NewCompositeEnv(disk);
    Played::Options options;
    options.ledger.env = env.get();
    Played ledger(options);
    disk->fail_write(1);
    auto said = ledger.say("gov", directory(),
                           {{"teamFormed", json::object{{"team", "east"}, {"kind", "team"}, {"name", "East"}}}});
    ASSERT_FALSE(said.accepted());
    EXPECT_EQ(ledger.sequencer->known()->directory.team("east"), nullptr);
}

TEST(Sequencer, AnswersWhatIsQueuedBeforeItStops) {
    Played ledger;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 50; ++i) {
        Family family(ledger);
        auto said = ledger.draft("mash", family.stream, {{"contactReceived", family.first_contact()}});
        ASSERT_TRUE(
            ledger.sequencer->submit(std::get<commands::Submission>(ledger.receive(said)), [&](Outcome outcome) {
                EXPECT_TRUE(std::holds_alternative<Accepted>(outcome));
                ++answered;
            }));
    }
    ledger.sequencer.reset();
    EXPECT_EQ(answered, 50);
}

TEST(Sequencer, RefusesATimeOfRecordingBeyondAllCalendars) {
    Played ledger;
    for (int64_t when : {std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min(), int64_t{1} << 45}) {
        auto said = ledger.draft("gov", directory(),
                                 {{"teamFormed", json::object{{"team", "east"}, {"kind", "team"}, {"name", "East"}}}});
        ledger.now = schema::time_of(when);
        auto outcome = ledger.send(said);
        ledger.now = at("2018-05-22T10:00");
        EXPECT_FALSE(std::holds_alternative<Accepted>(outcome)) << when;
    }
    EXPECT_LT(ledger.book->last_recorded(), at("2018-06-01T00:00"));
}

TEST(Clock, NeverGoesBackInTheBook) {
    Played ledger;
    auto first = ledger.book->last_recorded();
    ledger.now -= std::chrono::hours(48);
    auto said = ledger.say("gov", directory(),
                           {{"teamFormed", json::object{{"team", "east"}, {"kind", "team"}, {"name", "East"}}}});
    ASSERT_TRUE(said.accepted()) << said.text();
    EXPECT_EQ(std::get<Accepted>(said.outcome).entry.recorded(), first);
}

}  // namespace
