#include "commands/kept.h"

#include "commands/bench.h"
#include "commands/played_bench.h"

namespace {

using namespace test;

// A bench as the writer opens it, and how many cases it had to fold for that.
struct Opened {
    std::set<StreamId> folded;
    commands::Bench bench;

    explicit Opened(ledger::Ledger& book)
        : bench([&](const StreamId& stream, const std::function<void(const ledger::Entry&)>& take) {
              if (schema::kind_of(stream) == schema::StreamKind::family) folded.insert(stream);
              auto entries = book.stream(stream, 1, 10'000);
              EXPECT_TRUE(entries) << entries.error().text();
              for (auto& entry : *entries) take(entry);
              return schema::Result<void>();
          }) {
        EXPECT_TRUE(bench.load(book));
    }
    std::string says(const std::vector<StreamId>& cases, const schema::PersonId& worker) const {
        auto& loads = bench.loads();
        auto number = [](auto value) { return std::to_string(value) + " "; };
        auto all = number(loads.families()) + number(loads.children()) + number(loads.children_of(worker)) +
                   number(loads.children_in("north")) + number(loads.children_in("north", "targeted"));
        for (auto& stream : cases) all += bench.kept(stream) + "\n";
        return all;
    }
};

TEST(Kept, OpeningFoldsNoCaseOfWhichItsHoldingsWereKeptAndSaysTheSame) {
    Played ledger;
    Family closed(ledger), open(ledger), held(ledger);
    closed.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed().closed();
    open.as_far_as_panel();
    held.as_far_as_panel();
    held.must("sm", "legalHoldPlaced", {{"subjects", json::array{held.child.hex()}}, {"reason", "court"}});
    std::vector cases{closed.stream, open.stream, held.stream};
    auto worker = ledger.people.at("kw").id;
    ledger.sequencer.reset();

    std::string before;
    {
        Opened opened(*ledger.book);
        EXPECT_TRUE(opened.folded.empty());
        before = opened.says(cases, worker);
        EXPECT_EQ(opened.bench.loads().families(), 2u);
        EXPECT_GT(opened.bench.loads().children_of(worker), 0u);
        auto kept = schema::unpack<commands::KeptCase>(opened.bench.kept(held.stream));
        EXPECT_EQ(kept->held, std::set{held.child});
    }
    ledger.book.reset();
    fs::remove_all(ledger.folder / "l/index");
    for (auto folds : std::vector<size_t>{3, 0}) {  // and what was folded is kept, though nothing was appended
        ledger.book = ledger::Ledger::open(ledger.folder / "l").value();
        Opened opened(*ledger.book);
        EXPECT_EQ(opened.folded.size(), folds);
        EXPECT_EQ(opened.says(cases, worker), before);
        ledger.book.reset();
    }
}

TEST(Kept, AnEntryThatCameWithoutItsHoldingsHasItsCaseFolded) {
    Played ledger;
    Family family(ledger), other(ledger);
    family.received();
    other.received();
    ledger.sequencer.reset();
    // Placed by another hand: the index knows the entry, and nothing was kept after it.
    auto entry = ledger.book->stream(family.stream, 1, 1).value().at(0);
    ledger.book->place(entry.event(), std::vector<ledger::Signature>(1), "", ledger.now);
    ASSERT_TRUE(ledger.book->commit());
    Opened opened(*ledger.book);
    EXPECT_EQ(opened.folded, std::set{family.stream});
}

TEST(Kept, HowManyCasesWereLookedAtIsTold) {
    Played ledger;
    Family family(ledger), other(ledger);
    family.received();
    other.received();
    ledger.sequencer.reset();
    auto streams = ledger.book->streams().value().size();
    uint64_t last = 0;
    auto told = [&](std::string_view, uint64_t done, uint64_t of) {
        EXPECT_EQ(done, ++last);
        EXPECT_EQ(of, streams);
    };
    ASSERT_TRUE(commands::Sequencer::start(
        *ledger.book, [] { return schema::Time{}; }, told));
    EXPECT_EQ(last, streams);
}

TEST(Kept, WhatDoesNotReadOrIsOfAnotherVersionIsFoldedAgain) {
    Played ledger;
    Family family(ledger);
    family.as_far_as_panel();
    ledger.sequencer.reset();
    auto right = Opened(*ledger.book).bench.kept(family.stream);
    auto of_another_version = right;
    of_another_version[0] = 99;
    std::vector<std::string> wrongs{"?", right.substr(0, right.size() - 1), right + "x", of_another_version};
    for (auto& wrong : wrongs) {
        ASSERT_TRUE(ledger.book->keep(family.stream, wrong));
        ASSERT_TRUE(ledger.book->commit());
        Opened opened(*ledger.book);
        EXPECT_EQ(opened.folded.size(), 1u);
        EXPECT_EQ(opened.bench.kept(family.stream), right);
    }
}

}  // namespace
