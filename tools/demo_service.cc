#include "tools/demo_service.h"

#include <algorithm>

namespace tools::demo {
namespace {

struct Post {
    const char *name, *team;
    uint16_t hundredths;
};
// Sixteen family key workers, five of them part-time, in the order in which they take cases.
constexpr Post posts[] = {
    {"Isla Thornbury", "north", 100},       {"Oriel Summerhay", "south", 100},    {"Dev Marlowe-Rao", "north", 80},
    {"Pascoe Wetherlam", "south", 60},      {"Bronagh Kettlewell", "north", 100}, {"Amina Copperfold", "south", 100},
    {"Tunde Harcastle", "north", 100},      {"Gethin Larkmoor", "south", 100},    {"Marisol Pemberlow", "north", 60},
    {"Rukhsana Fairlea", "south", 100},     {"Finn Oakhanger", "north", 100},     {"Jory Tidewell", "south", 40},
    {"Yusra Whitcombe-Vale", "north", 100}, {"Nell Brackenridge", "south", 100},  {"Callum Drayhurst", "north", 50},
    {"Samphire Jonquil-Ade", "south", 100},
};

}  // namespace

Service::Service(uint64_t seed, int families)
    : checkpoint_key(ledger::SigningKey::from_seed(schema::as_bytes(Chance(~seed).bytes(32)))), chance_(seed ^ 0x5eed) {
    governor = &add("Wilfa Quillinan", {{"data-governor", ""}});
    head = &add("Ottoline Varga-Moss", {{"head-of-service", ""}});
    service_manager = &add("Hesketh Abara", {{"service-manager", ""}, {"panel-co-chair", ""}});
    team_manager[0] = &add("Linnet Osgathorpe", {{"team-manager", "north"}, {"duty-manager", ""}});
    team_manager[1] = &add("Kofi Ravensdene", {{"team-manager", "south"}, {"duty-manager", ""}});
    deputy = &add("Maeve Silverstroud", {{"duty-manager", ""}});
    for (auto& post : posts) {
        auto& worker = add(post.name, {{"family-key-worker", post.team}});
        worker.team = post.team;
        worker.hundredths = post.hundredths;
        workers.push_back(&worker);
    }
    size_t pool = std::clamp<size_t>((static_cast<size_t>(families) * 16 + 399) / 400, 3, 16);
    for (size_t i = 0; i < pool; ++i) workers[i]->takes_cases = true;
    newcomer = &add("Ebele Starling-Croft", {{"family-key-worker", "north"}});
    newcomer->team = "north";
    newcomer->joins_later = true;

    mash_manager = &add("Corwin Adeyinka-Bell", {{"mash-manager", ""}});
    for (auto* name : {"Petra Ashdown-Nwosu", "Tamsin Mirzayev", "Ludo Fernsby"})
        practitioners.push_back(&add(name, {{"mash-practitioner", ""}}));
    representative = &add("Saoirse Blackmere", {{"mash-representative", ""}});
    care_service_manager = &add("Ignatius Pellworth", {{"panel-co-chair", ""}});
    care_manager =
        &add("Delphine Okoro-Hale", {{"receiving-manager", "social-care"}, {"releasing-manager", "social-care"}});
    for (auto* name : {"Barnaby Tressillian", "Zofia Haldane-Mir", "Idris Calloway"})
        social_workers.push_back(&add(name, {{"social-worker", "social-care"}}));
    auditor = &add("Quentin Marsh-Oyelaran", {{"quality-assurance-auditor", ""}});
    inspector = &add("Rosalba Inchbald", {{"inspector", ""}});
    support = &add("Posy Tranter", {{"business-support", ""}});
}

Person& Service::add(std::string name, std::vector<RoleHeld> roles) {
    auto id = chance_.id<schema::PersonId>();
    auto key = ledger::SigningKey::from_seed(schema::as_bytes(chance_.bytes(32)));
    people.push_back({id, std::move(name), std::move(roles), 100, std::move(key), {}, false, false, 0});
    return people.back();
}

Voice Service::as(const Person& person, std::string_view role) {
    for (auto& held : person.roles)
        if (held.role == role) return {&person, held.role, held.team};
    ASSERT(!"the story gives nobody a role they do not hold");
    return {};
}

std::string file_name(const Person& person) {
    std::string name = person.name;
    for (char& c : name) c = c == ' ' ? '-' : static_cast<char>(c | 0x20);
    return name;
}

}  // namespace tools::demo
