// Strangers' requests, without a socket: the head, the route it chooses, and the bodies that record something. The
// first byte chooses what the rest is read as. Whatever comes, it is an answer or a named error.
#include <cstdlib>
#include <string_view>

#include "schema/json.h"
#include "server/routes.h"
#include "server/submission.h"

namespace {

// An error names its field in a way that can be told to a client: it never repeats control characters of the input.
void must_be_tellable(const schema::Error& error) {
    if (error.message.empty() || error.field.size() > 64 * 1024) std::abort();
}

void read_as_head(std::string_view raw) {
    auto head = server::read_head(raw);
    if (!head) return must_be_tellable(head.error());
    // What was let through can be read in one way only.
    if (raw.find("\n ") != raw.npos || raw.find("\n\t") != raw.npos || raw.find('\0') != raw.npos) std::abort();
    if (head->method == "GET" && head->content_length != 0) std::abort();
    if (head->path.empty() || head->path[0] != '/') std::abort();
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
                              {"words", server::words_to_json(sent->words)}};
    auto twin = server::sent_from_json(boost::json::serialize(again));
    if (!twin || twin->event != sent->event || ledger::words_root(twin->words) != ledger::words_root(sent->words))
        std::abort();
}

void read_as_bulk(std::string_view raw) {
    auto sent = server::sent_from_capnp(raw);
    if (!sent) must_be_tellable(sent.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) return 0;
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0: read_as_head(rest); break;
        case 1: read_as_event(rest); break;
        default: read_as_bulk(rest); break;
    }
    return 0;
}
