#include "tools/demo_player.h"

#include <algorithm>

#include "schema/event_types.h"
#include "schema/json.h"

namespace tools::demo {
namespace {

namespace json = boost::json;
using schema::fail;
using schema::Fault;

constexpr size_t batch_limit = 200, verify_every = 100;

}  // namespace

schema::Result<void> Player::take(const Saying& saying) {
    auto* type = schema::type_named(std::string_view(saying.fact.begin()->key()));
    ASSERT(type);
    if (builds_on_batch(saying, *type)) TRY(finish());
    auto made = draft(saying);
    if (!made) return fail(Fault::malformed, made.error().field, saying.story + ": " + made.error().message);

    Handed handed;
    auto bytes = schema::as_bytes(made->event);
    handed.signatures.push_back(saying.voice.person->key.sign(ledger::event_context, bytes));
    if (saying.joint) handed.signatures.push_back(saying.joint->person->key.sign(ledger::event_context, bytes));
    handed.event = std::move(made->event);
    handed.words = saying.words;
    handed.played_at = saying.recorded;
    batch_streams_.insert(saying.stream);
    batch_ids_.insert(saying.id);
    until_ = saying.recorded;
    batch_.push_back({saying, std::move(handed), saying.voice.person->key.public_key()});
    return batch_.size() < batch_limit ? schema::Result<void>() : finish();
}

// A decision is taken on the whole record of its stream, so what is under way there must have its receipts first. The
// directory and the practice change what everybody may do; and somebody may not rely on what has no place yet.
bool Player::builds_on_batch(const Saying& saying, const schema::EventType& type) const {
    using schema::StreamKind;
    if (batch_.empty()) return false;
    auto governs = [](const StreamId& stream) {
        auto kind = schema::kind_of(stream);
        return kind == StreamKind::directory || kind == StreamKind::practice;
    };
    if (governs(batch_.front().saying.stream) != governs(saying.stream)) return true;
    if (batch_.front().saying.fact.contains("ledgerOpened")) return true;  // before it nobody has a key
    if (type.decision && batch_streams_.count(saying.stream)) return true;
    return std::any_of(saying.basis.begin(), saying.basis.end(), [&](auto& id) { return batch_ids_.count(id) > 0; });
}

schema::Result<ledger::Draft> Player::draft(const Saying& saying) const {
    ledger::DraftContext context;
    context.origin = origin;
    context.actor = saying.voice.person->id;
    context.key = saying.voice.person->key.id();
    context.role = saying.voice.role;
    context.team = saying.voice.team;
    context.stream = saying.stream;
    if (auto known = heads_.find(saying.stream); known != heads_.end()) context.seen = known->second;
    context.checkpoint_size = checkpoint_.size;
    context.checkpoint_root = checkpoint_.root;

    auto occurred = saying.day_only ? schema::london_time(schema::london_day(saying.occurred), {}) : saying.occurred;
    json::object fields{{"id", text(saying.id)},
                        {"occurred", {{"at", schema::iso(occurred)}, {"precision", saying.day_only ? "day" : "exact"}}},
                        {"fact", saying.fact}};
    if (!saying.source.empty()) fields["source"] = saying.source;
    json::array basis;
    for (auto& id : saying.basis)
        if (auto known = positions_.find(id); known != positions_.end()) basis.push_back(known->second);
    if (!basis.empty()) fields["basis"] = std::move(basis);
    if (saying.joint) {
        json::object signer{{"person", text(saying.joint->person->id)},
                            {"key", text(saying.joint->person->key.id())},
                            {"role", saying.joint->role}};
        if (!saying.joint->team.empty()) signer["team"] = saying.joint->team;
        fields["joint"] = json::array{std::move(signer)};
    }
    return ledger::draft(context, fields, saying.words);
}

schema::Result<void> Player::finish() {
    if (batch_.empty()) return {};
    std::vector<Handed> handed;
    for (auto& gathered : batch_) handed.push_back(std::move(gathered.handed));
    auto answer = door_->hand_in(handed);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->refused) {
        auto& saying = batch_[std::min(*answer->refused, batch_.size() - 1)].saying;
        return fail(Fault::forbidden, "the story is wrong, or a rule is: " + saying.story +
                                          " was refused: " + answer->refusal + "\n" + json::serialize(saying.fact));
    }
    TRY(read_receipts(*answer));
    ++batches_;
    batch_.clear();
    batch_streams_.clear();
    batch_ids_.clear();
    return {};
}

schema::Result<void> Player::read_receipts(const Door::Answer& answer) {
    if (answer.receipts.size() != batch_.size())
        return fail(Fault::corrupt, "there are not as many receipts as events");
    for (size_t i = 0; i < batch_.size(); ++i) {
        auto& receipt = answer.receipts[i];
        auto& saying = batch_[i].saying;
        auto entry = ledger::Entry::decode(schema::as_bytes(receipt.entry));
        if (!entry) return tl::unexpected(entry.error());
        if (entry->id() != saying.id) return fail(Fault::corrupt, "the receipt is for another event");
        if (played_++ % verify_every == 0) {
            TRY(ledger::verify_receipt(receipt, checkpoint_key_, batch_[i].key));
            ++verified_;
        }
        heads_[saying.stream] = {entry->revision(), entry->position(), entry->leaf()};
        positions_[saying.id] = entry->position();
    }
    auto checkpoint = ledger::open_checkpoint(answer.receipts.back().checkpoint, checkpoint_key_);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    checkpoint_ = *std::move(checkpoint);
    return {};
}

uint64_t Player::events_in(const StreamId& stream) const {
    auto known = heads_.find(stream);
    return known == heads_.end() ? 0 : known->second.revision;
}

}  // namespace tools::demo
