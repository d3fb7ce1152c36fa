#include "ledger/audit.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "ledger/checkpoint.h"
#include "ledger/heads.h"
#include "ledger/signature_checks.h"
#include "ledger/words.h"

namespace ledger {
namespace {

constexpr size_t group = 4096;

class Audit {
  public:
    Audit(const Log& log, const AuditOptions& options)
        : log_(log), options_(options), signatures_(options.threads, [this](auto position, auto field, auto what) {
              find(position, std::move(field), std::move(what));
          }) {
        if (options_.mark) wanted_.push_back({options_.mark->size, options_.mark->root, "mark"});
    }

    schema::Result<AuditReport> run() {
        TRY(want_checkpoints());
        auto head = log_.head();
        limit_ = std::min(options_.up_to.value_or(head.size), head.size);
        if (trusted_below_ > limit_ && trusted_below_ <= head.size)
            return schema::malformed("since", "is of more entries than are asked about");
        TRY(begin_above());
        for (auto& wanted : wanted_)
            if (wanted.size > head.size)
                find(head.size ? head.size - 1 : 0, wanted.name,
                     "says that " + std::to_string(wanted.size) + " entries were acknowledged, but the book holds " +
                         std::to_string(head.size) + ": entries are missing from its end");
        compare_roots();
        auto read = log_.read(start_, head.size, [&](uint64_t position, Bytes bytes) {
            if (position < limit_) take(position, bytes);
            else go_on(bytes);
            if (position % group == 0 && options_.progress) options_.progress(position, head.size);
            return report_.findings.size() < audit_findings && state_holds();
        });
        if (!read) find(edge_.size(), "book", read.error().text());
        is_the_ledger_that_was_meant();
        tell_closed();
        tell_kept();
        tell_disputed();
        signatures_.finish();
        if (!state_holds()) return tl::unexpected(*options_.state->wrong());
        report_.signatures = signatures_.verified();
        if (read && report_.findings.empty() && edge_.root() != head.root)
            find(head.size ? head.size - 1 : 0, "root", "is not the root that was written with the last entry");
        report_.entries = std::min(edge_.size(), limit_);
        report_.on_trust = std::min(trusted_below_, report_.entries);
        report_.later = edge_.size() - report_.entries;
        report_.not_read = start_;
        report_.root = root_of(report_.entries).value();
        for (auto size : options_.sizes)
            if (auto root = root_of(size); root && size > 0) report_.roots.emplace(size, *root);
        if (!state_holds()) return tl::unexpected(*options_.state->wrong());
        std::stable_sort(report_.findings.begin(), report_.findings.end(),
                         [](auto& a, auto& b) { return a.position < b.position; });
        if (report_.findings.size() > audit_findings) report_.findings.resize(audit_findings);
        if (options_.progress) options_.progress(head.size, head.size);
        return std::move(report_);
    }

  private:
    struct Wanted {
        uint64_t size;
        Digest root;
        std::string name, origin{};
    };
    struct Stream {
        uint64_t revision = 0;
        Digest leaf{};
    };

    // More than are told: a signature that is verified later may be of an earlier entry than those.
    void find(uint64_t position, std::string field, std::string what) {
        report_.findings.push_back({position, std::move(field), std::move(what)});
    }

    schema::Result<void> want_checkpoints() {
        for (auto [note, name] : {std::pair{&options_.checkpoint, "checkpoint"}, {&options_.since, "since"}}) {
            if (!*note) continue;
            if (options_.trusted_keys.empty())
                return schema::malformed(name, "cannot be checked without the key that signs checkpoints");
            auto checkpoint = open_checkpoint(**note, options_.trusted_keys);
            if (!checkpoint) return schema::malformed(name, checkpoint.error().text());
            wanted_.push_back({checkpoint->size, checkpoint->root, name, checkpoint->origin});
            if (note == &options_.since) trusted_below_ = checkpoint->size;
        }
        return {};
    }

    // From what was kept at the checkpoint, where it was.
    schema::Result<void> begin_above() {
        auto* state = options_.state;
        if (!state) return {};
        if (state->size() != trusted_below_ || state->size() > log_.head().size)
            return state->wrong("it is of another size");
        start_ = state->size();
        edge_ = state->edge();
        start_root_ = edge_.root();
        heads_ = state->heads();
        directory_ = state->directory();
        recorded_ = state->recorded();
        report_.recorded = recorded_;
        tell_genesis();
        auto erasures = state->erasures();
        if (!erasures) return tl::unexpected(erasures.error());
        for (auto& erasure : *erasures) erasures_[erasure.subject].insert(erasure.position);
        for (auto& wanted : wanted_)
            if (wanted.size < start_) compare(wanted, root_of(wanted.size).value_or(Digest{}));
        return state_holds() ? schema::Result<void>() : tl::unexpected(*state->wrong());
    }

    bool state_holds() const { return !options_.state || !options_.state->wrong(); }

    // Of the book's first entries, as far as they were read, or what was kept can prove it.
    std::optional<Digest> root_of(uint64_t size) {
        if (size > start_ && size - start_ <= roots_.size()) return roots_[size - start_ - 1];
        if (size > start_) return std::nullopt;
        if (size == 0) return empty_root();
        if (size == start_) return start_root_;
        auto root = options_.state->root_at(size);
        return root ? std::optional(*root) : std::nullopt;
    }

    void tell_genesis() {
        auto& genesis = directory_.genesis();
        report_.origin = genesis.origin;
        report_.authority = genesis.authority;
        report_.played_clock = genesis.played_clock;
    }

    void is_the_ledger_that_was_meant() {
        for (auto& key : directory_.checkpoint_keys()) report_.checkpoint_keys.push_back(key.key);
        report_.checkpoint_keys.insert(report_.checkpoint_keys.end(), later_keys_.begin(), later_keys_.end());
        auto& named = report_.checkpoint_keys;
        auto& trusted = options_.trusted_keys;
        if (!trusted.empty() && directory_.genesis().opened &&
            std::find_first_of(named.begin(), named.end(), trusted.begin(), trusted.end()) == named.end())
            find(0, "event.fact.ledgerOpened.checkpointKey", "is not the key that is trusted");
        for (auto& wanted : wanted_)
            if (!wanted.origin.empty() && directory_.genesis().opened && wanted.origin != directory_.genesis().origin)
                find(0, wanted.name, "is of " + wanted.origin + ", and this is " + directory_.genesis().origin);
    }

    // What a key signed before it became suspect is known only now: the book is read once more, where there is one.
    // What was not read now is read for it only where a later entry made it another question than it was.
    void tell_disputed() {
        if (!directory_.has_suspect_keys()) return;
        report_.read_for_disputes = start_ > 0 && disputes_changed_;
        report_.disputed_before = start_ > 0 && !disputes_changed_;
        uint64_t from = disputes_changed_ ? 0 : start_;
        Edge below;
        (void)log_.read(from, std::min(edge_.size(), limit_), [&](uint64_t position, Bytes bytes) {
            if (position < start_) below.append(leaf_hash(bytes));
            auto entry = Entry::decode(bytes);
            if (entry && directory_.disputes(*entry))
                report_.disputed.push_back(
                    {position, "signature", "was made with a key that became suspect, and nobody attested it again"});
            return true;
        });
        if (from < start_ && below.root() != start_root_)
            (void)options_.state->wrong("the entries below its checkpoint are not those that were verified");
    }

    void compare_roots() {
        for (auto& wanted : wanted_)
            if (wanted.size == edge_.size()) compare(wanted, edge_.root());
    }
    void compare(const Wanted& wanted, const Digest& root) {
        if (wanted.root != root)
            find(wanted.size ? wanted.size - 1 : 0, wanted.name,
                 "has another root for the first " + std::to_string(wanted.size) +
                     " entries: one of them is not the one that was acknowledged");
    }

    void take(uint64_t position, Bytes bytes) {
        // The tree is over the bytes as they are, whatever they say.
        auto leaf = leaf_hash(bytes);
        edge_.append(leaf);
        compare_roots();
        auto entry = Entry::decode(bytes, leaf);
        if (entry) shown(position, *entry);
        roots_.push_back(edge_.root());
        if (!entry) return find(position, "entry", entry.error().message);
        auto event = schema::examine_event(entry->event());
        if (!event) return find(position, "event." + event.error().field, event.error().message);
        place(position, *entry, leaf);
        bool on_trust = position < trusted_below_;
        if (!on_trust) signatures_.take(position, *entry, directory_);
        auto parts = words(position, *entry);
        if (on_trust && options_.fold) options_.fold(*entry);
        if (!on_trust && options_.decide)
            if (auto refused = options_.decide(*entry, *event, parts)) find(position, refused->field, refused->what);
        if (schema::kind_of(entry->stream()) == schema::StreamKind::directory) directory_.apply(*entry);
        disputes_changed_ |= changes_disputes(*entry);
        note_erasure(position, *entry);
        report_.recorded = entry->recorded();
        if (position == 0) tell_genesis();
        date(position, *entry);
    }

    static bool changes_disputes(const Entry& entry) {
        return entry.type() == schema::Fact::ENTRIES_REATTESTED ||
               (entry.type() == schema::Fact::KEY_REVOKED && entry.fact().getKeyRevoked().getSuspectFrom() != 0);
    }

    void note_erasure(uint64_t position, const Entry& entry) {
        if (entry.type() != schema::Fact::SUBJECT_ERASED) return;
        auto subject = SubjectId::of(schema::bytes_of(entry.fact().getSubjectErased().getSubject()));
        erasures_[subject].insert(position);
        if (position < limit_) report_.erasures.push_back({subject, position});
    }

    // Beyond what is asked about: the tree, since marks and checkpoints are compared with it; which words were erased
    // since, because the keys are those of today; and which keys came to sign checkpoints.
    void go_on(Bytes bytes) {
        auto position = edge_.size();
        edge_.append(leaf_hash(bytes));
        compare_roots();
        roots_.push_back(edge_.root());
        auto entry = Entry::decode(bytes);
        if (!entry) return;
        note_erasure(position, *entry);
        if (entry->type() == schema::Fact::CHECKPOINT_KEY_ROTATED)
            if (auto key = PublicKey::from(schema::bytes_of(entry->fact().getCheckpointKeyRotated().getPublicKey())))
                later_keys_.push_back(*key);
    }

    void date(uint64_t position, const Entry& entry) {
        constexpr std::chrono::minutes clocks_differ{5};
        if (!options_.now || report_.played_clock || from_the_future_) return;
        from_the_future_ = entry.recorded() > *options_.now + clocks_differ;
        if (from_the_future_) find(position, "recorded", "is later than now; so is everything after it");
    }

    // Whoever signed what they had been shown is a witness of the book as it was then.
    void shown(uint64_t position, const Entry& entry) {
        auto seen = entry.read().getSeen();
        if (seen.getSize() == 0) return;
        auto root = root_of(seen.getSize());
        if (!root || schema::as_text(schema::bytes_of(seen.getRoot())) != root->view())
            return find(position, "event.seen.root",
                        "is not the root of this book's first " + std::to_string(seen.getSize()) +
                            " entries: its actor had been shown another book");
        ++report_.shown;
    }

    void place(uint64_t position, const Entry& entry, const Digest& leaf) {
        if (entry.position() != position) find(position, "position", "says " + std::to_string(entry.position()));
        if (entry.recorded() < recorded_) find(position, "recorded", "is earlier than the entry before it");
        recorded_ = std::max(recorded_, entry.recorded());
        auto& stream = stream_of(entry.stream());
        if (entry.revision() != stream.revision + 1)
            find(position, "revision",
                 "is " + std::to_string(entry.revision()) + " where " + std::to_string(stream.revision + 1) +
                     " comes next");
        auto previous = stream.revision ? bytes_of(stream.leaf) : Bytes{};
        if (schema::as_text(entry.previous()) != schema::as_text(previous))
            find(position, "previous", "is not the hash of the stream's entry before it");
        if (!ids_.emplace(entry.id(), position).second || was_used_below(entry.id()))
            find(position, "event.id", "was used before");
        stream = {stream.revision + 1, leaf};
        heads_.set(entry.stream(), stream.revision, sha256(entry.event().bytes()));
        if (schema::as_text(entry.heads()) != heads_.root().view())
            find(position, "heads", "is not the root of the heads map after this entry");
    }

    Stream& stream_of(const StreamId& id) {
        auto [known, is_new] = streams_.try_emplace(id);
        if (is_new && options_.state)
            if (auto head = options_.state->head(id)) known->second = {head->revision, head->leaf};
        return known->second;
    }

    bool was_used_below(const EventId& id) {
        if (!options_.state) return false;
        auto used = options_.state->was_used(id);
        return used && *used;
    }

    // What is not sealed of the words; empty where there are none, or none that can be read.
    std::vector<WordPart> words(uint64_t position, const Entry& entry) {
        auto wrong = [&](std::string what) {
            find(position, "words", std::move(what));
            return std::vector<WordPart>();
        };
        auto root = schema::bytes_of(entry.read().getWords());
        auto sealed = words_->at(position);
        if (!sealed) return wrong(sealed.error().text());
        if (root.empty())
            return sealed->empty() ? std::vector<WordPart>() : wrong("are there, but the event signs none");
        if (sealed->empty()) {
            ++report_.words_missing;
            return wrong("are missing");
        }
        auto parts = sealed_parts(schema::as_bytes(*sealed));
        if (!parts) return wrong(parts.error().message);
        if (words_root(std::span<const WordPart>(*parts)).view() != schema::as_text(root))
            return wrong("are not the ones the event signs");
        report_.words += parts->size();
        if (options_.keys) open(position, entry, schema::as_bytes(*sealed));
        return *std::move(parts);
    }

    void open(uint64_t position, const Entry& entry, Bytes sealed) {
        auto opened = unseal(sealed, entry.id(), position, *options_.keys);
        if (!opened) return find(position, "words", opened.error().message);
        for (size_t i = 0; i < opened->size(); ++i) {
            auto& word = (*opened)[i];
            if (!word.not_under.empty())
                find(position, "words[" + std::to_string(i) + "]",
                     "does not open with the key of everyone it is about whose key is there");
            if (word.readable) ++report_.words_opened;
            else closed_.push_back({position, i, std::move(word.subjects)});
        }
    }

    // Words whose keys are gone were erased, if each of their subjects was, later; else they were lost.
    void tell_closed() {
        for (auto& word : closed_) {
            auto at = "words[" + std::to_string(word.index) + "]";
            std::string under;
            bool all = true;
            for (auto& subject : word.subjects) {
                auto& erasures = erasures_[subject];
                auto by = erasures.upper_bound(word.position);
                all &= by != erasures.end();
                if (all) under += (under.empty() ? "" : ", ") + std::to_string(*by);
            }
            if (all) report_.erased.push_back({word.position, at, "erased under entry " + under});
            else find(word.position, at, "cannot be opened: its keys are not there, and no entry erased them");
        }
    }

    // What an entry says was destroyed is not there any more. Beyond the mark a ledger may be about to destroy it.
    void tell_kept() {
        if (!options_.keys) return;
        auto acknowledged = options_.mark ? options_.mark->size : edge_.size();
        for (auto& [subject, erasures] : erasures_) {
            auto key = options_.keys->find(subject);
            if (!key) return find(*erasures.begin(), "keys", key.error().text());
            for (auto position : erasures)
                if (*key && (*key)->made < position && position < acknowledged)
                    find(position, "keys", "hold a key still that this entry says was destroyed");
        }
    }

    struct Closed {
        uint64_t position;
        size_t index;
        std::vector<SubjectId> subjects;
    };

    const Log& log_;
    std::unique_ptr<Log::WordsWalk> words_ = log_.walk_words();
    const AuditOptions& options_;
    AuditReport report_;
    std::vector<Wanted> wanted_;
    uint64_t limit_ = 0, trusted_below_ = 0;
    std::vector<PublicKey> later_keys_;
    Edge edge_;
    uint64_t start_ = 0;  // nothing below it is read; what was kept stands for it
    Digest start_root_{};
    std::vector<Digest> roots_;  // of the first start_ + 1, + 2, ... entries
    HeadsMap heads_;
    Directory directory_;
    schema::Time recorded_{};
    bool from_the_future_ = false, disputes_changed_ = false;
    std::unordered_map<StreamId, Stream> streams_;
    std::unordered_map<EventId, uint64_t> ids_;
    SignatureChecks signatures_;
    std::vector<Closed> closed_;
    std::map<SubjectId, std::set<uint64_t>> erasures_;
};

}  // namespace

schema::Result<AuditReport> audit(const Log& log, const AuditOptions& options) { return Audit(log, options).run(); }

}  // namespace ledger
