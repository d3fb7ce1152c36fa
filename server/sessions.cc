#include "server/sessions.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstring>

#include "schema/json.h"

namespace server {
namespace {

using schema::as_bytes;

schema::Digest hash_of(std::string_view token) { return ledger::sha256(as_bytes(token)); }

std::string base64url(std::string_view raw) {
    auto text = schema::to_base64(as_bytes(raw));
    while (!text.empty() && text.back() == '=') text.pop_back();
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

// For keys that are not enrolled: checking against it costs what checking against theirs would have.
const ledger::PublicKey& nobody() {
    static const auto key = ledger::SigningKey::generate().public_key();
    return key;
}

const ledger::Directory::Key* in_force(const commands::Known& known, const KeyId& id) {
    auto* key = known.directory.key(id);
    return key && !key->revoked ? key : nullptr;
}

bool holds_any_role(const ledger::Directory& directory, const PersonId& id, schema::Day day) {
    auto* person = directory.person(id);
    return person && std::any_of(person->roles.begin(), person->roles.end(),
                                 [&](auto& role) { return role.from <= day && (!role.ended || day < *role.ended); });
}

}  // namespace

std::string Sessions::seal(const KeyId& key, std::string_view open_part) const {
    auto message = std::string(key.view()) + std::string(open_part);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    ASSERT(HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
                reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac, &size));
    return {reinterpret_cast<const char*>(mac), 16};
}

std::optional<Time> Sessions::end_of(const std::string& challenge, const KeyId& key) const {
    if (challenge.size() != 32) return std::nullopt;
    auto open_part = std::string_view(challenge).substr(0, 16);
    if (CRYPTO_memcmp(seal(key, open_part).data(), challenge.data() + 16, 16) != 0) return std::nullopt;
    int64_t milliseconds = 0;
    std::memcpy(&milliseconds, challenge.data(), sizeof milliseconds);
    return schema::time_of(milliseconds);
}

Sessions::Challenge Sessions::challenge(const KeyId& key, const Now& now) const {
    auto expires = now.time + rules_.challenge;
    int64_t milliseconds = schema::milliseconds(expires);
    std::string open_part(reinterpret_cast<const char*>(&milliseconds), sizeof milliseconds);
    open_part += ledger::random_bytes(8);
    return {open_part + seal(key, open_part), expires};
}

schema::Result<Sessions::Opened> Sessions::open(const KeyId& key, const std::string& challenge,
                                                const ledger::Signature& signature, const std::string& origin,
                                                const commands::Known& known, const Now& now) {
    auto expires = end_of(challenge, key);
    auto* held = in_force(known, key);
    bool verifies = ledger::verify(held ? held->key : nobody(), ledger::session_context,
                                   as_bytes(origin + "\n" + challenge), signature);
    if (!expires || now.time >= *expires || !held || !verifies) return schema::fail(schema::Fault::forbidden, "");
    {
        std::lock_guard lock(mutex_);
        std::erase_if(used_, [&](auto& one) { return one.second <= now.time; });
        if (!used_.emplace(challenge, *expires).second) return schema::fail(schema::Fault::forbidden, "");
    }

    auto session = std::make_shared<Session>(key, held->person, now.time + rules_.longest);
    session->last_used = schema::milliseconds(now.time);
    if (!alive(*session, known, now)) return schema::fail(schema::Fault::forbidden, "");
    auto token = base64url(ledger::random_bytes(32));
    std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [&](auto& one) { return !alive(*one.second, known, now); });
    size_t theirs = 0;
    auto oldest = sessions_.end();
    for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
        if (it->second->person != session->person) continue;
        ++theirs;
        if (oldest == sessions_.end() || it->second->last_used < oldest->second->last_used) oldest = it;
    }
    if (theirs >= rules_.per_person) {
        oldest->second->ended = true;
        sessions_.erase(oldest);
    }
    sessions_.emplace(hash_of(token), session);
    return Opened{token, std::min(now.time + rules_.idle, session->until), session};
}

bool Sessions::alive(Session& session, const commands::Known& known, const Now& now) const {
    bool over = session.ended || now.time >= session.until ||
                now.time >= schema::time_of(session.last_used) + rules_.idle || !in_force(known, session.key) ||
                !holds_any_role(known.directory, session.person, now.day);
    return !over;
}

std::shared_ptr<Session> Sessions::find(std::string_view token, const commands::Known& known, const Now& now) {
    auto hash = hash_of(token);
    std::lock_guard lock(mutex_);
    auto found = sessions_.find(hash);
    if (found == sessions_.end()) return nullptr;
    if (!alive(*found->second, known, now)) {
        found->second->ended = true;
        sessions_.erase(found);
        return nullptr;
    }
    found->second->last_used = schema::milliseconds(now.time);
    return found->second;
}

void Sessions::end(const Session& session) {
    std::lock_guard lock(mutex_);
    for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
        if (it->second.get() != &session) continue;
        it->second->ended = true;
        sessions_.erase(it);
        return;
    }
}

}  // namespace server
