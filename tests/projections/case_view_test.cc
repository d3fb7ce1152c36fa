// A case as it stands: states, open tasks, completeness, corrections, and the list of cases.
#include "projections/fixture.h"

namespace projections::test {
namespace {

class Case : public testing::Test {
  protected:
    Case() { book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get()); }
    Book book;
    EventId contact(const std::string& when) {
        return book.say(when, "mo", "mash-practitioner",
                        {{"contactReceived",
                          {{"channel", "telephone"},
                           {"referrer", "school"},
                           {"children", {child("ada")}},
                           {"consent", "verbal"}}}});
    }
    static std::vector<std::string> tasks(const json::object& view) {
        std::vector<std::string> codes;
        for (auto& task : view.at("openTasks").as_array()) codes.emplace_back(task.at("task").as_string());
        return codes;
    }
    static json::value item(const json::object& view, uint64_t number) {
        for (auto& each : view.at("completeness").at(0).at("items").as_array())
            if (each.at("number").to_number<uint64_t>() == number) return each;
        return nullptr;
    }
};

TEST_F(Case, ASecondCheckOverturnsAndWhoeverMustBeToldIsAnOpenTask) {  // V03
    auto c = contact("2018-06-01 10:00");
    EXPECT_EQ(book.case_now().at("contacts").at(0).at("state"), "received");
    book.say("2018-06-01 11:00", "mo", "mash-practitioner",
             {{"mashDecided", {{"contact", c.hex()}, {"option", "accept"}}}});
    book.say("2018-06-01 11:05", "mo", "mash-practitioner", {{"contactRouted", {{"contact", c.hex()}}}});
    EXPECT_EQ(book.case_now().at("state"), "routed");
    book.say("2018-06-01 12:00", "dee", "duty-manager",
             {{"secondCheckRecorded", {{"contact", c.hex()}, {"option", "redirect"}}}});
    auto view = book.case_now();
    EXPECT_EQ(view.at("contacts").at(0).at("state"), "redirected-to-social-care");
    EXPECT_EQ(view.at("contacts").at(0).at("decided").at("code"), "accept") << "both decisions are there";
    EXPECT_EQ(view.at("contacts").at(0).at("checked").at("code"), "redirect");
    EXPECT_TRUE(view.at("episodes").as_array().empty());
    EXPECT_EQ(tasks(view), (std::vector<std::string>{"tell-referrer", "tell-family"}));
    book.say("2018-06-01 13:00", "dee", "duty-manager",
             {{"outcomeShared", {{"contact", c.hex()}, {"party", "referrer"}}}});
    EXPECT_EQ(tasks(book.case_now()), (std::vector<std::string>{"tell-family"}));
    EXPECT_EQ(book.case_now(at("2018-06-01 11:30")).at("contacts").at(0).at("checked"), nullptr);
    EXPECT_FALSE(book.views().case_json(Book::family(), at("2018-06-01 09:59")));
}

TEST_F(Case, AnEpisodeGoesThroughItsStates) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    auto state = [&] { return std::string(book.case_now().at("episodes").at(0).at("state").as_string()); };
    json::object of{{"episode", episode.hex()}};
    EXPECT_EQ(state(), "opened");
    book.allocate("2018-05-25 10:00", episode, "kit", Book::family(), {{"scaling", 5}, {"visitBy", "2018-06-08"}});
    EXPECT_EQ(state(), "allocated");
    book.say("2018-05-28 10:00", "kit", "family-key-worker",
             {{"introductoryVisitHeld", {{"episode", episode.hex()}, {"mode", "face-to-face"}}}});
    EXPECT_EQ(state(), "engaging");
    auto assessment = book.say("2018-05-29 10:00", "kit", "family-key-worker",
                               {{"assessmentStarted", {{"episode", episode.hex()}, {"assessment", "wellbeing"}}}});
    EXPECT_EQ(state(), "assessing");
    auto submitted = book.say("2018-06-10 10:00", "kit", "family-key-worker",
                              {{"assessmentSubmitted", {{"assessment", assessment.hex()}}}});
    EXPECT_EQ(state(), "awaiting-authorisation");
    book.say("2018-06-11 10:00", "tess", "team-manager", {{"assessmentReturned", {{"submission", submitted.hex()}}}});
    EXPECT_EQ(state(), "assessing");
    submitted = book.say("2018-06-12 10:00", "kit", "family-key-worker",
                         {{"assessmentSubmitted", {{"assessment", assessment.hex()}}}});
    book.say("2018-06-21 10:00", "tess", "team-manager", {{"assessmentAuthorised", {{"submission", submitted.hex()}}}});
    EXPECT_EQ(state(), "assessed");
    auto missing = book.case_now().at("episodes").at(0).at("oversightMissing").as_array();
    ASSERT_EQ(missing.size(), 2u);
    EXPECT_EQ(missing[1].at("code"), "assessment");
    book.say("2018-06-21 11:00", "tess", "team-manager",
             {{"oversightRecorded", {{"episode", episode.hex()}, {"point", "assessment"}}}});
    EXPECT_EQ(book.case_now().at("episodes").at(0).at("oversightMissing").as_array().size(), 1u);
    book.say("2018-06-26 10:00", "kit", "family-key-worker",
             {{"planningMeetingHeld", {{"episode", episode.hex()}, {"attendees", 6}, {"minutes", 100}}}});
    EXPECT_EQ(state(), "planning");
    book.say("2018-06-26 12:00", "kit", "family-key-worker",
             {{"planAgreed",
               {{"episode", episode.hex()},
                {"child", child("adaash")},
                {"plan", "wellbeing-plan"},
                {"reviewBy", "2018-08-07"},
                {"visitEveryDays", 14}}}});
    EXPECT_EQ(state(), "plan-active");
    book.say("2018-09-26 12:00", "kit", "family-key-worker",
             {{"closureProposed", {{"episode", episode.hex()}, {"reason", "goals-met"}}}});
    EXPECT_EQ(state(), "ending");
    book.say("2018-09-28 12:00", "tess", "team-manager",
             {{"caseClosed", {{"episode", episode.hex()}, {"reason", "goals-met"}, {"outcome", "goals-met"}}}});
    auto view = book.case_now();
    EXPECT_EQ(view.at("episodes").at(0).at("state"), "closed");
    EXPECT_EQ(view.at("episodes").at(0).at("outcome").at("title"), "All goals met");
    EXPECT_EQ(view.at("episodes").at(0).at("directedDates").at("visitBy"), "2018-06-08");
    EXPECT_EQ(view.at("open"), false);
    EXPECT_EQ(book.case_now(at("2018-06-26 11:00")).at("state"), "planning");
}

TEST_F(Case, ConsentIsShownByScopeAndItsState) {
    auto consent = book.say("2018-06-01 10:00", "mo", "mash-practitioner",
                            {{"consentRecorded", {{"scope", "referral"}, {"form", "written"}}}});
    book.say("2018-06-02 10:00", "kit", "family-key-worker", {{"consentConfirmed", {{"consent", consent.hex()}}}});
    book.say("2018-06-02 11:00", "kit", "family-key-worker", {{"consentRefused", {{"scope", "agencies"}}}});
    auto view = book.case_now();
    EXPECT_EQ(view.at("consents").at(0).at("state"), "confirmed");
    EXPECT_EQ(view.at("consents").at(0).at("scope").at("title"), "Referral to the Family Wellbeing Service");
    EXPECT_EQ(view.at("consents").at(1).at("state"), "refused");
    book.say("2018-06-03 10:00", "kit", "family-key-worker", {{"consentWithdrawn", {{"scope", "referral"}}}});
    EXPECT_EQ(book.case_now().at("consents").at(0).at("state"), "withdrawn");
    EXPECT_EQ(book.case_now(at("2018-06-02 12:00")).at("consents").at(0).at("withdrawnAt"), nullptr);
}

TEST_F(Case, TheChecklistSaysWhatTheRecordLacks) {  // V12
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-25 10:00", episode, "kit");
    auto view = book.case_now();
    EXPECT_EQ(view.at("completeness").at(0).at("items").as_array().size(), 12u);
    EXPECT_EQ(item(view, 1).at("state"), "absent") << "consent is not on record";
    EXPECT_EQ(item(view, 1).at("missing").as_array().size(), 1u);
    book.say("2018-05-25 11:00", "mo", "mash-practitioner",
             {{"consentRecorded", {{"scope", "referral"}, {"form", "written"}}}});
    EXPECT_EQ(item(book.case_now(), 1).at("state"), "present");
    book.say("2018-05-25 12:00", "tess", "team-manager",
             {{"recordQualityConfirmed",
               {{"episode", episode.hex()},
                {"notApplicable", {json::object{{"item", 9}, {"reason", "family-declined"}}}}}}});
    EXPECT_EQ(item(book.case_now(), 9).at("state"), "not-applicable");
    EXPECT_EQ(item(book.case_now(), 9).at("reason").at("title"), "The family declined");
    EXPECT_EQ(book.case_now().at("completeness").at(0).at("complete"), false);
}

TEST_F(Case, WhatWasEnteredInErrorIsTakenOutFromWhenItWasKnown) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-25 10:00", episode, "kit");
    auto wrong = book.allocate("2018-05-26 10:00", episode, "pat");
    auto worker = [&](AsAt as_at = {}) { return book.case_now(as_at).at("episodes").at(0).at("worker"); };
    EXPECT_EQ(worker(), json::value(person("pat")));
    auto correction = book.say("2018-05-27 10:00", "dee", "duty-manager",
                               {{"correctionRecorded", {{"corrects", wrong.hex()}, {"kind", "enteredInError"}}}});
    EXPECT_EQ(worker(), json::value(person("kit")));
    EXPECT_EQ(worker(at("2018-05-26 12:00")), json::value(person("pat")));
    // A correction may itself have been the error.
    book.say("2018-05-28 10:00", "dee", "duty-manager",
             {{"correctionRecorded", {{"corrects", correction.hex()}, {"kind", "enteredInError"}}}});
    EXPECT_EQ(worker(), json::value(person("pat")));
}

TEST_F(Case, AStepUpEndsOurEpisodeAndAStepDownBeginsOne) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    auto up = book.say("2018-06-10 10:00", "kit", "family-key-worker",
                       {{"transferProposed", {{"direction", "stepUp"}, {"episode", episode.hex()}}}});
    book.say("2018-06-20 10:00", "pia", "panel-co-chair",
             {{"panelDecided",
               {{"transfer", up.hex()}, {"decision", "transfer"}, {"presentedBy", {person("kit"), person("tess")}}}}});
    book.say("2018-06-21 10:00", "kit", "family-key-worker", {{"handoverHeld", {{"transfer", up.hex()}}}});
    EXPECT_EQ(book.case_now().at("transfers").at(0).at("state"), "handed-over");
    EXPECT_EQ(tasks(book.case_now()).back(), "close-releasing-record");
    book.say("2018-06-22 10:00", "tess", "team-manager", {{"releasingRecordClosed", {{"transfer", up.hex()}}}});
    EXPECT_EQ(book.case_now().at("episodes").at(0).at("state"), "closed");
    EXPECT_EQ(book.case_now().at("episodes").at(0).at("closureReason").at("code"), "transferred");

    auto elm = Book::family("elm");
    auto down = book.record("2018-06-10 10:00", "sol", "social-worker", elm,
                            {{"transferProposed", {{"direction", "stepDown"}, {"children", {child("eve")}}}}});
    EXPECT_EQ(book.case_now({}, elm).at("state"), "transfer-proposed");
    book.record("2018-06-22 10:00", "tess", "team-manager", elm,
                {{"receivingRecordOpened",
                  {{"transfer", down.hex()}, {"system", "ehm"}, {"team", "north"}, {"level", "targeted"}}}});
    EXPECT_EQ(book.case_now({}, elm).at("episodes").at(0).at("state"), "opened");
    EXPECT_EQ(book.case_now({}, elm).at("children").at(0).at("level").at("code"), "targeted");
}

TEST_F(Case, TheListPagesNewestFirstAndFilters) {
    for (auto name : {"ash", "elm", "oak", "yew"}) {
        auto episode =
            book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00", Book::family(name), {"a", "b"});
        if (name != std::string("oak")) book.allocate("2018-05-25 10:00", episode, "kit", Book::family(name));
    }
    auto streams = [](const schema::Result<json::object>& page) {
        std::vector<std::string> found;
        for (auto& line : page->at("cases").as_array()) found.emplace_back(line.at("stream").as_string());
        return found;
    };
    auto hex = [](const char* name) { return Book::family(name).hex(); };
    auto first = book.views().case_list({}, "", 3);
    ASSERT_TRUE(first);
    EXPECT_EQ(streams(first), (std::vector<std::string>{hex("yew"), hex("oak"), hex("elm")}));
    auto second = book.views().case_list({}, std::string(first->at("next").as_string()), 3);
    EXPECT_EQ(streams(second), (std::vector<std::string>{hex("ash")}));
    EXPECT_EQ(second->at("next"), nullptr);
    EXPECT_EQ(first->at("cases").at(0).at("childrenCount"), 2);
    CaseFilter filter;
    filter.worker = named<PersonId>("kit");
    EXPECT_EQ(streams(book.views().case_list(filter)), (std::vector<std::string>{hex("yew"), hex("elm"), hex("ash")}));
    EXPECT_EQ(book.views().case_list({}, "nonsense").error().fault, schema::Fault::malformed);
}

TEST_F(Case, HoldersAreThoseWhoHoldOrHeldIt) {
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    book.allocate("2018-05-25 10:00", episode, "kit");
    book.say("2018-06-25 10:00", "tess", "team-manager",
             {{"reallocated", {{"episode", episode.hex()}, {"worker", person("pat")}}}});
    book.views();
    auto holders = book.views().holders(Book::family());
    ASSERT_TRUE(holders);
    EXPECT_TRUE(holders->holds(named<PersonId>("kit")));
    EXPECT_TRUE(holders->holds(named<PersonId>("pat")));
    EXPECT_FALSE(holders->holds(named<PersonId>("dee")));
    EXPECT_TRUE(holders->in_team("north"));
    EXPECT_FALSE(holders->front_door);
    EXPECT_EQ(book.views().holders(Book::family("oak")).error().fault, schema::Fault::not_found);
}

TEST_F(Case, AnEpisodesChildrenAndLevelsAreItsOwn) {
    auto children = [&](size_t episode) {
        return book.case_now().at("episodes").at(episode).at("children").as_array().size();
    };
    auto first =
        book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00", Book::family(), {"ada", "ben"});
    EXPECT_EQ(children(0), 2u);
    EXPECT_EQ(book.case_now().at("children").at(0).at("level").at("code"), "targeted");
    book.say("2018-08-24 09:00", "tess", "team-manager",
             {{"caseClosed", {{"episode", first.hex()}, {"reason", "goals-met"}, {"outcome", "goals-met"}}}});
    EXPECT_TRUE(book.case_now().at("children").at(0).at("level").is_null()) << "no episode, no level";
    book.episode("2018-09-24 09:00", "2018-09-24 10:00", "2018-09-24 14:00", Book::family(), {"ada"});
    EXPECT_EQ(children(0), 2u);
    EXPECT_EQ(children(1), 1u);
    EXPECT_EQ(book.case_now().at("children").as_array().size(), 2u) << "the case is about both";
    auto loads = *book.views().caseload_json();
    EXPECT_EQ(loads.at("service").at("children"), 1);
    EXPECT_EQ(loads.at("service").at("levels").as_array().size(), 1u);
    auto second = book.case_now().at("episodes").at(1).at("id");
    book.say("2018-09-25 09:00", "tess", "team-manager",
             {{"levelSet", {{"episode", second}, {"children", {child("benash")}}, {"level", "targeted"}}}});
    EXPECT_TRUE(book.case_now().at("children").at(1).at("level").is_null()) << "Ben is not in this episode";
    EXPECT_EQ(book.views().caseload_json(at("2018-06-24 09:00"))->at("service").at("children"), 2);
}

TEST_F(Case, AFamilyThatStepsDownBringsTheChildrenOfItsProposal) {
    json::array both{child("ada"), child("ben")};
    auto proposed = [&](const std::string& when, json::array children) {
        return book
            .say(when, "sid", "social-worker",
                 {{"transferProposed", {{"direction", "stepDown"}, {"children", std::move(children)}}}})
            .hex();
    };
    auto received = [&](const std::string& when, const std::string& transfer) {
        return book.say(when, "rory", "receiving-manager",
                        {{"receivingRecordOpened",
                          {{"transfer", transfer}, {"system", "ehm"}, {"team", "north"}, {"level", "targeted"}}}});
    };
    auto first = received("2018-07-02 10:00", proposed("2018-06-11 10:00", both));
    EXPECT_EQ(book.views().caseload_json()->at("service").at("children"), 2);
    book.say("2018-09-24 09:00", "tess", "team-manager",
             {{"caseClosed", {{"episode", first.hex()}, {"reason", "goals-met"}, {"outcome", "goals-met"}}}});
    received("2018-11-05 10:00", proposed("2018-10-11 10:00", {child("ben")}));
    EXPECT_EQ(book.views().caseload_json()->at("service").at("children"), 1);
    auto view = book.case_now();
    EXPECT_EQ(view.at("episodes").at(1).at("children").at(0), json::value(child("ben")));
    EXPECT_TRUE(view.at("children").at(0).at("level").is_null()) << "Ada is not in this episode";
}

}  // namespace
}  // namespace projections::test
