#include "tools/redecision.h"

#include <algorithm>

#include "schema/marks.h"

namespace tools {
namespace {

using ledger::Finding;

// What the writer says of a refusal, said of an entry that is there all the same.
Finding finding_of(const ledger::Entry& entry, const commands::Refused& refused) {
    auto what = "should have been refused: " + std::string(commands::name(refused.reason)) + ". " + refused.text();
    if (!refused.source.empty() && what.find(refused.source) == what.npos) what += " [" + refused.source + "]";
    return {entry.position(), refused.field.empty() ? "event" : "event." + refused.field, what};
}

const schema::StructMarks* marks_of_fact(const ledger::Entry& entry) {
    capnp::DynamicStruct::Reader fact = entry.fact();
    KJ_IF_MAYBE (which, fact.which()) {
        return &schema::marks_of(which->getType().asStruct());
    }
    return nullptr;
}

// That an event which must be explained in words has words under the headings it must have. That the words are the
// signed ones is the audit's to check.
std::optional<Finding> ask_words(const ledger::Entry& entry, std::span<const ledger::WordPart> words) {
    auto* marks = marks_of_fact(entry);
    if (!marks || marks->words.empty()) return std::nullopt;
    if (entry.read().getWords().size() == 0)
        return Finding{entry.position(), "event.words",
                       "should have been refused: words_missing. It must be explained in words, but it signs none"};
    if (words.empty()) return std::nullopt;  // told by the audit
    for (auto& heading : marks->words)
        if (std::none_of(words.begin(), words.end(), [&](auto& word) { return word.heading == heading; }))
            return Finding{entry.position(), "words",
                           "should have been refused: words_missing. Nothing is written under the heading " + heading};
    return std::nullopt;
}

}  // namespace

schema::Result<Redecision> Redecision::above(ledger::AuditState& state) {
    Redecision made([&state](auto& stream, auto& take) { return state.entries(stream, take); });
    auto kept = state.kept();
    if (!kept) return tl::unexpected(kept.error());
    for (auto& [stream, folded] : *kept)
        if (auto loaded = made.bench_.load(stream, folded); !loaded) return tl::unexpected(loaded.error());
    return made;
}

std::optional<Finding> Redecision::decide(const ledger::Entry& entry, const schema::ExaminedEvent& event,
                                          std::span<const ledger::WordPart> words) {
    auto found = ask_rules(entry, event);
    if (!found) found = ask_words(entry, words);
    ++decided_;
    if (auto applied = bench_.apply(entry); !applied && !found)
        found = Finding{entry.position(), "event", applied.error().text()};
    return found;
}

std::optional<Finding> Redecision::ask_rules(const ledger::Entry& entry, const schema::ExaminedEvent& event) {
    auto& genesis = bench_.directory().genesis();
    auto judgement = bench_.judge(event, entry.recorded(), entry.position(), genesis.checkpoint_key);
    if (!judgement) return Finding{entry.position(), "event", judgement.error().text()};
    if (judgement->refused) return finding_of(entry, *judgement->refused);
    return std::nullopt;
}

}  // namespace tools
