// The benchmark measures in turn, tells what it measured, and runs through every group; how quick anything is, no test
// asks.
#include "tools/bench_figures.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "folder.h"
#include "ledger/keys.h"
#include "ledger/mark.h"
#include "schema/json.h"
#include "tools/bench_process.h"

namespace {

using tools::Goal;
using tools::Group;
using tools::Sample;
using tools::Unit;

TEST(BenchFigures, AreTakenInTurnAndToldAsMedianLeastAndMost) {
    std::string order;
    double rate = 0;
    Group group{"g", "A group", "", {}, {}};
    group.contestants = {{"a",
                          [&]() -> tools::Attempt<Sample> {
                              order += 'a';
                              return Sample{{Unit::per_second, rate += 10}};
                          },
                          true},
                         {"b", [&]() -> tools::Attempt<Sample> {
                              order += 'b';
                              return Sample{{Unit::per_second, 100}};
                          }}};
    group.ratios = {tools::over("a of b", "a", "b", Unit::per_second, Goal{true, 0.3}),
                    tools::over("b of a", "b", "a", Unit::per_second, Goal{false, 5})};
    auto told = tools::measure_group(group, 3, 60, [](auto&) {});
    ASSERT_TRUE(told);
    EXPECT_EQ(order, "ababab");
    auto& spread = told->rows[0].figures.at(Unit::per_second);
    EXPECT_EQ(spread.median, 20);
    EXPECT_EQ(spread.least, 10);
    EXPECT_EQ(spread.most, 30);
    EXPECT_DOUBLE_EQ(told->ratios[0].ratio.median, 0.2);
    EXPECT_FALSE(told->ratios[0].met());
    EXPECT_TRUE(told->ratios[1].met());
    auto text = told->markdown();
    EXPECT_NE(text.find("| **a** | 20.0 (10.0 to 30.0) |"), std::string::npos) << text;
    EXPECT_NE(text.find("| **a of b** | 0.20 (0.10 to 0.30) | at least 0.3 | missed |"), std::string::npos) << text;
}

TEST(BenchFigures, EndWithTheRoundInWhichPatienceDoes) {
    Group group{"g", "A group", "", {{"a", [] { return tools::Attempt<Sample>(Sample{{Unit::seconds, 1}}); }}}, {}};
    auto told = tools::measure_group(group, 5, 0, [](auto&) {});
    ASSERT_TRUE(told);
    EXPECT_EQ(told->rounds, 1u);
}

TEST(Bench, RunsThroughEveryGroupAndTellsItsShape) {
    tools_test::Folder folder;
    auto ended =
        tools_test::run(folder, "bench --folder b --entries 2000 --rounds 1 --seconds 0.05 --keep --json --quiet");
    ASSERT_EQ(ended.exit, 0) << ended.talk;
    auto told = schema::parse_json(ended.out.substr(0, ended.out.size() - 1));
    ASSERT_TRUE(told) << ended.out;
    for (auto* name :
         {"processor", "cores", "kernel", "fileSystem", "compiler", "rocksdb", "openssl", "libsodium", "boost"})
        EXPECT_TRUE(told->at("machine").as_object().contains(name)) << name;
    for (auto* name : {"entries", "cases", "eventBytes", "entryBytes", "durability", "rounds", "seconds"})
        EXPECT_TRUE(told->at("book").as_object().contains(name)) << name;
    std::vector<std::string> ids;
    for (auto& group : told->at("groups").as_array()) {
        ids.emplace_back(group.at("id").as_string());
        EXPECT_FALSE(group.at("measured").as_array().empty()) << ids.back();
        for (auto& row : group.at("measured").as_array()) {
            bool any = false;
            for (auto& [name, value] : row.as_object())
                if (value.is_object()) {
                    any = true;
                    EXPECT_GT(value.at("median").to_number<double>(), 0) << ids.back() << " " << row << " " << name;
                }
            EXPECT_TRUE(any) << row;
        }
        for (auto& ratio : group.at("ratios").as_array()) {
            EXPECT_GT(ratio.at("median").to_number<double>(), 0) << ids.back() << " " << ratio;
            auto& object = ratio.as_object();
            EXPECT_EQ(object.contains("met"), object.contains("atLeast") || object.contains("atMost")) << ratio;
        }
    }
    EXPECT_EQ(ids,
              (std::vector<std::string>{"disk", "appends-1", "appends-8", "appends-64", "appends-512", "cpu", "latency",
                                        "many", "chronology", "opening", "verification", "views", "proofs", "heads"}));

    std::ofstream(folder.path("small.json")) << ended.out;
    EXPECT_EQ(tools_test::run(folder, "bench --folder b --quick --quiet").exit, 5);  // it is there
    auto again = tools_test::run(folder, "bench --folder b --reuse --quick --quiet --only proofs --markdown");
    EXPECT_EQ(again.exit, 0) << again.talk;
    EXPECT_NE(again.out.find("### Proofs, on one core"), std::string::npos) << again.out;
    EXPECT_EQ(tools_test::run(folder, "verify --data b/ledger").exit, 0);
    auto grown =
        tools_test::run(folder, "bench --folder c --entries 4000 --quick --quiet --only proofs --smaller small.json");
    EXPECT_EQ(grown.exit, 0) << grown.talk;
    EXPECT_NE(grown.out.find("a completeness proof"), std::string::npos) << grown.out;
    EXPECT_EQ(
        tools_test::run(folder, "bench --folder d --entries 1000 --quick --quiet --only heads --smaller small.json")
            .exit,
        2);
}

TEST(Bench, FillsABookToItsEndWhereThatWasKilled) {
    tools_test::Folder folder;
    {
        auto filling = tools::Process::start({tools_test::program("caseledger"), "bench", "--folder", folder.path("b"),
                                              "--entries", "40000", "--keep", "--quiet"},
                                             folder.path("errors"));
        ASSERT_TRUE(filling);
        auto filled = [&] {
            auto mark = ledger::read_mark(folder.path("b/ledger/mark"));
            return mark ? mark->size : 0;
        };
        for (int i = 0; i < 60'000 && filled() < 1000; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ASSERT_GE(filled(), 1000u);
    }
    auto left = schema::parse_json(ledger::read_file(folder.path("b/bench.json"), 1 << 20).value()).value();
    ASSERT_FALSE(left.at("filled").as_bool());
    auto again = tools_test::run(folder, "bench --folder b --reuse --quick --quiet --only disk");
    ASSERT_EQ(again.exit, 0) << again.talk;
    auto verified = tools_test::run(folder, "verify --data b/ledger --json");
    EXPECT_EQ(verified.exit, 0) << verified.out;
    auto entries = schema::parse_json(verified.out).value().at("entries").to_number<uint64_t>();
    EXPECT_GE(entries, 40'000u);
    EXPECT_LT(entries, 40'100u);
}

}  // namespace
