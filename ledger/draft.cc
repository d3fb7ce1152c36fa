#include "ledger/draft.h"

#include <capnp/message.h>

#include "schema/event.h"
#include "schema/json.h"

namespace ledger {
namespace {

namespace json = boost::json;
using schema::malformed;

}  // namespace

schema::Result<std::vector<Word>> words_from_json(const json::value& value) {
    std::vector<Word> words;
    if (value.is_null()) return words;
    if (!value.is_array()) return malformed("words", "must be a list [ ]");
    for (auto& item : value.get_array()) {
        auto at = "words[" + std::to_string(words.size()) + "]";
        auto* object = item.if_object();
        if (!object) return malformed(at, "must be an object { }");
        Word word;
        word.salt = random_bytes(32);
        for (auto& member : *object) {
            std::string name = member.key();
            if (name == "subjects") {
                if (!member.value().is_array()) return malformed(at + ".subjects", "must be a list [ ]");
                for (auto& subject : member.value().get_array()) {
                    auto id = subject.is_string() ? SubjectId::from_hex(std::string_view(subject.get_string()))
                                                  : std::nullopt;
                    if (!id) return malformed(at + ".subjects", "must hold ids of 32 hexadecimal digits");
                    word.subjects.push_back(*id);
                }
                continue;
            }
            auto* text = member.value().if_string();
            if (!text) return malformed(at + "." + name, "must be text in quotes");
            if (name == "heading") word.heading = *text;
            else if (name == "content") word.content = *text;
            else if (name == "mediaType") word.media_type = *text;
            else
                return malformed(at + "." + name,
                                 "is not a field of a word; it has heading, subjects, content, mediaType");
        }
        if (word.heading.empty()) return malformed(at + ".heading", "is missing");
        if (word.content.empty()) return malformed(at + ".content", "is missing");
        if (word.subjects.empty()) return malformed(at + ".subjects", "must name at least one person");
        words.push_back(std::move(word));
    }
    return words;
}

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
    if (event.getRole().size() == 0) event.setRole(context.role);
    if (event.getTeam().size() == 0) event.setTeam(context.team);
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
