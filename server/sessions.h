// Who is at the door: challenges that are signed to show that a key is held, and the sessions given for it. In memory
// alone; a token is kept only as its hash, so neither a dump nor a log can be used to come in.
#pragma once
#include <atomic>
#include <list>
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
        size_t challenges_per_key = 8, per_person = 16;
    };
    explicit Sessions(Rules rules) : rules_(rules) {}

    struct Challenge {
        std::string challenge;  // 32 random bytes
        Time expires;
    };
    // Any key gets one; only those of enrolled keys are kept, so that strangers cannot fill the table.
    Challenge challenge(const KeyId& key, const commands::Known& known, const Now& now);

    struct Opened {
        std::string token;  // base64url of 32 random bytes; told once
        Time expires;
        std::shared_ptr<Session> session;
    };
    // Takes the challenge away, whatever comes of it. Forbidden: anything was wrong; not a word about what.
    schema::Result<Opened> open(const KeyId& key, const std::string& challenge, const ledger::Signature& signature,
                                const std::string& origin, const commands::Known& known, const Now& now);

    // The session of a token, if it still is one; uses it. Null otherwise.
    std::shared_ptr<Session> find(std::string_view token, const commands::Known& known, const Now& now);
    // Whether it still is one, without using it: not idle too long, its key in force, its person with a role.
    bool alive(Session& session, const commands::Known& known, const Now& now) const;
    void end(const Session& session);

  private:
    struct Asked {
        std::string challenge;
        Time expires;
    };
    Rules rules_;
    std::mutex mutex_;
    std::unordered_map<KeyId, std::list<Asked>> challenges_;                 // oldest first
    std::unordered_map<schema::Digest, std::shared_ptr<Session>> sessions_;  // by the token's hash
};

}  // namespace server
