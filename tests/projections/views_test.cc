// What the views promise as a whole: an answer as at a time knows nothing later, and rows are only ever what the book
// gives: whatever is lost, deleted or built again.
#include "projections/views.h"

#include <fstream>

#include "projections/cases.h"
#include "projections/life.h"
#include "projections/moments.h"

namespace projections::test {
namespace {

// Says where two long texts part, and not all of both.
void expect_same(const std::string& a, const std::string& b, const std::string& what) {
    if (a == b) return;
    auto at = static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    auto from = at < 300 ? 0 : at - 300;
    ADD_FAILURE() << what << "\n" << a.substr(from, 600) << "\n----\n" << b.substr(from, 600);
}

class LivesOf : public testing::TestWithParam<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, LivesOf, testing::Range(1u, 7u));

TEST_P(LivesOf, AsAtKnowsNothingThatCameLater) {
    Book book;
    Life(book, GetParam()).live(160);
    std::mt19937 random(GetParam());
    for (int cut = 0; cut < 6; ++cut) {
        size_t size = 8 + random() % (book.events().size() - 8);
        // As at a time, so all that was recorded at that same time belongs to it.
        while (size < book.events().size() && book.events()[size].second == book.events()[size - 1].second) ++size;
        Book earlier(false);
        for (size_t i = 0; i < size; ++i) earlier.copy(book.events()[i].first, book.events()[i].second);
        auto then = book.events()[size - 1].second;
        if (size < book.events().size() && random() % 2) then = book.events()[size].second - 1ms;
        expect_same(everything(book, then), everything(earlier, then),
                    "seed " + std::to_string(GetParam()) + ", cut at " + std::to_string(size));
    }
}

TEST_P(LivesOf, AnAnswerForNowIsTheOneAsAtNow) {
    Book book;
    Life(book, GetParam()).live(120);
    expect_same(everything(book, {}), everything(book, book.events().back().second), "now");
}

TEST_P(LivesOf, RowsDoNotHangOnHowTheEntriesCame) {
    Book book;
    Life life(book, GetParam());
    for (int part = 0; part < 6; ++part) {
        life.live(20);
        book.views();  // follows in small batches
    }
    auto followed = everything(book, {});
    book.close_views();
    fs::remove_all(book.folder() + "/views");
    expect_same(everything(book, {}), followed, "made again from nothing");
}

std::string dump(const Views& views, std::string_view name, uint32_t version) {
    std::string all;
    auto snapshot = views.snapshot();
    auto* table = snapshot->table(name, version);
    if (!table) return "none";
    auto done = table->scan("", [&](std::string_view key, std::string_view row) {
        ((all += key) += '=') += row;
        return true;
    });
    EXPECT_TRUE(done);
    return all;
}

struct Following {
    explicit Following(Book& of, const Pace& pace = {}, const std::string& folder = "/own", size_t keep = 1 << 20)
        : book(of) {
        views = *Views::open(book.folder() + folder);
        projector = std::make_unique<Projector>(
            book.ledger(), *views,
            std::vector<std::shared_ptr<Projection>>{std::make_shared<CasesProjection>(book.ledger(), keep),
                                                     std::make_shared<MomentsProjection>(book.ledger(), keep)},
            pace);
    }
    ~Following() { projector.reset(); }
    void catch_up() { ASSERT_TRUE(projector->wait(book.size() - 1, 20s)); }
    Book& book;
    std::unique_ptr<Views> views;
    std::unique_ptr<Projector> projector;
};

void expect_same_rows(const Following& one, const Following& other) {
    for (auto [name, version] : {std::pair{CasesProjection::title, CasesProjection::current},
                                 {MomentsProjection::title, MomentsProjection::current}})
        expect_same(dump(*one.views, name, version), dump(*other.views, name, version), std::string(name));
}

// One entry after the other.
constexpr Pace step_by_step{.batch = 1, .far = ~uint64_t{0}};
// In bulk from the first entry on, a file for every few entries, whose cases go on in the next.
constexpr Pace many_files{.batch = 3, .far = 0, .file = 8 << 10};

class Paces : public testing::TestWithParam<Pace> {};
INSTANTIATE_TEST_SUITE_P(Views, Paces,
                         testing::Values(many_files, Pace{.batch = 7, .far = ~uint64_t{0}},
                                         Pace{.batch = 3, .far = 0, .kept = 1}, Pace{.batch = 40, .far = 60}));

TEST_P(Paces, InBulkAndStepByStepTheRowsAreTheSame) {
    for (uint32_t seed : {21u, 22u}) {
        Book book;
        Life(book, seed).live(160);
        Following slowly(book, step_by_step, "/slowly");
        slowly.catch_up();
        // What is kept beyond a batch is a matter of speed alone.
        for (size_t keep : {size_t{0}, size_t{20} << 10, size_t{1} << 20}) {
            Following fast(book, GetParam(), "/fast-" + std::to_string(keep), keep);
            fast.catch_up();
            expect_same_rows(fast, slowly);
        }
    }
}

// A batch of a build in bulk ends by what is held, and until it ends nothing of a new case is in its rows.
TEST(Views, CasesThatBeginAreHeldInWhatABatchCounts) {
    Book book;
    auto before = book.size();
    for (int i = 0; i < 20; ++i) {
        auto stream = Book::family("house " + std::to_string(i));
        book.record(
            "2018-06-01 09:00", "mo", "mash-practitioner", stream,
            {{"contactReceived", {{"channel", "telephone"}, {"referrer", "parent"}, {"children", {child("ada")}}}}});
    }
    CasesProjection fold(book.ledger());
    Gathered rows([](std::string_view) { return std::optional<std::string>{}; });
    size_t held = 0;
    ASSERT_TRUE(book.ledger().read(before, book.size(), [&](const ledger::Entry& entry) {
        EXPECT_TRUE(fold.apply(entry, rows));
        EXPECT_GT(fold.holds(), std::exchange(held, fold.holds()));
        return true;
    }));
    EXPECT_GT(held, 20 * sizeof(CaseView));
    EXPECT_EQ(rows.bytes(), 0u);
    ASSERT_TRUE(fold.settle(rows));
    EXPECT_EQ(fold.holds(), held);
}

TEST(Views, BuiltInBulkGoesOnWhereACrashLeftIt) {
    Book book;
    Life(book, 23).live(160);
    Following whole(book, step_by_step, "/whole");
    whole.catch_up();
    auto cases = dump(*whole.views, "cases", CasesProjection::current);
    for (uint64_t taken : {9u, 60u, 129u}) {
        auto folder = book.folder() + "/cut-" + std::to_string(taken);
        {
            auto views = *Views::open(folder);
            auto instance = *views->begin("cases", CasesProjection::current);
            CasesProjection fold(book.ledger());
            for (uint64_t from = 0; from < taken; from += taken / 3) {
                auto rows = views->rows(instance);
                ASSERT_TRUE(book.ledger().read(from, from + taken / 3, [&](const ledger::Entry& entry) {
                    return fold.apply(entry, rows).has_value();
                }));
                ASSERT_TRUE(fold.settle(rows));
                ASSERT_TRUE(views->write_file(instance, rows, from + taken / 3));
            }
            // Of the next there is a file that was not yet taken in, as where the process died in between.
            std::ofstream(folder + "/" + std::to_string(instance.number) + ".rows") << "half";
        }  // nothing was flushed after the first file, and there is no write-ahead log
        {
            auto views = *Views::open(folder);
            ASSERT_EQ(views->instances().size(), 1u);
            EXPECT_TRUE(views->instances().front().building);
            EXPECT_EQ(views->instances().front().size, taken) << "rows and size came in one step";
            for (auto& file : fs::directory_iterator(folder)) EXPECT_NE(file.path().extension(), ".rows");
        }
        Following again(book, many_files, folder.substr(book.folder().size()));
        again.catch_up();
        expect_same(dump(*again.views, "cases", CasesProjection::current), cases, "cut at " + std::to_string(taken));
    }
}

size_t tables(const std::string& folder) {
    return static_cast<size_t>(std::count_if(fs::directory_iterator(folder), fs::directory_iterator(),
                                             [](auto& file) { return file.path().extension() == ".sst"; }));
}

// Files that are not wanted any more are deleted soon, behind our backs.
size_t tables_when_few(const std::string& folder, size_t few) {
    for (int i = 0; i < 400 && tables(folder) > few; ++i) std::this_thread::sleep_for(10ms);
    return tables(folder);
}

constexpr uint64_t files_written = 30;

// An instance whose rows are spread over so many files, which are left as they are.
Instance written_to_files(Views& views) {
    auto instance = *views.begin("cases", 1);
    EXPECT_TRUE(views.leave_files(true));
    for (uint64_t size = 1; size <= files_written; ++size) {
        auto rows = views.rows(instance);
        rows.put("every", std::to_string(size));
        rows.put("row " + std::to_string(size), "its own");
        EXPECT_TRUE(views.write_file(instance, rows, size));
    }
    return instance;
}

TEST(Views, FilesAreLeftAndThenMergedToOne) {
    Folder folder;
    auto views = *Views::open(folder.path());
    auto instance = written_to_files(*views);
    EXPECT_GE(tables(folder.path()), files_written) << "left as they are";
    ASSERT_TRUE(views->merge_files(instance));
    ASSERT_TRUE(views->leave_files(false));
    EXPECT_LE(tables_when_few(folder.path(), 2), 2u);
    ASSERT_TRUE(views->swap(instance));
    auto all = dump(*views, "cases", 1);
    EXPECT_TRUE(all.starts_with("every=30row 1=its own")) << all;
    EXPECT_NE(all.find("row 30=its own"), all.npos) << all;
}

TEST(Views, OnceEndedTheyMergeNothingAndAreWholeWhenOpenedAgain) {
    Folder folder;
    {
        auto views = *Views::open(folder.path());
        auto instance = written_to_files(*views);
        views->end();
        EXPECT_TRUE(views->merge_files(instance)) << "nothing is wrong";
        EXPECT_GE(tables(folder.path()), files_written);
    }
    auto views = *Views::open(folder.path());
    auto instances = views->instances();
    ASSERT_EQ(instances.size(), 1u);
    EXPECT_EQ(instances.front().size, files_written);
    EXPECT_EQ(*views->get(instances.front(), "every"), std::to_string(files_written));
}

// A service that is stopped while it merges leaves its files to the next one, which is not far behind.
TEST(Views, WhatWasNotMergedIsWhenTheStoreIsOpenedAgain) {
    Book book;
    Life(book, 26).live(160);
    Following whole(book, step_by_step, "/whole");
    whole.catch_up();
    {
        auto views = *Views::open(book.folder() + "/own");
        auto instance = *views->begin("cases", CasesProjection::current);
        CasesProjection fold(book.ledger());
        for (uint64_t from = 0; from + 10 < book.size(); from += 10) {
            auto rows = views->rows(instance);
            ASSERT_TRUE(book.ledger().read(
                from, from + 10, [&](const ledger::Entry& entry) { return fold.apply(entry, rows).has_value(); }));
            ASSERT_TRUE(fold.settle(rows));
            ASSERT_TRUE(views->write_file(instance, rows, from + 10));
        }
        views->end();
    }
    EXPECT_GT(tables(book.folder() + "/own"), 10u);
    Following again(book, Pace{}, "/own");
    again.catch_up();
    EXPECT_LE(tables_when_few(book.folder() + "/own", 2), 2u) << "one of the cases, and the heads";
    expect_same_rows(again, whole);
}

TEST(Views, ABuildThatIsStoppedAndBegunAgainEndsTheSame) {
    Book book;
    Life(book, 24).live(200);
    Following whole(book, step_by_step, "/whole");
    whole.catch_up();
    for (int i = 0; i < 12; ++i) {
        Following brief(book, many_files);  // ends in the middle of it, or asks for it anew
        std::this_thread::sleep_for(std::chrono::milliseconds(i));
        if (i % 3 == 0) {
            ASSERT_TRUE(brief.projector->rebuild("cases"));
        }
        if (i % 4 == 0) std::this_thread::sleep_for(3ms);
    }
    Following last(book, many_files);
    last.catch_up();
    for (int i = 0; i < 400 && last.projector->status()[0].rebuilding; ++i) std::this_thread::sleep_for(10ms);
    expect_same_rows(last, whole);
}

TEST(Views, FollowWhileTheyAreBuiltInBulk) {
    Book book;
    Life life(book, 25);
    life.live(100);
    Following following(book, many_files);
    following.catch_up();
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(following.projector->rebuild(i % 2 ? "moments" : "cases"));
        life.live(10);
        following.catch_up();
    }
    for (int i = 0;
         i < 400 && (following.projector->status()[0].rebuilding || following.projector->status()[1].rebuilding); ++i)
        std::this_thread::sleep_for(10ms);
    Following whole(book, step_by_step, "/whole");
    whole.catch_up();
    for (auto& [name, version] :
         {std::pair("cases", CasesProjection::current), {"moments", MomentsProjection::current}})
        expect_same(dump(*following.views, name, version), dump(*whole.views, name, version), name);
}

TEST(Views, RebuiltBesideAndSwappedHaveTheSameRows) {
    Book book;
    Life life(book, 11);
    life.live(150);
    Following following(book, many_files);
    following.catch_up();
    auto before = following.views->instances();
    auto moments = dump(*following.views, "moments", MomentsProjection::current);
    auto cases = dump(*following.views, "cases", CasesProjection::current);
    auto old = following.projector->snapshot();
    ASSERT_TRUE(following.projector->rebuild("moments"));
    ASSERT_TRUE(following.projector->rebuild("cases"));
    auto swapped = [&] {
        for (auto& line : following.projector->status())
            if (line.rebuilding) return false;
        // A swap publishes a snapshot of another instance.
        return following.projector->snapshot()->rows != old->rows;
    };
    for (int i = 0; i < 400 && !swapped(); ++i) std::this_thread::sleep_for(10ms);
    std::this_thread::sleep_for(100ms);
    following.projector.reset();
    auto after = following.views->instances();
    ASSERT_EQ(after.size(), 2u);
    for (auto& instance : after) {
        EXPECT_FALSE(instance.building);
        EXPECT_GT(instance.number, 2u) << "it is another instance";
    }
    EXPECT_EQ(dump(*following.views, "moments", MomentsProjection::current), moments);
    EXPECT_EQ(dump(*following.views, "cases", CasesProjection::current), cases);
    std::string still;
    EXPECT_TRUE(old->rows->table("cases", CasesProjection::current)->scan("", [&](auto key, auto row) {
        ((still += key) += '=') += row;
        return true;
    }));
    EXPECT_EQ(still, cases) << "a reader of the old instance is not disturbed";
}

TEST(Views, WhatACrashTakesIsProjectedAgain) {
    Book book;
    Life life(book, 12);
    life.live(60);
    std::string moments;
    {
        Following following(book);
        following.catch_up();
        ASSERT_TRUE(following.views->flush());
        life.live(60);
        following.catch_up();
        moments = dump(*following.views, "moments", MomentsProjection::current);
    }  // nothing of the second half was flushed, and there is no write-ahead log
    {
        auto views = *Views::open(book.folder() + "/own");
        for (auto& instance : views->instances()) EXPECT_LT(instance.size, book.size()) << "the crash took something";
        EXPECT_EQ(views->instances().size(), 2u);
    }
    Following again(book);
    again.catch_up();
    EXPECT_EQ(dump(*again.views, "moments", MomentsProjection::current), moments);
}

TEST(Views, ADeletedFolderComesBack) {
    Book book;
    Life(book, 13).live(80);
    auto before = everything(book, {});
    book.close_views();
    ASSERT_GT(fs::remove_all(book.folder() + "/views"), 0u);
    EXPECT_EQ(everything(book, {}), before);
}

TEST(Views, AWriterReadsItsOwnWrite) {
    Book book;
    auto& views = book.views();
    EXPECT_EQ(views.position(), book.size() - 1);
    EXPECT_FALSE(views.wait(book.size(), 30ms));
    std::thread later([&] {
        std::this_thread::sleep_for(30ms);
        book.hire("2018-05-21 10:00", "kit", "family-key-worker", "", 100);
    });
    EXPECT_TRUE(views.wait(book.size(), 5s));
    later.join();
}

// Stands for a projection with a bug in it.
class Broken : public Projection {
  public:
    std::string_view name() const override { return "broken"; }
    uint32_t version() const override { return 1; }
    std::unique_ptr<Projection> anew() const override { return std::make_unique<Broken>(); }
    schema::Result<void> apply(const ledger::Entry& entry, Rows&) override {
        if (entry.position() == 3) return schema::fail(schema::Fault::corrupt, "that cannot be");
        return {};
    }
    schema::Result<void> settle(Rows&) override { return {}; }
};

TEST(Projector, AStoppedProjectionSaysWhyAndDoesNotHoldTheOthersUp) {
    Book book;
    Life(book, 14).live(30);
    auto views = *Views::open(book.folder() + "/own");
    for (auto& pace : {Pace{}, many_files}) {
        Projector projector(book.ledger(), *views,
                            {std::make_shared<Broken>(), std::make_shared<MomentsProjection>(book.ledger())}, pace);
        EXPECT_FALSE(projector.wait(book.size() - 1, 2s));
        for (int i = 0; i < 200 && projector.status()[1].size < book.size(); ++i) std::this_thread::sleep_for(10ms);
        EXPECT_EQ(projector.status()[0].stopped, "that cannot be");
        EXPECT_EQ(projector.status()[1].size, book.size());
        EXPECT_TRUE(projector.status()[1].stopped.empty());
        EXPECT_EQ(projector.rebuild("nothing").error().fault, schema::Fault::not_found);
        ASSERT_TRUE(projector.rebuild("moments"));
    }
}

TEST(Projector, GathersWhatIsRecordedUntilSomebodyIsInAHurry) {
    Book book;
    Life life(book, 16);
    life.live(30);
    Following views(book, Pace{.gather = 1min});
    views.catch_up();
    bool gathered = false;
    for (int i = 0; i < 50 && !gathered; ++i) {
        life.live(1);
        gathered = !views.projector->watch(book.size() - 1, 100ms);
    }
    EXPECT_TRUE(gathered);
    EXPECT_LT(views.projector->snapshot()->size, book.size());
    views.catch_up();
}

// The same rows under another version.
class Newer : public MomentsProjection {
  public:
    explicit Newer(const ledger::Ledger& ledger) : MomentsProjection(ledger), ledger_(ledger) {}
    std::unique_ptr<Projection> anew() const override { return std::make_unique<Newer>(ledger_); }
    uint32_t version() const override { return MomentsProjection::current + 1; }

  private:
    const ledger::Ledger& ledger_;
};

TEST(Projector, AnotherVersionIsBuiltBesideAndTakesThePlace) {
    Book book;
    Life(book, 15).live(30);
    std::string rows;
    auto views = *Views::open(book.folder() + "/own");
    {
        Projector projector(book.ledger(), *views, {std::make_shared<MomentsProjection>(book.ledger())});
        ASSERT_TRUE(projector.wait(book.size() - 1, 5s));
        rows = dump(*views, "moments", MomentsProjection::current);
    }
    Projector projector(book.ledger(), *views, {std::make_shared<Newer>(book.ledger())});
    ASSERT_TRUE(projector.wait(book.size() - 1, 5s));
    EXPECT_EQ(dump(*views, "moments", MomentsProjection::current + 1), rows);
    EXPECT_EQ(dump(*views, "moments", MomentsProjection::current), "none");
    EXPECT_EQ(views->instances().size(), 1u);
}

}  // namespace
}  // namespace projections::test
