#include "server/submission.h"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include "schema/fields.h"
#include "schema/json.h"
#include "schema/message.h"

namespace server {
namespace {

namespace json = boost::json;
using ledger::Word;
using schema::as_bytes;
using schema::bytes_of;
using schema::malformed;
using schema::Result;

constexpr size_t most_signatures = 16;

// One set of rules for words, however they came.
Result<std::vector<Word>> checked(const std::vector<Word>& words) {
    capnp::MallocMessageBuilder message;
    auto list = message.initRoot<schema::Words>().initWords(static_cast<unsigned>(words.size()));
    for (uint32_t i = 0; i < words.size(); ++i) {
        const Word& word = words[i];
        list[i].setHeading(word.heading);
        list[i].setSalt(schema::data_of(as_bytes(word.salt)));
        list[i].setContent(schema::data_of(as_bytes(word.content)));
        list[i].setMediaType(word.media_type);
        auto subjects = list[i].initSubjects(static_cast<unsigned>(word.subjects.size()));
        for (uint32_t j = 0; j < word.subjects.size(); ++j)
            subjects.set(j, schema::data_of({word.subjects[j].data(), word.subjects[j].size()}));
    }
    return ledger::read_words(list.asReader());
}

Result<Word> word_from_json(const json::value& value, const std::string& path, bool salted) {
    schema::Fields fields(value, path);
    Word word;
    word.heading = fields.text("heading");
    word.media_type = fields.optional_text("mediaType");
    word.salt = salted ? fields.hex("salt", 32) : ledger::random_bytes(32);
    if (fields.has("content") == fields.has("contentBase64"))
        fields.refuse("content", "must be given, or contentBase64, and not both");
    else word.content = fields.has("content") ? fields.text("content") : fields.base64("contentBase64");
    for (auto& subject : fields.list("subjects")) {
        auto text = subject.if_string();
        auto id = text ? schema::SubjectId::from_hex({text->data(), text->size()}) : std::nullopt;
        if (!id) fields.refuse("subjects", "must be ids of 32 hexadecimal digits");
        else word.subjects.push_back(*id);
    }
    TRY(fields.finish());
    return word;
}

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

Result<std::vector<Word>> words_from_json(const json::array& words, bool salted) {
    std::vector<Word> read;
    if (words.size() > 100) return malformed("words", "has more than 100 words");
    for (auto& value : words) {
        auto word = word_from_json(value, "words[" + std::to_string(read.size()) + "]", salted);
        if (!word) return tl::unexpected(word.error());
        read.push_back(*std::move(word));
    }
    return checked(read);
}

json::array words_to_json(std::span<const Word> words) {
    json::array out;
    for (const Word& word : words) {
        json::object one;
        one["heading"] = word.heading;
        json::array subjects;
        for (auto& subject : word.subjects) subjects.push_back(json::string(subject.hex()));
        one["subjects"] = std::move(subjects);
        one["salt"] = schema::to_hex(as_bytes(word.salt));
        bool text = word.media_type.empty() && schema::is_utf8(word.content);
        one[text ? "content" : "contentBase64"] = text ? word.content : schema::to_base64(as_bytes(word.content));
        if (!word.media_type.empty()) one["mediaType"] = word.media_type;
        out.push_back(std::move(one));
    }
    return out;
}

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
    auto read = words_from_json(words, true);
    if (!read) return tl::unexpected(read.error());
    sent.words = *std::move(read);
    return sent;
}

Result<std::vector<Sent>> sent_from_capnp(std::string_view body) {
    if (body.empty() || body.size() % sizeof(capnp::word)) return malformed("", "is not a Cap'n Proto message");
    // Network buffers are unaligned; Cap'n Proto is not.
    auto words = kj::heapArray<capnp::word>(body.size() / sizeof(capnp::word));
    std::memcpy(words.begin(), body.data(), body.size());
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
