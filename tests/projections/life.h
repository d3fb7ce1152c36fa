// Some families' lives as a seed gives them: any event may follow any other as long as what it refers to is there.
// Recorded late, corrected, struck out, marked; with people hired and practice changed in between.
#pragma once
#include <random>

#include "projections/fixture.h"

namespace projections::test {

class Life {
  public:
    Life(Book& book, uint32_t seed) : book_(book), random_(seed) {
        book_.hire("2018-05-21 10:00", "kit", "family-key-worker", "north", 60);
        book_.hire("2018-05-21 10:00", "pat", "family-key-worker", "north", 100);
        book_.adopt("2018-05-22 09:00", schema::packs::BEX2018.get());
    }

    void live(size_t events) {
        while (events-- > 0) {
            // Some entries share their time of recording with the one before.
            if (pick(4) > 0) now_ += std::chrono::hours{1 + pick(40)};
            step();
        }
    }
    Time now() const { return now_; }

  private:
    struct Family {
        StreamId stream;
        std::vector<std::string> children;
        std::map<std::string, std::vector<EventId>> events;  // by type
        std::vector<EventId> all;
    };

    uint32_t pick(uint32_t below) { return static_cast<uint32_t>(random_() % below); }
    std::string one_of(std::initializer_list<const char*> of) {
        return *(of.begin() + pick(static_cast<uint32_t>(of.size())));
    }

    void step() {
        if (pick(25) == 0) return practice();
        if (pick(25) == 0) return supervise();
        if (families_.size() < 3 && (families_.empty() || pick(10) == 0)) {
            auto name = "family" + std::to_string(families_.size());
            families_.push_back({named<StreamId>(name), {child(name + "a"), child(name + "b")}, {}, {}});
        }
        auto& family = families_[pick(static_cast<uint32_t>(families_.size()))];
        for (int tries = 0; tries < 30; ++tries)
            if (act(family)) return;
    }

    // Says a fact of `type`; `fields` may name earlier types whose newest event it refers to.
    bool say(Family& family, const std::string& type, json::object fields,
             std::initializer_list<std::pair<const char*, const char*>> refers = {}) {
        for (auto [field, referred] : refers) {
            auto& known = family.events[referred];
            if (known.empty()) return false;
            fields[field] = known[pick(2) ? known.size() - 1 : pick(static_cast<uint32_t>(known.size()))].hex();
        }
        How how;
        how.recorded = schema::iso(now_);
        how.team = pick(2) ? "north" : "";
        auto occurred = now_ - std::chrono::minutes{pick(4) ? pick(60) : pick(60 * 24 * 5)};
        auto id = book_.record(schema::iso(occurred), one_of({"kit", "pat", "tess", "dee"}), "team-manager",
                               family.stream, {{type, std::move(fields)}}, how);
        family.events[type].push_back(id);
        family.all.push_back(id);
        return true;
    }

    bool act(Family& family) {
        auto kid = family.children[pick(2)];
        auto worker = person(one_of({"kit", "pat"}));
        auto option = one_of({"accept", "accept", "signpost", "redirect"});
        switch (pick(34)) {
            case 0:
                return say(family, "contactReceived",
                           {{"channel", "telephone"},
                            {"referrer", "school"},
                            {"consent", "verbal"},
                            {"children", {family.children[0], family.children[1]}}});
            case 1: return say(family, "mashDecided", {{"option", option}}, {{"contact", "contactReceived"}});
            case 2: return say(family, "contactRouted", {}, {{"contact", "contactReceived"}});
            case 3: return say(family, "secondCheckRecorded", {{"option", option}}, {{"contact", "contactReceived"}});
            case 4: return say(family, "referralAccepted", {{"level", "targeted"}}, {{"contact", "contactReceived"}});
            case 5:
                return say(family, "episodeOpened", {{"team", one_of({"north", "south"})}},
                           {{"contact", "contactReceived"}});
            case 6:
                return say(family, "allocated", {{"worker", worker}, {"scaling", 4}}, {{"episode", "episodeOpened"}});
            case 7: return say(family, "reallocated", {{"worker", worker}}, {{"episode", "episodeOpened"}});
            case 8:
                return say(family, "introductoryVisitHeld", {{"mode", "face-to-face"}}, {{"episode", "episodeOpened"}});
            case 9:
                return say(family, "assessmentStarted", {{"assessment", "wellbeing"}}, {{"episode", "episodeOpened"}});
            case 10: return say(family, "assessmentSubmitted", {}, {{"assessment", "assessmentStarted"}});
            case 11: return say(family, "assessmentAuthorised", {}, {{"submission", "assessmentSubmitted"}});
            case 12:
                return say(family, "planningMeetingHeld", {{"attendees", 3}, {"minutes", 60}},
                           {{"episode", "episodeOpened"}});
            case 13:
                return say(family, "planAgreed", {{"child", kid}, {"plan", "wellbeing-plan"}, {"visitEveryDays", 14}},
                           {{"episode", "episodeOpened"}});
            case 14:
                return say(family, "visitHeld", {{"mode", "face-to-face"}, {"place", "home"}},
                           {{"episode", "episodeOpened"}});
            case 15: return say(family, "visitRecorded", {{"scaling", 6}}, {{"visit", "visitHeld"}});
            case 16:
                return say(family, "reviewMeetingHeld", {{"review", "formal"}, {"progress", "measurable"}},
                           {{"episode", "episodeOpened"}});
            case 17: return say(family, "managerAlerted", {}, {{"episode", "episodeOpened"}});
            case 18:
                return say(family, "escalationDecided", {{"outcome", "childInNeed"}, {"discussedWith", "mash"}},
                           {{"alert", "managerAlerted"}});
            case 19: return say(family, "consentRecorded", {{"scope", "referral"}, {"form", "written"}});
            case 20: return say(family, "consentWithdrawn", {{"scope", "referral"}});
            case 21:
                return say(family, "withdrawalConsidered", {{"decision", "reengage"}},
                           {{"withdrawal", "consentWithdrawn"}});
            case 22:
                return say(family, "outcomeShared", {{"party", one_of({"referrer", "family"})}},
                           {{"contact", "contactReceived"}});
            case 23: return say(family, "oversightRecorded", {{"point", "allocation"}}, {{"episode", "episodeOpened"}});
            case 24: return say(family, "transferProposed", {{"direction", "stepUp"}}, {{"episode", "episodeOpened"}});
            case 25: return say(family, "releasingRecordClosed", {}, {{"transfer", "transferProposed"}});
            case 26: return say(family, "closureProposed", {{"reason", "goals-met"}}, {{"episode", "episodeOpened"}});
            case 27:
                return say(family, "caseClosed", {{"reason", "goals-met"}, {"outcome", "goals-met"}},
                           {{"episode", "episodeOpened"}});
            case 28: return say(family, "caseNoteAdded", {{"note", "action"}, {"children", {kid}}});
            case 29:
                return say(family, "capacityOverrideApproved", {{"worker", worker}, {"cap", 15}, {"projected", 17}},
                           {{"episode", "episodeOpened"}});
            case 30:
            case 31: return correct(family);
            case 32:
                return say(family, "levelSet", {{"children", {kid}}, {"level", "targeted"}},
                           {{"episode", "episodeOpened"}});
            case 33: {
                if (family.all.empty()) return false;
                auto about = family.all[pick(static_cast<uint32_t>(family.all.size()))].hex();
                return say(family, "significanceMarked",
                           {{"entry", about}, {"impact", "positive"}, {"children", {kid}}});
            }
        }
        return false;
    }

    bool correct(Family& family) {
        if (family.all.empty()) return false;
        json::object fields{{"corrects", family.all[pick(static_cast<uint32_t>(family.all.size()))].hex()},
                            {"kind", one_of({"words", "occurred", "enteredInError"})}};
        if (fields["kind"] == "occurred") fields["occurred"] = schema::iso(now_ - std::chrono::hours{pick(200)});
        return say(family, "correctionRecorded", std::move(fields));
    }
    void supervise() {
        How how;
        how.recorded = schema::iso(now_);
        book_.record(schema::iso(now_), "tess", "team-manager", Book::service(),
                     {{"supervisionHeld",
                       {{"worker", person(one_of({"kit", "pat"}))}, {"kind", "individual"}, {"minutes", 60}}}},
                     how);
    }
    void practice() {
        auto when = schema::iso(now_);
        switch (pick(3)) {
            case 0:
                return (void)book_.record(when, "gov", "data-governor", Book::practice(),
                                          {{"practiceExtended", {{"practice", "BEX-2018"}, {"until", "2022-09-20"}}}});
            case 1:
                return (void)book_.record(when, "gov", "data-governor", Book::practice(),
                                          {{"readingAdopted",
                                            {{"practice", "BEX-2018"},
                                             {"rule", "T04"},
                                             {"reading", one_of({"A-72h", "B-3wd"})},
                                             {"from", "2018-05-22"}}}});
            case 2:
                return (void)book_.record(when, "gov", "data-governor", Book::directory(),
                                          {{"teamFormed",
                                            {{"team", one_of({"north", "south"})},
                                             {"kind", "team"},
                                             {"name", "Team of " + when.substr(0, 10)}}}});
        }
    }

    Book& book_;
    std::mt19937 random_;
    Time now_ = at("2018-05-22 12:00");
    std::vector<Family> families_;
};

// Everything the views say about a book at one time, as one text.
inline std::string everything(Book& book, AsAt as_at) {
    std::string all;
    auto& views = book.views();
    auto add = [&](const char* what, schema::Result<json::object> answer) {
        all += what + (" " + (answer ? json::serialize(*answer) : answer.error().text())) + "\n";
    };
    auto streams = book.ledger().streams();
    std::sort(streams->begin(), streams->end());
    for (auto& stream : *streams) {
        if (schema::kind_of(stream) != schema::StreamKind::family) continue;
        auto known = views.case_json(stream, as_at);
        if (!known && known.error().fault == schema::Fault::not_found) continue;  // not by then
        add("case", std::move(known));
        auto chronology = [&](const char* what, const ChronologyQuery& query) {
            auto page = views.chronology(stream, query);
            all += what + (" " + (page ? page->text() : page.error().text())) + "\n";
        };
        ChronologyQuery query;
        query.as_at = as_at;
        chronology("happened", query);
        query.order = ChronologyQuery::recorded;
        query.significant_only = true;
        chronology("recorded", query);
        add("timeliness", views.timeliness_case_json(stream, as_at));
    }
    add("caseload", views.caseload_json(as_at));
    add("service", views.timeliness_json({}, as_at));
    add("due soon", views.due_soon_json({}, as_at));
    return all;
}

}  // namespace projections::test
