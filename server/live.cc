// GET /v1/live: Server-Sent Events of what is recorded, for as long as the session lasts. Follows the views and not the
// book, so whoever reads a line can ask the views about it at once.
#include <charconv>

#include "server/entry_json.h"
#include "server/query.h"

namespace server {
namespace {

namespace json = boost::json;

class Live final : public Stream {
  public:
    Live(Door& door, std::shared_ptr<Session> session, uint64_t next)
        : door_(door), session_(std::move(session)), next_(next) {}

    State next(std::string& out) override {
        constexpr size_t enough_bytes = 32 * 1024;
        constexpr uint64_t enough_entries = 256;
        auto known = door_.sequencer.known();
        auto now = door_.now(*known);
        if (door_.stopping || !door_.sessions.alive(*session_, *known, now)) return ended;
        Reader reader(*known, session_->person, now.day);  // as it is now: roles end while streams go on

        auto position = door_.views.position();
        uint64_t end = position ? *position + 1 : 0;
        schema::Result<void> wrong;
        auto take = [&](const ledger::Entry& entry) {
            auto may = reader.may_read(entry, door_.views);
            if (!may) wrong = tl::unexpected(may.error());
            if (!wrong) return false;
            next_ = entry.position() + 1;
            if (*may) send(out, "entry", entry.position(), entry_to_line(entry));
            return out.size() < enough_bytes;
        };
        if (next_ < end) {
            auto read = door_.ledger.read(next_, std::min(end, next_ + enough_entries), take);
            if (!read || !wrong) return broken;
        }
        if (next_ < end) return more;
        if (end > caught_up_ || !said_once_) {
            said_once_ = true;
            caught_up_ = end;
            json::object data;
            if (end) data["position"] = end - 1;
            out += "event: caught-up\ndata: " + json::serialize(data) + "\n\n";
        }
        return waiting;
    }

    std::string_view heartbeat() const override { return ": heartbeat\n\n"; }

  private:
    static void send(std::string& out, std::string_view event, uint64_t id, const json::object& data) {
        out += "id: " + std::to_string(id) + "\nevent: " + std::string(event) + "\ndata: " + json::serialize(data) +
               "\n\n";
    }

    Door& door_;
    const std::shared_ptr<Session> session_;
    uint64_t next_, caught_up_ = 0;
    bool said_once_ = false;
};

}  // namespace

schema::Result<Reply> get_live(Door& door, Call& call) {
    Query query(call);
    auto from = query.number("from", 0, UINT64_MAX / 2);
    uint64_t last = 0;
    auto& text = call.head->last_event_id;
    if (!text.empty()) {
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), last);
        if (error != std::errc{} || end != text.data() + text.size() || last > UINT64_MAX / 2)
            query.refuse("last-event-id", "must be a position");
    }
    TRY(query.finish());
    auto position = door.views.position();
    uint64_t next = text.empty() ? from.value_or(position ? *position + 1 : 0) : last + 1;
    Reply reply;
    reply.content_type = "text/event-stream; charset=utf-8";
    reply.stream = std::make_unique<Live>(door, call.session, next);
    return reply;
}

}  // namespace server
