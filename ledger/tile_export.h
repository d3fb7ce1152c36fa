// Writes a book's tree as a folder of tiles that any web server can hand out: FOLDER/checkpoint and FOLDER/tile. Run
// again later it goes on where it stopped: full tiles never change.
#pragma once
#include "ledger/checkpoint.h"
#include "ledger/log.h"
#include "ledger/tiles.h"

namespace ledger {

struct TileExport {
    uint64_t size = 0;
    uint64_t written = 0, kept = 0;  // files
    uint64_t too_long = 0;           // bundles left out, because an entry in them is longer than a bundle can hold
};

struct TileExportOptions {
    bool entries = false;  // the bundles, too: for those who may read every entry
    std::function<void(uint64_t done, uint64_t of)> progress;
};

// `note`: the signed checkpoint to export, which must be of the log's origin and a state of it; it is written last, so
// that it never promises more than is there. Conflict: the folder holds another log's tiles, or other ones than this
// book gives; nothing of it is overwritten.
schema::Result<TileExport> export_tiles(const Log& log, const std::string& note, const std::string& folder,
                                        const TileExportOptions& options);

}  // namespace ledger
