#include "ledger/cipher.h"

#include <openssl/evp.h>
#include <openssl/modes.h>

#include <memory>

#include "schema/result.h"

namespace ledger {
namespace {

struct Free {
    void operator()(EVP_CIPHER_CTX* ctx) const { EVP_CIPHER_CTX_free(ctx); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

// Fetched once: to look a cipher up costs as much as to use it on a key.
const EVP_CIPHER* gcm() {
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    ASSERT(cipher);
    return cipher;
}
const EVP_CIPHER* one_block() {
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr);
    ASSERT(cipher);
    return cipher;
}

constexpr int tag_size = 16;
constexpr unsigned char nonce[12] = {};

const unsigned char* bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string encrypt(const std::string& key, schema::Bytes associated, schema::Bytes plain) {
    Context ctx(EVP_CIPHER_CTX_new());
    std::string out(plain.size() + tag_size, '\0');
    int size = 0, last = 0;
    ASSERT(key.size() == 32);
    ASSERT(EVP_EncryptInit_ex(ctx.get(), gcm(), nullptr, bytes(key), nonce) == 1);
    ASSERT(EVP_EncryptUpdate(ctx.get(), nullptr, &size, associated.data(), static_cast<int>(associated.size())) == 1);
    ASSERT(EVP_EncryptUpdate(ctx.get(), bytes(out), &size, plain.data(), static_cast<int>(plain.size())) == 1);
    ASSERT(EVP_EncryptFinal_ex(ctx.get(), bytes(out) + size, &last) == 1);
    ASSERT(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_GET_TAG, tag_size, bytes(out) + plain.size()) == 1);
    return out;
}

std::optional<std::string> decrypt(const std::string& key, schema::Bytes associated, schema::Bytes sealed) {
    if (sealed.size() < tag_size || key.size() != 32) return std::nullopt;
    Context ctx(EVP_CIPHER_CTX_new());
    auto length = static_cast<int>(sealed.size() - tag_size);
    std::string out(static_cast<size_t>(length), '\0'), tag(schema::as_text(sealed.last(tag_size)));
    int size = 0;
    if (EVP_DecryptInit_ex(ctx.get(), gcm(), nullptr, bytes(key), nonce) != 1 ||
        EVP_DecryptUpdate(ctx.get(), nullptr, &size, associated.data(), static_cast<int>(associated.size())) != 1 ||
        EVP_DecryptUpdate(ctx.get(), bytes(out), &size, sealed.data(), length) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) != 1 ||
        EVP_DecryptFinal_ex(ctx.get(), bytes(out) + size, &size) != 1)
        return std::nullopt;
    return out;
}

namespace {

// OpenSSL's own cipher for key wrapping does not use the processor's AES, and takes four times as long as this: the
// same wrapping of OpenSSL's, with the block cipher that does.
Context block_cipher(const std::string& key, int encrypts) {
    Context ctx(EVP_CIPHER_CTX_new());
    ASSERT(EVP_CipherInit_ex(ctx.get(), one_block(), nullptr, bytes(key), nullptr, encrypts) == 1);
    ASSERT(EVP_CIPHER_CTX_set_padding(ctx.get(), 0) == 1);
    return ctx;
}
void take_block(const unsigned char in[16], unsigned char out[16], const void* ctx) {
    int size = 0;
    ASSERT(EVP_CipherUpdate(static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(ctx)), out, &size, in, 16) == 1);
}

}  // namespace

std::string wrap_key(const std::string& wrapping, const std::string& key) {
    ASSERT(wrapping.size() == 32);
    auto ctx = block_cipher(wrapping, 1);
    std::string out(key.size() + 16, '\0');
    out.resize(CRYPTO_128_wrap_pad(ctx.get(), nullptr, bytes(out), bytes(key), key.size(), take_block));
    ASSERT(!out.empty());
    return out;
}

std::optional<std::string> unwrap_key(const std::string& wrapping, schema::Bytes wrapped) {
    if (wrapped.size() < 16 || wrapped.size() > 64 || wrapping.size() != 32) return std::nullopt;
    auto ctx = block_cipher(wrapping, 0);
    std::string out(wrapped.size(), '\0');
    out.resize(CRYPTO_128_unwrap_pad(ctx.get(), nullptr, bytes(out), wrapped.data(), wrapped.size(), take_block));
    if (out.empty()) return std::nullopt;
    return out;
}

}  // namespace ledger
