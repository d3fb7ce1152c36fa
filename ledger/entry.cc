#include "ledger/entry.h"

namespace ledger {

schema::Result<Entry> Entry::decode(Bytes bytes) {
    auto corrupt = [](std::string what) {
        return fail(schema::Fault::corrupt, "entry", "the stored " + what);
    };
    auto entry = schema::Message<schema::Entry>::decode(bytes, entry_limit);
    if (!entry) return corrupt("bytes: " + entry.error().message);
    auto event = schema::EventMessage::decode(schema::bytes_of((*entry)->getEvent()), schema::practice_event_limit);
    if (!event) return corrupt("event: " + event.error().message);
    auto fact = (*event)->getFact();
    if (static_cast<size_t>(fact.which()) >= schema::event_types.size())
        return corrupt("event is of a type that this version does not know");
    if ((*event)->getStream().size() != 16 || (*event)->getId().size() != 16 || (*event)->getActor().size() != 16)
        return corrupt("event has ids of another size");
    return Entry(*std::move(entry), *std::move(event));
}

}  // namespace ledger
