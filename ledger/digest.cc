#include "ledger/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "schema/result.h"

namespace ledger {
namespace {

// Fetching the algorithm and making a context for every hash costs more than hashing a small node.
struct Context {
    Context() : md(EVP_MD_fetch(nullptr, "SHA256", nullptr)), ctx(EVP_MD_CTX_new()) { ASSERT(md && ctx); }
    ~Context() {
        EVP_MD_CTX_free(ctx);
        EVP_MD_free(md);
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    EVP_MD* md;
    EVP_MD_CTX* ctx;
};

constexpr uint8_t leaf_prefix[] = {0}, node_prefix[] = {1};

}  // namespace

Digest sha256(std::initializer_list<Bytes> parts) {
    thread_local Context context;
    auto update = [&](Bytes bytes) { ASSERT(EVP_DigestUpdate(context.ctx, bytes.data(), bytes.size()) == 1); };
    ASSERT(EVP_DigestInit_ex2(context.ctx, context.md, nullptr) == 1);
    // Of so small parts as a node's, each call costs more than the bytes.
    std::array<uint8_t, 128> small;
    size_t size = 0;
    for (Bytes part : parts) size += part.size();
    if (parts.size() > 1 && size <= small.size()) {
        auto* end = small.data();
        for (Bytes part : parts) end = std::copy(part.begin(), part.end(), end);
        update({small.data(), size});
    } else {
        for (Bytes part : parts) update(part);
    }
    Digest digest;
    ASSERT(EVP_DigestFinal_ex(context.ctx, digest.data(), nullptr) == 1);
    return digest;
}

Digest leaf_hash(Bytes data) { return sha256({leaf_prefix, data}); }
Digest node_hash(const Digest& left, const Digest& right) {
    return sha256({node_prefix, bytes_of(left), bytes_of(right)});
}
Digest empty_root() { return sha256(Bytes{}); }

}  // namespace ledger
