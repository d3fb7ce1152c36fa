// The service as a whole: caseload, timeliness and what falls due, each cut to what this reader may see of it.
#include <unordered_map>

#include "server/problem.h"
#include "server/query.h"

namespace server {
namespace {

namespace json = boost::json;
using projections::TimelinessFilter;
using schema::Result;

// Narrows what was asked for to what this reader may see. Not found: nothing of it; malformed: they must choose a team.
Result<TimelinessFilter> cut(const Door& door, const Reader& reader, TimelinessFilter filter, schema::Day day) {
    if (reader.reads_service()) return filter;
    // A worker's cases may be with several teams; those that this reader may not read are not counted either.
    filter.readable = [&door, &reader, known = std::unordered_map<StreamId, bool>()](const StreamId& stream) mutable {
        if (schema::kind_of(stream) != schema::StreamKind::family) return true;
        auto [slot, fresh] = known.try_emplace(stream, false);
        if (fresh) slot->second = reader.may_read(stream, door.views).value_or(false);
        return slot->second;
    };
    if (filter.worker) {
        auto& directory = *door.views.directory();
        if (!reader.may_read_worker(*filter.worker, directory, day)) return tl::unexpected(nothing_here());
        return filter;
    }
    if (!filter.team.empty() && reader.reads_team(filter.team)) return filter;
    if (filter.team.empty() && reader.teams().size() == 1) {
        filter.team = *reader.teams().begin();
        return filter;
    }
    if (filter.team.empty() && reader.teams().size() > 1) return schema::malformed("team", "must be one of yours");
    if (!reader.reads_own()) return tl::unexpected(nothing_here());
    filter.worker = reader.person();
    return filter;
}

TimelinessFilter read_filter(Query& query) {
    TimelinessFilter filter;
    filter.worker = query.id<PersonId>("worker");
    filter.team = query.text("team");
    filter.rule = query.text("rule");
    filter.verdict = query.text("verdict");
    filter.limit = query.number("limit", 1, 1000).value_or(200);
    return filter;
}

PersonId person_of(const json::object& row) {
    auto* id = row.if_contains("person");
    return id && id->is_string() ? PersonId::from_hex(std::string_view(id->get_string())).value_or(PersonId{})
                                 : PersonId{};
}
std::string_view team_of(const json::object& row) {
    auto* team = row.if_contains("team");
    return team && team->is_string() ? std::string_view(team->get_string()) : std::string_view();
}

template <class Keep>
void keep(json::object& view, const char* rows, Keep wanted) {
    json::array kept;
    for (auto& row : view.at(rows).as_array())
        if (wanted(row.as_object())) kept.push_back(std::move(row));
    view[rows] = std::move(kept);
}

// A worker's row lists their cases; those this reader may not read are not named.
Result<void> hide_cases(Door& door, const Reader& reader, json::object& view) {
    if (reader.reads_service()) return {};
    for (auto& row : view.at("workers").as_array()) {
        json::array kept;
        for (auto& one : row.as_object()["cases"].as_array()) {
            auto stream = StreamId::from_hex(std::string_view(one.as_string())).value_or(StreamId{});
            auto may = reader.may_read(stream, door.views);
            if (!may) return tl::unexpected(may.error());
            if (*may) kept.push_back(std::move(one));
        }
        row.as_object()["cases"] = std::move(kept);
    }
    return {};
}

}  // namespace

Result<Reply> get_caseload(Door& door, Call& call) {
    Query query(call);
    auto worker = query.id<PersonId>("worker");
    auto team = query.text("team");
    auto as_at = query.moment("as_at");
    TRY(query.finish());
    auto& reader = call.reader;
    if (!reader.reads_service() && reader.teams().empty() && !reader.reads_own()) return tl::unexpected(nothing_here());
    auto directory = door.views.directory();
    if (worker && !reader.may_read_worker(*worker, *directory, call.now.day)) return tl::unexpected(nothing_here());
    if (!team.empty() && !reader.reads_team(team)) return tl::unexpected(nothing_here());

    auto view = door.views.caseload_json(as_at);
    if (!view) return tl::unexpected(view.error());
    if (!reader.reads_service() || worker || !team.empty()) view->erase("service");
    auto of_team = [&](const json::object& row) {
        if (worker) return false;
        return team.empty() ? reader.reads_team(team_of(row)) : team_of(row) == team;
    };
    keep(*view, "teams", of_team);
    keep(*view, "unallocated", of_team);
    keep(*view, "workers", [&](const json::object& row) {
        auto person = person_of(row);
        if (worker) return person == *worker;
        if (team.empty()) return reader.may_read_worker(person, *directory, call.now.day);
        auto* known = directory->person(person);
        if (!known) return false;
        for (auto& role : known->roles)
            if (role.team == team && role.from <= call.now.day && (!role.ended || call.now.day < *role.ended))
                return true;
        return false;
    });
    TRY(hide_cases(door, reader, *view));
    return json_reply(*view);
}

Result<Reply> get_timeliness(Door& door, Call& call) {
    Query query(call);
    auto asked = read_filter(query);
    auto as_at = query.moment("as_at");
    TRY(query.finish());
    auto filter = cut(door, call.reader, asked, call.now.day);
    if (!filter) return tl::unexpected(filter.error());
    auto view = door.views.timeliness_json(*filter, as_at);
    if (!view) return tl::unexpected(view.error());
    return json_reply(*view);
}

Result<Reply> get_due(Door& door, Call& call) {
    Query query(call);
    auto asked = read_filter(query);
    auto days = query.number("days", 0, 250).value_or(10);
    auto as_at = query.moment("as_at");
    TRY(query.finish());
    auto filter = cut(door, call.reader, asked, call.now.day);
    if (!filter) return tl::unexpected(filter.error());
    auto view = door.views.due_soon_json(*filter, as_at, static_cast<uint32_t>(days));
    if (!view) return tl::unexpected(view.error());
    return json_reply(*view);
}

// Erasing and keeping is decided for the service as a whole, so only those who read all of it are told.
Result<Reply> get_retention(Door& door, Call& call) {
    Query query(call);
    projections::RetentionFilter filter;
    filter.team = query.text("team");
    filter.state = query.text("state");
    filter.cursor = query.text("cursor");
    filter.limit = query.number("limit", 1, 1000).value_or(200);
    auto as_at = query.moment("as_at");
    TRY(query.finish());
    if (!call.reader.reads_service()) return tl::unexpected(nothing_here());
    auto view = door.views.retention_json(filter, as_at);
    if (!view) return tl::unexpected(view.error());
    auto reply = json_reply(*view);
    link_next(reply, call, *view);
    return reply;
}

}  // namespace server
