// Key wrapping against OpenSSL's own cipher for it, which is another implementation of the block cipher underneath.
#include "ledger/cipher.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "ledger/keys.h"

namespace ledger {
namespace {

using schema::as_bytes;

// Empty: it is refused.
std::string by_openssl(const std::string& wrapping, const std::string& input, int wraps) {
    std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> ctx(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    EVP_CIPHER_CTX_set_flags(ctx.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    std::string out(input.size() + 16, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    auto* key = reinterpret_cast<const unsigned char*>(wrapping.data());
    int size = 0, last = 0;
    if (EVP_CipherInit_ex(ctx.get(), EVP_aes_256_wrap_pad(), nullptr, key, nullptr, wraps) != 1 ||
        EVP_CipherUpdate(ctx.get(), to, &size, reinterpret_cast<const unsigned char*>(input.data()),
                         static_cast<int>(input.size())) != 1 ||
        EVP_CipherFinal_ex(ctx.get(), to + size, &last) != 1)
        return {};
    out.resize(static_cast<size_t>(size + last));
    return out;
}

TEST(Cipher, WrapsKeysAsOpensslDoes) {
    for (size_t size : {1u, 7u, 8u, 9u, 16u, 20u, 31u, 32u, 40u, 48u}) {
        for (int i = 0; i < 20; ++i) {
            auto wrapping = random_bytes(32), key = random_bytes(size);
            auto wrapped = wrap_key(wrapping, key);
            EXPECT_EQ(wrapped, by_openssl(wrapping, key, 1)) << size;
            EXPECT_EQ(by_openssl(wrapping, wrapped, 0), key) << size;
            EXPECT_EQ(unwrap_key(wrapping, as_bytes(wrapped)), key) << size;
        }
    }
}

TEST(Cipher, UnwrapsNothingThatWasChangedByABit) {
    auto wrapping = random_bytes(32), wrapped = wrap_key(wrapping, random_bytes(32));
    ASSERT_EQ(wrapped.size(), 40u);
    for (size_t bit = 0; bit < 8 * wrapped.size(); ++bit) {
        auto changed = wrapped;
        changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
        EXPECT_FALSE(unwrap_key(wrapping, as_bytes(changed))) << bit;
    }
    for (size_t bit = 0; bit < 8 * wrapping.size(); ++bit) {
        auto changed = wrapping;
        changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
        EXPECT_FALSE(unwrap_key(changed, as_bytes(wrapped))) << bit;
    }
}

TEST(Cipher, UnwrapsNothingOfAnotherLength) {
    auto wrapping = random_bytes(32), wrapped = wrap_key(wrapping, random_bytes(32));
    for (size_t size = 0; size < 80; ++size) {
        auto other = (wrapped + random_bytes(40)).substr(0, size);
        EXPECT_EQ(unwrap_key(wrapping, as_bytes(other)).has_value(), size == wrapped.size()) << size;
    }
    EXPECT_FALSE(unwrap_key(wrapping.substr(1), as_bytes(wrapped)));
}

TEST(Cipher, OpensWhatItSealedAndNothingElse) {
    auto key = random_bytes(32), plain = random_bytes(100), about = random_bytes(48);
    auto sealed = encrypt(key, as_bytes(about), as_bytes(plain));
    EXPECT_EQ(decrypt(key, as_bytes(about), as_bytes(sealed)), plain);
    for (size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
        auto changed = sealed;
        changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
        EXPECT_FALSE(decrypt(key, as_bytes(about), as_bytes(changed))) << bit;
    }
    about[0] ^= 1;
    EXPECT_FALSE(decrypt(key, as_bytes(about), as_bytes(sealed)));
}

}  // namespace
}  // namespace ledger
