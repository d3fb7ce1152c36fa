#include "ledger/witness.h"

#include <algorithm>
#include <filesystem>

namespace ledger {
namespace {

namespace fs = std::filesystem;
using schema::fail;
using schema::Fault;

WitnessAnswer refuse(int status, std::string why) {
    WitnessAnswer answer;
    answer.status = status;
    answer.body = std::move(why) + "\n";
    return answer;
}

WitnessAnswer conflict(uint64_t last_size) {
    auto answer = refuse(409, std::to_string(last_size));
    answer.content_type = "text/x.tlog.size";
    return answer;
}

bool leads(const AddCheckpoint& request, const LastCosigned* last, const Checkpoint& shown) {
    if (!last) return request.proof.empty();
    if (last->size == shown.size) return request.proof.empty() && last->root == shown.root;
    // Every tree extends the empty one, and nothing can be shown of that.
    if (last->size == 0) return request.proof.empty();
    return verify_consistency(last->size, shown.size, last->root, shown.root, request.proof);
}

}  // namespace

VerifierKey witness_identity(const std::string& name, const SigningKey& key) {
    return {name, KeyType::cosignature, key.public_key()};
}

Witness::Witness(std::string folder, VerifierKey identity, SigningKey key, std::vector<VerifierKey> logs,
                 Options options)
    : folder_(std::move(folder)),
      identity_(std::move(identity)),
      key_(std::move(key)),
      logs_(std::move(logs)),
      options_(std::move(options)) {}

schema::Result<std::unique_ptr<Witness>> Witness::open(const std::string& folder, const std::string& name,
                                                       const SigningKey& key, std::vector<VerifierKey> logs,
                                                       Options options) {
    for (auto& log : logs) {
        if (log.type != KeyType::ed25519) return schema::malformed("log", log.text() + " is no key of a log");
        if (log.key == key.public_key()) return schema::malformed("log", "has the witness's own key");
    }
    auto store = WitnessStore::open(folder);
    if (!store) return tl::unexpected(store.error());
    auto identity = witness_identity(name, key);
    if ((*store)->identity() != identity.text())
        return fail(Fault::conflict, folder,
                    "is the witness " + (*store)->identity() + ", not " + identity.text() +
                        "; another name or key is another witness and has a folder of its own");
    auto witness =
        std::unique_ptr<Witness>(new Witness(folder, std::move(identity), key, std::move(logs), std::move(options)));
    witness->store_ = *std::move(store);
    return witness;
}

schema::Result<WitnessAnswer> Witness::add_checkpoint(std::string_view body, const Clock& clock) {
    auto request = read_add_checkpoint(body);
    if (!request) return refuse(400, request.error().text());
    auto note = parse_note(request->note);
    if (!note) return refuse(400, note.error().text());
    auto shown = parse_checkpoint(note->text);
    if (!shown) return refuse(400, shown.error().text());

    bool known = false, is_signed = false;
    for (auto& log : logs_) {
        if (log.name != shown->origin) continue;
        known = true;
        auto found = signed_by(*note, log);
        is_signed = is_signed || (found && *found);
    }
    if (!known) return refuse(404, "this log is not known here");
    if (!is_signed) return refuse(403, "the checkpoint is not signed by a key of this log that is known here");
    if (request->old_size > shown->size) return refuse(400, "old: is more than the checkpoint's size");
    return judge(*request, *note, *shown, clock);
}

schema::Result<WitnessAnswer> Witness::judge(const AddCheckpoint& request, const Note& note, const Checkpoint& shown,
                                             const Clock& clock) {
    // From looking to writing nobody else comes between: two that extend the same old state cannot both be taken.
    std::lock_guard lock(mutex_);
    auto* last = store_->last(shown.origin);
    uint64_t last_size = last ? last->size : 0;
    auto told = [&](WitnessAnswer answer, const char* misconduct) {
        answer.origin = shown.origin;
        answer.size = shown.size;
        answer.conflict = misconduct;
        if (last && *misconduct) answer.evidence = keep(answer, *last, request);
        return answer;
    };
    if (last && shown.size == last_size && shown.root != last->root) return told(conflict(last_size), "fork");
    if (last && shown.size < last_size) return told(conflict(last_size), "rollback");
    if (request.old_size != last_size) return told(conflict(last_size), "");
    if (!leads(request, last, shown))
        return told(refuse(422, "proof: does not lead from the checkpoint cosigned last to this one"),
                    last ? "unproven" : "");

    // Of the note only the lines of known keys are kept: others' do not concern us and may be many.
    Note kept{note.text, {}};
    for (auto& signature : note.signatures)
        if (std::any_of(logs_.begin(), logs_.end(), [&](auto& log) { return signature.is_of(log); }))
            kept.signatures.push_back(signature);
    // A cosignature says what was seen when: without a clock that can be believed none is given.
    auto now = clock();
    if (!now) return told(refuse(503, now.error().text()), "");
    TRY(store_->put(shown.origin, {shown.size, shown.root, *now, kept.str()}));
    if (options_.persisted) options_.persisted();
    WitnessAnswer answer;
    answer.body = cosign(note.text, identity_.name, key_, *now).line();
    return told(std::move(answer), "");
}

// Both notes in one file. What was kept once is not kept again, and there is a limit: an old checkpoint can be shown by
// anybody who has one.
std::string Witness::keep(const WitnessAnswer& answer, const LastCosigned& last, const AddCheckpoint& request) const {
    std::error_code error;
    auto conflicts = folder_ + "/conflicts";
    fs::create_directories(conflicts, error);
    auto text = "# " + answer.conflict + "\n# cosigned by " + identity_.text() + " at " + std::to_string(last.time) +
                "\n" + last.note + "\n# and then it was shown\n" + request.body();
    auto digest = sha256({schema::as_bytes(last.note), schema::as_bytes(request.note)});
    auto path = conflicts + "/" + answer.conflict + "-" + digest.hex().substr(0, 32) + ".txt";
    if (fs::exists(path, error)) return path;
    size_t files = 0;
    for (fs::directory_iterator it(conflicts, error), end; !error && it != end; it.increment(error)) ++files;
    if (error || files >= options_.most_conflicts) return {};
    return write_secret(path, text) ? path : std::string();
}

}  // namespace ledger
