#include "server/routes.h"

#include <charconv>

#include "server/problem.h"

namespace server {
namespace {

constexpr size_t MiB = 1024 * 1024;
constexpr auto open = Route::nothing, session = Route::a_session, views = Route::the_views;
constexpr size_t small = 16 * 1024;
constexpr std::string_view json_type = "application/json";
constexpr auto slow = Route::slow;

constexpr Route routes[] = {
    {"GET", "/livez", get_livez, open, ""},
    {"GET", "/readyz", get_readyz, open, ""},
    {"POST", "/v1/challenge", post_challenge, open, ""},
    {"POST", "/v1/session", post_session, open, ""},
    {"POST", "/v1/session/end", post_session_end, session, ""},
    {"POST", "/v1/events", post_events, session, "", 4 * MiB},
    {"POST", "/v1/events", post_bulk, session, "", 26 * MiB, "application/x-capnp"},
    {"POST", "/v1/drafts", post_drafts, views, "", 4 * MiB, json_type, slow},
    {"GET", "/v1/ledger", get_ledger, open, ""},
    {"GET", "/v1/checkpoint", get_checkpoint, open, ""},
    {"GET", "/v1/checkpoint/witnessed", get_witnessed, open, ""},
    {"GET", "/checkpoint", get_checkpoint, open, ""},
    {"GET", "/tile/entries/{path*}", get_entry_bundle, session, "", small, json_type, slow},
    {"GET", "/tile/{path*}", get_tile, open, ""},
    {"GET", "/v1/proof/consistency", get_consistency, open, "from to"},
    {"GET", "/v1/proof/inclusion", get_inclusion, session, "position size"},
    {"GET", "/v1/receipts/{event}", get_receipt, views, "format"},
    {"GET", "/v1/entries/{position}", get_entry, views, ""},
    {"GET", "/v1/bundles/{event}", get_bundle, views, "", small, json_type, slow},
    {"GET", "/v1/cases/{stream}/completeness", get_completeness, views, ""},
    {"GET", "/v1/cases", get_cases, views, "limit cursor open state team worker at_least", small, json_type, slow},
    {"POST", "/v1/search", post_search, views, "at_least", small, json_type, slow},
    {"GET", "/v1/cases/{stream}", get_case, views, "words as_at at_least"},
    {"GET", "/v1/cases/{stream}/chronology", get_chronology, views,
     "order newest significant type kind child actor from to words limit cursor as_at at_least", small, json_type,
     slow},
    {"GET", "/v1/cases/{stream}/timeliness", get_case_timeliness, views, "as_at at_least"},
    {"GET", "/v1/caseload", get_caseload, views, "worker team as_at at_least", small, json_type, slow},
    {"GET", "/v1/timeliness", get_timeliness, views, "worker team rule verdict limit as_at at_least", small, json_type,
     slow},
    {"GET", "/v1/due", get_due, views, "worker team rule limit days as_at at_least", small, json_type, slow},
    {"GET", "/v1/retention", get_retention, views, "team state limit cursor as_at at_least", small, json_type, slow},
    {"GET", "/v1/practice", get_practice, views, "full as_at at_least"},
    {"GET", "/v1/directory", get_directory, views, "as_at at_least", small, json_type, slow},
    {"GET", "/v1/replay", get_replay, views, "from to stream type as_at at_least"},
    {"GET", "/v1/live", get_live, views, "from at_least"},
};

// Whether the path fits the pattern; what stands in its braces goes to `values`.
bool fits(std::string_view pattern, const std::vector<std::string>& segments, std::vector<std::string>* values) {
    bool rest = false;  // in the last braces, which take all that is left
    for (auto& segment : segments) {
        if (!rest) {
            if (pattern.empty()) return false;
            pattern.remove_prefix(1);  // the slash
            auto end = std::min(pattern.find('/'), pattern.size());
            auto expected = pattern.substr(0, end);
            pattern.remove_prefix(end);
            rest = expected.ends_with("*}");
            if (!expected.starts_with('{')) {
                if (expected != segment) return false;
                continue;
            }
        }
        if (segment.empty()) return false;
        if (values) values->push_back(segment);
    }
    return pattern.empty();
}

// "application/json; charset=utf-8" is application/json.
std::string_view media_type(std::string_view content_type) {
    auto type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    return type;
}

bool lists(std::string_view names, std::string_view name) {
    while (!names.empty()) {
        auto end = std::min(names.find(' '), names.size());
        if (names.substr(0, end) == name) return true;
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return false;
}

schema::Result<void> check_parameters(const Route& route, const Pairs& query) {
    for (size_t i = 0; i < query.size(); ++i) {
        if (!lists(route.parameters, query[i].first))
            return schema::malformed("query", route.parameters.empty() ? "no parameters are taken here"
                                                                       : "takes: " + std::string(route.parameters));
        for (size_t j = 0; j < i; ++j)
            if (query[i].first == query[j].first) return schema::malformed(query[i].first, "is given twice");
    }
    return {};
}

schema::Result<std::optional<uint64_t>> read_at_least(const Head& head) {
    auto* text = head.find("at_least");
    if (!text) return std::optional<uint64_t>();
    uint64_t position = 0;
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), position);
    if (error != std::errc{} || end != text->data() + text->size())
        return schema::malformed("at_least", "must be a position");
    return std::optional(position);
}

Reply not_allowed(const std::string& methods) {
    auto reply = problem(Problem::method_not_allowed, "it takes " + methods);
    reply.headers.emplace_back("Allow", methods);
    return reply;
}

std::variant<const Route*, Reply> choose(const Head& head) {
    std::string methods;
    bool wrong_type = false;
    for (auto& route : routes) {
        if (!fits(route.pattern, head.segments, nullptr)) continue;
        if (!lists(methods, route.method)) methods += (methods.empty() ? "" : ", ") + std::string(route.method);
        if (route.method != head.method) continue;
        if (route.method == "POST" && media_type(head.content_type) != route.content_type) {
            wrong_type = true;
            continue;
        }
        return &route;
    }
    if (wrong_type) return problem(Problem::media_type, "see docs/API.md", "content-type");
    if (!methods.empty()) return not_allowed(methods);
    return problem(nothing_here());
}

}  // namespace

Now Door::now(const commands::Known& known) const {
    bool played = known.directory.genesis().played_clock;
    auto time = clock();
    return {time, schema::london_day(played ? ledger.published()->recorded : time)};
}

const Route* find_route(const Head& head) {
    for (auto& route : routes)
        if (fits(route.pattern, head.segments, nullptr)) return &route;
    return nullptr;
}

std::variant<Admitted, Reply> admit(Door& door, const Head& head, std::string request_id) {
    if (door.stopping) return problem(Problem::stopping);
    auto chosen = choose(head);
    if (auto* reply = std::get_if<Reply>(&chosen)) return std::move(*reply);
    auto& route = *std::get<const Route*>(chosen);

    Call call;
    call.head = &head;
    call.request_id = std::move(request_id);
    call.known = door.sequencer.known();
    call.now = door.now(*call.known);
    if (route.needs != Route::nothing) {
        constexpr std::string_view bearer = "Bearer ";
        auto token = std::string_view(head.authorization);
        if (!token.starts_with(bearer)) return problem(Problem::session_needed);
        call.session = door.sessions.find(token.substr(bearer.size()), *call.known, call.now);
        if (!call.session) return problem(Problem::session_needed);
        if (call.session->in_flight >= door.limits.in_flight_per_session) return problem(Problem::too_many_requests);
        call.reader = Reader(*call.known, call.session->person, call.now.day);
    }
    if (head.content_length > route.body_limit)
        return problem(Problem::too_large, "at most " + std::to_string(route.body_limit) + " bytes are taken here");
    if (auto checked = check_parameters(route, head.query); !checked) return problem(checked.error());
    auto at_least = read_at_least(head);
    if (!at_least) return problem(at_least.error());
    fits(route.pattern, head.segments, &call.path);
    auto holder = call.session;
    return std::variant<Admitted, Reply>(std::in_place_type<Admitted>,
                                         Admitted{&route, std::move(call), holder ? Turn(holder) : Turn(), *at_least});
}

Reply answer(Door& door, Admitted& admitted) {
    auto reply = admitted.route->handler(door, admitted.call);
    if (!reply) return problem(reply.error());
    return *std::move(reply);
}

}  // namespace server
