#include "projections/completeness.h"

#include <algorithm>

#include "projections/wording.h"

namespace projections {

namespace json = boost::json;
using schema::text_of;

namespace {

bool has(const CaseView& view, capnp::Text::Reader event_type) {
    auto* type = schema::type_named(text_of(event_type));
    return type && view.types.contains(static_cast<uint32_t>(type->which));
}

// Whether the record holds an entry of a type as the practice wants it: consent in writing, a plan for every child.
// What closure asks for, seen beforehand (commands/rules_ending.cc).
struct Evidence {
    const CaseView& view;
    const EpisodeView* episode;
    schema::Practice::Reader practice;

    bool holds(capnp::Text::Reader type) const {
        if (!has(view, type)) return false;
        auto which = schema::type_named(text_of(type))->which;
        if (episode && which == schema::Fact::CONSENT_RECORDED) return holds_consent();
        if (episode && which == schema::Fact::PLAN_AGREED) return holds_plans();
        return true;
    }

  private:
    std::optional<schema::GuardRow::Reader> guard(schema::Guard wanted) const {
        for (auto row : practice.getGuards())
            if (row.getGuard() == wanted) return row;
        return std::nullopt;
    }
    bool holds_consent() const {
        auto row = guard(schema::Guard::CONSENT_IN_WRITING);
        if (!row || episode->contact.empty()) return true;
        uint64_t before = 0;  // where the last episode ended
        for (auto& other : view.episodes)
            if (other.id != episode->id && other.closed) before = std::max(before, other.closed->position);
        return std::any_of(view.consents.begin(), view.consents.end(), [&](const ConsentView& consent) {
            return consent.scope == text_of(row->getCode()) && consent.given.position > before &&
                   (consent.form == "written" || consent.form == "electronic");
        });
    }
    bool holds_plans() const {
        if (!guard(schema::Guard::PLAN_FOR_EVERY_CHILD)) return true;
        return std::all_of(episode->children.begin(), episode->children.end(), [&](auto& child) {
            return std::any_of(view.plans.begin(), view.plans.end(),
                               [&](auto& plan) { return plan.episode == episode->id && plan.child == child; });
        });
    }
};

// What makes oversight at a point due: the event it looks at. Points that are not here are due from the start.
struct Due {
    std::string_view point;
    bool (*reached)(const CaseView&, const EpisodeView&);
};
constexpr Due due_points[] = {
    {"allocation", [](const CaseView&, const EpisodeView& episode) { return !episode.worker.empty(); }},
    {"assessment",
     [](const CaseView& view, const EpisodeView& episode) {
         return std::any_of(view.assessments.begin(), view.assessments.end(), [&](auto& assessment) {
             return assessment.episode == episode.id && assessment.authorised;
         });
     }},
    {"first-plan",
     [](const CaseView& view, const EpisodeView& episode) {
         return std::any_of(view.plans.begin(), view.plans.end(),
                            [&](auto& plan) { return plan.episode == episode.id; });
     }},
    {"plan",
     [](const CaseView& view, const EpisodeView& episode) {
         return std::any_of(view.plans.begin(), view.plans.end(),
                            [&](auto& plan) { return plan.episode == episode.id; });
     }},
    {"transfer",
     [](const CaseView& view, const EpisodeView& episode) {
         return std::any_of(view.transfers.begin(), view.transfers.end(), [&](auto& transfer) {
             return transfer.episode == episode.id && transfer.decision == "transfer";
         });
     }},
    {"closure", [](const CaseView&, const EpisodeView& episode) { return episode.closure_proposed || episode.closed; }},
};

}  // namespace

json::array completeness(const CaseView& view, const References& references, schema::Day day) {
    const EpisodeView* episode = view.newest_episode();
    if (episode && episode->closed) day = schema::london_day(episode->closed->recorded);
    auto* edition = references.practice().binding(day);
    json::array lists;
    if (!edition) return lists;
    Evidence evidence_of{view, episode, edition->practice()};
    for (auto checklist : edition->practice().getChecklists()) {
        json::array items;
        bool complete = true;
        for (auto item : checklist.getItems()) {
            json::array missing;
            for (auto evidence : item.getEvidence()) {
                if (evidence.getWhen().size() && !has(view, evidence.getWhen())) continue;
                json::array any_of;
                bool present = false;
                for (auto type : evidence.getAnyOf()) {
                    present |= evidence_of.holds(type);
                    if (auto* known = schema::type_named(text_of(type)))
                        any_of.push_back(coded(text_of(type), schema::title_of(known->which)));
                }
                if (!present) missing.push_back(json::object{{"anyOf", std::move(any_of)}});
            }
            std::string reason;
            if (episode)
                if (auto told = episode->not_applicable.find(item.getNumber()); told != episode->not_applicable.end())
                    reason = told->second;
            std::string_view state = missing.empty() ? "present" : reason.empty() ? "absent" : "not-applicable";
            complete &= state != "absent";
            items.push_back(json::object{
                {"number", item.getNumber()},
                {"title", text_of(item.getTitle())},
                {"source", text_of(item.getSource())},
                {"state", state},
                {"reason", reason.empty() ? json::value(nullptr)
                                          : json::value(coded(
                                                reason, references.code_title("not-applicable-reason", reason, day)))},
                {"missing", std::move(missing)}});
        }
        lists.push_back(json::object{{"code", text_of(checklist.getCode())},
                                     {"title", text_of(checklist.getTitle())},
                                     {"source", text_of(checklist.getSource())},
                                     {"complete", complete},
                                     {"items", std::move(items)}});
    }
    return lists;
}

json::array oversight(const CaseView& view, const EpisodeView& episode, const References& references, schema::Day day) {
    json::array points;
    auto recorded = [&](std::string_view point) {
        json::array times;
        for (auto& each : episode.oversight)
            if (each.point == point)
                times.push_back(json::object{{"position", each.at.position},
                                             {"occurred", schema::iso(each.at.occurred)},
                                             {"by", each.at.by.hex()},
                                             {"role", each.at.role}});
        return times;
    };
    auto* edition = references.practice().binding(day);
    if (!edition) return points;
    for (auto list : edition->practice().getCodeLists()) {
        if (text_of(list.getName()) != "oversight-point") continue;
        for (auto point : list.getCodes()) {
            auto code = text_of(point.getCode());
            auto times = recorded(code);
            auto* due = std::find_if(std::begin(due_points), std::end(due_points),
                                     [&](auto& row) { return row.point == code; });
            bool reached = due == std::end(due_points) || due->reached(view, episode);
            points.push_back(json::object{{"point", code},
                                          {"title", text_of(point.getTitle())},
                                          {"source", text_of(point.getSource())},
                                          {"state", !times.empty() ? "recorded"
                                                    : reached      ? "missing"
                                                                   : "not-yet-due"},
                                          {"at", std::move(times)}});
        }
    }
    return points;
}

json::array oversight_missing(const CaseView& view, const EpisodeView& episode, const References& references,
                              schema::Day day) {
    json::array missing;
    for (auto& point : oversight(view, episode, references, day))
        if (point.at("state") == "missing")
            missing.push_back(json::object{{"code", point.at("point")}, {"title", point.at("title")}});
    return missing;
}

json::array open_tasks(const CaseView& view) {
    json::array tasks;
    auto task = [&](std::string_view code, std::string_view title, const EventId& about, const At& since) {
        tasks.push_back(json::object{
            {"task", code}, {"title", title}, {"about", about.hex()}, {"since", schema::iso(since.occurred)}});
    };
    for (auto& c : view.contacts) {
        auto state = c.state();
        if (state == "received" || state == "recommended")
            task("decide-contact", "Front door decision is open", c.id, c.received);
        if (state == "mash-decided")
            task("route-contact", "Not yet routed to the service's inbox", c.id, *c.decided_at);
        if (state == "routed") task("second-check", "Second check is open", c.id, *c.routed_at);
        if (state == "second-checked") task("accept-referral", "Referral not yet accepted", c.id, *c.checked_at);
        if (state == "accepted" && c.episode.empty())
            task("open-episode", "Episode not yet opened", c.id, *c.accepted_at);
        if (c.option() != "signpost" && c.option() != "redirect") continue;
        auto& since = c.check_stands() ? *c.checked_at : *c.decided_at;
        if (!c.referrer_told) task("tell-referrer", "Outcome not yet shared with the referrer", c.id, since);
        if (!c.family_told) task("tell-family", "Outcome not yet shared with the family", c.id, since);
    }
    for (auto& e : view.episodes) {
        if (!e.open()) continue;
        if (e.worker.empty()) task("allocate", "Not yet allocated to a worker", e.id, e.opened);
        if (e.state == "ending")
            task("close-case", "Closure is proposed and not yet decided", e.id, *e.closure_proposed);
    }
    for (auto& a : view.assessments) {
        if (a.state == "submitted") task("authorise-assessment", "Assessment awaits authorisation", a.id, *a.submitted);
        if (a.state == "returned")
            task("rework-assessment", "Assessment was returned for more work", a.id, *a.submitted);
        if (a.authorised && !a.shared)
            task("share-assessment", "Assessment not yet shared with the family", a.id, *a.authorised);
    }
    for (auto& a : view.alerts) {
        if (!a.decided) task("decide-escalation", "Alert to a manager is undecided", a.id, a.alerted);
        if (a.outcome == "significantHarm" && !a.referred)
            task("make-safeguarding-referral", "Safeguarding referral not yet made", a.id, *a.decided);
        if (!a.informed && !a.not_informed)
            task("tell-family-of-alert", "Family neither informed nor judged not to be", a.id, a.alerted);
    }
    for (auto& w : view.withdrawals)
        if (!w.considered) task("consider-withdrawal", "Withdrawal not yet considered by a manager", w.id, w.at);
    for (auto& t : view.transfers) {
        if (!t.panel) task("decide-transfer", "Transfer awaits the panel", t.id, t.proposed);
        if (t.decision != "transfer") continue;
        if (!t.handover) task("hand-over", "Handover not yet held", t.id, *t.panel);
        if (t.handover && !t.receiving)
            task("open-receiving-record", "Receiving record not yet opened", t.id, *t.handover);
        if (t.handover && !t.releasing)
            task("close-releasing-record", "Releasing record not yet closed", t.id, *t.handover);
    }
    return tasks;
}

}  // namespace projections
