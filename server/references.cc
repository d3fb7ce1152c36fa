// The directory and the practice as everyone with a session may read them. Names of staff are words: opened here, kept
// nowhere.
#include <algorithm>

#include "schema/json.h"
#include "server/problem.h"
#include "server/query.h"

namespace server {
namespace {

namespace json = boost::json;
using schema::Result;

constexpr std::string_view team_kinds[] = {"team", "pod", "service"};

// The word with heading "name" beside the registration; nothing where there is none or it was erased.
Result<std::optional<std::string>> name_of(Door& door, uint64_t registered) {
    auto entry = door.ledger.entry(registered);
    if (!entry) return tl::unexpected(entry.error());
    auto words = door.ledger.words(*entry);
    if (!words) return tl::unexpected(words.error());
    for (auto& word : *words)
        if (word.heading == "name" && word.readable) return std::optional(word.content);
    return std::optional<std::string>();
}

json::array roles_to_json(const ledger::Directory::Person& person, const schema::PracticeBook& practice,
                          schema::Day day) {
    json::array roles;
    auto* edition = practice.binding(day);
    for (auto& held : person.roles) {
        json::object role{{"role", held.role}, {"from", schema::iso(held.from)}, {"position", held.position}};
        auto title = edition ? schema::title_of_role(edition->practice(), held.role) : std::string();
        if (!title.empty()) role["title"] = title;
        if (!held.team.empty()) role["team"] = held.team;
        if (held.ended) role["ended"] = schema::iso(*held.ended);
        role["held"] = held.from <= day && (!held.ended || day < *held.ended);
        roles.push_back(std::move(role));
    }
    return roles;
}

// The keys of each person, found where they were enrolled.
Result<std::unordered_map<PersonId, json::array>> keys_by_person(Door& door, const ledger::Directory& directory) {
    constexpr size_t page = 500;
    std::unordered_map<PersonId, json::array> keys;
    auto add = [&](capnp::Data::Reader raw) {
        auto id = ledger::key_id(ledger::PublicKey::of(schema::bytes_of(raw)));
        auto* key = directory.key(id);
        if (!key) return;  // not yet, at the time asked for
        json::object told{{"key", id.hex()}, {"publicKey", key->key.hex()}, {"enrolled", key->enrolled}};
        if (key->revoked) told["revoked"] = *key->revoked;
        keys[key->person].push_back(std::move(told));
    };
    for (uint64_t from = 1;; from += page) {
        auto entries = door.ledger.stream(schema::reserved_stream(schema::directory_stream_number), from, page);
        if (!entries) return tl::unexpected(entries.error());
        for (auto& entry : *entries) {
            auto fact = entry.fact();
            if (fact.isLedgerOpened()) add(fact.getLedgerOpened().getPublicKey());
            if (fact.isKeyEnrolled()) add(fact.getKeyEnrolled().getPublicKey());
        }
        if (entries->size() < page) return keys;
    }
}

struct Moment {
    schema::Time time;
    schema::Day day;
};
Moment moment_of(Door& door, const std::optional<schema::Time>& as_at) {
    auto time = as_at.value_or(door.views.now());
    return {time, schema::london_day(time)};
}

json::object heading(Door& door, const Moment& moment) {
    json::object body{{"asAt", schema::iso(moment.time)}};
    auto position = door.views.position();
    body["position"] = position ? json::value(*position) : json::value(nullptr);
    return body;
}

json::object edition_to_json(const schema::Edition& edition, bool full) {
    auto practice = edition.practice();
    json::object out{{"id", json::string(schema::text_of(practice.getId()))},
                     {"authority", json::string(schema::text_of(practice.getAuthority()))},
                     {"title", json::string(schema::text_of(practice.getTitle()))},
                     {"adopted", edition.position},
                     {"recorded", schema::iso(edition.recorded)},
                     {"from", schema::iso(edition.from)},
                     {"until", schema::iso(edition.until)},
                     {"source", json::string(schema::text_of(practice.getSource()))}};
    json::array extensions, readings;
    for (auto& extension : edition.extensions)
        extensions.push_back(json::object{{"position", extension.position},
                                          {"until", schema::iso(extension.until)},
                                          {"recorded", schema::iso(extension.recorded)}});
    for (auto& adoption : edition.readings)
        readings.push_back(json::object{{"position", adoption.position},
                                        {"rule", adoption.rule},
                                        {"reading", adoption.reading},
                                        {"from", schema::iso(adoption.from)},
                                        {"recorded", schema::iso(adoption.recorded)}});
    out["extensions"] = std::move(extensions);
    out["readings"] = std::move(readings);
    if (full) out["practice"] = schema::to_json(practice);
    return out;
}

}  // namespace

Result<Reply> get_directory(Door& door, Call& call) {
    Query query(call);
    auto as_at = query.moment("as_at");
    TRY(query.finish());
    auto directory = door.views.directory(as_at);
    auto practice = door.views.practice(as_at);
    auto moment = moment_of(door, as_at);

    auto keys = keys_by_person(door, *directory);
    if (!keys) return tl::unexpected(keys.error());

    auto body = heading(door, moment);
    std::vector<std::pair<uint64_t, json::object>> people;
    for (auto& [id, person] : directory->people()) {
        json::object one{{"person", id.hex()}, {"registered", person.registered}};
        auto name = name_of(door, person.registered);
        if (!name) return tl::unexpected(name.error());
        if (*name) one["name"] = **name;
        one["roles"] = roles_to_json(person, practice, moment.day);
        one["fte"] = directory->fte(id, moment.day);
        one["keys"] = std::move((*keys)[id]);
        people.emplace_back(person.registered, std::move(one));
    }
    std::stable_sort(people.begin(), people.end(), [](auto& a, auto& b) { return a.first < b.first; });
    json::array list, teams;
    for (auto& [registered, one] : people) list.push_back(std::move(one));
    for (auto& [code, team] : directory->teams()) {
        json::object one{
            {"team", code}, {"name", team.name}, {"kind", json::string(team_kinds[static_cast<size_t>(team.kind)])}};
        if (!team.within.empty()) one["within"] = team.within;
        teams.push_back(std::move(one));
    }
    body["people"] = std::move(list);
    body["teams"] = std::move(teams);
    return json_reply(body);
}

Result<Reply> get_practice(Door& door, Call& call) {
    Query query(call);
    auto as_at = query.moment("as_at");
    bool full = query.flag("full");
    TRY(query.finish());
    auto practice = door.views.practice(as_at);
    auto moment = moment_of(door, as_at);

    auto body = heading(door, moment);
    auto* binding = practice.binding(moment.day);
    auto* evidence = practice.in_evidence(moment.day);
    json::array editions;
    for (auto& edition : practice.editions()) {
        auto one = edition_to_json(*edition, full);
        one["binding"] = edition.get() == binding;
        one["inEvidence"] = edition.get() == evidence;
        editions.push_back(std::move(one));
    }
    body["editions"] = std::move(editions);
    return json_reply(body);
}

}  // namespace server
