#include "schema/event.h"

#include "schema/event_types.h"

namespace schema {

namespace {

// The library's own check of canonical form lets the pointer to an empty struct lead anywhere, and nobody would see its
// bits. Of what the ledger stores, only an event has such pointers.
bool is_its_own_copy(Event::Reader event, Bytes bytes) {
    try {
        return canonical_bytes(event) == as_text(bytes);
    } catch (const kj::Exception&) {
        return false;
    }
}

}  // namespace

Result<ExaminedEvent> decode_event(Bytes bytes) {
    auto message = EventMessage::decode(bytes, practice_event_limit);
    if (!message) return malformed("event", message.error().message);
    return examine_event(*message);
}

Result<ExaminedEvent> examine_event(const EventMessage& message) {
    auto event = message.read();
    auto bytes = message.bytes();
    auto mentions = examine(event);
    if (!mentions) return tl::unexpected(mentions.error());
    if (!is_its_own_copy(event, bytes)) return malformed("event", "is not one message in canonical form");
    auto& type = type_of(event.getFact().which());
    if (type.stream != StreamKind::practice && bytes.size() > event_limit)
        return malformed("event", "is " + std::to_string(bytes.size()) + " bytes; at most " +
                                      std::to_string(event_limit) + " are allowed");
    if (kind_of(StreamId::of(bytes_of(event.getStream()))) != type.stream)
        return malformed("stream", "is not a stream that a " + std::string(name_of(type.which)) + " belongs to");
    if (event.getOccurred().getPrecision() == Precision::RANGE &&
        event.getOccurred().getUntil() <= event.getOccurred().getAt())
        return malformed("occurred.until", "must be later than occurred.at");
    return ExaminedEvent{message, *std::move(mentions)};
}

std::string canonical_bytes(Event::Reader event) { return string_of(capnp::canonicalize(event)); }

}  // namespace schema
