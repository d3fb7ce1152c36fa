// Ed25519 (RFC 8032), checked strictly: canonical S, A and R, no point of small order, no batch equation.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "schema/ids.h"
#include "schema/result.h"

namespace ledger {

using schema::Bytes;
using schema::KeyId;
using schema::PersonId;
using schema::PublicKey;
using schema::Signature;

inline constexpr std::string_view event_context = "caseledger/event/v1\n";
inline constexpr std::string_view key_context = "caseledger/key/v1\n";
inline constexpr std::string_view checkpoint_key_context = "caseledger/checkpoint key/v1\n";  // then the origin
inline constexpr std::string_view session_context = "caseledger/session/v1\n";

KeyId key_id(const PublicKey& key);  // SHA-256 of its 32 bytes

// A key may be enrolled only if it is a canonical point of the prime-order group.
bool is_valid(const PublicKey& key);

// Signatures are over context || message.
bool verify(const PublicKey& key, std::string_view context, Bytes message, const Signature& signature);

// A private key, wiped when it goes.
class SigningKey {
  public:
    static SigningKey generate();
    static SigningKey from_seed(Bytes seed32);
    // Files hold the 32-byte seed in hexadecimal and are readable by their owner alone.
    static schema::Result<SigningKey> load(const std::string& path);
    schema::Result<void> save(const std::string& path) const;  // refuses to overwrite

    PublicKey public_key() const;
    KeyId id() const { return key_id(public_key()); }
    Signature sign(std::string_view context, Bytes message) const;

  private:
    struct Secret;
    explicit SigningKey(std::shared_ptr<const Secret> secret) : secret_(std::move(secret)) {}
    std::shared_ptr<const Secret> secret_;
};

// What a new key signs to show that its owner holds it: origin || "\n" || person.
std::string possession_message(std::string_view origin, const PersonId& person);

std::string random_bytes(size_t count);
template <class Id>
Id random_id() {
    return Id::of(schema::as_bytes(random_bytes(Id{}.size())));
}

// Writes a file that only its owner may read, all or nothing; fails if it is there.
schema::Result<void> write_secret(const std::string& path, std::string_view content);
// Makes a file's place in its folder outlast a power cut, as fsync does for what is in it.
schema::Result<void> sync_folder_of(const std::string& path);
schema::Result<std::string> read_file(const std::string& path, size_t limit);

}  // namespace ledger
