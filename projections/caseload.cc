#include "projections/caseload.h"

#include <algorithm>
#include <map>

#include "projections/wording.h"

namespace projections {

namespace json = boost::json;
using schema::text_of;

namespace {

struct Load {
    uint32_t families = 0, children = 0;
    std::map<std::string, uint32_t> at_level;
    std::vector<StreamId> streams;
    std::vector<OverrideView> overrides;

    void add(const Holding& held) {
        ++families;
        children += held.children();
        for (auto& [level, ids] : held.children_at) at_level[level] += static_cast<uint32_t>(ids.size());
        streams.push_back(held.stream);
    }
};

std::string_view kind_name(schema::TeamKind kind) {
    switch (kind) {
        case schema::TeamKind::TEAM: return "team";
        case schema::TeamKind::POD: return "pod";
        case schema::TeamKind::SERVICE: return "service";
    }
    return "";
}

std::string_view mode_name(schema::CapMode mode) {
    switch (mode) {
        case schema::CapMode::OVERRIDABLE: return "overridable";
        case schema::CapMode::HARD: return "hard";
        case schema::CapMode::ADVISORY: return "advisory";
        case schema::CapMode::REPORTED: return "reported";
    }
    return "";
}

class Counted {
  public:
    Counted(const References& references, schema::Time now)
        : references_(references), day_(schema::london_day(now)), edition_(references.practice().binding(day_)) {}

    void add(const Holding& held) {
        service_.add(held);
        teams_[held.team].add(held);
        if (held.worker.empty()) unallocated_.push_back(held);
        else workers_[held.worker].add(held);
        if (!held.lead.empty() && held.lead != held.worker) workers_[held.lead].add(held);
        for (auto& over : held.overrides) workers_[over.worker].overrides.push_back(over);
    }

    json::object tell() {
        return {{"service", service()}, {"workers", workers()}, {"teams", teams()}, {"unallocated", unallocated()}};
    }

  private:
    json::object limit(schema::Cap::Reader cap, uint32_t held, uint32_t allowed) const {
        return {{"id", text_of(cap.getId())},
                {"title", text_of(cap.getTitle())},
                {"limit", allowed},
                {"held", held},
                {"over", held > allowed ? held - allowed : 0},
                {"perFte", cap.getPerFte()},
                {"level", text_or_null(text_of(cap.getLevel()))},
                {"mode", mode_name(cap.getMode())},
                {"source", text_of(cap.getSource())},
                {"note", text_or_null(text_of(cap.getNote()))}};
    }
    template <class Take>
    void each_cap(Take take) const {
        if (!edition_) return;
        for (auto cap : edition_->practice().getCaps()) take(cap);
    }
    json::array levels(const Load& load) const {
        json::array list;
        for (auto& [level, children] : load.at_level)
            list.push_back(json::object{{"level", text_or_null(level)},
                                        {"title", text_or_null(references_.code_title("level", level, day_))},
                                        {"children", children}});
        return list;
    }

    json::object service() const {
        json::array limits;
        each_cap([&](schema::Cap::Reader cap) {
            if (cap.getMeasure() == schema::CapMeasure::FAMILIES_PER_SERVICE)
                limits.push_back(limit(cap, service_.families, cap.getLimit()));
            if (cap.getMeasure() == schema::CapMeasure::CHILDREN_PER_SERVICE)
                limits.push_back(limit(cap, service_.children, cap.getLimit()));
        });
        return {{"families", service_.families},
                {"children", service_.children},
                {"levels", levels(service_)},
                {"unallocatedFamilies", unallocated_.size()},
                {"limits", std::move(limits)}};
    }

    bool has_role(const PersonId& person, std::string_view role) const {
        auto* known = references_.directory().person(person);
        return known && std::any_of(known->roles.begin(), known->roles.end(), [&](auto& held) {
                   return held.role == role && held.from <= day_ && (!held.ended || day_ < *held.ended);
               });
    }

    json::array workers() {
        // Those who may hold cases and hold none are shown too: there is room with them.
        each_cap([&](schema::Cap::Reader cap) {
            if (cap.getMeasure() != schema::CapMeasure::CHILDREN_PER_WORKER) return;
            for (auto& [person, known] : references_.directory().people())
                if (has_role(person, text_of(cap.getRole()))) workers_[person];
        });
        json::array list;
        for (auto& [person, load] : workers_) list.push_back(worker(person, load));
        return list;
    }

    json::object worker(const PersonId& person, const Load& load) const {
        auto fte = references_.directory().fte(person, day_);
        json::array limits, overrides;
        json::value allowed = nullptr, over = 0;
        each_cap([&](schema::Cap::Reader cap) {
            if (cap.getMeasure() != schema::CapMeasure::CHILDREN_PER_WORKER ||
                !has_role(person, text_of(cap.getRole())))
                return;
            uint32_t own = cap.getPerFte() ? cap.getLimit() * fte / 100 : cap.getLimit();
            limits.push_back(limit(cap, load.children, own));
            // Where two roles have caps, the one that leaves less room is the worker's.
            if (!allowed.is_null() && allowed.to_number<uint32_t>() <= own) return;
            allowed = own;
            over = load.children > own ? load.children - own : 0;
        });
        for (auto& each : load.overrides)
            overrides.push_back(json::object{{"id", each.id.hex()},
                                             {"position", each.at.position},
                                             {"cap", each.cap},
                                             {"projected", each.projected},
                                             {"by", each.at.by.hex()},
                                             {"role", coded(each.at.role, references_.role_title(each.at.role, day_))},
                                             {"recorded", schema::iso(each.at.recorded)}});
        return {{"person", person.hex()},
                {"fte", fte / 100.0},
                {"families", load.families},
                {"children", load.children},
                {"levels", levels(load)},
                {"cap", allowed},
                {"over", over},
                {"limits", std::move(limits)},
                {"approvedOverrides", std::move(overrides)},
                {"cases", hex_list(load.streams)}};
    }

    json::array teams() {
        for (auto& [code, known] : references_.directory().teams()) teams_[code];
        json::array list;
        for (auto& [code, load] : teams_) list.push_back(team(code, load));
        return list;
    }

    json::object team(const std::string& code, const Load& load) const {
        auto* known = references_.directory().team(code);
        auto kind = known ? kind_name(known->kind) : std::string_view();
        json::array limits;
        each_cap([&](schema::Cap::Reader cap) {
            if (cap.getTeamKind().size() && text_of(cap.getTeamKind()) != kind) return;
            if (cap.getMeasure() == schema::CapMeasure::CHILDREN_PER_TEAM)
                limits.push_back(limit(cap, load.children, cap.getLimit()));
            if (cap.getMeasure() == schema::CapMeasure::CHILDREN_PER_TEAM_AT_LEVEL) {
                auto found = load.at_level.find(std::string(text_of(cap.getLevel())));
                limits.push_back(limit(cap, found == load.at_level.end() ? 0 : found->second, cap.getLimit()));
            }
        });
        return {{"team", text_or_null(code)}, {"name", text_or_null(references_.team_name(code))},
                {"kind", text_or_null(kind)}, {"families", load.families},
                {"children", load.children},  {"levels", levels(load)},
                {"limits", std::move(limits)}};
    }

    json::array unallocated() const {
        json::array list;
        for (auto& held : unallocated_)
            list.push_back(json::object{{"stream", held.stream.hex()},
                                        {"episode", held.episode.hex()},
                                        {"team", text_or_null(held.team)},
                                        {"children", held.children()},
                                        {"since", schema::iso(held.from)}});
        return list;
    }

    const References& references_;
    schema::Day day_;
    const schema::Edition* edition_;
    Load service_;
    std::map<PersonId, Load> workers_;
    std::map<std::string, Load> teams_;
    std::vector<Holding> unallocated_;
};

}  // namespace

schema::Result<json::object> caseload(const Table& cases, schema::Time recorded_by, uint64_t size,
                                      const References& references, schema::Time now) {
    Counted counted(references, now);
    TRY(each_holding(cases, [&](const Holding& held) {
        if (held.from_position >= size || held.from > recorded_by) return;
        if (!held.to || *held.to > recorded_by) counted.add(held);
    }));
    return counted.tell();
}

}  // namespace projections
