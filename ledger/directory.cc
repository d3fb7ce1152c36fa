#include "ledger/directory.h"

#include <algorithm>

namespace ledger {
namespace {

using schema::bytes_of;
using schema::Fact;
using schema::text_of;

}  // namespace

void Directory::apply(schema::Event::Reader event, uint64_t position) {
    auto fact = event.getFact();
    auto enrol = [&](const PersonId& person, capnp::Data::Reader raw) {
        auto key = PublicKey::of(bytes_of(raw));
        keys_.try_emplace(key_id(key), Key{person, key, position, {}, {}, {}});
    };
    switch (fact.which()) {
        case Fact::LEDGER_OPENED: {
            if (genesis_.opened) return;
            auto opened = fact.getLedgerOpened();
            auto governor = PersonId::of(bytes_of(opened.getGovernor()));
            genesis_ = {event.getLedger(), opened.getAuthority(),   PublicKey::of(bytes_of(opened.getCheckpointKey())),
                        governor,          opened.getPlayedClock(), true};
            people_[governor].registered = position;
            people_[governor].roles.push_back(
                {std::string(governor_role), "", schema::day_of(-25567), std::nullopt, position});
            checkpoint_keys_.push_back({genesis_.checkpoint_key, position});
            enrol(governor, opened.getPublicKey());
            return;
        }
        case Fact::PERSON_REGISTERED:
            people_[PersonId::of(bytes_of(fact.getPersonRegistered().getPerson()))].registered = position;
            return;
        case Fact::KEY_ENROLLED: {
            auto enrolled = fact.getKeyEnrolled();
            enrol(PersonId::of(bytes_of(enrolled.getPerson())), enrolled.getPublicKey());
            return;
        }
        case Fact::KEY_REVOKED: {
            auto revoked = fact.getKeyRevoked();
            auto found = keys_.find(KeyId::of(bytes_of(revoked.getKey())));
            if (found == keys_.end()) return;
            if (!found->second.revoked) found->second.revoked = position;
            if (revoked.getSuspectFrom()) found->second.suspect_from = schema::time_of(revoked.getSuspectFrom());
            return;
        }
        case Fact::KEY_ROTATED: {
            auto old = keys_.find(KeyId::of(bytes_of(event.getKey())));
            if (old == keys_.end()) return;
            old->second.revoked = position;
            enrol(old->second.person, fact.getKeyRotated().getPublicKey());
            return;
        }
        case Fact::ENTRIES_REATTESTED: {
            auto attested = fact.getEntriesReattested();
            auto found = keys_.find(KeyId::of(bytes_of(attested.getKey())));
            if (found == keys_.end()) return;
            for (uint64_t entry : attested.getEntries()) found->second.reattested.insert(entry);
            return;
        }
        case Fact::CHECKPOINT_KEY_ROTATED:
            checkpoint_keys_.push_back(
                {PublicKey::of(bytes_of(fact.getCheckpointKeyRotated().getPublicKey())), position});
            return;
        case Fact::TEAM_FORMED: {
            auto formed = fact.getTeamFormed();
            teams_[formed.getTeam()] = {formed.getTeam(), formed.getName(), formed.getWithin(), formed.getKind()};
            return;
        }
        case Fact::ROLE_GRANTED: {
            auto granted = fact.getRoleGranted();
            people_[PersonId::of(bytes_of(granted.getPerson()))].roles.push_back(
                {granted.getRole(), granted.getTeam(), schema::day_of(granted.getFrom()), std::nullopt, position});
            return;
        }
        case Fact::ROLE_ENDED: {
            auto ended = fact.getRoleEnded();
            for (auto& role : people_[PersonId::of(bytes_of(ended.getPerson()))].roles)
                if (role.role == text_of(ended.getRole()) && role.team == text_of(ended.getTeam()) && !role.ended)
                    role.ended = schema::day_of(ended.getOn());
            return;
        }
        case Fact::FTE_SET: {
            auto set = fact.getFteSet();
            people_[PersonId::of(bytes_of(set.getPerson()))].fte.emplace_back(schema::day_of(set.getFrom()),
                                                                              set.getHundredths());
            return;
        }
        default: return;
    }
}

const Directory::Key* Directory::key(const KeyId& id) const {
    auto found = keys_.find(id);
    return found == keys_.end() ? nullptr : &found->second;
}

bool Directory::has_suspect_keys() const {
    return std::any_of(keys_.begin(), keys_.end(), [](auto& known) { return known.second.suspect_from.has_value(); });
}

bool Directory::disputes(const KeyId& id, uint64_t position, schema::Time recorded) const {
    auto* known = key(id);
    return known && known->suspect_from && *known->suspect_from <= recorded && known->revoked &&
           position < *known->revoked && !known->reattested.contains(position);
}

bool Directory::disputes(const Entry& entry) const {
    auto by = [&](capnp::Data::Reader id) {
        return disputes(KeyId::of(bytes_of(id)), entry.position(), entry.recorded());
    };
    auto event = entry.read();
    for (auto joint : event.getJoint())
        if (by(joint.getKey())) return true;
    return by(event.getKey());
}

const Directory::Person* Directory::person(const PersonId& id) const {
    auto found = people_.find(id);
    return found == people_.end() ? nullptr : &found->second;
}

const Directory::Team* Directory::team(std::string_view code) const {
    auto found = teams_.find(code);
    return found == teams_.end() ? nullptr : &found->second;
}

bool Directory::holds(const PersonId& id, std::string_view role, std::string_view team, schema::Day day) const {
    const Person* known = person(id);
    if (!known) return false;
    for (const Role& held : known->roles)
        if (held.role == role && (held.team.empty() || held.team == team) && held.from <= day &&
            (!held.ended || day < *held.ended))
            return true;
    return false;
}

uint16_t Directory::fte(const PersonId& id, schema::Day day) const {
    const Person* known = person(id);
    std::pair<schema::Day, uint16_t> best{schema::day_of(-1'000'000), 100};
    if (known)
        for (auto& set : known->fte)
            if (set.first <= day && best.first <= set.first) best = set;
    return best.second;
}

bool Directory::governed_without(const PersonId& person) const {
    return std::any_of(keys_.begin(), keys_.end(), [&](auto& known) {
        return !known.second.revoked && known.second.person != person && governs(known.second.person);
    });
}

bool Directory::governed_without(const KeyId& key) const {
    return std::any_of(keys_.begin(), keys_.end(), [&](auto& known) {
        return !known.second.revoked && known.first != key && governs(known.second.person);
    });
}

bool Directory::governs(const PersonId& person) const {
    auto found = people_.find(person);
    if (found == people_.end()) return false;
    auto& roles = found->second.roles;
    return std::any_of(roles.begin(), roles.end(),
                       [](const Role& role) { return role.role == governor_role && !role.ended; });
}

std::string Directory::team_of(const PersonId& id, std::string_view role, schema::Day day) const {
    if (const Person* known = person(id))
        for (const Role& held : known->roles)
            if (held.role == role && held.from <= day && (!held.ended || day < *held.ended)) return held.team;
    return {};
}

}  // namespace ledger
