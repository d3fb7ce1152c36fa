// alert -> decision -> told or not told. Then nothing more, or the front door at once (significant harm), or the panel
// (child in need): proposal, summary, two chairs on a Wednesday, handover, and only then the two records.
// A step-down walks the same path from the other side.
#include "tools/demo_phrases.h"
#include "tools/demo_story.h"

namespace tools::demo {

using namespace std::chrono_literals;

void Story::raise_alert(Family& family) {
    family.alert = say(family, worker(family), "managerAlerted", {{"episode", text(family.episode)}},
                       {.words = {{"worry", write(Topic::worry, family, chance_)}},
                        .happened = ago(3, 25),
                        .source = {{"reliability", "opinion"}}});
    family.transferring = family.fate == Fate::child_in_need || family.fate == Fate::panel_declines;
    routine(soon(12, 100), family, &Story::decide_escalation);
    mark_significant(family, family.alert);
}

void Story::decide_escalation(Family& family) {
    bool harm = family.fate == Fate::significant_harm, none = family.fate == Fate::worry_passes;
    auto voice = manager(family);
    bool silent = harm && chance_.percent(70);
    if (silent) {
        say(family, voice, "notInformingJudged", {{"alert", text(family.alert)}},
            {.words = {{"rationale", write(Topic::not_telling, family, chance_)}}, .basis = {family.alert}});
        pause();
    }
    bool front_door = harm || chance_.percent(50);
    family.escalation =
        say(family, voice, "escalationDecided",
            {{"alert", text(family.alert)},
             {"outcome", harm   ? "significantHarm"
                         : none ? "noReferral"
                                : "childInNeed"},
             {"discussedWith", front_door ? "mash" : "social-care-duty-manager"}},
            {.words = {{"rationale", write(Topic::escalation, family, chance_)}}, .basis = {family.alert}});
    if (silent) routine(soon(5, 60), family, &Story::not_tell_family);
    else if (chance_.percent(85)) routine(soon(30, 600), family, &Story::tell_family);
    if (harm) {
        pause();
        say(family, voice, "safeguardingReferralMade", {{"escalation", text(family.escalation)}},
            {.basis = {family.escalation}});
        plan(in_working_days(6, 18), family, true, [this](Family& f) { end_with(f, "transferred", true); });
    } else if (!none) {
        routine(soon(90, 900), family, &Story::propose_step_up);
    }
}

void Story::tell_family(Family& family) {
    say(family, worker(family), "familyInformed", {{"alert", text(family.alert)}});
}

void Story::not_tell_family(Family& family) {
    say(family, worker(family), "familyNotInformed", {{"alert", text(family.alert)}});
}

void Story::propose_step_up(Family& family) {
    family.transfer =
        say(family, worker(family), "transferProposed",
            {{"direction", "stepUp"}, {"episode", text(family.episode)}, {"escalation", text(family.escalation)}},
            {.words = {{"reason", write(Topic::transfer_reason, family, chance_)}}});
    later(soon(120, 1200), family, &Story::prepare_summary);
}

void Story::propose_step_down(Family& family) {
    auto voice = social_worker(family);
    boost::json::object fact{{"direction", "stepDown"}, {"children", list(family.child_ids())}};
    std::vector<SubjectId> adults;
    for (auto& adult : family.adults) adults.push_back(adult.id);
    fact["adults"] = list(adults);
    family.transfer = say(family, voice, "transferProposed", std::move(fact),
                          {.words = {{"reason", write(Topic::transfer_reason, family, chance_)}}});
    pause();
    family.referral_consent =
        say(family, voice, "consentRecorded",
            {{"scope", "transfer"}, {"form", "written"}, {"givenBy", text(family.adults.front().id)}});
    later(soon(120, 1200), family, &Story::prepare_summary);
}

void Story::prepare_summary(Family& family) {
    auto voice = family.open ? worker(family) : social_worker(family);
    say(family, voice, "transferSummaryPrepared", {{"transfer", text(family.transfer)}},
        {.words = {{"history", write(Topic::history, family, chance_)},
                   {"worries", write(Topic::worries, family, chance_)},
                   {"strengths", write(Topic::strengths, family, chance_)},
                   {"next-steps", write(Topic::next_steps, family, chance_)}}});
    // The panel sits on Wednesdays.
    auto day = today() + std::chrono::days{1};
    while (std::chrono::weekday{day} != std::chrono::Wednesday || !hours_.is_working(day)) day += std::chrono::days{1};
    later(Hours::on(day, 10, 12, chance_), family, &Story::hold_panel);
}

void Story::hold_panel(Family& family) {
    bool declines = family.fate == Fate::panel_declines;
    auto& presenting = family.open ? *family.worker : *social_worker(family).person;
    boost::json::object fact{{"transfer", text(family.transfer)}, {"decision", declines ? "notTransfer" : "transfer"}};
    fact["presentedBy"] = boost::json::array{
        text(presenting.id), text(family.open ? service_.manager_of(family.team).id : service_.care_manager->id)};
    auto on = hours_.working(today() + std::chrono::days{chance_.between(5, 14)});
    if (!declines) fact["transferOn"] = schema::iso(on);
    auto decided =
        say(family, Service::as(*service_.service_manager, "panel-co-chair"), "panelDecided", std::move(fact),
            {.words = {{"rationale", write(Topic::panel, family, chance_)}},
             .basis = {family.transfer},
             .joint = Service::as(*service_.care_service_manager, "panel-co-chair")});
    if (family.open && chance_.percent(90)) {
        pause();
        say(family, manager(family), "oversightRecorded", {{"episode", text(family.episode)}, {"point", "transfer"}},
            {.words = {{"rationale", write(Topic::oversight, family, chance_)}}, .basis = {decided}});
    }
    if (declines) family.transferring = false;
    else later(Hours::on(on, 11, 16, chance_), family, &Story::hand_over);
}

void Story::hand_over(Family& family) {
    auto voice = family.open ? worker(family) : social_worker(family);
    boost::json::object fact{{"transfer", text(family.transfer)}, {"familyPresent", chance_.percent(85)}};
    if (!family.open) {  // who will have the case with us: the one with most room in the team
        auto room = [](const Person& person) {
            return (static_cast<int>(person.cap()) - static_cast<int>(person.children)) * 100 / person.hundredths;
        };
        for (auto* person : service_.workers)
            if (person->takes_cases && person->team == family.team &&
                (!family.worker || room(*person) > room(*family.worker)))
                family.worker = person;
        fact["newWorker"] = text(family.worker->id);
    }
    say(family, voice, "handoverHeld", std::move(fact), {.happened = ago(45, 120)});
    pause();
    if (chance_.percent(90)) say(family, voice, "endingLetterIssued", {{"transfer", text(family.transfer)}});
    later(soon(60, 1500), family, &Story::open_receiving);
}

void Story::open_receiving(Family& family) {
    if (family.open) {
        say(family, Service::as(*service_.care_manager, "receiving-manager"), "receivingRecordOpened",
            {{"transfer", text(family.transfer)}, {"system", "lcs"}}, {.basis = {family.transfer}});
        return later(soon(60, 1500), family, &Story::close_releasing);
    }
    family.episode =
        say(family, manager(family), "receivingRecordOpened",
            {{"transfer", text(family.transfer)}, {"system", "ehm"}, {"team", family.team}, {"level", "targeted"}},
            {.basis = {family.transfer}});
    family.open = true;
    family.accepted = now_;
    plan(soon(60, 1500), family, false, [this](Family& f) {
        say(f, Service::as(*service_.care_manager, "releasing-manager"), "releasingRecordClosed",
            {{"transfer", text(f.transfer)}}, {.basis = {f.transfer}});
    });
    later(in_working_days(1, 3), family, &Story::allocate);
}

void Story::close_releasing(Family& family) {
    family.ending = true;
    say(family, manager(family), "releasingRecordClosed", {{"transfer", text(family.transfer)}},
        {.basis = {family.transfer}});
    episode_ended(family);
}

}  // namespace tools::demo
