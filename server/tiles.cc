// The tree in tiles, as c2sp.org/tlog-tiles lays it out: hashes for every stranger, entries for those who read them
// all.
#include "ledger/tiles.h"

#include "server/door.h"
#include "server/problem.h"

namespace server {

using schema::Result;

namespace {

// A tile never changes, whatever becomes of the book.
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";

Reply bytes_reply(std::string bytes) {
    Reply reply;
    reply.content_type = "application/octet-stream";
    reply.body = std::move(bytes);
    return reply;
}

}  // namespace

Result<Reply> get_tile(Door& door, Call& call) {
    auto path = ledger::parse_tile_path(call.path);
    if (!path || !path->level) return tl::unexpected(nothing_here());
    auto hashes = door.ledger.tile(*path->level, path->number, path->width);
    if (!hashes) return tl::unexpected(hashes.error());
    auto reply = bytes_reply(ledger::tile_bytes(*hashes));
    reply.cache = for_ever;
    return reply;
}

// A bundle holds entries of any stream, so it is only for a reader who may read each of them.
Result<Reply> get_entry_bundle(Door& door, Call& call) {
    if (!call.reader.reads_service()) return tl::unexpected(nothing_here());
    auto segments = call.path;
    segments.insert(segments.begin(), "entries");
    auto path = ledger::parse_tile_path(segments);
    if (!path || path->width > ledger::tile_width_at(0, path->number, door.ledger.published()->head.size))
        return tl::unexpected(nothing_here());
    uint64_t from = path->number * ledger::tile_width;
    std::string bundle;
    std::optional<uint64_t> too_long;
    TRY(door.ledger.read(from, from + path->width, [&](const ledger::Entry& entry) {
        if (!ledger::add_to_bundle(bundle, entry.bytes())) too_long = entry.position();
        return !too_long;
    }));
    if (too_long)
        return schema::fail(schema::Fault::not_found, "tile",
                            "entry " + std::to_string(*too_long) +
                                " is longer than the 65,535 bytes that a bundle can hold; read the entries of this "
                                "bundle one by one at /v1/entries");
    return bytes_reply(std::move(bundle));
}

}  // namespace server
