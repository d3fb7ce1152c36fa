// What a projection is: a named, versioned fold of the book's entries into rows. Total and deterministic: the same
// entries give the same rows, whenever they are applied and in whatever batches.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/entry.h"

namespace projections {

// Rows as one instance of a projection has them, in the order of their keys' bytes. No key is empty.
class Table {
  public:
    virtual ~Table() = default;
    virtual schema::Result<std::optional<std::string>> get(std::string_view key) const = 0;
    // Rows whose key starts with `prefix`, in order (or from the last), starting strictly after key `after` where one
    // is given, until `take` says false.
    using Take = std::function<bool(std::string_view key, std::string_view row)>;
    enum Direction { forwards, backwards };
    virtual schema::Result<void> scan(std::string_view prefix, const Take& take, Direction direction = forwards,
                                      std::string_view after = {}) const = 0;
};

// What a projection writes to while it folds: reads see what was just written. Nothing is searched for and nothing
// taken away, so that rows can be written as sorted files.
class Rows {
  public:
    virtual ~Rows() = default;
    virtual schema::Result<std::optional<std::string>> get(std::string_view key) = 0;
    virtual void put(std::string_view key, std::string_view row) = 0;
};

// One of these folds one instance, from where that is. Beyond a batch it may keep what it worked on, so that it need
// not read it again, within bounds, and only what it would find in the rows: after an error, or when the process ends,
// another goes on from the rows alone.
class Projection {
  public:
    virtual ~Projection() = default;
    virtual std::string_view name() const = 0;
    virtual uint32_t version() const = 0;                  // raised when the rows' meaning or form changes
    virtual std::unique_ptr<Projection> anew() const = 0;  // the same projection, that keeps nothing yet
    // Takes the next entry. An error stops this instance and is shown by /readyz.
    virtual schema::Result<void> apply(const ledger::Entry& entry, Rows& rows) = 0;
    // The end of a batch: rows that would change with every entry are written once.
    virtual schema::Result<void> settle(Rows& rows) = 0;
    virtual size_t holds() const { return 0; }  // about how many bytes it keeps; a batch ends before they are too many
};

}  // namespace projections
