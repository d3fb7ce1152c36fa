#include "server/entry_json.h"

#include "schema/fields.h"
#include "schema/json.h"

namespace server {

namespace json = boost::json;

json::object entry_to_json(const ledger::Entry& entry) {
    json::object out{{"position", entry.position()},
                     {"recorded", schema::iso(entry.recorded())},
                     {"revision", entry.revision()},
                     {"id", entry.id().hex()},
                     {"stream", entry.stream().hex()},
                     {"type", json::string(schema::name_of(entry.type()))},
                     {"title", json::string(schema::title_of(entry.type()))},
                     {"leaf", entry.leaf().hex()},
                     {"heads", schema::to_hex(entry.heads())}};
    if (!entry.previous().empty()) out["previous"] = schema::to_hex(entry.previous());
    out["event"] = schema::to_json(entry.read());
    json::array signatures;
    for (auto signature : entry.signatures()) signatures.push_back(schema::hex_string(schema::bytes_of(signature)));
    out["signatures"] = std::move(signatures);
    out["raw"] = schema::to_base64(entry.bytes());
    return out;
}

json::object entry_to_line(const ledger::Entry& entry) {
    return {{"position", entry.position()},
            {"stream", entry.stream().hex()},
            {"revision", entry.revision()},
            {"id", entry.id().hex()},
            {"type", json::string(schema::name_of(entry.type()))},
            {"title", json::string(schema::title_of(entry.type()))},
            {"occurred", schema::iso(entry.occurred())},
            {"recorded", schema::iso(entry.recorded())},
            {"actor", entry.actor().hex()}};
}

json::array opened_to_json(const std::vector<ledger::OpenedWord>& words) {
    json::array out;
    for (auto& word : words) {
        json::object one{{"heading", word.heading}, {"readable", word.readable}, {"leaf", word.leaf.hex()}};
        one["subjects"] = schema::hex_array(word.subjects);
        if (word.readable) {
            bool text =
                (word.media_type.empty() || word.media_type.starts_with("text/")) && schema::is_utf8(word.content);
            if (text) one["content"] = word.content;
            else one["contentBase64"] = schema::to_base64(schema::as_bytes(word.content));
            if (!word.media_type.empty()) one["mediaType"] = word.media_type;
            one["salt"] = schema::to_hex(schema::as_bytes(word.salt));
        } else if (!word.erased_under.empty()) {
            one["erasedUnder"] = json::value_from(word.erased_under);
        }
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace server
