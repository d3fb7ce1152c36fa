#include "commands/loads.h"

namespace commands {

void Loads::add(const Holding& holding, int sign) {
    auto change = [sign](uint32_t& count, uint32_t by) { count += static_cast<uint32_t>(sign) * by; };
    uint32_t children = holding.children();
    if (!holding.worker.empty()) change(by_person_[holding.worker], children);
    if (!holding.lead.empty() && holding.lead != holding.worker) change(by_person_[holding.lead], children);
    for (auto& [level, count] : holding.children_at) change(by_team_[holding.team][level], count);
    change(families_, 1);
    change(children_, children);
}

void Loads::set(const StreamId& stream, const Holding& holding) {
    auto known = open_.find(stream);
    if (known != open_.end()) {
        add(known->second, -1);
        open_.erase(known);
    }
    if (!holding.open) return;
    add(holding, 1);
    open_[stream] = holding;
}

const Holding* Loads::of(const StreamId& stream) const {
    auto known = open_.find(stream);
    return known == open_.end() ? nullptr : &known->second;
}

uint32_t Loads::children_of(const PersonId& worker) const {
    auto found = by_person_.find(worker);
    return found == by_person_.end() ? 0 : found->second;
}

uint32_t Loads::children_in(const std::string& team) const {
    uint32_t sum = 0;
    if (auto found = by_team_.find(team); found != by_team_.end())
        for (auto& [level, count] : found->second) sum += count;
    return sum;
}

uint32_t Loads::children_in(const std::string& team, const std::string& level) const {
    auto found = by_team_.find(team);
    if (found == by_team_.end()) return 0;
    auto at = found->second.find(level);
    return at == found->second.end() ? 0 : at->second;
}

}  // namespace commands
