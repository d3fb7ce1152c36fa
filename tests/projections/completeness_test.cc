// What a record lacks: the twelve items of the checklist one by one, what is not applicable, what counts after a new
// beginning; points of oversight; and the next step of everything that has begun.
#include "projections/fixture.h"

namespace projections::test {
namespace {

class Completeness : public testing::Test {
  protected:
    Completeness() { book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get()); }

    std::string state(uint64_t number, AsAt as_at = {}) {
        auto view = book.case_now(as_at);
        for (auto& item : view.at("completeness").at(0).at("items").as_array())
            if (item.at("number").to_number<uint64_t>() == number) return std::string(item.at("state").as_string());
        return "none";
    }
    EventId kit(const std::string& when, const char* type, json::object fields) {
        return book.say(when, "kit", "family-key-worker", {{type, std::move(fields)}});
    }
    EventId tess(const std::string& when, const char* type, json::object fields) {
        return book.say(when, "tess", "team-manager", {{type, std::move(fields)}});
    }
    std::string point(const std::string& code, size_t episode = 0) {
        auto view = book.case_now();
        for (auto& each : view.at("episodes").at(episode).at("oversight").as_array())
            if (each.at("point").as_string() == code) return std::string(each.at("state").as_string());
        return "none";
    }
    Book book;
};

TEST_F(Completeness, EachOfTheTwelveItemsHasItsEvidence) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    json::object of{{"episode", episode.hex()}};
    for (uint64_t number = 1; number <= 12; ++number) EXPECT_EQ(state(number), "absent") << number;

    book.allocate("2018-05-25 10:00", episode, "kit");
    EXPECT_EQ(state(1), "absent") << "the written consent is not there yet";
    kit("2018-05-25 11:00", "consentRecorded", {{"scope", "referral"}, {"form", "written"}});
    EXPECT_EQ(state(1), "present");
    auto network = of;
    network["form"] = "genogram";
    kit("2018-05-29 10:00", "familyNetworkRecorded", network);
    EXPECT_EQ(state(2), "present");
    auto assessment = of;
    assessment["assessment"] = "wellbeing";
    auto started = kit("2018-05-29 11:00", "assessmentStarted", assessment);
    auto submitted = kit("2018-06-11 10:00", "assessmentSubmitted", {{"assessment", started.hex()}});
    EXPECT_EQ(state(3), "absent") << "it is not authorised";
    tess("2018-06-12 10:00", "assessmentAuthorised", {{"submission", submitted.hex()}});
    EXPECT_EQ(state(3), "present");
    auto plan = kit(
        "2018-06-18 12:00", "planAgreed",
        {{"episode", episode.hex()}, {"child", child("adaash")}, {"plan", "wellbeing-plan"}, {"visitEveryDays", 14}});
    EXPECT_EQ(state(4), "present");
    kit("2018-06-18 13:00", "significanceMarked",
        {{"entry", plan.hex()}, {"impact", "positive"}, {"children", {child("adaash")}}});
    EXPECT_EQ(state(5), "present");
    kit("2018-06-19 10:00", "caseNoteAdded", {{"note", "action"}});
    EXPECT_EQ(state(6), "present");
    auto meeting =
        kit("2018-06-19 11:00", "planningMeetingHeld", {{"episode", episode.hex()}, {"attendees", 5}, {"minutes", 90}});
    EXPECT_EQ(state(7), "absent") << "the minutes are not out";
    kit("2018-06-20 10:00", "minutesDistributed", {{"meeting", meeting.hex()}, {"recipients", 5}});
    EXPECT_EQ(state(7), "present");
    kit("2018-06-20 11:00", "allocationLetterIssued", of);
    EXPECT_EQ(state(8), "present");
    auto work = of;
    work["children"] = {child("adaash")};
    kit("2018-06-21 10:00", "directWorkRecorded", work);
    EXPECT_EQ(state(9), "present");
    kit("2018-09-03 10:00", "feedbackFormProvided", of);
    EXPECT_EQ(state(10), "present");
    kit("2018-09-03 11:00", "closureSummaryRecorded", of);
    EXPECT_EQ(state(11), "present") << "no transfer, so no summary of one";
    EXPECT_EQ(book.case_now().at("completeness").at(0).at("complete"), false);
    auto oversight = of;
    oversight["point"] = "closure";
    tess("2018-09-03 12:00", "oversightRecorded", oversight);
    EXPECT_EQ(state(12), "present");
    EXPECT_EQ(book.case_now().at("completeness").at(0).at("complete"), true);
    EXPECT_EQ(state(12, at("2018-09-03 11:30")), "absent") << "as it was known then";
}

// As closure asks: in writing, for the referral, in this episode; and a plan for every child of it.
TEST_F(Completeness, ConsentCountsAsThePracticeWantsIt) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-25 10:00", episode, "kit");
    kit("2018-05-25 11:00", "consentRecorded", {{"scope", "referral"}, {"form", "verbal"}});
    kit("2018-05-25 11:10", "consentRecorded", {{"scope", "messaging"}, {"form", "written"}});
    EXPECT_EQ(state(1), "absent");
    kit("2018-05-25 12:00", "consentRecorded", {{"scope", "referral"}, {"form", "electronic"}});
    EXPECT_EQ(state(1), "present");
}

TEST_F(Completeness, ARefusalEndsTheConsentAndWantsToBeConsidered) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-25 10:00", episode, "kit");
    kit("2018-05-25 12:00", "consentRecorded", {{"scope", "referral"}, {"form", "written"}});
    kit("2018-06-04 12:00", "consentRefused", {{"scope", "referral"}});
    auto view = book.case_now();
    EXPECT_EQ(view.at("consents").at(0).at("state").as_string(), "withdrawn");
    bool asked = false;
    for (auto& task : view.at("openTasks").as_array()) asked |= task.at("task").as_string() == "consider-withdrawal";
    EXPECT_TRUE(asked);
}

TEST_F(Completeness, ATransferAsksForItsSummary) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    kit("2018-06-01 10:00", "closureSummaryRecorded", {{"episode", episode.hex()}});
    EXPECT_EQ(state(11), "present");
    auto proposed = kit("2018-06-02 10:00", "transferProposed", {{"direction", "stepUp"}, {"episode", episode.hex()}});
    EXPECT_EQ(state(11), "absent");
    kit("2018-06-03 10:00", "transferSummaryPrepared", {{"transfer", proposed.hex()}});
    EXPECT_EQ(state(11), "present");
}

TEST_F(Completeness, WhatIsNotApplicableHasItsReasonAndGivesWayToTheThingItself) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    json::array none{json::object{{"item", 9}, {"reason", "none-took-place"}}};
    tess("2018-06-01 10:00", "recordQualityConfirmed", {{"episode", episode.hex()}, {"notApplicable", none}});
    EXPECT_EQ(state(9), "not-applicable");
    EXPECT_EQ(state(10), "absent");
    kit("2018-06-02 10:00", "directWorkRecorded", {{"episode", episode.hex()}, {"children", {child("adaash")}}});
    EXPECT_EQ(state(9), "present");
}

TEST_F(Completeness, ANewBeginningStartsARecordOfItsOwn) {
    auto first = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    kit("2018-06-02 10:00", "directWorkRecorded", {{"episode", first.hex()}, {"children", {child("adaash")}}});
    tess("2018-06-10 10:00", "caseClosed",
         {{"episode", first.hex()}, {"reason", "goals-met"}, {"outcome", "goals-met"}});
    EXPECT_EQ(state(9), "present") << "of the record that was closed";
    book.episode("2018-09-03 09:00", "2018-09-03 10:00", "2018-09-03 14:00");
    EXPECT_EQ(state(9), "absent");
}

TEST_F(Completeness, OversightIsDueWhereWhatItLooksAtWasReached) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    for (auto* each : {"allocation", "assessment", "first-plan", "transfer", "closure"})
        EXPECT_EQ(point(each), "not-yet-due") << each;
    book.allocate("2018-05-25 10:00", episode, "kit");
    EXPECT_EQ(point("allocation"), "missing");
    tess("2018-05-25 10:30", "oversightRecorded", {{"episode", episode.hex()}, {"point", "allocation"}});
    EXPECT_EQ(point("allocation"), "recorded");
    kit("2018-06-18 12:00", "planAgreed",
        {{"episode", episode.hex()}, {"child", child("adaash")}, {"plan", "wellbeing-plan"}, {"visitEveryDays", 14}});
    EXPECT_EQ(point("first-plan"), "missing");
    kit("2018-09-03 10:00", "closureProposed", {{"episode", episode.hex()}, {"reason", "goals-met"}});
    EXPECT_EQ(point("closure"), "missing");
    EXPECT_EQ(point("transfer"), "not-yet-due");
}

TEST_F(Completeness, AVisitsRecordSaysWhetherThePlanWasReviewed) {  // T13
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    auto visit = [&](const std::string& when) {
        return kit(when, "visitHeld", {{"episode", episode.hex()}, {"mode", "face-to-face"}, {"place", "home"}});
    };
    auto first = visit("2018-07-02 15:00"), second = visit("2018-07-16 15:00");
    kit("2018-07-03 10:00", "visitRecorded", {{"visit", first.hex()}, {"planReviewed", true}, {"scaling", 5}});
    kit("2018-07-17 10:00", "visitRecorded", {{"visit", second.hex()}, {"planReviewed", false}, {"scaling", 5}});
    auto visits = book.case_now().at("episodes").at(0).at("visits");
    EXPECT_EQ(visits.at("recorded"), 2);
    EXPECT_EQ(visits.at("planReviewed"), 1);
    EXPECT_EQ(verdict(book.clock("T13")), "monitored");
    EXPECT_TRUE(book.clock("T13").at("done").is_object());
    EXPECT_TRUE(book.clock("T13", 2).at("done").is_null()) << "recorded, and no word of the plan";
}

TEST_F(Completeness, WhatHasBegunHasANextStep) {
    auto tasks = [&] {
        std::vector<std::string> codes;
        auto view = book.case_now();
        for (auto& task : view.at("openTasks").as_array()) codes.emplace_back(task.at("task").as_string());
        return codes;
    };
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    EXPECT_EQ(tasks(), (std::vector<std::string>{"allocate"}));
    book.allocate("2018-05-25 10:00", episode, "kit");
    EXPECT_TRUE(tasks().empty());
    auto alert = kit("2018-06-01 10:00", "managerAlerted", {{"episode", episode.hex()}});
    EXPECT_EQ(tasks(), (std::vector<std::string>{"decide-escalation", "tell-family-of-alert"}));
    tess("2018-06-01 10:30", "escalationDecided",
         {{"alert", alert.hex()}, {"outcome", "significantHarm"}, {"discussedWith", "mash"}});
    EXPECT_EQ(tasks(), (std::vector<std::string>{"make-safeguarding-referral", "tell-family-of-alert"}));
}

}  // namespace
}  // namespace projections::test
