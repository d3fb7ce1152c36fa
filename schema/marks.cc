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
        marks.pointers = schema.getProto().getStruct().getPointerCount();
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
        auto slot = field.getProto().getSlot();
        ASSERT(!slot.getHadExplicitDefault());  // what lies in the bytes is the value
        marks.offset = slot.getOffset();
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
        if (type.isEnum()) marks.members = type.asEnum().getEnumerants().size();
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

// Where something is, for whoever must be told; put into words only then.
class Path {
  public:
    explicit Path(std::string_view name, const Path* within = nullptr) : name_(name), within_(within) {}
    Path(uint32_t index, const Path& within) : within_(&within), index_(index) {}

    std::string text() const {
        if (!within_) return std::string(name_);
        auto before = within_->text();
        if (index_) return before + "[" + std::to_string(*index_) + "]";
        return before.empty() ? std::string(name_) : before + "." + std::string(name_);
    }

  private:
    std::string_view name_;
    const Path* within_;
    std::optional<uint32_t> index_;
};

tl::unexpected<Error> malformed(const Path& at, std::string what) {
    return schema::malformed(at.text(), std::move(what));
}

class Examination {
  public:
    Result<void> visit(capnp::AnyStruct::Reader value, const StructMarks& marks, const Path& path, bool in_fact) {
        auto data = value.getDataSection();
        auto pointers = value.getPointerSection();
        if (data.size() > marks.known_bits.size() || pointers.size() > marks.pointers)
            return malformed(path, "holds fields that this version does not know");
        for (size_t i = 0; i < data.size(); ++i)
            if (data[i] & ~marks.known_bits[i])
                return malformed(path, "holds bits beside its fields, which nobody would see");
        for (const FieldMarks& field : marks.fields) {
            Path at(field.name, &path);
            if (!is_pointer(field)) {
                TRY(number(data, field, at));
                continue;
            }
            if (field.offset >= pointers.size() || pointers[field.offset].isNull()) {
                if (!field.optional) return malformed(at, "is missing");
                continue;
            }
            auto held = pointers[field.offset];
            auto visited =
                field.list ? list(held.getAs<capnp::AnyList>(), field, at, in_fact) : one(held, field, at, in_fact);
            if (!visited) return visited;
        }
        return {};
    }

    std::vector<Mention> mentions;

  private:
    using T = capnp::schema::Type;

    static bool is_pointer(const FieldMarks& field) {
        return field.list || field.which == T::DATA || field.which == T::TEXT || field.which == T::STRUCT;
    }

    // One spelling for what is not there: two would make two events, two hashes and two signatures of one.
    static Result<void> given(bool empty, const FieldMarks& field, const Path& at) {
        if (!empty) return {};
        if (field.optional) return malformed(at, "is empty; what is empty is left out");
        return malformed(at, field.list ? "must name at least one" : "is missing");
    }

    Result<void> one(capnp::AnyPointer::Reader held, const FieldMarks& field, const Path& at, bool in_fact) {
        switch (field.which) {
            case T::DATA: {
                auto value = held.getAs<capnp::Data>();
                TRY(given(value.size() == 0, field, at));
                return data(value, field, at, in_fact);
            }
            case T::TEXT: {
                auto value = held.getAs<capnp::Text>();
                TRY(given(value.size() == 0, field, at));
                return text(value, field, at, in_fact);
            }
            default: {
                auto value = held.getAs<capnp::AnyStruct>();
                bool empty = value.getDataSection().size() == 0 && value.getPointerSection().size() == 0;
                // A part of which nothing is said is told by its own fields, unless it may be left out.
                if (empty && field.optional) return given(empty, field, at);
                return visit(value, *field.inner, at, in_fact);
            }
        }
    }

    Result<void> list(capnp::AnyList::Reader held, const FieldMarks& field, const Path& at, bool in_fact) {
        TRY(given(held.size() == 0, field, at));
        if (held.getElementSize() != layout_of(field.which))
            return malformed(at, "is not laid out as this version's lists are");
        auto each = [&](auto elements, auto take) -> Result<void> {
            for (uint32_t i = 0; i < elements.size(); ++i) TRY(take(elements[i], Path(i, at)));
            return {};
        };
        switch (field.which) {
            case T::STRUCT:
                return each(held.as<capnp::List<capnp::AnyStruct>>(),
                            [&](auto value, const Path& place) { return visit(value, *field.inner, place, in_fact); });
            case T::DATA:
                return each(held.as<capnp::List<capnp::Data>>(),
                            [&](auto value, const Path& place) { return data(value, field, place, in_fact); });
            case T::TEXT:
                return each(held.as<capnp::List<capnp::Text>>(),
                            [&](auto value, const Path& place) { return text(value, field, place, in_fact); });
            default: return {};
        }
    }

    static Result<void> number(capnp::Data::Reader in, const FieldMarks& field, const Path& at) {
        switch (field.which) {
            case T::ENUM:
                if (number_at<uint16_t>(in, field.offset) >= field.members)
                    return malformed(at, "is a value that this version does not know");
                return {};
            case T::INT32:
                if (!field.date) return {};
                return when(number_at<int32_t>(in, field.offset),
                            is_plausible(day_of(number_at<int32_t>(in, field.offset))), field, at);
            case T::INT64:
                if (!field.moment) return {};
                return when(number_at<int64_t>(in, field.offset),
                            is_plausible(time_of(number_at<int64_t>(in, field.offset))), field, at);
            case T::UINT8: return up_to(number_at<uint8_t>(in, field.offset), field, at);
            case T::UINT16: return up_to(number_at<uint16_t>(in, field.offset), field, at);
            case T::UINT32: return up_to(number_at<uint32_t>(in, field.offset), field, at);
            default: return {};
        }
    }

    static Result<void> up_to(uint64_t value, const FieldMarks& field, const Path& at) {
        if (!field.up_to || value <= field.up_to) return {};
        return malformed(at,
                         "is " + std::to_string(value) + "; at most " + std::to_string(field.up_to) + " is possible");
    }

    Result<void> data(capnp::Data::Reader value, const FieldMarks& field, const Path& at, bool in_fact) {
        if (value.size() != field.bytes)
            return malformed(
                at, "has " + std::to_string(value.size()) + " bytes instead of " + std::to_string(field.bytes));
        if (in_fact && (field.person || !field.subject.empty() || !field.refers.empty()))
            mentions.push_back({&field, at.text(), as_text(bytes_of(value))});
        return {};
    }

    Result<void> text(capnp::Text::Reader value, const FieldMarks& field, const Path& at, bool in_fact) {
        if (value.size() == 0) return malformed(at, "is empty");  // one of a list
        if (field.prose && !is_prose(text_of(value))) return malformed(at, "must be UTF-8 without control characters");
        // Codes only: a name or a remark about a family never gets into what is hashed and kept for ever.
        if (!field.prose && !is_code(text_of(value)))
            return malformed(at, "must be a code of at most 60 letters a-z, digits and '-'");
        if (in_fact && !field.codes.empty()) mentions.push_back({&field, at.text(), text_of(value)});
        return {};
    }

    static Result<void> when(int64_t value, bool plausible, const FieldMarks& field, const Path& at) {
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
    static const StructMarks& of_event = marks_of(capnp::Schema::from<Event>());
    static const auto of_facts = [] {
        std::vector<std::pair<std::string, const StructMarks*>> all;
        for (auto member : capnp::Schema::from<Fact>().getUnionFields()) {
            ASSERT(member.getProto().getDiscriminantValue() == all.size());
            all.emplace_back(member.getProto().getName(), &marks_of(member.getType().asStruct()));
        }
        return all;
    }();
    try {
        Examination examination;
        Path top("");
        TRY(examination.visit(event, of_event, top, false));
        auto fact = event.getFact();
        Path at("fact", &top);
        auto which = static_cast<size_t>(fact.which());
        if (which >= of_facts.size()) return malformed(at, "is of a type that this version does not know");
        Path of_type(of_facts[which].first, &at);
        auto pointers = capnp::AnyStruct::Reader(fact).getPointerSection();
        if (pointers.size() == 0 || pointers[0].isNull()) return malformed(of_type, "is empty");
        TRY(examination.visit(body_of(fact), *of_facts[which].second, of_type, true));
        return std::move(examination.mentions);
    } catch (const kj::Exception&) {
        return schema::malformed("", "cannot be read: its pointers lead nowhere or too deep");
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
