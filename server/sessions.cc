#include "server/sessions.h"

#include <algorithm>

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

Sessions::Challenge Sessions::challenge(const KeyId& key, const commands::Known& known, const Now& now) {
    Challenge made{ledger::random_bytes(32), now.time + rules_.challenge};
    if (!in_force(known, key)) return made;
    std::lock_guard lock(mutex_);
    auto& asked = challenges_[key];
    asked.remove_if([&](auto& old) { return old.expires <= now.time; });
    while (asked.size() >= rules_.challenges_per_key) asked.pop_front();
    asked.push_back({made.challenge, made.expires});
    return made;
}

schema::Result<Sessions::Opened> Sessions::open(const KeyId& key, const std::string& challenge,
                                                const ledger::Signature& signature, const std::string& origin,
                                                const commands::Known& known, const Now& now) {
    bool was_asked = false;
    {
        std::lock_guard lock(mutex_);
        if (auto found = challenges_.find(key); found != challenges_.end()) {
            was_asked = found->second.remove_if(
                            [&](auto& asked) { return asked.challenge == challenge && asked.expires > now.time; }) > 0;
            if (found->second.empty()) challenges_.erase(found);
        }
    }
    auto* held = in_force(known, key);
    bool verifies = ledger::verify(held ? held->key : nobody(), ledger::session_context,
                                   as_bytes(origin + "\n" + challenge), signature);
    if (!was_asked || !held || !verifies) return schema::fail(schema::Fault::forbidden, "");

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
