// A store that nobody has open, brought to rest: what was in its log is in its tables, and these are merged, with the
// store's own options. What it then weighs on disk is what its rows weigh. For measuring; nothing needs it to be done.
#pragma once
#include <string>

#include "schema/result.h"

namespace ledger {

// Io: somebody has it open, or the disk failed.
schema::Result<void> compact_store(const std::string& folder);

std::string store_version();  // of the library: "7.8.3"

}  // namespace ledger
