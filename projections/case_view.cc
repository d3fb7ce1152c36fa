#include "projections/case_view.h"

#include <algorithm>

namespace projections {

std::string ContactView::state() const {
    if (accepted_at) return "accepted";
    if (check_stands())
        return checked == "accept"     ? "second-checked"
               : checked == "signpost" ? "signposted"
                                       : "redirected-to-social-care";
    if (decided == "signpost") return "signposted";
    if (decided == "redirect") return "redirected-to-social-care";
    if (routed_at) return "routed";
    if (!decided.empty()) return "mash-decided";
    return recommended.empty() ? "received" : "recommended";
}

bool ContactView::settled() const { return !episode.empty() || option() == "signpost" || option() == "redirect"; }

std::string ConsentView::state() const {
    if (form.empty()) return "refused";
    return withdrawn ? "withdrawn" : confirmed ? "confirmed" : "given";
}

std::string TransferView::state() const {
    if (releasing && receiving) return "completed";
    if (releasing) return "releasing-record-closed";
    if (receiving) return "receiving-record-opened";
    if (handover) return "handed-over";
    if (panel) return decision == "transfer" ? "decided-to-transfer" : "decided-not-to-transfer";
    return summary ? "summary-prepared" : "proposed";
}

bool HoldView::stands_on(const SubjectId& subject) const {
    return !released && std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
}

const EpisodeView* CaseView::open_episode() const {
    for (auto it = episodes.rbegin(); it != episodes.rend(); ++it)
        if (it->open()) return &*it;
    return nullptr;
}

bool CaseView::at_front_door() const {
    if (open_episode() || contacts.empty()) return false;
    auto began = contacts.back().received.position;
    return episodes.empty() || began > episodes.back().opened.position;
}

std::string CaseView::state() const {
    if (auto* episode = open_episode()) return episode->state;
    if (at_front_door()) return contacts.back().state();
    const TransferView* transfer = transfers.empty() ? nullptr : &transfers.back();
    if (!episodes.empty() &&
        (!transfer || transfer->proposed.position < episodes.back().opened.position || transfer->direction == "stepUp"))
        return episodes.back().state;
    return transfer ? "transfer-" + transfer->state() : "";
}

bool CaseView::open() const {
    if (open_episode()) return true;
    if (at_front_door()) return !contacts.back().settled();
    auto now = state();
    return now.starts_with("transfer-") && now != "transfer-decided-not-to-transfer";
}

uint32_t Holding::children() const {
    size_t sum = 0;
    for (auto& [level, ids] : children_at) sum += ids.size();
    return static_cast<uint32_t>(sum);
}

bool Holding::lasts(const CaseView& view) const {
    auto* open = view.open_episode();
    if (!open || episode != open->id || worker != open->worker || lead != open->lead || team != open->team ||
        overrides.size() != open->overrides.size() || children() != open->children.size())
        return false;
    // Each level has the children whom it has now, in their order.
    std::vector<size_t> met(children_at.size(), 0);
    for (auto& child : open->children) {
        auto level = view.levels.find(child);
        auto at = children_at.find(level == view.levels.end() ? std::string() : level->second);
        if (at == children_at.end()) return false;
        auto& next = met[static_cast<size_t>(std::distance(children_at.begin(), at))];
        if (next == at->second.size() || at->second[next++] != child) return false;
    }
    return true;
}

std::optional<Holding> holding(const CaseView& view) {
    auto* episode = view.open_episode();
    if (!episode) return std::nullopt;
    Holding held;
    held.from_position = view.position;
    held.from = view.last_recorded;
    held.stream = view.stream;
    held.episode = episode->id;
    held.worker = episode->worker;
    held.lead = episode->lead;
    held.team = episode->team;
    for (auto& child : episode->children) {
        auto level = view.levels.find(child);
        held.children_at[level == view.levels.end() ? "" : level->second].push_back(child);
    }
    held.overrides = episode->overrides;
    return held;
}

size_t footprint(const CaseView& view) {
    auto of = [](auto&... lists) { return ((lists.size() * sizeof(*lists.begin())) + ...); };
    constexpr size_t node = 48;  // of a map or a set
    auto bytes = of(view.children, view.adults, view.contacts, view.consents, view.episodes, view.plans,
                    view.assessments, view.alerts, view.transfers, view.withdrawals, view.corrections, view.retentions,
                    view.holds, view.erasure_requests, view.erasures, view.disclosures, view.named_in_error) +
                 (view.levels.size() + view.types.size()) * (node + sizeof(SubjectId)) + view.in_case.size() * 4 * node;
    for (auto& episode : view.episodes)
        bytes += of(episode.holders, episode.scaling, episode.oversight, episode.overrides);
    for (auto& plan : view.plans) bytes += of(plan.updates);
    return 2 * bytes;  // what has grown has room to grow, and texts have their own
}

}  // namespace projections
