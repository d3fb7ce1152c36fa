// What an answer says when it is not what was asked for: RFC 9457 problem+json. One table for the door's own reasons;
// refusals and errors bring theirs. Nothing here ever holds words or names of a case.
#pragma once
#include <boost/json.hpp>

#include "commands/refusal.h"
#include "server/http.h"

namespace server {

// The door's own reasons: name, HTTP status, sentence. The names are wire-stable.
#define CASELEDGER_DOOR_PROBLEMS(X)                                                   \
    X(session_needed, 401, "Sign in first, or again.")                                \
    X(sign_in_failed, 401, "The sign-in failed; ask for a new challenge.")            \
    X(method_not_allowed, 405, "This cannot be done here.")                           \
    X(too_large, 413, "The request is over a limit; nothing was stored.")             \
    X(media_type, 415, "This kind of content is not taken here.")                     \
    X(too_many_requests, 429, "There are too many requests at once in this session.") \
    X(fault, 500, "Something went wrong here; the request's id finds it in the log.") \
    X(views_behind, 503, "The views have not reached that entry yet.")                \
    X(full, 503, "There are too many connections.")                                   \
    X(stopping, 503, "The service is stopping.")

enum class Problem {
#define X(name, status, sentence) name,
    CASELEDGER_DOOR_PROBLEMS(X)
#undef X
};

Reply problem(Problem problem, std::string detail = {}, std::string field = {});
Reply problem(const schema::Error& error);
// `more`: members beside the usual ones, such as `since`.
Reply problem(const commands::Refused& refused, boost::json::object more = {});

// What is not there and what may not be read answer alike.
inline schema::Error nothing_here() { return {schema::Fault::not_found, {}, {}}; }

}  // namespace server
