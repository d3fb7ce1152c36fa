// Checks a folder of tiles, of any log and any size, against the checkpoint beside them: FOLDER/checkpoint,
// FOLDER/tile/<level>/<number>, and FOLDER/tile/entries/<number> where they are wanted. Nothing but the files, the
// checkpoint's keys and SHA-256 is believed.
#pragma once
#include "ledger/checkpoint.h"
#include "ledger/tiles.h"

namespace ledger {

struct TileFinding {
    std::string path;  // "tile/0/x001/x234/067"
    std::string what;  // a sentence
};

struct TileReport {
    Checkpoint checkpoint;
    uint64_t tiles = 0;                 // read, and their hashes follow from the checkpoint's root
    uint64_t entries = 0;               // whose bytes were hashed and are the leaf they should be
    std::vector<TileFinding> findings;  // empty: everything holds. At most tile_findings, the first ones
};
inline constexpr size_t tile_findings = 20;

struct TileOptions {
    bool entries = false;                                      // the bundles, too
    std::function<void(uint64_t done, uint64_t of)> progress;  // leaves
};

// Walks down from the root: a tile that does not hash to what the one above it says is named, and where the level below
// still shows what it should be, the walk goes on from there. Malformed, not_found: no checkpoint, or not by these
// keys.
schema::Result<TileReport> check_tiles(const std::string& folder, std::span<const VerifierKey> keys,
                                       const TileOptions& options);

}  // namespace ledger
