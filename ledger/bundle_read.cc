// Strangers' bytes: every line is checked for its form here, and for its truth in bundle_audit.cc.
#include "ledger/bundle.h"
#include "ledger/words_json.h"
#include "schema/fields.h"
#include "schema/json.h"

namespace ledger {
namespace {

namespace json = boost::json;
using schema::malformed;

constexpr size_t most_steps = 256;  // of a proof: as many as a digest has bits

Proof digests(schema::Fields& fields, std::string_view name, const json::array& list) {
    Proof proof;
    if (list.size() > most_steps) fields.refuse(name, "has more steps than any proof");
    else
        for (auto& step : list) {
            auto text = step.if_string();
            auto digest = text ? Digest::from_hex({text->data(), text->size()}) : std::nullopt;
            if (digest) proof.push_back(*digest);
            else fields.refuse(name, "must hold digests of 64 hexadecimal digits");
        }
    return proof;
}

std::vector<uint64_t> positions(schema::Fields& fields, std::string_view name) {
    std::vector<uint64_t> read;
    for (auto& value : fields.optional_list(name)) {
        boost::system::error_code error;
        auto position = value.to_number<uint64_t>(error);
        if (error) fields.refuse(name, "must hold positions");
        else read.push_back(position);
    }
    return read;
}

schema::Result<BundleWord> read_word(const json::value& value, const std::string& path) {
    auto* object = value.if_object();
    if (!object || !object->contains("leftOut")) {
        auto opened = words_from_json({value}, Salts::given);
        if (!opened) {
            auto error = opened.error();
            error.field = path + error.field.substr(std::min(error.field.size(), std::string("words[0]").size()));
            return tl::unexpected(error);
        }
        BundleWord word{opened->front(), {}, BundleWord::opened, {}};
        word.commitment = word_commitment(word.word);
        return word;
    }
    schema::Fields fields(value, path);
    BundleWord word;
    word.word.heading = fields.text("heading");
    for (auto& subject : fields.list("subjects")) {
        auto text = subject.if_string();
        auto id = text ? SubjectId::from_hex({text->data(), text->size()}) : std::nullopt;
        if (id) word.word.subjects.push_back(*id);
        else fields.refuse("subjects", "must be ids of 32 hexadecimal digits");
    }
    if (word.word.subjects.empty() || word.word.subjects.size() > 100)
        fields.refuse("subjects", "must name between 1 and 100 people");
    word.commitment = Digest::of(schema::as_bytes(fields.hex("commitment", 32)));
    auto why = fields.text("leftOut");
    bool known = false;
    for (auto each : {BundleWord::not_disclosed, BundleWord::about_others, BundleWord::withheld, BundleWord::erased,
                      BundleWord::not_needed})
        if (why == name(each)) word.why = each, known = true;
    if (!known) fields.refuse("leftOut", "is no reason that this version knows");
    word.under = positions(fields, "under");
    TRY(fields.finish());
    return word;
}

schema::Result<BundleLine> read_start(const json::value& value) {
    schema::Fields fields(value, "");
    BundleStart start;
    if (fields.text("bundle") != bundle_format) fields.refuse("bundle", "is not " + std::string(bundle_format));
    start.origin = fields.text("origin");
    start.stream = StreamId::of(schema::as_bytes(fields.hex("stream", 16)));
    start.disclosure = fields.number("disclosure");
    TRY(fields.finish());
    return start;
}

schema::Result<BundleLine> read_entry(const json::value& value) {
    schema::Fields fields(value, "");
    BundleEntry entry;
    entry.position = fields.number("position");
    entry.entry = fields.base64("entry");
    entry.inclusion = digests(fields, "inclusion", fields.list("inclusion"));
    entry.seen = digests(fields, "seen", fields.optional_list("seen"));
    auto& words = fields.optional_list("words");
    if (words.size() > 100) fields.refuse("words", "has more than 100 words");
    TRY(fields.finish());
    for (size_t i = 0; i < words.size(); ++i) {
        auto word = read_word(words[i], "words[" + std::to_string(i) + "]");
        if (!word) return tl::unexpected(word.error());
        entry.words.push_back(*std::move(word));
    }
    return entry;
}

schema::Result<BundleLine> read_heads(const json::value& value) {
    schema::Fields fields(value, "");
    BundleHeads heads;
    auto& list = fields.list("heads");
    TRY(fields.finish());
    if (list.size() > 8) return malformed("heads", "has more streams than a bundle speaks for");
    for (auto& each : list) {
        schema::Fields head(each, "heads[" + std::to_string(heads.heads.size()) + "]");
        HeadProof proof;
        proof.stream = StreamId::of(schema::as_bytes(head.hex("stream", 16)));
        proof.revision = head.number("revision");
        proof.event = Digest::of(schema::as_bytes(head.hex("event", 32)));
        proof.siblings = digests(head, "siblings", head.list("siblings"));
        TRY(head.finish());
        heads.heads.push_back(std::move(proof));
    }
    return heads;
}

schema::Result<BundleLine> read_end(const json::value& value) {
    schema::Fields fields(value, "");
    json::value held(fields.object("end"));
    schema::Fields inner(held, "end");
    BundleEnd end;
    end.entries = inner.number("entries");
    end.chain = Digest::of(schema::as_bytes(inner.hex("chain", 32)));
    TRY(inner.finish());
    TRY(fields.finish());
    return end;
}

}  // namespace

Digest BundleWord::leaf() const { return word_leaf(word.heading, word.subjects, commitment); }

schema::Result<BundleLine> read_bundle_line(std::string_view line) {
    if (line.size() > bundle_line_limit) return malformed("", "has a line of more than 8 MiB");
    auto value = schema::parse_json(line);
    if (!value) return tl::unexpected(value.error());
    auto* object = value->if_object();
    if (!object) return malformed("", "must be an object { } on each line");
    if (object->contains("bundle")) return read_start(*value);
    if (object->contains("entry")) return read_entry(*value);
    if (object->contains("heads")) return read_heads(*value);
    if (object->contains("end")) return read_end(*value);
    schema::Fields fields(*value, "");
    BundleCheckpoint checkpoint{fields.text("checkpoint")};
    TRY(fields.finish());
    return checkpoint;
}

}  // namespace ledger
