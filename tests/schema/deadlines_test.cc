// Deadlines: the worked examples of the practice, the edges of every unit, and the calendar's own edges.
#include "schema/deadlines.h"

#include <capnp/message.h>
#include <gtest/gtest.h>

#include <functional>

#include "schema/packs/bex_2018.capnp.h"
#include "schema/packs/england_and_wales.capnp.h"
#include "schema/packs/war_2018.capnp.h"
#include "schema/practice_book.h"
#include "schema/working_days.h"

namespace {

using namespace schema;

Time t(const char* text) { return parse_time(text).value(); }
Day d(const char* text) { return parse_day(text).value(); }

const WorkingDays& calendar() {
    static const WorkingDays days(*packs::ENGLAND_AND_WALES);
    return days;
}
const Day known = Day{std::chrono::local_days{std::chrono::year{2028} / 1 / 1}};

Reading::Reader reading(Practice::Reader practice, const char* rule, const char* id) {
    for (auto each : practice.getRules())
        if (text_of(each.getId()) == rule)
            for (auto of : each.getReadings())
                if (text_of(of.getId()) == id) return of;
    ADD_FAILURE() << "no reading " << rule << " " << id;
    return {};
}
Reading::Reader bex(const char* rule, const char* id) { return reading(*packs::BEX2018, rule, id); }

Time due(Reading::Reader of, const char* start, uint32_t multiple = 1) {
    auto found = deadline(of, t(start), calendar(), known, multiple);
    EXPECT_TRUE(found && found->due) << start;
    return found && found->due ? *found->due : Time{};
}
// The end of a day is the first moment of the next: done at exactly this is met.
Time end(const char* day) { return london_time(d(day) + std::chrono::days{1}, std::chrono::hours{0}); }

TEST(Deadline, V01AllocationHasFourClocks) {
    EXPECT_EQ(due(bex("T04", "A-72h"), "2018-05-24T14:00"), t("2018-05-27T14:00"));
    EXPECT_EQ(due(bex("T04", "A-3wd"), "2018-05-24T14:00"), end("2018-05-30"));
    EXPECT_EQ(due(bex("T04", "B-72h"), "2018-05-24T10:00"), t("2018-05-27T10:00"));
    EXPECT_EQ(due(bex("T04", "B-3wd"), "2018-05-24T10:00"), end("2018-05-30"));
}

TEST(Deadline, V02FrontDoorOverAWeekend) {
    EXPECT_EQ(due(bex("T01", "A-24h"), "2018-06-01T16:30"), t("2018-06-02T16:30"));
    EXPECT_EQ(t("2018-06-04T09:30") - due(bex("T01", "A-24h"), "2018-06-01T16:30"), std::chrono::hours{41});
}

TEST(Deadline, V04AssessmentInTwentyWorkingDays) {
    EXPECT_EQ(due(bex("T07", "A-20wd"), "2018-05-24T11:00"), end("2018-06-22"));
}

TEST(Deadline, V05IntroductoryVisit) {
    EXPECT_EQ(due(bex("T06", "A-5d"), "2018-05-29T10:00"), end("2018-06-03"));
    EXPECT_EQ(due(bex("T06", "A-5wd"), "2018-05-29T10:00"), end("2018-06-05"));
    EXPECT_EQ(due(bex("T06", "B-5wd"), "2018-05-24T10:00"), end("2018-06-01"));
    EXPECT_EQ(*deadline_on(d("2018-06-08"), bex("T06", "A-5d")).due, end("2018-06-08"));
}

TEST(Deadline, V07VisitRecordedAndNextVisit) {
    EXPECT_EQ(due(bex("T10", "A-72h"), "2018-08-24T16:00"), t("2018-08-27T16:00"));
    EXPECT_EQ(due(bex("T10", "A-3wd"), "2018-08-24T16:00"), end("2018-08-30"));
    EXPECT_EQ(due(bex("T09", "A-4w"), "2018-08-24T16:00"), end("2018-09-21"));
    EXPECT_EQ(due(bex("T09", "A-20wd"), "2018-08-24T16:00"), end("2018-09-24"));
}

TEST(Deadline, V08ChristmasGap) {
    EXPECT_EQ(due(bex("T09", "A-4w"), "2018-12-10T11:00"), end("2019-01-07"));
    EXPECT_EQ(due(bex("T09", "A-20wd"), "2018-12-10T11:00"), end("2019-01-10"));
}

TEST(Deadline, V09ReviewsRollingAndOnAFixedGrid) {
    EXPECT_EQ(due(bex("T16", "A-5wd"), "2018-06-26T10:00"), end("2018-07-03"));
    EXPECT_EQ(due(bex("T12", "A-6w"), "2018-06-26T10:00"), end("2018-08-07"));
    EXPECT_EQ(due(bex("T14", "A-3mo"), "2018-05-29T10:00"), end("2018-08-29"));
    EXPECT_EQ(due(bex("T12", "A-6w"), "2018-08-09T10:00"), end("2018-09-20"));
    EXPECT_EQ(due(bex("T12", "A-6w-fixed"), "2018-06-26T10:00", 2), end("2018-09-18"));
}

// ---- readings that no shipped practice has ----

struct Made {
    capnp::MallocMessageBuilder message;
    Reading::Builder it = message.initRoot<Reading>();
    Made(Unit unit, uint32_t limit) { it.setUnit(unit), it.setLimit(limit); }
    std::optional<Deadline> from(const char* start, const WorkingDays& days = calendar()) {
        return deadline(it.asReader(), t(start), days, known);
    }
    Time due(const char* start) {
        auto found = from(start);
        EXPECT_TRUE(found && found->due);
        return found && found->due ? *found->due : Time{};
    }
};

TEST(Deadline, V14TwentyFiveDaysAndTwentyFiveWorkingDays) {
    EXPECT_EQ(Made(Unit::DAYS, 25).due("2022-12-05T09:00"), end("2022-12-30"));
    EXPECT_EQ(Made(Unit::WORKING_DAYS, 25).due("2022-12-05T09:00"), end("2023-01-12"));
}

TEST(Deadline, V16ReviewWindowOpensAndEnds) {
    Reading::Reader window;
    for (auto rule : packs::WAR2018->getRules())
        for (auto each : rule.getReadings())
            if (each.getOpens() == 28) window = each;
    auto found = deadline(window, t("2018-07-02T10:00"), calendar(), known).value();
    EXPECT_EQ(*found.opens, t("2018-07-30T00:00"));
    EXPECT_EQ(*found.due, end("2018-08-13"));
    EXPECT_LT(t("2018-07-26T10:00"), *found.opens);
    found = deadline(window, t("2018-07-26T10:00"), calendar(), known).value();
    EXPECT_EQ(*found.opens, t("2018-08-23T00:00"));
    EXPECT_EQ(*found.due, end("2018-09-06"));
}

TEST(Deadline, MonthsAreClampedToTheMonthsEnd) {
    EXPECT_EQ(Made(Unit::MONTHS, 1).due("2018-01-31T10:00"), end("2018-02-28"));
    EXPECT_EQ(Made(Unit::MONTHS, 1).due("2020-01-31T10:00"), end("2020-02-29"));
    EXPECT_EQ(Made(Unit::MONTHS, 3).due("2018-11-30T10:00"), end("2019-02-28"));
    EXPECT_EQ(Made(Unit::MONTHS, 6).due("2018-08-31T10:00"), end("2019-02-28"));
    EXPECT_EQ(Made(Unit::MONTHS, 12).due("2020-02-29T10:00"), end("2021-02-28"));
    EXPECT_EQ(Made(Unit::MONTHS, 1).due("2018-02-28T10:00"), end("2018-03-28"));
}

TEST(Deadline, DayZeroIsTheLondonDayOfTheStart) {
    EXPECT_EQ(Made(Unit::DAYS, 1).due("2018-06-30T23:30:00Z"), end("2018-07-02"));  // 00:30 on 1 July in London
    EXPECT_EQ(Made(Unit::DAYS, 1).due("2018-06-30T22:30:00Z"), end("2018-07-01"));
    EXPECT_EQ(Made(Unit::DAYS, 0).due("2018-06-30T10:00"), end("2018-06-30"));
}

TEST(Deadline, HoursAreElapsedAlsoWhenTheClocksChange) {
    EXPECT_EQ(Made(Unit::HOURS, 24).due("2018-03-24T12:00"), t("2018-03-25T13:00"));
    EXPECT_EQ(Made(Unit::HOURS, 24).due("2018-10-27T12:00"), t("2018-10-28T11:00"));
    EXPECT_EQ(Made(Unit::DAYS, 1).due("2018-03-24T12:00"), end("2018-03-25"));
}

TEST(Deadline, HoursHaveAnEarliestMomentToo) {
    Made reading(Unit::HOURS, 48);
    reading.it.setOpens(24);
    EXPECT_EQ(*reading.from("2018-06-01T12:00")->opens, t("2018-06-02T12:00"));
}

TEST(Deadline, CloseOfBusinessIsFiveInTheAfternoon) {
    Made reading(Unit::DAYS, 1);
    reading.it.setDayEnd(DayEnd::CLOSE_OF_BUSINESS);
    EXPECT_EQ(reading.due("2018-06-01T12:00"), t("2018-06-02T17:00"));
}

TEST(Deadline, RollsOffDaysThatAreNotWorkedEitherWay) {
    Made reading(Unit::DAYS, 2);
    reading.it.setRoll(Roll::FOLLOWING);
    EXPECT_EQ(reading.due("2018-05-24T12:00"), end("2018-05-29"));  // Sat 26 May; Mon 28 is a holiday
    reading.it.setRoll(Roll::PRECEDING);
    EXPECT_EQ(reading.due("2018-05-24T12:00"), end("2018-05-25"));
    EXPECT_EQ(reading.due("2018-05-22T12:00"), end("2018-05-24"));
}

TEST(Deadline, IsNothingWhereTheCalendarDoesNotReach) {
    EXPECT_FALSE(Made(Unit::WORKING_DAYS, 3).from("2018-05-24T12:00", WorkingDays()));
    EXPECT_FALSE(Made(Unit::WORKING_DAYS, 100'000).from("2018-05-24T12:00"));
    EXPECT_FALSE(Made(Unit::WORKING_DAYS, 1).from("1999-05-24T12:00"));
    EXPECT_TRUE(Made(Unit::DAYS, 3).from("1999-05-24T12:00"));
    Made rolling(Unit::DAYS, 3);
    rolling.it.setRoll(Roll::FOLLOWING);
    EXPECT_FALSE(rolling.from("1999-05-24T12:00")) << "what is not known to be a working day is none to roll to";
}

TEST(Deadline, WithoutANumberHasNoLimitButSaysSo) {
    auto found = Made(Unit::NONE, 0).from("2018-05-24T12:00").value();
    EXPECT_FALSE(found.due);
    EXPECT_FALSE(found.working.empty());
}

TEST(Deadline, ShowsItsWorking) {
    EXPECT_EQ(Made(Unit::WORKING_DAYS, 3).from("2018-05-24T14:00")->working,
              "3 working days after Thu 24 May 2018, to the end of Wed 30 May 2018");
    EXPECT_EQ(Made(Unit::HOURS, 1).from("2018-05-24T14:00")->working,
              "1 hour elapsed after Thu 24 May 2018 14:00, to Thu 24 May 2018 15:00");
}

// ---- working days ----

TEST(WorkingDays, LeaveOutWeekendsAndHolidays) {
    for (auto* day : {"2018-05-26", "2018-05-27", "2018-05-28", "2018-12-25", "2018-12-26", "2019-01-01", "2022-09-19"})
        EXPECT_FALSE(calendar().is_working(d(day), known)) << day;
    for (auto* day : {"2018-05-25", "2018-05-29", "2018-12-24", "2018-12-27"})
        EXPECT_TRUE(calendar().is_working(d(day), known)) << day;
}

TEST(WorkingDays, KnowAHolidayOnlyFromTheDayItWasProclaimed) {
    // The state funeral of 19 September 2022 was proclaimed on the 10th.
    EXPECT_TRUE(calendar().is_working(d("2022-09-19"), d("2022-09-09")));
    EXPECT_FALSE(calendar().is_working(d("2022-09-19"), d("2022-09-10")));
    EXPECT_EQ(calendar().after(d("2022-09-14"), 3, d("2022-09-01")), d("2022-09-19"));
    EXPECT_EQ(calendar().after(d("2022-09-14"), 3, d("2022-09-14")), d("2022-09-20"));
}

TEST(WorkingDays, CountFromTheDayAfter) {
    EXPECT_EQ(calendar().after(d("2018-05-25"), 0, known), d("2018-05-25"));
    EXPECT_EQ(calendar().after(d("2018-05-26"), 1, known), d("2018-05-29"));
    EXPECT_EQ(calendar().after(d("2018-05-25"), 1, known), d("2018-05-29"));
}

// ---- which practice was in force ----

EventMessage practice_event(Fact::Which which, const std::function<void(Fact::Builder)>& fill) {
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<Event>();
    (void)which;
    fill(event.initFact());
    return EventMessage::decode(as_bytes(canonical_bytes(event.asReader())), practice_event_limit).value();
}
EventMessage adopted(const char* id, const char* from, const char* until) {
    return practice_event(Fact::PRACTICE_ADOPTED, [&](Fact::Builder fact) {
        auto practice = fact.initPracticeAdopted();
        practice.setId(id);
        practice.setFrom(number(d(from)));
        if (until) practice.setUntil(number(d(until)));
        auto rule = practice.initRules(1)[0];
        rule.setId("T1");
        rule.setAdopted("A");
    });
}

TEST(PracticeBook, BindsPastItsLastDayButIsInEvidenceOnlyUntilThen) {
    PracticeBook book;
    book.apply(adopted("ONE", "2018-05-22", "2019-05-21"), 1, t("2018-05-22T09:00"));
    EXPECT_EQ(book.binding(d("2018-05-21")), nullptr);
    EXPECT_TRUE(book.binding(d("2018-05-22")));
    EXPECT_TRUE(book.in_evidence(d("2019-05-21")));
    EXPECT_TRUE(book.binding(d("2020-03-02")));
    EXPECT_EQ(book.in_evidence(d("2020-03-02")), nullptr);
    book.apply(adopted("TWO", "2020-01-01", nullptr), 2, t("2020-02-01T09:00"));
    EXPECT_EQ(text_of(book.in_evidence(d("2020-03-02"))->practice().getId()), "TWO");
    EXPECT_EQ(text_of(book.binding(d("2019-12-31"))->practice().getId()), "ONE");
    EXPECT_TRUE(book.in_evidence(d("2199-01-01")));
}

TEST(PracticeBook, V15AnExtensionCountsFromWhenItWasRecordedAndTheEarlierAnswerStays) {
    PracticeBook book;
    book.apply(adopted("BEX", "2018-05-22", "2019-05-21"), 1, t("2018-05-22T09:00"));
    book.apply(practice_event(Fact::PRACTICE_EXTENDED,
                              [](Fact::Builder fact) {
                                  auto extended = fact.initPracticeExtended();
                                  extended.setPractice("BEX");
                                  extended.setUntil(number(d("2022-09-20")));
                              }),
               2, t("2020-06-01T09:00"));
    EXPECT_TRUE(book.in_evidence(d("2020-03-02")));
    EXPECT_EQ(book.as_at(t("2020-05-31T09:00")).in_evidence(d("2020-03-02")), nullptr);
    EXPECT_TRUE(book.as_at(t("2020-06-01T09:00")).in_evidence(d("2020-03-02")));
    EXPECT_EQ(book.as_at(t("2018-05-22T08:59")).editions().size(), 0u);
    EXPECT_EQ(book.in_evidence(d("2020-03-02"))->extensions.size(), 1u);
}

TEST(PracticeBook, AReadingIsAdoptedFromADayOnAndAsAtATime) {
    PracticeBook book;
    book.apply(adopted("BEX", "2018-05-22", nullptr), 1, t("2018-05-22T09:00"));
    auto adopt = [&](const char* which, const char* from, const char* recorded) {
        book.apply(practice_event(Fact::READING_ADOPTED,
                                  [&](Fact::Builder fact) {
                                      auto reading = fact.initReadingAdopted();
                                      reading.setPractice("BEX");
                                      reading.setRule("T1");
                                      reading.setReading(which);
                                      reading.setFrom(number(d(from)));
                                  }),
                   2, t(recorded));
    };
    adopt("B", "2018-07-01", "2018-06-20T09:00");
    adopt("C", "2018-06-25", "2018-08-01T09:00");
    auto* edition = book.edition("BEX");
    EXPECT_EQ(edition->adopted_reading("T1", d("2018-06-24")), "A");
    EXPECT_EQ(edition->adopted_reading("T1", d("2018-06-30")), "C");
    EXPECT_EQ(edition->adopted_reading("T1", d("2018-07-02")), "C");  // signed last
    EXPECT_EQ(edition->adopted_reading("T9", d("2018-07-02")), "");
    auto then = book.as_at(t("2018-07-15T09:00"));
    EXPECT_EQ(then.edition("BEX")->adopted_reading("T1", d("2018-07-02")), "B");
    EXPECT_EQ(then.edition("BEX")->adopted_reading("T1", d("2018-06-30")), "A");
}

TEST(PracticeBook, CopiesShareNothingThatLaterChanges) {
    PracticeBook book;
    book.apply(adopted("BEX", "2018-05-22", "2019-05-21"), 1, t("2018-05-22T09:00"));
    auto snapshot = book;
    book.apply(practice_event(Fact::PRACTICE_EXTENDED,
                              [](Fact::Builder fact) {
                                  auto extended = fact.initPracticeExtended();
                                  extended.setPractice("BEX");
                                  extended.setUntil(number(d("2022-09-20")));
                              }),
               2, t("2020-06-01T09:00"));
    EXPECT_EQ(snapshot.in_evidence(d("2020-03-02")), nullptr);
    EXPECT_TRUE(book.in_evidence(d("2020-03-02")));
}

TEST(PracticeBook, FindsCodesAndTitlesByName) {
    EXPECT_TRUE(has_code(*packs::BEX2018, "factor", "early-neglect"));
    EXPECT_FALSE(has_code(*packs::BEX2018, "factor", "no-such"));
    EXPECT_FALSE(has_code(*packs::BEX2018, "no-such", "early-neglect"));
    EXPECT_EQ(title_of_code(*packs::BEX2018, "locality", "north"), "North");
    EXPECT_EQ(title_of_code(*packs::BEX2018, "locality", "east"), "east");
    EXPECT_EQ(title_of_role(*packs::BEX2018, "duty-manager"), "Family Wellbeing duty manager");
}

TEST(RetentionSchedule, NeedsTheLastClassOfWhichSomethingIsInTheCase) {
    capnp::MallocMessageBuilder message;
    auto schedule = message.initRoot<RetentionSchedule>();
    auto classes = schedule.initClasses(3);
    classes[0].setCode("early-help");
    classes[1].setCode("child-in-need");
    auto steps = classes[1].initAppliesTo(1);
    steps[0].initEvents(1).set(0, "escalationDecided");
    steps[0].initKinds(1).set(0, "childInNeed");
    classes[2].setCode("transferred");
    classes[2].initAppliesTo(1)[0].initEvents(1).set(0, "handoverHeld");
    auto needed = [&](std::vector<InCase> in_case) {
        return std::string(text_of(class_needed(schedule, in_case)->getCode()));
    };

    EXPECT_EQ(needed({}), "early-help") << "without selectors a class is of every case";
    EXPECT_EQ(needed({{"escalationDecided", "noReferral"}}), "early-help");
    EXPECT_EQ(needed({{"escalationDecided", "noReferral"}, {"escalationDecided", "childInNeed"}}), "child-in-need");
    EXPECT_EQ(needed({{"handoverHeld", ""}, {"escalationDecided", "childInNeed"}}), "transferred");
    classes[0].initAppliesTo(1)[0].initEvents(1).set(0, "contactReceived");
    EXPECT_FALSE(class_needed(schedule, std::vector<InCase>{}));
}

}  // namespace
