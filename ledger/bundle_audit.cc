#include "ledger/bundle_audit.h"

#include <algorithm>

#include "ledger/signature_checks.h"
#include "schema/marks.h"

namespace ledger {
namespace {

using schema::StreamKind;

class BundleAudit {
  public:
    explicit BundleAudit(const BundleAuditOptions& options)
        : options_(options), signatures_(options.threads, [this](auto position, auto field, auto what) {
              find(position, std::move(field), std::move(what));
          }) {}

    schema::Result<BundleReport> run(std::istream& bundle) {
        std::vector<char> buffer(bundle_line_limit + 2);
        uint64_t lines = 0;
        while (stage_ != Stage::ended && report_.audit.findings.size() < audit_findings) {
            bundle.getline(buffer.data(), static_cast<std::streamsize>(buffer.size()));
            std::string_view line(buffer.data(), static_cast<size_t>(std::max<std::streamsize>(bundle.gcount(), 0)));
            if (bundle.eof()) break;  // a line ends with a newline: the rest was cut off
            if (bundle.fail()) {
                find(last_, "line " + std::to_string(lines + 1), "is longer than any line of a bundle");
                break;
            }
            line.remove_suffix(1);
            ++lines;
            auto read = read_bundle_line(line);
            if (!read) {
                auto at = "line " + std::to_string(lines);
                if (!read.error().field.empty()) at += ", " + read.error().field;
                if (lines == 1) return schema::malformed(std::move(at), read.error().message);
                find(last_, std::move(at), read.error().message);
                break;
            }
            if (!std::holds_alternative<BundleEnd>(*read)) chain_ = chained(chain_, line);
            std::visit([this](auto& each) { take(each); }, *read);
            if (options_.progress) options_.progress(lines);
        }
        if (lines == 0) return schema::malformed("bundle", "has not one whole line");
        if (stage_ == Stage::ended && bundle.peek() != std::istream::traits_type::eof())
            find(last_, "end", "is not the end of the file");
        finish();
        return std::move(report_);
    }

  private:
    enum class Stage { nothing, started, entries, heads, ended };
    struct Stream {
        uint64_t revision = 0;
        Digest leaf{}, event{};
    };
    struct Said {  // of a word, until the disclosure has been read
        uint64_t position;
        EventId event;
        Disclosing::Place place;
        size_t index;
        std::vector<SubjectId> subjects;
        BundleWord::Why why;
        std::vector<uint64_t> under;
    };

    void find(uint64_t position, std::string field, std::string what) {
        report_.audit.findings.push_back({position, std::move(field), std::move(what)});
    }

    // False, and found, where a line does not come here.
    bool comes(Stage before, Stage after, const char* what) {
        if (stage_ != before) find(last_, what, "does not stand where it belongs");
        bool here = stage_ == before;
        if (here) stage_ = after;
        return here;
    }

    void take(const BundleStart& start) {
        if (!comes(Stage::nothing, Stage::started, "bundle")) return;
        start_ = start;
        report_.stream = start.stream;
        report_.disclosure = start.disclosure;
        report_.audit.origin = start.origin;
        if (schema::kind_of(start.stream) != StreamKind::family) find(0, "stream", "is not of a case");
    }

    void take(const BundleCheckpoint& checkpoint) {
        if (!comes(Stage::started, Stage::entries, "checkpoint")) return;
        report_.note = checkpoint.note;
        auto note = parse_note(checkpoint.note);
        auto parsed = note ? parse_checkpoint(note->text) : tl::unexpected(note.error());
        if (!parsed) return find(0, "checkpoint", parsed.error().message);
        checkpoint_ = *parsed;
        report_.checkpoint = *parsed;
        report_.audit.root = parsed->root;
        if (parsed->origin != start_.origin) find(0, "checkpoint", "is of " + parsed->origin);
        if (start_.disclosure >= parsed->size) find(0, "checkpoint", "is older than the disclosure");
    }

    void take(const BundleEntry& line) {
        if (stage_ != Stage::entries) return find(line.position, "entry", "does not stand where it belongs");
        if (report_.audit.entries > 0 && line.position <= last_)
            find(line.position, "position", "is not after that of the entry before it");
        last_ = line.position;
        ++report_.audit.entries;
        auto entry = Entry::decode(schema::as_bytes(line.entry));
        if (!entry) return find(line.position, "entry", entry.error().message);
        if (entry->position() != line.position)
            find(line.position, "position", "says " + std::to_string(entry->position()));
        auto leaf = entry->leaf();
        if (line.position >= checkpoint_.size ||
            !verify_inclusion(line.position, checkpoint_.size, leaf, line.inclusion, checkpoint_.root))
            find(line.position, "inclusion", "does not show that the entry is in the book at its position");
        auto event = schema::examine_event(entry->event());
        if (!event) return find(line.position, "event." + event.error().field, event.error().message);
        seen(line, *entry);
        bool judged = belongs(*entry);
        if (judged) place(*entry, leaf);
        if (judged || is_known(*entry)) signatures_.take(line.position, *entry, directory_);
        auto parts = words(line, *entry, judged);
        if (judged && options_.decide) {
            ++report_.decided;
            if (auto refused = options_.decide(*entry, *event, parts))
                find(line.position, refused->field, refused->what);
        }
        learn(*entry, judged);
    }

    // Of the case, the directory and the practice up to the disclosure everything is here; beside that only erasures,
    // of which nothing more is asked than that they are in the book and signed.
    bool belongs(const Entry& entry) {
        auto kind = schema::kind_of(entry.stream());
        bool of_case = entry.stream() == start_.stream;
        if (entry.position() <= start_.disclosure &&
            (of_case || kind == StreamKind::directory || kind == StreamKind::practice))
            return true;
        if (entry.type() != schema::Fact::SUBJECT_ERASED)
            find(entry.position(), "event.stream", "is not one that this bundle speaks for");
        return false;
    }

    // The directory goes only up to the disclosure: a key that was enrolled after it cannot be known here.
    bool is_known(const Entry& entry) {
        auto event = entry.read();
        bool known = directory_.key(KeyId::of(schema::bytes_of(event.getKey()))) != nullptr;
        for (auto joint : event.getJoint())
            known &= directory_.key(KeyId::of(schema::bytes_of(joint.getKey()))) != nullptr;
        if (!known && entry.position() > start_.disclosure) report_.signatures_unknown.push_back(entry.position());
        return known || entry.position() <= start_.disclosure;
    }

    void seen(const BundleEntry& line, const Entry& entry) {
        auto seen = entry.read().getSeen();
        if (seen.getSize() == 0) {
            if (!line.seen.empty()) find(line.position, "seen", "proves a checkpoint that nobody had been shown");
            return;
        }
        if (seen.getSize() > line.position ||
            !verify_consistency(seen.getSize(), checkpoint_.size, Digest::of(schema::bytes_of(seen.getRoot())),
                                checkpoint_.root, line.seen))
            return find(line.position, "event.seen.root",
                        "is not shown to be the root of this book's first " + std::to_string(seen.getSize()) +
                            " entries: its actor had been shown another book");
        ++report_.audit.shown;
    }

    void place(const Entry& entry, const Digest& leaf) {
        auto position = entry.position();
        if (entry.recorded() < recorded_) find(position, "recorded", "is earlier than an entry before it");
        recorded_ = std::max(recorded_, entry.recorded());
        auto& stream = streams_[entry.stream()];
        if (entry.revision() != stream.revision + 1)
            find(position, "revision",
                 "is " + std::to_string(entry.revision()) + " where " + std::to_string(stream.revision + 1) +
                     " comes next: an entry was left out");
        auto previous = stream.revision ? bytes_of(stream.leaf) : Bytes{};
        if (schema::as_text(entry.previous()) != schema::as_text(previous))
            find(position, "previous", "is not the hash of the stream's entry before it");
        stream = {entry.revision(), leaf, sha256(entry.event().bytes())};
        if (!ids_.insert(entry.id()).second) find(position, "event.id", "was used before");
    }

    // What is known of each word without opening it; empty where it does not hash to what was signed.
    std::vector<WordPart> words(const BundleEntry& line, const Entry& entry, bool judged) {
        std::vector<WordPart> parts;
        for (auto& word : line.words) parts.push_back({word.word.heading, word.word.subjects, word.commitment});
        auto root = schema::as_text(schema::bytes_of(entry.read().getWords()));
        if (root.empty() != parts.empty() ||
            (!parts.empty() && words_root(std::span<const WordPart>(parts)).view() != root)) {
            find(line.position, "words", "are not the ones the event signs");
            return {};
        }
        report_.audit.words += parts.size();
        auto place = !judged                           ? Disclosing::Place::elsewhere
                     : entry.stream() == start_.stream ? Disclosing::Place::case_
                                                       : Disclosing::Place::staff;
        for (size_t i = 0; i < line.words.size(); ++i) {
            auto& word = line.words[i];
            words_.push_back({line.position, entry.id(), place, i, word.word.subjects, word.why, word.under});
        }
        return parts;
    }

    void learn(const Entry& entry, bool judged) {
        if (entry.type() == schema::Fact::SUBJECT_ERASED)
            erased_[SubjectId::of(schema::bytes_of(entry.fact().getSubjectErased().getSubject()))].insert(
                entry.position());
        if (!judged) unneeded_.insert(entry.position());
        if (!judged) return;
        auto kind = schema::kind_of(entry.stream());
        if (kind == StreamKind::directory) directory_.apply(entry);
        if (kind == StreamKind::family) {
            add_signers(staff_, entry);
            case_entries_.emplace_back(entry);
        }
        if (entry.position() == start_.disclosure) disclosed(entry);
    }

    void disclosed(const Entry& entry) {
        if (entry.type() != schema::Fact::RECORD_DISCLOSED || entry.stream() != start_.stream)
            return find(entry.position(), "disclosure", "is not an entry by which this record was disclosed");
        disclosing_.emplace(entry.fact().getRecordDisclosed());
        heads_root_ = Digest::of(entry.heads());
        report_.purpose = schema::kind_of(entry.fact());
        report_.disclosed = entry.recorded();
    }

    void take(const BundleHeads& heads) {
        if (!comes(Stage::entries, Stage::heads, "heads")) return;
        std::set<StreamId> shown;
        for (auto& head : heads.heads) {
            auto found = streams_.find(head.stream);
            if (found == streams_.end() || !shown.insert(head.stream).second) {
                find(last_, "heads", "speak of a stream that is not here");
                continue;
            }
            if (!HeadsMap::verify(head, heads_root_))
                find(start_.disclosure, "heads", "do not lead to the root that the disclosure's entry carries");
            else if (head.revision != found->second.revision || head.event != found->second.event)
                find(start_.disclosure, "heads",
                     "show " + std::to_string(head.revision) + " entries of a stream of which " +
                         std::to_string(found->second.revision) + " are here: the record is not complete");
        }
        for (auto& stream : {start_.stream, schema::reserved_stream(schema::directory_stream_number),
                             schema::reserved_stream(schema::practice_stream_number)})
            if (!shown.contains(stream))
                find(start_.disclosure, "heads",
                     "do not show that the case, the directory and the practice are complete");
    }

    void take(const BundleEnd& end) {
        if (!comes(Stage::heads, Stage::ended, "end")) return;
        if (end.entries != report_.audit.entries)
            find(last_, "end.entries", "counts " + std::to_string(end.entries) + " entries");
        if (end.chain != chain_) find(last_, "end.chain", "is not that of the lines before it");
    }

    void finish() {
        signatures_.finish();
        report_.audit.signatures = signatures_.verified();
        if (stage_ != Stage::ended) find(last_, "end", "is missing: the bundle was cut off");
        auto& genesis = directory_.genesis();
        report_.audit.authority = genesis.authority;
        report_.audit.played_clock = genesis.played_clock;
        report_.revisions = streams_[start_.stream].revision;
        if (genesis.opened && genesis.origin != start_.origin) find(0, "origin", "is not that of the genesis");
        if (!disclosing_) find(start_.disclosure, "disclosure", "is not here");
        check_checkpoint();
        if (disclosing_)
            for (auto& word : words_) check(word);
        for (auto position : unneeded_)
            find(position, "entry", "erased nothing of this record and does not belong here");
        for (auto& entry : case_entries_)
            if (entry.is_disputed(directory_))
                report_.audit.disputed.push_back(
                    {entry.position, "signature",
                     "was made with a key that became suspect, and nobody attested it again"});
        std::stable_sort(report_.audit.findings.begin(), report_.audit.findings.end(),
                         [](auto& a, auto& b) { return a.position < b.position; });
        if (report_.audit.findings.size() > audit_findings) report_.audit.findings.resize(audit_findings);
    }

    void check_checkpoint() {
        auto keys = options_.trusted_keys;
        report_.key_was_trusted = !keys.empty();
        for (auto& key : directory_.checkpoint_keys())
            if (!report_.key_was_trusted) keys.push_back(key.key);
        auto opened = open_checkpoint(report_.note, keys);
        if (!opened) return find(0, "checkpoint", opened.error().message);
        bool named = false;
        for (auto& key : directory_.checkpoint_keys())
            named |= std::find(keys.begin(), keys.end(), key.key) != keys.end();
        if (!named) find(0, "event.fact.ledgerOpened.checkpointKey", "is not the key that is trusted");
    }

    void check(const Said& word) {
        auto at = "words[" + std::to_string(word.index) + "]";
        auto wanted = disclosing_->why(word.event, word.place, word.index, word.subjects, staff_);
        for (auto under : word.under) unneeded_.erase(under);
        if (word.why != BundleWord::opened) ++report_.left_out[std::string(name(word.why))];
        if (word.why == BundleWord::erased && wanted == BundleWord::opened) return check_erased(word, at);
        if (word.why == wanted && wanted == BundleWord::opened && is_erased(word))
            return find(word.position, at, "is opened, though entries here erased everyone it is about");
        if (word.why == wanted) {
            if (wanted == BundleWord::opened) ++report_.audit.words_opened;
            return;
        }
        if (word.why == BundleWord::opened)
            return find(word.position, at,
                        "is opened, though the disclosure leaves it out (" + std::string(name(wanted)) + ")");
        find(word.position, at,
             "is left out as " + std::string(name(word.why)) +
                 ", and the disclosure says: " + std::string(name(wanted)));
    }

    bool is_erased(const Said& word) {
        return std::all_of(word.subjects.begin(), word.subjects.end(), [&](auto& subject) {
            auto& erasures = erased_[subject];
            return erasures.upper_bound(word.position) != erasures.end();
        });
    }

    // Each of those it is about was erased later, under an entry that is here.
    void check_erased(const Said& word, const std::string& at) {
        for (auto& subject : word.subjects) {
            auto& erasures = erased_[subject];
            if (std::none_of(word.under.begin(), word.under.end(),
                             [&](uint64_t under) { return under > word.position && erasures.contains(under); }))
                return find(word.position, at, "is said to be erased, and no entry here erased everyone it is about");
        }
        std::string under;
        for (auto position : word.under) under += (under.empty() ? "" : ", ") + std::to_string(position);
        report_.audit.erased.push_back({word.position, at, "erased under entry " + under});
    }

    // What a dispute hangs on, without the entry.
    struct Disputable {
        explicit Disputable(const Entry& entry) : position(entry.position()), recorded(entry.recorded()) {
            keys.push_back(KeyId::of(schema::bytes_of(entry.read().getKey())));
            for (auto joint : entry.read().getJoint()) keys.push_back(KeyId::of(schema::bytes_of(joint.getKey())));
        }
        bool is_disputed(const Directory& directory) const {
            return std::any_of(keys.begin(), keys.end(),
                               [&](auto& key) { return directory.disputes(key, position, recorded); });
        }
        uint64_t position = 0;
        schema::Time recorded{};
        std::vector<KeyId> keys;
    };

    const BundleAuditOptions& options_;
    BundleReport report_;
    SignatureChecks signatures_;
    Stage stage_ = Stage::nothing;
    BundleStart start_;
    Checkpoint checkpoint_;
    Digest chain_{}, heads_root_{};
    uint64_t last_ = 0;
    schema::Time recorded_{};
    Directory directory_;
    std::map<StreamId, Stream> streams_;
    std::set<EventId> ids_;
    std::map<SubjectId, std::set<uint64_t>> erased_;
    std::set<uint64_t> unneeded_;  // entries that are here for what they erased, until that is found
    std::set<PersonId> staff_;
    std::optional<Disclosing> disclosing_;
    std::vector<Said> words_;
    std::vector<Disputable> case_entries_;
};

}  // namespace

schema::Result<BundleReport> audit_bundle(std::istream& bundle, const BundleAuditOptions& options) {
    return BundleAudit(options).run(bundle);
}

}  // namespace ledger
