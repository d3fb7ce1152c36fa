// What a client sends to have events recorded, taken apart: JSON for one, Cap'n Proto for many. Form only; whether the
// event is sound, signed and allowed is commands::receive() and the bench. Needs no socket and no ledger.
#pragma once
#include <boost/json.hpp>

#include "ledger/keys.h"
#include "ledger/words.h"
#include "schema/time.h"

namespace server {

struct Sent {
    std::string event;  // bytes, as they were signed
    std::vector<ledger::Signature> signatures;
    std::vector<ledger::Word> words;
    std::optional<schema::Time> played_at;
};

inline constexpr size_t most_submissions = 1000;

// {"event": base64, "signatures": [hex], "words": [...], "playedAt": time}. Malformed names the field.
schema::Result<Sent> sent_from_json(std::string_view body);

// A Submissions message in the standard framing, not packed. Malformed: the whole message; nothing of it counts.
schema::Result<std::vector<Sent>> sent_from_capnp(std::string_view body);

}  // namespace server
