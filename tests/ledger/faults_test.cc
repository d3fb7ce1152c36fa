// Under a disk that fails: nothing acknowledged is lost in a power cut, and after any failed write the ledger is sealed
// until it is opened again.
#include "ledger/audit.h"
#include "ledger/faulty_disk.h"
#include "ledger/rocks_log.h"
#include "ledger/small_book.h"

namespace {

using namespace test;
using ledger::Ledger;

struct Life {
    TempFolder folder;
    std::shared_ptr<FaultyDisk> disk = std::make_shared<FaultyDisk>();
    std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
    Author author;
    std::string path() const { return folder / "l"; }
    Ledger::Options options(bool sync) const { return {env.get(), sync}; }

    // Writes batches, cuts the power once `batches` are acknowledged, and returns the size that was acknowledged.
    uint64_t write_and_cut(uint64_t batches, bool sync) {
        auto opened =
            fs::exists(path()) ? Ledger::open(path(), options(sync)) : Ledger::create(path(), origin, options(sync));
        EXPECT_TRUE(opened) << opened.error().text();
        if (!opened) return 0;
        auto& book = **opened;
        uint64_t acknowledged = book.published()->head.size;
        for (uint64_t i = 0; i < batches; ++i) {
            for (uint64_t n = 0; n < 1 + i % 4; ++n) author.place(book, book.next_position());
            if (book.commit()) acknowledged = book.published()->head.size;
        }
        disk->cut_power();
        // What was never acknowledged may come or go; it must not disturb.
        author.place(book, book.next_position());
        EXPECT_FALSE(book.commit());
        opened->reset();
        disk->repair();
        // The index lies on another disk, so to speak; it is disposable.
        fs::remove_all(path() + "/index");
        return acknowledged;
    }
    uint64_t size_after() {
        auto log = ledger::open_rocks_log(path() + "/book", "", {env.get(), false, true, false});
        return log ? (*log)->head().size : 0;
    }
};

TEST(PowerCut, LosesNoAcknowledgedEntryInFortyCuts) {
    Life life;
    uint64_t total = 0;
    std::string before;
    for (uint64_t cut = 0; cut < 40; ++cut) {
        uint64_t acknowledged = life.write_and_cut(1 + cut % 7, true);
        ASSERT_GT(acknowledged, total);
        total = acknowledged;
        auto again = Ledger::open(life.path(), life.options(true));
        ASSERT_TRUE(again) << "cut " << cut << ": " << again.error().text();
        ASSERT_GE((*again)->published()->head.size, acknowledged);
        auto now = reading_of(**again);
        // Every entry of the life before is there with the same bytes.
        auto lines = [](const std::string& text) { return text.substr(text.find('\n') + 1); };
        if (cut) {
            ASSERT_EQ(lines(now).substr(0, lines(before).size()), lines(before));
        }
        before = now;
        again->reset();
    }
    auto log = ledger::open_rocks_log(life.path() + "/book", "", {life.env.get(), false, true, false});
    EXPECT_TRUE(ledger::audit(**log, {})->findings.empty());
}

// The positive control: the very same cut finds a missing sync.
TEST(PowerCut, LosesAcknowledgedEntriesWithSyncSwitchedOffAndTheMarkSaysSo) {
    Life life;
    uint64_t acknowledged = life.write_and_cut(5, false);
    ASSERT_GT(acknowledged, 0u);
    EXPECT_LT(life.size_after(), acknowledged) << "the simulated power cut lost nothing: it would find no missing sync";
    auto again = Ledger::open(life.path(), life.options(true));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().fault, schema::Fault::corrupt);
    EXPECT_NE(again.error().message.find("acknowledged"), std::string::npos) << again.error().text();
}

TEST(FailedWrite, SealsTheLedgerAndOpeningItAgainRecovers) {
    // The n-th write or sync of the book from here on fails, for each n that a few batches make.
    for (uint64_t nth = 1; nth <= 8; ++nth) {
        Life life;
        auto opened = Ledger::create(life.path(), origin, life.options(true));
        ASSERT_TRUE(opened);
        auto& book = **opened;
        life.author.write(book, 3);
        life.disk->fail_write(nth);
        uint64_t acknowledged = 3;
        bool failed = false;
        for (int i = 0; i < 8; ++i) {
            life.author.place(book, book.next_position());
            auto done = book.commit();
            if (done) {
                ASSERT_FALSE(failed) << "a write after the failed one was acknowledged";
                acknowledged = book.published()->head.size;
                continue;
            }
            EXPECT_EQ(done.error().fault, failed ? schema::Fault::sealed : schema::Fault::io) << done.error().text();
            failed = true;
            EXPECT_TRUE(book.sealed());
            EXPECT_EQ(book.published()->head.size, acknowledged) << "published what was not acknowledged";
        }
        ASSERT_TRUE(failed) << nth;
        opened->reset();
        auto again = Ledger::open(life.path(), life.options(true));
        ASSERT_TRUE(again) << nth << ": " << again.error().text();
        ASSERT_GE((*again)->published()->head.size, acknowledged);
        ASSERT_LE((*again)->published()->head.size, acknowledged + 1);
        life.author.write(**again, acknowledged + 3);
        EXPECT_EQ((*again)->published()->head.size, acknowledged + 3);
    }
}

TEST(FailedWrite, WhileOpeningIsToldAndLosesNothing) {
    Life life;
    {
        auto book = Ledger::create(life.path(), origin, life.options(true));
        ASSERT_TRUE(book);
        life.author.write(**book, 6);
    }
    int failures = 0;
    for (uint64_t nth = 1; nth <= 12; ++nth) {
        life.disk->fail_write(nth);
        auto again = Ledger::open(life.path(), life.options(true));
        life.disk->fail_write(0);
        if (!again) {
            ++failures;
            continue;
        }
        EXPECT_EQ((*again)->published()->head.size, 6u);
    }
    EXPECT_GT(failures, 0);
    auto good = Ledger::open(life.path(), life.options(true));
    ASSERT_TRUE(good) << good.error().text();
    EXPECT_EQ((*good)->published()->head.size, 6u);
}

}  // namespace
