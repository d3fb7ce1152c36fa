#include "tools/event_help.h"

#include <fmt/format.h>

#include <algorithm>

#include "schema/practice_book.h"
#include "tools/table.h"

namespace tools {
namespace {

namespace json = boost::json;
using schema::FieldMarks;
using schema::text_of;

std::string_view stream_name(schema::StreamKind kind) {
    switch (kind) {
        case schema::StreamKind::directory: return "directory";
        case schema::StreamKind::practice: return "practice";
        case schema::StreamKind::service: return "service";
        case schema::StreamKind::family: return "case";
    }
    return "";
}

struct Permission {
    std::string kind, source;
    std::vector<std::string> roles;
};

std::vector<Permission> permissions(std::string_view type, schema::Practice::Reader practice) {
    std::vector<Permission> found;
    for (auto act : practice.getActs()) {
        if (text_of(act.getEvent()) != type) continue;
        Permission next{std::string(text_of(act.getKind())), std::string(text_of(act.getSource())), {}};
        for (auto role : act.getRoles()) next.roles.emplace_back(role);
        found.push_back(std::move(next));
    }
    return found;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (auto& part : parts) all += (all.empty() ? "" : ", ") + part;
    return all;
}

std::string roles_of(std::string_view type, schema::Practice::Reader practice) {
    std::vector<std::string> roles;
    for (auto& permission : permissions(type, practice))
        for (auto& role : permission.roles)
            if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
    return joined(roles);
}

// A command that could be typed, with what must be given.
std::string example(std::string_view type, const schema::StructMarks& marks, schema::Practice::Reader practice) {
    std::string line = fmt::format("caseledger record {}", type);
    bool family = schema::type_named(type)->stream == schema::StreamKind::family;
    if (family && type != "contactReceived") line += " --case CASE";
    for (auto& field : marks.fields) {
        if (!must_be_given(field)) continue;
        auto known = choices(field, practice);
        std::string value = !known.empty()          ? known.front().first
                            : field.date            ? "2018-06-22"
                            : !field.refers.empty() ? "latest"
                            : may_be_new(field)     ? "new"
                                                    : "...";
        line += fmt::format(" --set {}={}", field.name, value);
    }
    for (auto& heading : marks.words) line += fmt::format(" --word {}=\"...\"", heading);
    return line;
}

}  // namespace

const schema::EventType* find_event_type(std::string_view name) {
    if (auto* found = schema::type_named(name)) return found;
    auto lower = [](std::string_view text) {
        std::string out;
        for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return out;
    };
    for (auto& type : schema::event_types)
        if (lower(schema::title_of(type.which)) == lower(name) || lower(schema::name_of(type.which)) == lower(name))
            return &type;
    return nullptr;
}

std::vector<std::pair<std::string, std::string>> choices(const FieldMarks& field, schema::Practice::Reader practice) {
    std::vector<std::pair<std::string, std::string>> found;
    if (field.which == capnp::schema::Type::ENUM) {
        auto type = field.field.getType();
        if (type.isList()) type = type.asList().getElementType();
        for (auto enumerant : type.asEnum().getEnumerants()) {
            std::string name = enumerant.getProto().getName();
            found.emplace_back(name, name);
        }
    }
    if (field.codes.empty()) return found;
    for (auto list : practice.getCodeLists())
        if (text_of(list.getName()) == field.codes)
            for (auto code : list.getCodes()) found.emplace_back(code.getCode(), code.getTitle());
    return found;
}

std::string list_of_events(schema::Practice::Reader practice, const Screen& screen) {
    Table table({{"Event", Table::left},
                 {"Title", Table::left, true},
                 {"Where", Table::left},
                 {"Decision", Table::left},
                 {"Recorded by", Table::left, true}});
    for (auto& type : schema::event_types)
        table.row({std::string(schema::name_of(type.which)), std::string(schema::title_of(type.which)),
                   std::string(stream_name(type.stream)), type.decision ? "yes" : "",
                   roles_of(schema::name_of(type.which), practice)});
    return table.text(screen) + fmt::format(
                                    "\nWho may record them is from {}. A decision must be taken on the whole "
                                    "record.\n",
                                    text_of(practice.getId()));
}

json::array list_of_events_json(schema::Practice::Reader practice) {
    json::array list;
    for (auto& type : schema::event_types) {
        auto help = help_for_event_json(schema::name_of(type.which), practice);
        help.erase("fields");
        list.push_back(std::move(help));
    }
    return list;
}

std::string help_for_event(std::string_view name, schema::Practice::Reader practice, const Screen& screen) {
    auto& type = *schema::type_named(name);
    auto& marks = *marks_of_type(name);
    std::string out = fmt::format("{} ({})\n", screen.styled(Screen::bold, schema::title_of(type.which)), name);
    out +=
        fmt::format("It goes to {}.{}{}\n",
                    type.stream == schema::StreamKind::family ? std::string("a family's case")
                                                              : fmt::format("the {} stream", stream_name(type.stream)),
                    type.decision ? " It is a decision: it must be taken on the whole record." : "",
                    type.milestone ? " It is a headline of the chronology." : "");
    for (auto& permission : permissions(name, practice))
        out += fmt::format("Recorded by{}: {} [{}]\n", permission.kind.empty() ? "" : " (" + permission.kind + ")",
                           joined(permission.roles), permission.source);
    out += "\n";
    if (!marks.fields.empty()) {
        Table table({{"Field", Table::left}, {"Needed", Table::left}, {"What it takes", Table::left, true}});
        for (auto& field : marks.fields) {
            auto what = kind_of_value(field);
            if (!field.refers.empty() && field.refers.front() != "*") what += ": " + joined(field.refers);
            for (auto& [code, title] : choices(field, practice))
                what += code == title ? "\n  " + code : fmt::format("\n  {} - {}", code, title);
            table.row({field.name, must_be_given(field) ? "yes" : "", what});
        }
        out += table.text(screen) + "\n";
    }
    if (!marks.words.empty())
        out += fmt::format("It must be explained in words: {}. They are sealed; the event holds only their hash.\n\n",
                           joined(marks.words));
    return out + "Example:\n  " + example(name, marks, practice) + "\n";
}

json::object help_for_event_json(std::string_view name, schema::Practice::Reader practice) {
    auto& type = *schema::type_named(name);
    auto& marks = *marks_of_type(name);
    json::array acts, fields, words;
    for (auto& permission : permissions(name, practice)) {
        json::object act{{"roles", json::array(permission.roles.begin(), permission.roles.end())},
                         {"source", permission.source}};
        if (!permission.kind.empty()) act["kind"] = permission.kind;
        acts.push_back(std::move(act));
    }
    for (auto& field : marks.fields) {
        json::object told{{"name", field.name},
                          {"title", field.title},
                          {"needed", must_be_given(field)},
                          {"list", field.list},
                          {"takes", kind_of_value(field)}};
        json::array known;
        for (auto& [code, title] : choices(field, practice)) known.push_back({{"code", code}, {"title", title}});
        if (!known.empty()) told["choices"] = std::move(known);
        if (!field.refers.empty()) told["refers"] = json::array(field.refers.begin(), field.refers.end());
        fields.push_back(std::move(told));
    }
    for (auto& heading : marks.words) words.push_back(json::string(heading));
    return {{"type", json::string(name)},
            {"title", json::string(schema::title_of(type.which))},
            {"stream", json::string(stream_name(type.stream))},
            {"decision", type.decision},
            {"milestone", type.milestone},
            {"words", std::move(words)},
            {"acts", std::move(acts)},
            {"fields", std::move(fields)}};
}

}  // namespace tools
