// The seam between the ledger and what keeps its bytes: a log with five verbs. Positions, revisions, ids and roots are
// functions of the entries before them, so an engine knows none of them; it keeps records in order, durably.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "ledger/digest.h"
#include "schema/result.h"

namespace ledger {

struct LogHead {
    uint64_t size = 0;
    Digest root{};  // of the tree over all records' entry bytes, as the appender gave it
    bool operator==(const LogHead&) const = default;
};

struct Record {
    std::string entry;  // canonical bytes
    std::string words;  // SealedWords, or empty
};

class Log {
  public:
    virtual ~Log() = default;

    // Adds the batch after `expected`, all or nothing, and returns when it is durable. Conflict when the head is not
    // `expected`: read what came, judge again, append again. Io: it may be there or not; the log is sealed.
    virtual schema::Result<void> append(const LogHead& expected, std::span<const Record> batch, const Digest& root) = 0;

    // Durable records [from, to) in order, until `take` says false. Corrupt when one is missing.
    using Take = std::function<bool(uint64_t position, schema::Bytes entry)>;
    virtual schema::Result<void> read(uint64_t from, uint64_t to, const Take& take) const = 0;
    virtual schema::Result<std::string> entry(uint64_t position) const = 0;
    // These, in the order given, until `take` says false: together where an engine is quicker so.
    virtual schema::Result<void> entries(std::span<const uint64_t> positions, const Take& take) const {
        for (uint64_t position : positions) {
            auto bytes = entry(position);
            if (!bytes) return tl::unexpected(bytes.error());
            if (!take(position, schema::as_bytes(*bytes))) break;
        }
        return {};
    }
    virtual schema::Result<std::string> words(uint64_t position) const = 0;  // empty where nothing was written

    // The words of entries whose positions rise, each looked for from where the last ones were: for whoever reads them
    // all. Of entries that were durable when the walk began.
    class WordsWalk {
      public:
        virtual ~WordsWalk() = default;
        virtual schema::Result<std::string> at(uint64_t position) = 0;  // as words()
    };
    virtual std::unique_ptr<WordsWalk> walk_words() const {
        struct EachAlone final : WordsWalk {
            explicit EachAlone(const Log& of) : log(of) {}
            schema::Result<std::string> at(uint64_t position) override { return log.words(position); }
            const Log& log;
        };
        return std::make_unique<EachAlone>(*this);
    }

    // True as soon as the log is longer than `size`; false after `timeout`.
    virtual bool wait(uint64_t size, std::chrono::milliseconds timeout) const = 0;
    virtual LogHead head() const = 0;
    // What "durable" means here, in a sentence for people.
    virtual std::string durability() const = 0;
};

}  // namespace ledger
