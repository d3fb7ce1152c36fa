// Keeping, forgetting, disclosing: how long the record about a person is kept, what forbids to erase it, who approves.
// A legal hold goes before a schedule, a schedule before a request. An erasure takes the words; no entry ever goes.
#include <algorithm>

#include "commands/rules.h"

namespace commands {
namespace {

constexpr const char* format = "docs/FORMAT.md";

SubjectId subject_in(capnp::Data::Reader id) { return SubjectId::of(bytes_of(id)); }

constexpr int first_year = 1950;  // nobody's record is kept to before there was a service

int year_of(Day day) { return int(std::chrono::year_month_day(day).year()); }

// Whoever else signs must be someone else, in a role that may record this as well.
std::optional<Judgement> require_second(const Facts& facts, Event::Reader event) {
    auto type = name_of(event.getFact().which());
    for (auto joint : event.getJoint())
        if (person_in(joint.getPerson()) != facts.actor && may_record(facts, text_of(joint.getRole()), type))
            return std::nullopt;
    return refuse(Refusal::second_approver_missing, format, {}, "joint");
}

// What of the case a schedule's classes may select; nothing that was entered in error.
std::optional<RetentionClass::Reader> class_needed(const CaseState& state, RetentionSchedule::Reader schedule) {
    std::vector<schema::InCase> in_case;
    for (auto& [id, happened] : state.events)
        if (!happened.in_error) in_case.push_back({name_of(happened.type), happened.kind});
    return schema::class_needed(schedule, in_case);
}

// The class that was set last for this person, if it is the one that the case needs now.
const Retention* retention_of(const CaseState& state, const Facts& facts, const SubjectId& subject) {
    auto schedule = facts.practices.retention(facts.day());
    auto needed = schedule ? class_needed(state, *schedule) : std::nullopt;
    for (auto set = state.retentions.rbegin(); set != state.retentions.rend(); ++set)
        if (set->subject == subject) return needed && set->code == text_of(needed->getCode()) ? &*set : nullptr;
    return nullptr;
}

// Every hold that there was on them in this case is named, so that both approvers looked at each.
bool names_all_holds(const CaseState& state, SubjectErased::Reader event, const SubjectId& subject) {
    std::set<EventId> named;
    for (auto id : event.getHoldsChecked()) named.insert(ref(id));
    return std::all_of(state.holds.begin(), state.holds.end(),
                       [&](const Hold& hold) { return !hold.subjects.contains(subject) || named.contains(hold.id); });
}

std::optional<Judgement> require_retention_over(const CaseState& state, const Facts& facts, const SubjectId& subject,
                                                capnp::Data::Reader named) {
    if (!facts.practices.retention(facts.day())) return refuse(Refusal::no_retention_schedule, format);
    auto* kept = retention_of(state, facts, subject);
    if (!kept) return refuse(Refusal::retention_not_set, format, "or the case has needed another class since");
    if (ref(named) != kept->id)
        return refuse(Refusal::erasure_incomplete, format, "it names another retention",
                      "fact.subjectErased.retention");
    if (year_of(facts.day()) <= kept->until_year)
        return refuse(Refusal::still_kept, format, "to the end of " + std::to_string(kept->until_year));
    return std::nullopt;
}

// A schedule goes before a request: what it still keeps is not erased because somebody asks.
std::optional<Judgement> require_grantable(const CaseState& state, const Facts& facts, const SubjectId& subject,
                                           capnp::Data::Reader named) {
    auto* request = CaseState::find(state.erasure_requests, ref(named));
    if (!request || request->subject != subject)
        return refuse(Refusal::erasure_incomplete, format, "it names no request about this person",
                      "fact.subjectErased.request");
    if (request->refused) return refuse(Refusal::decided_already, format, "the request was refused");
    if (!facts.practices.retention(facts.day())) return std::nullopt;
    auto* kept = retention_of(state, facts, subject);
    if (!kept) return refuse(Refusal::retention_not_set, format);
    if (year_of(facts.day()) <= kept->until_year)
        return refuse(Refusal::still_kept, format, "to the end of " + std::to_string(kept->until_year));
    return std::nullopt;
}

}  // namespace

Judgement retention_class_set(const CaseState& state, const Facts& facts, RetentionClassSet::Reader event) {
    auto schedule = facts.practices.retention(facts.day());
    if (!schedule) return refuse(Refusal::no_retention_schedule, format);
    auto needed = class_needed(state, *schedule);
    if (!needed || text_of(event.getClass()) != text_of(needed->getCode()))
        return refuse(Refusal::retention_class_other, schedule->getSource(),
                      needed ? "class: " + std::string(text_of(needed->getCode())) : "the schedule has none for it",
                      "fact.retentionClassSet.class");
    // A birth is nothing that an event holds; from a closure the year can be counted.
    if (needed->getFrom() == RetentionFrom::CLOSURE) {
        if (state.open_episode() || !state.closed_at) return refuse(Refusal::record_in_use, needed->getSource());
        auto until = year_of(london_day(*state.closed_at)) + needed->getYears();
        if (event.getUntilYear() < until)
            return refuse(Refusal::retention_too_short, needed->getSource(), "to the end of " + std::to_string(until),
                          "fact.retentionClassSet.untilYear");
    } else if (event.getUntilYear() < first_year) {
        return refuse(Refusal::retention_too_short, needed->getSource(), {}, "fact.retentionClassSet.untilYear");
    }

    return accept;
}

Judgement legal_hold_released(const CaseState& state, LegalHoldReleased::Reader event) {
    auto* hold = CaseState::find(state.holds, ref(event.getHold()));
    if (!hold || hold->released) return refuse(Refusal::recorded_already, format, "the hold has been released");

    return accept;
}

Judgement erasure_refused(const CaseState& state, const Facts& facts, Event::Reader event,
                          ErasureRefused::Reader refusal) {
    auto* request = CaseState::find(state.erasure_requests, ref(refusal.getRequest()));
    if (!request || request->refused) return refuse(Refusal::decided_already, format);
    CASELEDGER_REQUIRE(require_second(facts, event));

    return accept;
}

Judgement subject_erased(const CaseState& state, const Facts& facts, Event::Reader event,
                         SubjectErased::Reader erased) {
    auto subject = subject_in(erased.getSubject());
    CASELEDGER_REQUIRE(require_second(facts, event));
    if (facts.holds.on(subject)) return refuse(Refusal::on_hold, format);
    if (!names_all_holds(state, erased, subject))
        return refuse(Refusal::holds_not_checked, format, {}, "fact.subjectErased.holdsChecked");
    if (state.open_episode() && erased.getGround() != ErasureGround::ORDERED)
        return refuse(Refusal::record_in_use, format);
    if (erased.getGround() == ErasureGround::RETENTION_ENDED)
        CASELEDGER_REQUIRE(require_retention_over(state, facts, subject, erased.getRetention()));
    if (erased.getGround() == ErasureGround::REQUEST_GRANTED)
        CASELEDGER_REQUIRE(require_grantable(state, facts, subject, erased.getRequest()));

    return accept;
}

Judgement record_disclosed(const CaseState&, const Facts& facts, Event::Reader event,
                           RecordDisclosed::Reader disclosed) {
    bool about_some = disclosed.getWords() == WordsDisclosed::ABOUT_SUBJECTS;
    if (about_some != (disclosed.getSubjects().size() > 0))
        return refuse(Refusal::disclosure_incomplete, format, "subjects are named where words about them are opened",
                      "fact.recordDisclosed.subjects");
    if (disclosed.getPurpose() != DisclosurePurpose::SUBJECT_ACCESS) return accept;
    if (!about_some || disclosed.getSubjects().size() != 1)
        return refuse(Refusal::disclosure_incomplete, format, "a person's own record is the words about that person",
                      "fact.recordDisclosed.words");
    CASELEDGER_REQUIRE(require_second(facts, event));

    return accept;
}

}  // namespace commands
