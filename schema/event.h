// An event as its canonical bytes, and the door through which strangers' bytes become one.
#pragma once
#include "schema/event.capnp.h"
#include "schema/marks.h"
#include "schema/message.h"
#include "schema/result.h"

namespace schema {

inline constexpr size_t event_limit = 16 * 1024;
// Practices and calendars are whole documents and only governors may sign them.
inline constexpr size_t practice_event_limit = 256 * 1024;

using EventMessage = Message<Event>;

struct ExaminedEvent {
    EventMessage event;
    std::vector<Mention> mentions;  // point into the event's bytes
};

// Decodes and examines one event; see marks.h for what is checked.
Result<ExaminedEvent> decode_event(Bytes bytes);
// The same of one that was decoded already.
Result<ExaminedEvent> examine_event(const EventMessage& message);

// The canonical bytes of an event that was put together in `builder`.
std::string canonical_bytes(Event::Reader event);

}  // namespace schema
