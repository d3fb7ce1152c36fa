// A chronology hides nothing: late entries, corrections and errors are all there to be seen, and pages never skip a
// row.
#include "projections/fixture.h"

namespace projections::test {
namespace {

class Chronology : public testing::Test {
  protected:
    Chronology() {
        book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get());
        episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00");
    }
    EventId note(const std::string& occurred, const std::string& recorded = "", const std::string& about = "") {
        json::object fact{{"note", "action"}};
        if (!about.empty()) fact["children"] = {child(about)};
        How how;
        how.recorded = recorded;
        return book.say(occurred, "kit", "family-key-worker", {{"caseNoteAdded", std::move(fact)}}, how);
    }
    json::array rows(ChronologyQuery query = {}) {
        auto page = answer(query);
        return page ? page->at("rows").as_array() : json::array();
    }
    schema::Result<json::object> answer(const ChronologyQuery& query) {
        auto page = book.views().chronology(Book::family(), query);
        EXPECT_TRUE(page) << page.error().text();
        if (!page) return tl::unexpected(page.error());
        return schema::parse_json(page->text()).value().as_object();
    }
    static std::vector<uint64_t> revisions(const json::array& rows) {
        std::vector<uint64_t> found;
        for (auto& row : rows) found.push_back(row.at("revision").to_number<uint64_t>());
        return found;
    }
    Book book;
    EventId episode;
};

TEST_F(Chronology, ALateEntryStandsWhereItHappenedAndSaysHowLate) {
    note("2018-06-04 10:00");
    note("2018-06-01 10:00", "2018-06-05 12:30");
    ChronologyQuery query;
    query.types = {"caseNoteAdded"};
    auto happened = rows(query);
    EXPECT_EQ(revisions(happened), (std::vector<uint64_t>{8, 7}));
    EXPECT_EQ(happened[0].at("lateness"), "4 d 2 h");
    EXPECT_EQ(happened[0].at("kind").at("title"), "Action taken");
    query.order = ChronologyQuery::recorded;
    EXPECT_EQ(revisions(rows(query)), (std::vector<uint64_t>{7, 8}));
}

TEST_F(Chronology, ACorrectedTimeMovesTheEntryAndTheOriginalStaysReadable) {
    auto first = note("2018-06-04 10:00");
    note("2018-06-02 10:00", "2018-06-04 11:00");
    book.say("2018-06-06 10:00", "kit", "family-key-worker",
             {{"correctionRecorded",
               {{"corrects", first.hex()}, {"kind", "occurred"}, {"occurred", "2018-06-01T10:00:00+01:00"}}}});
    ChronologyQuery query;
    query.types = {"caseNoteAdded"};
    auto now = rows(query);
    EXPECT_EQ(revisions(now), (std::vector<uint64_t>{7, 8}));
    EXPECT_EQ(now[0].at("occurred"), "2018-06-01T10:00:00+01:00");
    EXPECT_EQ(now[0].at("originalOccurred"), "2018-06-04T10:00:00+01:00");
    EXPECT_EQ(now[0].at("correctedBy").as_array().size(), 1u);
    query.as_at = at("2018-06-05 10:00");
    EXPECT_EQ(revisions(rows(query)), (std::vector<uint64_t>{8, 7}));
    EXPECT_TRUE(rows(query)[0].at("correctedBy").as_array().empty());
}

TEST_F(Chronology, WhatWasEnteredInErrorIsStruckAndNotHidden) {
    auto wrong = note("2018-06-04 10:00");
    book.say("2018-06-06 10:00", "kit", "family-key-worker",
             {{"correctionRecorded", {{"corrects", wrong.hex()}, {"kind", "enteredInError"}}}});
    auto all = rows();
    ASSERT_EQ(all.size(), 8u);
    EXPECT_EQ(all[6].at("struck"), true);
    EXPECT_EQ(all[7].at("refers").at(0).at("position"), all[6].at("position"));
}

TEST_F(Chronology, AMarkMakesAnEntrySignificantForItsChildren) {
    auto about = note("2018-06-04 10:00", "", "adaash");
    ChronologyQuery query;
    query.significant_only = true;
    auto before = rows(query).size();
    book.say(
        "2018-06-05 10:00", "tess", "team-manager",
        {{"significanceMarked", {{"entry", about.hex()}, {"impact", "negative"}, {"children", {child("adaash")}}}}});
    auto after = rows(query);
    ASSERT_EQ(after.size(), before + 1);
    EXPECT_EQ(after.back().at("marks").at(0).at("impact").at("code"), "negative");
    EXPECT_EQ(after.back().at("marks").at(0).at("by"), json::value(person("tess")));
    EXPECT_EQ(after.back().at("milestone"), false);
}

TEST_F(Chronology, FiltersByChildDayAndActor) {
    note("2018-06-04 10:00", "", "adaash");
    note("2018-06-05 10:00", "", "benash");
    note("2018-06-06 10:00");
    ChronologyQuery query;
    query.types = {"caseNoteAdded"};
    query.child = named<SubjectId>("benash");
    EXPECT_EQ(revisions(rows(query)), (std::vector<uint64_t>{8, 9})) << "what names no child is about all of them";
    query.child.reset();
    query.from = query.to = schema::parse_day("2018-06-05");
    EXPECT_EQ(revisions(rows(query)), (std::vector<uint64_t>{8}));
    query.from = query.to = std::nullopt;
    query.actor = named<PersonId>("dee");
    EXPECT_TRUE(rows(query).empty());
}

TEST_F(Chronology, PagesGiveEveryRowOnceInEitherDirection) {
    for (int i = 0; i < 9; ++i) note("2018-06-04 10:00");  // all at the same time
    for (bool newest_first : {false, true}) {
        ChronologyQuery query;
        query.newest_first = newest_first;
        auto whole = revisions(rows(query));
        query.limit = 4;
        std::vector<uint64_t> paged;
        for (int pages = 0; pages < 10; ++pages) {
            auto page = answer(query);
            ASSERT_TRUE(page);
            for (auto revision : revisions(page->at("rows").as_array())) paged.push_back(revision);
            if (page->at("next").is_null()) break;
            query.cursor = std::string(page->at("next").as_string());
        }
        EXPECT_EQ(paged, whole);
    }
    ChronologyQuery query;
    query.cursor = "r1_2";
    EXPECT_EQ(book.views().chronology(Book::family(), query).error().fault, schema::Fault::malformed);
}

TEST_F(Chronology, EveryEntryKnowsTheEpisodeAndContactItBelongsTo) {
    auto alert =
        book.say("2018-06-04 10:00", "kit", "family-key-worker", {{"managerAlerted", {{"episode", episode.hex()}}}});
    auto decided = book.say(
        "2018-06-04 11:00", "tess", "team-manager",
        {{"escalationDecided", {{"alert", alert.hex()}, {"outcome", "noReferral"}, {"discussedWith", "mash"}}}});
    book.say("2018-06-04 12:00", "tess", "team-manager",
             {{"safeguardingReferralMade", {{"escalation", decided.hex()}}}});
    auto all = rows();
    for (auto& row : all) EXPECT_EQ(row.at("contact"), all[0].at("id"));
    EXPECT_EQ(all.back().at("episode"), json::value(episode.hex()));
    EXPECT_EQ(all[1].at("episode"), nullptr);
}

}  // namespace
}  // namespace projections::test
