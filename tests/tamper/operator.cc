#include "operator.h"

#include <capnp/message.h>

namespace tamper {

using ledger::bytes_of;  // of a digest
using schema::as_bytes;
using schema::as_text;
using schema::bytes_of;
using schema::data_of;

namespace {

schema::EventMessage event_of(const std::string& bytes) {
    return schema::EventMessage::decode(as_bytes(bytes), schema::practice_event_limit).value();
}

std::string canonical_entry(schema::Entry::Reader entry) { return schema::string_of(capnp::canonicalize(entry)); }

}  // namespace

std::string changed(const std::string& event, const Change& change) {
    capnp::MallocMessageBuilder message;
    message.setRoot(event_of(event).read());
    change(message.getRoot<schema::Event>());
    return schema::canonical_bytes(message.getRoot<schema::Event>().asReader());
}

std::string twisted(const std::string& entry, const std::function<void(schema::Entry::Builder)>& twist) {
    capnp::MallocMessageBuilder message;
    message.setRoot(schema::Message<schema::Entry>::decode(as_bytes(entry), ledger::entry_limit).value().read());
    twist(message.getRoot<schema::Entry>());
    return canonical_entry(message.getRoot<schema::Entry>().asReader());
}

Operator::Operator(const Sample& sample) : sample_(sample) {
    ledger::Edge edge;
    for (uint64_t i = 0; i < sample.size(); ++i) {
        auto entry = sample.entry(i);
        Item item{std::string(as_text(entry.event().bytes())), {}, sample.book.words_at(i), entry.recorded()};
        for (auto signature : entry.signatures()) item.signatures.push_back(ledger::Signature::of(bytes_of(signature)));
        items_.push_back(std::move(item));
        edge.append(entry.leaf());
        places_.push_back({entry.stream(), ledger::sha256(entry.event().bytes()), entry.leaf(), edge.root()});
    }
}

void Operator::sign(Item& item) const {
    auto event = event_of(item.event);
    item.signatures.clear();
    auto by = [&](capnp::Data::Reader key) {
        auto held = sample_.staff.find(schema::KeyId::of(bytes_of(key)));
        ledger::Signature none{};
        item.signatures.push_back(
            held == sample_.staff.end() ? none : held->second.sign(ledger::event_context, as_bytes(item.event)));
    };
    by(event->getKey());
    for (auto joint : event->getJoint()) by(joint.getKey());
}

// A decision was taken on the whole record, whatever the record is now; the rest had seen what it had seen.
void Operator::show(Item& item, uint64_t revision, const std::vector<ledger::Digest>& leaves,
                    const std::vector<ledger::Digest>& roots) const {
    auto event = event_of(item.event);
    auto seen = event->getSeen();
    bool decides = schema::type_of(event->getFact().which()).decision;
    auto to = decides ? revision : std::min(seen.getRevision(), revision);
    auto size = std::min<uint64_t>(seen.getSize(), roots.size());
    bool same = to == seen.getRevision() && size == seen.getSize() &&
                (to == 0 || as_text(bytes_of(seen.getEntry())) == leaves[to - 1].view()) &&
                (size == 0 || as_text(bytes_of(seen.getRoot())) == roots[size - 1].view());
    if (same) return;
    item.event = changed(item.event, [&](schema::Event::Builder builder) {
        auto shown = builder.initSeen();
        shown.setRevision(to);
        if (to) shown.setEntry(data_of(bytes_of(leaves[to - 1])));
        shown.setSize(size);
        if (size) shown.setRoot(data_of(bytes_of(roots[size - 1])));
    });
    sign(item);
}

Book Operator::build(std::vector<Item> items, Holds holds, uint64_t from, const Twist& twist,
                     std::optional<uint64_t> as_is) const {
    Book book;
    ledger::Edge edge;
    ledger::HeadsMap heads;
    std::map<schema::StreamId, std::vector<ledger::Digest>> streams;
    std::vector<ledger::Digest> roots;
    for (uint64_t i = 0; i < items.size(); ++i) {
        if (i < from) {
            auto& place = places_[i];
            streams[place.stream].push_back(place.leaf);
            heads.set(place.stream, streams[place.stream].size(), place.event);
            edge.append(place.leaf);
            roots.push_back(place.root);
            book.records.push_back(sample_.book.records[i]);
            continue;
        }
        auto& item = items[i];
        auto& leaves = streams[schema::StreamId::of(bytes_of(event_of(item.event)->getStream()))];
        if (holds == every_key && i != as_is) show(item, leaves.size(), leaves, roots);
        auto event = event_of(item.event);
        auto stream = schema::StreamId::of(bytes_of(event->getStream()));
        heads.set(stream, leaves.size() + 1, ledger::sha256(event.bytes()));
        auto root = heads.root();
        capnp::MallocMessageBuilder message;
        auto entry = message.initRoot<schema::Entry>();
        entry.setPosition(i);
        entry.setRecorded(schema::milliseconds(item.recorded));
        entry.setRevision(leaves.size() + 1);
        if (!leaves.empty()) entry.setPrevious(data_of(bytes_of(leaves.back())));
        entry.setHeads(data_of(bytes_of(root)));
        entry.setEvent(data_of(event.bytes()));
        auto signatures = entry.initSignatures(static_cast<unsigned>(item.signatures.size()));
        for (uint32_t s = 0; s < item.signatures.size(); ++s)
            signatures.set(s, data_of({item.signatures[s].data(), item.signatures[s].size()}));
        if (twist) twist(i, entry);
        auto bytes = canonical_entry(entry.asReader());
        auto leaf = ledger::leaf_hash(as_bytes(bytes));
        leaves.push_back(leaf);
        edge.append(leaf);
        roots.push_back(edge.root());
        book.records.push_back(Book::kept(std::move(bytes), item.words));
    }
    book.root = edge.root();
    return book;
}

Item Operator::say(const std::string& who, const schema::StreamId& stream, const test::json::object& fact,
                   const test::How& how) const {
    auto& played = const_cast<test::Played&>(sample_.played);
    auto said = played.draft(who, stream, fact, how);
    EXPECT_FALSE(said.event.empty()) << said.text();
    Item item{said.event, said.signatures, {}, played.now};
    if (!said.words.empty())
        item.words = ledger::seal(said.words, said.id, sample_.size(), sample_.played.book->keys()).value();
    return item;
}

std::string Operator::checkpoint(const Book& book) const {
    return ledger::Checkpoint{test::origin, book.records.size(), book.root}.sign(sample_.ledger_key);
}

}  // namespace tamper
