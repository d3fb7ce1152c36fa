#include "forgery.h"

#include <cctype>
#include <sstream>

#include "ledger/bundle.h"
#include "ledger/heads.h"
#include "schema/json.h"

namespace tamper {
namespace {

namespace json = boost::json;
using ledger::Digest;

json::array hex_of(const std::vector<Digest>& digests) {
    json::array out;
    for (auto& digest : digests) out.push_back(json::string(digest.hex()));
    return out;
}

json::array left_out(const std::string& sealed) {
    json::array out;
    auto parts = ledger::sealed_parts(schema::as_bytes(sealed)).value();
    for (auto& part : parts) {
        json::array subjects;
        for (auto& subject : part.subjects) subjects.push_back(json::string(subject.hex()));
        out.push_back(json::object{{"heading", part.heading},
                                   {"subjects", std::move(subjects)},
                                   {"commitment", part.commitment.hex()},
                                   {"leftOut", "not-disclosed"}});
    }
    return out;
}

std::vector<Digest> leaves_of(const Book& book) {
    std::vector<Digest> leaves;
    for (auto& record : book.records) leaves.push_back(ledger::leaf_hash(schema::as_bytes(record->entry)));
    return leaves;
}

ledger::SubtreeHash subtrees(const std::vector<Digest>& leaves) {
    return [&](unsigned level, uint64_t index) -> schema::Result<Digest> {
        return ledger::root_over({leaves.data() + (index << level), size_t{1} << level});
    };
}

// What each line says, whatever its spelling.
std::string said(const std::string& line) {
    auto value = schema::parse_json(line);
    auto read = ledger::read_bundle_line(line);
    if (!value || !read) return line;
    auto text = json::serialize(*value);
    for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    // The case of a letter counts everywhere but in hexadecimal digits.
    if (auto* entry = std::get_if<ledger::BundleEntry>(&*read)) {
        text += entry->entry;
        for (auto& word : entry->words) text += word.word.heading + word.word.content + word.word.media_type;
    } else if (auto* note = std::get_if<ledger::BundleCheckpoint>(&*read)) {
        text += note->note;
    } else if (auto* start = std::get_if<ledger::BundleStart>(&*read)) {
        text += start->origin;
    }
    return text;
}

}  // namespace

bool same_bundle(const std::string& one, const std::string& other) {
    auto first = split(one), second = split(other);
    if (first.size() != second.size()) return false;
    for (size_t i = 0; i + 1 < first.size(); ++i)
        if (said(first[i]) != said(second[i])) return false;
    return true;
}

ledger::Proof inclusion(const Book& book, uint64_t position) {
    auto leaves = leaves_of(book);
    return ledger::inclusion_proof(position, leaves.size(), subtrees(leaves)).value();
}

std::string forged_bundle(const Book& book, const std::string& note) {
    auto leaves = leaves_of(book);
    auto subtree = subtrees(leaves);
    auto size = book.records.size();
    auto last = ledger::Entry::decode(schema::as_bytes(book.records.back()->entry)).value();
    auto of_case = last.stream();
    std::vector<std::string> lines{json::serialize(json::object{{"bundle", ledger::bundle_format},
                                                                {"origin", test::origin},
                                                                {"stream", of_case.hex()},
                                                                {"disclosure", size - 1}}),
                                   json::serialize(json::object{{"checkpoint", note}})};
    ledger::HeadsMap heads;
    std::map<schema::StreamId, std::pair<uint64_t, Digest>> streams;
    for (uint64_t at = 0; at < size; ++at) {
        auto entry = ledger::Entry::decode(schema::as_bytes(book.records[at]->entry)).value();
        auto stream = entry.stream();
        auto& head = streams[stream];
        head = {head.first + 1, ledger::sha256(entry.event().bytes())};
        heads.set(stream, head.first, head.second);
        auto kind = schema::kind_of(stream);
        if (stream != of_case && kind != schema::StreamKind::directory && kind != schema::StreamKind::practice)
            continue;
        json::object line{{"position", at},
                          {"entry", schema::to_base64(entry.bytes())},
                          {"inclusion", hex_of(ledger::inclusion_proof(at, size, subtree).value())}};
        auto seen = entry.read().getSeen().getSize();
        if (seen && seen <= size) line["seen"] = hex_of(ledger::consistency_proof(seen, size, subtree).value());
        if (!book.records[at]->words.empty()) line["words"] = left_out(book.records[at]->words);
        lines.push_back(json::serialize(line));
    }
    json::array shown;
    for (auto& stream : {test::directory(), test::practice_stream(), of_case})
        shown.push_back(json::object{{"stream", stream.hex()},
                                     {"revision", streams[stream].first},
                                     {"event", streams[stream].second.hex()},
                                     {"siblings", hex_of(heads.prove(stream))}});
    lines.push_back(json::serialize(json::object{{"heads", std::move(shown)}}));
    lines.emplace_back();
    return resealed(std::move(lines));
}

std::vector<std::string> split(const std::string& bundle) {
    std::vector<std::string> lines;
    std::istringstream stream(bundle);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (auto& line : lines) all += line + "\n";
    return all;
}

std::string resealed(std::vector<std::string> lines) {
    Digest chain{};
    uint64_t entries = 0;
    for (size_t i = 0; i + 1 < lines.size(); ++i) {
        chain = ledger::sha256({ledger::bytes_of(chain), schema::as_bytes(lines[i])});
        entries +=
            lines[i].find("\"entry\":") != std::string::npos && lines[i].find("\"inclusion\":") != std::string::npos;
    }
    lines.back() = json::serialize(json::object{{"end", {{"entries", entries}, {"chain", chain.hex()}}}});
    return joined(lines);
}

}  // namespace tamper
