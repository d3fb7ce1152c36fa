#include "schema/json.h"

#include <capnp/schema.h>
#include <openssl/evp.h>

#include <boost/json/basic_parser_impl.hpp>
#include <set>

#include "schema/marks.h"
#include "schema/message.h"
#include "schema/time.h"

namespace schema {
namespace {

namespace json = boost::json;
using T = capnp::schema::Type;

enum Mark : uint64_t {
    optional_mark = 0xa8f2d8a0c1b7e615,
    date_mark = 0xa8f2d8a0c1b7e616,
    moment_mark = 0xa8f2d8a0c1b7e617
};

bool marked(capnp::StructSchema::Field field, uint64_t id) {
    for (auto mark : field.getProto().getAnnotations())
        if (mark.getId() == id) return true;
    return false;
}

bool is_identifier(size_t size) { return size == 16 || size == 32 || size == 64; }

json::value one_to_json(capnp::DynamicValue::Reader value, capnp::StructSchema::Field field) {
    switch (value.getType()) {
        case capnp::DynamicValue::BOOL: return value.as<bool>();
        case capnp::DynamicValue::INT: {
            auto number_ = value.as<int64_t>();
            if (marked(field, date_mark)) return json::string(iso(day_of(static_cast<int32_t>(number_))));
            if (marked(field, moment_mark)) return json::string(iso(time_of(number_)));
            return number_;
        }
        case capnp::DynamicValue::UINT: return value.as<uint64_t>();
        case capnp::DynamicValue::TEXT: return json::string(text_of(value.as<capnp::Text>()));
        case capnp::DynamicValue::DATA: {
            auto bytes = bytes_of(value.as<capnp::Data>());
            return json::string(is_identifier(bytes.size()) ? to_hex(bytes) : to_base64(bytes));
        }
        case capnp::DynamicValue::ENUM:
            KJ_IF_MAYBE (enumerant, value.as<capnp::DynamicEnum>().getEnumerant()) {
                return json::string(enumerant->getProto().getName().cStr());
            }
            return value.as<capnp::DynamicEnum>().getRaw();
        case capnp::DynamicValue::STRUCT: return to_json(value.as<capnp::DynamicStruct>());
        default: return nullptr;
    }
}

bool is_given(capnp::DynamicValue::Reader value, capnp::StructSchema::Field field) {
    switch (value.getType()) {
        case capnp::DynamicValue::BOOL: return value.as<bool>() || !marked(field, optional_mark);
        case capnp::DynamicValue::INT:
            return value.as<int64_t>() != 0 || !(marked(field, date_mark) || marked(field, moment_mark));
        case capnp::DynamicValue::TEXT: return value.as<capnp::Text>().size() > 0;
        case capnp::DynamicValue::DATA: return value.as<capnp::Data>().size() > 0;
        case capnp::DynamicValue::LIST: return value.as<capnp::DynamicList>().size() > 0;
        default: return true;
    }
}

void add(json::object& out, capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field) {
    auto type = field.getType();
    if (type.isStruct() && !value.has(field)) return;
    auto held = value.get(field);
    if (!is_given(held, field)) return;
    const char* name = field.getProto().getName().cStr();
    if (!type.isList()) {
        out[name] = one_to_json(held, field);
        return;
    }
    json::array list;
    for (auto element : held.as<capnp::DynamicList>()) list.push_back(one_to_json(element, field));
    out[name] = std::move(list);
}

// The whole of it, also where a stranger put a NUL inside. Must be followed by a NUL, as Boost's keys and strings are.
kj::StringPtr name_in(json::string_view text) { return {text.data(), text.size()}; }

class FromJson {
  public:
    Result<void> fill(const json::value& value, capnp::DynamicStruct::Builder target, const std::string& path) {
        const json::object* object = value.if_object();
        if (!object) return malformed(path, "must be an object { }");
        if (++parts_ > most_parts) return malformed(path, "is one part too many; 20,000 are possible");
        bool union_given = false;
        for (const auto& member : *object) {
            std::string at = path.empty() ? std::string(member.key()) : path + "." + std::string(member.key());
            KJ_IF_MAYBE (field, target.getSchema().findFieldByName(name_in(member.key()))) {
                if (field->getProto().getDiscriminantValue() != capnp::schema::Field::NO_DISCRIMINANT) {
                    if (union_given) return malformed(at, "is the second of which only one may be given");
                    union_given = true;
                }
                TRY(set(member.value(), target, *field, at));
            } else
                return malformed(at, "is not a field of " + name_of(target.getSchema()) + "; it has " +
                                         fields_of(target.getSchema()));
        }
        return {};
    }

  private:
    // A few bytes of a stranger's text must not become megabytes of structs.
    static constexpr size_t most_parts = 20'000;
    size_t parts_ = 0;

    static std::string name_of(capnp::StructSchema schema) {
        std::string name = schema.getShortDisplayName().cStr();
        return name;
    }
    static std::string fields_of(capnp::StructSchema schema) {
        if (schema.getFields().size() > 20) return "the names in docs/FORMAT.md";
        std::string names;
        for (auto field : schema.getFields())
            names += (names.empty() ? "" : ", ") + std::string(field.getProto().getName().cStr());
        return names;
    }

    Result<void> set(const json::value& value, capnp::DynamicStruct::Builder target, capnp::StructSchema::Field field,
                     const std::string& at) {
        auto type = field.getType();
        if (type.isStruct()) return fill(value, target.init(field).as<capnp::DynamicStruct>(), at);
        if (!type.isList()) {
            Put put{[&](capnp::DynamicValue::Reader read) { target.set(field, read); }};
            return scalar(value, type, field, at, put);
        }
        const json::array* array = value.if_array();
        if (!array) return malformed(at, "must be a list [ ]");
        if (array->size() > 10'000) return malformed(at, "has more than 10,000 items");
        if (array->empty()) return {};
        auto list = target.init(field, static_cast<unsigned>(array->size())).as<capnp::DynamicList>();
        auto element = type.asList().getElementType();
        for (uint32_t i = 0; i < array->size(); ++i) {
            auto item = at + "[" + std::to_string(i) + "]";
            if (element.isStruct()) {
                TRY(fill((*array)[i], list[i].as<capnp::DynamicStruct>(), item));
            } else {
                Put put{[&](capnp::DynamicValue::Reader read) { list.set(i, read); }};
                TRY(scalar((*array)[i], element, field, item, put));
            }
        }
        return {};
    }

    using Put = std::function<void(capnp::DynamicValue::Reader)>;

    static Result<void> scalar(const json::value& value, capnp::Type type, capnp::StructSchema::Field field,
                               const std::string& at, const Put& put) {
        switch (type.which()) {
            case T::BOOL:
                if (!value.is_bool()) return malformed(at, "must be true or false");
                put(value.get_bool());
                return {};
            case T::TEXT: {
                if (!value.is_string()) return malformed(at, "must be text in quotes");
                auto& text = value.get_string();
                if (text.empty()) return {};
                if (text.find('\0') != text.npos) return malformed(at, "holds a character that text may not hold");
                put(capnp::Text::Reader(text.c_str(), text.size()));
                return {};
            }
            case T::DATA: {
                if (!value.is_string()) return malformed(at, "must be hexadecimal digits or base64 in quotes");
                auto& text = value.get_string();
                if (text.empty()) return {};
                if (is_identifier(text.size() / 2) && text.size() % 2 == 0) {
                    if (auto raw = from_hex({text.data(), text.size()})) {
                        put(data_of(as_bytes(*raw)));
                        return {};
                    }
                }
                auto raw = from_base64({text.data(), text.size()}, at);
                if (!raw) return malformed(at, "must be hexadecimal digits (an id has 32) or base64");
                put(data_of(as_bytes(*raw)));
                return {};
            }
            case T::ENUM: {
                if (value.is_string())
                    KJ_IF_MAYBE (enumerant, type.asEnum().findEnumerantByName(name_in(value.get_string()))) {
                        put(capnp::DynamicEnum(*enumerant));
                        return {};
                    }
                std::string names;
                for (auto known : type.asEnum().getEnumerants())
                    names += (names.empty() ? "" : ", ") + std::string(known.getProto().getName().cStr());
                return malformed(at, "must be one of " + names);
            }
            case T::INT32:
                if (marked(field, date_mark)) {
                    auto day = value.is_string() ? parse_day(std::string_view(value.get_string())) : std::nullopt;
                    if (!day) return malformed(at, "must be a day such as \"2018-06-22\"");
                    put(number(*day));
                    return {};
                }
                break;
            case T::INT64:
                if (marked(field, moment_mark)) {
                    auto time = value.is_string() ? parse_time(std::string_view(value.get_string())) : std::nullopt;
                    if (!time) return malformed(at, "must be a time such as \"2018-05-24T14:00:00+01:00\"");
                    put(milliseconds(*time));
                    return {};
                }
                break;
            default: break;
        }
        return whole_number(value, type, at, put);
    }

    static Result<void> whole_number(const json::value& value, capnp::Type type, const std::string& at,
                                     const Put& put) {
        uint64_t most = 0;
        switch (type.which()) {
            case T::UINT8: most = 0xff; break;
            case T::UINT16: most = 0xffff; break;
            case T::UINT32: most = 0xffffffff; break;
            case T::UINT64: most = ~uint64_t{0}; break;
            case T::INT32: most = 0x7fffffff; break;
            case T::INT64: most = 0x7fffffffffffffff; break;
            default: return malformed(at, "cannot be given in JSON");
        }
        uint64_t given = 0;
        if (value.is_int64() && value.get_int64() >= 0) given = static_cast<uint64_t>(value.get_int64());
        else if (value.is_uint64()) given = value.get_uint64();
        else return malformed(at, "must be a whole number, 0 or more");
        if (given > most) return malformed(at, "is too large; at most " + std::to_string(most) + " is possible");
        put(given);
        return {};
    }
};

// Boost keeps the last of two members of one name; whoever looked at the first has looked at another document.
struct NamesOnce {
    static constexpr size_t max_object_size = SIZE_MAX, max_array_size = SIZE_MAX;
    static constexpr size_t max_key_size = SIZE_MAX, max_string_size = SIZE_MAX;
    using Text = json::string_view;
    using Error = json::error_code;

    std::vector<std::set<std::string>> open;
    std::string begun;
    std::optional<std::string> twice;

    bool on_object_begin(Error&) { return open.emplace_back(), true; }
    bool on_object_end(size_t, Error&) { return open.pop_back(), true; }
    bool on_key_part(Text text, size_t, Error&) { return begun += text, true; }
    bool on_key(Text text, size_t, Error&) {
        begun += text;
        if (!twice && !open.back().insert(begun).second) twice = begun;
        return begun.clear(), true;
    }
    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }
    bool on_array_begin(Error&) { return true; }
    bool on_array_end(size_t, Error&) { return true; }
    bool on_string_part(Text, size_t, Error&) { return true; }
    bool on_string(Text, size_t, Error&) { return true; }
    bool on_number_part(Text, Error&) { return true; }
    bool on_int64(int64_t, Text, Error&) { return true; }
    bool on_uint64(uint64_t, Text, Error&) { return true; }
    bool on_double(double, Text, Error&) { return true; }
    bool on_bool(bool, Error&) { return true; }
    bool on_null(Error&) { return true; }
    bool on_comment_part(Text, Error&) { return true; }
    bool on_comment(Text, Error&) { return true; }
};

// In text that has been parsed already.
std::optional<std::string> member_given_twice(std::string_view text) {
    json::basic_parser<NamesOnce> parser((json::parse_options()));
    json::error_code error;
    parser.write_some(false, text.data(), text.size(), error);
    return parser.handler().twice;
}

}  // namespace

json::object to_json(capnp::DynamicStruct::Reader value) {
    json::object out;
    for (auto field : value.getSchema().getNonUnionFields()) add(out, value, field);
    KJ_IF_MAYBE (which, value.which()) {
        out[which->getProto().getName().cStr()] = one_to_json(value.get(*which), *which);
    }
    return out;
}

json::object fact_to_json(Fact::Reader fact) {
    capnp::DynamicStruct::Reader dynamic = fact;
    KJ_IF_MAYBE (which, dynamic.which()) {
        return to_json(dynamic.get(*which).as<capnp::DynamicStruct>());
    }
    return {};
}

Result<void> from_json(const json::value& value, capnp::DynamicStruct::Builder target, const std::string& path) {
    try {
        return FromJson().fill(value, target, path);
    } catch (const kj::Exception&) {
        return malformed(path, "does not fit the schema");
    }
}

Result<json::value> parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = 32;
    json::error_code error;
    auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return malformed("", "is not JSON: " + error.message());
    if (auto twice = member_given_twice(text)) return malformed(*twice, "is given twice");
    return value;
}

json::string hex_string(Bytes bytes, json::storage_ptr storage) {
    json::string hex(2 * bytes.size(), '\0', std::move(storage));
    write_hex(bytes, hex.data());
    return hex;
}

std::string to_base64(Bytes bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    auto length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
    text.resize(static_cast<size_t>(length));
    return text;
}

Result<std::string> from_base64(std::string_view text, std::string field) {
    auto refuse = [&] { return malformed(std::move(field), "is not base64"); };
    if (text.size() % 4) return refuse();
    std::string raw(text.size() / 4 * 3, '\0');
    auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(raw.data()),
                                  reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return refuse();
    size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    raw.resize(static_cast<size_t>(length) - padding);
    if (to_base64(as_bytes(raw)) != text) return refuse();  // one text for one value
    return raw;
}

}  // namespace schema
