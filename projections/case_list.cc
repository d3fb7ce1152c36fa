#include "projections/case_list.h"

#include <algorithm>

#include "projections/cases.h"
#include "projections/wording.h"

namespace projections {

namespace json = boost::json;

namespace {

bool wanted(const CaseLine& line, const CaseFilter& filter) {
    if (filter.worker && line.worker != *filter.worker && line.lead != *filter.worker) return false;
    if (filter.holder && std::find(line.holders.begin(), line.holders.end(), *filter.holder) == line.holders.end())
        return false;
    if (!filter.teams.empty() && std::find(filter.teams.begin(), filter.teams.end(), line.team) == filter.teams.end())
        return false;
    if (!filter.state.empty() && line.state != filter.state) return false;
    return (!filter.open_only || line.open) && (!filter.front_door_only || line.front_door);
}

}  // namespace

json::object line_json(const CaseLine& line, const References& references) {
    return {{"stream", line.stream.hex()},
            {"state", line.state},
            {"stateTitle", spoken_name(line.state)},
            {"open", line.open},
            {"atFrontDoor", line.front_door},
            {"worker", id_or_null(line.worker)},
            {"lead", id_or_null(line.lead)},
            {"team", text_or_null(line.team)},
            {"teamName", text_or_null(references.team_name(line.team))},
            {"childrenCount", line.children},
            {"episodesCount", line.episodes},
            {"began", schema::iso(line.began)},
            {"opened", iso_or_null(line.opened)},
            {"lastRecorded", schema::iso(line.last)},
            {"lastPosition", line.position}};
}

schema::Result<json::object> list_cases(const Table& cases, const CaseFilter& filter, const std::string& cursor,
                                        size_t limit, const References& references) {
    std::string after;
    if (!cursor.empty()) {
        auto raw = schema::from_hex(cursor);
        if (!raw || raw->size() != 8) return schema::malformed("cursor", "is not one that was given out");
        after = "l" + *raw;
    }
    limit = std::clamp<size_t>(limit, 1, 1000);
    json::array list;
    std::string last;
    bool more = false;
    TRY(each_line(cases, after, [&](std::string_view key, const CaseLine& line) {
        if (!wanted(line, filter)) return true;
        if (list.size() == limit) {
            more = true;
            return false;
        }
        list.push_back(line_json(line, references));
        last = key.substr(1);
        return true;
    }));
    return json::object{{"cases", std::move(list)},
                        {"next", more ? json::value(schema::to_hex(schema::as_bytes(last))) : json::value(nullptr)}};
}

}  // namespace projections
