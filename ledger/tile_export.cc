#include "ledger/tile_export.h"

#include <filesystem>
#include <fstream>

#include "ledger/rocks_log.h"

namespace ledger {
namespace {

namespace fs = std::filesystem;
using schema::fail;
using schema::Fault;
using schema::Result;

constexpr size_t hash_size = Digest{}.size(), note_limit = 256 * 1024;

Result<void> write_whole(const std::string& place, const std::string& bytes) {
    std::error_code error;
    fs::create_directories(fs::path(place).parent_path(), error);
    auto half = place + ".half";
    std::ofstream file(half, std::ios::binary | std::ios::trunc);
    file << bytes;
    file.close();
    if (file) fs::rename(half, place, error);
    if (!file || error) return fail(Fault::io, place, "cannot be written");
    return {};
}

class TileWriter {
  public:
    TileWriter(const Log& log, const std::string& folder, const TileExportOptions& options, TileExport& told)
        : log_(log), folder_(folder), options_(options), told_(told) {}

    Result<Digest> run() {
        for (uint64_t number = 0; number < told_.size / tile_width; ++number) {
            auto leaves = leaf_tile({0, number, tile_width});
            if (!leaves) return tl::unexpected(leaves.error());
            TRY(push(1, root_over(*leaves)));
            if (options_.progress) options_.progress((number + 1) * tile_width, told_.size);
        }
        TilePath last{0, told_.size / tile_width, static_cast<unsigned>(told_.size % tile_width)};
        filling_.resize(std::max<size_t>(filling_.size(), 1));
        if (last.width) {
            auto leaves = leaf_tile(last);
            if (!leaves) return tl::unexpected(leaves.error());
            filling_[0] = *std::move(leaves);
        }
        for (unsigned level = 1; level < filling_.size(); ++level) {
            auto& hashes = filling_[level];
            if (!hashes.empty())
                TRY(put({level, told_.size >> 8 * (level + 1), static_cast<unsigned>(hashes.size())},
                        tile_bytes(hashes)));
        }
        if (options_.progress) options_.progress(told_.size, told_.size);
        return root_at(told_.size, [&](unsigned level, uint64_t index) -> Result<Digest> {
            uint64_t width = uint64_t{1} << level % 8, at = index * width % tile_width;
            return root_over(std::span(filling_[level / 8]).subspan(at, width));
        });
    }

  private:
    std::string place_of(const TilePath& path) const { return folder_ + "/" + path.text(); }

    // The leaf hashes under a tile of level 0: from the tile where an earlier run left it, else from the book.
    Result<std::vector<Digest>> leaf_tile(const TilePath& path) {
        TilePath bundle_path{std::nullopt, path.number, path.width};
        std::error_code error;
        bool has_entries = !options_.entries || fs::exists(place_of(bundle_path), error);
        if (auto there = read_file(place_of(path), path.width * hash_size);
            has_entries && there && there->size() == path.width * hash_size) {
            ++told_.kept;
            return tile_hashes(*there);
        }
        std::vector<Digest> leaves;
        std::string bundle;
        bool fits = true;
        uint64_t from = path.number * tile_width;
        TRY(log_.read(from, from + path.width, [&](uint64_t, Bytes entry) {
            leaves.push_back(leaf_hash(entry));
            fits = fits && (!options_.entries || add_to_bundle(bundle, entry));
            return true;
        }));
        TRY(put(path, tile_bytes(leaves)));
        if (options_.entries && fits) TRY(put(bundle_path, bundle));
        if (!fits) ++told_.too_long;
        return leaves;
    }

    Result<void> push(unsigned level, const Digest& hash) {
        if (filling_.size() <= level) filling_.resize(level + 1);
        auto& hashes = filling_[level];
        hashes.push_back(hash);
        if (hashes.size() < tile_width) return {};
        auto root = root_over(hashes);
        TRY(put({level, numbers_[level]++, tile_width}, tile_bytes(hashes)));
        filling_[level].clear();
        return push(level + 1, root);
    }

    // A file is there whole or not at all, and what is there is never written over.
    Result<void> put(const TilePath& path, const std::string& bytes) {
        auto place = place_of(path);
        auto there = read_file(place, bytes.size());
        if (there && *there == bytes) {
            ++told_.kept;
            return {};
        }
        if (there || there.error().fault != Fault::not_found)
            return fail(Fault::conflict, place, "is not what this book gives; remove it to have it made anew");
        TRY(write_whole(place, bytes));
        ++told_.written;
        return {};
    }

    const Log& log_;
    const std::string& folder_;
    const TileExportOptions& options_;
    TileExport& told_;
    std::vector<std::vector<Digest>> filling_;  // by level
    uint64_t numbers_[tile_levels + 1] = {};    // of the tile that is filling
};

}  // namespace

Result<TileExport> export_tiles(const Log& log, const std::string& note, const std::string& folder,
                                const TileExportOptions& options) {
    auto parsed = parse_note(note);
    if (!parsed) return tl::unexpected(parsed.error());
    auto checkpoint = parse_checkpoint(parsed->text);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    auto origin = origin_of(log);
    if (!origin) return tl::unexpected(origin.error());
    if (checkpoint->origin != *origin)
        return fail(Fault::conflict, "checkpoint", "is of " + checkpoint->origin + ", and the book is of " + *origin);
    if (checkpoint->size > log.head().size)
        return fail(Fault::conflict, "checkpoint", "is of more than the book holds");
    if (auto there = read_file(folder + "/checkpoint", note_limit)) {
        auto older = parse_note(*there);
        auto before = older ? parse_checkpoint(older->text) : tl::unexpected(older.error());
        if (!before || before->origin != *origin)
            return fail(Fault::conflict, folder, "holds the tiles of another log; nothing was changed");
    }
    TileExport told;
    told.size = checkpoint->size;
    auto root = TileWriter(log, folder, options, told).run();
    if (!root) return tl::unexpected(root.error());
    if (*root != checkpoint->root)
        return fail(Fault::conflict, folder,
                    "the tiles do not hash to the checkpoint's root: a tile that was there is not this book's, or the "
                    "checkpoint is not of this book; remove the folder to have it made anew");
    TRY(write_whole(folder + "/checkpoint", note));
    return told;
}

}  // namespace ledger
