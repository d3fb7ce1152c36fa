// A certificate of our own, so that a ledger can be served over TLS from its first minute. For local use: a council
// puts its own certificate in place of it.
#pragma once
#include <string>

#include "schema/result.h"

namespace server {

// Makes FOLDER/secrets/tls.crt and tls.key: P-256, self-signed, for localhost, 127.0.0.1 and ::1, one year from today.
// Both for their owner alone. Conflict where either is there already, io where it cannot be written.
schema::Result<void> make_certificate(const std::string& folder);

std::string certificate_file(const std::string& folder);
std::string key_file(const std::string& folder);

}  // namespace server
