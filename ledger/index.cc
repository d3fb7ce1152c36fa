// Keys of the store: 's' stream revision -> position; 'h' stream -> revision, position, leaf, event digest, what
// was kept of it; 'i' event id -> position; 't' level number -> a full tile (tile_store.h); 'x' person position ->
// erased there; 'k' position -> the key that signs checkpoints from there on; 'c' position -> the heads that a
// disclosure speaks for; 'n' -> how many entries have been applied. The rows of one batch are there together or not at
// all.
#include "ledger/index.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <mutex>

#include "ledger/rocks.h"
#include "ledger/tiles.h"
#include "schema/big_endian.h"
#include "schema/event_types.h"

namespace ledger {
namespace {

using schema::big_endian;
using schema::fail;
using schema::Fault;
using schema::from_big_endian;

std::string stream_key(const StreamId& stream, uint64_t revision) {
    return "s" + std::string(stream.view()) + big_endian(revision);
}
// Stream, revision, digest of the event, number of siblings, siblings.
std::string row_of(const HeadProof& proof) {
    std::string row(proof.stream.view());
    row += big_endian(proof.revision) + std::string(proof.event.view()) + static_cast<char>(proof.siblings.size());
    for (const Digest& sibling : proof.siblings) row += sibling.view();
    return row;
}
// Takes one from the front; nothing where the row is cut short.
std::optional<HeadProof> take_proof(std::string_view& row) {
    constexpr size_t fixed = 16 + 8 + 32 + 1;
    if (row.size() < fixed) return std::nullopt;
    HeadProof proof;
    proof.stream = StreamId::of(schema::as_bytes(row.substr(0, 16)));
    proof.revision = from_big_endian(row.substr(16));
    proof.event = Digest::of(schema::as_bytes(row.substr(24, 32)));
    size_t count = static_cast<uint8_t>(row[56]);
    row.remove_prefix(fixed);
    if (row.size() < 32 * count) return std::nullopt;
    for (size_t i = 0; i < count; ++i) proof.siblings.push_back(Digest::of(schema::as_bytes(row.substr(32 * i, 32))));
    row.remove_prefix(32 * count);
    return proof;
}

constexpr size_t head_size = 8 + 8 + 32 + 32;  // and what was kept
std::string head_key(const StreamId& stream) { return "h" + std::string(stream.view()); }
tl::unexpected<schema::Error> failed(const rocksdb::Status& status) {
    return fail(status.IsCorruption() ? Fault::corrupt : Fault::io, "index",
                status.ToString() + " (the folder may be deleted: it is made again from the book)");
}

}  // namespace

Index::Index(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)), pending_(new rocksdb::WriteBatch), tiles_(*db_) {}
Index::~Index() = default;

schema::Result<std::unique_ptr<Index>> Index::open(const std::string& folder, const Log& log, Use use) {
    auto options = rocks_options();
    options.create_if_missing = use != Use::looking;
    options.compression = rocksdb::kLZ4Compression;
    options.write_buffer_size = 32 << 20;
    // Every append asks for an id that is not there.
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.05;
    // A stream's next revision goes where its last one went. 18: the keys that are longer than a stream.
    options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(18));
    options.max_background_jobs = 2;
    if (use == Use::bulk) {
        options.disable_auto_compactions = true;
        options.write_buffer_size = 128 << 20;  // fewer files to look into
    }
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.cache_index_and_filter_blocks = true;
    // As in the log, and the filters as well.
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.partition_filters = true;
    // The filters of ten million entries are 40 MiB: with the library's 8 MiB every look-up would read them anew.
    table.block_cache = rocksdb::NewLRUCache(size_t{256} << 20);
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    std::unique_ptr<rocksdb::DB> db;
    if (auto status = open_rocks(options, folder, use == Use::looking, db); !status.ok()) return failed(status);
    auto index = std::unique_ptr<Index>(new Index(std::move(db)));
    TRY(index->load(log));
    return index;
}

schema::Result<void> Index::load(const Log& log) {
    std::string applied;
    auto status = db_->Get({}, "n", &applied);
    if (status.IsNotFound()) return {};
    if (!status.ok()) return failed(status);
    uint64_t size = from_big_endian(applied);
    if (size > log.head().size)
        return fail(Fault::corrupt, "index", "knows more entries than the book holds; the book was rolled back");

    // Tiles that were filling: their hashes come from the entries, or from the full tiles one level down.
    for (unsigned level = 0; level < 8 && (size >> (8 * level)) > 0; ++level) {
        uint64_t count = size >> (8 * level), first = count / tile_width * tile_width;
        std::vector<Digest> hashes;
        if (level == 0) {
            TRY(log.read(first, count, [&](uint64_t, Bytes entry) {
                hashes.push_back(leaf_hash(entry));
                return true;
            }));
        } else {
            auto subtree = tiles_.subtrees();
            for (uint64_t i = first; i < count; ++i) {
                auto left = subtree(8 * level - 1, 2 * i), right = subtree(8 * level - 1, 2 * i + 1);
                if (!left || !right) return tl::unexpected((left ? right : left).error());
                hashes.push_back(node_hash(*left, *right));
            }
        }
        tiles_.fill(level, count / tile_width, hashes);
    }
    std::vector<Digest> subtrees;
    auto subtree = tiles_.subtrees();
    uint64_t from = 0;
    for (unsigned bit = 64; bit-- > 0;) {
        if (!(size >> bit & 1)) continue;
        auto root = subtree(bit, from >> bit);
        if (!root) return tl::unexpected(root.error());
        subtrees.push_back(*root);
        from += uint64_t{1} << bit;
    }
    edge_ = Edge(size, std::move(subtrees));

    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek("h"); it->Valid() && it->key().starts_with("h"); it->Next()) {
        auto row = it->value().ToStringView();
        if (it->key().size() != 17 || row.size() < head_size)
            return fail(Fault::corrupt, "index", "a head has a wrong size");
        heads_.set(StreamId::of(schema::as_bytes(it->key().ToStringView().substr(1))), from_big_endian(row),
                   Digest::of(schema::as_bytes(row.substr(48, 32))));
    }
    if (!it->status().ok()) return failed(it->status());
    committed_heads_ = heads_;
    committed_size_ = size;
    return {};
}

Digest Index::set_head(const StreamId& stream, uint64_t revision, const Digest& event) {
    heads_.set(stream, revision, event);
    return heads_.root();
}

void Index::add(schema::Event::Reader event, uint64_t revision, const Digest& event_digest, const Digest& leaf) {
    uint64_t position = edge_.size();
    auto stream = StreamId::of(schema::bytes_of(event.getStream()));
    auto id = EventId::of(schema::bytes_of(event.getId()));
    pending_heads_[stream] = {{revision, position, leaf, event_digest}, {}};
    pending_ids_[id] = position;
    pending_leaves_.push_back(leaf);
    pending_->Put(stream_key(stream, revision), big_endian(position));
    pending_->Put("i" + std::string(id.view()), big_endian(position));
    edge_.append(leaf);
    note(event, position);
}

void Index::note(schema::Event::Reader event, uint64_t position) {
    auto fact = event.getFact();
    switch (fact.which()) {
        case schema::Fact::SUBJECT_ERASED:
            pending_->Put("x" + std::string(schema::as_text(schema::bytes_of(fact.getSubjectErased().getSubject()))) +
                              big_endian(position),
                          "");
            return;
        case schema::Fact::CHECKPOINT_KEY_ROTATED:
            pending_->Put(
                "k" + big_endian(position),
                std::string(schema::as_text(schema::bytes_of(fact.getCheckpointKeyRotated().getPublicKey()))));
            return;
        case schema::Fact::RECORD_DISCLOSED: {
            std::string row;
            for (auto& stream : {StreamId::of(schema::bytes_of(event.getStream())),
                                 schema::reserved_stream(schema::directory_stream_number),
                                 schema::reserved_stream(schema::practice_stream_number)}) {
                auto known = head(stream);
                // An index that cannot be read is told by the next look-up; one proof less is no wrong proof.
                if (!known || known->revision == 0) continue;
                row += row_of({stream, known->revision, known->event, heads_.prove(stream)});
            }
            pending_->Put("c" + big_endian(position), row);
            return;
        }
        default: return;
    }
}

schema::Result<void> Index::apply(const Entry& entry) {
    auto event = sha256(entry.event().bytes());
    auto root = set_head(entry.stream(), entry.revision(), event);
    if (schema::as_text(entry.heads()) != root.view())
        return fail(Fault::corrupt, "book",
                    "entry " + std::to_string(entry.position()) +
                        " does not hold the heads root that follows from "
                        "the entries before it");
    add(entry.read(), entry.revision(), event, entry.leaf());
    return {};
}

schema::Result<void> Index::commit() {
    for (auto& [stream, pending] : pending_heads_) {
        auto& [head, kept] = pending;
        pending_->Put(head_key(stream), big_endian(head.revision) + big_endian(head.position) +
                                            std::string(head.leaf.view()) + std::string(head.event.view()) + kept);
    }
    pending_->Put("n", big_endian(edge_.size()));
    auto lock = tiles_.lock();
    for (const Digest& leaf : pending_leaves_) tiles_.push(leaf, *pending_);
    rocksdb::WriteOptions unlogged;  // what a crash takes from here comes back from the log
    unlogged.disableWAL = true;
    auto status = db_->Write(unlogged, pending_.get());
    {
        std::unique_lock heads_lock(heads_mutex_);
        for (auto& [stream, pending] : pending_heads_) committed_heads_.follow(heads_, stream);
        committed_size_ = edge_.size();
    }
    pending_->Clear();
    constexpr size_t remembered = 65'536;
    if (recent_heads_.size() > remembered) recent_heads_.clear();
    for (auto& [stream, pending] : pending_heads_) recent_heads_[stream] = pending.head;
    pending_heads_.clear();
    pending_ids_.clear();
    pending_leaves_.clear();
    if (!status.ok()) return failed(status);
    return {};
}

schema::Result<void> Index::flush() {
    if (auto status = db_->Flush({}); !status.ok()) return failed(status);
    return {};
}

schema::Result<void> Index::keep(const StreamId& stream, std::string folded) {
    auto known = head(stream);
    if (!known) return tl::unexpected(known.error());
    if (known->revision) pending_heads_[stream] = {*known, std::move(folded)};
    return {};
}

schema::Result<StreamHead> Index::head(const StreamId& stream) const {
    if (auto pending = pending_heads_.find(stream); pending != pending_heads_.end()) return pending->second.head;
    if (auto recent = recent_heads_.find(stream); recent != recent_heads_.end()) return recent->second;
    return committed_head(stream);
}

schema::Result<StreamHead> Index::committed_head(const StreamId& stream) const {
    std::string row;
    auto status = db_->Get({}, head_key(stream), &row);
    if (status.IsNotFound()) return StreamHead{};
    if (!status.ok()) return failed(status);
    if (row.size() < head_size) return fail(Fault::corrupt, "index", "a head has a wrong size");
    return StreamHead{from_big_endian(row), from_big_endian(std::string_view(row).substr(8)),
                      Digest::of(schema::as_bytes(std::string_view(row).substr(16, 32))),
                      Digest::of(schema::as_bytes(std::string_view(row).substr(48, 32)))};
}

schema::Result<std::pair<uint64_t, HeadProof>> Index::prove_head(const StreamId& stream) const {
    // Under one lock with what commit() changes: the row of the head and the map are of the same moment.
    std::shared_lock lock(heads_mutex_);
    auto head = committed_head(stream);
    if (!head) return tl::unexpected(head.error());
    if (head->revision == 0) return fail(Fault::not_found, "stream", "has no entry");
    return std::pair{committed_size_, HeadProof{stream, head->revision, head->event, committed_heads_.prove(stream)}};
}

schema::Result<std::vector<HeadProof>> Index::disclosed_heads(uint64_t position) const {
    std::string row;
    auto status = db_->Get({}, "c" + big_endian(position), &row);
    if (status.IsNotFound()) return fail(Fault::not_found, "position", "nothing was disclosed there");
    if (!status.ok()) return failed(status);
    std::vector<HeadProof> proofs;
    for (std::string_view left = row; !left.empty();) {
        auto proof = take_proof(left);
        if (!proof) return fail(Fault::corrupt, "index", "a proof is cut short; delete the folder, it is made again");
        proofs.push_back(*std::move(proof));
    }
    return proofs;
}

schema::Result<std::vector<Erasure>> Index::erasures() const {
    std::vector<Erasure> found;
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek("x"); it->Valid() && it->key().starts_with("x"); it->Next())
        found.push_back({SubjectId::of(schema::as_bytes(it->key().ToStringView().substr(1, 16))),
                         from_big_endian(it->key().ToStringView().substr(17))});
    if (!it->status().ok()) return failed(it->status());
    return found;
}

schema::Result<std::optional<uint64_t>> Index::erased_after(const SubjectId& subject, uint64_t position) const {
    auto prefix = "x" + std::string(subject.view());
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    it->Seek(prefix + big_endian(position + 1));
    if (!it->status().ok()) return failed(it->status());
    if (!it->Valid() || !it->key().starts_with(prefix)) return std::optional<uint64_t>();
    return std::optional(from_big_endian(it->key().ToStringView().substr(17)));
}

schema::Result<std::vector<PublicKey>> Index::checkpoint_keys() const {
    std::vector<PublicKey> found;
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek("k"); it->Valid() && it->key().starts_with("k"); it->Next())
        found.push_back(PublicKey::of(schema::as_bytes(it->value().ToStringView())));
    if (!it->status().ok()) return failed(it->status());
    return found;
}

schema::Result<std::optional<uint64_t>> Index::position_of(const EventId& id) const {
    if (auto pending = pending_ids_.find(id); pending != pending_ids_.end()) return pending->second;
    return committed_position_of(id);
}

schema::Result<std::optional<uint64_t>> Index::committed_position_of(const EventId& id) const {
    std::string row;
    auto status = db_->Get({}, "i" + std::string(id.view()), &row);
    if (status.IsNotFound()) return std::optional<uint64_t>{};
    if (!status.ok()) return failed(status);
    return std::optional<uint64_t>(from_big_endian(row));
}

schema::Result<std::vector<uint64_t>> Index::positions(const StreamId& stream, uint64_t from_revision,
                                                       size_t limit) const {
    std::vector<uint64_t> found;
    auto prefix = stream_key(stream, 0).substr(0, 17);
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek(stream_key(stream, from_revision));
         it->Valid() && it->key().starts_with(prefix) && found.size() < limit; it->Next())
        found.push_back(from_big_endian(it->value().ToStringView()));
    if (!it->status().ok()) return failed(it->status());
    return found;
}

schema::Result<std::vector<StreamId>> Index::streams() const {
    auto all = kept();
    if (!all) return tl::unexpected(all.error());
    std::vector<StreamId> found;
    for (auto& [stream, folded] : *all) found.push_back(stream);
    return found;
}

schema::Result<std::vector<std::pair<StreamId, std::string>>> Index::kept() const {
    std::vector<std::pair<StreamId, std::string>> found;
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator({}));
    for (it->Seek("h"); it->Valid() && it->key().starts_with("h"); it->Next())
        found.emplace_back(StreamId::of(schema::as_bytes(it->key().ToStringView().substr(1))),
                           it->value().ToStringView().substr(std::min(head_size, it->value().size())));
    if (!it->status().ok()) return failed(it->status());
    return found;
}

}  // namespace ledger
