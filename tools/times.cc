#include "tools/times.h"

#include <algorithm>

#include "ledger/evidence.h"

namespace tools {

schema::Result<std::optional<Times>> Times::read(const std::string& folder) {
    auto evidence = ledger::Evidence::open_read_only(folder);
    if (!evidence) return tl::unexpected(evidence.error());
    if (!*evidence) return std::nullopt;
    Times times;
    TRY((*evidence)->each_cosigned(0, [&](auto& one) {
        times.cosigned_.push_back(one);
        return true;
    }));
    TRY((*evidence)->each_token(0, [&](auto& one) {
        times.stamped_.push_back(one);
        return true;
    }));
    return times;
}

std::vector<uint64_t> Times::sizes() const {
    std::vector<uint64_t> all;
    for (auto& one : cosigned_) all.push_back(one.size);
    for (auto& one : stamped_) all.push_back(one.size);
    return all;
}

void Times::check(const ledger::AuditReport& audit, const Believed& believed, std::vector<ledger::Finding>& findings) {
    ledger::EvidenceTrust trust;
    trust.origin = audit.origin;
    trust.checkpoint_keys = believed.public_keys();
    // The book's own, beside those that are believed: it may have had others since.
    trust.checkpoint_keys.insert(trust.checkpoint_keys.end(), audit.checkpoint_keys.begin(),
                                 audit.checkpoint_keys.end());
    if (believed.policy)
        for (auto& witness : believed.policy->witnesses) trust.witnesses.push_back(witness.key);
    trust.authorities = believed.authorities;
    trust.root_at = [&](uint64_t size) -> schema::Result<ledger::Digest> {
        if (auto found = audit.roots.find(size); found != audit.roots.end()) return found->second;
        return schema::fail(schema::Fault::corrupt, "checkpoint",
                            "of " + std::to_string(size) + " entries was shown to others, and the book holds fewer");
    };
    auto take = [&](auto& one) {
        auto some = ledger::attested(one, trust);
        if (some) attested_.insert(attested_.end(), some->begin(), some->end());
        else if (findings.size() < ledger::audit_findings)
            findings.push_back({one.size ? one.size - 1 : 0, "evidence", some.error().text()});
        return some.has_value();
    };
    for (auto& one : cosigned_)
        if (take(one)) sound_.push_back(one);
    for (auto& one : stamped_) take(one);
    std::stable_sort(attested_.begin(), attested_.end(), [](auto& a, auto& b) { return a.size < b.size; });
    first_said_.resize(attested_.size());
    for (size_t i = attested_.size(); i-- > 0;) {
        bool is_last = i + 1 == attested_.size();
        first_said_[i] = is_last || attested_[i].latest < attested_[first_said_[i + 1]].latest ? i : first_said_[i + 1];
    }
}

ledger::Bracket Times::of(uint64_t position, uint64_t seen) const {
    // Of all that was said only these can be a bound, so that a long book with much evidence is told in good time.
    std::vector<ledger::Attested> near;
    auto by_size = [](uint64_t size, auto& one) { return size < one.size; };
    auto above = std::upper_bound(attested_.begin(), attested_.end(), position, by_size);
    if (above != attested_.end())
        near.push_back(attested_[first_said_[static_cast<size_t>(above - attested_.begin())]]);
    auto shown = std::upper_bound(attested_.begin(), attested_.end(), seen, by_size);
    while (shown != attested_.begin()) {
        --shown;
        near.push_back(*shown);
        if (shown == attested_.begin() || std::prev(shown)->size != shown->size) break;
    }
    return ledger::bracket(position, seen, near);
}

schema::Result<TimesTold> Times::told(const ledger::Log& log, uint64_t from, uint64_t to, const Each& each) const {
    TimesTold told;
    told.notes = cosigned_.size() + stamped_.size();
    told.said = attested_.size();
    if (attested_.empty() && !each) return told;
    TRY(log.read(from, to, [&](uint64_t position, schema::Bytes bytes) {
        auto entry = ledger::Entry::decode(bytes);
        if (!entry) return true;  // told by the audit
        auto bracket = of(position, entry->read().getSeen().getSize());
        told.not_after += bracket.not_after.has_value();
        told.not_before += bracket.not_before.has_value();
        told.contradictory += bracket.contradictory();
        told.dated_late += bracket.not_after && entry->recorded() > bracket.not_after->latest;
        if (each) each(*entry, bracket);
        return true;
    }));
    return told;
}

boost::json::object TimesTold::to_json() const {
    return {{"checkpoints", notes},           {"said", said},
            {"notAfter", not_after},          {"notBefore", not_before},
            {"contradictory", contradictory}, {"recordedLaterThanProven", dated_late}};
}

boost::json::object bracket_line(const ledger::Entry& entry, const ledger::Bracket& bracket) {
    boost::json::object line{{"position", entry.position()}, {"recorded", schema::iso(entry.recorded())}};
    for (auto& [name, value] : ledger::to_json(bracket)) line[name] = value;
    return line;
}

}  // namespace tools
