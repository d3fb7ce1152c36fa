// The invented council of Eastmere: who works for its early help and with them, in which team and how much of the week.
// Every key is worked out from the seed: a demonstration's keys are nobody's secret.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "ledger/keys.h"
#include "schema/ids.h"
#include "tools/demo_chance.h"

namespace tools::demo {

inline constexpr const char* origin = "ledger.eastmere.example/early-help";
inline constexpr const char* authority = "Eastmere Council (demonstration)";
inline constexpr const char* practice_id = "BEX-2018";

struct RoleHeld {
    std::string role, team;  // team empty: in the whole service
};

struct Person {
    schema::PersonId id;
    std::string name;
    std::vector<RoleHeld> roles;
    uint16_t hundredths = 100;
    ledger::SigningKey key;
    // Of key workers only.
    std::string team;
    bool takes_cases = false, joins_later = false;
    uint32_t children = 0;  // held now, or promised by an approval

    uint32_t cap() const { return 25u * hundredths / 100; }
};

// Somebody speaking in one of their roles.
struct Voice {
    const Person* person = nullptr;
    std::string role, team;
};

struct Service {
    // `families` decides how many of the 16 key workers take cases, so that a small demonstration is as busy as a
    // large.
    Service(uint64_t seed, int families);
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    std::deque<Person> people;  // their addresses are kept
    Person *governor, *service_manager, *care_service_manager, *head, *team_manager[2], *deputy, *mash_manager,
        *representative, *care_manager, *auditor, *inspector, *support;
    std::vector<Person*> practitioners, social_workers, workers;
    Person* newcomer;  // a key worker who joins when another leaves
    ledger::SigningKey checkpoint_key;

    static Voice as(const Person& person, std::string_view role);
    Person& manager_of(const std::string& team) const { return *team_manager[team == "south"]; }

  private:
    Person& add(std::string name, std::vector<RoleHeld> roles);
    Chance chance_;
};

// "bronagh-kettlewell": how a person's key file is called.
std::string file_name(const Person& person);

}  // namespace tools::demo
