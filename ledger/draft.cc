#include "ledger/draft.h"

#include <capnp/message.h>

#include "schema/event.h"
#include "schema/json.h"

namespace ledger {
namespace {

namespace json = boost::json;
using schema::malformed;

}  // namespace

schema::Result<Draft> draft(const DraftContext& context, const json::object& fields, std::vector<Word> words) {
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<schema::Event>();
    TRY(schema::from_json(fields, event, ""));
    if (!fields.contains("fact")) return malformed("fact", "is missing");

    Draft made;
    made.words = std::move(words);
    if (event.getId().size() == 0) event.setId(schema::data_of(schema::as_bytes(random_id<EventId>().view())));
    made.id = EventId::of(schema::bytes_of(event.getId().asReader()));
    event.setLedger(context.origin);
    event.setStream(schema::data_of(schema::as_bytes(context.stream.view())));
    event.setActor(schema::data_of(schema::as_bytes(context.actor.view())));
    event.setKey(schema::data_of(schema::as_bytes(context.key.view())));
    if (event.getRole().size() == 0 && !context.role.empty()) event.setRole(context.role);
    if (event.getTeam().size() == 0 && !context.team.empty()) event.setTeam(context.team);
    if (event.getOccurred().getAt() == 0) event.getOccurred().setAt(schema::milliseconds(context.occurred));
    if (!event.hasSource()) event.initSource();
    auto seen = event.initSeen();
    seen.setRevision(context.seen.revision);
    if (context.seen.revision) seen.setEntry(schema::data_of(bytes_of(context.seen.leaf)));
    seen.setSize(context.checkpoint_size);
    if (context.checkpoint_size) seen.setRoot(schema::data_of(bytes_of(context.checkpoint_root)));
    if (!made.words.empty()) event.setWords(schema::data_of(bytes_of(words_root(made.words))));

    made.event = schema::canonical_bytes(event.asReader());
    auto sound = schema::decode_event(schema::as_bytes(made.event));
    if (!sound) return tl::unexpected(sound.error());
    return made;
}

}  // namespace ledger
