// The projection "moments": a row for each entry, by stream and revision. Chronologies and clocks are read from it.
#pragma once
#include <unordered_map>

#include "ledger/ledger.h"
#include "projections/moment.h"
#include "projections/projection.h"
#include "projections/recently_used.h"

namespace projections {

// Rows: 'm' stream revision -> Moment.
class MomentsProjection : public Projection {
  public:
    static constexpr std::string_view title = "moments";
    static constexpr uint32_t current = 3;
    static constexpr size_t keeps = 32 << 20;
    explicit MomentsProjection(const ledger::Ledger& ledger, size_t keep = keeps) : ledger_(ledger), kept_(keep) {}
    std::string_view name() const override { return title; }
    uint32_t version() const override { return current; }
    std::unique_ptr<Projection> anew() const override {
        return std::make_unique<MomentsProjection>(ledger_, kept_.limit());
    }
    schema::Result<void> apply(const ledger::Entry& entry, Rows& rows) override;
    schema::Result<void> settle(Rows& rows) override;
    size_t holds() const override { return kept_.bytes(); }

  private:
    // What entries of a stream belong to; where all are known, those that belong to nothing are left out.
    struct Known {
        bool from_the_first = false, touched = false;
        std::unordered_map<EventId, Belongs> at;
        size_t footprint() const { return sizeof(Known) + at.size() * (sizeof(EventId) + sizeof(Belongs) + 32); }
    };
    schema::Result<Belongs> look_up(const ledger::Entry& entry, const EventId& id, Rows& rows) const;

    const ledger::Ledger& ledger_;
    RecentlyUsed<Known> kept_;
    std::vector<StreamId> touched_;
};

// What is said of a row that does not read.
tl::unexpected<schema::Error> damaged_moment();
// The moments of a stream that lie below position `size` and were recorded by `as_at`, by revision.
schema::Result<std::vector<Moment>> moments_of(const Table& moments, const StreamId& stream, uint64_t size,
                                               schema::Time as_at);
// The same for every stream in turn, until `take` says false.
schema::Result<void> each_stream(const Table& moments, uint64_t size, schema::Time as_at,
                                 const std::function<bool(const StreamId&, std::vector<Moment>)>& take);

}  // namespace projections
