// The routing table, as data, and the two steps every request takes through it: admit() looks at the head alone, before
// a byte of the body is read; answer() runs the handler. Neither knows of sockets.
#pragma once
#include <variant>

#include "server/door.h"

namespace server {

struct Route {
    std::string_view method, pattern;  // "/v1/cases/{stream}"; "{name*}" at the end: one segment or more
    Handler handler;
    // the_views: a session, and views that have what had been recorded when it asked.
    enum Needs { nothing, a_session, the_views } needs;
    std::string_view parameters;  // those it takes, separated by blanks; any other is malformed
    size_t body_limit = 16 * 1024;
    std::string_view content_type = "application/json";  // of a body
    enum Pace { quick, slow } pace = quick;              // slow: goes through many cases, so not on an I/O thread
};

struct Admitted {
    const Route* route;
    Call call;  // without body and post
    Turn turn;
    std::optional<uint64_t> at_least;  // wait for the views to have this entry
};

// The route of a path, for the log; null where there is none.
const Route* find_route(const Head& head);
std::variant<Admitted, Reply> admit(Door& door, const Head& head, std::string request_id);
// Runs the handler; errors become problems. Whatever a handler throws goes through to the top of the session.
Reply answer(Door& door, Admitted& admitted);

}  // namespace server
