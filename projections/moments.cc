#include "projections/moments.h"

#include <utility>

namespace projections {

tl::unexpected<schema::Error> damaged_moment() {
    return schema::fail(schema::Fault::corrupt, "views", "a moment does not read; rebuild the projection");
}

// The ledger's index knows where an event is; its own row there says what it belongs to. What is not an earlier one of
// the same stream belongs to nothing.
schema::Result<Belongs> MomentsProjection::look_up(const ledger::Entry& entry, const EventId& id, Rows& rows) const {
    auto position = ledger_.find(id);
    if (!position) return tl::unexpected(position.error());
    if (!*position || **position >= entry.position()) return Belongs{};
    auto earlier = ledger_.entry(**position);
    if (!earlier) return tl::unexpected(earlier.error());
    if (earlier->stream() != entry.stream()) return Belongs{};
    auto row = rows.get(moment_key(entry.stream(), earlier->revision()));
    if (!row) return tl::unexpected(row.error());
    auto moment = *row ? unpack<Moment>(**row) : std::nullopt;
    if (!moment) return damaged_moment();
    return moment->belongs();
}

schema::Result<void> MomentsProjection::apply(const ledger::Entry& entry, Rows& rows) {
    auto stream = entry.stream();
    auto& known = kept_.of(stream).value;
    if (!std::exchange(known.touched, true)) touched_.push_back(stream);
    if (entry.revision() == 1) known.from_the_first = true;
    std::optional<schema::Error> wrong;
    auto earlier = [&](const EventId& id) {
        auto at = known.at.find(id);
        if (at != known.at.end()) return at->second;
        if (known.from_the_first) return Belongs{};
        auto found = look_up(entry, id, rows);
        if (!found) wrong = found.error();
        return known.at[id] = found.value_or(Belongs{});
    };
    auto moment = moment_of(entry, earlier);
    if (wrong) return tl::unexpected(*wrong);
    if (auto belongs = moment.belongs(); !belongs.empty()) known.at[moment.id] = belongs;
    rows.put(moment_key(stream, entry.revision()), pack(moment));
    return {};
}

schema::Result<void> MomentsProjection::settle(Rows&) {
    for (auto& stream : touched_) {
        kept_.of(stream).value.touched = false;
        kept_.weigh(stream);
    }
    touched_.clear();
    kept_.trim();
    return {};
}

schema::Result<std::vector<Moment>> moments_of(const Table& moments, const StreamId& stream, uint64_t size,
                                               schema::Time as_at) {
    std::vector<Moment> found;
    bool whole = true;
    TRY(moments.scan(moment_prefix(stream), [&](std::string_view, std::string_view row) {
        auto moment = unpack<Moment>(row);
        if (!moment) return whole = false;
        if (moment->position >= size || moment->recorded > as_at) return false;
        found.push_back(*std::move(moment));
        return true;
    }));
    if (!whole) return damaged_moment();
    return found;
}

schema::Result<void> each_stream(const Table& moments, uint64_t size, schema::Time as_at,
                                 const std::function<bool(const StreamId&, std::vector<Moment>)>& take) {
    StreamId stream{};
    std::vector<Moment> found;
    bool whole = true, more = true;
    auto hand_over = [&] {
        if (!found.empty()) more = take(stream, std::move(found));
        found.clear();
        return more;
    };
    TRY(moments.scan("m", [&](std::string_view key, std::string_view row) {
        auto own = StreamId::of(schema::as_bytes(key.substr(1, 16)));
        if (own != stream && !hand_over()) return false;
        stream = own;
        auto moment = unpack<Moment>(row);
        if (!moment) return whole = false;
        if (moment->position < size && moment->recorded <= as_at) found.push_back(*std::move(moment));
        return true;
    }));
    if (!whole) return damaged_moment();
    if (more) hand_over();
    return {};
}

}  // namespace projections
