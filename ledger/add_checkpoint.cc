#include "ledger/add_checkpoint.h"

#include "schema/json.h"

namespace ledger {
namespace {

using schema::malformed;

constexpr size_t most_hashes = 63;

// The next line without its newline; nothing where no newline comes.
std::optional<std::string_view> next_line(std::string_view& text) {
    auto end = text.find('\n');
    if (end == text.npos) return std::nullopt;
    auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::optional<Digest> read_hash(std::string_view line) {
    auto raw = schema::from_base64(line, "hash");
    return raw ? Digest::from(schema::as_bytes(*raw)) : std::nullopt;
}

}  // namespace

std::string AddCheckpoint::body() const {
    auto text = "old " + std::to_string(old_size) + "\n";
    for (auto& hash : proof) text += schema::to_base64(bytes_of(hash)) + "\n";
    return text + "\n" + note;
}

schema::Result<AddCheckpoint> read_add_checkpoint(std::string_view body) {
    if (body.size() > add_checkpoint_limit)
        return malformed("body", "is larger than " + std::to_string(add_checkpoint_limit) + " bytes");
    AddCheckpoint request;
    auto first = next_line(body);
    auto old_size = first && first->starts_with("old ") ? decimal(first->substr(4)) : std::nullopt;
    if (!old_size) return malformed("old", "the first line is not \"old\", a blank and a size");
    request.old_size = *old_size;
    for (;;) {
        auto line = next_line(body);
        if (!line) return malformed("proof", "no empty line comes after it");
        if (line->empty()) break;
        auto hash = read_hash(*line);
        if (!hash) return malformed("proof", "holds a line that is no hash of 32 bytes in base64");
        if (request.proof.size() == most_hashes) return malformed("proof", "has more than 63 hashes");
        request.proof.push_back(*hash);
    }
    request.note = body;
    return request;
}

}  // namespace ledger
