// An entry as JSON, as /v1/entries, /v1/replay and /v1/live tell it.
#pragma once
#include <boost/json.hpp>

#include "ledger/ledger.h"

namespace server {

// Everything but the words: place, event, signatures and the raw bytes.
boost::json::object entry_to_json(const ledger::Entry& entry);
// A line of the live stream: where it is and what it is called, no facts.
boost::json::object entry_to_line(const ledger::Entry& entry);
// Opened words: those erased say "readable": false, and "erasedUnder", the positions of the entries that did it.
boost::json::array opened_to_json(const std::vector<ledger::OpenedWord>& words);

}  // namespace server
