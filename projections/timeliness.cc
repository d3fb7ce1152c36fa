#include "projections/timeliness.h"

#include <algorithm>
#include <array>
#include <map>

#include "projections/moments.h"
#include "projections/wording.h"

namespace projections {

namespace json = boost::json;

namespace {

// The first day without any role, of somebody who holds none any more.
std::optional<schema::Day> left_by(const ledger::Directory& directory, const PersonId& id, schema::Day today) {
    auto* person = directory.person(id);
    std::optional<schema::Day> last;
    for (auto& role : person ? person->roles : std::vector<ledger::Directory::Role>()) {
        if (!role.ended || *role.ended > today) return std::nullopt;
        last = last ? std::max(*last, *role.ended) : *role.ended;
    }
    return last;
}

struct Counts {
    std::array<uint64_t, verdicts> by_verdict{};
    uint64_t late = 0, adopted = 0, adopted_met = 0;

    void add(const Clock& clock) {
        ++by_verdict[static_cast<size_t>(clock.verdict)];
        late += clock.late();
        if (!clock.has_adopted() || clock.verdict == Verdict::open || clock.verdict == Verdict::monitored) return;
        ++adopted;
        adopted_met += clock.adopted_met();
    }
    json::object tell() const {
        json::object out;
        for (size_t i = 0; i < verdicts; ++i)
            if (static_cast<Verdict>(i) != Verdict::no_trigger)
                out[std::string(name_of(static_cast<Verdict>(i)))] = by_verdict[i];
        out["late"] = late;  // of missed-all: not done yet
        out["adoptedReading"] = json::object{{"met", adopted_met}, {"of", adopted}};
        return out;
    }
};

bool wanted(const Clock& clock, const TimelinessFilter& filter) {
    if (filter.readable && !filter.readable(clock.stream)) return false;
    if (filter.worker && clock.worker != *filter.worker) return false;
    if (!filter.team.empty() && clock.team != filter.team) return false;
    if (!filter.rule.empty() && clock.rule != filter.rule) return false;
    return filter.verdict.empty() || name_of(clock.verdict) == filter.verdict;
}

// What needs a look first: late, then open by due time, then what was missed, the rest by age.
struct Order {
    schema::Time now;
    std::pair<int, int64_t> key(const Clock& clock) const {
        auto due = clock.due(now);
        auto time = due ? schema::milliseconds(*due) : clock.trigger ? schema::milliseconds(clock.trigger->at) : 0;
        if (clock.late()) return {0, time};
        switch (clock.verdict) {
            case Verdict::open: return {1, time};
            case Verdict::missed_all: return {2, -time};
            case Verdict::met_some:
            case Verdict::early: return {3, -time};
            default: return {4, -time};
        }
    }
    bool operator()(const Clock& a, const Clock& b) const {
        auto left = key(a), right = key(b);
        if (left != right) return left < right;
        return std::tie(a.stream, a.rule, a.trigger->position) < std::tie(b.stream, b.rule, b.trigger->position);
    }
};

// The first few of many, without keeping the many.
template <class Less>
class First {
  public:
    First(size_t limit, Less less) : limit_(limit), less_(less) {}
    void add(Clock clock) {
        ++seen_;
        clocks_.push_back(std::move(clock));
        if (clocks_.size() >= 2 * limit_ + 64) cut();
    }
    std::vector<Clock>& sorted() {
        cut();
        return clocks_;
    }
    uint64_t left_out() const { return seen_ - clocks_.size(); }

  private:
    void cut() {
        std::sort(clocks_.begin(), clocks_.end(), less_);
        if (clocks_.size() > limit_) clocks_.resize(limit_);
    }
    size_t limit_;
    Less less_;
    uint64_t seen_ = 0;
    std::vector<Clock> clocks_;
};

Clocks clocks_of(const Asked& asked) {
    auto today = schema::london_day(asked.now);
    return Clocks(asked.references.practice(), asked.now,
                  [&, today](const PersonId& id) { return left_by(asked.references.directory(), id, today); });
}

schema::Result<void> each_clock(const Table& moments, const TimelinessFilter& filter, const Asked& asked,
                                const std::function<void(Clock)>& take) {
    const Clocks clocks = clocks_of(asked);
    return each_stream(moments, asked.size, asked.recorded_by, [&](const StreamId& stream, std::vector<Moment> own) {
        for (auto& clock : clocks.evaluate(stream, own))
            if (wanted(clock, filter)) take(std::move(clock));
        return true;
    });
}

}  // namespace

json::object timeliness_of_case(const StreamId& stream, const std::vector<Moment>& moments, const Asked& asked) {
    Counts counts;
    json::array list;
    for (auto& clock : clocks_of(asked).evaluate(stream, moments, true)) {
        counts.add(clock);
        list.push_back(to_json(clock, asked.references, asked.now));
    }
    return {{"clocks", std::move(list)}, {"counts", counts.tell()}};
}

schema::Result<json::object> timeliness(const Table& moments, const TimelinessFilter& filter, const Asked& asked) {
    Counts all;
    std::map<std::string, std::pair<std::string, Counts>> rules;
    std::map<std::string, Counts> teams;
    std::map<PersonId, Counts> workers;
    First first(std::clamp<size_t>(filter.limit, 1, 1000), Order{asked.now});
    TRY(each_clock(moments, filter, asked, [&](Clock clock) {
        all.add(clock);
        auto& rule = rules[clock.rule];
        rule.first = clock.title;
        rule.second.add(clock);
        teams[clock.team].add(clock);
        workers[clock.worker].add(clock);
        first.add(std::move(clock));
    }));
    json::array by_rule, by_team, by_worker, clocks;
    for (auto& [rule, row] : rules)
        by_rule.push_back(json::object{{"rule", rule}, {"title", row.first}, {"counts", row.second.tell()}});
    for (auto& [team, row] : teams)
        by_team.push_back(json::object{{"team", text_or_null(team)},
                                       {"name", text_or_null(asked.references.team_name(team))},
                                       {"counts", row.tell()}});
    for (auto& [worker, row] : workers)
        by_worker.push_back(json::object{{"person", id_or_null(worker)}, {"counts", row.tell()}});
    for (auto& clock : first.sorted()) clocks.push_back(to_json(clock, asked.references, asked.now));
    return json::object{{"counts", all.tell()},        {"rules", std::move(by_rule)},
                        {"teams", std::move(by_team)}, {"workers", std::move(by_worker)},
                        {"clocks", std::move(clocks)}, {"more", first.left_out()}};
}

schema::Result<json::object> due_soon(const Table& moments, const TimelinessFilter& filter, const Asked& asked,
                                      uint32_t working_days) {
    auto today = schema::london_day(asked.now);
    // Counted on the calendar of the practice in force; without one, on weekdays alone.
    std::optional<schema::Day> until;
    if (auto* edition = asked.references.practice().binding(today))
        until = asked.references.practice()
                    .working_days(schema::text_of(edition->practice().getCalendar()))
                    .after(today, working_days, today);
    if (!until) until = today + std::chrono::days{working_days * 7 / 5};
    auto end = schema::london_time(*until + std::chrono::days{1}, std::chrono::milliseconds{0});

    First first(std::clamp<size_t>(filter.limit, 1, 1000), Order{asked.now});
    TRY(each_clock(moments, filter, asked, [&](Clock clock) {
        if (clock.verdict != Verdict::open) return;
        auto due = clock.due(asked.now);
        if (due && *due <= end) first.add(std::move(clock));
    }));
    json::array list;
    for (auto& clock : first.sorted()) list.push_back(to_json(clock, asked.references, asked.now));
    return json::object{{"workingDays", working_days},
                        {"until", schema::iso(*until)},
                        {"due", std::move(list)},
                        {"more", first.left_out()}};
}

}  // namespace projections
