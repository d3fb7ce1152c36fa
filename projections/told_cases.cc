#include "projections/told_cases.h"

namespace projections {

schema::Result<void> ToldCase::read(const Table& moments, const StreamId& stream) {
    auto after = moments_.empty() ? std::string() : moment_key(stream, moments_.back().revision);
    bool whole = true;
    TRY(moments.scan(
        moment_prefix(stream),
        [&](std::string_view, std::string_view row) {
            auto moment = unpack<Moment>(row);
            whole = moment.has_value();
            if (!whole) return false;
            moments_.push_back(*std::move(moment));
            // Its texts and lists, some of them on the heap, take about twice their packed bytes.
            bytes_ += sizeof(Moment) + sizeof(ToldRow) + 2 * row.size();
            return true;
        },
        Table::forwards, after));
    if (!whole) return damaged_moment();
    return {};
}

ToldRow ToldCase::row(size_t i, const References::Wording& wording) {
    if (wording_ != wording) {
        wording_ = wording;
        rows_.clear();
        bytes_ -= std::exchange(told_, 0);
    }
    return i < rows_.size() ? rows_[i] : nullptr;
}

void ToldCase::tell(size_t i, ToldRow row) {
    constexpr size_t overhead = 64;
    if (rows_.size() <= i) rows_.resize(moments_.size());
    told_ += row->capacity() + overhead;
    bytes_ += row->capacity() + overhead;
    rows_[i] = std::move(row);
}

ToldCases::Use::Use(ToldCases& cases, const StreamId& stream) : cases_(cases), stream_(stream) {
    {
        std::lock_guard lock(cases.mutex_);
        shared_ = cases.recent_.of(stream).value.shared;
    }
    held_ = std::unique_lock(shared_->mutex);
}

ToldCases::Use::~Use() {
    std::lock_guard lock(cases_.mutex_);
    auto& kept = cases_.recent_.of(stream_).value;  // anew, where it was let go of in between
    kept = {shared_, sizeof(Shared) + shared_->told.footprint()};
    cases_.recent_.weigh(stream_);
    cases_.recent_.trim();
}

}  // namespace projections
