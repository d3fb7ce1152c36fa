// GET /v1/replay: the entries one may read, a line each, in the order of the book. Made slice by slice while it is
// sent.
#include <unordered_map>

#include "server/entry_json.h"
#include "server/problem.h"
#include "server/query.h"

namespace server {
namespace {

namespace json = boost::json;

struct Wanted {
    uint64_t from = 0, to = 0;
    std::optional<schema::Time> as_at;
    std::optional<StreamId> stream;
    const schema::EventType* type = nullptr;
};

class Replay final : public Stream {
  public:
    Replay(Door& door, std::shared_ptr<Session> session, const Wanted& wanted)
        : door_(door), session_(std::move(session)), wanted_(wanted) {}

    State next(std::string& out) override {
        constexpr size_t enough_bytes = 48 * 1024, enough_entries = 256;
        auto known = door_.sequencer.known();
        auto now = door_.now(*known);
        if (!door_.sessions.alive(*session_, *known, now)) return broken;
        session_->last_used = schema::milliseconds(now.time);  // reading on is use
        // What they may read is asked anew for each slice: roles end, and cases go to others, while it is read.
        reader_ = Reader(*known, session_->person, now.day);
        may_.clear();
        size_t seen = 0;
        bool past = false;
        schema::Result<void> wrong;
        auto take = [&](const ledger::Entry& entry) {
            next_ = entry.position() + 1;
            past = wanted_.as_at && entry.recorded() > *wanted_.as_at;
            if (past) return false;
            auto may = wants(entry) ? may_read(entry) : false;
            if (!may) wrong = tl::unexpected(may.error());
            else if (*may) out += json::serialize(entry_to_json(entry)) + "\n";
            return wrong && ++seen < enough_entries && out.size() < enough_bytes;
        };
        auto read =
            wanted_.stream ? read_stream(take) : door_.ledger.read(std::max(next_, wanted_.from), wanted_.to, take);
        if (!read) wrong = read;
        if (!wrong) {
            json::object error{{"fault", name(wrong.error().fault)}};
            out += json::serialize(json::object{{"error", std::move(error)}}) + "\n";
            return broken;
        }
        return past || done() ? ended : more;
    }

  private:
    bool wants(const ledger::Entry& entry) const { return !wanted_.type || entry.type() == wanted_.type->which; }
    bool done() const { return wanted_.stream ? stream_done_ : std::max(next_, wanted_.from) >= wanted_.to; }

    // One stream is found by its own index and not by going through the book.
    template <class Take>
    schema::Result<void> read_stream(const Take& take) {
        constexpr size_t page = 64;
        auto entries = door_.ledger.stream(*wanted_.stream, revision_, page);
        if (!entries) return tl::unexpected(entries.error());
        for (auto& entry : *entries) {
            if (entry.position() >= wanted_.to) stream_done_ = true;
            if (stream_done_) return {};
            ++revision_;
            if (entry.position() >= wanted_.from && !take(entry)) return {};
        }
        stream_done_ = entries->size() < page;
        return {};
    }

    schema::Result<bool> may_read(const ledger::Entry& entry) {
        if (schema::kind_of(entry.stream()) != schema::StreamKind::family || reader_.reads_service())
            return reader_.may_read(entry, door_.views);
        constexpr size_t most = 10'000;
        if (auto known = may_.find(entry.stream()); known != may_.end()) return known->second;
        auto may = reader_.may_read(entry, door_.views);
        if (may_.size() >= most) may_.clear();
        if (may) may_[entry.stream()] = *may;
        return may;
    }

    Door& door_;
    Reader reader_;
    const std::shared_ptr<Session> session_;
    const Wanted wanted_;
    uint64_t next_ = 0, revision_ = 1;
    bool stream_done_ = false;
    std::unordered_map<StreamId, bool> may_;
};

}  // namespace

schema::Result<Reply> get_replay(Door& door, Call& call) {
    Query query(call);
    Wanted wanted;
    // Who may read what is known from the views; nobody with a part of the cases is shown less than theirs by a lag.
    uint64_t size = door.ledger.published()->head.size;
    auto viewed = door.views.position();
    if (!call.reader.reads_service()) size = std::min(size, viewed ? *viewed + 1 : 0);
    wanted.from = query.number("from", 0, UINT64_MAX).value_or(0);
    wanted.to = std::min(query.number("to", 0, UINT64_MAX).value_or(size), size);
    wanted.as_at = query.moment("as_at");
    wanted.stream = query.id<StreamId>("stream");
    auto type = query.text("type");
    if (!type.empty() && !(wanted.type = schema::type_named(type))) query.refuse("type", "is not an event type");
    TRY(query.finish());
    if (wanted.stream) {
        auto may = call.reader.may_read(*wanted.stream, door.views);
        if (!may) return tl::unexpected(may.error());
        auto head = door.ledger.published_head(*wanted.stream);
        if (!head) return tl::unexpected(head.error());
        if (!*may || head->revision == 0) return tl::unexpected(nothing_here());
    }
    Reply reply;
    reply.content_type = "application/x-ndjson";
    reply.stream = std::make_unique<Replay>(door, call.session, wanted);
    return reply;
}

}  // namespace server
