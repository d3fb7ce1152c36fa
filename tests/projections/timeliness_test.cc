// Time limits across cases: every verdict counted once, sums by rule, team and worker, what needs a look first, what
// falls due in the next working days, and the same as at an earlier time.
#include "projections/fixture.h"

namespace projections::test {
namespace {

class Timeliness : public testing::Test {
  protected:
    Timeliness() { book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get()); }

    // A family that reached its episode on a day; the episode.
    EventId open(const std::string& family, const std::string& day) {
        return book.episode(day + " 09:00", day + " 10:00", day + " 14:00", Book::family(family));
    }
    void allocate(const std::string& family, const EventId& episode, const std::string& when,
                  const std::string& worker) {
        book.allocate(when, episode, worker, Book::family(family));
    }
    json::object ask(TimelinessFilter filter = {}, AsAt as_at = {}) {
        auto answer = book.views().timeliness_json(filter, as_at);
        EXPECT_TRUE(answer) << answer.error().text();
        return answer.value_or(json::object{});
    }
    static TimelinessFilter of_rule(const std::string& rule) {
        TimelinessFilter filter;
        filter.rule = rule;
        return filter;
    }
    static int64_t count(const json::object& answer, std::string_view what) {
        return answer.at("counts").at(what).to_number<int64_t>();
    }
    // The families of the clocks that are listed, in order.
    static std::vector<std::string> families(const json::object& answer, const char* list = "clocks") {
        std::vector<std::string> names;
        for (auto& clock : answer.at(list).as_array())
            for (auto* name : {"ash", "elm", "oak", "fir", "yew", "bay"})
                if (clock.at("stream") == json::value(Book::family(name).hex())) names.emplace_back(name);
        return names;
    }

    // One allocation for each way it may go, in the week after Thursday 24 May 2018; Monday 28 May is a bank holiday.
    void six_families() {
        auto ash = open("ash", "2018-05-24"), elm = open("elm", "2018-05-24"), oak = open("oak", "2018-05-24");
        open("fir", "2018-05-24");
        auto bay = open("bay", "2018-05-24");
        allocate("elm", elm, "2018-05-25 10:00", "kit");
        book.record("2018-05-25 12:00", "tess", "team-manager", Book::family("bay"),
                    {{"caseClosed", {{"episode", bay.hex()}, {"reason", "not-wanted"}, {"outcome", "not-known"}}}});
        allocate("ash", ash, "2018-05-29 10:00", "kit");
        allocate("oak", oak, "2018-06-01 10:00", "pat");
        open("yew", "2018-06-04");
    }
    Book book;
};

TEST_F(Timeliness, CountsEveryVerdictOnce) {
    six_families();
    auto answer = ask(of_rule("T04"));
    EXPECT_EQ(count(answer, "met-all"), 1) << "Elm";
    EXPECT_EQ(count(answer, "met-some"), 1) << "Ash: in three working days, not in 72 hours";
    EXPECT_EQ(count(answer, "missed-all"), 2) << "Oak, and Fir until now";
    EXPECT_EQ(count(answer, "late"), 1) << "Fir";
    EXPECT_EQ(count(answer, "open"), 1) << "Yew";
    EXPECT_EQ(count(answer, "stopped"), 1) << "Bay, closed before it was due";
    for (auto* other : {"early", "monitored", "no-rule-evidenced"}) EXPECT_EQ(count(answer, other), 0) << other;
    EXPECT_EQ(answer.at("counts").at("adoptedReading").at("of"), 0) << "nobody has adopted one";
    EXPECT_EQ(count(ask(of_rule("T02")), "monitored"), 6);
}

TEST_F(Timeliness, ListsWhatNeedsALookFirst) {
    six_families();
    auto filter = of_rule("T04");
    EXPECT_EQ(families(ask(filter)), (std::vector<std::string>{"fir", "yew", "oak", "ash", "bay", "elm"}));
    filter.limit = 2;
    auto answer = ask(filter);
    EXPECT_EQ(families(answer), (std::vector<std::string>{"fir", "yew"}));
    EXPECT_EQ(answer.at("more"), 4);
    EXPECT_EQ(count(answer, "met-all"), 1) << "counts are of all";
}

TEST_F(Timeliness, FiltersByWorkerTeamAndVerdict) {
    six_families();
    TimelinessFilter filter;
    filter.worker = named<PersonId>("pat");
    for (auto& name : families(ask(filter))) EXPECT_EQ(name, "oak");
    EXPECT_FALSE(families(ask(filter)).empty());
    filter = of_rule("T04");
    filter.verdict = "missed-all";
    EXPECT_EQ(families(ask(filter)), (std::vector<std::string>{"fir", "oak"}));
    filter.team = "south";
    EXPECT_TRUE(families(ask(filter)).empty());
    filter.team = "north";
    EXPECT_EQ(families(ask(filter)).size(), 2u);
}

TEST_F(Timeliness, SumsByRuleTeamAndWorkerAreTheWhole) {
    six_families();
    auto answer = ask();
    for (auto* list : {"rules", "teams", "workers"})
        for (auto& [verdict, whole] : answer.at("counts").as_object()) {
            if (!whole.is_number()) continue;
            uint64_t sum = 0;
            for (auto& row : answer.at(list).as_array()) sum += row.at("counts").at(verdict).to_number<uint64_t>();
            EXPECT_EQ(sum, whole.to_number<uint64_t>()) << list << " " << std::string(verdict);
        }
    EXPECT_EQ(answer.at("clocks").as_array().size() + answer.at("more").to_number<size_t>(), [&] {
        size_t all = 0;
        for (auto* verdict :
             {"met-all", "met-some", "missed-all", "early", "open", "stopped", "monitored", "no-rule-evidenced"})
            all += static_cast<size_t>(count(answer, verdict));
        return all;
    }());
}

TEST_F(Timeliness, AsAtATimeAnswersAsItDidThen) {
    six_families();
    auto then = ask(of_rule("T04"), at("2018-05-28 12:00"));
    EXPECT_EQ(count(then, "met-all"), 1) << "Elm";
    EXPECT_EQ(count(then, "open"), 3) << "72 hours are over, three working days are not";
    EXPECT_EQ(count(then, "stopped"), 1);
    EXPECT_EQ(count(then, "missed-all"), 0);
    EXPECT_EQ(families(then).size(), 5u) << "Yew came later";
    EXPECT_EQ(count(ask(of_rule("T04"), at("2018-05-23 12:00")), "open"), 0);
}

TEST_F(Timeliness, AnAdoptedReadingIsCountedBeside) {
    book.record("2018-05-22 10:00", "gov", "data-governor", Book::practice(),
                {{"readingAdopted",
                  {{"practice", "BEX-2018"}, {"rule", "T04"}, {"reading", "A-3wd"}, {"from", "2018-05-22"}}}});
    six_families();
    auto adopted = ask(of_rule("T04")).at("counts").at("adoptedReading");
    EXPECT_EQ(adopted.at("of"), 5) << "all but the open one";
    EXPECT_EQ(adopted.at("met"), 2);
}

TEST_F(Timeliness, WithoutARuleInEvidenceThereIsNoBreach) {
    open("ash", "2020-03-02");
    auto answer = ask();
    EXPECT_GT(count(answer, "no-rule-evidenced"), 0);
    for (auto* verdict : {"met-all", "met-some", "missed-all", "early", "open", "late"})
        EXPECT_EQ(count(answer, verdict), 0) << verdict;
    auto& clock = answer.at("clocks").at(0);
    EXPECT_NE(std::string(clock.at("noRule").at("why").as_string()).find("slightly altered in 2019"),
              std::string::npos);
    EXPECT_TRUE(clock.at("readings").as_array().empty());
}

TEST_F(Timeliness, ARuleThatNothingStartedIsListedLastAndNotCounted) {
    auto episode = open("ash", "2018-05-24");
    allocate("ash", episode, "2018-05-25 10:00", "kit");
    auto clocks = book.clocks().at("clocks").as_array();
    bool over = false;
    std::set<std::string> not_started;
    for (auto& clock : clocks) {
        bool none = verdict(clock) == "no-trigger";
        EXPECT_TRUE(none || !over) << "after those that nothing started";
        over |= none;
        if (none) not_started.emplace(clock.at("rule").as_string());
        EXPECT_EQ(clock.at("trigger").is_null(), none);
    }
    for (auto* rule : {"T03", "T08", "T09", "T10", "T12", "T19"})
        EXPECT_TRUE(not_started.contains(rule)) << rule << " stands in the procedures and is listed";
    EXPECT_FALSE(book.clocks().at("counts").as_object().contains("no-trigger"));
}

json::object review_in_a_window() {
    json::object reading{{"id", "window"},
                         {"title", "Between 4 and 6 weeks"},
                         {"source", "S3:23"},
                         {"start", {{"events", {"planAgreed"}}}},
                         {"end", {{"events", {"reviewMeetingHeld"}}}},
                         {"opens", 28},
                         {"limit", 42},
                         {"unit", "days"}};
    return {{"id", "WIN-2018"},
            {"authority", "Eastmere"},
            {"title", "One window"},
            {"standing", "standard"},
            {"from", "2018-05-01"},
            {"source", "S3:5"},
            {"calendar", "england-and-wales"},
            {"roles", {json::object{{"code", "team-manager"}, {"title", "Team manager"}, {"source", "S3:7"}}}},
            {"acts", {json::object{{"event", "caseClosed"}, {"roles", {"team-manager"}}, {"source", "S3:7"}}}},
            {"rules",
             {json::object{{"id", "T70"},
                           {"title", "Review"},
                           {"quote", "every 4-6 weeks"},
                           {"source", "S3:23"},
                           {"readings", json::array{reading}}}}}};
}

TEST(TimelinessOfAWindow, DoneTooSoonIsEarlyAndNotMet) {
    Book book;
    book.adopt("2018-05-01 09:00", review_in_a_window());
    auto episode = book.episode("2018-06-25 09:00", "2018-06-25 09:30", "2018-06-25 10:00");
    book.say("2018-07-02 10:00", "sol", "team-manager",
             {{"planAgreed",
               {{"episode", episode.hex()},
                {"child", child("adaash")},
                {"plan", "child-in-need-plan"},
                {"visitEveryDays", 14}}}});
    book.say(
        "2018-07-26 11:00", "sol", "team-manager",
        {{"reviewMeetingHeld", {{"episode", episode.hex()}, {"review", "child-in-need"}, {"progress", "measurable"}}}});
    auto answer = *book.views().timeliness_json({});
    EXPECT_EQ(answer.at("counts").at("early"), 1);
    EXPECT_EQ(answer.at("counts").at("met-all"), 0);
    auto clock = book.clock("T70");
    EXPECT_EQ(verdict(clock), "early");
    EXPECT_EQ(reading(clock, "window").at("by"), "4 d");
    EXPECT_EQ(reading(clock, "window").at("bySeconds"), 3 * 86400 + 13 * 3600) << "to midnight on the fourth day";
}

class DueSoon : public Timeliness {
  protected:
    // Three months from allocation, so that one clock of each family runs on to a day we choose.
    void reviewed_three_months_after(const std::string& family, const std::string& day) {
        allocate(family, open(family, day), day + " 15:00", "kit");
    }
    json::object due(const std::string& when, uint32_t days = 10) {
        auto answer = book.views().due_soon_json(of_rule("T14"), at(when), days);
        EXPECT_TRUE(answer) << answer.error().text();
        return answer.value_or(json::object{});
    }
};

TEST_F(DueSoon, TenWorkingDaysReachOverChristmas) {
    reviewed_three_months_after("ash", "2018-10-03");
    reviewed_three_months_after("elm", "2018-10-04");
    reviewed_three_months_after("oak", "2018-09-20");
    // 18-21 Dec (1-4), 24 (5), 27 (6), 28 (7), 31 (8), 2 Jan (9), 3 Jan (10).
    auto answer = due("2018-12-17 10:00");
    EXPECT_EQ(answer.at("until"), "2019-01-03");
    EXPECT_EQ(families(answer, "due"), (std::vector<std::string>{"oak", "ash"})) << "Elm's is due on the 4th";
    EXPECT_EQ(families(due("2018-12-18 10:00"), "due").size(), 3u);
    EXPECT_EQ(families(due("2018-12-21 10:00"), "due"), (std::vector<std::string>{"ash", "elm"})) << "Oak's is late";
    EXPECT_EQ(due("2018-12-17 10:00", 3).at("until"), "2018-12-20");
}

TEST_F(DueSoon, TenWorkingDaysReachOverEaster) {
    reviewed_three_months_after("ash", "2019-01-29");
    reviewed_three_months_after("elm", "2019-01-30");
    // 12 Apr (1), 15-18 (2-5), 23-26 (6-9), 29 (10); Good Friday is the 19th, Easter Monday the 22nd.
    auto answer = due("2019-04-11 10:00");
    EXPECT_EQ(answer.at("until"), "2019-04-29");
    EXPECT_EQ(families(answer, "due"), (std::vector<std::string>{"ash"}));
    EXPECT_EQ(reading(answer.at("due").at(0), "A-3mo").at("due"), "2019-04-30T00:00:00+01:00");
}

}  // namespace
}  // namespace projections::test
