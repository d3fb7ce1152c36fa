#include <algorithm>
#include <map>

#include "ledger/bundle.h"
#include "ledger/words_json.h"
#include "schema/json.h"

namespace ledger {
namespace {

namespace json = boost::json;
using schema::fail;
using schema::Fault;

constexpr std::string_view why_names[] = {"opened",   "not-disclosed", "about-others",
                                          "withheld", "erased",        "not-needed"};

// A case of so few entries is read once, for its signers and for its lines: about a MiB, while the bundle is written.
constexpr size_t most_kept = 1024;

const StreamId& directory_stream() {
    static const StreamId stream = schema::reserved_stream(schema::directory_stream_number);
    return stream;
}
const StreamId& practice_stream() {
    static const StreamId stream = schema::reserved_stream(schema::practice_stream_number);
    return stream;
}

json::object json_of(const BundleWord& word, const json::storage_ptr& storage) {
    if (word.why == BundleWord::opened) return word_to_json(word.word, storage);
    json::object out({{"heading", word.word.heading},
                      {"subjects", schema::hex_array(word.word.subjects, storage)},
                      {"commitment", word.commitment.hex()},
                      {"leftOut", name(word.why)}},
                     storage);
    if (!word.under.empty()) out["under"] = json::value_from(word.under);
    return out;
}

}  // namespace

std::string_view name(BundleWord::Why why) { return why_names[why]; }

Digest chained(const Digest& chain, std::string_view line) { return sha256({bytes_of(chain), schema::as_bytes(line)}); }

Disclosing::Disclosing(schema::RecordDisclosed::Reader decision) : words_(decision.getWords()) {
    for (auto subject : decision.getSubjects()) subjects_.insert(SubjectId::of(schema::bytes_of(subject)));
    for (auto item : decision.getWithheld())
        withheld_.emplace(EventId::of(schema::bytes_of(item.getEntry())), item.getWord());
}

BundleWord::Why Disclosing::why(const EventId& event, Place place, size_t word, std::span<const SubjectId> about,
                                const std::set<PersonId>& staff) const {
    if (words_ == schema::WordsDisclosed::NONE) return BundleWord::not_disclosed;
    auto is_among = [&](const SubjectId& subject) { return subjects_.contains(subject); };
    auto is_needed = [&](const SubjectId& subject) { return staff.contains(PersonId::of({subject.data(), 16})); };
    if (place == Place::elsewhere) return BundleWord::not_needed;
    if (place == Place::staff)
        return words_ == schema::WordsDisclosed::ALL && std::all_of(about.begin(), about.end(), is_needed)
                   ? BundleWord::opened
                   : BundleWord::not_needed;
    if (withheld_.contains({event, word})) return BundleWord::withheld;
    // What is about somebody else as well is that person's, too.
    if (words_ == schema::WordsDisclosed::ABOUT_SUBJECTS && !std::all_of(about.begin(), about.end(), is_among))
        return BundleWord::about_others;
    return BundleWord::opened;
}

void add_signers(std::set<PersonId>& staff, const Entry& entry) {
    auto event = entry.read();
    staff.insert(entry.actor());
    for (auto joint : event.getJoint()) staff.insert(PersonId::of(schema::bytes_of(joint.getPerson())));
}

BundleWriter::BundleWriter(const Ledger& ledger, Entry disclosure, std::string note, Prover prover, uint64_t size)
    : ledger_(ledger),
      disclosure_(std::move(disclosure)),
      disclosing_(disclosure_.fact().getRecordDisclosed()),
      note_(std::move(note)),
      size_(size),
      prover_(std::move(prover)) {}

schema::Result<std::unique_ptr<BundleWriter>> BundleWriter::open(const Ledger& ledger, uint64_t disclosure) {
    auto published = ledger.published();
    if (disclosure >= published->head.size) return fail(Fault::not_found, "position", "is beyond the book");
    auto entry = ledger.entry(disclosure);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->type() != schema::Fact::RECORD_DISCLOSED)
        return fail(Fault::not_found, "position", "is not an entry by which a record was disclosed");
    auto size = published->head.size;
    auto prover = ledger.prover(size);
    if (!prover) return tl::unexpected(prover.error());
    std::unique_ptr<BundleWriter> writer(
        new BundleWriter(ledger, *std::move(entry), published->checkpoint, *std::move(prover), size));
    TRY(writer->gather());
    return writer;
}

Disclosing::Place BundleWriter::place_of(const Entry& entry) const {
    bool covered = entry.position() <= disclosure_.position();
    if (covered && entry.stream() == disclosure_.stream()) return Disclosing::Place::case_;
    bool of_family = schema::kind_of(entry.stream()) == schema::StreamKind::family;
    return covered && !of_family ? Disclosing::Place::staff : Disclosing::Place::elsewhere;
}

schema::Result<void> BundleWriter::gather() {
    for (auto& stream : {directory_stream(), practice_stream(), disclosure_.stream()}) {
        auto positions = ledger_.positions(stream, disclosure_.position());
        if (!positions) return tl::unexpected(positions.error());
        positions_.insert(positions_.end(), positions->begin(), positions->end());
        if (stream != disclosure_.stream()) continue;
        auto entries = ledger_.entries(*positions);
        if (!entries) return tl::unexpected(entries.error());
        for (auto& entry : *entries) add_signers(staff_, entry);
        if (entries->size() > most_kept) continue;
        for (auto& entry : *entries) read_.emplace(entry.position(), std::move(entry));
    }
    TRY(gather_erasures());
    std::sort(positions_.begin(), positions_.end());
    positions_.erase(std::unique(positions_.begin(), positions_.end()), positions_.end());
    return {};
}

// Of those that are not here anyway, the ones that took a word which would be opened otherwise.
schema::Result<void> BundleWriter::gather_erasures() {
    auto erasures = ledger_.erasures();
    if (!erasures) return tl::unexpected(erasures.error());
    if (erasures->empty()) return {};
    std::map<SubjectId, std::set<uint64_t>> erased;
    for (auto& erasure : *erasures)
        if (erasure.position < size_) erased[erasure.subject].insert(erasure.position);
    std::vector<uint64_t> more;
    for (uint64_t position : positions_) {
        auto sealed = ledger_.sealed_words(position);
        if (!sealed) return tl::unexpected(sealed.error());
        if (sealed->empty()) continue;
        auto parts = sealed_parts(schema::as_bytes(*sealed));
        auto entry = ledger_.entry(position);
        if (!parts) return tl::unexpected(parts.error());
        if (!entry) return tl::unexpected(entry.error());
        for (size_t i = 0; i < parts->size(); ++i) {
            auto& about = (*parts)[i].subjects;
            if (disclosing_.why(entry->id(), place_of(*entry), i, about, staff_) != BundleWord::opened) continue;
            std::vector<uint64_t> under;
            for (auto& subject : about) {
                auto& by = erased[subject];
                if (auto next = by.upper_bound(position); next != by.end()) under.push_back(*next);
            }
            if (under.size() == about.size()) more.insert(more.end(), under.begin(), under.end());
        }
    }
    positions_.insert(positions_.end(), more.begin(), more.end());
    return {};
}

schema::Result<bool> BundleWriter::next(std::string& out) {
    if (step_ == Step::done) return false;
    unsigned char room[32 << 10];  // of most lines
    json::monotonic_resource resource(room, sizeof room);
    auto made = line(&resource);
    if (!made) return tl::unexpected(made.error());
    auto text = json::serialize(*made);
    chain_ = chained(chain_, text);
    out += text + "\n";
    return true;
}

schema::Result<json::object> BundleWriter::line(json::storage_ptr storage) {
    switch (step_) {
        case Step::start:
            step_ = Step::checkpoint;
            return json::object{{"bundle", bundle_format},
                                {"origin", ledger_.origin()},
                                {"stream", disclosure_.stream().hex()},
                                {"disclosure", disclosure_.position()}};
        case Step::checkpoint: step_ = Step::entries; return json::object{{"checkpoint", note_}};
        case Step::entries:
            if (at_ < positions_.size()) return next_entry(storage);
            step_ = Step::heads;
            [[fallthrough]];
        case Step::heads: step_ = Step::end; return heads_line(storage);
        case Step::end: break;
        case Step::done: ASSERT(false);
    }
    step_ = Step::done;
    return json::object{{"end", {{"entries", positions_.size()}, {"chain", chain_.hex()}}}};
}

schema::Result<json::object> BundleWriter::next_entry(json::storage_ptr storage) {
    if (!read_.contains(positions_[at_])) TRY(read_on());
    return entry_line(read_.extract(positions_[at_++]).mapped(), storage);
}

schema::Result<void> BundleWriter::read_on() {
    constexpr size_t together = 64;
    std::vector<uint64_t> wanted;
    for (auto at = at_; at < positions_.size() && wanted.size() < together; ++at)
        if (!read_.contains(positions_[at])) wanted.push_back(positions_[at]);
    auto entries = ledger_.entries(wanted);
    if (!entries) return tl::unexpected(entries.error());
    for (auto& entry : *entries) read_.emplace(entry.position(), std::move(entry));
    return {};
}

schema::Result<json::object> BundleWriter::entry_line(const Entry& entry, json::storage_ptr storage) {
    auto inclusion = prover_.inclusion(entry.position());
    if (!inclusion) return tl::unexpected(inclusion.error());
    json::object out({{"position", entry.position()},
                      {"entry", schema::to_base64(entry.bytes())},
                      {"inclusion", schema::hex_array(*inclusion, storage)}},
                     storage);
    if (auto seen = entry.read().getSeen().getSize()) {
        if (seen > size_) return fail(Fault::corrupt, "book", "an entry has seen more of the book than there is");
        auto consistency = prover_.consistency(seen);
        if (!consistency) return tl::unexpected(consistency.error());
        out["seen"] = schema::hex_array(*consistency, storage);
    }
    auto words = words_of(entry, storage);
    if (!words) return tl::unexpected(words.error());
    if (!words->empty()) out["words"] = *std::move(words);
    return out;
}

schema::Result<json::array> BundleWriter::words_of(const Entry& entry, json::storage_ptr storage) const {
    json::array out(storage);
    if (entry.read().getWords().size() == 0) return out;
    auto opened = ledger_.words(entry);
    if (!opened) return tl::unexpected(opened.error());
    auto place = place_of(entry);
    for (size_t i = 0; i < opened->size(); ++i) {
        auto& known = (*opened)[i];
        BundleWord word{{known.heading, known.subjects, {}, {}, {}}, known.commitment, {}, {}};
        word.why = disclosing_.why(entry.id(), place, i, known.subjects, staff_);
        if (word.why == BundleWord::opened && known.readable) {
            word.word.salt = known.salt;
            word.word.content = known.content;
            word.word.media_type = known.media_type;
        } else if (word.why == BundleWord::opened) {
            word.why = BundleWord::erased;
            word.under = known.erased_under;
        }
        out.push_back(json_of(word, storage));
    }
    return out;
}

schema::Result<json::object> BundleWriter::heads_line(json::storage_ptr storage) const {
    auto heads = ledger_.disclosed_heads(disclosure_.position());
    if (!heads) return tl::unexpected(heads.error());
    json::array out(storage);
    for (auto& head : *heads)
        out.push_back(json::object({{"stream", head.stream.hex()},
                                    {"revision", head.revision},
                                    {"event", head.event.hex()},
                                    {"siblings", schema::hex_array(head.siblings)}},
                                   storage));
    return json::object({{"heads", std::move(out)}}, storage);
}

}  // namespace ledger
