// The cases whose chronologies were read last: their moments, and their rows as they were told. Whoever reads a case as
// at several times, or page by page, waits for each row once. A row changes only with the practice's and the
// directory's words for it, and where something corrects or marks its entry; such rows are told anew each time and not
// kept.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "projections/moments.h"
#include "projections/recently_used.h"
#include "projections/references.h"

namespace projections {

using ToldRow = std::shared_ptr<const std::string>;  // a JSON object

class ToldCase {
  public:
    // Held for as long as anything else here is used.
    std::unique_lock<std::mutex> hold() { return std::unique_lock(mutex_); }
    // Reads what this table has beyond what was read before. Corrupt: a row does not read.
    schema::Result<void> read(const Table& moments, const StreamId& stream);
    const std::vector<Moment>& moments() const { return moments_; }  // by revision; of newer entries too, perhaps
    // Null: not told yet in these words. Lets go of what was told in others.
    ToldRow row(size_t i, const References::Wording& wording);
    void tell(size_t i, ToldRow row);
    size_t footprint() const { return bytes_; }

  private:
    std::mutex mutex_;
    std::vector<Moment> moments_;
    References::Wording wording_;
    std::vector<ToldRow> rows_;
    size_t bytes_ = 0, told_ = 0;  // about, in memory; of that the rows
};

// Any thread.
class ToldCases {
  public:
    explicit ToldCases(size_t limit) : recent_(limit) {}
    std::shared_ptr<ToldCase> of(const StreamId& stream);
    // What has been read and told of it counts from now on. To be called while it is held.
    void weigh(const StreamId& stream, const std::shared_ptr<ToldCase>& told);

  private:
    struct Kept {
        std::shared_ptr<ToldCase> told = std::make_shared<ToldCase>();
        size_t bytes = sizeof(ToldCase);
        size_t footprint() const { return bytes; }
    };
    std::mutex mutex_;
    RecentlyUsed<Kept> recent_;
};

}  // namespace projections
