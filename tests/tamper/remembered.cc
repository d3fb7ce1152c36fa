// The same signature over the same bytes is asked about in every mutant of one book: the library answers it once, and
// is remembered. The linker puts this in the library's place (--wrap); the verifier's own code is untouched.
#include <cstddef>
#include <string>
#include <unordered_map>

extern "C" {
int __real_crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                       unsigned long long size, const unsigned char* key);

int __wrap_crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                       unsigned long long size, const unsigned char* key) {
    static thread_local std::unordered_map<std::string, int> remembered;
    std::string asked(reinterpret_cast<const char*>(signature), 64);
    asked.append(reinterpret_cast<const char*>(key), 32);
    asked.append(reinterpret_cast<const char*>(message), static_cast<size_t>(size));
    if (remembered.size() > 20'000) remembered.clear();
    auto [there, is_new] = remembered.try_emplace(std::move(asked), 0);
    if (is_new) there->second = __real_crypto_sign_verify_detached(signature, message, size, key);
    return there->second;
}
}
