#include "ledger/tiles.h"

#include "ledger/note.h"

namespace ledger {
namespace {

using schema::malformed;

std::string three_digits(uint64_t group) {
    auto digits = std::to_string(group);
    return std::string(3 - digits.size(), '0') + digits;
}

std::string number_path(uint64_t number) {
    auto path = three_digits(number % 1000);
    while (number >= 1000) {
        number /= 1000;
        path = "x" + three_digits(number % 1000) + "/" + path;
    }
    return path;
}

// "067" or, with the x, "x234". A number of more than six groups is in no tree.
bool add_group(std::string_view group, bool last, uint64_t& number) {
    if (!last && !group.starts_with('x')) return false;
    if (!last) group.remove_prefix(1);
    if (group.size() != 3 || number >= 1'000'000'000'000'000) return false;
    for (char c : group) {
        if (c < '0' || c > '9') return false;
        number = number * 10 + static_cast<uint64_t>(c - '0');
    }
    return true;
}

}  // namespace

std::string TilePath::text() const {
    auto path = "tile/" + (level ? std::to_string(*level) : "entries") + "/" + number_path(number);
    if (width != tile_width) path += ".p/" + std::to_string(width);
    return path;
}

std::optional<TilePath> parse_tile_path(std::span<const std::string> segments) {
    constexpr std::string_view partial = ".p";
    if (segments.size() < 2) return std::nullopt;
    TilePath path;
    if (segments[0] != "entries") {
        auto level = decimal(segments[0]);
        if (!level || *level > 63) return std::nullopt;
        path.level = static_cast<unsigned>(*level);
    }
    std::string spelling = "tile/" + segments[0];
    for (auto& segment : segments.subspan(1)) spelling += "/" + segment;

    auto groups = segments.subspan(1);
    std::string_view last = groups.back();
    if (groups.size() > 1 && groups[groups.size() - 2].ends_with(partial)) {
        auto width = decimal(last);
        if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
        path.width = static_cast<unsigned>(*width);
        groups = groups.first(groups.size() - 1);
        last = groups.back();
        last.remove_suffix(partial.size());
    }
    for (auto& group : groups.first(groups.size() - 1))
        if (!add_group(group, false, path.number)) return std::nullopt;
    if (!add_group(last, true, path.number)) return std::nullopt;
    if (path.text() != spelling) return std::nullopt;  // one name for one tile
    return path;
}

unsigned tile_width_at(unsigned level, uint64_t number, uint64_t size) {
    if (level >= tile_levels) return 0;
    uint64_t hashes = size >> 8 * level, full = hashes / tile_width;
    if (number < full) return tile_width;
    return number == full ? static_cast<unsigned>(hashes % tile_width) : 0;
}

std::string tile_bytes(std::span<const Digest> hashes) {
    std::string bytes;
    for (auto& hash : hashes) bytes += hash.view();
    return bytes;
}

std::vector<Digest> tile_hashes(std::string_view bytes) {
    constexpr size_t size = Digest{}.size();
    std::vector<Digest> hashes;
    for (size_t at = 0; at + size <= bytes.size(); at += size)
        hashes.push_back(Digest::of(schema::as_bytes(bytes.substr(at, size))));
    return hashes;
}

schema::Result<void> add_to_bundle(std::string& bundle, Bytes entry) {
    if (entry.size() > bundled_entry_limit)
        return malformed(
            "entry", "has " + std::to_string(entry.size()) + " bytes, and a bundle's length has two: at most 65,535");
    bundle += static_cast<char>(entry.size() >> 8);
    bundle += static_cast<char>(entry.size());
    bundle += schema::as_text(entry);
    return {};
}

schema::Result<std::vector<Digest>> bundle_leaves(std::string_view bundle) {
    std::vector<Digest> leaves;
    while (!bundle.empty()) {
        auto bytes = schema::as_bytes(bundle);
        size_t size = bytes.size() < 2 ? bundle.size() : size_t{bytes[0]} << 8 | bytes[1];
        if (bytes.size() < 2 + size) return malformed("bundle", "ends inside an entry");
        leaves.push_back(leaf_hash(bytes.subspan(2, size)));
        bundle.remove_prefix(2 + size);
    }
    return leaves;
}

}  // namespace ledger
