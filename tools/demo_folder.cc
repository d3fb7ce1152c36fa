#include "tools/demo_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "schema/json.h"

namespace tools::demo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using schema::fail;
using schema::Fault;

constexpr size_t file_limit = 1 << 20;

schema::Result<void> put_file(const std::string& path, const json::value& content) {
    std::ofstream file(path, std::ios::trunc);
    file << json::serialize(content) << "\n";
    file.close();
    if (!file) return fail(Fault::io, path, "cannot be written");
    return {};
}

const char* title(Fate fate) {
    switch (fate) {
        case Fate::steady: return "a family whose plan was carried through";
        case Fate::signposted: return "signposted at the front door";
        case Fate::redirected: return "redirected to social care at the front door";
        case Fate::overturned: return "the second check overturned the front door's decision";
        case Fate::refused: return "the family refused consent";
        case Fate::withdraws: return "a family that withdrew consent";
        case Fate::disengages: return "a family that disengaged";
        case Fate::worry_passes: return "an alert that led to no referral";
        case Fate::child_in_need: return "stepped up to social care through the transfer panel";
        case Fate::panel_declines: return "a step-up that the transfer panel declined";
        case Fate::significant_harm: return "significant harm: straight to the front door, past the panel";
        case Fate::returns: return "closed, and referred again";
        case Fate::step_down: return "stepped down from social care";
    }
    return "";
}

}  // namespace

json::object Played::to_json() const {
    return {{"families", options.families},
            {"months", options.months},
            {"seed", options.seed},
            {"complete", complete},
            {"playedClock", true},
            {"events", events},
            {"known", families},
            {"children", children},
            {"receiptsChecked", checked},
            {"seconds", seconds},
            {"root", root},
            {"checkpointKey", checkpoint_key},
            {"case", stream},
            {"about", about}};
}

schema::Result<std::optional<Played>> read_played(const std::string& folder) {
    auto path = folder + "/demo.json";
    if (!fs::exists(path)) return std::nullopt;
    auto text = ledger::read_file(path, file_limit);
    if (!text) return tl::unexpected(text.error());
    auto value = schema::parse_json(*text);
    if (!value || !value->is_object()) return schema::malformed(path, "is not what a demonstration writes");
    auto& object = value->get_object();
    auto number = [&](const char* name) -> uint64_t {
        auto* found = object.if_contains(name);
        json::error_code error;
        return found && found->is_number() ? found->to_number<uint64_t>(error) : 0;
    };
    auto text_in = [&](const char* name) {
        auto* found = object.if_contains(name);
        return found && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    Played played;
    played.options = {static_cast<int>(number("families")), static_cast<int>(number("months")), number("seed")};
    auto* complete = object.if_contains("complete");
    played.complete = complete && complete->is_bool() && complete->get_bool();
    played.events = number("events");
    played.families = number("known");
    played.children = number("children");
    played.checked = number("receiptsChecked");
    if (auto* seconds = object.if_contains("seconds"); seconds && seconds->is_double())
        played.seconds = seconds->get_double();
    played.root = text_in("root");
    played.checkpoint_key = text_in("checkpointKey");
    played.stream = text_in("case");
    played.about = text_in("about");
    return played;
}

schema::Result<void> write_played(const std::string& folder, const Played& played) {
    return put_file(folder + "/demo.json", played.to_json());
}

std::string key_file_of(const std::string& folder, const Person& person) {
    return (fs::path(folder) / "people" / (file_name(person) + ".key")).string();
}

schema::Result<void> write_people(const std::string& folder, const Service& service) {
    std::error_code error;
    fs::create_directories(folder + "/people", error);
    fs::permissions(folder + "/people", fs::perms::owner_all, error);
    if (error) return fail(Fault::io, folder + "/people", "cannot be made: " + error.message());
    json::array people;
    for (auto& person : service.people) {
        auto path = key_file_of(folder, person);
        fs::remove(path, error);
        TRY(person.key.save(path));
        json::array roles;
        for (auto& role : person.roles) {
            json::object held{{"role", role.role}};
            if (!role.team.empty()) held["team"] = role.team;
            roles.push_back(std::move(held));
        }
        people.push_back(json::object{{"name", person.name},
                                      {"person", text(person.id)},
                                      {"roles", std::move(roles)},
                                      {"key", text(person.key.id())},
                                      {"file", file_name(person) + ".key"}});
    }
    return put_file(folder + "/people/people.json",
                    json::object{{"note", "Everybody here is invented, and their keys follow from the seed."},
                                 {"people", std::move(people)}});
}

void choose_case(Played& played, const Story& story, const Player& player) {
    uint64_t most = 0;
    for (auto& family : story.families()) {
        played.children += family->contact.empty() && family->transfer.empty() ? 0 : family->children.size();
        played.families += !(family->contact.empty() && family->transfer.empty());
        uint64_t weight = player.events_in(family->stream);
        if (family->fate == Fate::child_in_need) weight *= 4;
        if (family->fate == Fate::returns) weight *= 2;
        if (weight <= most) continue;
        most = weight;
        played.stream = family->stream.hex();
        played.about = title(family->fate);
    }
}

}  // namespace tools::demo
