// The projection "moments": a row for each entry, by stream and revision. Chronologies and clocks are read from it.
#pragma once
#include <unordered_map>

#include "projections/moment.h"
#include "projections/projection.h"

namespace projections {

// Rows: 'm' stream revision -> Moment; 'e' stream event id -> revision.
class MomentsProjection : public Projection {
  public:
    static constexpr std::string_view title = "moments";
    static constexpr uint32_t current = 2;
    std::string_view name() const override { return title; }
    uint32_t version() const override { return current; }
    schema::Result<void> apply(const ledger::Entry& entry, Rows& rows) override;
    schema::Result<void> settle(Rows& rows) override;
};

// The moments of a stream that lie below position `size` and were recorded by `as_at`, by revision.
schema::Result<std::vector<Moment>> moments_of(const Table& moments, const StreamId& stream, uint64_t size,
                                               schema::Time as_at);
// The same for every stream in turn, until `take` says false.
schema::Result<void> each_stream(const Table& moments, uint64_t size, schema::Time as_at,
                                 const std::function<bool(const StreamId&, std::vector<Moment>)>& take);

}  // namespace projections
