// From what a person wants recorded to a receipt: ask the service what there is to be seen, check its checkpoint, lay
// the event out here, sign it here, send it, check the receipt. The service never gets to choose what is signed.
#pragma once
#include "ledger/draft.h"
#include "ledger/receipt.h"
#include "tools/trust.h"

namespace tools {

struct Statement {
    boost::json::object fields;  // fact, occurred, source, basis, joint, role, team
    std::string stream;          // hexadecimal; empty: the reserved one, or a new case
    std::vector<ledger::Word> words;
    std::string played_at;  // played ledgers: the time of recording; empty: that of the last entry
    std::vector<ledger::SigningKey> joint;
};

struct Ready {
    ledger::Draft draft;
    boost::json::object reads;  // the event, as it will be signed
    std::string stream, played_at;
    bool new_case = false;
    std::vector<ledger::Signature> signatures;
};

struct Filed {
    boost::json::object answer;  // as the service gave it
    ledger::Receipt receipt;     // checked
    uint64_t position = 0, revision = 0;
    bool replayed = false;
    std::vector<std::string> warnings;
};

Attempt<Ready> prepare(Calls& calls, Trust& trust, Statement statement);
Attempt<Filed> file(Calls& calls, Trust& trust, const Ready& ready);

// Fetches the receipt of an event and checks it.
Attempt<Filed> fetch_receipt(Calls& calls, Trust& trust, const std::string& event_id);

}  // namespace tools
