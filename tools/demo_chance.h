// Chance that is the same on every machine: the standard says what mt19937_64 gives, but not what its distributions do
// with it, so these are our own. Two draws never stand in one expression whose order the language leaves open.
#pragma once
#include <random>
#include <string>
#include <utility>

#include "schema/ids.h"

namespace tools::demo {

class Chance {
  public:
    explicit Chance(uint64_t seed) : engine_(seed) {}

    uint32_t below(uint32_t count) { return static_cast<uint32_t>((engine_() >> 32) * count >> 32); }
    int between(int least, int most) {
        return least + static_cast<int>(below(static_cast<uint32_t>(most - least + 1)));
    }
    bool percent(uint32_t share) { return below(100) < share; }

    template <class List>
    const auto& pick(const List& list) {
        return list[below(static_cast<uint32_t>(std::size(list)))];
    }
    template <class List>
    void shuffle(List& list) {
        for (size_t left = std::size(list); left > 1; --left) {
            using std::swap;
            swap(list[left - 1], list[below(static_cast<uint32_t>(left))]);
        }
    }
    std::string bytes(size_t count) {
        std::string drawn;
        while (drawn.size() < count) {
            uint64_t word = engine_();
            for (int i = 0; i < 8 && drawn.size() < count; ++i) drawn += static_cast<char>(word >> (8 * i) & 0xff);
        }
        return drawn;
    }
    template <class Id>
    Id id() {
        return Id::of(schema::as_bytes(bytes(Id{}.size())));
    }

  private:
    std::mt19937_64 engine_;
};

}  // namespace tools::demo
