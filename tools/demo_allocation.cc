// allocation (over the cap only with an approval) -> oversight, letter, first contact with the family.
#include "tools/demo_phrases.h"
#include "tools/demo_story.h"

namespace tools::demo {

// Mostly whoever has most room; sometimes the one who knows the school, the language or the family.
Person& Story::choose_worker(Family& family, bool& over) {
    auto children = static_cast<uint32_t>(family.children.size());
    auto takes = [&](Person* person) { return person->takes_cases && person->team == family.team; };
    Person* best = family.worker && takes(family.worker) ? family.worker : nullptr;  // of an earlier episode
    bool matched = chance_.percent(25);
    std::vector<Person*> team;
    for (auto* person : service_.workers)
        if (takes(person)) team.push_back(person);
    if (!best && matched) best = chance_.pick(team);
    auto room = [&](Person* person) {
        return static_cast<int>(person->cap()) - static_cast<int>(person->children + children);
    };
    if (!best || room(best) < -4)
        for (auto* person : team)
            if (!best || room(person) * 100 / person->hundredths > room(best) * 100 / best->hundredths) best = person;
    over = room(best) < 0;
    return *best;
}

void Story::allocate(Family& family) {
    bool over = false;
    family.worker = &choose_worker(family, over);
    family.worker->children += static_cast<uint32_t>(family.children.size());
    family.override_approved.reset();
    if (!over) return complete_allocation(family);

    approve_override(family);
    later(soon(10, 90), family, &Story::complete_allocation);
}

void Story::approve_override(Family& family) {
    family.projected = family.worker->children;
    family.override_approved =
        say(family, Service::as(*service_.service_manager, "service-manager"), "capacityOverrideApproved",
            {{"episode", text(family.episode)},
             {"worker", text(family.worker->id)},
             {"cap", family.worker->cap()},
             {"projected", family.projected}},
            {.words = {{"reason", write(Topic::override_reason, family, chance_)}}, .basis = {family.episode}});
}

void Story::complete_allocation(Family& family) {
    if (!family.worker->takes_cases) {  // is leaving, as everybody has just heard
        family.worker->children -= static_cast<uint32_t>(family.children.size());
        return allocate(family);
    }
    // Somebody else was promised the same worker meanwhile: the approver is asked again, with what it has come to.
    if (family.override_approved && family.worker->children > family.projected) {
        approve_override(family);
        pause();
    }
    boost::json::object fact{
        {"episode", text(family.episode)}, {"worker", text(family.worker->id)}, {"scaling", chance_.between(2, 6)}};
    if (family.override_approved) fact["capacityOverride"] = text(*family.override_approved);
    if (chance_.percent(35)) {
        auto day = [&](int working_days) { return schema::iso(hours_.after(today(), working_days)); };
        fact["visitBy"] = day(chance_.between(4, 8));
        fact["assessmentBy"] = day(18);
        fact["meetingBy"] = day(25);
        fact["managerReviewBy"] = day(62);
    }
    bool by_duty = chance_.percent(70);
    Aside aside{.words = {{"needs", write(Topic::needs, family, chance_)}}, .basis = {family.episode}};
    if (family.override_approved) aside.basis.push_back(*family.override_approved);
    auto allocated = say(family, by_duty ? duty() : manager(family), "allocated", std::move(fact), std::move(aside));
    family.allocation = allocated;

    if (family.children.size() >= 4) {
        pause();
        say(family, manager(family), "leadAppointed",
            {{"episode", text(family.episode)}, {"lead", text(family.worker->id)}}, {.basis = {family.allocation}});
    }
    int dice = chance_.between(1, 100);
    if (dice <= 95) later(dice <= 86 ? soon(30, 480) : in_working_days(2, 5), family, &Story::oversee_allocation);
    later(soon(60, 900), family, &Story::send_allocation_letter);
    auto contacted = chance_.percent(85) ? in_days(0, 2) : in_days(4, 6);
    routine(std::max(contacted, soon(20, 60)), family, &Story::contact_family);
    routine(in_days(4, 10), family, &Story::write_note);
    routine(chance_.percent(85) ? in_days(78, 89) : in_days(92, 106), family, &Story::review_with_manager);

    switch (family.chapter == 0 ? family.fate : Fate::steady) {
        case Fate::withdraws: routine(in_days(25, 95), family, &Story::withdraw); break;
        case Fate::disengages: routine(in_days(40, 100), family, &Story::disengage); break;
        case Fate::worry_passes:
        case Fate::child_in_need:
        case Fate::panel_declines:
        case Fate::significant_harm: routine(in_days(35, 100), family, &Story::raise_alert); break;
        default: break;
    }
    bool over_long = chance_.percent(18) && family.fate != Fate::returns;
    auto end = family.fate == Fate::returns && family.chapter == 0 ? in_days(72, 95)
               : over_long                                         ? in_days(186, 225)
                                                                   : in_days(115, 178);
    routine(end, family, &Story::propose_closure);
}

void Story::oversee_allocation(Family& family) {
    say(family, manager(family), "oversightRecorded", {{"episode", text(family.episode)}, {"point", "allocation"}},
        {.words = {{"rationale", write(Topic::oversight, family, chance_)}}, .basis = {family.allocation}});
}

void Story::send_allocation_letter(Family& family) {
    auto voice = chance_.percent(60) ? Service::as(*service_.support, "business-support") : worker(family);
    say(family, voice, "allocationLetterIssued", {{"episode", text(family.episode)}});
}

void Story::contact_family(Family& family) {
    bool made = chance_.percent(78);
    say(family, worker(family), "familyContacted",
        {{"episode", text(family.episode)}, {"made", made}, {"mode", made ? "telephone" : "letter"}});
    if (!made) return routine(in_days(1, 3), family, &Story::contact_family);
    bool late = chance_.percent(18);
    routine(afternoon(late ? in_working_days(7, 12) : in_working_days(1, 3)), family, &Story::introduce);
}

}  // namespace tools::demo
