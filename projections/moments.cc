#include "projections/moments.h"

namespace projections {
namespace {

std::string id_key(const StreamId& stream, const EventId& id) {
    return "e" + std::string(stream.view()) + std::string(id.view());
}

tl::unexpected<schema::Error> damaged() {
    return schema::fail(schema::Fault::corrupt, "views", "a moment does not read; rebuild the projection");
}

}  // namespace

schema::Result<void> MomentsProjection::apply(const ledger::Entry& entry, Rows& rows) {
    auto stream = entry.stream();
    std::vector<std::unique_ptr<Moment>> looked_up;
    std::optional<schema::Error> wrong;
    auto earlier = [&](const EventId& id) -> const Moment* {
        auto revision = rows.get(id_key(stream, id));
        auto row = revision && *revision ? rows.get("m" + std::string(stream.view()) + **revision)
                                         : schema::Result<std::optional<std::string>>(std::optional<std::string>{});
        if (!revision || !row) {
            wrong = !revision ? revision.error() : row.error();
            return nullptr;
        }
        if (!*row) return nullptr;
        auto moment = unpack<Moment>(**row);
        if (!moment) {
            wrong = damaged().value();
            return nullptr;
        }
        looked_up.push_back(std::make_unique<Moment>(*std::move(moment)));
        return looked_up.back().get();
    };
    auto moment = moment_of(entry, earlier);
    if (!moment) return tl::unexpected(moment.error());
    if (wrong) return tl::unexpected(*wrong);
    rows.put(moment_key(stream, entry.revision()), pack(*moment));
    rows.put(id_key(stream, moment->id), key_number(entry.revision()));
    return {};
}

schema::Result<void> MomentsProjection::settle(Rows&) { return {}; }

schema::Result<std::vector<Moment>> moments_of(const Table& moments, const StreamId& stream, uint64_t size,
                                               schema::Time as_at) {
    std::vector<Moment> found;
    bool whole = true;
    TRY(moments.scan("m" + std::string(stream.view()), [&](std::string_view, std::string_view row) {
        auto moment = unpack<Moment>(row);
        if (!moment) return whole = false;
        if (moment->position >= size || moment->recorded > as_at) return false;
        found.push_back(*std::move(moment));
        return true;
    }));
    if (!whole) return damaged();
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
    if (!whole) return damaged();
    if (more) hand_over();
    return {};
}

}  // namespace projections
