#include "tools/filing.h"

#include <chrono>
#include <thread>

#include "ledger/words_json.h"
#include "schema/json.h"

namespace tools {
namespace {

namespace json = boost::json;

// What the service knows and we do not: our person, role and team, and the head of the stream.
struct Circumstances {
    ledger::DraftContext context;
    std::string stream;
};

Attempt<Circumstances> ask_circumstances(Calls& calls, const Trust& trust, const Statement& statement,
                                         const ledger::Checkpoint& checkpoint) {
    json::object asked = statement.fields;
    if (!statement.stream.empty()) asked["stream"] = statement.stream;
    auto answer = calls.post("/v1/drafts", asked);
    if (!answer) return tl::unexpected(answer.error());
    auto* told = answer->if_object();
    auto* event_text = told ? told->if_contains("event") : nullptr;
    if (!event_text || !event_text->is_string())
        return tl::unexpected(Failure(Exit::failed, "the service's draft cannot be read"));
    auto raw = schema::from_base64(std::string_view(event_text->get_string()), "event");
    if (!raw) return tl::unexpected(raw.error());
    auto laid_out = schema::decode_event(schema::as_bytes(*raw));
    if (!laid_out) return tl::unexpected(laid_out.error());
    auto event = laid_out->event.read();
    auto key = schema::KeyId::of(schema::bytes_of(event.getKey()));
    if (key != calls.key().id())
        return tl::unexpected(Failure(Exit::verification, "the service drafted for another key"));

    Circumstances found;
    auto stream = schema::StreamId::of(schema::bytes_of(event.getStream()));
    found.stream = stream.hex();
    if (!statement.stream.empty() && found.stream != statement.stream)
        return tl::unexpected(Failure(Exit::verification, "the service drafted for another case"));
    auto seen = event.getSeen();
    ledger::StreamHead head{seen.getRevision(), 0, ledger::Digest::of(schema::bytes_of(seen.getEntry()))};
    found.context = {trust.origin(),
                     schema::PersonId::of(schema::bytes_of(event.getActor())),
                     key,
                     event.getRole(),
                     event.getTeam(),
                     stream,
                     head,
                     checkpoint.size,
                     checkpoint.root,
                     schema::time_of(event.getOccurred().getAt())};
    return found;
}

Attempt<Filed> check_receipt(Calls& calls, Trust& trust, json::value answer) {
    auto receipt = ledger::receipt_from_json(answer);
    if (!receipt) return tl::unexpected(receipt.error());
    auto entry = ledger::verify_receipt(*receipt, trust.checkpoint_key(), std::nullopt);
    if (!entry) {
        Failure failure(Exit::verification, "the service's receipt does not hold: " + entry.error().text());
        failure.name = "receipt_fails";
        return tl::unexpected(failure);
    }
    if (auto accepted = trust.accept(calls, receipt->checkpoint); !accepted) return tl::unexpected(accepted.error());
    Filed filed;
    filed.answer = std::move(answer.as_object());
    filed.position = entry->position();
    filed.revision = entry->revision();
    if (auto* replayed = filed.answer.if_contains("replayed"))
        filed.replayed = replayed->is_bool() && replayed->get_bool();
    if (auto* warnings = filed.answer.if_contains("warnings"); warnings && warnings->is_array())
        for (auto& warning : warnings->get_array())
            if (warning.is_string()) filed.warnings.emplace_back(warning.get_string());
    filed.receipt = *std::move(receipt);
    return filed;
}

// An answer that never came says nothing about what was recorded, and the same id is never recorded twice: so the same
// bytes are sent again, a few times.
Attempt<json::value> send(Calls& calls, const json::object& submission, const schema::EventId& id) {
    constexpr int tries = 4;
    for (int attempt = 1;; ++attempt) {
        auto answer = calls.post("/v1/events", submission);
        if (answer) return answer;
        auto failure = answer.error();
        if (failure.exit != Exit::try_again && failure.name != "io") return answer;
        if (attempt == tries) {
            failure.exit = Exit::try_again;
            failure.advice = "Whether it was recorded can be asked later: caseledger receipt " + id.hex();
            return tl::unexpected(failure);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(250 << attempt));
        (void)calls.sign_in_again();  // where it fails, so does the next attempt
    }
}

}  // namespace

Attempt<Ready> prepare(Calls& calls, Trust& trust, Statement statement) {
    auto checkpoint = trust.advance(calls);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    auto found = ask_circumstances(calls, trust, statement, *checkpoint);
    if (!found) return tl::unexpected(found.error());
    auto draft = ledger::draft(found->context, statement.fields, std::move(statement.words));
    if (!draft) return tl::unexpected(draft.error());

    auto event = schema::decode_event(schema::as_bytes(draft->event));
    ASSERT(event);  // draft() has just let it through
    Ready ready{*std::move(draft),   schema::to_json(event->event.read()), found->stream,
                statement.played_at, found->context.seen.revision == 0,    {}};
    auto sign = [&](const ledger::SigningKey& key) {
        ready.signatures.push_back(key.sign(ledger::event_context, schema::as_bytes(ready.draft.event)));
    };
    sign(calls.key());
    for (auto joint : event->event->getJoint()) {
        auto wanted = schema::KeyId::of(schema::bytes_of(joint.getKey()));
        bool signed_it = false;
        for (auto& key : statement.joint)
            if (!signed_it && (signed_it = key.id() == wanted)) sign(key);
        if (!signed_it) return schema::malformed("joint", "the key file of a joint signer is missing; give --joint");
    }
    return ready;
}

Attempt<Filed> file(Calls& calls, Trust& trust, const Ready& ready) {
    json::object submission{{"event", schema::to_base64(schema::as_bytes(ready.draft.event))},
                            {"signatures", schema::hex_array(ready.signatures)},
                            {"words", ledger::words_to_json(ready.draft.words)}};
    if (!ready.played_at.empty()) submission["playedAt"] = ready.played_at;
    auto answer = send(calls, submission, ready.draft.id);
    if (!answer) return tl::unexpected(answer.error());
    auto filed = check_receipt(calls, trust, *std::move(answer));
    if (!filed) return filed;
    auto entry = ledger::Entry::decode(schema::as_bytes(filed->receipt.entry));
    if (!entry || schema::as_text(entry->event().bytes()) != ready.draft.event)
        return tl::unexpected(Failure(Exit::verification, "the service's receipt is for another event"));
    return filed;
}

Attempt<Filed> fetch_receipt(Calls& calls, Trust& trust, const std::string& event_id) {
    if (!schema::EventId::from_hex(event_id)) return usage("an event's id has 32 hexadecimal digits");
    auto answer = calls.get("/v1/receipts/" + event_id);
    if (!answer) return tl::unexpected(answer.error());
    auto filed = check_receipt(calls, trust, *std::move(answer));
    if (!filed) return filed;
    auto entry = ledger::Entry::decode(schema::as_bytes(filed->receipt.entry));
    if (!entry || entry->id().hex() != event_id)
        return tl::unexpected(Failure(Exit::verification, "the service's receipt is for another event"));
    return filed;
}

}  // namespace tools
