// From a submission to its answer: what recording one event and recording a thousand have in common.
#pragma once
#include <boost/json.hpp>

#include "ledger/receipt.h"
#include "server/door.h"
#include "server/submission.h"

namespace server {

// Checks what needs no order and hands it to the sequencer. What is refused or wrong before that is returned at once,
// and `reply` is not called.
std::optional<commands::Outcome> submit(Door& door, Sent sent, commands::Reply reply);

// The receipt of something that was accepted.
schema::Result<ledger::Receipt> receipt_of(Door& door, const commands::Accepted& accepted);

// A refusal as it may be told to this reader: of a case they may not read, nothing but that it was refused and why.
commands::Refused told_to(Door& door, const Reader& reader, std::string_view event, const commands::Refused& refused);

// For a decision that was not taken on the whole record: what came since, if this reader may know it.
boost::json::array since(Door& door, const Reader& reader, schema::Event::Reader event);

}  // namespace server
