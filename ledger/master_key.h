// The key under which all subjects' keys are wrapped: FOLDER/secrets/master.key, in hexadecimal. While it is being
// replaced its successor lies beside it as master.key.next, and the store of the keys says which of the two is in
// force: the switch is one synced write in there. Whoever opens the store next finishes what was broken off.
#pragma once
#include "ledger/key_store.h"

namespace ledger {

schema::Result<void> make_master_key(const std::string& folder);
// An empty store under it.
schema::Result<void> create_keys(const std::string& folder);

// The keys of a ledger's folder, for writing; nobody else can have them open then.
schema::Result<std::unique_ptr<KeyStore>> open_keys(const std::string& folder);
// For looking only. Nothing: the folder has none, since only the book was copied.
schema::Result<std::unique_ptr<KeyStore>> open_keys_read_only(const std::string& folder);
// Whether these rows are under the folder's master key, so that they could be its store.
schema::Result<bool> is_under_master_key(const std::string& folder, const KeyRows& rows);

// Wraps every key under a fresh master key and wipes the old one; how many there were. What was copied of the old
// store before, with any key that an erasure should have destroyed in it, opens under no key any more.
schema::Result<uint64_t> rotate_master_key(const std::string& folder);

}  // namespace ledger
