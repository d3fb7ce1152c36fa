// The keeping of a case: classes, holds, requests, erasures, disclosures; and the list across cases.
#include "projections/keeping.h"

#include "projections/fixture.h"
#include "projections/retention.h"

namespace projections::test {
namespace {

class Keeping : public testing::Test {
  protected:
    Keeping() { book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get()); }
    Book book;

    void schedule(const std::string& when = "2018-05-22 09:10") {
        json::object help{
            {"code", "early-help"}, {"title", "Early help"}, {"years", 6}, {"from", "closure"}, {"source", "E:1"}};
        json::object need{
            {"code", "child-in-need"}, {"title", "In need"}, {"years", 30}, {"from", "birth"}, {"source", "E:2"}};
        need["appliesTo"] = json::array{
            json::object{{"events", json::array{"escalationDecided"}}, {"kinds", json::array{"childInNeed"}}}};
        book.record(when, "gov", "data-governor", Book::practice(),
                    {{"retentionScheduleIssued",
                      {{"id", "EASTMERE"},
                       {"authority", "Eastmere"},
                       {"title", "Retention schedule"},
                       {"from", "2018-05-22"},
                       {"classes", json::array{help, need}},
                       {"source", "E:1"}}}});
    }
    EventId episode(const std::string& name = "ash") {
        return book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00", Book::family(name));
    }
    void close(const EventId& episode, const std::string& when, const std::string& name = "ash") {
        book.record(when, "tess", "team-manager", Book::family(name),
                    {{"caseClosed", {{"episode", episode.hex()}, {"reason", "goals-met"}, {"outcome", "goals-met"}}}});
    }
    EventId keep(const std::string& when, int until, const char* code = "early-help", const std::string& name = "ash") {
        return book.record(when, "sam", "service-manager", Book::family(name),
                           {{"retentionClassSet", {{"subject", ada(name)}, {"class", code}, {"untilYear", until}}}});
    }
    static std::string ada(const std::string& name = "ash") {
        return child("ada" + std::string(Book::family(name).view().substr(1, 4)));
    }
    json::object ada_now(AsAt as_at = {}) {
        auto view = book.case_now(as_at);
        for (auto& each : view.at("keeping").at("people").as_array())
            if (each.at("subject").as_string() == ada()) return each.as_object();
        ADD_FAILURE() << "nobody";
        return {};
    }
    json::object list(RetentionFilter filter = {}, AsAt as_at = at("2025-03-01 12:00")) {
        auto answer = book.views().retention_json(filter, as_at);
        EXPECT_TRUE(answer) << answer.error().text();
        return answer.value_or(json::object{});
    }
    static RetentionFilter only_state(const char* state) {
        RetentionFilter filter;
        filter.state = state;
        return filter;
    }
    static RetentionFilter of_team(const char* team) {
        RetentionFilter filter;
        filter.team = team;
        return filter;
    }
    static uint64_t count(const json::object& answer, const char* state) {
        return answer.at("counts").at(state).to_number<uint64_t>();
    }
};

TEST_F(Keeping, TellsTheClassThatWasSetLastAndTheOneThatIsNeeded) {
    auto first = episode();
    EXPECT_EQ(ada_now().at("neededClass"), nullptr) << "there is no schedule";
    schedule();
    EXPECT_EQ(ada_now().at("neededClass").at("code"), "early-help");
    EXPECT_EQ(ada_now().at("neededClass").at("untilYear"), nullptr) << "it has not closed";
    close(first, "2018-09-10 10:00");
    EXPECT_EQ(ada_now().at("neededClass").at("untilYear").to_number<int>(), 2024);
    keep("2018-09-11 10:00", 2024);
    auto later = keep("2018-09-12 10:00", 2025);
    auto kept = ada_now();
    EXPECT_EQ(kept.at("as"), "child");
    EXPECT_EQ(kept.at("retention").at("id"), json::string(later.hex()));
    EXPECT_EQ(kept.at("retention").at("untilYear").to_number<int>(), 2025);
    EXPECT_EQ(kept.at("retention").at("class").at("title"), "Early help");
    EXPECT_EQ(kept.at("stale"), false);
    EXPECT_EQ(ada_now(at("2018-09-11 12:00")).at("retention").at("untilYear").to_number<int>(), 2024);
}

TEST_F(Keeping, AClassIsStaleWhenTheCaseNeedsAnotherOrALongerTime) {
    schedule();
    auto first = episode();
    close(first, "2018-09-10 10:00");
    keep("2018-09-11 10:00", 2024);
    auto second = book.episode("2019-02-04 09:00", "2019-02-04 10:00", "2019-02-04 14:00");
    EXPECT_EQ(ada_now().at("stale"), false);
    close(second, "2019-06-03 10:00");
    EXPECT_EQ(ada_now().at("stale"), true) << "it closed again, a year later";
    keep("2019-06-04 10:00", 2025);
    EXPECT_EQ(ada_now().at("stale"), false);

    auto alert =
        book.say("2019-07-01 10:00", "kit", "family-key-worker", {{"managerAlerted", {{"episode", second.hex()}}}});
    auto decided = book.say(
        "2019-07-01 11:00", "tess", "team-manager",
        {{"escalationDecided", {{"alert", alert.hex()}, {"outcome", "childInNeed"}, {"discussedWith", "front-door"}}}});
    EXPECT_EQ(ada_now().at("stale"), true);
    EXPECT_EQ(ada_now().at("neededClass").at("code"), "child-in-need");
    book.say("2019-07-01 12:00", "tess", "team-manager",
             {{"correctionRecorded", {{"corrects", decided.hex()}, {"kind", "enteredInError"}}}});
    EXPECT_EQ(ada_now().at("stale"), false) << "what was entered in error is not in the case";
}

TEST_F(Keeping, HoldsAndRequestsAreThereUntilTheyAreSettled) {
    episode();
    auto hold = book.say("2018-06-01 10:00", "sam", "service-manager",
                         {{"legalHoldPlaced", {{"subjects", {ada()}}, {"reason", "court"}}}});
    auto wrong = book.say("2018-06-01 11:00", "sam", "service-manager",
                          {{"legalHoldPlaced", {{"subjects", {ada()}}, {"reason", "inquiry"}}}});
    auto request = book.say("2018-06-02 10:00", "kit", "family-key-worker",
                            {{"erasureRequested", {{"subject", ada()}, {"by", "parent"}}}});
    EXPECT_EQ(ada_now().at("holds").as_array().size(), 2u);
    EXPECT_EQ(ada_now().at("erasureRequests").at(0).at("id"), json::string(request.hex()));
    book.say("2018-06-02 11:00", "sam", "service-manager",
             {{"correctionRecorded", {{"corrects", wrong.hex()}, {"kind", "enteredInError"}}}});
    ASSERT_EQ(ada_now().at("holds").as_array().size(), 1u);
    EXPECT_EQ(ada_now().at("holds").at(0).at("reason").at("code"), "court");
    EXPECT_EQ(ada_now().at("holds").at(0).at("since"), "2018-06-01T10:00:00+01:00");

    book.say("2018-06-03 10:00", "sam", "service-manager", {{"legalHoldReleased", {{"hold", hold.hex()}}}});
    book.say("2018-06-03 11:00", "sam", "service-manager",
             {{"erasureRefused", {{"request", request.hex()}, {"ground", "publicTask"}}}});
    EXPECT_TRUE(ada_now().at("holds").as_array().empty());
    EXPECT_TRUE(ada_now().at("erasureRequests").as_array().empty());
    auto keeping = book.case_now().at("keeping");
    EXPECT_EQ(keeping.at("holds").at(0).at("stands"), false) << "an erasure must name it all the same";
    EXPECT_EQ(keeping.at("erasureRequests").at(0).at("ground").at("code"), "publicTask");
    EXPECT_EQ(ada_now(at("2018-06-02 12:00")).at("holds").as_array().size(), 1u);
}

TEST_F(Keeping, TellsWhoWasErasedAndToWhomTheRecordWent) {
    episode();
    auto erased = book.say("2018-06-04 10:00", "sam", "service-manager",
                           {{"subjectErased", {{"subject", ada()}, {"ground", "ordered"}}}});
    book.say("2018-06-05 10:00", "sam", "service-manager",
             {{"recordDisclosed", {{"purpose", "court"}, {"words", "aboutSubjects"}, {"subjects", {child("cleo")}}}}});
    EXPECT_EQ(ada_now().at("erased").at("id"), json::string(erased.hex()));
    EXPECT_EQ(ada_now().at("erased").at("ground").at("code"), "ordered");
    auto disclosed = book.case_now().at("keeping").at("disclosures").at(0);
    EXPECT_EQ(disclosed.at("purpose").at("code"), "court");
    EXPECT_EQ(disclosed.at("at").at("by"), json::string(person("sam")));
    EXPECT_EQ(disclosed.at("subjects"), (json::array{child("cleo")}));
}

TEST_F(Keeping, KnowsPeopleWhoWereNamedInError) {
    auto contact =
        book.say("2018-06-01 10:00", "mo", "mash-practitioner",
                 {{"contactReceived",
                   {{"channel", "telephone"}, {"referrer", "school"}, {"children", {ada()}}, {"consent", "verbal"}}}});
    book.say("2018-06-01 11:00", "mo", "mash-practitioner",
             {{"correctionRecorded", {{"corrects", contact.hex()}, {"kind", "enteredInError"}}}});
    EXPECT_EQ(ada_now().at("as"), "namedInError");
}

TEST_F(Keeping, ListsWhoMayBeErasedWhoseClassIsToBeSetAndWhoIsOnHold) {
    EXPECT_NE(std::string(list().at("says").as_string()).find("No retention schedule"), std::string::npos);
    schedule();
    EXPECT_NE(std::string(list().at("says").as_string()).find("Nothing to do"), std::string::npos);
    auto ash = episode();
    EXPECT_TRUE(list().at("rows").as_array().empty()) << "it is open";
    close(ash, "2018-09-10 10:00");
    EXPECT_EQ(count(list(), "class-to-set"), 2u);
    keep("2018-09-11 10:00", 2024);
    EXPECT_EQ(count(list(), "class-to-set"), 1u) << "Cleo's";
    EXPECT_EQ(count(list(), "may-be-erased"), 1u);
    EXPECT_EQ(count(list({}, at("2024-12-31 23:00")), "may-be-erased"), 0u);

    // In another case, about the same person.
    auto other = Book::family("oak");
    book.record("2025-01-10 10:00", "sam", "service-manager", other,
                {{"legalHoldPlaced", {{"subjects", {ada()}}, {"reason", "inquiry"}}}});
    EXPECT_EQ(count(list(), "may-be-erased"), 0u);
    auto held = list(only_state("on-hold")).at("rows").as_array();
    ASSERT_EQ(held.size(), 1u);
    EXPECT_EQ(held[0].at("subject"), json::string(ada()));
    EXPECT_EQ(held[0].at("holds").at(0).at("stream"), json::string(other.hex()));
    EXPECT_EQ(count(list({}, at("2025-01-05 10:00")), "may-be-erased"), 1u) << "before the hold";

    EXPECT_EQ(list(of_team("north")).at("rows").as_array().size(), 2u);
    EXPECT_EQ(list(of_team("south")).at("rows").as_array().size(), 0u);
}

TEST_F(Keeping, NobodyIsListedAgainWhoWasErasedUnlessSomethingIsWrittenSince) {
    schedule();
    close(episode(), "2018-09-10 10:00");
    keep("2018-09-11 10:00", 2024);
    book.say("2025-01-06 10:00", "sam", "service-manager",
             {{"subjectErased", {{"subject", ada()}, {"ground", "retentionEnded"}}}});
    EXPECT_EQ(count(list(), "may-be-erased"), 0u);
    book.say("2025-01-07 10:00", "tess", "team-manager", {{"caseNoteAdded", {{"note", "action"}}}});
    EXPECT_EQ(count(list(), "may-be-erased"), 1u);
}

TEST_F(Keeping, AListIsReadInPagesThatLeaveNobodyOut) {
    schedule();
    for (std::string name : {"ash", "bay", "elm"}) close(episode(name), "2018-09-10 10:00", name);
    std::vector<std::string> seen;
    RetentionFilter filter;
    filter.limit = 2;
    for (int pages = 0; pages < 10; ++pages) {
        auto page = list(filter);
        EXPECT_EQ(count(page, "class-to-set"), 6u) << "counts are of all";
        for (auto& row : page.at("rows").as_array())
            seen.push_back(json::serialize(row.at("stream")) + json::serialize(row.at("subject")));
        if (page.at("next").is_null()) break;
        filter.cursor = std::string(page.at("next").as_string());
    }
    EXPECT_EQ(seen.size(), 6u);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 6u);
    filter.cursor = "00";
    EXPECT_FALSE(book.views().retention_json(filter));
    EXPECT_FALSE(book.views().retention_json(only_state("nonsense")));
}

}  // namespace
}  // namespace projections::test
