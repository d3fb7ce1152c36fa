#include "ledger/entry.h"

#include <capnp/any.h>

namespace ledger {
namespace {

// Bytes beside the known fields would be hashed and kept, and nobody would ever see them.
bool holds_only_known_fields(schema::Entry::Reader entry) {
    capnp::AnyStruct::Reader raw = entry;
    auto signatures = raw.getPointerSection()[3].getAs<capnp::AnyList>();
    return raw.getDataSection().size() <= 3 * sizeof(capnp::word) && raw.getPointerSection().size() == 4 &&
           signatures.getElementSize() == capnp::ElementSize::POINTER;
}

bool is_digest(Bytes bytes) { return bytes.size() == sizeof(Digest); }

}  // namespace

schema::Result<Entry> Entry::decode(Bytes bytes, std::optional<Digest> leaf) try {
    auto corrupt = [](std::string what) { return fail(schema::Fault::corrupt, "entry", "the stored " + what); };
    auto entry = schema::Message<schema::Entry>::decode(bytes, entry_limit);
    if (!entry) return corrupt("bytes: " + entry.error().message);
    if ((*entry)->getSignatures().size() == 0 || !holds_only_known_fields(entry->read()))
        return corrupt("bytes hold no signature, or fields that this version does not know");
    if (!is_digest(schema::bytes_of((*entry)->getHeads())) ||
        ((*entry)->getPrevious().size() && !is_digest(schema::bytes_of((*entry)->getPrevious()))))
        return corrupt("hashes are not of 32 bytes");
    for (auto signature : (*entry)->getSignatures())
        if (signature.size() != sizeof(Signature)) return corrupt("signatures are not of 64 bytes");
    if (!schema::is_plausible(schema::time_of((*entry)->getRecorded())))
        return corrupt("time of recording is not between 1900 and 2200");
    auto event = schema::EventMessage::decode(schema::bytes_of((*entry)->getEvent()), schema::practice_event_limit);
    if (!event) return corrupt("event: " + event.error().message);
    auto fact = (*event)->getFact();
    if (static_cast<size_t>(fact.which()) >= schema::event_types.size())
        return corrupt("event is of a type that this version does not know");
    if ((*event)->getStream().size() != 16 || (*event)->getId().size() != 16 || (*event)->getActor().size() != 16)
        return corrupt("event has ids of another size");
    return Entry(*std::move(entry), *std::move(event), leaf);
} catch (const kj::Exception&) {
    return fail(schema::Fault::corrupt, "entry",
                "the stored bytes cannot be read: their pointers lead to something else");
}

}  // namespace ledger
