// Keeping, forgetting, disclosing: the schedule is issued, once a month somebody sets how long the closed cases are
// kept, a few holds, two requests to be erased, a handful of disclosures. All of it after hours and by a chance of its
// own, so that the rest of the story does not depend on it.
#include <algorithm>

#include "tools/demo_story.h"

namespace tools::demo {
namespace {

using namespace std::chrono_literals;

const StreamId practice = schema::reserved_stream(schema::practice_stream_number);

constexpr int help_years = 30, care_years = 35, first_year = 2018;  // ages are of the year in which the story begins
constexpr const char *help = "early-help", *care = "social-care";

schema::Day day(int year, unsigned month, unsigned number) {
    return schema::Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{number}};
}

boost::json::object schedule() {
    using boost::json::array;
    using boost::json::object;
    const char* invented = "invented for this demonstration";
    object helped{{"code", help},
                  {"title", "Early help: until the child is 30"},
                  {"years", help_years},
                  {"from", "birth"},
                  {"source", invented}};
    object cared{{"code", care},
                 {"title", "Known to social care as well: until the child is 35"},
                 {"years", care_years},
                 {"from", "birth"},
                 {"source", invented}};
    cared["appliesTo"] = array{object{{"events", array{"transferProposed", "safeguardingReferralMade"}}}};
    return {{"id", "EASTMERE-DEMO-2018"},
            {"authority", authority},
            {"title", "Invented retention schedule of an invented council (demonstration)"},
            {"from", "2018-06-05"},
            {"classes", array{std::move(helped), std::move(cared)}},
            {"source",
             "Invented. The class for early help is like North Somerset's, which keeps such files until the child "
             "is 30."}};
}

int until_year(const Family& family, const Member* child) {
    bool known_to_care = family.ever.count("transferProposed") || family.ever.count("safeguardingReferralMade");
    int age = child ? child->age : 100;
    if (!child)
        for (auto& each : family.children) age = std::min(age, each.age);
    return first_year - age + (known_to_care ? care_years : help_years);
}

// Nothing more is planned for it: its episode has ended, or it never came to one.
bool has_ended(const Family& family, Time now) {
    if (family.open) return false;
    bool turned_away = family.fate == Fate::signposted || family.fate == Fate::redirected ||
                       family.fate == Fate::overturned || family.fate == Fate::refused;
    return family.chapter > 0 || (turned_away && !family.contact.empty() && now - family.received > 24h * 30);
}

}  // namespace

void Story::after_hours(schema::Day day, std::function<void()> deed) {
    auto time = schema::london_time(hours_.working(day), 18h) + std::chrono::minutes{numbered_ % 45};
    at(time, [this, deed = std::move(deed)] {
        std::swap(chance_, keeping_chance_);
        deed();
        std::swap(chance_, keeping_chance_);
    });
}

void Story::plan_the_keeping() {
    auto governor = Service::as(*service_.governor, "data-governor");
    auto keeper = Service::as(*service_.service_manager, "service-manager");
    auto head = Service::as(*service_.head, "head-of-service");
    after_hours(day(2018, 6, 4),
                [this, governor] { say(practice, governor, "retentionScheduleIssued", schedule(), {}); });
    after_hours(day(2018, 9, 18), [this] { replace_own_key(*service_.workers[4]); });
    for (auto month = std::chrono::year{2018} / 7; schema::Day{month / 12} < schema::london_day(ends_);
         month += std::chrono::months{1})
        after_hours(schema::Day{month / 12}, [this] { set_retention(); });

    after_hours(day(2019, 2, 26), [this, keeper] {  // an inspection looks at three closed cases
        for (int i = 0; i < 3; ++i)
            if (auto* family = next_kept())
                say(*family, keeper, "recordDisclosed", {{"purpose", "inspection"}, {"words", i ? "none" : "all"}});
    });
    after_hours(day(2018, 11, 20), [this, keeper] {  // a panel sits tomorrow
        for (auto& family : families_)
            if (family->transferring && family->open) {
                say(*family, keeper, "recordDisclosed", {{"purpose", "transferPanel"}, {"words", "all"}});
                break;
            }
    });
    after_hours(day(2018, 12, 4), [this, head] { hold_next(head, "inquiry"); });
    after_hours(day(2019, 1, 22), [this, head] { hold_next(head, "court"); });
    after_hours(day(2019, 2, 5), [this, head] {
        auto* family = next_kept();
        if (!family) return;
        auto hold =
            say(*family, head, "legalHoldPlaced", {{"subjects", list(family->child_ids())}, {"reason", "complaint"}});
        after_hours(day(2019, 5, 14), [this, head, family, hold] {
            say(*family, head, "legalHoldReleased", {{"hold", text(hold)}},
                {.words = {{"rationale", "The complaint was answered at its last stage; nobody has taken it further."}},
                 .basis = {hold}});
        });
    });
    after_hours(day(2019, 3, 12), [this, keeper, head] { request_erasure(keeper, head, false); });
    after_hours(day(2019, 4, 9), [this, keeper, head] { request_erasure(keeper, head, true); });
    after_hours(day(2019, 5, 21), [this, keeper, head] {
        auto* family = next_kept();
        if (!family) return;
        auto child = family->children.front().id;
        say(*family, keeper, "recordDisclosed",
            {{"purpose", "subjectAccess"}, {"words", "aboutSubjects"}, {"subjects", list(std::vector{child})}},
            {.joint = head});
    });
}

// A closed case whose classes are set and that this part of the story has not used yet; not one that comes again, or
// came from elsewhere.
Family* Story::next_kept() {
    for (auto& family : families_) {
        if (!family->kept || family->used || family->contact.empty() || family->fate == Fate::returns) continue;
        family->used = true;
        return family.get();
    }
    return nullptr;
}

void Story::hold_next(const Voice& voice, const char* reason) {
    if (auto* family = next_kept())
        say(*family, voice, "legalHoldPlaced", {{"subjects", list(family->everyone())}, {"reason", reason}});
}

// Person by person through the cases and not case by case: each is decided on the whole record of its case.
void Story::set_retention() {
    auto keeper = Service::as(*service_.service_manager, "service-manager");
    std::vector<Family*> closed;
    for (auto& family : families_)
        if (!family->kept && has_ended(*family, now_) && chance_.percent(90)) closed.push_back(family.get());
    bool more = true;
    for (size_t number = 0; more; ++number) {
        more = false;
        for (auto* family : closed) {
            auto everyone = family->everyone();
            if (number >= everyone.size()) continue;
            more = true;
            bool is_child = number < family->children.size();
            auto until = until_year(*family, is_child ? &family->children[number] : nullptr);
            bool known_to_care =
                family->ever.count("transferProposed") || family->ever.count("safeguardingReferralMade");
            say(*family, keeper, "retentionClassSet",
                {{"subject", text(everyone[number])}, {"class", known_to_care ? care : help}, {"untilYear", until}});
        }
    }
    for (auto* family : closed) family->kept = true;
}

// A parent asks; the schedule keeps the record, so it is refused. Of the other a court orders it after all.
void Story::request_erasure(const Voice& keeper, const Voice& head, bool ordered) {
    auto* family = next_kept();
    if (!family) return;
    auto child = family->children.front().id;
    auto request = say(*family, manager(*family), "erasureRequested", {{"subject", text(child)}, {"by", "parent"}});
    after_hours(today() + std::chrono::days{6}, [=, this] {
        say(*family, keeper, "erasureRefused", {{"request", text(request)}, {"ground", "retention"}},
            {.words = {{"rationale", "The schedule keeps the record of early help until the child is grown up."}},
             .basis = {request},
             .joint = head});
    });
    if (ordered)
        after_hours(today() + std::chrono::days{48}, [=, this] {
            say(*family, keeper, "subjectErased", {{"subject", text(child)}, {"ground", "ordered"}}, {.joint = head});
        });
}

// By its owner, who signs for it with the old one.
void Story::replace_own_key(Person& person) {
    auto next = ledger::SigningKey::from_seed(schema::as_bytes(chance_.bytes(32)));
    auto possession = ledger::possession_message(origin, person.id);
    say(schema::reserved_stream(schema::directory_stream_number), Service::as(person, person.roles.front().role),
        "keyRotated",
        {{"publicKey", text(next.public_key())},
         {"proofOfPossession", text(next.sign(ledger::key_context, schema::as_bytes(possession)))},
         {"custody", "software"}},
        {});
    person.key = std::move(next);
}

}  // namespace tools::demo
