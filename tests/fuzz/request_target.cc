// Strangers' requests, without a socket: the head, the route it chooses, and the bodies that record something. The
// first byte chooses what the rest is read as. Whatever comes, it is an answer or a named error.
#include <string_view>

#include "fuzz/fuzz.h"
#include "ledger/words_json.h"
#include "schema/json.h"
#include "server/routes.h"
#include "server/submission.h"

namespace fuzz {
namespace {

// An error can be told to a client.
void must_be_tellable(const schema::Error& error) { ASSERT(!error.message.empty()); }

void read_as_head(std::string_view raw) {
    auto head = server::read_head(raw);
    if (!head) return must_be_tellable(head.error());
    // What was let through can be read in one way only.
    ASSERT(raw.find("\n ") == raw.npos && raw.find("\n\t") == raw.npos && raw.find('\0') == raw.npos);
    ASSERT(head->method != "GET" || head->content_length == 0);
    ASSERT(!head->path.empty() && head->path[0] == '/');
    (void)server::find_route(*head);
}

void read_as_event(std::string_view raw) {
    auto sent = server::sent_from_json(raw);
    if (!sent) return must_be_tellable(sent.error());
    // What was read can be written and read again.
    boost::json::array signatures;
    for (auto& signature : sent->signatures) signatures.push_back(boost::json::string(signature.hex()));
    boost::json::object again{{"event", schema::to_base64(schema::as_bytes(sent->event))},
                              {"signatures", std::move(signatures)},
                              {"words", ledger::words_to_json(sent->words)}};
    auto twin = server::sent_from_json(boost::json::serialize(again));
    ASSERT(twin && twin->event == sent->event);
    ASSERT(ledger::words_root(twin->words) == ledger::words_root(sent->words));
}

void read_as_bulk(std::string_view raw) {
    auto sent = server::sent_from_capnp(raw);
    if (!sent) must_be_tellable(sent.error());
}

}  // namespace

void request(const uint8_t* data, size_t size) {
    if (size == 0) return;
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0: return read_as_head(rest);
        case 1: return read_as_event(rest);
        default: return read_as_bulk(rest);
    }
}

}  // namespace fuzz
