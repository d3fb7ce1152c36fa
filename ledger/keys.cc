#include "ledger/keys.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "ledger/digest.h"

namespace ledger {
namespace {

using schema::Fault;

// libsodium must be initialised before its first use in a process; doing it where it is used leaves nothing to forget.
void ready() {
    static const int done = sodium_init();
    ASSERT(done >= 0);
}

std::string joined(std::string_view context, Bytes message) {
    std::string all(context);
    all.append(schema::as_text(message));
    return all;
}

std::string reason() { return std::strerror(errno); }

}  // namespace

KeyId key_id(const PublicKey& key) { return KeyId::of(bytes_of(sha256({key.data(), key.size()}))); }

bool is_valid(const PublicKey& key) {
    ready();
    return crypto_core_ed25519_is_valid_point(key.data()) == 1;
}

bool verify(const PublicKey& key, std::string_view context, Bytes message, const Signature& signature) {
    ready();
    auto all = joined(context, message);
    return crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(all.data()), all.size(),
                                       key.data()) == 0;
}

struct SigningKey::Secret {
    std::array<uint8_t, crypto_sign_SECRETKEYBYTES> key{};
    PublicKey public_key{};
    Secret() = default;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { sodium_memzero(key.data(), key.size()); }
};

SigningKey SigningKey::from_seed(Bytes seed32) {
    ready();
    ASSERT(seed32.size() == crypto_sign_SEEDBYTES);
    auto secret = std::make_shared<Secret>();
    crypto_sign_seed_keypair(secret->public_key.data(), secret->key.data(), seed32.data());
    return SigningKey(std::move(secret));
}

SigningKey SigningKey::generate() {
    auto seed = random_bytes(crypto_sign_SEEDBYTES);
    auto key = from_seed(schema::as_bytes(seed));
    sodium_memzero(seed.data(), seed.size());
    return key;
}

schema::Result<SigningKey> SigningKey::load(const std::string& path) {
    auto text = read_file(path, 200);
    if (!text) return tl::unexpected(text.error());
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
    auto seed = schema::from_hex(*text);
    if (!seed || seed->size() != crypto_sign_SEEDBYTES)
        return schema::malformed(path, "is not a key file (64 hexadecimal digits)");
    return from_seed(schema::as_bytes(*seed));
}

schema::Result<void> SigningKey::save(const std::string& path) const {
    return write_secret(path, schema::to_hex({secret_->key.data(), crypto_sign_SEEDBYTES}) + "\n");
}

PublicKey SigningKey::public_key() const { return secret_->public_key; }

Signature SigningKey::sign(std::string_view context, Bytes message) const {
    auto all = joined(context, message);
    Signature signature;
    crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(all.data()), all.size(),
                         secret_->key.data());
    return signature;
}

std::string possession_message(std::string_view origin, const PersonId& person) {
    return std::string(origin) + "\n" + std::string(person.view());
}

std::string random_bytes(size_t count) {
    ready();
    std::string bytes(count, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

schema::Result<void> write_secret(const std::string& path, std::string_view content) {
    int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return fail(errno == EEXIST ? Fault::conflict : Fault::io, path, "cannot be made: " + reason());
    bool written = ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
    written = ::fsync(file) == 0 && written;
    ::close(file);
    if (written) return sync_folder_of(path);
    ::unlink(path.c_str());
    return fail(Fault::io, path, "cannot be written");
}

schema::Result<void> sync_folder_of(const std::string& path) {
    auto folder = std::filesystem::absolute(path).parent_path();
    int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!synced) return fail(Fault::io, folder, "cannot be synced: " + reason());
    return {};
}

schema::Result<std::string> read_file(const std::string& path, size_t limit) {
    int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail(errno == ENOENT ? Fault::not_found : Fault::io, path, "cannot be opened: " + reason());
    std::string content(limit + 1, '\0');
    size_t size = 0;
    for (;;) {
        auto got = ::read(file, content.data() + size, content.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += static_cast<size_t>(got);
        if (size > limit) break;
    }
    ::close(file);
    if (size > limit) return schema::malformed(path, "is larger than " + std::to_string(limit) + " bytes");
    content.resize(size);
    return content;
}

}  // namespace ledger
