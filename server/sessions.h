// Who is at the door: challenges that are signed to show that a key is held, and the sessions given for it. In memory
// alone; a token is kept only as its hash, so neither a dump nor a log can be used to come in.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "commands/sequencer.h"

namespace server {

using schema::KeyId;
using schema::PersonId;
using schema::Time;

// The time on the wall, and the day on which roles are asked for: in a played ledger that of its last entry.
struct Now {
    Time time;
    schema::Day day;
};

struct Session {
    Session(KeyId of_key, PersonId of_person, Time until_when) : key(of_key), person(of_person), until(until_when) {}
    const KeyId key;
    const PersonId person;
    const Time until;                  // it ends then, however busy
    std::atomic<int64_t> last_used{};  // milliseconds
    std::atomic<int> in_flight{0};
    std::atomic<bool> ended{false};
};

class Sessions {
  public:
    struct Rules {
        std::chrono::milliseconds challenge = std::chrono::seconds{60}, idle = std::chrono::minutes{15},
                                  longest = std::chrono::hours{8};
        size_t per_person = 16;
    };
    explicit Sessions(Rules rules) : rules_(rules) {}

    struct Challenge {
        std::string challenge;  // 32 bytes: 8 of the time it ends, 8 random, 16 of an HMAC over these and the key
        Time expires;
    };
    // Nothing is kept of it, so strangers who ask for many take nothing from those who come to sign one.
    Challenge challenge(const KeyId& key, const Now& now) const;

    struct Opened {
        std::string token;  // base64url of 32 random bytes; told once
        Time expires;
        std::shared_ptr<Session> session;
    };
    // A challenge that was signed is used up. Forbidden: anything was wrong; not a word about what.
    schema::Result<Opened> open(const KeyId& key, const std::string& challenge, const ledger::Signature& signature,
                                const std::string& origin, const commands::Known& known, const Now& now);

    // The session of a token, if it still is one; uses it. Null otherwise.
    std::shared_ptr<Session> find(std::string_view token, const commands::Known& known, const Now& now);
    // Whether it still is one, without using it: not idle too long, its key in force, its person with a role.
    bool alive(Session& session, const commands::Known& known, const Now& now) const;
    void end(const Session& session);

  private:
    std::string seal(const KeyId& key, std::string_view open_part) const;
    std::optional<Time> end_of(const std::string& challenge,
                               const KeyId& key) const;  // of one that we gave to this key

    Rules rules_;
    const std::string secret_ = ledger::random_bytes(32);
    std::mutex mutex_;
    std::map<std::string, Time> used_;                                       // challenges, until they end
    std::unordered_map<schema::Digest, std::shared_ptr<Session>> sessions_;  // by the token's hash
};

}  // namespace server
