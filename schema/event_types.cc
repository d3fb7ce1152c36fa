#include "schema/event_types.h"

#include "schema/marks.h"

namespace schema {
namespace {

struct Names {
    std::array<std::string, event_types.size()> names, titles;
    Names() {
        for (auto field : capnp::Schema::from<Fact>().getUnionFields()) {
            auto at = field.getProto().getDiscriminantValue();
            names[at] = field.getProto().getName();
            titles[at] = marks_of(field.getType().asStruct()).title;
        }
    }
};

const Names& all() {
    static const Names names;
    return names;
}

}  // namespace

StreamKind kind_of(const StreamId& stream) {
    if (stream == reserved_stream(directory_stream_number)) return StreamKind::directory;
    if (stream == reserved_stream(practice_stream_number)) return StreamKind::practice;
    if (stream == reserved_stream(service_stream_number)) return StreamKind::service;
    return StreamKind::family;
}

std::string_view name_of(Fact::Which which) { return all().names[static_cast<size_t>(which)]; }
std::string_view title_of(Fact::Which which) { return all().titles[static_cast<size_t>(which)]; }

const EventType* type_named(std::string_view name) {
    for (size_t i = 0; i < event_types.size(); ++i)
        if (all().names[i] == name) return &event_types[i];
    return nullptr;
}

}  // namespace schema
