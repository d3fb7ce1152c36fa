#include "ledger/ledger.h"

#include <capnp/message.h>

#include <algorithm>
#include <filesystem>

#include "ledger/master_key.h"
#include "ledger/rocks_log.h"
#include "ledger/tiles.h"

namespace ledger {
namespace {

namespace fs = std::filesystem;
using schema::fail;
using schema::Fault;

schema::Result<void> make_secrets(const std::string& folder) {
    TRY(SigningKey::generate().save(folder + "/secrets/checkpoint.key"));
    return make_master_key(folder);
}

// checkpoint.key, and checkpoint-N.key of the keys that came after it.
schema::Result<std::vector<SigningKey>> held_checkpoint_keys(const std::string& folder) {
    std::vector<SigningKey> held;
    std::error_code error;
    for (auto& file : fs::directory_iterator(folder + "/secrets", error)) {
        auto name = file.path().filename().string();
        if (!name.starts_with("checkpoint") || !name.ends_with(".key")) continue;
        auto key = SigningKey::load(file.path().string());
        if (!key) return tl::unexpected(key.error());
        held.push_back(*std::move(key));
    }
    if (error) return fail(Fault::io, folder + "/secrets", "cannot be read: " + error.message());
    return held;
}

schema::Result<void> is_above(const Marked& mark, const LogHead& head) {
    if (head.size >= mark.size) return {};
    return fail(Fault::corrupt, "book",
                "holds " + std::to_string(head.size) + " entries, but " + std::to_string(mark.size) +
                    " were acknowledged: entries have been lost or the store was rolled back. It is not opened, so "
                    "that nothing is written over what may still be saved");
}

// Looked at without touching anything: to open a store for writing cuts its log off where it is broken, and behind a
// broken byte there may be entries that were acknowledged.
schema::Result<void> is_above_mark(const std::string& folder, const Ledger::Options& options) {
    auto mark = read_mark(folder + "/mark");
    if (!mark) return tl::unexpected(mark.error());
    auto log = open_rocks_log(folder + "/book", "", {options.env, false, options.sync, true});
    if (!log) return tl::unexpected(log.error());
    return is_above(*mark, (*log)->head());
}

}  // namespace

schema::Result<std::unique_ptr<Ledger>> Ledger::create(const std::string& folder, const std::string& origin,
                                                       const Options& options) {
    std::error_code error;
    if (fs::exists(folder + "/book", error))
        return fail(Fault::conflict, folder, "holds a ledger already; nothing was changed");
    fs::create_directories(folder + "/secrets", error);
    if (error) return fail(Fault::io, folder, "cannot be made: " + error.message());
    fs::permissions(folder, fs::perms::owner_all, error);
    fs::permissions(folder + "/secrets", fs::perms::owner_all, error);
    if (error) return fail(Fault::io, folder, "cannot be closed to others: " + error.message());
    TRY(make_secrets(folder));
    {
        // Closed again at once: a new ledger is opened as every other is.
        auto log = open_rocks_log(folder + "/book", origin, {options.env, true, options.sync, false});
        if (!log) return tl::unexpected(log.error());
        auto mark = Mark::open(folder + "/mark", true);
        if (!mark) return tl::unexpected(mark.error());
        TRY(create_keys(folder));
    }
    return open(folder, options);
}

schema::Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& folder, const Options& options) {
    std::error_code error;
    if (!fs::exists(folder + "/book", error))
        return fail(Fault::not_found, folder, "holds no ledger; `caseledger init` makes one");
    auto checkpoint_keys = held_checkpoint_keys(folder);
    if (!checkpoint_keys) return tl::unexpected(checkpoint_keys.error());
    if (checkpoint_keys->empty())
        return fail(Fault::corrupt, folder + "/secrets/checkpoint.key", "is missing; restore it");
    TRY(is_above_mark(folder, options));
    auto keys = open_keys(folder);
    if (!keys) return tl::unexpected(keys.error());
    auto log = open_rocks_log(folder + "/book", "", {options.env, false, options.sync, false});
    if (!log) return tl::unexpected(log.error());
    auto origin = origin_of(**log);
    if (!origin) return tl::unexpected(origin.error());
    auto ledger = std::unique_ptr<Ledger>(new Ledger(folder, *origin));
    ledger->checkpoint_keys_ = std::make_shared<const std::vector<SigningKey>>(*std::move(checkpoint_keys));
    ledger->log_ = *std::move(log);
    ledger->keys_ = *std::move(keys);

    auto mark = Mark::open(folder + "/mark", false);
    if (!mark) return tl::unexpected(mark.error());
    ledger->mark_ = *std::move(mark);
    auto index = Index::open(folder + "/index", *ledger->log_, options.bulk ? Index::Use::bulk : Index::Use::daily);
    if (!index) return tl::unexpected(index.error());
    ledger->index_ = *std::move(index);
    TRY(ledger->recover(options.progress));
    return ledger;
}

schema::Result<void> Ledger::recover(const Progress& progress) {
    auto head = log_->head();
    auto marked = mark_->read();
    TRY(is_above(marked, head));
    TRY(is_of_genesis());

    constexpr uint64_t batch = 1000;
    std::optional<schema::Error> wrong;
    TRY(log_->read(index_->size(), head.size, [&](uint64_t position, Bytes bytes) {
        auto entry = Entry::decode(bytes);
        schema::Result<void> done;
        if (!entry) done = tl::unexpected(entry.error());
        else if (entry->position() != position) done = fail(Fault::corrupt, "book", "an entry has another's place");
        else done = index_->apply(*entry);
        if (done && index_->size() % batch == 0) {
            done = index_->commit();
            if (progress) progress("reading the book into its index", index_->size(), head.size);
        }
        if (!done) wrong = done.error();
        return !wrong;
    }));
    if (wrong) return tl::unexpected(*wrong);
    TRY(index_->commit());
    TRY(load_checkpoint_keys());
    // A store of keys that was restored may hold what an erasure destroyed: that goes before anything is answered.
    auto erasures = index_->erasures();
    if (!erasures) return tl::unexpected(erasures.error());
    TRY(keys_->replay(*erasures));
    TRY(catch_names_up());

    if (index_->root() != head.root)
        return fail(Fault::corrupt, "book", "its entries do not hash to the root that was written with them");
    auto marked_root = ledger::root_at(marked.size, subtrees());
    if (!marked_root) return tl::unexpected(marked_root.error());
    if (*marked_root != marked.root)
        return fail(Fault::corrupt, "book",
                    "its first " + std::to_string(marked.size) + " entries are not the ones that were acknowledged");
    if (head.size > 0) {
        auto last = entry(head.size - 1);
        if (!last) return tl::unexpected(last.error());
        last_recorded_ = last->recorded();
        if (schema::as_text(last->heads()) != index_->heads().root().view())
            return fail(Fault::corrupt, "index",
                        "its heads do not fit the last entry; delete the folder and it is made again from the book");
    }
    return publish();
}

// The tokens of names whose entries a store of keys does not know of yet: those of every name, after one that was older
// than tokens; of the newest, after a backup was put back. A word that does not open as it should is told when it is
// read, and keeps nobody from opening the ledger.
schema::Result<void> Ledger::catch_names_up() {
    constexpr size_t together = 1000;
    auto size = log_->head().size;
    std::vector<NameIn> names;
    auto all_words = log_->walk_words();
    for (uint64_t position = keys_->named(); position < size; ++position) {
        auto sealed_words = all_words->at(position);
        if (!sealed_words) return tl::unexpected(sealed_words.error());
        if (sealed_words->empty()) continue;
        auto named = entry(position);
        if (!named) return tl::unexpected(named.error());
        auto found = names_in(schema::as_bytes(*sealed_words), named->id(), position, *keys_);
        if (!found && found.error().fault != Fault::corrupt) return tl::unexpected(found.error());
        if (found) names.insert(names.end(), found->begin(), found->end());
        if (names.size() >= together) TRY(keys_->add_names(std::exchange(names, {}), position + 1));
    }
    if (keys_->named() >= size) return {};
    return keys_->add_names(names, size);
}

// The secrets and the origin lie beside the book, and the book says which they must be.
schema::Result<void> Ledger::is_of_genesis() const {
    if (log_->head().size == 0) return {};
    auto first = entry(0);
    if (!first) return tl::unexpected(first.error());
    if (first->type() != schema::Fact::LEDGER_OPENED)
        return fail(Fault::corrupt, "book", "does not begin with the opening of a ledger");
    auto event = first->read();
    if (schema::text_of(event.getLedger()) != origin_)
        return fail(Fault::corrupt, "book", "was opened as another ledger than its folder says");
    return {};
}

// The genesis names the first, each rotation the next; their files are checkpoint.key and checkpoint-N.key.
schema::Result<void> Ledger::load_checkpoint_keys() {
    if (log_->head().size == 0) {  // the genesis will name this one
        auto first = SigningKey::load(folder_ + "/secrets/checkpoint.key");
        if (!first) return tl::unexpected(first.error());
        std::atomic_store(&checkpoint_keys_,
                          std::make_shared<const std::vector<SigningKey>>(std::vector<SigningKey>{*std::move(first)}));
        return {};
    }
    auto named = named_checkpoint_keys();
    if (!named) return tl::unexpected(named.error());
    auto held = held_checkpoint_keys(folder_);
    if (!held) return tl::unexpected(held.error());
    std::vector<SigningKey> signing;
    for (auto key = named->rbegin(); key != named->rend(); ++key)
        for (auto& mine : *held)
            if (mine.public_key() == *key) signing.push_back(mine);
    if (signing.empty() || signing.front().public_key() != named->back())
        return fail(Fault::corrupt, "secrets/checkpoint.key",
                    "is not the key that the book names as signing its checkpoints");
    std::atomic_store(&checkpoint_keys_, std::make_shared<const std::vector<SigningKey>>(std::move(signing)));
    return {};
}

schema::Result<std::vector<PublicKey>> Ledger::named_checkpoint_keys() const {
    if (log_->head().size == 0) return std::vector{checkpoint_key()};  // the genesis will name it
    auto first = entry(0);
    if (!first) return tl::unexpected(first.error());
    auto named = index_->checkpoint_keys();
    if (!named) return named;
    named->insert(named->begin(), PublicKey::of(schema::bytes_of(first->fact().getLedgerOpened().getCheckpointKey())));
    return named;
}

bool Ledger::holds_checkpoint_key(const PublicKey& key) const {
    auto held = held_checkpoint_keys(folder_);
    return held && std::any_of(held->begin(), held->end(), [&](auto& mine) { return mine.public_key() == key; });
}

Ledger::~Ledger() {
    // A clean stop leaves nothing to catch up; after a fault the next opening does it.
    if (index_ && !sealed_) (void)index_->flush();
}

Entry Ledger::place(const schema::EventMessage& event, std::span<const Signature> signatures, std::string sealed_words,
                    schema::Time recorded) {
    auto stream = StreamId::of(schema::bytes_of(event->getStream()));
    auto before = index_->head(stream);
    ASSERT(before);  // the caller has just read it
    auto digest = sha256(event.bytes());
    uint64_t revision = before->revision + 1;
    Digest heads = index_->set_head(stream, revision, digest);
    last_recorded_ = std::max(last_recorded_, recorded);

    // Put into one segment in the order of its fields, with nothing empty at an end: that is its canonical form.
    constexpr size_t fixed = 32, of_signature = 10;  // words, at most
    size_t room = fixed + event.bytes().size() / sizeof(capnp::word) + of_signature * signatures.size();
    capnp::MallocMessageBuilder message(static_cast<unsigned>(room), capnp::AllocationStrategy::FIXED_SIZE);
    auto put = message.initRoot<schema::Entry>();
    put.setPosition(index_->size());
    put.setRecorded(schema::milliseconds(last_recorded_));
    put.setRevision(revision);
    if (before->revision) put.setPrevious(schema::data_of(bytes_of(before->leaf)));
    put.setHeads(schema::data_of(bytes_of(heads)));
    put.setEvent(schema::data_of(event.bytes()));
    auto list = put.initSignatures(static_cast<unsigned>(signatures.size()));
    for (uint32_t i = 0; i < signatures.size(); ++i)
        list.set(i, schema::data_of({signatures[i].data(), signatures[i].size()}));
    auto segments = message.getSegmentsForOutput();
    ASSERT(segments.size() == 1);
    auto entry = Entry::of(schema::aligned(schema::bytes_of(segments[0])), event);

    index_->add(event.read(), revision, digest, entry.leaf());
    auto fact = event->getFact();
    keys_changed_ |= fact.isCheckpointKeyRotated();
    if (fact.isSubjectErased())
        erasing_.push_back({SubjectId::of(schema::bytes_of(fact.getSubjectErased().getSubject())), entry.position()});
    placed_.push_back({std::string(schema::as_text(entry.bytes())), std::move(sealed_words)});
    return entry;
}

schema::Result<std::string> Ledger::seal_words(std::span<const Word> words, const EventId& event) {
    auto done = seal(words, event, next_position(), *keys_);
    if (!done && done.error().fault == Fault::io) sealed_ = true;
    return done;
}

schema::Result<void> Ledger::commit() {
    if (sealed_) return fail(Fault::sealed, "an earlier write failed; the ledger must be opened again");
    if (placed_.empty()) return index_->commit();  // only what is to be kept
    auto batch = std::move(placed_);
    placed_.clear();
    auto expected = published()->head;
    auto done = [&]() -> schema::Result<void> {
        // ---- the point of no return: above it nothing has touched the disk, below it nothing may refuse ----
        TRY(log_->append(expected, batch, index_->root()));
        // A checkpoint is signed only over bytes that were read back.
        uint64_t position = expected.size;
        bool same = true;
        TRY(log_->read(expected.size, expected.size + batch.size(), [&](uint64_t, Bytes stored) {
            same = schema::as_text(stored) == batch[position++ - expected.size].entry;
            return same;
        }));
        if (!same) return fail(Fault::corrupt, "book", "holds other bytes than were written");
        TRY(index_->commit());
        if (std::exchange(keys_changed_, false)) TRY(load_checkpoint_keys());
        TRY(keys_->erase(std::exchange(erasing_, {})));
        return publish();
    }();
    if (!done) sealed_ = true;
    return done;
}

schema::Result<void> Ledger::publish() {
    auto next = std::make_shared<Published>();
    next->head = log_->head();
    next->recorded = last_recorded_;
    next->checkpoint = Checkpoint{origin_, next->head.size, next->head.root}.sign(*checkpoint_keys_);
    TRY(mark_->write({next->head.size, next->head.root}));
    std::atomic_store(&published_, std::shared_ptr<const Published>(std::move(next)));
    return {};
}

schema::Result<Entry> Ledger::entry(uint64_t position) const {
    auto bytes = log_->entry(position);
    if (!bytes) return tl::unexpected(bytes.error());
    return Entry::decode(schema::as_bytes(*bytes));
}

schema::Result<void> Ledger::read(uint64_t from, uint64_t to, const std::function<bool(const Entry&)>& take) const {
    if (auto now = published()) to = std::min(to, now->head.size);
    std::optional<schema::Error> wrong;
    TRY(log_->read(from, to, [&](uint64_t, Bytes bytes) {
        auto entry = Entry::decode(bytes);
        if (!entry) wrong = entry.error();
        return entry && take(*entry);
    }));
    if (wrong) return tl::unexpected(*wrong);
    return {};
}

schema::Result<std::vector<Entry>> Ledger::entries(std::span<const uint64_t> positions) const {
    std::vector<Entry> found;
    std::optional<schema::Error> wrong;
    TRY(log_->entries(positions, [&](uint64_t, Bytes bytes) {
        auto entry = Entry::decode(bytes);
        if (entry) found.push_back(*std::move(entry));
        else wrong = entry.error();
        return !wrong;
    }));
    if (wrong) return tl::unexpected(*wrong);
    return found;
}

schema::Result<std::vector<Entry>> Ledger::stream(const StreamId& stream, uint64_t from_revision, size_t limit) const {
    auto positions = index_->positions(stream, from_revision, limit);
    if (!positions) return tl::unexpected(positions.error());
    auto size = published()->head.size;
    while (!positions->empty() && positions->back() >= size) positions->pop_back();
    return entries(*positions);
}

schema::Result<std::vector<uint64_t>> Ledger::positions(const StreamId& stream, uint64_t through) const {
    auto all = index_->positions(stream, 1, SIZE_MAX);
    if (!all) return all;
    auto beyond = std::min(published()->head.size, through == UINT64_MAX ? through : through + 1);
    all->erase(std::lower_bound(all->begin(), all->end(), beyond), all->end());
    return all;
}

schema::Result<std::pair<Entry, HeadProof>> Ledger::prove_head(const StreamId& stream) const {
    auto proven = index_->prove_head(stream);
    if (!proven) return tl::unexpected(proven.error());
    auto newest = entry(proven->first - 1);
    if (!newest) return tl::unexpected(newest.error());
    return std::pair{*std::move(newest), std::move(proven->second)};
}

schema::Result<std::vector<OpenedWord>> Ledger::words(const Entry& entry) const {
    if (entry.read().getWords().size() == 0) return std::vector<OpenedWord>{};
    auto sealed_words = log_->words(entry.position());
    if (!sealed_words) return tl::unexpected(sealed_words.error());
    if (sealed_words->empty())
        return fail(Fault::corrupt, "words", "of entry " + std::to_string(entry.position()) + " are missing");
    auto opened = unseal(schema::as_bytes(*sealed_words), entry.id(), entry.position(), *keys_);
    if (!opened) return opened;
    for (auto& word : *opened) {
        if (word.readable) continue;
        for (auto& subject : word.subjects) {
            auto under = index_->erased_after(subject, entry.position());
            if (!under) return tl::unexpected(under.error());
            if (*under) word.erased_under.push_back(**under);
        }
        std::sort(word.erased_under.begin(), word.erased_under.end());
        word.erased_under.erase(std::unique(word.erased_under.begin(), word.erased_under.end()),
                                word.erased_under.end());
    }
    return opened;
}

SubtreeHash Ledger::subtrees() const { return index_->tiles().subtrees(); }

schema::Result<Digest> Ledger::root_at(uint64_t size) const {
    constexpr size_t remembered = 4096;
    if (size > published()->head.size) return fail(Fault::not_found, "size", "is beyond the book");
    {
        std::lock_guard lock(roots_mutex_);
        if (auto known = roots_.find(size); known != roots_.end()) return known->second;
    }
    auto root = ledger::root_at(size, subtrees());
    if (!root) return root;
    std::lock_guard lock(roots_mutex_);
    if (roots_.size() >= remembered) roots_.clear();
    roots_[size] = *root;
    return root;
}

schema::Result<std::vector<Digest>> Ledger::tile(unsigned level, uint64_t number, size_t width) const {
    if (width == 0 || width > tile_width_at(level, number, published()->head.size))
        return fail(Fault::not_found, "tile", "the tree has no such tile, or not so wide a one");
    auto hashes = index_->tiles().tile(level, number);
    if (!hashes) return hashes;
    if (hashes->size() < width) return fail(Fault::corrupt, "index", "a tile is too short");
    hashes->resize(width);
    return hashes;
}

schema::Result<Prover> Ledger::prover(uint64_t size) const {
    if (size > published()->head.size) return fail(Fault::not_found, "size", "is beyond the book");
    return Prover(size, subtrees());
}

schema::Result<Proof> Ledger::prove_inclusion(uint64_t position, uint64_t size) const {
    if (position >= size || size > published()->head.size)
        return fail(Fault::not_found, "size", "the book does not hold that entry at that size");
    return inclusion_proof(position, size, subtrees());
}

schema::Result<Proof> Ledger::prove_consistency(uint64_t old_size, uint64_t size) const {
    if (old_size == 0 || old_size > size || size > published()->head.size)
        return fail(Fault::not_found, "size", "must be 0 < from <= to <= the book's size");
    return consistency_proof(old_size, size, subtrees());
}

bool Ledger::wait(uint64_t size, std::chrono::milliseconds timeout) const {
    auto until = std::chrono::steady_clock::now() + timeout;
    // The log grows a moment before that is published.
    while (published()->head.size <= size) {
        auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        if (log_->wait(size, left) && published()->head.size <= size)
            std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return true;
}

schema::Result<std::string> checkpoint_at(const Marked& mark, const std::string& folder, const Log& log) {
    TRY(is_above(mark, log.head()));
    auto origin = origin_of(log);
    if (!origin) return tl::unexpected(origin.error());
    auto keys = held_checkpoint_keys(folder);
    if (!keys) return tl::unexpected(keys.error());
    return Checkpoint{*origin, mark.size, mark.root}.sign(*keys);
}

}  // namespace ledger
