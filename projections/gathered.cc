#include "projections/gathered.h"

#include <algorithm>

#include "schema/big_endian.h"

namespace projections {
std::string_view Gathered::keep(std::string_view text) {
    constexpr size_t block = 64 << 10;
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
        // The first is small: most batches that are followed are.
        blocks_.emplace_back().reserve(std::max(blocks_.size() == 1 ? block / 16 : block, text.size()));
        bytes_ += blocks_.back().capacity();
    }
    auto at = blocks_.back().size();
    blocks_.back() += text;
    return {blocks_.back().data() + at, text.size()};
}

void Gathered::put(std::string_view key, std::string_view row) {
    auto kept = keep(key);
    rows_.push_back({schema::from_big_endian(kept), kept, keep(row)});
    bytes_ += sizeof(Row);
}

schema::Result<std::optional<std::string>> Gathered::get(std::string_view key) {
    for (; indexed_ < rows_.size(); ++indexed_) at_[rows_[indexed_].key] = indexed_;
    if (auto own = at_.find(key); own != at_.end()) return std::optional(std::string(rows_[own->second].row));
    return beneath_(key);
}

const std::vector<Gathered::Row>& Gathered::sort() {
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const Row& a, const Row& b) { return a.front != b.front ? a.front < b.front : a.key < b.key; });
    // Of one key the last.
    auto same = [](const Row& a, const Row& b) { return a.key == b.key; };
    rows_.erase(rows_.begin(), std::unique(rows_.rbegin(), rows_.rend(), same).base());
    return rows_;
}

}  // namespace projections
