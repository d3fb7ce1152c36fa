// Between which times an entry came to be, as far as others than this ledger say so.
//
// A cosignature or token with time T over the checkpoint of size n proves that the first n entries existed at T.
//
//   Not after: the earliest T over a checkpoint with n > position. It rests on that witness's or authority's clock and
//   key, and on nothing of ours.
//
//   Not before: the signed event commits to the checkpoint its actor had been shown (`seen`, of size s), so it was
//   signed after the first s entries existed. That alone is an order and no time: T over n <= s says that those existed
//   by T, not that they did not exist long before; a ledger that kept its past to itself could have had it witnessed
//   late. So this bound holds under an assumption, which is told with it: that the newest witnessed state contained in
//   what the actor had been shown had been witnessed by then. It is so where clients take only witnessed checkpoints to
//   have been shown. Where they do not, it may be too late by as much as the witnesses were behind. Of several times
//   over that state the earliest counts, since one of them is all that the assumption speaks of.
//
// What would need no assumption: a cosignature or token inside the book, in an entry before s. There is none.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <span>
#include <vector>

#include "ledger/cosignature.h"
#include "ledger/digest.h"
#include "ledger/evidence.h"
#include "ledger/timestamp.h"

namespace ledger {

// Somebody said, between these times on their own clock, that this book's checkpoint of that size was there.
struct Attested {
    enum class By { witness, authority };

    uint64_t size = 0;
    schema::Time earliest{}, latest{};
    By by = By::witness;
    std::string name;  // of the witness's key, or of the authority's certificate
};

struct Bracket {
    std::optional<Attested> not_before;  // its `earliest`, under the assumption
    std::optional<Attested> not_after;   // its `latest`
    // The bounds contradict each other: a clock is wrong, or the assumption is. Neither should then be relied on.
    bool contradictory() const { return not_before && not_after && not_after->latest < not_before->earliest; }
};

// Of the entry at `position`, whose event says that a checkpoint of size `seen` had been shown (0: none).
Bracket bracket(uint64_t position, uint64_t seen, std::span<const Attested> attested);

extern const std::string_view bracket_assumption;  // of not_before, as a sentence
boost::json::object to_json(const Bracket& bracket);
std::string readable(const Bracket& bracket);  // in sentences

// Whom we believe, and the book that it must be about.
struct EvidenceTrust {
    std::string origin;
    std::vector<PublicKey> checkpoint_keys;
    std::vector<VerifierKey> witnesses;
    std::optional<TimeTrust> authorities;
    std::function<schema::Result<Digest>(uint64_t size)> root_at;  // of the book's first `size` entries
};

// Every time that a trusted witness or authority gave. Malformed: a line of theirs that does not verify. Corrupt: the
// checkpoint is signed by this ledger, and is no state of this book: it has shown two pasts.
schema::Result<std::vector<Attested>> attested(const Cosigned& cosigned, const EvidenceTrust& trust);
schema::Result<std::vector<Attested>> attested(const Timestamped& timestamped, const EvidenceTrust& trust);

// What the bracket of an entry rests on: of each kind the nearest that is trusted, above its position and up to `seen`.
schema::Result<std::vector<Attested>> attested_around(const Evidence& evidence, uint64_t position, uint64_t seen,
                                                      const EvidenceTrust& trust);

}  // namespace ledger
