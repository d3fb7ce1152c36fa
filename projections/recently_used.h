// What a projection keeps in memory of the streams that it worked on last, within so many bytes.
#pragma once
#include <list>
#include <unordered_map>

#include "schema/ids.h"

namespace projections {

// Value: made empty, and has `size_t footprint() const`, about its bytes in memory.
template <class Value>
class RecentlyUsed {
  public:
    explicit RecentlyUsed(size_t limit) : limit_(limit) {}

    struct Found {
        Value& value;
        bool fresh;  // made empty just now
    };
    // Stays where it is until trim().
    Found of(const schema::StreamId& stream) {
        auto [slot, fresh] = at_.try_emplace(stream);
        if (fresh) {
            latest_.push_front({stream, {}, 0});
            slot->second = latest_.begin();
        } else if (slot->second != latest_.begin()) {
            latest_.splice(latest_.begin(), latest_, slot->second);
        }
        return {slot->second->value, fresh};
    }
    void forget(const schema::StreamId& stream) {
        auto slot = at_.find(stream);
        if (slot == at_.end()) return;
        bytes_ -= slot->second->counted;
        latest_.erase(slot->second);
        at_.erase(slot);
    }
    // To be said of a value that has become larger or smaller.
    void weigh(const schema::StreamId& stream) {
        auto& line = *at_.at(stream);
        auto now = line.value.footprint() + overhead;
        bytes_ += now - line.counted;
        line.counted = now;
    }
    // Lets go of what was not worked on for longest.
    void trim() {
        while (bytes_ > limit_ && !latest_.empty()) forget(StreamId(latest_.back().stream));
    }
    size_t bytes() const { return bytes_; }
    size_t limit() const { return limit_; }

  private:
    using StreamId = schema::StreamId;
    static constexpr size_t overhead = 160;
    struct Line {
        StreamId stream;
        Value value;
        size_t counted;
    };
    size_t limit_, bytes_ = 0;
    std::list<Line> latest_;
    std::unordered_map<StreamId, typename std::list<Line>::iterator> at_;
};

}  // namespace projections
