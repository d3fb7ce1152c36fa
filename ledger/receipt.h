// A receipt: all a stranger needs to check one entry with public keys alone.
#pragma once
#include <boost/json.hpp>

#include "ledger/evidence.h"
#include "ledger/freshness.h"
#include "ledger/ledger.h"

namespace ledger {

struct Receipt {
    std::string entry;       // its bytes
    Proof proof;             // inclusion in the checkpoint's tree, leaf to root
    std::string checkpoint;  // signed note
    schema::ReceiptState state = schema::ReceiptState::INCLUDED;
    bool replayed = false;  // this id with these bytes had been recorded before
    std::string witnesses;  // why it is not witnessed, in words; empty where nobody was asked to say
};

// For an entry that is published. `cosigned`: the newest checkpoint of this book that the witnesses' quorum cosigned;
// the receipt is under it, and witnessed, where it covers the entry, and else under the newest that is signed.
schema::Result<Receipt> make_receipt(const Ledger& ledger, const Entry& entry, const Cosigned* cosigned = nullptr);
schema::Result<Receipt> make_receipt(const Ledger& ledger, uint64_t position, const Cosigned* cosigned = nullptr);

void write(const Receipt& receipt, schema::Receipt::Builder target);
boost::json::object to_json(const Receipt& receipt);
boost::json::object to_json(const Receipt& receipt, const Entry& entry);  // for whoever has read it already
schema::Result<Receipt> receipt_from_json(const boost::json::value& value);

// Checks, offline: the checkpoint's signature under one of `checkpoint_keys`, the entry's inclusion, that the event
// names the checkpoint's origin, and the actor's signature under `actor_key` where one is given. The error says which
// failed.
schema::Result<Entry> verify_receipt(const Receipt& receipt, std::span<const PublicKey> checkpoint_keys,
                                     const std::optional<PublicKey>& actor_key);
inline schema::Result<Entry> verify_receipt(const Receipt& receipt, const PublicKey& checkpoint_key,
                                            const std::optional<PublicKey>& actor_key) {
    return verify_receipt(receipt, {&checkpoint_key, 1}, actor_key);
}

// The same with whom the verifier trusts: the keys of the policy's logs, and its witnesses. The state is what this
// verifier can prove, whatever the receipt says of itself: witnessed where the policy's quorum cosigned within the
// window, else included. A quorum of "none" proves no witness. Malformed also where a witness's line does not verify.
struct ProvenReceipt {
    Entry entry;
    schema::ReceiptState state = schema::ReceiptState::INCLUDED;
    std::vector<Witnessed::By> by;
};
schema::Result<ProvenReceipt> verify_receipt(const Receipt& receipt, const WitnessPolicy& policy,
                                             const std::optional<PublicKey>& actor_key, const Window& window = {});

}  // namespace ledger
