#include "ledger/freshness.h"

#include <algorithm>

#include "ledger/cosignature.h"
#include "schema/time.h"

namespace ledger {

using schema::Result;

Result<Witnessed> witnessed_within(const Note& note, const WitnessPolicy& policy, const Window& window) {
    Note kept{note.text, {}};
    for (auto& line : note.signatures) {
        auto witness = std::find_if(policy.witnesses.begin(), policy.witnesses.end(),
                                    [&](auto& one) { return line.is_of(one.key); });
        if (witness == policy.witnesses.end()) continue;
        auto time = cosigned_by(Note{note.text, {line}}, witness->key);
        if (!time) return tl::unexpected(time.error());
        if (*time && **time >= window.not_before && **time <= window.not_after) kept.signatures.push_back(line);
    }
    return witnessed(kept, policy);
}

Result<Witnessed> is_fresh(const Note& note, const WitnessPolicy& policy, const Window& window) {
    auto within = witnessed_within(note, policy, window);
    if (!within || (within->enough && !within->by.empty())) return within;
    auto all = witnessed(note, policy);
    if (!all) return all;
    std::vector<uint64_t> times;
    for (auto& by : all->by) times.push_back(by.time);
    std::sort(times.rbegin(), times.rend());
    // The newest time since which enough have cosigned.
    for (auto time : times) {
        auto then = witnessed_within(note, policy, {time, window.not_after});
        if (then && then->enough)
            return schema::malformed("checkpoint", "was witnessed by enough at " +
                                                       schema::iso(schema::time_of(static_cast<int64_t>(time) * 1000)) +
                                                       ", and not in the time that was asked for");
    }
    return schema::malformed("checkpoint", "is not cosigned by enough of the policy's witnesses");
}

}  // namespace ledger
