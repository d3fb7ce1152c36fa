// POST /v1/drafts: lays an event out as the canonical bytes to sign, for clients that cannot. Nothing is stored, and
// nothing here decides whether it may be recorded.
#include <capnp/message.h>

#include <algorithm>

#include "ledger/draft.h"
#include "ledger/words_json.h"
#include "schema/fields.h"
#include "schema/json.h"
#include "server/door.h"
#include "server/problem.h"

namespace server {
namespace {

namespace json = boost::json;
using schema::Event;
using schema::Fact;
using schema::malformed;
using schema::Result;
using schema::StreamKind;

// The roles that may record this, as the practice in force says; the governor's before there is one.
std::vector<std::string> roles_for(const schema::Edition* edition, Fact::Reader fact) {
    if (!edition) return {std::string(ledger::governor_role)};
    auto name = schema::name_of(fact.which());
    auto kind = schema::kind_of(fact);
    std::vector<std::string> exactly, any;
    for (auto act : edition->practice().getActs()) {
        if (schema::text_of(act.getEvent()) != name) continue;
        auto act_kind = schema::text_of(act.getKind());
        if (!act_kind.empty() && act_kind != kind) continue;
        for (auto role : act.getRoles()) (act_kind.empty() ? any : exactly).emplace_back(role);
    }
    return exactly.empty() ? any : exactly;
}

struct Acting {
    std::string role, team;
};

// The role and team where the person holds just one that fits what was given.
Result<Acting> choose_role(const Call& call, Acting given, Fact::Reader fact) {
    if (!given.role.empty() && !given.team.empty()) return given;
    // About one's own keys no practice has a say: any role will do.
    bool own_keys = schema::type_of(fact.which()).own_keys;
    auto may = roles_for(call.known->practice.binding(call.now.day), fact);
    std::vector<const Reader::Held*> fitting;
    for (auto& held : call.reader.roles()) {
        bool fits = given.role.empty() ? own_keys || std::find(may.begin(), may.end(), held.role) != may.end()
                                       : held.role == given.role;
        if (fits && (given.team.empty() || held.team.empty() || held.team == given.team)) fitting.push_back(&held);
    }
    if (fitting.size() == 1 || (own_keys && !fitting.empty()))
        return Acting{fitting[0]->role, given.team.empty() ? fitting[0]->team : given.team};
    if (fitting.empty()) {
        // Whether a role one does not hold will do is for the bench to say.
        if (!given.role.empty()) return given;
        return malformed("role", "is missing, and you hold none that may record this");
    }
    std::string choices;
    for (auto* held : fitting)
        choices += (choices.empty() ? "" : ", ") + held->role + (held->team.empty() ? "" : " in " + held->team);
    return malformed(given.role.empty() ? "role" : "team", "is missing; you hold: " + choices);
}

Result<StreamId> choose_stream(const json::object& body, Fact::Reader fact) {
    if (auto* given = body.if_contains("stream")) {
        auto* text = given->if_string();
        auto id = text ? StreamId::from_hex({text->data(), text->size()}) : std::nullopt;
        if (!id) return malformed("stream", "must be 32 hexadecimal digits");
        return *id;
    }
    switch (schema::type_of(fact.which()).stream) {
        case StreamKind::directory: return schema::reserved_stream(schema::directory_stream_number);
        case StreamKind::practice: return schema::reserved_stream(schema::practice_stream_number);
        case StreamKind::service: return schema::reserved_stream(schema::service_stream_number);
        case StreamKind::family: break;
    }
    bool begins = fact.isContactReceived() || (fact.isTransferProposed() && fact.getTransferProposed().getDirection() ==
                                                                                schema::Direction::STEP_DOWN);
    if (!begins) return malformed("stream", "is missing");
    return ledger::random_id<StreamId>();
}

// What the actor has been shown is what this session may read: the head of the stream, and the newest checkpoint.
Result<void> set_seen(Door& door, const Call& call, ledger::DraftContext& context) {
    auto published = door.ledger.published();
    context.checkpoint_size = published->head.size;
    context.checkpoint_root = published->head.root;
    auto may = call.reader.may_read(context.stream, door.views);
    if (!may) return tl::unexpected(may.error());
    if (!*may) return {};
    auto head = door.ledger.published_head(context.stream);
    if (!head) return tl::unexpected(head.error());
    context.seen = *head;
    return {};
}

// The members that this endpoint fills in, taken out of what is left for the schema to read.
Result<json::object> only_what_is_said(const json::value& body) {
    auto* given = body.if_object();
    if (!given) return malformed("", "must be an object { }");
    for (auto name : {"ledger", "id", "seen", "actor", "key"})
        if (given->contains(name)) return malformed(name, "is filled in here and may not be given");
    auto* fact = given->if_contains("fact");
    if (!fact) return malformed("fact", "is missing");
    if (!fact->is_object() || fact->get_object().size() != 1)
        return malformed("fact", "must be an object with one member, the type of the event");
    json::object said = *given;
    said.erase("words");
    return said;
}

}  // namespace

Result<Reply> post_drafts(Door& door, Call& call) {
    auto body = schema::parse_json(call.body);
    if (!body) return tl::unexpected(body.error());
    auto said = only_what_is_said(*body);
    if (!said) return tl::unexpected(said.error());
    json::array none;
    auto* given_words = body->get_object().if_contains("words");
    if (given_words && !given_words->is_array()) return malformed("words", "must be a list [ ]");
    auto words = ledger::words_from_json(given_words ? given_words->get_array() : none, ledger::Salts::made_here);
    if (!words) return tl::unexpected(words.error());

    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<Event>();
    auto fields = *said;
    fields.erase("stream");
    TRY(schema::from_json(fields, event, ""));
    auto fact = event.asReader().getFact();
    auto stream = choose_stream(*said, fact);
    if (!stream) return tl::unexpected(stream.error());
    auto acting = choose_role(call, {event.asReader().getRole(), event.asReader().getTeam()}, fact);
    if (!acting) return tl::unexpected(acting.error());

    ledger::DraftContext context;
    context.origin = door.ledger.origin();
    context.actor = call.session->person;
    context.key = call.session->key;
    context.role = acting->role;
    context.team = acting->team;
    context.stream = *stream;
    context.occurred = call.known->directory.genesis().played_clock ? door.ledger.published()->recorded : call.now.time;
    TRY(set_seen(door, call, context));
    auto made = ledger::draft(context, fields, *std::move(words));
    if (!made) return tl::unexpected(made.error());
    auto examined = schema::decode_event(schema::as_bytes(made->event));
    if (!examined) return tl::unexpected(examined.error());
    json::object out{{"id", made->id.hex()},
                     {"stream", stream->hex()},
                     {"event", schema::to_base64(schema::as_bytes(made->event))},
                     {"sign", schema::to_hex(schema::as_bytes(std::string(ledger::event_context) + made->event))},
                     {"words", ledger::words_to_json(made->words)},
                     {"reads", schema::to_json(examined->event.read())}};
    return json_reply(out);
}

}  // namespace server
