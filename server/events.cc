// POST /v1/events: one signed event, and its receipt when it is durable.
#include "schema/json.h"
#include "server/problem.h"
#include "server/recording.h"

namespace server {

namespace json = boost::json;
using commands::Accepted;
using commands::Outcome;
using commands::Refused;
using schema::Result;

std::optional<Outcome> submit(Door& door, Sent sent, commands::Reply reply) {
    auto received = commands::receive(door.ledger, *door.sequencer.known(), schema::as_bytes(sent.event),
                                      std::move(sent.signatures), std::move(sent.words), sent.played_at);
    if (auto* refused = std::get_if<Refused>(&received)) return std::move(*refused);
    if (auto* error = std::get_if<schema::Error>(&received)) return std::move(*error);
    auto queued = door.sequencer.submit(std::get<commands::Submission>(std::move(received)), std::move(reply));
    if (!queued) return queued.error();
    return std::nullopt;
}

Result<ledger::Receipt> receipt_of(Door& door, const Accepted& accepted) {
    auto receipt = door.receipt(accepted.entry);
    if (receipt) receipt->replayed = accepted.replayed;
    return receipt;
}

Refused told_to(Door& door, const Reader& reader, std::string_view bytes, const Refused& refused) {
    auto told = refused;
    auto event = schema::decode_event(schema::as_bytes(bytes));
    if (!event) return told;
    auto stream = StreamId::of(schema::bytes_of(event->event->getStream()));
    auto head = door.ledger.published_head(stream);
    if (schema::kind_of(stream) != schema::StreamKind::family || (head && head->revision == 0)) return told;
    auto may = reader.may_read(stream, door.views);
    if (!may || !*may) told.detail.clear();
    return told;
}

json::array since(Door& door, const Reader& reader, schema::Event::Reader event) {
    constexpr size_t most = 100;
    json::array out;
    auto stream = StreamId::of(schema::bytes_of(event.getStream()));
    auto may = reader.may_read(stream, door.views);
    if (!may || !*may) return out;
    auto entries = door.ledger.stream(stream, event.getSeen().getRevision() + 1, most);
    if (!entries) return out;
    for (auto& entry : *entries)
        out.push_back(json::object{{"revision", entry.revision()},
                                   {"position", entry.position()},
                                   {"type", json::string(schema::name_of(entry.type()))},
                                   {"title", json::string(schema::title_of(entry.type()))},
                                   {"occurred", schema::iso(entry.occurred())},
                                   {"recorded", schema::iso(entry.recorded())}});
    return out;
}

namespace {

Reply reply_for(Door& door, const Reader& reader, const std::string& bytes, const Outcome& outcome) {
    if (auto* refused = std::get_if<Refused>(&outcome)) {
        json::object more;
        if (refused->reason == commands::Refusal::not_shown_latest)
            if (auto event = schema::decode_event(schema::as_bytes(bytes)))
                more["since"] = since(door, reader, event->event.read());
        return problem(told_to(door, reader, bytes, *refused), std::move(more));
    }
    if (auto* error = std::get_if<schema::Error>(&outcome)) {
        auto told = *error;
        // The client sent the bytes under this name.
        if (told.fault == schema::Fault::malformed && told.field.empty()) told.field = "event";
        return problem(told);
    }
    auto& accepted = std::get<Accepted>(outcome);
    auto receipt = receipt_of(door, accepted);
    if (!receipt) return problem(receipt.error());
    auto body = ledger::to_json(*receipt, accepted.entry);
    json::array warnings;
    for (auto& warning : accepted.warnings) warnings.push_back(json::string(warning));
    body["warnings"] = std::move(warnings);
    return json_reply(body, accepted.replayed ? 200 : 201);
}

}  // namespace

Result<Reply> post_events(Door& door, Call& call) {
    auto sent = sent_from_json(call.body);
    if (!sent) return tl::unexpected(sent.error());

    Reply reply;
    reply.later = [&door, sent = std::make_shared<Sent>(*std::move(sent)), reader = call.reader,
                   post = call.post](Done done) {
        auto bytes = sent->event;
        // The ledger thread only hands over; the receipt is made on the connection's own.
        auto finish = [&door, reader, bytes, post, done](Outcome outcome) {
            post([&door, reader, bytes, done, outcome = std::move(outcome)] {
                done(reply_for(door, reader, bytes, outcome));
            });
        };
        if (auto at_once = submit(door, std::move(*sent), finish)) finish(*std::move(at_once));
    };
    return reply;
}

}  // namespace server
