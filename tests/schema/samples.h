// A sample of any event type, made by reflection from its marks: whatever the schema allows, some day it is made here.
#pragma once
#include <capnp/dynamic.h>
#include <capnp/message.h>

#include <random>
#include <string>

#include "schema/event.h"
#include "schema/event_types.h"

namespace samples {

class Maker {
  public:
    explicit Maker(uint64_t seed) : random_(seed) {}

    uint64_t below(uint64_t n) { return random_() % n; }
    bool coin() { return below(2) == 0; }
    std::string bytes(size_t n) {
        std::string made;
        while (made.size() < n) made += static_cast<char>(1 + below(255));
        return made;
    }
    std::string code() {
        static constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
        std::string made(1, letters[below(36)]);
        for (auto n = below(20); n > 0; --n) made += letters[below(37)];
        return made;
    }
    std::string prose() {
        static constexpr const char* parts[] = {"Eastmere ", "\"quoted\" ",   "caf\xc3\xa9 ", "\\ ",
                                                "{}",        "\xe2\x80\x94 ", "<b>",          "1:2 "};
        std::string made = "x";
        for (auto n = below(6); n > 0; --n) made += parts[below(8)];
        return made;
    }

    // Fills every field that must be given, and every other one now and then.
    void fill(capnp::DynamicStruct::Builder target) {
        for (auto& field : schema::marks_of(target.getSchema()).fields) {
            if (field.optional && coin()) continue;
            if (field.list) {
                auto list = target.init(field.field, static_cast<unsigned>(1 + below(3))).as<capnp::DynamicList>();
                for (uint32_t i = 0; i < list.size(); ++i) {
                    if (field.which == capnp::schema::Type::STRUCT) fill(list[i].as<capnp::DynamicStruct>());
                    else one(field, [&](capnp::DynamicValue::Reader value) { list.set(i, value); });
                }
                continue;
            }
            if (field.which == capnp::schema::Type::STRUCT) fill(target.init(field.field).as<capnp::DynamicStruct>());
            else one(field, [&](capnp::DynamicValue::Reader value) { target.set(field.field, value); });
        }
    }

  private:
    template <class Put>
    void one(const schema::FieldMarks& field, Put put) {
        using T = capnp::schema::Type;
        switch (field.which) {
            case T::BOOL: return put(coin());
            case T::TEXT: {
                auto text = field.prose ? prose() : code();
                return put(capnp::Text::Reader(text.c_str(), text.size()));
            }
            case T::DATA: {
                auto raw = bytes(field.bytes);
                return put(schema::data_of(schema::as_bytes(raw)));
            }
            case T::ENUM: {
                auto type = field.field.getType();
                if (type.isList()) type = type.asList().getElementType();
                auto values = type.asEnum().getEnumerants();
                return put(capnp::DynamicEnum(values[static_cast<unsigned>(below(values.size()))]));
            }
            case T::INT32:
                return put(static_cast<int64_t>(field.date ? -25567 + static_cast<int64_t>(below(109'000)) : 5));
            case T::INT64:
                return put(static_cast<int64_t>(1'400'000'000'000 + static_cast<int64_t>(below(400'000'000'000))));
            case T::UINT8: return put(below(field.up_to ? field.up_to + 1 : 256));
            case T::UINT16: return put(below(field.up_to ? field.up_to + 1 : 65536));
            case T::UINT32: return put(below(field.up_to ? field.up_to + 1 : 1'000'000));
            default: return put(below(1u << 31));
        }
    }
    std::mt19937_64 random_;
};

inline schema::StreamId stream_for(schema::StreamKind kind, Maker& maker) {
    switch (kind) {
        case schema::StreamKind::directory: return schema::reserved_stream(schema::directory_stream_number);
        case schema::StreamKind::practice: return schema::reserved_stream(schema::practice_stream_number);
        case schema::StreamKind::service: return schema::reserved_stream(schema::service_stream_number);
        case schema::StreamKind::family: break;
    }
    return schema::StreamId::of(schema::as_bytes(maker.bytes(16)));
}

// A well-formed event of the type; its canonical bytes.
inline std::string event_of(schema::Fact::Which which, uint64_t seed) {
    Maker maker(seed * 1000 + static_cast<uint64_t>(which));
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<schema::Event>();
    maker.fill(capnp::DynamicStruct::Builder(event));
    event.setStream(schema::data_of(schema::as_bytes(stream_for(schema::type_of(which).stream, maker).view())));
    auto occurred = event.getOccurred();
    if (occurred.getPrecision() == schema::Precision::RANGE) occurred.setUntil(occurred.getAt() + 1000);
    capnp::DynamicStruct::Builder fact = event.getFact();
    auto member = capnp::Schema::from<schema::Fact>().getUnionFields()[static_cast<unsigned>(which)];
    maker.fill(fact.init(member).as<capnp::DynamicStruct>());
    return schema::canonical_bytes(event.asReader());
}

}  // namespace samples
