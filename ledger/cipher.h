// AES-256-GCM and AES key wrap with padding, by OpenSSL. Keys are 32 bytes.
#pragma once
#include <optional>
#include <string>

#include "schema/ids.h"

namespace ledger {

// A key that is used once, so the nonce is zero. The tag is the last 16 bytes.
std::string encrypt(const std::string& key, schema::Bytes associated, schema::Bytes plain);
std::optional<std::string> decrypt(const std::string& key, schema::Bytes associated, schema::Bytes sealed);

std::string wrap_key(const std::string& wrapping, const std::string& key);
std::optional<std::string> unwrap_key(const std::string& wrapping, schema::Bytes wrapped);

}  // namespace ledger
