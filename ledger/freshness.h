// Whether a cosigned checkpoint is of now. What a log once showed stays signed for ever: whoever is shown an old state
// is not lied to by a signature, but by silence. A cosignature says when its witness had seen nothing newer.
#pragma once
#include <limits>

#include "ledger/witness_policy.h"

namespace ledger {

// Seconds since 1970, both included. A cosignature outside counts for nothing: too old, or of a clock that is ahead.
struct Window {
    uint64_t not_before = 0, not_after = std::numeric_limits<uint64_t>::max();
};

// As witnessed(), by the cosignatures within the window alone.
schema::Result<Witnessed> witnessed_within(const Note& note, const WitnessPolicy& policy, const Window& window);

// Malformed where the quorum did not cosign within the window; the error says what the newest time is at which it had.
schema::Result<Witnessed> is_fresh(const Note& note, const WitnessPolicy& policy, const Window& window);

}  // namespace ledger
