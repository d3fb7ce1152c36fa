#include "ledger/audit_state.h"

#include <filesystem>

#include "ledger/tiles.h"

namespace ledger {
namespace {

namespace fs = std::filesystem;
using schema::fail;
using schema::Fault;

constexpr size_t checkpoint_limit = 16 * 1024;

// Whatever stands there otherwise, it is not this state, of this version.
std::string text_of(const Checkpoint& checkpoint) { return "caseledger/verified/v1\n" + checkpoint.body(); }

// Tables are never written to again, so a link is as good as a copy; the rest is small.
std::error_code link_files(const fs::path& from, const fs::path& to) {
    std::error_code error;
    for (auto& file : fs::directory_iterator(from, error)) {
        auto name = file.path().filename();
        if (name.string().starts_with("LO")) continue;  // LOG, LOCK
        if (name.extension() == ".sst") fs::create_hard_link(file.path(), to / name, error);
        if (name.extension() != ".sst" || error) fs::copy_file(file.path(), to / name, error);
        if (error) break;
    }
    return error;
}

}  // namespace

schema::Result<std::unique_ptr<AuditState>> AuditState::open(const std::string& folder, const Log& log,
                                                             const Checkpoint& checkpoint) {
    std::error_code error;
    if (!fs::exists(folder, error)) return fail(Fault::not_found, "state", "nothing is there");
    auto state = std::unique_ptr<AuditState>(new AuditState(folder, log, checkpoint));
    auto stands = read_file(folder + "/checkpoint", checkpoint_limit);
    if (!stands) return state->wrong(stands.error().text());
    if (*stands != text_of(checkpoint))
        return state->wrong("it is of another checkpoint, or was kept by another version");
    auto index = Index::open(folder + "/index", log, Index::Use::looking);
    if (!index) return state->wrong(index.error().text());
    state->index_ = *std::move(index);
    TRY(state->load());
    return state;
}

tl::unexpected<schema::Error> AuditState::wrong(std::string what) {
    if (!wrong_) wrong_ = schema::Error{Fault::corrupt, "state", std::move(what)};
    return tl::unexpected(*wrong_);
}

schema::Result<void> AuditState::load() {
    if (index_->size() != size_ || index_->root() != root_) return wrong("it does not hash to its checkpoint");
    if (size_ == 0) return {};
    for (auto at = size_ / tile_width * tile_width; at < size_; ++at) read_.insert(at);  // the tile that was filling
    auto last = entry(size_ - 1);
    if (!last) return tl::unexpected(last.error());
    recorded_ = last->recorded();
    if (schema::as_text(last->heads()) != index_->heads().root().view())
        return wrong("it has other heads than the last entry below its checkpoint");
    return entries(schema::reserved_stream(schema::directory_stream_number),
                   [&](auto& entry) { directory_.apply(entry); });
}

schema::Result<Entry> AuditState::entry(uint64_t position) {
    auto at = "entry " + std::to_string(position);
    if (position >= size_) return wrong("it names " + at + " as one below its checkpoint");
    auto bytes = log_.entry(position);
    if (!bytes) return wrong(bytes.error().text());
    read_.insert(position);
    auto proof = inclusion_proof(position, size_, index_->tiles().subtrees());
    if (!proof) return wrong(proof.error().text());
    if (!verify_inclusion(position, size_, leaf_hash(schema::as_bytes(*bytes)), *proof, root_))
        return wrong(at + " is not the one that was verified, or its proof is not");
    auto decoded = Entry::decode(schema::as_bytes(*bytes));
    if (!decoded) return wrong(at + ": " + decoded.error().text());
    return decoded;
}

schema::Result<StreamHead> AuditState::head(const StreamId& stream) {
    auto head = index_->committed_head(stream);
    if (!head) return wrong(head.error().text());
    if (head->revision == 0) return head;  // as the heads map says, or it would have another root
    auto last = entry(head->position);
    if (!last) return tl::unexpected(last.error());
    if (last->stream() != stream || last->revision() != head->revision || last->leaf() != head->leaf)
        return wrong("it does not know the last entry of " + stream.hex());
    return head;
}

schema::Result<bool> AuditState::was_used(const EventId& id) {
    auto position = index_->committed_position_of(id);
    if (!position) return wrong(position.error().text());
    if (!*position) return false;
    auto by = entry(**position);
    if (!by) return tl::unexpected(by.error());
    if (by->id() != id) return wrong("it says that entry " + std::to_string(**position) + " has the id of another");
    return true;
}

schema::Result<Digest> AuditState::root_at(uint64_t size) {
    if (size == size_) return root_;
    if (size == 0 || size > size_) return wrong("it was asked for the root of " + std::to_string(size) + " entries");
    auto subtrees = index_->tiles().subtrees();
    auto root = ledger::root_at(size, subtrees);
    auto proof = consistency_proof(size, size_, subtrees);
    if (!root || !proof) return wrong((root ? proof.error() : root.error()).text());
    if (!verify_consistency(size, size_, *root, root_, *proof))
        return wrong("it has another root of the first " + std::to_string(size) + " entries");
    return root;
}

// The last one is proven to be in the tree, and the heads map says that none is missing; from there each is the one
// that the next one names.
schema::Result<void> AuditState::entries(const StreamId& stream, const std::function<void(const Entry&)>& take) {
    auto last = head(stream);
    if (!last) return tl::unexpected(last.error());
    if (last->revision == 0) return {};
    auto positions = index_->positions(stream, 1, last->revision);
    if (!positions) return wrong(positions.error().text());
    if (positions->size() != last->revision) return wrong("it does not know every entry of " + stream.hex());
    for (auto position : *positions)
        if (position >= size_) return wrong("it names an entry above its checkpoint");
    auto is_another = [&](uint64_t position) {
        return wrong("entry " + std::to_string(position) + " is not the one that was verified");
    };
    std::vector<Entry> found;
    auto read = log_.entries(*positions, [&](uint64_t position, Bytes bytes) {
        read_.insert(position);
        auto entry = Entry::decode(bytes, leaf_hash(bytes));
        if (entry) found.push_back(*std::move(entry));
        return entry.has_value();
    });
    if (!read) return wrong(read.error().text());
    if (found.size() != positions->size()) return is_another((*positions)[found.size()]);
    Digest wanted = last->leaf;
    for (auto entry = found.rbegin(); entry != found.rend(); ++entry) {
        if (entry->leaf() != wanted) return is_another((*positions)[static_cast<size_t>(found.rend() - entry) - 1]);
        wanted = Digest::of(entry->previous());
    }
    for (auto& entry : found) take(entry);
    return {};
}

schema::Result<std::vector<Erasure>> AuditState::erasures() {
    auto found = index_->erasures();
    if (!found) return wrong(found.error().text());
    return found;
}

schema::Result<std::vector<std::pair<StreamId, std::string>>> AuditState::kept() {
    auto found = index_->kept();
    if (!found) return wrong(found.error().text());
    return found;
}

schema::Result<std::unique_ptr<AuditStateWriter>> AuditStateWriter::begin(const std::string& folder, const Log& log,
                                                                          const AuditState* base) {
    std::error_code error;
    fs::create_directories(folder + "/index", error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
    if (!error && base) error = link_files(base->folder() + "/index", folder + "/index");
    if (error) return fail(Fault::io, folder, "cannot be made: " + error.message());
    auto writer = std::unique_ptr<AuditStateWriter>(new AuditStateWriter(folder));
    auto index = Index::open(folder + "/index", log);
    if (!index) return tl::unexpected(index.error());
    writer->index_ = *std::move(index);
    return writer;
}

void AuditStateWriter::take(const Entry& entry, std::string kept) {
    constexpr uint64_t together = 4096;
    if (!done_) return;
    done_ = index_->apply(entry);
    if (done_) done_ = index_->keep(entry.stream(), std::move(kept));
    if (done_ && index_->size() % together == 0) done_ = index_->commit();
}

schema::Result<void> AuditStateWriter::finish(const Checkpoint& checkpoint) {
    TRY(done_);
    TRY(index_->commit());
    TRY(index_->flush());
    if (index_->size() != checkpoint.size || index_->root() != checkpoint.root)
        return fail(Fault::corrupt, "state", "is not over the entries of its checkpoint");
    index_.reset();
    TRY(write_secret(folder_ + "/checkpoint", text_of(checkpoint)));
    TRY(sync_folder_of(folder_ + "/index/CURRENT"));
    return sync_folder_of(folder_);
}

}  // namespace ledger
