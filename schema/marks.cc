#include "schema/marks.h"

#include <capnp/any.h>
#include <capnp/schema.h>

#include <algorithm>
#include <map>

#include "schema/fact_body.h"
#include "schema/fields.h"
#include "schema/message.h"
#include "schema/time.h"

namespace schema {
namespace {

// Ids of the annotations in marks.capnp.
enum Mark : uint64_t {
    title_mark = 0xa8f2d8a0c1b7e610,
    codes_mark,
    refers_mark,
    person_mark,
    subject_mark,
    optional_mark,
    date_mark,
    moment_mark,
    up_to_mark,
    kind_mark,
    words_mark,
    prose_mark,
    bytes_mark,
};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        auto end = text.find(' ');
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return parts;
}

// "consentSeen" reads "consent seen".
std::string spoken(std::string_view name) {
    std::string out;
    for (char c : name) {
        if (c >= 'A' && c <= 'Z') (out += ' ') += static_cast<char>(c - 'A' + 'a');
        else out += c;
    }
    return out;
}

class AllMarks {
  public:
    AllMarks() { add(capnp::Schema::from<Event>()); }
    const StructMarks* find(capnp::StructSchema schema) const {
        auto found = by_id_.find(schema.getProto().getId());
        return found == by_id_.end() ? nullptr : &found->second;
    }

  private:
    const StructMarks* add(capnp::StructSchema schema) {
        auto [slot, fresh] = by_id_.try_emplace(schema.getProto().getId());
        if (!fresh) return &slot->second;
        StructMarks& marks = slot->second;
        for (auto mark : schema.getProto().getAnnotations()) {
            auto value = mark.getValue();
            if (mark.getId() == title_mark) marks.title = value.getText();
            if (mark.getId() == words_mark) marks.words = split(text_of(value.getText()));
            if (mark.getId() == prose_mark) marks.prose = true;
        }
        for (auto field : schema.getNonUnionFields()) marks.fields.push_back(read(field, marks.prose));
        marks.known_bits = known_bits(schema);
        for (auto field : schema.getUnionFields()) add(field.getType().asStruct());
        return &marks;
    }

    static size_t bits_of(capnp::Type type) {
        using T = capnp::schema::Type;
        switch (type.which()) {
            case T::BOOL: return 1;
            case T::UINT8: return 8;
            case T::UINT16:
            case T::ENUM: return 16;
            case T::UINT32:
            case T::INT32: return 32;
            case T::UINT64:
            case T::INT64: return 64;
            default: ASSERT(type.isText() || type.isData() || type.isList() || type.isStruct()); return 0;  // a pointer
        }
    }

    static std::vector<uint8_t> known_bits(capnp::StructSchema schema) {
        auto shape = schema.getProto().getStruct();
        std::vector<uint8_t> bits(shape.getDataWordCount() * sizeof(capnp::word), 0);
        auto add = [&](size_t from, size_t count) {
            for (size_t bit = from; bit < from + count; ++bit) bits[bit / 8] |= static_cast<uint8_t>(1u << bit % 8);
        };
        if (shape.getDiscriminantCount()) add(size_t{shape.getDiscriminantOffset()} * 16, 16);
        for (auto field : schema.getFields())
            if (auto size = bits_of(field.getType())) add(field.getProto().getSlot().getOffset() * size, size);
        return bits;
    }

    FieldMarks read(capnp::StructSchema::Field field, bool prose) {
        FieldMarks marks;
        marks.field = field;
        marks.name = field.getProto().getName();
        marks.title = spoken(marks.name);
        marks.prose = prose;
        for (auto mark : field.getProto().getAnnotations()) {
            auto value = mark.getValue();
            switch (mark.getId()) {
                case title_mark: marks.title = value.getText(); break;
                case codes_mark: marks.codes = value.getText(); break;
                case refers_mark: marks.refers = split(text_of(value.getText())); break;
                case person_mark: marks.person = true; break;
                case subject_mark: marks.subject = value.getText(); break;
                case optional_mark: marks.optional = true; break;
                case date_mark: marks.date = true; break;
                case moment_mark: marks.moment = true; break;
                case up_to_mark: marks.up_to = value.getUint32(); break;
                case kind_mark: marks.kind = true; break;
                case prose_mark: marks.prose = true; break;
                case bytes_mark: marks.bytes = value.getUint32(); break;
                default: break;
            }
        }
        auto type = field.getType();
        if (type.isList()) {
            marks.list = true;
            type = type.asList().getElementType();
        }
        marks.which = type.which();
        if (type.isStruct()) marks.inner = add(type.asStruct());
        return marks;
    }

    std::map<uint64_t, StructMarks> by_id_;  // a map: its nodes stay where they are
};

const AllMarks& all() {
    static const AllMarks marks;
    return marks;
}

bool is_prose(std::string_view text) {
    auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return is_utf8(text) && std::none_of(text.begin(), text.end(), control);
}

// How a list of these lies in a message. The library reads other layouts as well, and passes over what they hold more.
capnp::ElementSize layout_of(capnp::schema::Type::Which which) {
    using T = capnp::schema::Type;
    switch (which) {
        case T::STRUCT: return capnp::ElementSize::INLINE_COMPOSITE;
        case T::UINT64: return capnp::ElementSize::EIGHT_BYTES;
        default: return capnp::ElementSize::POINTER;
    }
}

class Examination {
  public:
    Result<void> visit(capnp::DynamicStruct::Reader value, const StructMarks& marks, const std::string& path,
                       bool in_fact) {
        auto raw = value.as<capnp::AnyStruct>();
        auto shape = value.getSchema().getProto().getStruct();
        if (raw.getDataSection().size() > shape.getDataWordCount() * sizeof(capnp::word) ||
            raw.getPointerSection().size() > shape.getPointerCount())
            return malformed(path, "holds fields that this version does not know");
        for (size_t i = 0; i < raw.getDataSection().size(); ++i)
            if (raw.getDataSection()[i] & ~marks.known_bits[i])
                return malformed(path, "holds bits beside its fields, which nobody would see");
        for (const FieldMarks& field : marks.fields) {
            auto at = path.empty() ? field.name : path + "." + field.name;
            bool given = is_pointer(field) ? value.has(field.field) : true;
            if (!given) {
                if (!field.optional) return malformed(at, "is missing");
                continue;
            }
            auto held = value.get(field.field);
            // One spelling for what is not there: two would make two events, two hashes and two signatures of one.
            if (is_pointer(field) && is_empty(held)) {
                if (field.optional) return malformed(at, "is empty; what is empty is left out");
                if (field.list) return malformed(at, "must name at least one");
                if (field.which != capnp::schema::Type::STRUCT) return malformed(at, "is missing");
            }
            if (!field.list) {
                TRY(one(held, field, at, in_fact));
                continue;
            }
            auto list = held.as<capnp::DynamicList>();
            if (capnp::AnyList::Reader(list).getElementSize() != layout_of(field.which))
                return malformed(at, "is not laid out as this version's lists are");
            for (uint32_t i = 0; i < list.size(); ++i)
                TRY(one(list[i], field, at + "[" + std::to_string(i) + "]", in_fact));
        }
        return {};
    }

    std::vector<Mention> mentions;

  private:
    static bool is_pointer(const FieldMarks& field) {
        using T = capnp::schema::Type;
        return field.list || field.which == T::DATA || field.which == T::TEXT || field.which == T::STRUCT;
    }

    static bool is_empty(capnp::DynamicValue::Reader held) {
        switch (held.getType()) {
            case capnp::DynamicValue::TEXT: return held.as<capnp::Text>().size() == 0;
            case capnp::DynamicValue::DATA: return held.as<capnp::Data>().size() == 0;
            case capnp::DynamicValue::LIST: return held.as<capnp::DynamicList>().size() == 0;
            case capnp::DynamicValue::STRUCT: {
                auto raw = held.as<capnp::DynamicStruct>().as<capnp::AnyStruct>();
                return raw.getDataSection().size() == 0 && raw.getPointerSection().size() == 0;
            }
            default: return false;
        }
    }

    Result<void> one(capnp::DynamicValue::Reader value, const FieldMarks& field, const std::string& at, bool in_fact) {
        using T = capnp::schema::Type;
        switch (field.which) {
            case T::STRUCT: return visit(value.as<capnp::DynamicStruct>(), *field.inner, at, in_fact);
            case T::DATA: return data(value.as<capnp::Data>(), field, at, in_fact);
            case T::TEXT: return text(value.as<capnp::Text>(), field, at, in_fact);
            case T::ENUM: {
                auto known = value.as<capnp::DynamicEnum>();
                if (known.getEnumerant() == nullptr) return malformed(at, "is a value that this version does not know");
                return {};
            }
            case T::INT32:
                if (field.date) return when(value.as<int32_t>(), is_plausible(day_of(value.as<int32_t>())), field, at);
                return {};
            case T::INT64:
                if (field.moment)
                    return when(value.as<int64_t>(), is_plausible(time_of(value.as<int64_t>())), field, at);
                return {};
            case T::UINT8:
            case T::UINT16:
            case T::UINT32:
                if (field.up_to && value.as<uint64_t>() > field.up_to)
                    return malformed(at, "is " + std::to_string(value.as<uint64_t>()) + "; at most " +
                                             std::to_string(field.up_to) + " is possible");
                return {};
            default: return {};
        }
    }

    Result<void> data(capnp::Data::Reader value, const FieldMarks& field, const std::string& at, bool in_fact) {
        if (value.size() != field.bytes)
            return malformed(
                at, "has " + std::to_string(value.size()) + " bytes instead of " + std::to_string(field.bytes));
        if (in_fact && (field.person || !field.subject.empty() || !field.refers.empty()))
            mentions.push_back({&field, at, as_text(bytes_of(value))});
        return {};
    }

    Result<void> text(capnp::Text::Reader value, const FieldMarks& field, const std::string& at, bool in_fact) {
        if (value.size() == 0) return malformed(at, "is empty");  // one of a list
        if (field.prose && !is_prose(text_of(value))) return malformed(at, "must be UTF-8 without control characters");
        // Codes only: a name or a remark about a family never gets into what is hashed and kept for ever.
        if (!field.prose && !is_code(text_of(value)))
            return malformed(at, "must be a code of at most 60 letters a-z, digits and '-'");
        if (in_fact && !field.codes.empty()) mentions.push_back({&field, at, text_of(value)});
        return {};
    }

    static Result<void> when(int64_t value, bool plausible, const FieldMarks& field, const std::string& at) {
        if (value == 0 && !field.optional) return malformed(at, "is missing");
        if (!plausible) return malformed(at, "is not between 1900 and 2200");
        return {};
    }
};

// Of each type of event, by its number, the field that is its kind.
struct Kind {
    const FieldMarks* field = nullptr;  // null: it has none
    uint32_t at = 0;                    // in units of its own size; of a text: which pointer
    std::vector<std::string> names;     // of an enum's members
};

const std::vector<Kind>& all_kinds() {
    static const std::vector<Kind> kinds = [] {
        std::vector<Kind> found;
        for (auto member : capnp::Schema::from<Fact>().getUnionFields()) {
            Kind kind;
            for (const FieldMarks& field : marks_of(member.getType().asStruct()).fields) {
                if (!field.kind || kind.field) continue;
                kind.field = &field;
                kind.at = field.field.getProto().getSlot().getOffset();
                if (field.which != capnp::schema::Type::ENUM) continue;
                for (auto name : field.field.getType().asEnum().getEnumerants())
                    kind.names.emplace_back(name.getProto().getName());
            }
            auto number = member.getProto().getDiscriminantValue();
            if (found.size() <= number) found.resize(number + 1);
            found[number] = std::move(kind);
        }
        return found;
    }();
    return kinds;
}

}  // namespace

bool is_code(std::string_view text) {
    if (text.empty() || text.size() > 60) return false;
    for (char c : text)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    return text.front() != '-';
}

const StructMarks& marks_of(capnp::StructSchema schema) {
    const StructMarks* marks = all().find(schema);
    ASSERT(marks);
    return *marks;
}

Result<std::vector<Mention>> examine(Event::Reader event) {
    try {
        Examination examination;
        capnp::DynamicStruct::Reader dynamic = event;
        TRY(examination.visit(dynamic, marks_of(capnp::Schema::from<Event>()), "", false));
        capnp::DynamicStruct::Reader fact = event.getFact();
        auto member = fact.which();
        KJ_IF_MAYBE (which, member) {
            auto value = fact.get(*which);
            std::string name = which->getProto().getName();
            if (!fact.has(*which)) return malformed("fact." + name, "is empty");
            TRY(examination.visit(value.as<capnp::DynamicStruct>(), marks_of(which->getType().asStruct()),
                                  "fact." + name, true));
        } else return malformed("fact", "is of a type that this version does not know");
        return std::move(examination.mentions);
    } catch (const kj::Exception&) {
        return malformed("", "cannot be read: its pointers lead nowhere or too deep");
    }
}

std::string kind_of(Fact::Reader fact) {
    auto& kinds = all_kinds();
    auto type = static_cast<size_t>(fact.which());
    if (type >= kinds.size() || !kinds[type].field) return {};
    auto& kind = kinds[type];
    auto value = body_of(fact);
    if (kind.field->which == capnp::schema::Type::TEXT) {
        auto texts = value.getPointerSection();
        return kind.at < texts.size() ? std::string(text_of(texts[kind.at].getAs<capnp::Text>())) : std::string();
    }
    auto number = number_at<uint16_t>(value.getDataSection(), kind.at);
    return number < kind.names.size() ? kind.names[number] : std::string();
}

}  // namespace schema
