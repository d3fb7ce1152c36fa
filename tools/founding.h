// Making a ledger: folder, secrets, certificate, genesis, calendar and practice. All or nothing.
#pragma once
#include <optional>

#include "ledger/keys.h"
#include "schema/practice.capnp.h"
#include "schema/time.h"
#include "tools/desk.h"

namespace tools {

struct Founding {
    std::string folder;
    std::string authority;              // "Eastmere Council"
    std::string origin;                 // "ledger.eastmere.example/early-help"
    std::string practice = "BEX-2018";  // a shipped edition
    std::string governor;               // their name
    bool played_clock = false;
    schema::Time opened{};  // now; on a played ledger any time
};

struct Founded {
    schema::PersonId governor{};
    schema::PublicKey checkpoint_key{};
    uint64_t entries = 0;
};

// The editions that are shipped with the programme; null for another name.
std::optional<schema::Practice::Reader> shipped_practice(std::string_view id);
std::string shipped_practices();  // "BEX-2018, WAR-2018"

// Conflict when the folder holds anything; then and after every other failure nothing has been made.
Attempt<Founded> found(const Founding& founding, const ledger::SigningKey& governor);

}  // namespace tools
