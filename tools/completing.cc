#include "tools/completing.h"

#include <fmt/format.h>

#include <algorithm>

namespace tools {
namespace {

namespace json = boost::json;
using schema::malformed;

// The events of a case that a field may refer to, newest first, as (id, what it is).
Attempt<std::vector<std::pair<std::string, std::string>>> candidates(Calls& calls, const std::string& stream,
                                                                     const schema::FieldMarks& field) {
    std::vector<std::pair<std::string, std::string>> found;
    auto answer = calls.get("/v1/cases/" + stream + "/chronology?order=recorded&limit=500");
    if (!answer) return tl::unexpected(answer.error());
    for (auto& row : answer->at("rows").as_array()) {
        auto& entry = row.as_object();
        auto type = std::string(entry.at("type").as_string());
        bool fits = field.refers.front() == "*" ||
                    std::find(field.refers.begin(), field.refers.end(), type) != field.refers.end();
        if (fits && !entry.at("struck").as_bool())
            found.insert(found.begin(), {std::string(entry.at("id").as_string()),
                                         fmt::format("{} of {}", std::string(entry.at("title").as_string()),
                                                     std::string(entry.at("occurred").as_string()))});
    }
    return found;
}

}  // namespace

Attempt<> fill_references(const Desk& desk, Calls& calls, const std::string& stream, const schema::StructMarks& marks,
                          json::object& fact) {
    for (auto& field : marks.fields) {
        if (field.refers.empty() || field.list || stream.empty()) continue;
        auto* held = fact.if_contains(field.name);
        bool latest = held && held->is_string() && held->get_string() == "latest";
        if (!latest && (held || field.optional)) continue;
        auto known = candidates(calls, stream, field);
        if (!known) return tl::unexpected(known.error());
        if (known->empty()) return malformed("fact." + field.name, "this case holds no event it could refer to");
        if (!latest && known->size() > 1) continue;
        fact[field.name] = known->front().first;
        desk.say(fmt::format("{}: {}", field.name, known->front().second));
    }
    return {};
}

Attempt<std::vector<std::string>> subjects_of(Calls& calls, const std::vector<std::string>& about,
                                              const std::string& stream, const schema::StructMarks& marks,
                                              const json::object& fact) {
    if (!about.empty()) return about;
    auto named = subjects_in(marks, fact);
    if (!named.empty() || stream.empty()) return named;
    auto answer = calls.get("/v1/cases/" + stream);
    if (!answer) return tl::unexpected(answer.error());
    for (auto& child : answer->at("case").at("children").as_array()) named.emplace_back(child.at("child").as_string());
    return named;
}

Attempt<> add_joint(Calls& calls, const std::vector<std::string>& joint, Statement& statement) {
    if (joint.empty()) return {};
    auto directory = calls.get("/v1/directory");
    if (!directory) return tl::unexpected(directory.error());
    json::array signers;
    for (auto& text : joint) {
        auto equals = text.rfind('=');
        if (equals == text.npos) return malformed("--joint", "must be FILE=ROLE or FILE=ROLE@TEAM");
        auto key = ledger::SigningKey::load(text.substr(0, equals));
        if (!key) return tl::unexpected(key.error());
        auto role = text.substr(equals + 1), team = std::string();
        if (auto at = role.find('@'); at != role.npos) {
            team = role.substr(at + 1);
            role.resize(at);
        }
        std::string person;
        for (auto& known : directory->at("people").as_array())
            if (auto* keys = known.as_object().if_contains("keys"))
                for (auto& held : keys->as_array())
                    if (std::string_view(held.at("key").as_string()) == key->id().hex())
                        person = known.at("person").as_string();
        if (person.empty()) return malformed("--joint", text.substr(0, equals) + " is not an enrolled key");
        json::object signer{{"person", person}, {"key", key->id().hex()}, {"role", role}};
        if (!team.empty()) signer["team"] = team;
        signers.push_back(std::move(signer));
        statement.joint.push_back(*key);
    }
    statement.fields["joint"] = std::move(signers);
    return {};
}

}  // namespace tools
