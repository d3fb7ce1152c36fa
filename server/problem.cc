#include "server/problem.h"

namespace server {
namespace {

namespace json = boost::json;
using schema::Fault;

struct Row {
    std::string_view name;
    int status;
    std::string_view title;
};

constexpr Row door_rows[] = {
#define X(name, status, sentence) {#name, status, sentence},
    CASELEDGER_DOOR_PROBLEMS(X)
#undef X
};

Row row_of(Fault fault) {
    switch (fault) {
        case Fault::malformed: return {name(fault), 400, "The request cannot be read."};
        case Fault::io: return {name(fault), 500, "The disk or the network failed."};
        case Fault::corrupt: return {name(fault), 500, "Stored bytes are not what was written."};
        case Fault::not_found: return {name(fault), 404, "There is nothing here, or nothing you may read."};
        case Fault::conflict: return {name(fault), 409, "It conflicts with what is there."};
        case Fault::overloaded: return {name(fault), 503, "There is too much to do; try again."};
        case Fault::sealed:
            return {name(fault), 503,
                    "The ledger stopped after a fault. What was sent may or may not have been recorded."};
        case Fault::forbidden: return {name(fault), 403, "This is not allowed."};
    }
    return {"fault", 500, ""};
}

Reply reply_with(const Row& row, const std::string& detail, const std::string& field, json::object more) {
    json::object body;
    body["type"] = "https://caseledger.example/problems/" + std::string(row.name);
    body["status"] = row.status;
    body["title"] = json::string(row.title);
    if (!detail.empty()) body["detail"] = detail;
    if (!field.empty()) body["field"] = field;
    for (auto& member : more) body[member.key()] = std::move(member.value());
    Reply reply{row.status, "application/problem+json", json::serialize(body), {}, nullptr, nullptr};
    if (row.status == 503 || row.status == 429) reply.headers.emplace_back("Retry-After", "1");
    if (row.status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
}

}  // namespace

Reply problem(Problem problem, std::string detail, std::string field) {
    return reply_with(door_rows[static_cast<size_t>(problem)], detail, field, {});
}

Reply problem(const schema::Error& error) {
    // What failed on our side is for the log and not for strangers.
    bool ours = error.fault == Fault::io || error.fault == Fault::corrupt;
    return reply_with(row_of(error.fault), ours ? std::string() : error.message, ours ? std::string() : error.field,
                      {});
}

Reply problem(const commands::Refused& refused, json::object more) {
    if (!refused.source.empty()) more["source"] = refused.source;
    return reply_with({name(refused.reason), http_status(refused.reason), sentence(refused.reason)}, refused.detail,
                      refused.field, std::move(more));
}

Reply json_reply(const json::object& body, int status) {
    return {status, "application/json", json::serialize(body), {}, nullptr, nullptr};
}

std::string_view reason_of(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 204: return "No Content";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 409: return "Conflict";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        default: return "Unknown";
    }
}

}  // namespace server
