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
    // Reads what this table has beyond what was read before. Corrupt: a row does not read.
    schema::Result<void> read(const Table& moments, const StreamId& stream);
    const std::vector<Moment>& moments() const { return moments_; }  // by revision; of newer entries too, perhaps
    // Null: not told yet in these words. Lets go of what was told in others.
    ToldRow row(size_t i, const References::Wording& wording);
    void tell(size_t i, ToldRow row);
    size_t footprint() const { return bytes_; }

  private:
    std::vector<Moment> moments_;
    References::Wording wording_;
    std::vector<ToldRow> rows_;
    size_t bytes_ = 0, told_ = 0;  // about, in memory; of that the rows
};

// Any thread.
class ToldCases {
    struct Shared {
        std::mutex mutex;
        ToldCase told;
    };

  public:
    explicit ToldCases(size_t limit) : recent_(limit) {}

    // A case while somebody reads or tells it: nobody else's until it is let go of. It counts for what it holds then,
    // also where none of it was of use.
    class Use {
      public:
        Use(ToldCases& cases, const StreamId& stream);
        ~Use();
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;
        ToldCase& operator*() { return shared_->told; }
        ToldCase* operator->() { return &shared_->told; }

      private:
        ToldCases& cases_;
        const StreamId stream_;
        std::shared_ptr<Shared> shared_;
        std::unique_lock<std::mutex> held_;
    };
    Use use(const StreamId& stream) { return Use(*this, stream); }

  private:
    struct Kept {
        std::shared_ptr<Shared> shared = std::make_shared<Shared>();
        size_t bytes = sizeof(Shared);
        size_t footprint() const { return bytes; }
    };
    std::mutex mutex_;
    RecentlyUsed<Kept> recent_;
};

}  // namespace projections
