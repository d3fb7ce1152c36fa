// An event in the making: what a client does before it signs. The desk, the demo, the tests and the server's drafts
// all make events here.
#pragma once
#include <boost/json.hpp>

#include "ledger/index.h"
#include "ledger/keys.h"
#include "ledger/words.h"

namespace ledger {

// Everything of an event that is not in the fields a person gives.
struct DraftContext {
    std::string origin;
    PersonId actor{};
    KeyId key{};
    std::string role, team;
    StreamId stream{};
    StreamHead seen{};             // the stream's head as it was shown to the actor
    uint64_t checkpoint_size = 0;  // the last checkpoint their client checked; 0: none
    Digest checkpoint_root{};
    schema::Time occurred{};  // used where the fields do not say
};

struct Draft {
    EventId id{};
    std::string event;        // canonical bytes, to be signed as they stand
    std::vector<Word> words;  // with fresh salts
};

// fields: {"fact": {"contactReceived": {...}}, "occurred"?, "source"?, "basis"?, "joint"?, "role"?, "team"?, "id"?}.
// Malformed names the field; the event that comes out passes schema::decode_event.
schema::Result<Draft> draft(const DraftContext& context, const boost::json::object& fields, std::vector<Word> words);

}  // namespace ledger
