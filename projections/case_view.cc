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

bool Holding::same_as(const Holding& other) const {
    return episode == other.episode && worker == other.worker && lead == other.lead && team == other.team &&
           children_at == other.children_at && overrides.size() == other.overrides.size();
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

}  // namespace projections
