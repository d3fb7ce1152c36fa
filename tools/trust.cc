#include "tools/trust.h"

#include <fmt/format.h>

#include <filesystem>

#include "ledger/entry.h"
#include "ledger/tree.h"
#include "schema/json.h"
#include "tools/reading.h"

namespace tools {
namespace {

namespace json = boost::json;

tl::unexpected<Failure> distrust(std::string message) {
    Failure failure(Exit::verification, std::move(message));
    failure.name = "checkpoint_fails";
    failure.advice = "Nothing was signed. Keep FILE.seen and tell those who audit this ledger.";
    return tl::unexpected(failure);
}

schema::Result<json::object> read_seen(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return json::object{};
    auto text = ledger::read_file(path, 1 << 20);
    if (!text) return tl::unexpected(text.error());
    auto value = schema::parse_json(*text);
    if (!value || !value->is_object())
        return schema::malformed(path, "cannot be read; it is what this client has seen");
    return std::move(value->get_object());
}

}  // namespace

Attempt<Trust> Trust::open(const Desk& desk, const ServiceFacts& facts,
                           const std::optional<schema::PublicKey>& pinned) {
    Trust trust;
    trust.path_ = desk.key + ".seen";
    trust.origin_ = facts.origin;
    trust.key_ = facts.checkpoint_key;
    auto all = read_seen(trust.path_);
    if (!all) return tl::unexpected(all.error());
    trust.all_ = *std::move(all);
    if (pinned && *pinned != facts.checkpoint_key)
        return distrust("the service signs its checkpoints with another key than the one that was given");
    auto* seen = trust.all_.if_contains(facts.origin);
    if (!seen) {
        if (!pinned)
            desk.say(
                fmt::format("First contact with {}. Its checkpoint key is {}; compare it with what you were given.",
                            facts.origin, facts.checkpoint_key.hex()));
        return trust;
    }
    auto text = [&](const char* name) {
        auto* found = seen->is_object() ? seen->get_object().if_contains(name) : nullptr;
        return found && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    if (auto known = schema::PublicKey::from_hex(text("checkpointKey")); known && *known != facts.checkpoint_key) {
        // Named by the service is not named by the book: advance() looks there.
        bool was_its = false;
        for (auto& [key, from] : facts.checkpoint_keys) {
            if (was_its && key == facts.checkpoint_key) trust.next_ = std::pair{key, from};
            was_its |= key == *known;
        }
        if (!trust.next_) return distrust("the service signs its checkpoints with another key than before");
        trust.key_ = *known;
    }
    auto last = ledger::open_checkpoint(text("checkpoint"), trust.key_);
    if (!last) return schema::malformed(trust.path_, "holds a checkpoint that cannot be read");
    trust.last_ = *last;
    return trust;
}

Attempt<ledger::Checkpoint> Trust::advance(Calls& calls) {
    auto note = calls.get_text("/v1/checkpoint", "text/plain");
    if (!note) return tl::unexpected(note.error());
    return advance(calls, *note);
}

Attempt<ledger::Checkpoint> Trust::advance(Calls& calls, const std::string& note) {
    auto next = ledger::open_checkpoint(note, key_);
    if (!next) return distrust("the service's checkpoint is not signed by its key: " + next.error().message);
    if (next->origin != origin_) return distrust("the service's checkpoint is of another ledger");
    if (next->size < last_.size)
        return distrust(
            fmt::format("the service shows {} entries, but {} have been seen before", next->size, last_.size));
    if (next->size == last_.size && last_.size > 0 && next->root != last_.root)
        return distrust(fmt::format("the service shows other entries than before: two roots for {}", next->size));
    if (last_.size > 0 && next->size > last_.size) {
        auto grown = extends(calls, last_, *next);
        if (!grown) return tl::unexpected(grown.error());
        if (!*grown)
            return distrust(
                fmt::format("the service cannot show that its {} entries extend the {} that were seen before",
                            next->size, last_.size));
    }
    if (next_) TRY(adopt(calls, *next));
    last_ = *next;
    all_[origin_] = {{"checkpointKey", key_.hex()}, {"checkpoint", note}};
    TRY(save());
    return *next;
}

Attempt<bool> Trust::extends(Calls& calls, const ledger::Checkpoint& from, const ledger::Checkpoint& to) const {
    auto answer = calls.get(Target("/v1/proof/consistency")
                                .with("from", std::to_string(from.size))
                                .with("to", std::to_string(to.size))
                                .text());
    if (!answer) return tl::unexpected(answer.error());
    ledger::Proof proof;
    auto* steps = answer->is_object() ? answer->get_object().if_contains("proof") : nullptr;
    if (steps && steps->is_array())
        for (auto& step : steps->get_array())
            proof.push_back(
                step.is_string()
                    ? ledger::Digest::from_hex(std::string_view(step.get_string())).value_or(ledger::Digest{})
                    : ledger::Digest{});
    return ledger::verify_consistency(from.size, to.size, from.root, to.root, proof);
}

Attempt<> Trust::accept(Calls& calls, const std::string& note) {
    auto shown = ledger::open_checkpoint(note, key_);
    if (!shown)
        return distrust("the receipt's checkpoint is not signed by the service's key: " + shown.error().message);
    if (shown->size == 0 || shown->size >= last_.size || shown->origin != origin_) {
        auto advanced = advance(calls, note);
        if (!advanced) return tl::unexpected(advanced.error());
        return {};
    }
    auto before = extends(calls, *shown, last_);
    if (!before) return tl::unexpected(before.error());
    if (!*before)
        return distrust(
            fmt::format("the service cannot show that the {} entries that were seen extend the receipt's {}",
                        last_.size, shown->size));
    return {};
}

// The old key signed for a book that holds the entry which names the new one.
Attempt<> Trust::adopt(Calls& calls, const ledger::Checkpoint& checkpoint) {
    auto [key, from] = *next_;
    auto shown = calls.get("/v1/entries/" + std::to_string(from));
    if (!shown) return tl::unexpected(shown.error());
    auto proven = calls.get(Target("/v1/proof/inclusion")
                                .with("position", std::to_string(from))
                                .with("size", std::to_string(checkpoint.size))
                                .text());
    if (!proven) return tl::unexpected(proven.error());
    auto raw = schema::from_base64(told(*shown, "raw"), "raw");
    auto entry = raw ? ledger::Entry::decode(schema::as_bytes(*raw)) : tl::unexpected(raw.error());
    ledger::Proof proof;
    for (auto& step : listed(*proven, "proof"))
        if (auto digest =
                step.is_string() ? ledger::Digest::from_hex(std::string_view(step.get_string())) : std::nullopt)
            proof.push_back(*digest);
    bool named = entry && schema::decode_event(entry->event().bytes()) && entry->fact().isCheckpointKeyRotated() &&
                 schema::PublicKey::of(schema::bytes_of(entry->fact().getCheckpointKeyRotated().getPublicKey())) == key;
    if (!named || !ledger::verify_inclusion(from, checkpoint.size, entry->leaf(), proof, checkpoint.root))
        return distrust("the service names a new key for its checkpoints that its book does not");
    key_ = key;
    next_.reset();
    return {};
}

// All or nothing: a file that is cut short would forget what was seen.
schema::Result<void> Trust::save() const {
    std::error_code error;
    auto next = path_ + ".new";
    std::filesystem::remove(next, error);
    TRY(ledger::write_secret(next, json::serialize(all_) + "\n"));
    std::filesystem::rename(next, path_, error);
    if (error) return schema::fail(schema::Fault::io, path_, "cannot be written: " + error.message());
    return {};
}

Attempt<SignedIn> sign_in(const Desk& desk, const std::optional<schema::PublicKey>& pinned) {
    auto calls = Calls::sign_in(desk);
    if (!calls) return tl::unexpected(calls.error());
    auto facts = calls->facts();
    if (!facts) return tl::unexpected(facts.error());
    auto trust = Trust::open(desk, *facts, pinned);
    if (!trust) return tl::unexpected(trust.error());
    return SignedIn{*std::move(calls), *std::move(facts), *std::move(trust)};
}

}  // namespace tools
