// Signing in: a challenge, and the session given to whoever signs it. Nothing here tells which keys are enrolled.
#include "schema/fields.h"
#include "schema/json.h"
#include "server/door.h"
#include "server/problem.h"

namespace server {

namespace json = boost::json;
using schema::Result;

Result<Reply> post_challenge(Door& door, Call& call) {
    auto body = schema::parse_json(call.body);
    if (!body) return tl::unexpected(body.error());
    schema::Fields fields(*body, "");
    auto key = KeyId::of(schema::as_bytes(fields.hex("key", 32)));
    TRY(fields.finish());

    auto asked = door.sessions.challenge(key, call.now);
    return json_reply(
        {{"challenge", schema::to_hex(schema::as_bytes(asked.challenge))}, {"expires", schema::iso(asked.expires)}});
}

Result<Reply> post_session(Door& door, Call& call) {
    auto body = schema::parse_json(call.body);
    if (!body) return tl::unexpected(body.error());
    schema::Fields fields(*body, "");
    auto key = KeyId::of(schema::as_bytes(fields.hex("key", 32)));
    auto challenge = fields.hex("challenge", 32);
    auto signature = ledger::Signature::of(schema::as_bytes(fields.hex("signature", 64)));
    TRY(fields.finish());

    auto opened = door.sessions.open(key, challenge, signature, door.ledger.origin(), *call.known, call.now);
    if (!opened) return problem(Problem::sign_in_failed);
    Reader reader(*call.known, opened->session->person, call.now.day);
    constexpr std::string_view reaches[] = {"ownCases", "team", "service", "frontDoor", "nothing"};
    json::array roles;
    for (auto& held : reader.roles()) {
        json::object role{{"role", held.role},
                          {"title", held.title},
                          {"reads", json::string(reaches[static_cast<size_t>(held.reads)])}};
        if (!held.team.empty()) role["team"] = held.team;
        roles.push_back(std::move(role));
    }
    return json_reply({{"token", opened->token},
                       {"expires", schema::iso(opened->expires)},
                       {"until", schema::iso(opened->session->until)},
                       {"person", opened->session->person.hex()},
                       {"roles", std::move(roles)}},
                      201);
}

Result<Reply> post_session_end(Door& door, Call& call) {
    door.sessions.end(*call.session);
    Reply reply;
    reply.status = 204;
    return reply;
}

}  // namespace server
