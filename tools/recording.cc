#include "tools/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "ledger/words_json.h"
#include "schema/json.h"
#include "schema/packs/bex_2018.capnp.h"
#include "tools/completing.h"
#include "tools/event_help.h"
#include "tools/reading.h"
#include "tools/table.h"

namespace tools {
namespace {

namespace json = boost::json;
using schema::malformed;

Attempt<json::object> read_fields(const std::string& file) {
    schema::Result<std::string> text = std::string();
    if (file == "-") text = std::string(std::istreambuf_iterator<char>(std::cin), {});
    else text = ledger::read_file(file, 4 << 20);
    if (!text) return tl::unexpected(text.error());
    auto value = schema::parse_json(*text);
    if (!value) return tl::unexpected(value.error());
    if (!value->is_object()) return malformed(file, "must hold an object { }");
    return std::move(value->get_object());
}

Attempt<> ask_missing(const Desk& desk, const schema::StructMarks& marks, json::object& fact) {
    if (!desk.may_ask) return {};
    for (auto* field : missing_fields(marks, fact)) {
        auto known = choices(*field, schema::packs::BEX2018.get());
        if (field->codes.empty())
            for (auto& [code, title] : known) desk.say("  " + code);
        for (;;) {
            auto line = ask(fmt::format("{} ({}):", field->name, kind_of_value(*field)));
            if (!line) return usage("stopped");
            if (line->empty()) continue;
            auto done = set_field(marks, fact, field->name + "=" + *line);
            if (done) break;
            desk.say(done.error().text());
        }
    }
    return {};
}

Attempt<json::array> gather_words(const Desk& desk, Calls& calls, const RecordChoice& choice, const std::string& stream,
                                  const schema::StructMarks& marks, const json::object& fact, json::value given) {
    if (!given.is_null() && !given.is_array()) return tl::unexpected(schema::malformed("words", "must be a list [ ]"));
    json::array words = given.is_array() ? std::move(given.get_array()) : json::array{};
    auto written = [&](const std::string& heading) {
        return std::any_of(words.begin(), words.end(), [&](auto& word) {
            auto* object = word.if_object();
            auto* name = object ? object->if_contains("heading") : nullptr;
            return name && name->is_string() && name->get_string() == heading;
        });
    };
    std::vector<std::pair<std::string, std::string>> added;
    for (auto& word : choice.words) {
        auto equals = word.find('=');
        if (equals == word.npos || equals == 0) return malformed("--word", "must be HEADING=TEXT");
        added.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
    for (auto& heading : marks.words) {
        bool there = written(heading) ||
                     std::any_of(added.begin(), added.end(), [&](auto& word) { return word.first == heading; });
        if (there) continue;
        if (!desk.may_ask)
            return malformed("words", "it must be explained in words: give --word " + heading + "=\"...\"");
        auto text = ask(heading + ", in words:");
        if (!text) return usage("stopped");
        added.emplace_back(heading, *text);
    }
    if (added.empty()) return words;
    auto subjects = subjects_of(calls, choice.about, stream, marks, fact);
    if (!subjects) return tl::unexpected(subjects.error());
    if (subjects->empty()) return malformed("--about", "is needed: the ids of those the words are about");
    for (auto& [heading, text] : added)
        words.push_back(
            {{"heading", heading}, {"subjects", json::array(subjects->begin(), subjects->end())}, {"content", text}});
    return words;
}

void add_circumstances(const RecordChoice& choice, json::object& fields) {
    auto put = [](json::object& object, const char* name, const std::string& value) {
        if (!value.empty()) object[name] = value;
    };
    json::object occurred, source;
    if (auto* given = fields.if_contains("occurred"); given && given->is_object()) occurred = given->get_object();
    if (auto* given = fields.if_contains("source"); given && given->is_object()) source = given->get_object();
    // A day alone is a time of that day, and says so.
    if (schema::parse_day(choice.occurred)) {
        occurred["at"] = choice.occurred + "T12:00";
        occurred["precision"] = "day";
    } else {
        put(occurred, "at", choice.occurred);
    }
    put(occurred, "until", choice.until);
    if (!choice.until.empty()) occurred["precision"] = "range";
    put(occurred, "precision", choice.precision);
    put(source, "role", choice.source_role);
    put(source, "organisation", choice.source_organisation);
    put(source, "reliability", choice.reliability);
    if (!occurred.empty()) fields["occurred"] = std::move(occurred);
    if (!source.empty()) fields["source"] = std::move(source);
    put(fields, "role", choice.role);
    put(fields, "team", choice.team);
    if (!choice.basis.empty()) fields["basis"] = json::array(choice.basis.begin(), choice.basis.end());
}

json::value take(json::object& object, const char* name) {
    auto* found = object.if_contains(name);
    if (!found) return nullptr;
    auto value = std::move(*found);
    object.erase(name);
    return value;
}

}  // namespace

Attempt<Statement> gather(const Desk& desk, Calls& calls, const RecordChoice& choice) {
    Statement statement;
    statement.played_at = choice.played_at;
    statement.stream = choice.case_id;
    if (!choice.file.empty()) {
        auto read = read_fields(choice.file);
        if (!read) return tl::unexpected(read.error());
        statement.fields = *std::move(read);
    }
    auto given_words = take(statement.fields, "words"), given_stream = take(statement.fields, "stream"),
         given_fact = take(statement.fields, "fact"), given_time = take(statement.fields, "playedAt");
    if (statement.stream.empty() && given_stream.is_string()) statement.stream = given_stream.get_string();
    if (statement.played_at.empty() && given_time.is_string()) statement.played_at = given_time.get_string();
    if (!statement.stream.empty() && !schema::StreamId::from_hex(statement.stream))
        return malformed("--case", "must be an id of 32 hexadecimal digits");

    json::object fact;
    std::string type;
    if (given_fact.is_object() && given_fact.get_object().size() == 1) {
        type = given_fact.get_object().begin()->key();
        if (auto* inner = given_fact.get_object().begin()->value().if_object()) fact = *inner;
    } else if (!given_fact.is_null()) {
        return malformed("fact", "must be an object with one member, the type of the event");
    }
    if (!choice.type.empty()) {
        auto* found = find_event_type(choice.type);
        if (!found)
            return malformed("EVENT",
                             "there is no event \"" + choice.type + "\"; `caseledger record --list` lists them");
        if (!type.empty() && type != schema::name_of(found->which))
            return malformed("EVENT", "is not the one in the file, " + type);
        type = schema::name_of(found->which);
    }
    if (type.empty()) return usage("say which event, or give --file; `caseledger record --list` lists the events");
    auto* marks = marks_of_type(type);
    if (!marks) return malformed("fact." + type, "is not an event type");

    for (auto& setting : choice.settings) TRY(set_field(*marks, fact, setting));
    TRY(fill_references(desk, calls, statement.stream, *marks, fact));
    TRY(ask_missing(desk, *marks, fact));
    if (auto missing = missing_fields(*marks, fact); !missing.empty())
        return malformed(
            "fact." + type + "." + missing.front()->name,
            "is missing: " + kind_of_value(*missing.front()) + ". Give --set " + missing.front()->name + "=...");
    auto words = gather_words(desk, calls, choice, statement.stream, *marks, fact, std::move(given_words));
    if (!words) return tl::unexpected(words.error());
    auto read = ledger::words_from_json(*words, ledger::Salts::made_here);
    if (!read) return tl::unexpected(read.error());
    statement.words = *std::move(read);
    add_circumstances(choice, statement.fields);
    statement.fields["fact"] = {{type, std::move(fact)}};
    TRY(add_joint(calls, choice.joint, statement));
    return statement;
}

std::string shown(const Ready& ready, const Screen& screen) {
    auto& fact = ready.reads.at("fact").as_object();
    auto type = std::string(fact.begin()->key());
    auto text = [](const json::value& value) {
        return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    };
    auto stream = schema::StreamId::from_hex(ready.stream);
    bool family = stream && schema::kind_of(*stream) == schema::StreamKind::family;
    std::string out = screen.styled(Screen::bold, schema::title_of(schema::type_named(type)->which)) + "\n";
    Table table({{"Field", Table::left}, {"What you sign", Table::left, true}});
    if (family) table.row({"case", ready.stream + (ready.new_case ? "  (new)" : "")});
    auto reads = json::value(ready.reads);
    table.row({"event", told(reads, "id")});
    table.row({"you act as", told(reads, "role") + (told(reads, "team").empty() ? "" : " in " + told(reads, "team"))});
    table.row({"occurred", told(reads, "occurred.at") + " (" + told(reads, "occurred.precision") + ")"});
    table.row({"having seen", fmt::format("{} entries of this record, {} of the book", told(reads, "seen.revision"),
                                          told(reads, "seen.size"))});
    for (auto* name : {"source", "basis", "joint"})
        if (auto* value = ready.reads.if_contains(name); value && *value != json::value{{"reliability", "fact"}})
            table.row({name, text(*value)});
    for (auto& member : fact.begin()->value().as_object()) table.row({std::string(member.key()), text(member.value())});
    for (auto& word : ready.draft.words)
        table.row(
            {"words: " + word.heading,
             fmt::format("{} (about {})", word.content,
                         word.subjects.size() == 1 ? "one person" : fmt::format("{} people", word.subjects.size()))});
    return out + table.text(screen);
}

}  // namespace tools
