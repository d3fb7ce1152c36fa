// London time: both changes of the clocks, wall times that never happen or happen twice, and nothing else accepted.
#include "schema/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <tuple>

namespace {

using namespace schema;
using namespace std::chrono_literals;

Time t(const char* text) { return parse_time(text).value(); }
Day d(const char* text) { return parse_day(text).value(); }

TEST(Time, ChangesToSummerTimeWhenLondonDoes) {
    EXPECT_EQ(iso(t("2018-03-25T00:59:59Z")), "2018-03-25T00:59:59+00:00");
    EXPECT_EQ(iso(t("2018-03-25T01:00:00Z")), "2018-03-25T02:00:00+01:00");
    EXPECT_EQ(iso(t("2018-10-28T00:59:59Z")), "2018-10-28T01:59:59+01:00");
    EXPECT_EQ(iso(t("2018-10-28T01:00:00Z")), "2018-10-28T01:00:00+00:00");
}

// Since 1996 the clocks change at 01:00 UTC on the last Sundays of March and October.
TEST(Time, ChangesEveryYearFrom1996To2199AsTheLawSays) {
    for (int year = 1996; year < 2200; ++year)
        for (auto [month, before, after] : {std::tuple{3u, "+00:00", "+01:00"}, {10u, "+01:00", "+00:00"}}) {
            auto day = std::chrono::sys_days{std::chrono::year{year} / month / std::chrono::Sunday[std::chrono::last]};
            EXPECT_TRUE(iso(Time{day + 1h} - 1ms).ends_with(before)) << year << " " << month;
            EXPECT_TRUE(iso(Time{day + 1h}).ends_with(after)) << year << " " << month;
        }
}

TEST(Time, KnowsTheWarsDoubleSummerAndTheYearsWithoutWinterTime) {
    EXPECT_EQ(iso(t("1900-01-01T00:00:00Z")), "1900-01-01T00:00:00+00:00");
    EXPECT_EQ(iso(t("1916-05-21T02:00:00Z")), "1916-05-21T03:00:00+01:00");  // the first summer time
    EXPECT_EQ(iso(t("1941-07-01T12:00:00Z")), "1941-07-01T14:00:00+02:00");
    EXPECT_EQ(iso(t("1947-06-01T12:00:00Z")), "1947-06-01T14:00:00+02:00");
    EXPECT_EQ(iso(t("1970-01-01T00:00:00Z")), "1970-01-01T01:00:00+01:00");
    EXPECT_EQ(iso(t("1971-11-01T00:00:00Z")), "1971-11-01T00:00:00+00:00");
}

TEST(Time, ThatNeverHappensIsTheMomentOfTheChange) {
    for (auto* text : {"2018-03-25T01:00", "2018-03-25T01:30", "2018-03-25T01:59:59.999"})
        EXPECT_EQ(iso(t(text)), "2018-03-25T02:00:00+01:00") << text;
    EXPECT_EQ(london_time(d("2018-03-25"), 90min), t("2018-03-25T01:00:00Z"));
}

TEST(Time, ThatHappensTwiceIsItsFirst) {
    EXPECT_EQ(iso(t("2018-10-28T01:30")), "2018-10-28T01:30:00+01:00");
    EXPECT_EQ(london_time(d("2018-10-28"), 90min), t("2018-10-28T00:30:00Z"));
    EXPECT_EQ(iso(t("2018-10-28T01:30:00+00:00")), "2018-10-28T01:30:00+00:00");  // the second can be said
}

TEST(Time, BelongsToTheLondonDay) {
    EXPECT_EQ(london_day(t("2018-06-30T23:00:00Z")), d("2018-07-01"));
    EXPECT_EQ(london_day(t("2018-06-30T22:59:59.999Z")), d("2018-06-30"));
    EXPECT_EQ(london_day(t("2018-12-31T23:59:59.999Z")), d("2018-12-31"));
    EXPECT_EQ(london_day(t("1965-06-30T23:00:00Z")), d("1965-07-01"));
}

TEST(Time, DaysAreTwentyThreeToTwentyFiveHoursLong) {
    auto length = [](const char* day) {
        return london_time(d(day) + std::chrono::days{1}, 0h) - london_time(d(day), 0h);
    };
    EXPECT_EQ(length("2018-03-25"), 23h);
    EXPECT_EQ(length("2018-10-28"), 25h);
    EXPECT_EQ(length("2018-05-24"), 24h);
}

TEST(Time, IsReadInEveryFormThatIsPromised) {
    auto want = t("2018-05-24T13:00:00Z");
    for (auto* text : {"2018-05-24T14:00:00+01:00", "2018-05-24T13:00:00z", "2018-05-24 14:00", "2018-05-24T14:00",
                       "2018-05-24T14:00:00", "2018-05-24T14:00:00.000", "2018-05-24T15:30+02:30",
                       "2018-05-24T08:00:00-05:00", "2018-05-25T03:00:00+14:00"})
        EXPECT_EQ(parse_time(text), want) << text;
}

TEST(Time, IsRefusedInEveryOther) {
    for (auto* text : {"",
                       "2018-05-24",
                       "2018-5-24T14:00",
                       "2018-05-24T14",
                       "2018-05-24T1:00",
                       "2018-05-24T24:00",
                       "2018-05-24T14:60",
                       "2018-05-24T14:00:60",
                       "2018-05-24T14:00:00.5",
                       "2018-05-24T14:00:00.1234",
                       "2018-05-24T14:00:00+1:00",
                       "2018-05-24T14:00:00+0100",
                       "2018-05-24T14:00:00+15:00",
                       "2018-05-24T14:00:00+01:60",
                       "2018-05-24T14:00:00 Z",
                       "2018-05-24T14:00:00Zx",
                       "2018-05-24T14:00:00+01:00 ",
                       " 2018-05-24T14:00",
                       "2018-05-24t14:00",
                       "2018-05-24T14:00:",
                       "2018-02-29T10:00",
                       "2018-13-01T10:00",
                       "2018-00-10T10:00",
                       "2018-06-31T10:00",
                       "-018-05-24T14:00",
                       "2018-05-24T14:00:00UTC"})
        EXPECT_EQ(parse_time(text), std::nullopt) << text;
}

TEST(Day, IsReadAsItIsWrittenAndNotOtherwise) {
    EXPECT_EQ(iso(d("2020-02-29")), "2020-02-29");
    for (auto* text : {"", "2019-02-29", "2018-6-22", "22-06-2018", "2018/06/22", "2018-06-22 ", "2018-06-2",
                       "2018-06-221", "2018-06-00", "20l8-06-22"})
        EXPECT_EQ(parse_day(text), std::nullopt) << text;
}

TEST(Time, IsReadable) {
    EXPECT_EQ(readable(t("2018-05-24T14:00")), "Thu 24 May 2018 14:00");
    EXPECT_EQ(readable(d("2018-06-01")), "Fri 1 Jun 2018");
}

RC_GTEST_PROP(Time, ComesBackFromItsText, ()) {
    // 1900 to 2199, where London's offset has no seconds.
    auto time = time_of(*rc::gen::inRange<int64_t>(-2'200'000'000'000, 7'200'000'000'000));
    RC_ASSERT(parse_time(iso(time)) == time);
    RC_ASSERT(parse_day(iso(london_day(time))) == london_day(time));
    RC_ASSERT(london_time(london_day(time), 0h) <= time);
    RC_ASSERT(time < london_time(london_day(time) + std::chrono::days{1}, 0h));
}

RC_GTEST_PROP(Time, ParsersTakeNoRubbish, (const std::string& text)) {
    RC_ASSERT((!parse_time(text) || text.size() >= 16));
    RC_ASSERT((!parse_day(text) || text.size() == 10));
}

TEST(Time, IsPlausibleBetween1900And2200) {
    EXPECT_TRUE(is_plausible(t("1900-01-01T00:00:00Z")));
    EXPECT_FALSE(is_plausible(t("1899-12-31T23:59:59Z")));
    EXPECT_TRUE(is_plausible(d("2200-01-01")));
    EXPECT_FALSE(is_plausible(d("2200-01-02")));
    EXPECT_FALSE(is_plausible(time_of(std::numeric_limits<int64_t>::max())));
    EXPECT_FALSE(is_plausible(time_of(std::numeric_limits<int64_t>::min())));
}

}  // namespace
