// withdrawal or disengagement -> a manager considers it; or goals met -> closure proposed, ending meeting, letter with
// the final plans, summary -> oversight, quality -> closed by a manager -> feedback -> perhaps referred again.
#include "schema/message.h"
#include "schema/packs/bex_2018.capnp.h"
#include "tools/demo_phrases.h"
#include "tools/demo_story.h"

namespace tools::demo {

using schema::text_of;

void Story::withdraw(Family& family) {
    family.closure = say(family, worker(family), "consentWithdrawn", {{"scope", "referral"}},
                         {.happened = ago(10, 200), .source = {{"role", "parent"}, {"reliability", "fact"}}});
    family.withdrawn = true;
    mark_significant(family, family.closure);
    routine(chance_.percent(60) ? soon(60, 500) : in_working_days(1, 6), family, &Story::consider_withdrawal);
}

void Story::consider_withdrawal(Family& family) {
    int dice = chance_.between(1, 100);
    bool back = dice <= 25, refer = dice > 85;
    say(family, manager(family), "withdrawalConsidered",
        {{"withdrawal", text(family.closure)},
         {"worriesContinue", refer},
         {"decision", back    ? "reengage"
                      : refer ? "referToSocialCare"
                              : "close"}},
        {.words = {{"rationale", write(Topic::withdrawal, family, chance_)}}, .basis = {family.closure}});
    if (!back)
        return plan(soon(120, 1500), family, true, [this, refer](Family& f) { end_with(f, "not-wanted", refer); });
    plan(in_working_days(2, 6), family, true, [this](Family& f) {
        f.referral_consent = say(f, worker(f), "consentRecorded",
                                 {{"scope", "referral"}, {"form", "written"}, {"givenBy", text(f.adults.front().id)}});
        f.withdrawn = false;
    });
}

void Story::disengage(Family& family) {
    say(family, worker(family), "visitNotHeld", {{"episode", text(family.episode)}, {"reason", "no-access"}});
    bool worries = chance_.percent(50);
    plan(in_days(6, 12), family, true, [this, worries](Family& f) {
        say(f, worker(f), "visitNotHeld", {{"episode", text(f.episode)}, {"reason", "no-access"}});
        plan(in_days(4, 9), f, true, [this, worries](Family& again) { end_with(again, "disengaged", worries); });
    });
}

void Story::propose_closure(Family& family) {
    if (family.withdrawn || family.transferring) return routine(in_days(14, 25), family, &Story::propose_closure);
    int dice = chance_.between(1, 100);
    end_with(family, dice <= 78 ? "goals-met" : dice <= 90 ? "not-wanted" : "time-limit", false);
}

void Story::end_with(Family& family, const char* reason, bool worries) {
    family.ending = true;
    family.ending_reason = reason;
    family.worries_continue = worries;
    family.closure = say(family, worker(family), "closureProposed",
                         {{"episode", text(family.episode)}, {"reason", reason}, {"worriesContinue", worries}},
                         {.words = {{"evidence", write(Topic::closing, family, chance_)}}});
    if (worries) later(soon(30, 600), family, &Story::consider_closure);
    later(in_working_days(3, 10), family, &Story::meet_to_end);
}

void Story::consider_closure(Family& family) {
    say(family, manager(family), "withdrawalConsidered",
        {{"withdrawal", text(family.closure)}, {"worriesContinue", true}, {"decision", "referToSocialCare"}},
        {.words = {{"rationale", write(Topic::escalation, family, chance_)}}, .basis = {family.closure}});
}

void Story::meet_to_end(Family& family) {
    bool willing = family.ending_reason == "goals-met" || family.ending_reason == "time-limit";
    bool held = chance_.percent(willing ? 92 : 25);
    auto voice = worker(family);
    say(family, voice, "endingMeetingHeld", {{"episode", text(family.episode)}, {"held", held}});
    pause();
    say(family, voice, "feedbackFormProvided", {{"episode", text(family.episode)}});
    later(in_working_days(1, 4), family, &Story::write_closing_papers);
}

void Story::write_closing_papers(Family& family) {
    auto voice = worker(family);
    boost::json::array plans;
    for (auto& plan : family.plans) plans.push_back(text(plan.latest));
    say(family, voice, "closureLetterIssued", {{"episode", text(family.episode)}, {"finalPlans", std::move(plans)}});
    pause();
    say(family, voice, "closureSummaryRecorded", {{"episode", text(family.episode)}},
        {.words = {{"summary", write(Topic::summary, family, chance_)}}});
    if (!family.recorded.count("visitRecorded") && !family.recorded.count("caseNoteAdded")) {
        pause();
        say(family, voice, "caseNoteAdded", {{"note", "action"}},
            {.words = {{"note", write(Topic::note, family, chance_)}}});
    }
    if (!family.recorded.count("significanceMarked")) {
        pause();
        say(family, voice, "significanceMarked",
            {{"entry", text(family.closure)}, {"impact", "positive"}, {"children", list(family.child_ids())}},
            {.words = {{"impact", write(Topic::impact, family, chance_)}}});
    }
    later(in_working_days(1, 4), family, &Story::close_case);
}

// What the record lacks of the practice's checklist, each with a reason.
boost::json::array Story::not_applicable(const Family& family) const {
    boost::json::array lacking;
    auto recorded = [&](capnp::Text::Reader type) { return family.recorded.count(std::string(text_of(type))) > 0; };
    schema::Practice::Reader practice = schema::packs::BEX2018.get();
    for (auto item : practice.getChecklists()[0].getItems()) {
        bool complete = true;
        for (auto evidence : item.getEvidence()) {
            if (evidence.getWhen().size() && !recorded(evidence.getWhen())) continue;
            bool found = false;
            for (auto type : evidence.getAnyOf()) found = found || recorded(type);
            complete = complete && found;
        }
        if (complete) continue;
        const char* reason = item.getNumber() == 1                            ? "none-took-place"
                             : item.getNumber() == 2 || item.getNumber() == 9 ? "family-declined"
                                                                              : "not-reached";
        lacking.push_back(boost::json::object{{"item", item.getNumber()}, {"reason", reason}});
    }
    return lacking;
}

void Story::close_case(Family& family) {
    auto voice = manager(family);
    auto overseen =
        say(family, voice, "oversightRecorded", {{"episode", text(family.episode)}, {"point", "closure"}},
            {.words = {{"rationale", write(Topic::oversight, family, chance_)}}, .basis = {family.closure}});
    pause();
    auto confirmed =
        say(family, voice, "recordQualityConfirmed",
            {{"episode", text(family.episode)}, {"notApplicable", not_applicable(family)}}, {.basis = {overseen}});
    pause();
    bool met = family.ending_reason == "goals-met";
    const char* outcome = met ? (chance_.percent(65) ? "goals-met" : "goals-partly-met")
                              : (chance_.percent(50)   ? "goals-partly-met"
                                 : chance_.percent(50) ? "goals-not-met"
                                                       : "not-known");
    say(family, voice, "caseClosed",
        {{"episode", text(family.episode)}, {"reason", family.ending_reason}, {"outcome", outcome}},
        {.words = {{"rationale", write(Topic::closed, family, chance_)}}, .basis = {family.closure, confirmed}});
    episode_ended(family);
}

void Story::receive_feedback(Family& family) {
    static constexpr const char* ratings[] = {"excellent", "excellent", "good", "good", "good", "fair", "poor"};
    say(family, Service::as(*service_.support, "business-support"), "feedbackReceived",
        {{"episode", text(family.prior_episode)}, {"rating", chance_.pick(ratings)}});
}

void Story::episode_ended(Family& family) {
    bool closed = family.recorded.count("caseClosed") > 0;
    family.worker->children -= static_cast<uint32_t>(family.children.size());
    ++family.chapter;
    family.open = family.ending = family.agencies = family.withdrawn = family.transferring = family.kept = false;
    family.allocation = {};
    family.prior_episode = family.episode;
    family.plans.clear();
    family.recorded.clear();
    if (closed && chance_.percent(60)) later(in_working_days(4, 15), family, &Story::receive_feedback);
    if (family.fate == Fate::returns && family.chapter == 1) {
        auto happened = in_days(35, 110);
        plan(hours_.later(happened, 2, 25, chance_), family, false,
             [this, happened](Family& f) { receive_contact(f, happened, false); });
    }
}

}  // namespace tools::demo
