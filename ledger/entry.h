// An entry: an event with its place. Its stored bytes are its hashed bytes.
#pragma once
#include <optional>

#include "ledger/digest.h"
#include "schema/book.capnp.h"
#include "schema/event.h"
#include "schema/event_types.h"
#include "schema/time.h"

namespace ledger {

using schema::EventId;
using schema::PersonId;
using schema::Signature;
using schema::StreamId;

// The largest event, and the signatures of as many joint signers as fit into it.
inline constexpr size_t entry_limit = 2 * schema::practice_event_limit + 4096;

class Entry {
  public:
    // Bytes as they were stored. Checks form only, and of the event only what the readers below give; its fact may
    // be read once schema::decode_event took it. Hashes, signatures and rules are audit's. `leaf`: the hash of these
    // bytes, where it is known.
    static schema::Result<Entry> decode(Bytes bytes, std::optional<Digest> leaf = std::nullopt);
    // Of canonical bytes that were just made around this event: nothing is checked.
    static Entry of(kj::Array<capnp::word> canonical, schema::EventMessage event) {
        Entry entry(schema::Message<schema::Entry>::of(kj::mv(canonical)), std::move(event), std::nullopt);
        entry.leaf_ = leaf_hash(entry.bytes());
        return entry;
    }

    uint64_t position() const { return entry_->getPosition(); }
    schema::Time recorded() const { return schema::time_of(entry_->getRecorded()); }
    uint64_t revision() const { return entry_->getRevision(); }
    Bytes previous() const { return schema::bytes_of(entry_->getPrevious()); }
    Bytes heads() const { return schema::bytes_of(entry_->getHeads()); }
    capnp::List<capnp::Data>::Reader signatures() const { return entry_->getSignatures(); }
    Bytes bytes() const { return entry_.bytes(); }
    Digest leaf() const { return leaf_ ? *leaf_ : leaf_hash(bytes()); }

    const schema::EventMessage& event() const { return event_; }
    schema::Event::Reader read() const { return event_.read(); }
    schema::Fact::Reader fact() const { return event_->getFact(); }
    schema::Fact::Which type() const { return event_->getFact().which(); }
    StreamId stream() const { return StreamId::of(schema::bytes_of(event_->getStream())); }
    EventId id() const { return EventId::of(schema::bytes_of(event_->getId())); }
    PersonId actor() const { return PersonId::of(schema::bytes_of(event_->getActor())); }
    schema::Time occurred() const { return schema::time_of(event_->getOccurred().getAt()); }

  private:
    Entry(schema::Message<schema::Entry> entry, schema::EventMessage event, std::optional<Digest> leaf)
        : entry_(std::move(entry)), event_(std::move(event)), leaf_(leaf) {}
    schema::Message<schema::Entry> entry_;
    schema::EventMessage event_;
    std::optional<Digest> leaf_;  // where it was known when this was made: it is asked for time and again
};

}  // namespace ledger
