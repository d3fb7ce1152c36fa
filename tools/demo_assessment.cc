// introductory visit -> consents -> agencies, network, assessment -> submitted, returned or authorised -> shared
// -> planning meeting, plans, minutes.
#include "tools/demo_phrases.h"
#include "tools/demo_story.h"

namespace tools::demo {

using namespace std::chrono_literals;

void Story::introduce(Family& family) {
    auto held = ago(40, 150);
    auto voice = worker(family);
    auto visit = say(
        family, voice, "introductoryVisitHeld",
        {{"episode", text(family.episode)}, {"mode", "face-to-face"}, {"childrenPresent", list(family.child_ids())}},
        {.happened = held});
    pause();
    say(family, voice, "consentConfirmed", {{"consent", text(family.referral_consent)}}, {.happened = held});
    if (chance_.percent(90)) {
        pause();
        say(family, voice, "consentRecorded",
            {{"scope", "agencies"}, {"form", "written"}, {"givenBy", text(family.adults.front().id)}},
            {.happened = held});
        family.agencies = true;
        for (int i = chance_.between(1, 3); i > 0; --i) routine(in_working_days(1, 10), family, &Story::contact_agency);
    }
    if (chance_.percent(45)) {
        pause();
        say(family, voice, "consentRecorded",
            {{"scope", "messaging"}, {"form", "electronic"}, {"givenBy", text(family.adults.front().id)}},
            {.happened = held});
    } else if (chance_.percent(15)) {
        pause();
        say(family, voice, "consentRefused", {{"scope", "messaging"}}, {.happened = held});
    }
    auto* visitor = family.worker;
    plan(chance_.percent(84) ? soon(60, 1500) : in_days(4, 6), family, false,
         [this, visit, visitor, held](Family& f) { record_visit(f, visit, visitor, held, true); });
    if (chance_.percent(60)) mark_significant(family, visit);
    routine(soon(120, 2000), family, &Story::start_assessment);
    routine(in_working_days(2, 9), family, &Story::draw_network);
    if (chance_.percent(80)) plan_visit(family, 7, 16, false);
}

void Story::contact_agency(Family& family) {
    static constexpr const char* agencies[] = {"school",
                                               "school",
                                               "health-visiting",
                                               "general-practitioner",
                                               "camhs",
                                               "childrens-centre",
                                               "police",
                                               "education-inclusion",
                                               "young-carers",
                                               "befriending",
                                               "early-years-provider"};
    if (!family.agencies) return;
    std::string agency = chance_.pick(agencies);
    say(family, worker(family), "agencyContacted", {{"episode", text(family.episode)}, {"agency", agency}});
    if (!chance_.percent(70)) return;
    plan(soon(60, 2400), family, true, [this, agency](Family& f) {
        say(f, worker(f), "caseNoteAdded", {{"note", "observation"}, {"children", list(f.child_ids())}},
            {.words = {{"note", write(Topic::note, f, chance_)}},
             .source = {{"role", agency}, {"reliability", chance_.percent(70) ? "fact" : "hearsay"}}});
    });
}

void Story::draw_network(Family& family) {
    static constexpr const char* forms[] = {"genogram", "genogram", "ecomap", "equivalent"};
    say(family, worker(family), "familyNetworkRecorded",
        {{"episode", text(family.episode)}, {"form", chance_.pick(forms)}});
}

void Story::start_assessment(Family& family) {
    if (family.withdrawn) return routine(in_working_days(2, 6), family, &Story::start_assessment);
    family.assessment = say(family, worker(family), "assessmentStarted",
                            {{"episode", text(family.episode)}, {"assessment", "wellbeing"}});
    auto due =
        chance_.percent(84) ? in_working_days(family.accepted, 11, 17) : in_working_days(family.accepted, 19, 27);
    if (due < now_ + 48h) due = in_working_days(3, 8);
    routine(due, family, &Story::submit_assessment);
}

void Story::submit_assessment(Family& family) {
    auto met = family.child_ids();
    if (met.size() > 2 && chance_.percent(20)) met.pop_back();  // one of the brothers and sisters was never there
    family.submission = say(family, worker(family), "assessmentSubmitted",
                            {{"assessment", text(family.assessment)}, {"childrenMet", list(met)}},
                            {.words = {{"analysis", write(Topic::assessment, family, chance_)}}});
    routine(chance_.percent(60) ? soon(120, 900) : in_working_days(1, 3), family, &Story::judge_assessment);
}

void Story::judge_assessment(Family& family) {
    auto voice = manager(family);
    if (chance_.percent(12)) {
        say(family, voice, "assessmentReturned", {{"submission", text(family.submission)}},
            {.words = {{"reason", write(Topic::returned, family, chance_)}}, .basis = {family.submission}});
        return routine(in_working_days(1, 4), family, &Story::submit_assessment);
    }
    auto authorised =
        say(family, voice, "assessmentAuthorised", {{"submission", text(family.submission)}},
            {.words = {{"rationale", write(Topic::authorised, family, chance_)}}, .basis = {family.submission}});
    if (chance_.percent(93)) {
        pause();
        say(family, voice, "oversightRecorded", {{"episode", text(family.episode)}, {"point", "assessment"}},
            {.words = {{"rationale", write(Topic::oversight, family, chance_)}}, .basis = {authorised}});
    }
    if (chance_.percent(35)) mark_significant(family, authorised);
    routine(in_working_days(1, 4), family, &Story::share_assessment);
    routine(afternoon(in_working_days(4, 9)), family, &Story::hold_planning_meeting);
}

void Story::share_assessment(Family& family) {
    std::vector<SubjectId> old_enough;
    for (auto& child : family.children)
        if (child.age >= 10) old_enough.push_back(child.id);
    say(family, worker(family), "assessmentShared",
        {{"assessment", text(family.assessment)}, {"children", list(old_enough)}, {"writtenCopy", true}});
}

void Story::hold_planning_meeting(Family& family) {
    auto held = ago(95, 180);
    auto voice = worker(family);
    auto review = schema::iso(hours_.working(today() + std::chrono::days{42}));
    family.meeting = say(family, voice, "planningMeetingHeld",
                         {{"episode", text(family.episode)},
                          {"attendees", chance_.between(4, 9)},
                          {"minutes", chance_.between(55, 125)},
                          {"nextReview", review}},
                         {.happened = held});
    family.visit_every = 7 * chance_.between(2, 4);
    for (auto& child : family.children) {
        pause();
        auto agreed =
            say(family, voice, "planAgreed",
                {{"episode", text(family.episode)},
                 {"child", text(child.id)},
                 {"plan", "wellbeing-plan"},
                 {"reviewBy", review},
                 {"visitEveryDays", family.visit_every}},
                {.words = {{"plan", write(Topic::plan, family, chance_)}}, .about = {child.id}, .happened = held});
        family.plans.push_back({child.id, agreed, agreed});
    }
    auto meeting = family.meeting;
    auto minutes = chance_.percent(80) ? in_working_days(1, 5) : in_working_days(6, 9);
    plan(minutes, family, true, [this, meeting](Family& f) { distribute_minutes(f, meeting); });
    if (chance_.percent(92)) routine(in_working_days(1, 4), family, &Story::oversee_first_plan);
    if (chance_.percent(40)) mark_significant(family, meeting);
    plan_visit(family, 10, 24, true);
    routine(afternoon(in_days(34, 41)), family, &Story::review);
}

void Story::distribute_minutes(Family& family, EventId meeting) {
    say(family, worker(family), "minutesDistributed",
        {{"meeting", text(meeting)}, {"recipients", chance_.between(4, 9)}});
}

void Story::oversee_first_plan(Family& family) {
    say(family, manager(family), "oversightRecorded", {{"episode", text(family.episode)}, {"point", "first-plan"}},
        {.words = {{"rationale", write(Topic::oversight, family, chance_)}}, .basis = {family.meeting}});
}

}  // namespace tools::demo
