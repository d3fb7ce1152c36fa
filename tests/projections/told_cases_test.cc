// What is kept of a chronology that was told changes no answer: not when something is corrected, when titles change, or
// when it is asked about another time; and it is let go of.
#include "projections/told_cases.h"

#include "projections/fixture.h"

namespace projections::test {
namespace {

// Rows in memory.
class Listed final : public Table {
  public:
    std::map<std::string, std::string> rows;
    Listed(const StreamId& stream, uint64_t count) {
        for (uint64_t i = 1; i <= count; ++i) add(stream, i);
    }
    schema::Result<std::optional<std::string>> get(std::string_view) const override { return std::nullopt; }
    schema::Result<void> scan(std::string_view prefix, const Take& take, Direction,
                              std::string_view after) const override {
        for (auto at = rows.upper_bound(std::string(std::max(prefix, after))); at != rows.end(); ++at)
            if (!at->first.starts_with(prefix) || !take(at->first, at->second)) break;
        return {};
    }
    void add(const StreamId& stream, uint64_t revision) {
        Moment moment;
        moment.position = moment.revision = revision;
        rows[moment_key(stream, revision)] = pack(moment);
    }
};

TEST(ToldCases, ReadsOnlyWhatIsNew) {
    auto stream = named<StreamId>("ash");
    Listed table(stream, 3);
    ToldCase told;
    ASSERT_TRUE(told.read(table, stream));
    ASSERT_EQ(told.moments().size(), 3u);
    table.rows.begin()->second = "damaged";  // read before
    table.add(stream, 4);
    ASSERT_TRUE(told.read(table, stream));
    EXPECT_EQ(told.moments().back().revision, 4u);
    table.rows[moment_key(stream, 5)] = "damaged";
    EXPECT_EQ(told.read(table, stream).error().fault, schema::Fault::corrupt);
}

TEST(ToldCases, KeepsRowsInOneWordingAlone) {
    auto stream = named<StreamId>("ash");
    Listed table(stream, 2);
    ToldCase told;
    ASSERT_TRUE(told.read(table, stream));
    auto before = told.footprint();
    References::Wording first{7, 1}, second{7, 2};
    EXPECT_EQ(told.row(1, first), nullptr);
    told.tell(1, std::make_shared<const std::string>("{}"));
    EXPECT_EQ(*told.row(1, first), "{}");
    EXPECT_EQ(told.row(0, first), nullptr);
    EXPECT_GT(told.footprint(), before);
    EXPECT_EQ(told.row(1, second), nullptr);
    EXPECT_EQ(told.footprint(), before);
}

TEST(ToldCases, LetsGoOfWhatWasAskedForLongestAgo) {
    auto ash = named<StreamId>("ash"), birch = named<StreamId>("birch");
    Listed table(ash, 100);
    for (uint64_t i = 1; i <= 100; ++i) table.add(birch, i);
    ToldCases cases(100 * sizeof(Moment) * 3 / 2);
    auto ask = [&](const StreamId& stream) {
        auto told = cases.use(stream);
        auto known = told->moments().size();
        EXPECT_TRUE(told->read(table, stream));
        return known;
    };
    EXPECT_EQ(ask(ash), 0u);
    EXPECT_EQ(ask(ash), 100u);
    EXPECT_EQ(ask(birch), 0u);
    EXPECT_EQ(ask(ash), 0u);
}

TEST(ToldCases, ATitleThatChangesIsToldAtOnceAndTheOldOneAsAtBefore) {
    Book book;
    auto team = [&](const char* when, const char* name) {
        book.record(when, "gov", "data-governor", Book::directory(),
                    {{"teamFormed", {{"team", "north"}, {"name", name}, {"kind", "team"}}}});
    };
    team("2018-05-21 09:00", "North");
    book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get());
    book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    How how;
    how.team = "north";
    book.say("2018-05-25 10:00", "kit", "family-key-worker", {{"caseNoteAdded", {{"note", "action"}}}}, how);
    auto name = [&](AsAt as_at) {
        ChronologyQuery query;
        query.as_at = as_at;
        auto page = book.views().chronology(Book::family(), query);
        EXPECT_TRUE(page);
        auto rows = schema::parse_json(page->text()).value().at("rows").as_array();
        return std::string(rows.back().at("teamName").as_string());
    };
    EXPECT_EQ(name({}), "North");
    EXPECT_EQ(name({}), "North");
    team("2018-06-01 09:00", "North and Lakeside");
    EXPECT_EQ(name({}), "North and Lakeside");
    EXPECT_EQ(name(at("2018-05-30 09:00")), "North");
    EXPECT_EQ(name(at("2018-06-02 09:00")), "North and Lakeside");
}

}  // namespace
}  // namespace projections::test
