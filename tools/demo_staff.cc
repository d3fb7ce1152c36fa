// The service itself: who is registered, supervision, a lost key, a worker who leaves, one who works less, the readings
// that are adopted, and the practice whose last day passes unnoticed for three weeks.
#include "schema/json.h"
#include "tools/demo_phrases.h"
#include "tools/demo_story.h"

namespace tools::demo {
namespace {

using namespace std::chrono_literals;

const StreamId directory = schema::reserved_stream(schema::directory_stream_number);
const StreamId practice = schema::reserved_stream(schema::practice_stream_number);
const StreamId service_stream = schema::reserved_stream(schema::service_stream_number);

schema::Day day(int year, unsigned month, unsigned number) {
    return schema::Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{number}};
}

}  // namespace

void Story::register_everybody() {
    auto governor = Service::as(*service_.governor, "data-governor");
    struct {
        const char *code, *kind, *name, *within;
    } teams[] = {{"early-help", "service", "Eastmere Family Wellbeing Service", ""},
                 {"north", "team", "North team", "early-help"},
                 {"south", "team", "South team", "early-help"},
                 {"social-care", "service", "Eastmere Children's Social Care", ""}};
    for (auto& team : teams) {
        pause();
        boost::json::object fact{{"team", team.code}, {"kind", team.kind}, {"name", team.name}};
        if (*team.within) fact["within"] = team.within;
        say(directory, governor, "teamFormed", std::move(fact), {});
    }
    for (auto& person : service_.people)
        if (&person != service_.governor && !person.joins_later) register_person(person, day(2018, 5, 22));
}

void Story::register_person(const Person& person, schema::Day from) {
    auto governor = Service::as(*service_.governor, "data-governor");
    pause();
    say(directory, governor, "personRegistered", {{"person", text(person.id)}},
        {.words = {{"name", person.name}}, .about = {SubjectId::of(person.id)}});
    enrol(person);
    for (auto& role : person.roles) {
        boost::json::object fact{{"person", text(person.id)}, {"role", role.role}, {"from", schema::iso(from)}};
        if (!role.team.empty()) fact["team"] = role.team;
        say(directory, governor, "roleGranted", std::move(fact), {});
    }
    if (person.hundredths != 100)
        say(directory, governor, "fteSet",
            {{"person", text(person.id)}, {"hundredths", person.hundredths}, {"from", schema::iso(from)}}, {});
}

void Story::enrol(const Person& person) {
    auto possession = ledger::possession_message(origin, person.id);
    say(directory, Service::as(*service_.governor, "data-governor"), "keyEnrolled",
        {{"person", text(person.id)},
         {"publicKey", text(person.key.public_key())},
         {"proofOfPossession", text(person.key.sign(ledger::key_context, schema::as_bytes(possession)))},
         {"custody", "software"}},
        {});
}

void Story::plan_the_year() {
    auto on = [&](schema::Day when, auto deed) { at(Hours::on(when, 9, 16, chance_), deed); };
    auto governor = Service::as(*service_.governor, "data-governor");
    for (auto* person : service_.workers)
        on(hours_.working(day(2018, 5, 29) + std::chrono::days{chance_.between(0, 24)}),
           [this, person] { supervise(person); });
    for (auto* team : {"north", "south"})
        on(hours_.working(day(2018, 6, 5) + std::chrono::days{chance_.between(0, 9)}),
           [this, team] { supervise_together(team); });

    on(day(2018, 7, 4), [this, governor] {
        struct {
            const char *rule, *reading;
        } adopted[] = {{"T04", "B-3wd"}, {"T06", "A-5wd"}, {"T12", "A-6w"}, {"T17", "A-4w"}};
        for (auto& one : adopted) {
            pause();
            say(practice, governor, "readingAdopted",
                {{"practice", practice_id}, {"rule", one.rule}, {"reading", one.reading}, {"from", "2018-07-05"}}, {});
        }
    });
    on(day(2018, 7, 25), [this, governor] {  // a telephone was lost on the bus
        Person& loser = *service_.workers[1];
        auto lost = loser.key.id();
        loser.key = ledger::SigningKey::from_seed(schema::as_bytes(chance_.bytes(32)));
        enrol(loser);
        pause();
        say(directory, governor, "keyRevoked",
            {{"key", text(lost)}, {"reason", "lost"}, {"suspectFrom", schema::iso(now_ - 20h)}}, {});
    });
    on(day(2018, 11, 12), [this] { worker_leaves(); });
    on(day(2019, 1, 14), [this, governor] {  // from now on two days a week
        Person& parent = *service_.workers[3];
        parent.hundredths = 40;
        say(directory, governor, "fteSet",
            {{"person", text(parent.id)}, {"hundredths", 40}, {"from", schema::iso(today())}}, {});
    });
    on(day(2019, 6, 12), [this, governor] {  // its last day was 21 May: nobody had looked
        say(practice, governor, "practiceExtended", {{"practice", practice_id}, {"until", "2019-12-31"}}, {});
    });
}

void Story::supervise(Person* person) {
    if (!person->joins_later && person->roles.empty()) return;  // has left
    auto voice = Service::as(service_.manager_of(person->team), "team-manager");
    say(service_stream, voice, "supervisionHeld",
        {{"worker", text(person->id)}, {"kind", "individual"}, {"minutes", chance_.between(75, 125)}}, {});
    int discussed = 0;
    for (auto& family : families_) {
        if (!family->open || family->worker != person || family->allocation.empty() || !chance_.percent(30)) continue;
        pause();
        say(*family, voice, "caseNoteAdded", {{"note", "supervision"}},
            {.words = {{"note", write(Topic::oversight, *family, chance_)}}});
        if (++discussed == 3) break;
    }
    auto next = chance_.percent(84) ? in_days(25, 28) : in_days(29, 38);
    at(next, [this, person] { supervise(person); });
}

void Story::supervise_together(std::string team) {
    auto voice = Service::as(service_.manager_of(team), "team-manager");
    for (auto* person : service_.workers) {
        if (person->team != team || person->roles.empty() || chance_.percent(12)) continue;
        pause();
        say(service_stream, voice, "supervisionHeld",
            {{"worker", text(person->id)}, {"kind", "group"}, {"minutes", 90}}, {});
    }
    at(in_days(20, 40), [this, team] { supervise_together(team); });
}

// Families are handed to colleagues; two weeks later role and key end. Three weeks later somebody new begins.
void Story::worker_leaves() {
    Person& leaver = *service_.workers[2];
    leaver.takes_cases = false;
    int minutes = 20;
    for (auto& family : families_)
        if (family->open && family->worker == &leaver && !family->allocation.empty()) {
            plan(soon(minutes, minutes + 20), *family, false, [this](Family& f) { reallocate(f); });
            minutes += 25;
        }
    auto governor = Service::as(*service_.governor, "data-governor");
    at(in_days(14, 15), [this, &leaver, governor] {
        auto role = leaver.roles.front();
        say(directory, governor, "roleEnded",
            {{"person", text(leaver.id)},
             {"role", role.role},
             {"team", role.team},
             {"on", schema::iso(today() + std::chrono::days{1})}},
            {});
        pause();
        leaver.roles.clear();
        say(directory, governor, "keyRevoked", {{"key", text(leaver.key.id())}, {"reason", "left"}}, {});
    });
    at(in_days(20, 23), [this] {
        Person& newcomer = *service_.newcomer;
        register_person(newcomer, today());
        newcomer.takes_cases = true;
        newcomer.joins_later = false;
        service_.workers.push_back(&newcomer);
        at(in_days(12, 20), [this, &newcomer] { supervise(&newcomer); });
    });
}

void Story::reallocate(Family& family) {
    auto* before = family.worker;
    bool over = false;
    auto& after = choose_worker(family, over);
    auto children = static_cast<uint32_t>(family.children.size());
    before->children -= children;
    after.children += children;
    family.worker = &after;
    boost::json::object fact{{"episode", text(family.episode)}, {"worker", text(after.id)}};
    Aside aside{.words = {{"reason", write(Topic::reallocation, family, chance_)}}, .basis = {family.allocation}};
    if (over) {
        auto approved =
            say(family, Service::as(*service_.service_manager, "service-manager"), "capacityOverrideApproved",
                {{"episode", text(family.episode)},
                 {"worker", text(after.id)},
                 {"cap", after.cap()},
                 {"projected", after.children}},
                {.words = {{"reason", write(Topic::override_reason, family, chance_)}}, .basis = {family.episode}});
        pause();
        fact["capacityOverride"] = text(approved);
        aside.basis.push_back(approved);
    }
    family.allocation = say(family, manager(family), "reallocated", std::move(fact), std::move(aside));
    if (children < 4) return;
    pause();
    say(family, manager(family), "leadAppointed", {{"episode", text(family.episode)}, {"lead", text(after.id)}},
        {.basis = {family.allocation}});
}

}  // namespace tools::demo
