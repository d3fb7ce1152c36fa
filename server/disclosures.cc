// What leaves the building: the bundle of a disclosure, and that a case has no entry more than it shows.
#include "ledger/bundle.h"
#include "schema/json.h"
#include "server/problem.h"
#include "server/query.h"

namespace server {

namespace json = boost::json;
using schema::Result;

namespace {

class BundleStream final : public Stream {
  public:
    BundleStream(Door& door, std::shared_ptr<Session> session, std::unique_ptr<ledger::BundleWriter> writer)
        : door_(door), session_(std::move(session)), writer_(std::move(writer)) {}

    State next(std::string& out) override {
        constexpr size_t enough_bytes = 48 * 1024;
        auto known = door_.sequencer.known();
        auto now = door_.now(*known);
        if (!door_.sessions.alive(*session_, *known, now)) return broken;
        session_->last_used = schema::milliseconds(now.time);
        while (out.size() < enough_bytes) {
            auto made = writer_->next(out);
            if (!made) return broken;  // without its last line it is no bundle, and whoever verifies it is told
            if (!*made) return ended;
        }
        return more;
    }

  private:
    Door& door_;
    const std::shared_ptr<Session> session_;
    std::unique_ptr<ledger::BundleWriter> writer_;
};

bool signed_by(const ledger::Entry& entry, const schema::PersonId& person) {
    if (entry.actor() == person) return true;
    for (auto joint : entry.read().getJoint())
        if (schema::PersonId::of(schema::bytes_of(joint.getPerson())) == person) return true;
    return false;
}

}  // namespace

// For those who signed the disclosure, for as long as they may read the case.
Result<Reply> get_bundle(Door& door, Call& call) {
    Query query(call);
    auto id = query.path_id<schema::EventId>(0);
    TRY(query.finish());
    auto position = door.ledger.find(id);
    if (!position) return tl::unexpected(position.error());
    if (!*position || **position >= door.ledger.published()->head.size) return tl::unexpected(nothing_here());
    auto entry = door.ledger.entry(**position);
    if (!entry) return tl::unexpected(entry.error());
    auto may = call.reader.may_read(*entry, door.views);
    if (!may) return tl::unexpected(may.error());
    if (!*may || !signed_by(*entry, call.reader.person())) return tl::unexpected(nothing_here());
    auto writer = ledger::BundleWriter::open(door.ledger, **position);
    if (!writer) return tl::unexpected(writer.error());
    Reply reply;
    reply.content_type = "application/x-ndjson";
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + id.hex() + ".bundle\"");
    reply.stream = std::make_unique<BundleStream>(door, call.session, *std::move(writer));
    return reply;
}

// By the newest entry of the book, which may be of another case: for those who may read all.
Result<Reply> get_completeness(Door& door, Call& call) {
    Query query(call);
    auto stream = query.path_id<schema::StreamId>(0);
    TRY(query.finish());
    auto may = call.reader.may_read(stream, door.views);
    if (!may) return tl::unexpected(may.error());
    if (!*may || !call.reader.reads_service()) return tl::unexpected(nothing_here());
    auto proven = door.ledger.prove_head(stream);
    if (!proven) return tl::unexpected(nothing_here());
    auto& [newest, head] = *proven;
    auto published = door.ledger.published();
    auto inclusion = door.ledger.prove_inclusion(newest.position(), published->head.size);
    if (!inclusion) return tl::unexpected(inclusion.error());
    return json_reply({{"stream", stream.hex()},
                       {"revision", head.revision},
                       {"event", head.event.hex()},
                       {"siblings", schema::hex_array(head.siblings)},
                       {"position", newest.position()},
                       {"entry", schema::to_base64(newest.bytes())},
                       {"inclusion", schema::hex_array(*inclusion)},
                       {"checkpoint", published->checkpoint}});
}

}  // namespace server
