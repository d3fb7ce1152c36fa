#include "projections/keeping.h"

#include <algorithm>

#include "projections/wording.h"

namespace projections {

namespace json = boost::json;

namespace {

uint32_t year_of(schema::Day day) {
    return static_cast<uint32_t>(static_cast<int>(std::chrono::year_month_day(day).year()));
}

// When the last episode to close did so.
const At* last_closure(const CaseView& view) {
    const At* last = nullptr;
    for (auto& episode : view.episodes)
        if (episode.closed && (!last || last->position < episode.closed->position)) last = &*episode.closed;
    return last;
}

PersonKeeping person_kept(const CaseView& view, const std::optional<NeededClass>& needed, const SubjectId& subject,
                          std::string_view as, schema::Day today) {
    PersonKeeping kept;
    kept.subject = subject;
    kept.as = as;
    for (auto& set : view.retentions)
        if (set.subject == subject) kept.retention = &set;
    for (auto& hold : view.holds)
        if (hold.stands_on(subject)) kept.holds.push_back(&hold);
    for (auto& request : view.erasure_requests)
        if (request.subject == subject && request.open()) kept.requests.push_back(&request);
    for (auto& erasure : view.erasures)
        if (erasure.subject == subject) kept.erased = &erasure;
    kept.forgotten = kept.erased && view.worked < kept.erased->at.position;
    if (!needed) return kept;

    kept.stale = kept.retention && (kept.retention->code != needed->code ||
                                    (needed->until_year && kept.retention->until_year < *needed->until_year));
    if (view.open() || kept.forgotten) return kept;
    kept.set_now = (!kept.retention || kept.stale) && (needed->from_birth || needed->until_year);
    kept.over = kept.retention && !kept.stale && kept.retention->until_year < year_of(today);
    return kept;
}

class Teller {
  public:
    Teller(const CaseView& view, const References& references, schema::Day day)
        : view_(view), references_(references), day_(day), schedule_(references.practice().retention(day)) {}

    json::object tell() const {
        return {{"people", each(people_kept(view_, schedule_, day_), [&](auto& kept) { return person(kept); })},
                {"holds", each(view_.holds, [&](auto& hold) { return to_json(hold, references_, day_); })},
                {"erasureRequests", each(view_.erasure_requests, [&](auto& item) { return request(item); })},
                {"disclosures", each(view_.disclosures, [&](auto& item) { return disclosure(item); })}};
    }

  private:
    template <class Items, class Tell>
    static json::array each(const Items& items, Tell tell) {
        json::array list;
        for (auto& item : items) list.push_back(tell(item));
        return list;
    }
    json::object at(const At& at) const { return to_json(at, references_, day_); }
    json::value at(const std::optional<At>& maybe) const {
        return maybe ? json::value(at(*maybe)) : json::value(nullptr);
    }
    static json::value named(std::string_view name) {
        return name.empty() ? json::value(nullptr) : json::value(coded(name, spoken_name(name)));
    }

    json::object person(const PersonKeeping& kept) const {
        json::value retention = nullptr, needed = nullptr, erased = nullptr;
        if (auto* set = kept.retention)
            retention = json::object{{"id", set->id.hex()},
                                     {"class", class_json(set->code, schedule_)},
                                     {"untilYear", set->until_year},
                                     {"at", at(set->at)}};
        if (auto wanted = needed_class(view_, schedule_)) {
            needed = coded(wanted->code, wanted->title);
            needed.as_object()["untilYear"] =
                wanted->until_year ? json::value(*wanted->until_year) : json::value(nullptr);
        }
        if (auto* gone = kept.erased)
            erased = json::object{{"id", gone->id.hex()},
                                  {"ground", named(gone->ground)},
                                  {"at", at(gone->at)},
                                  {"with", hex_list(gone->with)}};
        return {{"subject", kept.subject.hex()},
                {"as", kept.as},
                {"retention", std::move(retention)},
                {"neededClass", std::move(needed)},
                {"stale", kept.stale},
                {"holds", each(kept.holds, [&](auto* hold) { return to_json(*hold, references_, day_); })},
                {"erasureRequests", each(kept.requests, [&](auto* item) { return request(*item); })},
                {"erased", std::move(erased)}};
    }
    json::object request(const ErasureRequestView& r) const {
        return {{"id", r.id.hex()},          {"subject", r.subject.hex()},   {"by", named(r.by)},
                {"open", r.open()},          {"requested", at(r.requested)}, {"refusedAt", at(r.refused)},
                {"ground", named(r.ground)}, {"erasedAt", at(r.erased)}};
    }
    json::object disclosure(const DisclosureView& d) const {
        return {{"id", d.id.hex()},        {"purpose", named(d.purpose)},
                {"words", named(d.words)}, {"subjects", hex_list(d.subjects)},
                {"withheld", d.withheld},  {"at", at(d.at)},
                {"with", hex_list(d.with)}};
    }

    const CaseView& view_;
    const References& references_;
    schema::Day day_;
    Schedule schedule_;
};

}  // namespace

std::optional<NeededClass> needed_class(const CaseView& view, const Schedule& schedule) {
    if (!schedule) return std::nullopt;
    std::vector<schema::InCase> in_case;
    for (auto& [type, kinds] : view.in_case)
        for (auto& kind : kinds) in_case.push_back({schema::name_of(static_cast<schema::Fact::Which>(type)), kind});
    auto found = schema::class_needed(*schedule, in_case);
    if (!found) return std::nullopt;
    NeededClass needed{std::string(schema::text_of(found->getCode())), std::string(schema::text_of(found->getTitle())),
                       found->getFrom() == schema::RetentionFrom::BIRTH, std::nullopt};
    if (auto* closed = needed.from_birth ? nullptr : last_closure(view))
        needed.until_year = year_of(schema::london_day(closed->occurred)) + found->getYears();
    return needed;
}

std::vector<PersonKeeping> people_kept(const CaseView& view, const Schedule& schedule, schema::Day today) {
    auto needed = needed_class(view, schedule);
    std::vector<PersonKeeping> all;
    auto add = [&](const std::vector<SubjectId>& subjects, std::string_view as) {
        for (auto& subject : subjects)
            if (std::none_of(all.begin(), all.end(), [&](auto& known) { return known.subject == subject; }))
                all.push_back(person_kept(view, needed, subject, as, today));
    };
    add(view.children, "child");
    add(view.adults, "adult");
    add(view.named_in_error, "namedInError");
    return all;
}

json::object keeping(const CaseView& view, const References& references, schema::Day day) {
    return Teller(view, references, day).tell();
}

json::object to_json(const HoldView& hold, const References& references, schema::Day day) {
    return {
        {"id", hold.id.hex()},
        {"reason", coded(hold.reason, spoken_name(hold.reason))},
        {"subjects", hex_list(hold.subjects)},
        {"stands", !hold.released},
        {"since", schema::iso(hold.placed.occurred)},
        {"placed", to_json(hold.placed, references, day)},
        {"releasedAt", hold.released ? json::value(to_json(*hold.released, references, day)) : json::value(nullptr)}};
}

json::object class_json(std::string_view code, const Schedule& schedule) {
    if (schedule)
        for (auto known : schedule->getClasses())
            if (schema::text_of(known.getCode()) == code) return coded(code, schema::text_of(known.getTitle()));
    return coded(code, code);
}

}  // namespace projections
