#include "schema/fields.h"

#include "schema/json.h"

namespace schema {
namespace {
namespace json = boost::json;
}

bool is_utf8(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        auto byte = static_cast<unsigned char>(text[i]);
        size_t more = byte < 0x80 ? 0 : byte >> 5 == 0x6 ? 1 : byte >> 4 == 0xe ? 2 : byte >> 3 == 0x1e ? 3 : 9;
        if (more == 9 || i + more >= text.size()) return false;
        uint32_t point = more ? byte & (0x3f >> more) : byte;
        for (size_t j = 1; j <= more; ++j) {
            auto next = static_cast<unsigned char>(text[i + j]);
            if (next >> 6 != 2) return false;
            point = point << 6 | (next & 0x3f);
        }
        constexpr uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
        i += more + 1;
    }
    return true;
}

Fields::Fields(const json::value& value, std::string path) : object_(value.if_object()), path_(std::move(path)) {
    if (!object_) wrong_ = Error{Fault::malformed, path_, "must be an object { }"};
}

std::string Fields::at(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void Fields::refuse(std::string_view name, std::string why) {
    if (!wrong_) wrong_ = Error{Fault::malformed, at(name), std::move(why)};
}

const json::value* Fields::find(std::string_view name, bool needed) {
    asked_.emplace(name);
    if (!object_) return nullptr;
    auto* found = object_->if_contains(name);
    if (!found && needed) refuse(name, "is missing");
    return found;
}

std::string Fields::text(std::string_view name) {
    auto* found = find(name, true);
    if (!found) return {};
    if (auto* text = found->if_string()) return {text->data(), text->size()};
    refuse(name, "must be text in quotes");
    return {};
}

std::string Fields::optional_text(std::string_view name) { return find(name, false) ? text(name) : std::string(); }

std::optional<Time> Fields::optional_moment(std::string_view name) {
    if (!find(name, false)) return std::nullopt;
    auto time = parse_time(text(name));
    if (!time) refuse(name, "must be a time such as \"2018-05-24T14:00:00+01:00\"");
    return time;
}

const json::array& Fields::list(std::string_view name) {
    static const json::array none;
    auto* found = find(name, true);
    if (!found) return none;
    if (auto* array = found->if_array()) return *array;
    refuse(name, "must be a list [ ]");
    return none;
}

const json::array& Fields::optional_list(std::string_view name) {
    static const json::array none;
    return find(name, false) ? list(name) : none;
}

const json::object& Fields::object(std::string_view name) {
    static const json::object none;
    auto* found = find(name, true);
    if (!found) return none;
    if (auto* object = found->if_object()) return *object;
    refuse(name, "must be an object { }");
    return none;
}

uint64_t Fields::number(std::string_view name) {
    auto* found = find(name, true);
    if (!found) return 0;
    boost::system::error_code error;
    auto value = found->to_number<uint64_t>(error);
    if (!error && !found->is_double()) return value;
    refuse(name, "must be a whole number of at least 0");
    return 0;
}

std::string Fields::base64(std::string_view name) {
    auto given = text(name);
    auto raw = from_base64(given, at(name));
    if (!raw) refuse(name, "must be base64");
    return raw.value_or(std::string());
}

std::string Fields::hex(std::string_view name, size_t bytes) {
    auto raw = from_hex(text(name));
    if (raw && raw->size() == bytes) return *raw;
    refuse(name, "must be " + std::to_string(2 * bytes) + " hexadecimal digits");
    return std::string(bytes, '\0');
}

Result<void> Fields::finish() {
    if (object_)
        for (auto& member : *object_)
            if (!asked_.contains(std::string_view(member.key())))
                refuse(member.key(), "is not a field of this request");
    if (wrong_) return tl::unexpected(*wrong_);
    return {};
}

}  // namespace schema
