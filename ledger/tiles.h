// The tree as others fetch it (c2sp.org/tlog-tiles): files of 256 hashes of one level after the other, under names that
// say where they stand. A tile's hashes are roots over full tiles one level down; at level 0 they are leaf hashes.
//
//   tile/<level>/<number>            8192 bytes: 256 hashes
//   tile/<level>/<number>.p/<width>  the first `width` hashes of a tile that is still filling
//   tile/entries/<number>            the 256 entries under a tile of level 0, each after two bytes of its length
//
// A number is written in groups of three digits, all but the last with an x: 1234067 is x001/x234/067.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/tree.h"

namespace ledger {

inline constexpr unsigned tile_width = 256, tile_levels = 8;  // a tree of 2^64 leaves has no more
inline constexpr size_t bundled_entry_limit = 65535;

struct TilePath {
    std::optional<unsigned> level;  // nothing: a bundle of entries
    uint64_t number = 0;
    unsigned width = tile_width;

    std::string text() const;  // "tile/0/x001/x234/067.p/8"
    bool operator==(const TilePath&) const = default;
};
// What stands behind "tile/", cut at the slashes. Nothing: not a tile's name, or another spelling of one.
std::optional<TilePath> parse_tile_path(std::span<const std::string> segments);

// How many hashes this tile has in a tree of so many leaves: 0 to 256.
unsigned tile_width_at(unsigned level, uint64_t number, uint64_t size);

std::string tile_bytes(std::span<const Digest> hashes);
std::vector<Digest> tile_hashes(std::string_view bytes);  // of whole hashes

// Appends an entry to a bundle. Malformed: it is longer than its two bytes of length can say.
schema::Result<void> add_to_bundle(std::string& bundle, Bytes entry);
// The leaf hashes of a bundle's entries. Malformed: it ends inside one.
schema::Result<std::vector<Digest>> bundle_leaves(std::string_view bundle);

}  // namespace ledger
