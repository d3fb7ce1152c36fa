// Who is who: people, keys, roles, teams and working time, as the directory stream says. A fold; copied freely.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ledger/entry.h"
#include "ledger/keys.h"

namespace ledger {

// The role that the genesis gives to the first person: it alone signs directory and practice events until a practice
// says otherwise.
inline constexpr std::string_view governor_role = "data-governor";

class Directory {
  public:
    struct Genesis {
        std::string origin, authority;
        PublicKey checkpoint_key{};
        PersonId governor{};
        bool played_clock = false;  // times were played: a demonstration or a test, for ever
        bool opened = false;
    };
    struct Key {
        PersonId person{};
        PublicKey key{};
        uint64_t enrolled = 0;            // position
        std::optional<uint64_t> revoked;  // position from which it no longer signs
        // Revoked as suspect: what was recorded under it from this time on is disputed, unless attested again.
        std::optional<schema::Time> suspect_from;
        std::unordered_set<uint64_t> reattested;  // positions
    };
    struct CheckpointKey {
        PublicKey key{};
        uint64_t from = 0;  // position of the entry that names it
    };
    struct Role {
        std::string role, team;  // team empty: in the whole service
        schema::Day from;
        std::optional<schema::Day> ended;  // the first day without it
        uint64_t position = 0;             // where it was granted
    };
    struct Team {
        std::string code, name, within;
        schema::TeamKind kind;
    };
    struct Person {
        uint64_t registered = 0;  // position; the name is a word there
        std::vector<Role> roles;
        std::vector<std::pair<schema::Day, uint16_t>> fte;  // from -> hundredths
    };

    // Takes each entry of the directory stream in order. Total: what it cannot use it ignores.
    void apply(const Entry& entry) { apply(entry.read(), entry.position()); }
    void apply(schema::Event::Reader event, uint64_t position);

    const Genesis& genesis() const { return genesis_; }
    const Key* key(const KeyId& id) const;
    // Every key that ever signed checkpoints, the newest last.
    const std::vector<CheckpointKey>& checkpoint_keys() const { return checkpoint_keys_; }
    // Whether a key that became suspect later signed this entry, and nobody has attested it again.
    bool disputes(const Entry& entry) const;
    bool has_suspect_keys() const;
    bool disputes(const KeyId& key, uint64_t position, schema::Time recorded) const;  // one of its signatures
    const Person* person(const PersonId& id) const;
    const Team* team(std::string_view code) const;
    const std::unordered_map<PersonId, Person>& people() const { return people_; }
    const std::map<std::string, Team, std::less<>>& teams() const { return teams_; }

    // Whether the person held the role on that day in the team, or in the whole service.
    bool holds(const PersonId& person, std::string_view role, std::string_view team, schema::Day day) const;
    // Hundredths of full time on a day; 100 where nothing was said.
    uint16_t fte(const PersonId& person, schema::Day day) const;
    // Whether somebody governs (holds the governor's role with no end set, and a key that signs) apart from this
    // person, and not by this key.
    bool governed_without(const PersonId& person) const;
    bool governed_without(const KeyId& key) const;
    // The team in which they held this role on a day; empty for the whole service or none.
    std::string team_of(const PersonId& person, std::string_view role, schema::Day day) const;

  private:
    bool governs(const PersonId& person) const;

    Genesis genesis_;
    std::unordered_map<KeyId, Key> keys_;
    std::vector<CheckpointKey> checkpoint_keys_;
    std::unordered_map<PersonId, Person> people_;
    std::map<std::string, Team, std::less<>> teams_;
};

}  // namespace ledger
