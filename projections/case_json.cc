// A case as JSON: titles beside codes, times in London, ids for people. What is still to be done is said in plain
// words.
#include <algorithm>

#include "projections/case_view.h"
#include "projections/completeness.h"
#include "projections/keeping.h"
#include "projections/wording.h"

namespace projections {

namespace json = boost::json;

namespace {

class Teller {
  public:
    Teller(const CaseView& view, const References& references, schema::Time now)
        : view_(view), references_(references), day_(schema::london_day(now)) {}

    json::object tell() const {
        json::object out{{"stream", view_.stream.hex()},
                         {"state", view_.state()},
                         {"stateTitle", spoken_name(view_.state())},
                         {"open", view_.open()},
                         {"head",
                          {{"revision", view_.revision},
                           {"position", view_.position},
                           {"recorded", schema::iso(view_.last_recorded)}}},
                         {"children", children()},
                         {"adults", hex_list(view_.adults)}};
        out["contacts"] = each(view_.contacts, [&](auto& item) { return contact(item); });
        out["consents"] = each(view_.consents, [&](auto& item) { return consent(item); });
        out["episodes"] = each(view_.episodes, [&](auto& item) { return episode(item); });
        out["plans"] = each(view_.plans, [&](auto& item) { return plan(item); });
        out["assessments"] = each(view_.assessments, [&](auto& item) { return assessment(item); });
        out["alerts"] = each(view_.alerts, [&](auto& item) { return alert(item); });
        out["transfers"] = each(view_.transfers, [&](auto& item) { return transfer(item); });
        out["withdrawals"] = each(view_.withdrawals, [&](auto& item) { return withdrawal(item); });
        out["corrections"] = each(view_.corrections, [&](auto& item) { return correction(item); });
        out["keeping"] = keeping(view_, references_, day_);
        out["completeness"] = completeness(view_, references_, day_);
        out["openTasks"] = open_tasks(view_);
        return out;
    }

  private:
    template <class Items, class Tell>
    static json::array each(const Items& items, Tell tell) {
        json::array list;
        for (auto& item : items) list.push_back(tell(item));
        return list;
    }
    json::object code(std::string_view list, std::string_view value) const {
        return coded(value, references_.code_title(list, value, day_));
    }
    static json::value named(std::string_view name) {
        return name.empty() ? json::value(nullptr) : json::value(coded(name, spoken_name(name)));
    }
    json::object at(const At& at) const { return to_json(at, references_, day_); }
    json::value at(const std::optional<At>& maybe) const {
        return maybe ? json::value(at(*maybe)) : json::value(nullptr);
    }

    json::array children() const {
        return each(view_.children, [&](const SubjectId& child) {
            auto level = view_.levels.find(child);
            return json::object{{"child", child.hex()},
                                {"level", level == view_.levels.end() ? json::value(nullptr)
                                                                      : json::value(code("level", level->second))}};
        });
    }
    json::object contact(const ContactView& c) const {
        return {{"id", c.id.hex()},
                {"state", c.state()},
                {"stateTitle", spoken_name(c.state())},
                {"received", at(c.received)},
                {"channel", code("channel", c.channel)},
                {"referrer", code("referrer", c.referrer)},
                {"consentClaimed", named(c.consent_claimed)},
                {"outOfHours", c.out_of_hours},
                {"children", hex_list(c.children)},
                {"adults", hex_list(c.adults)},
                {"factors", each(c.factors, [&](auto& factor) { return code("factor", factor); })},
                {"priorEpisode", id_or_null(c.prior_episode)},
                {"recommended", named(c.recommended)},
                {"recommendedAt", at(c.recommended_at)},
                {"decided", named(c.decided)},
                {"decidedAt", at(c.decided_at)},
                {"routedAt", at(c.routed_at)},
                {"checked", named(c.checked)},
                {"checkedAt", at(c.checked_at)},
                {"acceptedAt", at(c.accepted_at)},
                {"referrerTold", at(c.referrer_told)},
                {"familyTold", at(c.family_told)},
                {"episode", id_or_null(c.episode)}};
    }
    json::object consent(const ConsentView& c) const {
        return {{"id", c.id.hex()},
                {"scope", code("consent-scope", c.scope)},
                {"state", c.state()},
                {"stateTitle", spoken_name(c.state())},
                {"form", named(c.form)},
                {"givenBy", id_or_null(c.given_by)},
                {"children", hex_list(c.children)},
                {"recordedAt", at(c.given)},
                {"confirmedAt", at(c.confirmed)},
                {"withdrawnAt", at(c.withdrawn)}};
    }
    json::object episode(const EpisodeView& e) const {
        json::object directed;
        for (auto& [name, day] : e.directed) directed[name] = schema::iso(day);
        return {
            {"id", e.id.hex()},
            {"contact", id_or_null(e.contact)},
            {"transfer", id_or_null(e.transfer)},
            {"state", e.state},
            {"stateTitle", spoken_name(e.state)},
            {"open", e.open()},
            {"opened", at(e.opened)},
            {"team", text_or_null(e.team)},
            {"teamName", text_or_null(references_.team_name(e.team))},
            {"locality", e.locality.empty() ? json::value(nullptr) : json::value(code("locality", e.locality))},
            {"children", hex_list(e.children)},
            {"worker", id_or_null(e.worker)},
            {"lead", id_or_null(e.lead)},
            {"holders",
             each(
                 e.holders,
                 [&](auto& holder) {
                     return json::object{{"person", holder.person.hex()}, {"as", holder.as}, {"from", at(holder.from)}};
                 })},
            {"needsScaling", each(e.scaling,
                                  [&](auto& scaling) {
                                      return json::object{{"score", scaling.score}, {"at", at(scaling.at)}};
                                  })},
            {"directedDates", std::move(directed)},
            {"visits", {{"recorded", e.visits_recorded}, {"planReviewed", e.plan_reviewed}}},
            {"oversight", oversight(view_, e, references_, day_)},
            {"oversightMissing", oversight_missing(view_, e, references_, day_)},
            {"capacityOverrides", each(e.overrides,
                                       [&](auto& over) {
                                           return json::object{{"id", over.id.hex()},
                                                               {"worker", over.worker.hex()},
                                                               {"cap", over.cap},
                                                               {"projected", over.projected},
                                                               {"approved", at(over.at)}};
                                       })},
            {"introducedAt", at(e.introduced)},
            {"planningMeetingAt", at(e.meeting)},
            {"closureProposedAt", at(e.closure_proposed)},
            {"closureLetterAt", at(e.closure_letter)},
            {"feedbackFormAt", at(e.feedback_form)},
            {"qualityConfirmedAt", at(e.quality_confirmed)},
            {"closedAt", at(e.closed)},
            {"closureReason",
             e.closure_reason.empty() ? json::value(nullptr) : json::value(code("closure-reason", e.closure_reason))},
            {"outcome", e.outcome.empty() ? json::value(nullptr) : json::value(code("outcome", e.outcome))}};
    }
    json::object plan(const PlanView& p) const {
        return {{"id", p.id.hex()},
                {"episode", p.episode.hex()},
                {"child", p.child.hex()},
                {"kind", code("plan", p.kind)},
                {"agreed", at(p.agreed)},
                {"updates", each(p.updates, [&](auto& update) { return at(update); })},
                {"latest", p.latest.hex()},
                {"version", p.updates.size() + 1},
                {"reviewBy", iso_or_null(p.review_by)},
                {"visitEveryDays", p.visit_every_days}};
    }
    json::object assessment(const AssessmentView& a) const {
        return {{"id", a.id.hex()},
                {"episode", a.episode.hex()},
                {"kind", code("assessment", a.kind)},
                {"state", a.state},
                {"stateTitle", spoken_name(a.state)},
                {"started", at(a.started)},
                {"submission", id_or_null(a.submission)},
                {"submittedAt", at(a.submitted)},
                {"authorisedAt", at(a.authorised)},
                {"sharedAt", at(a.shared)}};
    }
    json::object alert(const AlertView& a) const {
        json::value elapsed = nullptr, seconds = nullptr;
        if (a.decided) {
            auto took = a.decided->occurred - a.alerted.occurred;
            elapsed = spoken(took);
            seconds = std::chrono::duration_cast<std::chrono::seconds>(took).count();
        }
        std::string_view family = a.informed       ? "informed"
                                  : a.not_informed ? "not-informed"
                                  : a.judged       ? "judged-not-to-inform"
                                                   : "not-yet-informed";
        return {{"id", a.id.hex()},
                {"episode", id_or_null(a.episode)},
                {"alertedAt", at(a.alerted)},
                {"decidedAt", at(a.decided)},
                {"outcome", named(a.outcome)},
                {"discussedWith", a.discussed_with.empty() ? json::value(nullptr)
                                                           : json::value(code("discussed-with", a.discussed_with))},
                {"alertToDecision", elapsed},
                {"alertToDecisionSeconds", seconds},
                {"family", named(family)},
                {"informedAt", at(a.informed)},
                {"judgedAt", at(a.judged)},
                {"notInformedAt", at(a.not_informed)},
                {"safeguardingReferralAt", at(a.referred)}};
    }
    json::object transfer(const TransferView& t) const {
        return {{"id", t.id.hex()},
                {"direction", named(t.direction)},
                {"state", t.state()},
                {"stateTitle", spoken_name(t.state())},
                {"episode", id_or_null(t.episode)},
                {"proposedAt", at(t.proposed)},
                {"summaryAt", at(t.summary)},
                {"panelAt", at(t.panel)},
                {"decision", named(t.decision)},
                {"transferOn", iso_or_null(t.transfer_on)},
                {"presentedBy", hex_list(t.presented_by)},
                {"handoverAt", at(t.handover)},
                {"receivingOpenedAt", at(t.receiving)},
                {"endingLetterAt", at(t.ending_letter)},
                {"releasingClosedAt", at(t.releasing)}};
    }
    json::object withdrawal(const WithdrawalView& w) const {
        return {{"id", w.id.hex()},
                {"scope", w.scope.empty() ? json::value(nullptr) : json::value(code("consent-scope", w.scope))},
                {"at", at(w.at)},
                {"worriesContinue", w.worrying},
                {"consideredAt", at(w.considered)},
                {"decision", named(w.decision)}};
    }
    json::object correction(const CorrectionView& c) const {
        return {{"id", c.id.hex()},
                {"corrects", c.corrects.hex()},
                {"kind", named(c.kind)},
                {"reallyOccurred", iso_or_null(c.occurred)},
                {"at", at(c.at)}};
    }

    const CaseView& view_;
    const References& references_;
    schema::Day day_;
};

}  // namespace

json::object to_json(const At& at, const References& references, schema::Day day) {
    return {{"position", at.position},
            {"occurred", schema::iso(at.occurred)},
            {"recorded", schema::iso(at.recorded)},
            {"by", at.by.hex()},
            {"role", coded(at.role, references.role_title(at.role, day))}};
}

json::object to_json(const CaseView& view, const References& references, schema::Time now) {
    return Teller(view, references, now).tell();
}

}  // namespace projections
