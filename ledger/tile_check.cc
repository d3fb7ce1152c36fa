#include "ledger/tile_check.h"

#include <algorithm>

namespace ledger {
namespace {

using schema::Result;
using Hashes = std::vector<Digest>;

constexpr size_t hash_size = Digest{}.size(), checkpoint_limit = 256 * 1024;
constexpr size_t bundle_limit = tile_width * (2 + bundled_entry_limit);

class TileWalk {
  public:
    TileWalk(const std::string& folder, const TileOptions& options, TileReport& report)
        : folder_(folder), options_(options), report_(report), size_(report.checkpoint.size) {}

    // The tiles on the right edge give the root; every full tile hangs from a hash of one of them.
    Result<void> run() {
        std::vector<Hashes> edge;
        for (unsigned level = 0; level < tile_levels && size_ >> 8 * level; ++level) {
            auto hashes = edge_tile(level);
            if (!hashes) return tl::unexpected(hashes.error());
            edge.push_back(*std::move(hashes));
        }
        TRY(settle(edge));
        for (auto level = static_cast<unsigned>(edge.size()); level-- > 0;) {
            uint64_t first = (size_ >> 8 * level) / tile_width * tile_width;
            if (level == 0) TRY(leaves(first / tile_width, edge[0]));
            else
                for (size_t i = 0; i < edge[level].size() && !full(); ++i)
                    TRY(descend(level - 1, first + i, edge[level][i]));
        }
        return {};
    }

  private:
    bool full() const { return report_.findings.size() >= tile_findings; }
    void find(const TilePath& path, std::string what) {
        if (!full()) report_.findings.push_back({path.text(), std::move(what)});
    }

    // The first bytes of a file that should be there: its own, or those of the full one that took its place.
    Result<std::string> read(TilePath path, size_t limit) const {
        auto bytes = read_file(folder_ + "/" + path.text(), limit);
        if (bytes || bytes.error().fault != schema::Fault::not_found || path.width == tile_width) return bytes;
        path.width = tile_width;
        return read_file(folder_ + "/" + path.text(), limit);
    }

    // A tile's hashes; nothing, and a finding unless it is only looked at, where it is not there or has another size.
    Result<std::optional<Hashes>> hashes_of(const TilePath& path, bool look = false) {
        auto bytes = read(path, tile_width * hash_size);
        auto wrong = [&](std::string what) {
            if (!look) find(path, std::move(what));
            return std::optional<Hashes>();
        };
        if (!bytes && bytes.error().fault == schema::Fault::not_found) return wrong("is missing");
        if (!bytes && bytes.error().fault == schema::Fault::malformed) return wrong("is larger than a tile");
        if (!bytes) return tl::unexpected(bytes.error());
        bool is_whole = bytes->size() == path.width * hash_size || bytes->size() == tile_width * hash_size;
        if (!is_whole)
            return wrong("has " + std::to_string(bytes->size()) + " bytes and should have " +
                         std::to_string(path.width * hash_size));
        bytes->resize(path.width * hash_size);
        return std::optional(tile_hashes(*bytes));
    }

    // What a tile must be, by the tiles or entries under it; nothing where one of those is not there.
    Result<std::optional<Hashes>> from_below(const TilePath& path) {
        if (*path.level == 0) return from_entries({std::nullopt, path.number, path.width});
        Hashes made;
        for (uint64_t i = 0; i < path.width; ++i) {
            auto below = hashes_of({*path.level - 1, path.number * tile_width + i, tile_width}, true);
            if (!below) return below;
            if (!*below) return std::optional<Hashes>();
            made.push_back(root_over(**below));
        }
        return std::optional(std::move(made));
    }

    Result<std::optional<Hashes>> from_entries(const TilePath& path) const {
        auto bytes = options_.entries ? read(path, bundle_limit) : schema::fail(schema::Fault::not_found, "");
        if (!bytes && bytes.error().fault == schema::Fault::io) return tl::unexpected(bytes.error());
        auto leaves = bytes ? bundle_leaves(*bytes) : tl::unexpected(bytes.error());
        if (!leaves || leaves->size() < path.width) return std::optional<Hashes>();
        leaves->resize(path.width);
        return std::optional(*std::move(leaves));
    }

    // Empty where the level has no tile that is filling, or it cannot be had.
    Result<Hashes> edge_tile(unsigned level) {
        TilePath path{level, (size_ >> 8 * level) / tile_width, 0};
        path.width = tile_width_at(level, path.number, size_);
        if (path.width == 0) return Hashes();
        auto hashes = hashes_of(path);
        if (!hashes) return tl::unexpected(hashes.error());
        if (!*hashes) hashes = from_below(path);
        if (!hashes) return tl::unexpected(hashes.error());
        if (!*hashes) {
            edge_is_whole_ = false;
            return Hashes();
        }
        return **std::move(hashes);
    }

    Result<Digest> root_of(const std::vector<Hashes>& edge) const {
        return root_at(size_, [&](unsigned level, uint64_t index) -> Result<Digest> {
            auto& hashes = edge[level / 8];
            uint64_t width = uint64_t{1} << level % 8, at = index * width % tile_width;
            return root_over(std::span(hashes).subspan(at, width));
        });
    }

    // Whether the edge gives the checkpoint's root; where it does not, the levels below it may tell which tile is
    // wrong.
    Result<void> settle(std::vector<Hashes>& edge) {
        if (!edge_is_whole_) return {};
        auto root = root_of(edge);
        if (!root) return tl::unexpected(root.error());
        if (*root == report_.checkpoint.root) return count_edge(edge);
        auto mended = edge;
        std::vector<TilePath> changed;
        for (unsigned level = 0; level < edge.size(); ++level) {
            if (edge[level].empty()) continue;
            TilePath path{level, (size_ >> 8 * level) / tile_width, static_cast<unsigned>(edge[level].size())};
            auto made = from_below(path);
            if (!made) return tl::unexpected(made.error());
            if (!*made || **made == edge[level]) continue;
            mended[level] = **made;
            changed.push_back(path);
        }
        auto right = root_of(mended);
        if (!right) return tl::unexpected(right.error());
        if (*right != report_.checkpoint.root) {
            if (!full())
                report_.findings.push_back({"checkpoint", "has another root than the tiles: those on the right edge (" +
                                                              names(edge) + ") hash to " + root->hex()});
            return {};
        }
        for (auto& path : changed) find(path, "does not hold the hashes of what lies under it");
        edge = std::move(mended);
        return count_edge(edge);
    }
    Result<void> count_edge(const std::vector<Hashes>& edge) {
        report_.tiles += static_cast<uint64_t>(
            std::count_if(edge.begin(), edge.end(), [](auto& hashes) { return !hashes.empty(); }));
        return {};
    }
    std::string names(const std::vector<Hashes>& edge) const {
        std::string all;
        for (unsigned level = 0; level < edge.size(); ++level) {
            if (edge[level].empty()) continue;
            TilePath path{level, (size_ >> 8 * level) / tile_width, static_cast<unsigned>(edge[level].size())};
            all += (all.empty() ? "" : ", ") + path.text();
        }
        return all;
    }

    // A full tile that must hash to `expected`, and everything under it.
    Result<void> descend(unsigned level, uint64_t number, const Digest& expected) {
        TilePath path{level, number, tile_width};
        auto hashes = hashes_of(path);
        if (!hashes) return tl::unexpected(hashes.error());
        if (*hashes && root_over(**hashes) != expected) {
            find(path, "does not hash to what the tile above it says of it");
            hashes = std::optional<Hashes>();
        } else if (*hashes) {
            ++report_.tiles;
        }
        if (!*hashes) {
            hashes = from_below(path);
            if (!hashes) return tl::unexpected(hashes.error());
            if (!*hashes || root_over(**hashes) != expected) return {};  // nothing is known of what lies below
        }
        if (level == 0) return leaves(number, **hashes);
        for (size_t i = 0; i < tile_width && !full(); ++i)
            TRY(descend(level - 1, number * tile_width + i, (**hashes)[i]));
        return {};
    }

    // The entries under a tile of level 0.
    Result<void> leaves(uint64_t number, const Hashes& hashes) {
        if (hashes.empty()) return {};
        if (options_.entries) TRY(bundle({std::nullopt, number, static_cast<unsigned>(hashes.size())}, hashes));
        done_ += hashes.size();
        if (options_.progress) options_.progress(done_, size_);
        return {};
    }

    Result<void> bundle(const TilePath& path, const Hashes& hashes) {
        auto bytes = read(path, bundle_limit);
        if (!bytes && bytes.error().fault == schema::Fault::io) return tl::unexpected(bytes.error());
        if (!bytes)
            return find(path, bytes.error().fault == schema::Fault::not_found ? "is missing" : "is too large"),
                   Result<void>();
        auto found = bundle_leaves(*bytes);
        if (!found) return find(path, found.error().message), Result<void>();
        if (found->size() != hashes.size() && found->size() != tile_width)
            return find(path, "holds " + std::to_string(found->size()) + " entries"), Result<void>();
        for (size_t i = 0; i < hashes.size(); ++i) {
            if ((*found)[i] == hashes[i]) ++report_.entries;
            else find(path, "holds another entry " + std::to_string(path.number * tile_width + i) + " than the tree");
        }
        return {};
    }

    const std::string& folder_;
    const TileOptions& options_;
    TileReport& report_;
    uint64_t size_, done_ = 0;
    bool edge_is_whole_ = true;
};

}  // namespace

schema::Result<TileReport> check_tiles(const std::string& folder, std::span<const VerifierKey> keys,
                                       const TileOptions& options) {
    auto bytes = read_file(folder + "/checkpoint", checkpoint_limit);
    if (!bytes) return tl::unexpected(bytes.error());
    auto note = parse_note(*bytes);
    if (!note) return tl::unexpected(note.error());
    auto checkpoint = open_checkpoint(*note, keys);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    TileReport report;
    report.checkpoint = *std::move(checkpoint);
    if (report.checkpoint.size == 0 && report.checkpoint.root != empty_root())
        report.findings.push_back({"checkpoint", "has no entries and another root than the empty tree's"});
    TRY(TileWalk(folder, options, report).run());
    return report;
}

}  // namespace ledger
