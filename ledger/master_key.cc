#include "ledger/master_key.h"

#include <sodium.h>
#include <unistd.h>

#include "ledger/keys.h"
#include "ledger/wiping.h"

namespace ledger {
namespace {

// Wiped when they go.
struct MasterKeys {
    std::string current, next;  // next: empty where there is none
    MasterKeys() = default;
    MasterKeys(MasterKeys&&) = default;
    MasterKeys& operator=(MasterKeys&&) = delete;
    ~MasterKeys() {
        sodium_memzero(current.data(), current.size());
        sodium_memzero(next.data(), next.size());
    }
};

std::string file_of(const std::string& folder, const char* suffix = "") {
    return folder + "/secrets/master.key" + suffix;
}
constexpr const char* next_suffix = ".next";

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

schema::Result<std::string> load(const std::string& path) {
    auto hex = read_file(path, 200);
    if (!hex) return tl::unexpected(hex.error());
    auto key = schema::from_hex(std::string_view(*hex).substr(0, 64));
    sodium_memzero(hex->data(), hex->size());
    if (!key || key->size() != 32) return schema::malformed(path, "is not a key file");
    return *std::move(key);
}

schema::Result<void> save(const std::string& path, const std::string& key) {
    auto hex = schema::to_hex(schema::as_bytes(key)) + "\n";
    auto done = write_secret(path, hex);
    sodium_memzero(hex.data(), hex.size());
    return done;
}

schema::Result<MasterKeys> load_both(const std::string& folder) {
    MasterKeys keys;
    auto current = load(file_of(folder));
    if (!current) return tl::unexpected(current.error());
    keys.current = *std::move(current);
    // One that was being written when the power went is no key, and cannot be in force.
    if (exists(file_of(folder, next_suffix)))
        if (auto next = load(file_of(folder, next_suffix))) keys.next = *std::move(next);
    return keys;
}

// With the store open for writing, so that nobody else is at it.
schema::Result<void> settle(const std::string& folder, bool next_is_in_force) {
    auto current = file_of(folder), next = file_of(folder, next_suffix);
    TRY(wipe_replaced(current));
    if (!exists(next)) return {};
    return next_is_in_force ? replace_file(next, current) : wipe_file(next);
}

}  // namespace

schema::Result<void> make_master_key(const std::string& folder) { return save(file_of(folder), random_bytes(32)); }

schema::Result<void> create_keys(const std::string& folder) {
    auto keys = load_both(folder);
    if (!keys) return tl::unexpected(keys.error());
    return KeyStore::create_from(folder + "/keys", first_rows(keys->current));
}

schema::Result<std::unique_ptr<KeyStore>> open_keys(const std::string& folder) {
    auto keys = load_both(folder);
    if (!keys) return tl::unexpected(keys.error());
    auto store = KeyStore::open(folder + "/keys", keys->current, keys->next);
    if (store) TRY(settle(folder, (*store)->master_key() == keys->next));
    return store;
}

schema::Result<std::unique_ptr<KeyStore>> open_keys_read_only(const std::string& folder) {
    if (!exists(folder + "/keys") && !exists(folder + "/keys.mark")) return std::unique_ptr<KeyStore>();
    auto keys = load_both(folder);
    if (!keys) return tl::unexpected(keys.error());
    return KeyStore::open_read_only(folder + "/keys", keys->current, keys->next);
}

schema::Result<bool> is_under_master_key(const std::string& folder, const KeyRows& rows) {
    auto keys = load_both(folder);
    if (!keys) return tl::unexpected(keys.error());
    return is_under(rows, keys->current);
}

schema::Result<uint64_t> rotate_master_key(const std::string& folder) {
    auto store = open_keys(folder);
    if (!store) return tl::unexpected(store.error());
    MasterKeys fresh;
    fresh.next = random_bytes(32);
    TRY(save(file_of(folder, next_suffix), fresh.next));
    // ---- from here on the store says which of the two is in force; both are there until it is known ----
    auto count = (*store)->rewrap(fresh.next);
    if (!count) return tl::unexpected(count.error());
    TRY(settle(folder, true));
    return count;
}

}  // namespace ledger
