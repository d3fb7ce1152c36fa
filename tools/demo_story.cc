// The story's machinery: a queue of things to do in the order of time, and how one of them is said.
#include "tools/demo_story.h"

#include <capnp/dynamic.h>

#include "schema/json.h"
#include "schema/packs/bex_2018.capnp.h"
#include "schema/packs/england_and_wales.capnp.h"

namespace tools::demo {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::chrono::year_month_day first_day{std::chrono::year{2018}, std::chrono::month{5},
                                                std::chrono::day{22}};  // the practice's first

schema::Day day_after(int months) {
    auto last = first_day + std::chrono::months{months};
    return schema::Day{last};
}

}  // namespace

Story::Story(StoryOptions options)
    : options_(options),
      chance_(options.seed),
      keeping_chance_(options.seed ^ 0x6b656570),
      service_(options.seed, options.families),
      begins_(schema::london_time(schema::Day{first_day} - std::chrono::days{1}, 14h)),
      ends_(schema::london_time(day_after(options.months), 0h)),
      now_(begins_) {
    auto fates = deal_fates(static_cast<size_t>(options.families), chance_);
    for (size_t i = 0; i < fates.size(); ++i) {
        families_.push_back(std::make_unique<Family>(invent_family(i, chance_)));
        families_.back()->fate = fates[i];
    }
}

schema::Result<void> Story::open(const Tell& tell) {
    tell_ = &tell;
    auto governor = Service::as(*service_.governor, "data-governor");
    auto& key = service_.governor->key;
    auto possession = ledger::possession_message(origin, governor.person->id);
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    auto practice = schema::reserved_stream(schema::practice_stream_number);
    say(directory, governor, "ledgerOpened",
        {{"authority", authority},
         {"playedClock", true},
         {"checkpointKey", text(service_.checkpoint_key.public_key())},
         {"governor", text(governor.person->id)},
         {"publicKey", text(key.public_key())},
         {"proofOfPossession", text(key.sign(ledger::key_context, schema::as_bytes(possession)))}},
        {.words = {{"name", governor.person->name}}, .about = {schema::SubjectId::of(governor.person->id)}});
    pause();
    auto calendar =
        say(practice, governor, "calendarIssued", schema::to_json(schema::packs::ENGLAND_AND_WALES.get()), {});
    pause();
    say(practice, governor, "practiceAdopted", schema::to_json(schema::packs::BEX2018.get()), {.basis = {calendar}});
    tell_ = nullptr;
    return result_;
}

schema::Result<void> Story::play(const Tell& tell) {
    tell_ = &tell;
    register_everybody();
    plan_the_year();
    plan_the_keeping();
    arrive();
    while (result_ && !planned_.empty()) {
        auto next = planned_.top();
        planned_.pop();
        now_ = std::max(now_, next.time);
        next.deed();
    }
    tell_ = nullptr;
    return result_;
}

EventId Story::say(const StreamId& stream, const Voice& voice, const char* type, json::object fact, Aside aside) {
    Saying saying;
    saying.id = chance_.id<EventId>();
    saying.stream = stream;
    saying.voice = voice;
    saying.joint = std::move(aside.joint);
    saying.recorded = now_;
    saying.occurred = aside.happened.value_or(now_);
    saying.day_only = aside.day_only;
    saying.source = std::move(aside.source);
    saying.basis = std::move(aside.basis);
    saying.story = std::string(type) + " by " + voice.person->name + ", " + schema::readable(now_);
    for (auto& [heading, content] : aside.words)
        saying.words.push_back({heading, aside.about, chance_.bytes(32), std::move(content), {}});
    for (auto& [subject, name] : aside.names)
        saying.words.push_back({"name", {subject}, chance_.bytes(32), std::move(name), {}});
    saying.fact[type] = std::move(fact);
    if (result_) result_ = (*tell_)(saying);
    ++told_;
    return saying.id;
}

EventId Story::say(Family& family, const Voice& voice, const char* type, json::object fact, Aside aside) {
    if (aside.about.empty()) aside.about = family.everyone();
    family.recorded.insert(type);
    family.ever.insert(type);
    return say(family.stream, voice, type, std::move(fact), std::move(aside));
}

void Story::at(Time time, std::function<void()> deed) {
    if (time < ends_) planned_.push({time, numbered_++, std::move(deed)});
}

void Story::plan(Time time, Family& family, bool routine, std::function<void(Family&)> deed) {
    int chapter = family.chapter;
    at(time, [&family, chapter, routine, deed = std::move(deed)] {
        if (family.chapter == chapter && !(routine && family.ending)) deed(family);
    });
}

Time Story::in_working_days(Time from, int least, int most) {
    auto day = hours_.after(schema::london_day(from), chance_.between(least, most));
    return Hours::on(day, 9, 17, chance_);
}

Time Story::in_days(Time from, int least, int most) {
    auto day = hours_.working(schema::london_day(from) + std::chrono::days{chance_.between(least, most)});
    return Hours::on(day, 9, 17, chance_);
}

Time Story::afternoon(Time time) {
    return time < schema::london_time(schema::london_day(time), 12h) ? time + 3h : time;
}

Time Story::ago(int least_minutes, int most_minutes) {
    auto nine = schema::london_time(today(), 9h);
    return std::min(now_, std::max(nine, now_ - std::chrono::minutes{chance_.between(least_minutes, most_minutes)}));
}

Voice Story::duty() const {
    Person* rota[] = {service_.team_manager[0], service_.deputy, service_.team_manager[1], service_.deputy};
    return Service::as(*rota[static_cast<size_t>(schema::number(today())) % 4], "duty-manager");
}

Voice Story::practitioner() { return Service::as(*chance_.pick(service_.practitioners), "mash-practitioner"); }

Voice Story::social_worker(const Family& family) const {
    return Service::as(*service_.social_workers[family.number % service_.social_workers.size()], "social-worker");
}

}  // namespace tools::demo
