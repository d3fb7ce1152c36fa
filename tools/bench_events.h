// The events that the benchmark records: contacts and case notes of ordinary length, each with a word of about 300
// bytes beside it, really signed. Put together without JSON, because millions are made.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "ledger/index.h"
#include "ledger/keys.h"
#include "ledger/words.h"
#include "schema/event.h"

namespace tools {

struct BenchCase {
    schema::StreamId stream{};
    schema::SubjectId child{};
};

// What the worker had been shown when they signed.
struct Shown {
    ledger::StreamHead head{};
    uint64_t size = 0;
    schema::Digest root{};
};

struct MadeEvent {
    std::string event;  // canonical bytes
    schema::Signature signature{};
    std::vector<ledger::Word> words;
    std::string to_json() const;  // the body of POST /v1/events
};
// The body of POST /v1/events for several.
std::string submissions(std::span<const MadeEvent> events);

class EventMaker {
  public:
    EventMaker(std::string origin, const schema::PersonId& person, ledger::SigningKey key)
        : origin_(std::move(origin)), person_(person), key_(std::move(key)), id_(key_.id()) {}

    // Wordless: the same event, about which nothing was written.
    MadeEvent contact(const BenchCase& about, const Shown& shown, schema::Time at, bool wordless = false) const;
    MadeEvent note(const BenchCase& about, const Shown& shown, schema::Time at, uint64_t number,
                   bool wordless = false) const;

  private:
    template <class Fill>
    MadeEvent make(const BenchCase& about, const Shown& shown, schema::Time at, const char* role,
                   std::vector<ledger::Word> words, Fill fill) const;
    std::string origin_;
    schema::PersonId person_;
    ledger::SigningKey key_;
    schema::KeyId id_;
};

}  // namespace tools
