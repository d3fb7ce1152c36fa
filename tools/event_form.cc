#include "tools/event_form.h"

#include <charconv>

#include "ledger/keys.h"
#include "schema/json.h"

namespace tools {
namespace {

namespace json = boost::json;
using schema::FieldMarks;
using schema::malformed;
using T = capnp::schema::Type;

bool is_number(const FieldMarks& field) {
    switch (field.which) {
        case T::UINT8:
        case T::UINT16:
        case T::UINT32:
        case T::UINT64: return true;
        case T::INT32: return !field.date;
        case T::INT64: return !field.moment;
        default: return false;
    }
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    for (size_t from = 0; from <= text.size();) {
        auto end = std::min(text.find(at, from), text.size());
        if (auto part = text.substr(from, end - from); !part.empty()) parts.push_back(part);
        from = end + 1;
    }
    return parts;
}

schema::Result<json::value> one(const FieldMarks& field, const std::string& text) {
    if (is_number(field)) {
        uint64_t number = 0;
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size())
            return malformed(field.name, "must be " + kind_of_value(field));
        return json::value(number);
    }
    if (field.which == T::BOOL) {
        if (text == "yes" || text == "true") return json::value(true);
        if (text == "no" || text == "false") return json::value(false);
        return malformed(field.name, "must be yes or no");
    }
    if (text == "new" && may_be_new(field)) return json::value(ledger::random_id<schema::SubjectId>().hex());
    return json::value(text);
}

}  // namespace

const schema::StructMarks* marks_of_type(std::string_view type) {
    KJ_IF_MAYBE (field, capnp::Schema::from<schema::Fact>().findFieldByName(std::string(type).c_str())) {
        return &schema::marks_of(field->getType().asStruct());
    }
    return nullptr;
}

bool may_be_new(const FieldMarks& field) {
    return field.which == T::DATA && field.bytes == 16 && field.refers.empty() && !field.person &&
           (field.subject.empty() || field.subject.starts_with("introduces"));
}

schema::Result<json::value> field_from_text(const FieldMarks& field, const std::string& text) {
    if (!text.empty() && (text.front() == '[' || text.front() == '{')) {
        auto value = schema::parse_json(text);
        if (!value) return malformed(field.name, value.error().message);
        return *value;
    }
    if (!field.list) return one(field, text);
    json::array list;
    for (auto& part : split(text, ',')) {
        auto value = one(field, part);
        if (!value) return value;
        list.push_back(*value);
    }
    return json::value(std::move(list));
}

schema::Result<void> set_field(const schema::StructMarks& marks, json::object& fact, const std::string& setting) {
    auto equals = setting.find('=');
    if (equals == setting.npos || equals == 0) return malformed(setting, "must be NAME=VALUE");
    auto name = setting.substr(0, equals);
    std::string names;
    for (auto& field : marks.fields) {
        names += (names.empty() ? "" : ", ") + field.name;
        if (field.name != name) continue;
        auto value = field_from_text(field, setting.substr(equals + 1));
        if (!value) return tl::unexpected(value.error());
        auto* held = fact.if_contains(name);
        if (held && held->is_array() && value->is_array())
            for (auto& item : value->get_array()) held->get_array().push_back(item);
        else fact[name] = *std::move(value);
        return {};
    }
    return malformed(name, "is not a field of this event; it has " + (names.empty() ? std::string("none") : names));
}

bool must_be_given(const FieldMarks& field) { return !field.optional && field.which != T::BOOL && !is_number(field); }

std::vector<const FieldMarks*> missing_fields(const schema::StructMarks& marks, const json::object& fact) {
    std::vector<const FieldMarks*> missing;
    for (auto& field : marks.fields)
        if (must_be_given(field) && !fact.contains(field.name)) missing.push_back(&field);
    return missing;
}

std::vector<std::string> subjects_in(const schema::StructMarks& marks, const json::object& fact) {
    std::vector<std::string> subjects;
    auto add = [&](const json::value& value) {
        if (value.is_string()) subjects.emplace_back(value.get_string());
    };
    for (auto& field : marks.fields) {
        auto* held = fact.if_contains(field.name);
        if (!held || (field.subject.empty() && field.name != "person")) continue;
        if (held->is_array())
            for (auto& item : held->get_array()) add(item);
        else add(*held);
    }
    return subjects;
}

std::string kind_of_value(const FieldMarks& field) {
    std::string kind;
    if (field.date) kind = "a day such as 2018-06-22";
    else if (field.moment) kind = "a time such as 2018-05-24T14:00";
    else if (is_number(field))
        kind = field.up_to ? "a whole number, 0 to " + std::to_string(field.up_to) : std::string("a whole number");
    else if (field.which == T::BOOL) kind = "yes or no";
    else if (field.which == T::ENUM) kind = "one of a few words";
    else if (field.which == T::STRUCT) kind = "JSON";
    else if (!field.refers.empty()) kind = "the id of an earlier event of this case";
    else if (field.person) kind = "the id of a member of staff";
    else if (!field.subject.empty())
        kind = field.subject.find("child") != field.subject.npos ? "the id of a child" : "the id of an adult";
    else if (field.which == T::DATA)
        kind = field.bytes == 16 ? "an id" : std::to_string(field.bytes) + " bytes in hexadecimal";
    else if (!field.codes.empty()) kind = "a code of the practice's list \"" + field.codes + "\"";
    else kind = field.prose ? "text" : "a code of letters a-z, digits and '-'";
    if (may_be_new(field)) kind += ", or \"new\"";
    return field.list ? "a list, with commas: " + kind : kind;
}

}  // namespace tools
