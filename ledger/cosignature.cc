#include "ledger/cosignature.h"

#include <algorithm>
#include <limits>

namespace ledger {
namespace {

using schema::as_bytes;

constexpr size_t time_size = 8;
constexpr uint64_t last_time = std::numeric_limits<int64_t>::max();

}  // namespace

std::string cosigned_message(uint64_t time, std::string_view text) {
    return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(text);
}

NoteSignature cosign(std::string_view text, std::string_view name, const SigningKey& key, uint64_t time) {
    ASSERT(time <= last_time);
    VerifierKey verifier{std::string(name), KeyType::cosignature, key.public_key()};
    std::string bytes;
    for (size_t i = time_size; i-- > 0;) bytes += static_cast<char>(time >> 8 * i);
    bytes += key.sign("", as_bytes(cosigned_message(time, text))).view();
    return {verifier.name, verifier.id(), bytes};
}

schema::Result<std::optional<uint64_t>> cosigned_by(const Note& note, const VerifierKey& witness) {
    ASSERT(witness.type == KeyType::cosignature);
    auto refuse = [&](const char* why) { return schema::malformed("note.signature", "of " + witness.name + why); };
    std::optional<uint64_t> latest;
    for (auto& line : note.signatures) {
        if (!line.is_of(witness)) continue;
        auto bytes = as_bytes(line.bytes);
        if (bytes.size() <= time_size) return refuse(" is too short for a time and a signature");
        uint64_t time = 0;
        for (auto byte : bytes.first(time_size)) time = time << 8 | byte;
        if (time > last_time) return refuse(" has a time past the last one");
        auto signature = Signature::from(bytes.subspan(time_size));
        if (!signature || !verify(witness.key, "", as_bytes(cosigned_message(time, note.text)), *signature))
            return refuse(" does not verify");
        latest = std::max(latest.value_or(0), time);
    }
    return latest;
}

}  // namespace ledger
