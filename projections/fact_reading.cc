#include "projections/fact_reading.h"

#include <array>

#include "schema/event_types.h"
#include "schema/fact_body.h"

namespace projections {
namespace {

using schema::as_bytes;
using schema::bytes_of;
using schema::FieldMarks;
using schema::StructMarks;
using schema::text_of;
using Shape = std::vector<struct Slot>;

// Where a field lies, and what it adds to a moment.
struct Slot {
    enum Says { event, person, child, adult, code, inner, day, time, yes, team } says;
    const FieldMarks* field;
    uint32_t at;  // data: in units of its own size; pointers: which
    Shape parts;  // of an inner struct
};

std::optional<Slot::Says> says(const FieldMarks& field, bool outermost) {
    using T = capnp::schema::Type;
    if (field.which == T::STRUCT) return Slot::inner;
    if (field.which == T::DATA && !field.refers.empty()) return Slot::event;
    if (field.which == T::DATA && field.person) return Slot::person;
    if (field.which == T::DATA && field.subject.ends_with("child")) return Slot::child;
    if (field.which == T::DATA && field.subject.ends_with("adult")) return Slot::adult;
    if (field.which == T::TEXT && !field.codes.empty()) return Slot::code;
    if (!outermost || field.list) return std::nullopt;
    if (field.date) return Slot::day;
    if (field.moment) return Slot::time;
    if (field.which == T::BOOL) return Slot::yes;
    if (field.which == T::TEXT && field.name == "team") return Slot::team;
    return std::nullopt;
}

Shape shape_of(const StructMarks& marks, bool outermost) {
    Shape shape;
    for (const FieldMarks& field : marks.fields) {
        auto what = says(field, outermost);
        if (!what) continue;
        Slot slot{*what, &field, field.field.getProto().getSlot().getOffset(), {}};
        if (slot.says == Slot::inner) slot.parts = shape_of(*field.inner, false);
        if (slot.says != Slot::inner || !slot.parts.empty()) shape.push_back(std::move(slot));
    }
    return shape;
}

// By the number of the type.
using Shapes = std::array<Shape, schema::event_types.size()>;
const Shapes& shapes() {
    static const Shapes all = [] {
        Shapes shapes;
        for (auto member : capnp::Schema::from<schema::Fact>().getUnionFields())
            shapes.at(member.getProto().getDiscriminantValue()) =
                shape_of(schema::marks_of(member.getType().asStruct()), true);
        return shapes;
    }();
    return all;
}

class Reading {
  public:
    explicit Reading(Moment& moment) : moment_(moment) {}

    void take(capnp::AnyStruct::Reader from, const Shape& shape) {
        auto data = from.getDataSection();
        auto pointers = from.getPointerSection();
        for (auto& slot : shape) {
            if (slot.says < Slot::day || slot.says == Slot::team) {
                if (slot.at < pointers.size() && !pointers[slot.at].isNull()) named(slot, pointers[slot.at]);
            } else if (slot.says == Slot::day) {
                if (auto day = schema::number_at<int32_t>(data, slot.at))
                    moment_.dates.push_back({slot.field->name, schema::day_of(day)});
            } else if (slot.says == Slot::time) {
                if (auto time = schema::number_at<int64_t>(data, slot.at)) moment_.moved_to = schema::time_of(time);
            } else if (schema::number_at<uint8_t>(data, slot.at / 8) >> slot.at % 8 & 1) {
                moment_.yes.push_back(slot.field->name);
            }
        }
    }

  private:
    void named(const Slot& slot, capnp::AnyPointer::Reader value) {
        bool list = slot.field->list;
        if (slot.says == Slot::inner) {
            if (!list) return take(value.getAs<capnp::AnyStruct>(), slot.parts);
            for (auto each : value.getAs<capnp::AnyList>().as<capnp::List<capnp::AnyStruct>>()) take(each, slot.parts);
        } else if (slot.says == Slot::team) {
            moment_.for_team = text_of(value.getAs<capnp::Text>());
        } else if (slot.says == Slot::code) {
            if (!list) return code(slot, value.getAs<capnp::Text>());
            for (auto each : value.getAs<capnp::List<capnp::Text>>()) code(slot, each);
        } else {
            if (!list) return id(slot, value.getAs<capnp::Data>());
            for (auto each : value.getAs<capnp::List<capnp::Data>>()) id(slot, each);
        }
    }
    void code(const Slot& slot, capnp::Text::Reader value) {
        auto& field = *slot.field;
        moment_.codes.push_back({field.name, field.title, field.codes, std::string(text_of(value))});
    }
    void id(const Slot& slot, capnp::Data::Reader value) {
        auto raw = bytes_of(value);
        if (slot.says == Slot::event) moment_.refers.push_back({slot.field->name, EventId::of(raw)});
        else if (slot.says == Slot::person) moment_.people.push_back({slot.field->name, PersonId::of(raw)});
        else if (slot.says == Slot::child) moment_.children.push_back(SubjectId::of(raw));
        else moment_.adults.push_back(SubjectId::of(raw));
    }
    Moment& moment_;
};

}  // namespace

void read_fact(schema::Fact::Reader fact, Moment& moment) {
    auto type = static_cast<size_t>(fact.which());
    if (type < shapes().size()) Reading(moment).take(schema::body_of(fact), shapes()[type]);
}

}  // namespace projections
