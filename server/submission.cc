#include "server/submission.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include "ledger/words_json.h"
#include "schema/fields.h"
#include "schema/json.h"
#include "schema/message.h"

namespace server {
namespace {

namespace json = boost::json;
using schema::as_bytes;
using schema::bytes_of;
using schema::malformed;
using schema::Result;

constexpr size_t most_signatures = 16;

Result<Sent> sent_from(schema::Submission::Reader read, const std::string& at) {
    auto within = [&](schema::Error error) {
        error.field = error.field.empty() ? at : at + "." + error.field;
        return tl::unexpected(std::move(error));
    };
    Sent sent;
    sent.event = schema::as_text(bytes_of(read.getEvent()));
    if (read.getSignatures().size() > most_signatures) return malformed(at + ".signatures", "are more than 16");
    for (auto raw : read.getSignatures()) {
        auto signature = ledger::Signature::from(bytes_of(raw));
        if (!signature) return malformed(at + ".signatures", "must have 64 bytes each");
        sent.signatures.push_back(*signature);
    }
    auto words = ledger::read_words(read.getWords());
    if (!words) return within(words.error());
    sent.words = *std::move(words);
    if (read.getPlayedAt()) sent.played_at = schema::time_of(read.getPlayedAt());
    return sent;
}

}  // namespace

Result<Sent> sent_from_json(std::string_view body) {
    auto value = schema::parse_json(body);
    if (!value) return tl::unexpected(value.error());
    schema::Fields fields(*value, "");
    Sent sent;
    sent.event = fields.base64("event");
    auto& signatures = fields.list("signatures");
    if (signatures.size() > most_signatures) return malformed("signatures", "are more than 16");
    for (auto& given : signatures) {
        auto text = given.if_string();
        auto signature = text ? ledger::Signature::from_hex({text->data(), text->size()}) : std::nullopt;
        if (!signature)
            fields.refuse("signatures[" + std::to_string(sent.signatures.size()) + "]",
                          "must be 128 hexadecimal digits");
        sent.signatures.push_back(signature.value_or(ledger::Signature{}));
    }
    auto& words = fields.optional_list("words");
    sent.played_at = fields.optional_moment("playedAt");
    TRY(fields.finish());
    auto read = ledger::words_from_json(words, ledger::Salts::given);
    if (!read) return tl::unexpected(read.error());
    sent.words = *std::move(read);
    return sent;
}

Result<std::vector<Sent>> sent_from_capnp(std::string_view body) {
    if (body.empty() || body.size() % sizeof(capnp::word)) return malformed("", "is not a Cap'n Proto message");
    auto words = schema::aligned(schema::as_bytes(body));
    capnp::ReaderOptions options;
    options.traversalLimitInWords = 4 * words.size() + 64;
    options.nestingLimit = 16;
    try {
        capnp::FlatArrayMessageReader message(words, options);
        if (message.getEnd() != words.end()) return malformed("", "has bytes after its end");
        auto submissions = message.getRoot<schema::Submissions>().getSubmissions();
        if (submissions.size() > most_submissions) return malformed("submissions", "are more than 1,000");
        std::vector<Sent> all;
        for (auto submission : submissions) {
            auto sent = sent_from(submission, "submissions[" + std::to_string(all.size()) + "]");
            if (!sent) return tl::unexpected(sent.error());
            all.push_back(*std::move(sent));
        }
        return all;
    } catch (const kj::Exception&) {
        return malformed("", "is not a Cap'n Proto message of Submissions");
    }
}

}  // namespace server
