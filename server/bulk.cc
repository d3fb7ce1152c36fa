// POST /v1/events with Cap'n Proto: up to a thousand events, judged in their order. Not all or nothing: one that is
// refused says so in its receipt and the others stand. Works in slices, so that a thousand signatures do not hold up
// whoever else is served by the same thread.
#include <capnp/serialize.h>

#include <mutex>

#include "schema/json.h"
#include "server/problem.h"
#include "server/recording.h"

namespace server {
namespace {

using commands::Outcome;
using commands::Refused;

class Bulk : public std::enable_shared_from_this<Bulk> {
  public:
    Bulk(Door& door, Reader reader, std::vector<Sent> sent, std::function<void(std::function<void()>)> post, Done done)
        : door_(door),
          reader_(std::move(reader)),
          sent_(std::move(sent)),
          outcomes_(sent_.size(), schema::Error{}),  // until each is settled
          post_(std::move(post)),
          done_(std::move(done)) {}

    // On the connection's thread. Sends a slice on its way, or waits for those under way.
    void step() {
        constexpr size_t slice = 32;
        for (size_t n = 0; n < slice && next_ < sent_.size(); ++n) {
            if (!send(next_)) return;  // goes on when those under way are settled
            ++next_;
        }
        if (next_ < sent_.size()) return again();
        if (pending_ == 0) finish();
    }

  private:
    void again() {
        post_([self = shared_from_this()] { self->step(); });
    }

    // False: it cannot be settled before those under way are, so it must be tried again then.
    bool send(size_t n) {
        ++pending_;
        auto at_once = submit(door_, sent_[n], [self = shared_from_this(), n](Outcome outcome) {
            self->post_([self, n, outcome = std::move(outcome)]() mutable { self->settle(n, std::move(outcome)); });
        });
        if (!at_once) return true;
        --pending_;
        auto* error = std::get_if<schema::Error>(&*at_once);
        // A key that an earlier event of this message enrols is known only once that event is recorded, and a full
        // queue empties.
        bool may_change =
            std::holds_alternative<Refused>(*at_once) || (error && error->fault == schema::Fault::overloaded);
        if (may_change && pending_ > 0) {
            waiting_ = true;
            return false;
        }
        outcomes_[n] = *std::move(at_once);
        return true;
    }

    void settle(size_t n, Outcome outcome) {
        outcomes_[n] = std::move(outcome);
        if (--pending_ > 0) return;
        if (waiting_) {
            waiting_ = false;
            step();
        } else if (next_ == sent_.size()) {
            finish();
        }
    }

    void finish() {
        if (finished_) return;
        finished_ = true;
        list_ = message_.initRoot<schema::Receipts>().initReceipts(static_cast<unsigned>(outcomes_.size()));
        write_receipts();
    }

    void write_receipts() {
        constexpr size_t slice = 64;
        for (size_t n = 0; n < slice && written_ < outcomes_.size(); ++n, ++written_)
            write_receipt(sent_[written_].event, outcomes_[written_], list_[static_cast<unsigned>(written_)]);
        if (written_ < outcomes_.size()) return post_([self = shared_from_this()] { self->write_receipts(); });
        Reply reply;
        reply.content_type = "application/x-capnp";
        auto words = capnp::messageToFlatArray(message_);
        reply.body = schema::string_of(words.asPtr());
        done_(std::move(reply));
    }

    void write_receipt(const std::string& event, const Outcome& outcome, schema::Receipt::Builder target) {
        auto refuse = [&](std::string_view name, const std::string& detail) {
            target.setState(schema::ReceiptState::REFUSED);
            target.setRefusal(std::string(name));
            target.setDetail(detail);
        };
        if (auto* refused = std::get_if<Refused>(&outcome))
            return refuse(name(refused->reason), told_to(door_, reader_, event, *refused).text());
        if (auto* error = std::get_if<schema::Error>(&outcome)) return refuse(name(error->fault), error->text());
        auto receipt = receipt_of(door_, std::get<commands::Accepted>(outcome));
        if (receipt) ledger::write(*receipt, target);
        else refuse(name(receipt.error().fault), "it was recorded, but its receipt could not be made");
    }

    Door& door_;
    const Reader reader_;
    std::vector<Sent> sent_;
    std::vector<Outcome> outcomes_;
    std::function<void(std::function<void()>)> post_;
    Done done_;
    size_t next_ = 0, pending_ = 0, written_ = 0;
    bool waiting_ = false, finished_ = false;
    capnp::MallocMessageBuilder message_;
    capnp::List<schema::Receipt>::Builder list_;
};

}  // namespace

schema::Result<Reply> post_bulk(Door& door, Call& call) {
    auto sent = sent_from_capnp(call.body);
    if (!sent) return tl::unexpected(sent.error());
    Reply reply;
    reply.later = [&door, reader = call.reader, sent = std::make_shared<std::vector<Sent>>(*std::move(sent)),
                   post = call.post](Done done) {
        auto bulk = std::make_shared<Bulk>(door, reader, std::move(*sent), post, std::move(done));
        bulk->step();
    };
    return reply;
}

}  // namespace server
