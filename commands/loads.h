// Who holds how many children: what the caps are counted from. A fold over what each case currently holds.
#pragma once
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/entry.h"

namespace commands {

using schema::PersonId;
using schema::StreamId;

// What one case adds to the loads while its episode is open.
struct Holding {
    bool open = false;
    std::string team;
    PersonId worker{}, lead{};                    // empty: none
    std::map<std::string, uint32_t> children_at;  // level -> number of children
    uint32_t children() const {
        uint32_t sum = 0;
        for (auto& [level, count] : children_at) sum += count;
        return sum;
    }
};

class Loads {
  public:
    void set(const StreamId& stream, const Holding& holding);

    const Holding* of(const StreamId& stream) const;     // null: its episode is not open
    uint32_t children_of(const PersonId& worker) const;  // as worker or as lead, each child once
    uint32_t children_in(const std::string& team) const;
    uint32_t children_in(const std::string& team, const std::string& level) const;
    uint32_t families() const { return families_; }
    uint32_t children() const { return children_; }

  private:
    void add(const Holding& holding, int sign);
    std::unordered_map<StreamId, Holding> open_;
    std::unordered_map<PersonId, uint32_t> by_person_;
    std::map<std::string, std::map<std::string, uint32_t>> by_team_;
    uint32_t families_ = 0, children_ = 0;
};

}  // namespace commands
