#include "ledger/proof_file.h"

#include "schema/json.h"

namespace ledger {
namespace {

using schema::as_bytes;
using schema::malformed;

constexpr std::string_view header = "c2sp.org/tlog-proof@v1", extra_word = "extra ", index_word = "index ";
constexpr size_t hash_limit = 64;  // no tree is higher

// Checkpoint and policy have been looked at; what is left is the way from the leaf to the root.
schema::Result<Proven> lead(const Digest& leaf, const ProofFile& file, const Checkpoint& checkpoint, const Note& note,
                            const WitnessPolicy* policy) {
    Proven proven{checkpoint, file.index, file.extra, {}};
    if (policy) {
        if (!policy->logs.empty()) TRY(open_checkpoint(note, *policy));
        auto by = witnessed(note, *policy);
        if (!by) return tl::unexpected(by.error());
        if (!by->enough) return malformed("checkpoint", "is not cosigned by the policy's quorum " + policy->quorum);
        proven.witnessed = *std::move(by);
    }
    if (!verify_inclusion(file.index, checkpoint.size, leaf, file.hashes, checkpoint.root))
        return malformed("proof", "does not lead from the entry to the checkpoint's root");
    return proven;
}

}  // namespace

std::string ProofFile::text() const {
    std::string out = std::string(header) + "\n";
    if (extra) out += std::string(extra_word) + schema::to_base64(as_bytes(*extra)) + "\n";
    out += std::string(index_word) + std::to_string(index) + "\n";
    for (auto& hash : hashes) out += schema::to_base64(bytes_of(hash)) + "\n";
    return out + "\n" + checkpoint;
}

schema::Result<ProofFile> parse_proof_file(std::string_view text) {
    ProofFile file;
    if (take_line(text) != header) return malformed("proof", "does not begin with " + std::string(header));
    auto line = take_line(text);
    if (line.starts_with(extra_word)) {
        auto extra = schema::from_base64(line.substr(extra_word.size()), "extra");
        if (!extra) return tl::unexpected(extra.error());
        file.extra = *std::move(extra);
        line = take_line(text);
    }
    if (!line.starts_with(index_word)) return malformed("index", "is missing");
    auto index = decimal(line.substr(index_word.size()));
    if (!index) return malformed("index", "must be a number without zeros before it");
    file.index = *index;
    for (;;) {
        if (text.empty()) return malformed("proof", "has no empty line before a checkpoint");
        line = take_line(text);
        if (line.empty()) break;
        auto hash = schema::from_base64(line, "hash");
        if (!hash || hash->size() != 32) return malformed("hash", "must be the base64 of 32 bytes");
        if (file.hashes.size() == hash_limit) return malformed("hash", "is one too many: no tree is so high");
        file.hashes.push_back(Digest::of(as_bytes(*hash)));
    }
    if (text.empty()) return malformed("checkpoint", "is missing");
    file.checkpoint = text;
    return file;
}

schema::Result<ProofFile> proof_file_of(const Receipt& receipt) {
    auto entry = Entry::decode(as_bytes(receipt.entry));
    if (!entry) return tl::unexpected(entry.error());
    return ProofFile{entry->position(), std::nullopt, receipt.proof, receipt.checkpoint};
}

schema::Result<Proven> verify_proof_file(const Digest& leaf, std::string_view text, std::span<const VerifierKey> keys,
                                         const WitnessPolicy* policy) {
    auto file = parse_proof_file(text);
    if (!file) return tl::unexpected(file.error());
    auto note = parse_note(file->checkpoint);
    if (!note) return tl::unexpected(note.error());
    auto by_policy = keys.empty() && policy && !policy->logs.empty();
    auto checkpoint = by_policy ? open_checkpoint(*note, *policy) : open_checkpoint(*note, keys);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    return lead(leaf, *file, *checkpoint, *note, policy);
}

schema::Result<Proven> verify_proof_file(const Digest& leaf, std::string_view text, std::span<const PublicKey> keys,
                                         const WitnessPolicy* policy) {
    auto file = parse_proof_file(text);
    if (!file) return tl::unexpected(file.error());
    auto checkpoint = open_checkpoint(file->checkpoint, keys);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    auto note = parse_note(file->checkpoint);
    if (!note) return tl::unexpected(note.error());
    return lead(leaf, *file, *checkpoint, *note, policy);
}

}  // namespace ledger
