// One entry, and its receipt.
#include <charconv>

#include "ledger/proof_file.h"
#include "server/entry_json.h"
#include "server/problem.h"
#include "server/query.h"

namespace server {

namespace json = boost::json;
using schema::Result;

namespace {

// The entry, if this reader may have it; else nothing is here.
Result<ledger::Entry> readable_entry(Door& door, const Call& call, uint64_t position) {
    if (position >= door.ledger.published()->head.size) return tl::unexpected(nothing_here());
    auto entry = door.ledger.entry(position);
    if (!entry) return entry;
    // Whoever signed it has read it.
    if (entry->actor() == call.reader.person()) return entry;
    auto may = call.reader.may_read(*entry, door.views);
    if (!may) return tl::unexpected(may.error());
    if (!*may) return tl::unexpected(nothing_here());
    return entry;
}

}  // namespace

Result<Reply> get_entry(Door& door, Call& call) {
    auto& text = call.path[0];
    uint64_t position = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
    if (error != std::errc{} || end != text.data() + text.size()) return tl::unexpected(nothing_here());
    auto entry = readable_entry(door, call, position);
    if (!entry) return tl::unexpected(entry.error());
    auto body = entry_to_json(*entry);
    // Having signed an entry once does not open what is written on the case for ever.
    auto may = call.reader.may_read(*entry, door.views);
    if (!may) return tl::unexpected(may.error());
    if (*may) {
        auto words = door.ledger.words(*entry);
        if (!words) return tl::unexpected(words.error());
        if (!words->empty()) body["words"] = opened_to_json(*words);
    }
    return json_reply(body);
}

Result<Reply> get_receipt(Door& door, Call& call) {
    Query query(call);
    auto id = query.path_id<schema::EventId>(0);
    auto format = query.text("format");
    if (!format.empty() && format != "json" && format != "tlog-proof")
        query.refuse("format", "must be json or tlog-proof");
    TRY(query.finish());
    auto position = door.ledger.find(id);
    if (!position) return tl::unexpected(position.error());
    if (!*position) return tl::unexpected(nothing_here());
    auto entry = readable_entry(door, call, **position);
    if (!entry) return tl::unexpected(entry.error());
    auto receipt = door.receipt(*entry);
    if (!receipt) return tl::unexpected(receipt.error());
    receipt->replayed = true;
    if (format == "tlog-proof") {
        auto file = ledger::proof_file_of(*receipt);
        if (!file) return tl::unexpected(file.error());
        Reply reply;
        reply.content_type = "text/plain; charset=utf-8";
        reply.body = file->text();
        return reply;
    }
    return json_reply(ledger::to_json(*receipt, *entry));
}

}  // namespace server
