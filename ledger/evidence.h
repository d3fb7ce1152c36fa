// What others said about this book's checkpoints: witnesses' cosignatures and authorities' times. Nobody can make them
// anew, so the store is kept with the care of the keys: every write synced, and how many there ever were stands in a
// mark beside the folder (FOLDER/evidence.mark), so that one which was lost, or rolled back, is noticed and refused.
//
//   'c' size (8)   the checkpoint of that size as a signed note, with every cosignature that was ever put
//   't' size (8)   an RFC 3161 TimeStampToken (DER; the token alone, without the response around it)
//   'b' size (8)   the checkpoint the token is over: exactly these bytes, signature lines included
//   "put"          how many writes there ever were, in decimal
//
// It keeps bytes and believes them: whoever puts has checked, whoever reads for a proof checks again.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ledger/mark.h"
#include "schema/result.h"

namespace rocksdb {
class DB;
}

namespace ledger {

struct Cosigned {
    uint64_t size = 0;
    std::string note;
};

struct Timestamped {
    uint64_t size = 0;
    std::string note, token;
};

class Evidence {
  public:
    // `folder` is the ledger's. Makes an empty store where there never was one. Corrupt when it is not there although
    // its mark knows of rows, has fewer than its mark knows of, or has no mark; then nothing has been touched.
    static schema::Result<std::unique_ptr<Evidence>> open(const std::string& folder);
    // For looking only: never put. Nothing: the folder has none.
    static schema::Result<std::unique_ptr<Evidence>> open_read_only(const std::string& folder);
    ~Evidence();

    // All of these are safe from any thread. What was put is durable when it returns.
    //
    // Adds the note's cosignatures to those kept of that size; of one key the first that was put stays, since an
    // earlier time proves more. Conflict where another checkpoint of that size is kept: one of the two is a lie of this
    // book's.
    schema::Result<void> put_cosigned(uint64_t size, const std::string& note);
    // Conflict where a token of that size is kept: a later one over the same checkpoint proves less.
    schema::Result<void> put_token(uint64_t size, const std::string& note, const std::string& token);

    using MaybeCosigned = schema::Result<std::optional<Cosigned>>;
    MaybeCosigned cosigned(uint64_t size) const;        // of exactly that size
    MaybeCosigned first_covering(uint64_t size) const;  // the smallest that is not below `size`
    MaybeCosigned last_up_to(uint64_t size) const;      // the largest that is not above `size`
    MaybeCosigned newest() const { return last_up_to(~uint64_t{0}); }

    using MaybeTimestamped = schema::Result<std::optional<Timestamped>>;
    MaybeTimestamped first_token_covering(uint64_t size) const;
    MaybeTimestamped last_token_up_to(uint64_t size) const;
    MaybeTimestamped newest_token() const { return last_token_up_to(~uint64_t{0}); }

    // In the order of their sizes, from `from` on, until `take` says false.
    schema::Result<void> each_cosigned(uint64_t from, const std::function<bool(const Cosigned&)>& take) const;
    schema::Result<void> each_token(uint64_t from, const std::function<bool(const Timestamped&)>& take) const;

  private:
    Evidence(std::unique_ptr<rocksdb::DB> db, std::unique_ptr<Mark> mark, uint64_t puts);
    using Row = std::pair<uint64_t, std::string>;
    schema::Result<void> put(std::initializer_list<std::pair<std::string, std::string>> rows);
    schema::Result<std::optional<Row>> near(char kind, uint64_t size, bool above) const;
    schema::Result<void> each(char kind, uint64_t from, const std::function<bool(Row)>& take) const;
    MaybeTimestamped with_note(schema::Result<std::optional<Row>> token) const;

    std::unique_ptr<rocksdb::DB> db_;
    std::unique_ptr<Mark> mark_;  // none: for looking only
    uint64_t puts_;               // writes ever made
    std::mutex putting_;
};

}  // namespace ledger
