// Cases: the list, one case, its chronology and its clocks. A case one may not read is a case that is not there.
#include "schema/fields.h"
#include "server/entry_json.h"
#include "server/problem.h"
#include "server/query.h"

namespace server {
namespace {

namespace json = boost::json;
using projections::CaseFilter;
using schema::Result;

// Nothing is here for this reader: also where the views have not heard of it.
Result<void> must_read(Door& door, const Call& call, const StreamId& stream) {
    if (schema::kind_of(stream) != schema::StreamKind::family) return tl::unexpected(nothing_here());
    auto may = call.reader.may_read(stream, door.views);
    if (!may) return tl::unexpected(may.error());
    if (!*may) return tl::unexpected(nothing_here());
    return {};
}

// What a view does not have is nothing that is here, without a word about it.
Result<Reply> not_told(const schema::Error& error) {
    return tl::unexpected(error.fault == schema::Fault::not_found ? nothing_here() : error);
}
Result<Reply> told(const Result<json::object>& view) {
    if (!view) return not_told(view.error());
    return json_reply(*view);
}

// What of all cases this reader's roles open, where one filter can say it; nothing where it takes a look at each.
std::optional<CaseFilter> narrowed(CaseFilter filter, const Reader& reader) {
    if (reader.reads_service()) return filter;
    int reaches = int(!reader.teams().empty()) + int(reader.reads_own()) + int(reader.reads_front_door());
    if (reaches != 1) return std::nullopt;
    if (reader.reads_own()) filter.holder = reader.person();
    if (reader.reads_front_door()) filter.front_door_only = true;
    // A case that has moved to another team stays readable, but is not in the list of this team's cases.
    if (!reader.teams().empty()) {
        if (filter.teams.empty()) filter.teams.assign(reader.teams().begin(), reader.teams().end());
        else if (!reader.reads_team(filter.teams[0])) return std::nullopt;
    }
    return filter;
}

// A page for somebody whose several roles open several kinds of cases: looks at each, and gives up early rather than
// hold up others; the cursor then goes on where it stopped.
Result<json::object> looked_through(Door& door, const Call& call, const CaseFilter& filter, std::string cursor,
                                    size_t limit) {
    constexpr int rounds = 20;
    json::array found;
    for (int round = 0;; ++round) {
        auto page = door.views.case_list(filter, cursor, limit - found.size());
        if (!page) return page;
        for (auto& row : page->at("cases").as_array()) {
            auto stream = StreamId::from_hex(std::string_view(row.at("stream").as_string()));
            auto may = call.reader.may_read(stream.value_or(StreamId{}), door.views);
            if (!may) return tl::unexpected(may.error());
            if (*may) found.push_back(std::move(row));
        }
        auto* next = page->if_contains("next");
        bool more = next && next->is_string();
        if (more && found.size() < limit && round < rounds) {
            cursor = next->get_string();
            continue;
        }
        (*page)["cases"] = std::move(found);
        return page;
    }
}

// What a key signed before it became suspect, and nobody attested again.
Result<void> mark_disputed(Door& door, const Call& call, projections::ChronologyPage& page) {
    auto& directory = call.known->directory;
    if (!directory.has_suspect_keys()) return {};
    for (auto& row : page.rows) {
        auto entry = door.ledger.entry(row.position);
        if (!entry) return tl::unexpected(entry.error());
        if (directory.disputes(*entry)) row.more["disputed"] = true;
    }
    return {};
}

Result<void> open_words(Door& door, projections::ChronologyPage& page) {
    for (auto& row : page.rows) {
        if (!row.written) continue;
        auto entry = door.ledger.entry(row.position);
        if (!entry) return tl::unexpected(entry.error());
        auto words = door.ledger.words(*entry);
        if (!words) return tl::unexpected(words.error());
        row.more["words"] = opened_to_json(*words);
    }
    return {};
}

// The names that were written beside what introduced people to the case: words headed "name" about one person. A later
// one counts; one that cannot be read any more is left out.
Result<json::object> names_in(Door& door, const json::object& it) {
    json::object names;
    for (auto* list : {"contacts", "transfers"})
        for (auto& row : it.at(list).as_array()) {
            auto id = schema::EventId::from_hex(std::string_view(row.at("id").as_string()));
            auto position = door.ledger.find(id.value_or(schema::EventId{}));
            if (!position) return tl::unexpected(position.error());
            if (!*position) continue;
            auto entry = door.ledger.entry(**position);
            if (!entry) return tl::unexpected(entry.error());
            auto words = door.ledger.words(*entry);
            if (!words) return tl::unexpected(words.error());
            for (auto& word : *words)
                if (word.heading == "name" && word.readable && word.subjects.size() == 1 &&
                    schema::is_utf8(word.content))
                    names[word.subjects.front().hex()] = word.content;
        }
    return names;
}

}  // namespace

Result<Reply> get_cases(Door& door, Call& call) {
    Query query(call);
    CaseFilter filter;
    filter.open_only = query.flag("open");
    filter.state = query.text("state");
    filter.worker = query.id<PersonId>("worker");
    auto team = query.text("team"), cursor = query.text("cursor");
    if (!team.empty()) filter.teams.push_back(team);
    auto limit = query.number("limit", 1, 200).value_or(50);
    TRY(query.finish());

    auto narrow = narrowed(filter, call.reader);
    auto view =
        narrow ? door.views.case_list(*narrow, cursor, limit) : looked_through(door, call, filter, cursor, limit);
    auto reply = told(view);
    if (reply) link_next(*reply, call, *view);
    return reply;
}

Result<Reply> get_case(Door& door, Call& call) {
    Query query(call);
    auto stream = query.path_id<StreamId>(0);
    auto as_at = query.moment("as_at");
    bool words = query.flag("words");
    TRY(query.finish());
    TRY(must_read(door, call, stream));
    auto view = door.views.case_json(stream, as_at);
    if (view && words) {
        auto names = names_in(door, view->at("case").as_object());
        if (!names) return tl::unexpected(names.error());
        (*view)["names"] = *std::move(names);
    }
    auto reply = told(view);
    if (!reply) return reply;

    auto& head = view->at("case").at("head").as_object();
    auto etag = "\"" + std::to_string(head.at("revision").to_number<uint64_t>()) + "-" +
                std::to_string(head.at("position").to_number<uint64_t>()) + "\"";
    if (call.head->if_none_match == etag) {
        reply->status = 304;
        reply->body.clear();
    }
    reply->headers.emplace_back("ETag", etag);
    return reply;
}

Result<Reply> get_chronology(Door& door, Call& call) {
    Query query(call);
    auto stream = query.path_id<StreamId>(0);
    projections::ChronologyQuery asked;
    auto order = query.text("order");
    if (!order.empty() && order != "happened" && order != "recorded")
        query.refuse("order", "must be happened or recorded");
    if (order == "recorded") asked.order = projections::ChronologyQuery::recorded;
    asked.as_at = query.moment("as_at");
    asked.child = query.id<schema::SubjectId>("child");
    auto type = query.text("type");
    if (!type.empty() && !schema::type_named(type)) query.refuse("type", "is not an event type");
    if (!type.empty()) asked.types.push_back(type);
    asked.kind = query.text("kind");
    asked.from = query.day("from");
    asked.to = query.day("to");
    asked.actor = query.id<PersonId>("actor");
    asked.significant_only = query.flag("significant");
    asked.newest_first = query.flag("newest");
    asked.cursor = query.text("cursor");
    asked.limit = query.number("limit", 1, 500).value_or(100);
    bool words = query.flag("words");
    if (words) asked.limit = std::min<uint64_t>(asked.limit, 100);  // each may have a mebibyte of them
    TRY(query.finish());
    TRY(must_read(door, call, stream));

    auto page = door.views.chronology(stream, asked);
    if (!page) return not_told(page.error());
    TRY(mark_disputed(door, call, *page));
    if (words) TRY(open_words(door, *page));
    Reply reply;
    reply.body = page->text();
    link_next(reply, call, page->about);
    return reply;
}

Result<Reply> get_case_timeliness(Door& door, Call& call) {
    Query query(call);
    auto stream = query.path_id<StreamId>(0);
    auto as_at = query.moment("as_at");
    TRY(query.finish());
    TRY(must_read(door, call, stream));
    return told(door.views.timeliness_case_json(stream, as_at));
}

}  // namespace server
