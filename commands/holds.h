// On whom a legal hold stands, in whatever case: what forbids to erase. A fold over what each case currently holds.
#pragma once
#include <set>
#include <unordered_map>

#include "schema/ids.h"

namespace commands {

using schema::StreamId;
using schema::SubjectId;

class Holds {
  public:
    void set(const StreamId& stream, std::set<SubjectId> held) {
        if (held.empty()) by_case_.erase(stream);
        else by_case_[stream] = std::move(held);
    }
    std::set<SubjectId> of(const StreamId& stream) const {
        auto known = by_case_.find(stream);
        return known == by_case_.end() ? std::set<SubjectId>() : known->second;
    }
    bool on(const SubjectId& subject) const {
        for (auto& [stream, held] : by_case_)
            if (held.contains(subject)) return true;
        return false;
    }

  private:
    std::unordered_map<StreamId, std::set<SubjectId>> by_case_;  // the few cases that have any
};

}  // namespace commands
