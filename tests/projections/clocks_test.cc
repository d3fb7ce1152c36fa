// The clocks of the acceptance scenarios, with the due times worked out by hand there, through the real store.
#include "projections/fixture.h"

namespace projections::test {
namespace {

class BexleyClocks : public testing::Test {
  protected:
    BexleyClocks() { book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get()); }
    Book book;

    json::object of(const EventId& episode) { return {{"episode", episode.hex()}}; }
    EventId visit(const std::string& when, const EventId& episode, How how = {}) {
        return book.say(when, "kit", "family-key-worker",
                        {{"visitHeld", {{"episode", episode.hex()}, {"mode", "face-to-face"}, {"place", "home"}}}},
                        how);
    }
};

TEST_F(BexleyClocks, AllocationKeepsFourReadingsFromTwoStarts) {  // V01
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-29 10:00", episode, "kit");
    auto clock = book.clock("T04");
    EXPECT_EQ(verdict(clock), "met-some");
    EXPECT_EQ(due(clock, "A-72h"), "2018-05-27T14:00:00+01:00 missed");
    EXPECT_EQ(due(clock, "A-3wd"), "2018-05-31T00:00:00+01:00 met");
    EXPECT_EQ(due(clock, "B-72h"), "2018-05-27T10:00:00+01:00 missed");
    EXPECT_EQ(due(clock, "B-3wd"), "2018-05-31T00:00:00+01:00 met");
    EXPECT_EQ(clock.at("met"), json::value({"A-3wd", "B-3wd"}));
    EXPECT_EQ(reading(clock, "A-72h").at("source"), "S1:205");
    EXPECT_EQ(reading(clock, "A-72h").at("bySeconds"), 44 * 3600);
    EXPECT_EQ(reading(clock, "A-72h").at("by"), "44 h 0 min") << "hours are told in hours";
    EXPECT_TRUE(clock.at("worker").is_null()) << "nobody held it while it was waiting";
    EXPECT_EQ(clock.at("team"), "north");
    EXPECT_TRUE(book.clock("T04", 2).is_null());
    EXPECT_EQ(verdict(book.clock("T04", 1, at("2018-05-25 12:00"))), "open");
}

TEST_F(BexleyClocks, FrontDoorDecisionRunsOverTheWeekend) {  // V02
    auto contact = book.say(
        "2018-06-01 16:30", "mo", "mash-practitioner",
        {{"contactReceived",
          {{"channel", "telephone"}, {"referrer", "school"}, {"children", {child("ada")}}, {"consent", "none"}}}});
    book.say("2018-06-04 09:30", "mo", "mash-practitioner",
             {{"mashDecided", {{"contact", contact.hex()}, {"option", "accept"}}}});
    auto clock = book.clock("T01");
    EXPECT_EQ(verdict(clock), "missed-all");
    EXPECT_EQ(due(clock, "A-24h"), "2018-06-02T16:30:00+01:00 missed");
    EXPECT_EQ(reading(clock, "A-24h").at("bySeconds"), 41 * 3600);
    EXPECT_EQ(clock.at("readings").as_array().size(), 1u);
    EXPECT_EQ(clock.at("soFar"), false);
}

TEST_F(BexleyClocks, IntroductoryVisitHasThreeReadings) {  // V05, no direction
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-29 10:00", episode, "kit");
    book.say("2018-06-04 10:00", "kit", "family-key-worker",
             {{"introductoryVisitHeld", {{"episode", episode.hex()}, {"mode", "face-to-face"}}}});
    auto clock = book.clock("T06");
    EXPECT_EQ(verdict(clock), "met-some");
    EXPECT_EQ(due(clock, "A-5d"), "2018-06-04T00:00:00+01:00 missed");
    EXPECT_EQ(due(clock, "A-5wd"), "2018-06-06T00:00:00+01:00 met");
    EXPECT_EQ(due(clock, "B-5wd"), "2018-06-02T00:00:00+01:00 missed");
    EXPECT_EQ(clock.at("worker"), json::value(person("kit")));
}

TEST_F(BexleyClocks, AManagersDateReplacesTheReadingsThatAllowIt) {  // V05, "(a) by 8 June"
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-29 10:00", episode, "kit", Book::family(), {{"visitBy", "2018-06-08"}});
    book.say("2018-06-07 10:00", "kit", "family-key-worker",
             {{"introductoryVisitHeld", {{"episode", episode.hex()}, {"mode", "face-to-face"}}}});
    auto clock = book.clock("T06");
    EXPECT_EQ(due(clock, "A-5d"), "2018-06-09T00:00:00+01:00 met");
    EXPECT_EQ(due(clock, "A-5wd"), "2018-06-09T00:00:00+01:00 met");
    EXPECT_EQ(due(clock, "B-5wd"), "2018-06-02T00:00:00+01:00 missed");
    EXPECT_EQ(verdict(clock), "met-some");
}

TEST_F(BexleyClocks, AVisitIsRecordedInTimeAndStartsTheNext) {  // V07
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-29 10:00", episode, "kit");
    book.say("2018-07-30 10:00", "kit", "family-key-worker",
             {{"planningMeetingHeld", {{"episode", episode.hex()}, {"attendees", 4}, {"minutes", 90}}}});
    auto held = visit("2018-08-24 16:00", episode);
    book.say("2018-08-29 11:00", "kit", "family-key-worker",
             {{"visitRecorded", {{"visit", held.hex()}, {"scaling", 5}}}});
    auto recorded = book.clock("T10");
    EXPECT_EQ(verdict(recorded), "met-some");
    EXPECT_EQ(due(recorded, "A-72h"), "2018-08-27T16:00:00+01:00 missed");
    EXPECT_EQ(due(recorded, "A-3wd"), "2018-08-31T00:00:00+01:00 met");
    auto next = book.clock("T09", 2);
    EXPECT_EQ(verdict(next), "open");
    EXPECT_EQ(due(next, "A-4w"), "2018-09-22T00:00:00+01:00 open");
    EXPECT_EQ(due(next, "A-20wd"), "2018-09-25T00:00:00+01:00 open");
}

TEST_F(BexleyClocks, ChristmasSetsWeeksAndWorkingDaysApart) {  // V08
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.say("2018-12-01 10:00", "kit", "family-key-worker",
             {{"planningMeetingHeld", {{"episode", episode.hex()}, {"attendees", 4}, {"minutes", 90}}}});
    visit("2018-12-10 10:00", episode);
    visit("2019-01-09 10:00", episode);
    auto clock = book.clock("T09", 2);
    EXPECT_EQ(verdict(clock), "met-some");
    EXPECT_EQ(due(clock, "A-4w"), "2019-01-08T00:00:00+00:00 missed");
    EXPECT_EQ(reading(clock, "A-4w").at("by"), "2 d") << "days in days";
    EXPECT_EQ(reading(clock, "A-4w").at("bySeconds"), 34 * 3600);
    EXPECT_EQ(due(clock, "A-20wd"), "2019-01-11T00:00:00+00:00 met");
}

TEST_F(BexleyClocks, ReviewsRollAndTheFixedGridIsShownBeside) {  // V09
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-29 10:00", episode, "kit");
    auto meeting =
        book.say("2018-06-26 10:00", "kit", "family-key-worker",
                 {{"planningMeetingHeld", {{"episode", episode.hex()}, {"attendees", 6}, {"minutes", 100}}}});
    book.say("2018-06-26 12:00", "kit", "family-key-worker",
             {{"planAgreed",
               {{"episode", episode.hex()},
                {"child", child("adaash")},
                {"plan", "wellbeing-plan"},
                {"visitEveryDays", 14}}}});
    EXPECT_EQ(due(book.clock("T16"), "A-5wd"), "2018-07-04T00:00:00+01:00 open");
    EXPECT_EQ(due(book.clock("T12"), "A-6w"), "2018-08-08T00:00:00+01:00 open");
    EXPECT_EQ(due(book.clock("T14"), "A-3mo"), "2018-08-30T00:00:00+01:00 open");
    book.say("2018-08-09 10:00", "kit", "family-key-worker",
             {{"reviewMeetingHeld", {{"episode", episode.hex()}, {"review", "formal"}, {"progress", "measurable"}}}});
    auto first = book.clock("T12"), next = book.clock("T12", 2);
    EXPECT_EQ(verdict(first), "missed-all");
    EXPECT_EQ(due(first, "A-6w"), "2018-08-08T00:00:00+01:00 missed");
    EXPECT_EQ(due(first, "A-6w-fixed"), "2018-08-08T00:00:00+01:00 missed");
    EXPECT_EQ(due(next, "A-6w"), "2018-09-21T00:00:00+01:00 open");
    EXPECT_EQ(due(next, "A-6w-fixed"), "2018-09-19T00:00:00+01:00 open");
    EXPECT_EQ(reading(next, "A-6w-fixed").at("trigger").at("id"), json::value(meeting.hex()));
}

TEST_F(BexleyClocks, ExactlyOnTheDeadlineIsMet) {  // C8
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 14:00", "2018-05-24 14:00");
    book.allocate("2018-05-27 14:00", episode, "kit");
    EXPECT_EQ(verdict(book.clock("T04")), "met-all");
}

TEST_F(BexleyClocks, HoursAreElapsedAndDaysAreLondonDaysAcrossTheClockChange) {
    // Clocks go back on Sunday 28 October 2018 and forward on Sunday 31 March 2019.
    auto episode = book.episode("2018-10-26 12:00", "2018-10-26 12:00", "2018-10-26 12:00");
    auto autumn = book.clock("T04");
    EXPECT_EQ(reading(autumn, "A-72h").at("due"), "2018-10-29T11:00:00+00:00");
    EXPECT_EQ(reading(autumn, "A-3wd").at("due"), "2018-11-01T00:00:00+00:00");
    book.allocate("2018-10-29 11:30", episode, "kit");
    EXPECT_EQ(reading(book.clock("T04"), "A-72h").at("bySeconds"), 30 * 60);

    book.episode("2019-03-29 12:00", "2019-03-29 12:00", "2019-03-29 12:00", Book::family("elm"));
    auto spring = book.clock("T04", 1, {}, Book::family("elm"));
    EXPECT_EQ(reading(spring, "A-72h").at("due"), "2019-04-01T13:00:00+01:00");
    EXPECT_EQ(reading(spring, "A-3wd").at("due"), "2019-04-04T00:00:00+01:00");
}

TEST_F(BexleyClocks, WhatWasEnteredInErrorNeitherStartsNorEndsAClock) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    auto wrong = book.allocate("2018-05-25 10:00", episode, "kit");
    EXPECT_EQ(verdict(book.clock("T04")), "met-all");
    book.say("2018-05-29 10:00", "dee", "duty-manager",
             {{"correctionRecorded", {{"corrects", wrong.hex()}, {"kind", "enteredInError"}}}});
    EXPECT_EQ(verdict(book.clock("T04")), "open");
    EXPECT_TRUE(book.clock("T06").at("trigger").is_object()) << "the referral's reading runs on";
    EXPECT_EQ(book.clock("T06").at("readings").as_array().size(), 1u);
    EXPECT_EQ(verdict(book.clock("T04", 1, at("2018-05-29 09:59"))), "met-all") << "as it was known before";
}

TEST_F(BexleyClocks, ACorrectedTimeCountsFromWhenItWasKnown) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    auto allocated = book.allocate("2018-05-29 10:00", episode, "kit");
    book.say("2018-06-01 10:00", "dee", "duty-manager",
             {{"correctionRecorded",
               {{"corrects", allocated.hex()}, {"kind", "occurred"}, {"occurred", "2018-05-25T10:00:00+01:00"}}}});
    EXPECT_EQ(verdict(book.clock("T04")), "met-all");
    EXPECT_EQ(verdict(book.clock("T04", 1, at("2018-05-31 10:00"))), "met-some");
}

TEST_F(BexleyClocks, AClockThatIsNoLongerWantedIsStopped) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-25 10:00", episode, "kit");
    book.say("2018-05-28 10:00", "tess", "team-manager",
             {{"caseClosed", {{"episode", episode.hex()}, {"reason", "not-wanted"}, {"outcome", "not-known"}}}});
    auto assessment = book.clock("T07");
    EXPECT_EQ(verdict(assessment), "stopped");
    EXPECT_EQ(due(assessment, "A-20wd"), "2018-06-23T00:00:00+01:00 stopped");
}

TEST_F(BexleyClocks, ImmediatelyIsShownAndNeverPassedOrFailed) {  // V11
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    auto alert = book.say("2018-07-04 15:10", "kit", "family-key-worker", {{"managerAlerted", of(episode)}});
    book.say(
        "2018-07-04 15:40", "tess", "team-manager",
        {{"escalationDecided", {{"alert", alert.hex()}, {"outcome", "significantHarm"}, {"discussedWith", "mash"}}}});
    auto clock = book.clock("T21");
    EXPECT_EQ(verdict(clock), "monitored");
    EXPECT_EQ(clock.at("elapsedSeconds"), 30 * 60);
    EXPECT_EQ(reading(clock, "A-alert").at("result"), "shown");
    EXPECT_EQ(book.case_now().at("alerts").at(0).at("alertToDecision"), "30 min");
}

TEST_F(BexleyClocks, ADayWithoutAnHourCountsFromTheSameDayOn) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    How how;
    how.recorded = "2018-05-24 18:00";
    how.precision = "day";
    book.allocate("2018-05-24 00:00", episode, "kit", Book::family(), {}, how);
    EXPECT_EQ(verdict(book.clock("T04")), "met-all");
}

TEST_F(BexleyClocks, ADayWithoutAnHourIsComparedByTheDay) {  // C3, C8
    How how;
    how.precision = "day";
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-30 00:00", episode, "kit", Book::family(), {}, how);
    EXPECT_EQ(due(book.clock("T04"), "A-3wd"), "2018-05-31T00:00:00+01:00 met") << "on its last day";
    auto elm = Book::family("elm");
    episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00", elm);
    book.allocate("2018-05-31 00:00", episode, "kit", elm, {}, how);
    auto clock = book.clock("T04", 1, {}, elm);
    EXPECT_EQ(due(clock, "A-3wd"), "2018-05-31T00:00:00+01:00 missed") << "the day after is not its first moment";
    EXPECT_EQ(reading(clock, "A-3wd").at("by"), "1 d");
}

TEST_F(BexleyClocks, HoursFromADayWithoutAnHourEndWithTheirLastDay) {
    How how;
    how.recorded = "2018-06-01 18:00";
    how.precision = "day";
    auto contact = book.say(
        "2018-06-01 00:00", "mo", "mash-practitioner",
        {{"contactReceived",
          {{"channel", "telephone"}, {"referrer", "school"}, {"children", {child("ada")}}, {"consent", "none"}}}},
        how);
    book.say("2018-06-02 20:00", "mo", "mash-practitioner",
             {{"mashDecided", {{"contact", contact.hex()}, {"option", "accept"}}}});
    EXPECT_EQ(due(book.clock("T01"), "A-24h"), "2018-06-03T00:00:00+01:00 met");
    EXPECT_NE(std::string(reading(book.clock("T01"), "A-24h").at("working").as_string()).find("known to the day"),
              std::string::npos);
}

TEST_F(BexleyClocks, ACheckThatIsMadeAgainStopsNothing) {
    auto contact = book.say(
        "2018-05-24 09:00", "mo", "mash-practitioner",
        {{"contactReceived",
          {{"channel", "telephone"}, {"referrer", "school"}, {"children", {child("ada")}}, {"consent", "none"}}}});
    auto then = [&](const std::string& when, const char* type, json::object fields) {
        fields["contact"] = contact.hex();
        book.say(when, "dee", "duty-manager", {{type, std::move(fields)}});
    };
    then("2018-05-24 09:30", "mashDecided", {{"option", "accept"}});
    then("2018-05-24 10:00", "contactRouted", {});
    then("2018-05-24 11:00", "secondCheckRecorded", {{"option", "redirect"}});
    EXPECT_EQ(verdict(book.clock("T04")), "stopped");
    then("2018-05-24 12:00", "secondCheckRecorded", {{"option", "accept"}});
    EXPECT_EQ(verdict(book.clock("T04")), "open");
    EXPECT_EQ(book.case_now().at("contacts").at(0).at("state"), "second-checked");
    then("2018-05-24 13:00", "mashDecided", {{"option", "signpost"}});
    EXPECT_EQ(book.case_now().at("contacts").at(0).at("state"), "signposted") << "the last decision counts";
    EXPECT_EQ(verdict(book.clock("T04")), "stopped");
}

TEST_F(BexleyClocks, ALateEntryIsFoundWhereItHappened) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.say("2018-07-30 10:00", "kit", "family-key-worker",
             {{"planningMeetingHeld", {{"episode", episode.hex()}, {"attendees", 4}, {"minutes", 90}}}});
    visit("2018-09-20 10:00", episode);
    EXPECT_EQ(verdict(book.clock("T09")), "missed-all");
    How how;
    how.recorded = "2018-09-21 10:00";
    visit("2018-08-20 10:00", episode, how);
    EXPECT_EQ(verdict(book.clock("T09")), "met-all");
    EXPECT_EQ(verdict(book.clock("T09", 2)), "missed-all");
}

TEST_F(BexleyClocks, SupervisionIsFollowedByWorkerInTheServicesStream) {
    auto supervise = [&](const std::string& when, const std::string& worker, const std::string& kind) {
        book.record(when, "tess", "team-manager", Book::service(),
                    {{"supervisionHeld", {{"worker", person(worker)}, {"kind", kind}, {"minutes", 90}}}});
    };
    supervise("2018-06-01 10:00", "kit", "individual");
    supervise("2018-06-05 10:00", "pat", "individual");
    supervise("2018-06-29 10:00", "kit", "individual");
    supervise("2018-07-03 10:00", "kit", "group");
    TimelinessFilter filter;
    filter.worker = named<PersonId>("kit");
    filter.rule = "T17";
    auto answer = book.views().timeliness_json(filter);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->at("clocks").as_array().size(), 2u);
    auto& open = answer->at("clocks").at(0);
    EXPECT_EQ(due(open, "A-4w"), "2018-07-28T00:00:00+01:00 open");
    EXPECT_EQ(verdict(answer->at("clocks").at(1)), "met-all");
    EXPECT_EQ(due(answer->at("clocks").at(1), "C-1mo"), "2018-07-02T00:00:00+01:00 met");
    filter.rule = "T18";
    EXPECT_EQ(due(book.views().timeliness_json(filter)->at("clocks").at(0), "A-2w"), "2018-07-18T00:00:00+01:00 open");
}

TEST_F(BexleyClocks, SupervisionIsNoLongerWantedOfAWorkerWhoHasLeft) {
    book.hire("2018-05-21 10:00", "kit", "family-key-worker", "north", 100);
    book.record("2018-06-01 10:00", "tess", "team-manager", Book::service(),
                {{"supervisionHeld", {{"worker", person("kit")}, {"kind", "individual"}, {"minutes", 90}}}});
    book.record(
        "2018-06-10 10:00", "gov", "data-governor", Book::directory(),
        {{"roleEnded",
          {{"person", person("kit")}, {"role", "family-key-worker"}, {"team", "north"}, {"on", "2018-06-15"}}}});
    auto supervision = [&](const std::string& when) {
        TimelinessFilter filter;
        filter.rule = "T17";
        auto answer = *book.views().timeliness_json(filter, at(when));
        return answer.at("clocks").at(0);
    };
    EXPECT_EQ(verdict(supervision("2018-06-14 10:00")), "open") << "still there";
    EXPECT_EQ(verdict(supervision("2018-06-15 10:00")), "stopped");
    auto clock = supervision("2018-09-01 10:00");
    EXPECT_EQ(verdict(clock), "stopped");
    EXPECT_EQ(clock.at("soFar"), false);
    EXPECT_EQ(clock.at("stopped").at("at"), "2018-06-15T00:00:00+01:00");
    EXPECT_TRUE(clock.at("stopped").at("id").is_null());
}

TEST_F(BexleyClocks, WhatFallsDueSoonIsListedNextFirst) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-25 10:00", episode, "kit");
    auto answer = book.views().due_soon_json({});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->at("until"), "2018-06-11");
    std::vector<std::string> rules;
    for (auto& clock : answer->at("due").as_array()) rules.emplace_back(clock.at("rule").as_string());
    EXPECT_EQ(rules, (std::vector<std::string>{"T05", "T06"}));
}

TEST_F(BexleyClocks, AnAdoptedReadingIsNamedInTheVerdict) {
    book.record("2018-05-22 10:00", "gov", "data-governor", Book::practice(),
                {{"readingAdopted",
                  {{"practice", "BEX-2018"}, {"rule", "T04"}, {"reading", "A-3wd"}, {"from", "2018-05-22"}}}});
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-29 10:00", episode, "kit");
    auto clock = book.clock("T04");
    EXPECT_EQ(verdict(clock), "met-some");
    EXPECT_EQ(clock.at("adopted"), "A-3wd");
    EXPECT_EQ(clock.at("adoptedMet"), true);
    EXPECT_EQ(book.clocks().at("counts").at("adoptedReading").at("of"), 1);
}

TEST_F(BexleyClocks, NoRuleIsEvidencedAfterTheLastDayUntilSomebodySignsIt) {  // V15
    book.episode("2020-03-02 09:00", "2020-03-02 09:40", "2020-03-02 10:20");
    auto clock = book.clock("T07");
    EXPECT_EQ(verdict(clock), "no-rule-evidenced");
    EXPECT_EQ(clock.at("noRule").at("inEvidenceUntil"), "2019-05-21");
    EXPECT_EQ(clock.at("noRule").at("sources").at(0), "S0:125 S1:7");
    EXPECT_TRUE(clock.at("readings").as_array().empty());
    auto counts = book.clocks().at("counts");
    EXPECT_EQ(counts.at("missed-all"), 0);
    EXPECT_EQ(counts.at("late"), 0);

    auto before = json::serialize(book.clocks(at("2020-03-09 10:00")));
    book.record("2020-06-01 10:00", "gov", "data-governor", Book::practice(),
                {{"practiceExtended", {{"practice", "BEX-2018"}, {"until", "2022-09-20"}}}});
    EXPECT_EQ(verdict(book.clock("T07")), "missed-all");
    EXPECT_EQ(book.clock("T07").at("soFar"), true);
    EXPECT_EQ(json::serialize(book.clocks(at("2020-03-09 10:00"))), before);
}

TEST(Clocks, AReviewBeforeItsWindowIsEarly) {  // V16
    Book book;
    book.adopt("2018-05-01 09:00", schema::packs::WAR2018.get());
    auto episode = book.episode("2018-06-25 09:00", "2018-06-25 09:00", "2018-06-25 10:00");
    book.say("2018-07-02 10:00", "sol", "strengthening-families-social-worker",
             {{"planAgreed",
               {{"episode", episode.hex()},
                {"child", child("adaash")},
                {"plan", "child-in-need-plan"},
                {"visitEveryDays", 14}}}});
    EXPECT_EQ(reading(book.clock("T70"), "window").at("opens"), "2018-07-30T00:00:00+01:00");
    EXPECT_EQ(reading(book.clock("T70"), "window").at("due"), "2018-08-14T00:00:00+01:00");
    book.say(
        "2018-07-26 11:00", "sol", "strengthening-families-social-worker",
        {{"reviewMeetingHeld", {{"episode", episode.hex()}, {"review", "child-in-need"}, {"progress", "measurable"}}}});
    auto first = book.clock("T70"), next = book.clock("T70", 2);
    EXPECT_EQ(reading(first, "window").at("result"), "early");
    EXPECT_EQ(reading(first, "max-42d").at("result"), "met");
    EXPECT_EQ(verdict(first), "met-some");
    EXPECT_EQ(reading(next, "window").at("opens"), "2018-08-23T00:00:00+01:00");
    EXPECT_EQ(due(next, "window"), "2018-09-07T00:00:00+01:00 open");
}

class WarwickshireClocks : public testing::Test {
  protected:
    WarwickshireClocks() {
        book.adopt("2018-05-01 09:00", schema::packs::WAR2018.get());
        episode =
            book.episode("2018-06-25 09:00", "2018-06-25 09:00", "2018-06-25 10:00", Book::family(), {"ada", "ben"});
    }
    EventId plan(const std::string& when, const std::string& name, json::object more = {}) {
        more["episode"] = episode.hex();
        more["child"] = child(name + "ash");
        more["plan"] = "child-in-need-plan";
        more["visitEveryDays"] = 14;
        return book.say(when, "sol", "strengthening-families-social-worker", {{"planAgreed", std::move(more)}});
    }
    void level(const std::string& when, const std::string& name, const std::string& level) {
        book.say(when, "sol", "strengthening-families-social-worker",
                 {{"levelSet", {{"episode", episode.hex()}, {"children", {child(name + "ash")}}, {"level", level}}}});
    }
    Book book;
    EventId episode{};
};

TEST_F(WarwickshireClocks, ReviewsStopWithTheLastChildInNeed) {
    plan("2018-07-02 10:00", "ada");
    plan("2018-07-02 10:30", "ben");
    EXPECT_TRUE(book.clock("T70", 2).is_null()) << "one review for the family";
    level("2018-07-09 10:00", "ada", "targeted");
    EXPECT_EQ(verdict(book.clock("T70")), "open") << "Ben is in need still";
    level("2018-07-10 10:00", "ben", "targeted");
    EXPECT_EQ(verdict(book.clock("T70")), "stopped");
    level("2018-07-11 10:00", "ben", "child-in-need");
    EXPECT_EQ(verdict(book.clock("T70")), "open") << "taken again";
}

TEST_F(WarwickshireClocks, AnUpdatedPlanMaySetAnotherDayForTheReview) {  // S3:25
    auto agreed = plan("2018-07-02 10:00", "ada", {{"reviewBy", "2018-08-01"}});
    EXPECT_EQ(reading(book.clock("T71"), "as-set").at("due"), "2018-08-02T00:00:00+01:00");
    book.say("2018-07-20 10:00", "fay", "family-support-worker",
             {{"planUpdated", {{"plan", agreed.hex()}, {"reviewBy", "2018-08-15"}}}});
    EXPECT_EQ(reading(book.clock("T71"), "as-set").at("due"), "2018-08-16T00:00:00+01:00");
    plan("2018-07-21 10:00", "ben", {{"reviewBy", "2018-08-08"}});
    EXPECT_EQ(reading(book.clock("T71"), "as-set").at("due"), "2018-08-16T00:00:00+01:00");
    EXPECT_EQ(reading(book.clock("T71", 2), "as-set").at("due"), "2018-08-09T00:00:00+01:00") << "a day of its own";
}

json::object edition(const std::string& id, const std::string& from, const std::string& unit) {
    auto reading = [](const std::string& name, int limit, const std::string& in) {
        return json::object{{"id", name},
                            {"title", name},
                            {"start", {{"events", {"referralAccepted"}}}},
                            {"end", {{"events", {"planAgreed"}}}},
                            {"limit", limit},
                            {"unit", in},
                            {"source", "S0:145"}};
    };
    json::array readings{reading("A-25d", 25, "days")};
    if (unit == "both") readings.push_back(reading("B-25wd", 25, "workingDays"));
    return {{"id", id},
            {"authority", "Bexley"},
            {"title", id},
            {"standing", "target"},
            {"from", from},
            {"source", "S0:7"},
            {"calendar", "england-and-wales"},
            {"roles", {json::object{{"code", "team-manager"}, {"title", "Team manager"}, {"source", "S0:7"}}}},
            {"acts", {json::object{{"event", "caseClosed"}, {"roles", {"team-manager"}}, {"source", "S0:7"}}}},
            {"rules",
             {json::object{{"id", "T50"},
                           {"title", "Throughput"},
                           {"quote", "25 days"},
                           {"source", "S0:145"},
                           {"readings", std::move(readings)}}}}};
}

TEST(Clocks, TheEditionOfTheTriggersDayGoverns) {  // V14
    Book book;
    book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get());
    book.adopt("2022-09-21 09:00", edition("BEX-2022", "2022-09-21", "both"));
    auto episode = book.episode("2022-12-05 09:00", "2022-12-05 09:30", "2022-12-05 10:00");
    book.say("2023-01-10 10:00", "kit", "family-key-worker",
             {{"planAgreed",
               {{"episode", episode.hex()},
                {"child", child("adaash")},
                {"plan", "wellbeing-plan"},
                {"visitEveryDays", 14}}}});
    auto clock = book.clock("T50");
    EXPECT_EQ(verdict(clock), "met-some");
    EXPECT_EQ(due(clock, "A-25d"), "2022-12-31T00:00:00+00:00 missed");
    EXPECT_EQ(due(clock, "B-25wd"), "2023-01-13T00:00:00+00:00 met");
    EXPECT_EQ(clock.at("standing"), "target");
    EXPECT_EQ(clock.at("edition"), "BEX-2022");
    EXPECT_TRUE(book.clock("T04").is_null()) << "the older edition's rules are over";
}

}  // namespace
}  // namespace projections::test
