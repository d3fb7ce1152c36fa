#include "tools/bench_events.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include "ledger/words_json.h"
#include "schema/book.capnp.h"
#include "schema/json.h"
#include "tools/recorder.h"

namespace tools {
namespace {

namespace json = boost::json;
using schema::as_bytes;
using schema::data_of;

// Invented.
constexpr const char* note_text =
    "Visited at home as arranged. Everyone was in and had eaten. We went through the week's plan together; the morning "
    "routine has held on four days of five. Agreed what each of us does until next time and when that will be. The "
    "school is told by the parents themselves; I ring on Thursday to hear how that went. Note ";

}  // namespace

std::string MadeEvent::to_json() const {
    return json::serialize(json::object{{"event", schema::to_base64(as_bytes(event))},
                                        {"signatures", json::array{signature.hex()}},
                                        {"words", ledger::words_to_json(words)}});
}

std::string submissions(std::span<const MadeEvent> events) {
    capnp::MallocMessageBuilder message;
    auto list = message.initRoot<schema::Submissions>().initSubmissions(static_cast<unsigned>(events.size()));
    for (uint32_t i = 0; i < events.size(); ++i) {
        list[i].setEvent(data_of(as_bytes(events[i].event)));
        list[i].initSignatures(1).set(0, data_of(as_bytes(events[i].signature.view())));
        auto words = list[i].initWords(static_cast<unsigned>(events[i].words.size()));
        for (uint32_t j = 0; j < events[i].words.size(); ++j) {
            auto& word = events[i].words[j];
            words[j].setHeading(word.heading);
            words[j].initSubjects(1).set(0, data_of(as_bytes(word.subjects[0].view())));
            words[j].setSalt(data_of(as_bytes(word.salt)));
            words[j].setContent(data_of(as_bytes(word.content)));
        }
    }
    return schema::string_of(capnp::messageToFlatArray(message));
}

template <class Fill>
MadeEvent EventMaker::make(const BenchCase& about, const Shown& shown, schema::Time at, const char* role,
                           std::vector<ledger::Word> words, Fill fill) const {
    MadeEvent made;
    made.words = std::move(words);
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<schema::Event>();
    event.setLedger(origin_);
    event.setId(data_of(as_bytes(ledger::random_id<schema::EventId>().view())));
    event.setStream(data_of(as_bytes(about.stream.view())));
    event.setActor(data_of(as_bytes(person_.view())));
    event.setKey(data_of(as_bytes(id_.view())));
    event.setRole(role);
    event.initOccurred().setAt(schema::milliseconds(at));
    event.initSource();
    auto seen = event.initSeen();
    seen.setRevision(shown.head.revision);
    if (shown.head.revision) seen.setEntry(data_of(ledger::bytes_of(shown.head.leaf)));
    seen.setSize(shown.size);
    seen.setRoot(data_of(ledger::bytes_of(shown.root)));
    if (!made.words.empty()) event.setWords(data_of(ledger::bytes_of(ledger::words_root(made.words))));
    fill(event.initFact());
    made.event = schema::canonical_bytes(event.asReader());
    made.signature = key_.sign(ledger::event_context, as_bytes(made.event));
    return made;
}

MadeEvent EventMaker::contact(const BenchCase& about, const Shown& shown, schema::Time at, bool wordless) const {
    std::vector<ledger::Word> words;
    if (!wordless)
        words.push_back(word_about(about.child, "request", "Help with mornings, as asked for by telephone."));
    return make(about, shown, at, "mash-practitioner", std::move(words), [&](schema::Fact::Builder fact) {
        auto contact = fact.initContactReceived();
        contact.setChannel("telephone");
        contact.setReferrer("parent");
        contact.initChildren(1).set(0, data_of(as_bytes(about.child.view())));
    });
}

MadeEvent EventMaker::note(const BenchCase& about, const Shown& shown, schema::Time at, uint64_t number,
                           bool wordless) const {
    std::vector<ledger::Word> words;
    if (!wordless) words.push_back(word_about(about.child, "note", note_text + std::to_string(number) + "."));
    return make(about, shown, at, "team-manager", std::move(words), [&](schema::Fact::Builder fact) {
        auto note = fact.initCaseNoteAdded();
        note.setNote("observation");
        note.initChildren(1).set(0, data_of(as_bytes(about.child.view())));
    });
}

}  // namespace tools
