#include "ledger/words_json.h"

#include "ledger/keys.h"
#include "schema/fields.h"
#include "schema/json.h"

namespace ledger {
namespace json = boost::json;
namespace {

schema::Result<Word> word_from_json(const json::value& value, const std::string& path, Salts salts) {
    schema::Fields fields(value, path);
    Word word;
    word.heading = fields.text("heading");
    word.media_type = fields.optional_text("mediaType");
    word.salt = salts == Salts::given ? fields.hex("salt", 32) : random_bytes(32);
    if (fields.has("content") == fields.has("contentBase64"))
        fields.refuse("content", "must be given, or contentBase64, and not both");
    else word.content = fields.has("content") ? fields.text("content") : fields.base64("contentBase64");
    for (auto& subject : fields.list("subjects")) {
        auto text = subject.if_string();
        auto id = text ? SubjectId::from_hex({text->data(), text->size()}) : std::nullopt;
        if (!id) fields.refuse("subjects", "must be ids of 32 hexadecimal digits");
        else word.subjects.push_back(*id);
    }
    TRY(fields.finish());
    return word;
}

}  // namespace

schema::Result<std::vector<Word>> words_from_json(const json::array& words, Salts salts) {
    std::vector<Word> read;
    for (auto& value : words) {
        auto word = word_from_json(value, "words[" + std::to_string(read.size()) + "]", salts);
        if (!word) return tl::unexpected(word.error());
        read.push_back(*std::move(word));
    }
    TRY(check_words(read));
    return read;
}

json::object word_to_json(const Word& word, json::storage_ptr storage) {
    json::object one(storage);
    one["heading"] = word.heading;
    one["subjects"] = schema::hex_array(word.subjects, storage);
    one["salt"] = schema::hex_string(schema::as_bytes(word.salt), storage);
    if (word.media_type.empty() && schema::is_utf8(word.content)) one["content"] = word.content;
    else one["contentBase64"] = schema::to_base64(schema::as_bytes(word.content));
    if (!word.media_type.empty()) one["mediaType"] = word.media_type;
    return one;
}

json::array words_to_json(std::span<const Word> words) {
    json::array out;
    for (const Word& word : words) out.push_back(word_to_json(word));
    return out;
}

}  // namespace ledger
