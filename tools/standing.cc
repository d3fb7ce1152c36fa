#include "tools/standing.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/freshness.h"

namespace tools {
namespace {

schema::Time time_of(const ledger::Witnessed::By& by) {
    return schema::Time(std::chrono::seconds(std::min<uint64_t>(by.time, uint64_t{1} << 40)));
}

}  // namespace

std::vector<schema::PublicKey> Believed::public_keys() const {
    std::vector<schema::PublicKey> all;
    for (auto& key : keys) all.push_back(key.key);
    if (policy)
        for (auto& log : policy->logs) all.push_back(log.key.key);
    return all;
}

std::vector<ledger::VerifierKey> Believed::keys_for(const std::string& origin) const {
    auto all = keys;
    for (auto& key : all)
        if (key.name.empty()) key.name = origin;
    if (policy)
        for (auto& log : policy->logs) all.push_back(log.key);
    return all;
}

schema::Result<std::optional<Standing>> standing_of(const std::string& text, const Believed& believed) {
    if (!believed.policy) return std::nullopt;
    auto note = ledger::parse_note(text);
    auto checkpoint = note ? ledger::parse_checkpoint(note->text) : tl::unexpected(note.error());
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    auto all = ledger::witnessed(*note, *believed.policy);
    if (!all) return tl::unexpected(all.error());
    ledger::Window window;
    if (believed.not_before)
        window.not_before = static_cast<uint64_t>(std::max<int64_t>(
            0, std::chrono::ceil<std::chrono::seconds>(*believed.not_before).time_since_epoch().count()));
    auto fresh = ledger::witnessed_within(*note, *believed.policy, window);
    if (!fresh) return tl::unexpected(fresh.error());
    Standing standing{checkpoint->size, fresh->enough, fresh->by, all->by.size() - fresh->by.size(),
                      believed.policy->quorum};
    // A quorum of none asks for nobody; what nobody cosigned is not witnessed.
    standing.witnessed = standing.witnessed && !standing.by.empty();
    return standing;
}

boost::json::object Standing::to_json() const {
    boost::json::array cosigned;
    for (auto& one : by) cosigned.push_back({{"witness", one.witness}, {"time", schema::iso(time_of(one))}});
    return {{"state", witnessed ? "witnessed" : "included"},
            {"checkpoint", size},
            {"quorum", quorum},
            {"cosigned", std::move(cosigned)},
            {"tooOld", stale}};
}

std::string Standing::text() const {
    std::string told =
        fmt::format("{}, under the checkpoint of {} entries", witnessed ? "Witnessed" : "Included", size);
    for (size_t i = 0; i < by.size(); ++i)
        told += fmt::format("{} {} ({})", i ? "," : "; cosigned by", by[i].witness, schema::readable(time_of(by[i])));
    if (stale) told += fmt::format("; {} cosignature{} too old to count", stale, stale == 1 ? " is" : "s are");
    if (!witnessed) told += fmt::format("; that is not the policy's quorum, {}", quorum);
    return told + ".";
}

schema::Result<ledger::VerifierKey> read_verifier_key(const std::string& text, const std::string& field) {
    if (auto key = schema::PublicKey::from_hex(text)) return ledger::VerifierKey{"", ledger::KeyType::ed25519, *key};
    auto key = ledger::parse_verifier_key(text);
    if (key && key->type == ledger::KeyType::ed25519) return *key;
    return schema::malformed(field, "must be a public key: 64 hexadecimal digits or <name>+<id>+<base64>");
}

schema::Result<schema::PublicKey> read_public_key(const std::string& text, const std::string& field) {
    auto key = read_verifier_key(text, field);
    if (!key) return tl::unexpected(key.error());
    return key->key;
}

}  // namespace tools
