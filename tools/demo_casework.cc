// The weeks between plan and ending: visits and their records, direct work, notes, reviews, reviews with a manager,
// what was marked as significant and what had to be corrected.
#include "tools/demo_phrases.h"
#include "tools/demo_story.h"

namespace tools::demo {

using namespace std::chrono_literals;

void Story::plan_visit(Family& family, int least_days, int most_days, bool by_plan) {
    auto day = hours_.working(today() + std::chrono::days{chance_.between(least_days, most_days)});
    auto held = Hours::on(day, 10, 18, chance_);
    // Entered the same evening by some, the next morning by most.
    plan(hours_.later(held, 15, 180, chance_), family, true,
         [this, held, by_plan](Family& f) { hold_visit(f, held, by_plan); });
}

void Story::hold_visit(Family& family, Time held, bool by_plan) {
    auto voice = worker(family);
    if (chance_.percent(8)) {
        static constexpr const char* reasons[] = {"no-access", "no-access", "cancelled-by-family",
                                                  "cancelled-by-service", "other"};
        say(family, voice, "visitNotHeld", {{"episode", text(family.episode)}, {"reason", chance_.pick(reasons)}},
            {.happened = held});
        return plan_visit(family, 2, 8, by_plan);
    }
    int dice = chance_.between(1, 100);
    const char* mode = dice <= 90 ? "face-to-face" : dice <= 96 ? "telephone" : "video";
    int where = chance_.between(1, 100);
    const char* place = dice > 90     ? "remote"
                        : where <= 78 ? "home"
                        : where <= 90 ? "school"
                        : where <= 97 ? "family-centre"
                                      : "public-space";
    bool confidential = where <= 97 && chance_.percent(40);
    auto present = family.child_ids();
    if (present.size() > 1 && chance_.percent(40)) present.pop_back();
    auto visit = say(family, voice, "visitHeld",
                     {{"episode", text(family.episode)},
                      {"mode", mode},
                      {"childrenPresent", list(present)},
                      {"confidential", confidential},
                      {"place", place}},
                     {.happened = held});
    auto* visitor = family.worker;
    auto written = chance_.percent(83) ? hours_.later(std::max(held, now_), 30, 2600, chance_) : in_days(held, 4, 7);
    plan(std::max(written, now_ + 5min), family, false,
         [this, visit, visitor, held](Family& f) { record_visit(f, visit, visitor, held, false); });
    if (chance_.percent(4))
        plan(in_working_days(2, 8), family, false,
             [this, visit, visitor, held](Family& f) { correct_visit(f, visit, visitor, held); });
    // Before the plan as often as the situation asks; then as agreed, and now and then too late.
    if (!by_plan && family.plans.empty()) plan_visit(family, 9, 18, false);
    if (!by_plan) return;
    int every = family.visit_every;
    if (chance_.percent(9)) plan_visit(family, 30, 37, true);
    else plan_visit(family, every - 5, std::min(every + 1, 27), true);
}

void Story::record_visit(Family& family, EventId visit, Person* visitor, Time held, bool introduction) {
    auto voice = visitor->roles.empty() ? worker(family) : Service::as(*visitor, "family-key-worker");
    std::vector<SubjectId> alone;
    for (auto& child : family.children)
        if (child.age >= 5 && chance_.percent(55)) alone.push_back(child.id);
    boost::json::object fact{{"visit", text(visit)},
                             {"seenAlone", list(alone)},
                             {"planReviewed", !introduction && !family.plans.empty() && chance_.percent(80)},
                             {"scaling", chance_.between(3, 9)}};
    auto record = say(family, voice, "visitRecorded", std::move(fact),
                      {.words = {{"observations", write(Topic::observations, family, chance_)}}});
    if (chance_.percent(3))
        plan(in_working_days(1, 6), family, false, [this, record, visitor](Family& f) {
            say(f, corrector(f, visitor), "correctionRecorded", {{"corrects", text(record)}, {"kind", "words"}},
                {.words = {{"reason", write(Topic::correction, f, chance_)},
                           {"observations", write(Topic::observations, f, chance_)}},
                 .basis = {record}});
        });
    if (introduction) return;
    if (chance_.percent(38)) {
        pause();
        std::vector<SubjectId> with{chance_.pick(family.children).id};
        say(family, voice, "directWorkRecorded", {{"episode", text(family.episode)}, {"children", list(with)}},
            {.words = {{"analysis", write(Topic::direct_work, family, chance_)}}, .about = with, .happened = held});
    }
    if (family.ending || family.plans.empty() || !chance_.percent(22)) return;
    auto& changed = family.plans[chance_.below(static_cast<uint32_t>(family.plans.size()))];
    pause();
    changed.latest = say(family, voice, "planUpdated", {{"plan", text(changed.agreed)}},
                         {.words = {{"plan", write(Topic::plan_update, family, chance_)}}, .about = {changed.child}});
}

// The day was wrong, or the visit was entered twice; the first entry stays where it is.
// Whoever wrote an entry corrects it, or a manager when somebody else has the case by now.
Voice Story::corrector(const Family& family, const Person* author) const {
    return family.worker == author ? worker(family) : manager(family);
}

void Story::correct_visit(Family& family, EventId visit, const Person* visitor, Time held) {
    auto voice = corrector(family, visitor);
    if (chance_.percent(60)) {
        say(family, voice, "correctionRecorded",
            {{"corrects", text(visit)}, {"kind", "occurred"}, {"occurred", schema::iso(held - 24h)}},
            {.words = {{"reason", write(Topic::correction, family, chance_)}}, .basis = {visit}});
        return;
    }
    auto twin = say(family, voice, "caseNoteAdded", {{"note", "action"}},
                    {.words = {{"note", write(Topic::note, family, chance_)}}});
    plan(soon(10, 600), family, false, [this, twin, voice](Family& f) {
        say(f, voice, "correctionRecorded", {{"corrects", text(twin)}, {"kind", "enteredInError"}},
            {.words = {{"reason", "Belongs to another family's record; entered there."}}, .basis = {twin}});
    });
}

void Story::write_note(Family& family) {
    static constexpr const char* kinds[] = {"action", "action", "observation", "analysis", "decision"};
    bool remembered = chance_.percent(12);  // the day only, and written up later
    auto happened = remembered ? now_ - 24h * chance_.between(1, 4) : ago(2, 90);
    std::string kind = chance_.pick(kinds);
    auto note =
        say(family, worker(family), "caseNoteAdded", {{"note", kind}, {"children", list(family.child_ids())}},
            {.words = {{"note", write(Topic::note, family, chance_)}}, .happened = happened, .day_only = remembered});
    if (chance_.percent(17)) mark_significant(family, note);
    routine(in_days(5, 10), family, &Story::write_note);
}

void Story::review(Family& family) {
    auto held = ago(70, 160);
    int dice = chance_.between(1, 100);
    auto meeting = say(family, worker(family), "reviewMeetingHeld",
                       {{"episode", text(family.episode)},
                        {"review", "formal"},
                        {"progress", dice <= 64   ? "measurable"
                                     : dice <= 90 ? "notMeasurable"
                                                  : "notJudged"},
                        {"nextReview", schema::iso(hours_.working(today() + std::chrono::days{42}))}},
                       {.happened = held});
    plan(chance_.percent(78) ? in_working_days(1, 5) : in_working_days(6, 10), family, true,
         [this, meeting](Family& f) { distribute_minutes(f, meeting); });
    if (chance_.percent(25)) mark_significant(family, meeting);
    routine(afternoon(chance_.percent(80) ? in_days(34, 40) : in_days(43, 52)), family, &Story::review);
}

void Story::review_with_manager(Family& family) {
    say(family, manager(family), "managerReviewHeld", {{"episode", text(family.episode)}},
        {.words = {{"direction", write(Topic::direction, family, chance_)}}, .basis = {family.allocation}});
    routine(chance_.percent(85) ? in_days(76, 90) : in_days(92, 104), family, &Story::review_with_manager);
}

void Story::mark_significant(Family& family, EventId entry) {
    plan(soon(30, 4000), family, false, [this, entry](Family& f) {
        static constexpr const char* impacts[] = {"positive", "positive", "mixed", "negative"};
        auto children = f.child_ids();
        if (children.size() > 1 && chance_.percent(40)) children.erase(children.begin());
        std::string impact = chance_.pick(impacts);
        say(f, worker(f), "significanceMarked",
            {{"entry", text(entry)}, {"impact", impact}, {"children", list(children)}},
            {.words = {{"impact", write(Topic::impact, f, chance_)}}, .about = children});
    });
}

}  // namespace tools::demo
