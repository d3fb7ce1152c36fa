// A receipt: all a stranger needs to check one entry with public keys alone.
#pragma once
#include <boost/json.hpp>

#include "ledger/ledger.h"

namespace ledger {

struct Receipt {
    std::string entry;       // its bytes
    Proof proof;             // inclusion in the checkpoint's tree, leaf to root
    std::string checkpoint;  // signed note
    schema::ReceiptState state = schema::ReceiptState::INCLUDED;
    bool replayed = false;  // this id with these bytes had been recorded before
};

// For an entry that is published.
schema::Result<Receipt> make_receipt(const Ledger& ledger, uint64_t position);

void write(const Receipt& receipt, schema::Receipt::Builder target);
boost::json::object to_json(const Receipt& receipt);
schema::Result<Receipt> receipt_from_json(const boost::json::value& value);

// Checks, offline: the checkpoint's signature under `checkpoint_key`, the entry's inclusion, that the event names the
// checkpoint's origin, and the actor's signature under `actor_key` where one is given. The error says which failed.
schema::Result<Entry> verify_receipt(const Receipt& receipt, const PublicKey& checkpoint_key,
                                     const std::optional<PublicKey>& actor_key);

}  // namespace ledger
