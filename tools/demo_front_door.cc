// contact -> consent form -> (representative's recommendation) -> a, b or c -> told, or routed -> second check
// -> acceptance -> episode. What came by verbal consent waits for the written form.
#include "tools/demo_phrases.h"
#include "tools/demo_story.h"

namespace tools::demo {

using namespace std::chrono_literals;

void Story::arrive() {
    auto first = schema::london_day(begins_) + std::chrono::days{1};
    int days = static_cast<int>((schema::london_day(ends_) - first).count());
    for (auto& held : families_) {
        Family& family = *held;
        // What takes long begins early, so that its end is seen.
        int share = family.fate == Fate::returns ? 30 : family.fate >= Fate::withdraws ? 65 : 97;
        auto day = first + std::chrono::days{chance_.between(0, days * share / 100)};
        bool evening = chance_.percent(9);
        auto happened = evening ? Hours::on(day, 18, 21, chance_) : Hours::on(hours_.working(day), 9, 17, chance_);
        if (family.fate == Fate::step_down) later(happened, family, &Story::propose_step_down);
        else
            plan(hours_.later(happened, 2, 25, chance_), family, false,
                 [this, happened, evening](Family& f) { receive_contact(f, happened, evening); });
    }
}

void Story::receive_contact(Family& family, Time happened, bool out_of_hours) {
    bool own_word = family.referrer == "parent" || family.referrer == "young-person";
    int dice = chance_.between(1, 100);
    family.consent_form = dice <= 72 ? "written" : dice <= 82 ? "electronic" : "verbal";
    const char* channel = out_of_hours ? "answerphone"
                          : own_word   ? "self"
                          : dice % 4   ? "professional-form"
                                       : "telephone";
    boost::json::object fact{{"channel", channel},
                             {"referrer", family.referrer},
                             {"children", list(family.child_ids())},
                             {"consent", family.consent_form},
                             {"outOfHours", out_of_hours}};
    std::vector<SubjectId> adults;
    for (auto& adult : family.adults) adults.push_back(adult.id);
    boost::json::array factors;
    for (auto& factor : family.factors) factors.emplace_back(factor);
    fact["adults"] = list(adults);
    fact["factors"] = std::move(factors);
    if (!family.prior_episode.empty()) fact["priorEpisode"] = text(family.prior_episode);

    Aside aside{.words = {{"request", write(Topic::request, family, chance_)}}, .happened = happened};
    for (auto& child : family.children)
        aside.names.emplace_back(child.id, child.name + ", " + std::to_string(child.age));
    for (auto& adult : family.adults) aside.names.emplace_back(adult.id, adult.name);
    aside.source = {{"role", family.referrer}, {"reliability", own_word ? "fact" : "opinion"}};
    auto voice = practitioner();
    family.received = now_;
    family.contact = say(family, voice, "contactReceived", std::move(fact), std::move(aside));
    pause();
    family.referral_consent =
        say(family, voice, "consentRecorded",
            {{"scope", "referral"}, {"form", family.consent_form}, {"givenBy", text(family.adults.front().id)}});
    if (chance_.percent(8)) later(soon(60, 180), family, &Story::recommend);
    else {
        auto decided = chance_.percent(86) ? soon(45, 400) : in_working_days(1, 2);
        later(decided, family, &Story::decide_at_front_door);
    }
}

void Story::recommend(Family& family) {
    say(family, Service::as(*service_.representative, "mash-representative"), "recommendationRecorded",
        {{"contact", text(family.contact)}, {"option", "accept"}},
        {.words = {{"rationale", write(Topic::recommendation, family, chance_)}}, .basis = {family.contact}});
    later(soon(30, 240), family, &Story::decide_at_front_door);
}

void Story::decide_at_front_door(Family& family) {
    bool first_time = family.chapter == 0;
    bool signpost = first_time && family.fate == Fate::signposted,
         redirect = first_time && family.fate == Fate::redirected;
    auto topic = signpost ? Topic::signpost : redirect ? Topic::redirect : Topic::accept;
    auto voice = family.recorded.count("recommendationRecorded") ? Service::as(*service_.mash_manager, "mash-manager")
                                                                 : practitioner();
    family.decision = say(family, voice, "mashDecided",
                          {{"contact", text(family.contact)},
                           {"option", signpost   ? "signpost"
                                      : redirect ? "redirect"
                                                 : "accept"}},
                          {.words = {{"rationale", write(topic, family, chance_)}}, .basis = {family.contact}});
    if (signpost || redirect) later(soon(30, 600), family, &Story::share_outcome);
    else later(soon(4, 60), family, &Story::route);
}

void Story::share_outcome(Family& family) {
    // Now and then nobody tells the family, and it stays an open task.
    auto voice = practitioner();
    say(family, voice, "outcomeShared", {{"contact", text(family.contact)}, {"party", "referrer"}});
    if (!chance_.percent(85)) return;
    pause();
    say(family, voice, "outcomeShared", {{"contact", text(family.contact)}, {"party", "family"}});
}

void Story::route(Family& family) {
    say(family, practitioner(), "contactRouted", {{"contact", text(family.contact)}});
    auto checked = chance_.percent(75) ? soon(45, 420) : in_working_days(1, 2);
    later(checked, family, &Story::check_again);
}

void Story::check_again(Family& family) {
    bool overturned = family.fate == Fate::overturned, refused = family.fate == Fate::refused;
    if (refused) {
        say(family, duty(), "consentRefused", {{"scope", "referral"}});
        pause();
    }
    family.check = say(family, duty(), "secondCheckRecorded",
                       {{"contact", text(family.contact)},
                        {"option", overturned ? "redirect"
                                   : refused  ? "signpost"
                                              : "accept"},
                        {"consentSeen", !refused && family.consent_form != "verbal"}},
                       {.words = {{"rationale", write(overturned ? Topic::overturn
                                                      : refused  ? Topic::signpost
                                                                 : Topic::check,
                                                      family, chance_)}},
                        .basis = {family.contact, family.decision}});
    if (overturned || refused) {
        if (chance_.percent(70)) later(soon(30, 600), family, &Story::share_outcome);
    } else if (family.consent_form != "verbal") {
        later(soon(3, 40), family, &Story::accept_referral);
    } else {
        plan(in_working_days(1, 4), family, false, [this](Family& f) {
            f.referral_consent =
                say(f, duty(), "consentRecorded",
                    {{"scope", "referral"}, {"form", "written"}, {"givenBy", text(f.adults.front().id)}});
            later(soon(10, 90), f, &Story::accept_referral);
        });
    }
}

void Story::accept_referral(Family& family) {
    boost::json::array factors;
    for (auto& factor : family.factors) factors.emplace_back(factor);
    family.accepted = now_;
    auto accepted = say(family, duty(), "referralAccepted",
                        {{"contact", text(family.contact)},
                         {"factors", std::move(factors)},
                         {"level", "targeted"},
                         {"inNeedOrAtRisk", false}},
                        {.basis = {family.contact, family.referral_consent, family.check}});
    family.decision = accepted;
    later(soon(2, 15), family, &Story::open_episode);
}

void Story::open_episode(Family& family) {
    family.episode = say(family, duty(), "episodeOpened",
                         {{"contact", text(family.contact)}, {"team", family.team}, {"locality", family.locality}},
                         {.basis = {family.decision}});
    family.open = true;
    int dice = chance_.between(1, 100);
    auto allocated = dice <= 30   ? soon(45, 300)
                     : dice <= 75 ? in_working_days(1, 2)
                     : dice <= 92 ? in_working_days(3, 3)
                                  : in_working_days(4, 6);
    later(allocated, family, &Story::allocate);
}

}  // namespace tools::demo
