#include "projections/runs.h"

#include <algorithm>
#include <set>

namespace projections {

using schema::Grid;
using schema::london_day;
using schema::Pairing;
using schema::text_of;
using schema::Time;

namespace {

bool before(const Moment& a, const Moment& b) {
    return std::tie(a.occurred, a.position) < std::tie(b.occurred, b.position);
}

bool same_line(Pairing pairing, const Moment& a, const Moment& b) {
    return pairing == Pairing::WORKER ? a.person("worker") == b.person("worker") : same_thread(a, b);
}

// Whether `later` takes the place of an earlier decision: the same said again of the same contact, episode or children.
bool replaces(const Moment& later, const Moment& earlier) {
    auto same = [](auto& a, auto& b) { return a.field == b.field && a.event == b.event; };
    return later.type == earlier.type && !earlier.refers.empty() && later.children == earlier.children &&
           std::equal(later.refers.begin(), later.refers.end(), earlier.refers.begin(), earlier.refers.end(), same);
}

// The day that an event gives instead of the reading's own limit.
std::optional<schema::Day> day_given(const ReadingRow& reading, const Moment& moment) {
    if (!reading.giver.matches(moment)) return std::nullopt;
    return moment.date(text_of(reading.reading.getReplacedBy()));
}

// How a result stands to its deadline. What is known to the day only is compared by the day.
struct Compared {
    schema::Time done;
    bool day_only;
    bool after(schema::Time due) const { return day_only ? london_day(done) > last_day(due) : done > due; }
    bool ahead_of(schema::Time opens) const { return day_only ? london_day(done) < london_day(opens) : done < opens; }
    // A limit in days is the end of its last day, which is the next day's midnight.
    static schema::Day last_day(schema::Time due) { return london_day(due - std::chrono::milliseconds{1}); }
};

}  // namespace

bool same_thread(const Moment& a, const Moment& b) {
    if (!a.episode.empty() && !b.episode.empty()) return a.episode == b.episode;
    return !a.contact.empty() && a.contact == b.contact;
}

Course::Course(std::vector<Moment> standing, const schema::PracticeBook& practice) : moments_(std::move(standing)) {
    std::sort(moments_.begin(), moments_.end(), before);
    for (auto& moment : moments_) {
        auto day = london_day(moment.occurred);
        auto evidenced = practice.in_evidence(day);
        governed_.push_back({evidenced ? evidenced : practice.binding(day), evidenced != nullptr});
        for (auto& reference : moment.refers) referring_[reference.event].push_back(&moment);
    }
}

bool Course::follows(const ReadingRow& reading, const Moment& start, const Moment& end) const {
    if (&start == &end) return false;
    if (reading.reading.getMayComeBefore()) return true;
    auto from = reading.start.time(start), to = reading.end.time(end);
    if (to > from) return true;
    if (to == from) return end.position > start.position;
    // A day without an hour may be any time of that day, so on one and the same day the order of recording decides.
    return (start.day_only() || end.day_only()) && end.position > start.position && london_day(from) == london_day(to);
}

const Moment* Course::end_of(const ReadingRow& reading, const Moment& start,
                             const std::vector<const Moment*>& ends) const {
    switch (auto pairing = reading.reading.getPairing()) {
        case Pairing::ITSELF: return reading.end.matches(start) ? &start : nullptr;
        case Pairing::REFERENCE: {
            const Moment* first = nullptr;
            auto found = referring_.find(start.id);
            if (found == referring_.end()) return nullptr;
            for (const Moment* end : found->second)
                if (reading.end.matches(*end) && (!first || reading.end.time(*end) < reading.end.time(*first)))
                    first = end;
            return first;
        }
        case Pairing::EPISODE:
        case Pairing::WORKER:
            for (const Moment* end : ends)
                if (follows(reading, start, *end) && same_line(pairing, start, *end)) return end;
            return nullptr;
    }
    return nullptr;
}

// A decision that was taken again no longer stops anything.
bool Course::stops(const RuleRow& rule, const Moment& moment) const {
    auto is = [&](const Selected& stop) { return stop.matches(moment); };
    if (std::none_of(rule.stops.begin(), rule.stops.end(), is)) return false;
    return std::none_of(moments_.begin(), moments_.end(),
                        [&](const Moment& other) { return before(moment, other) && replaces(other, moment); });
}

// A stop about some children leaves a clock running for the others whom its starts were about.
const Moment* Course::stop_of(const RuleRow& rule, const ReadingRow& reading, const Moment& start) const {
    std::set<SubjectId> children;
    for (auto& moment : moments_) {
        if (!same_thread(start, moment)) continue;
        if (reading.start.matches(moment)) children.insert(moment.children.begin(), moment.children.end());
        if (!stops(rule, moment)) continue;
        for (auto& child : moment.children) children.erase(child);
        if (&moment == &start || moment.occurred < start.occurred) continue;
        if (moment.children.empty() || children.empty()) return &moment;
    }
    return nullptr;
}

// In a rolling rule what ends one clock starts the next, once the first has been started.
bool Course::begins(const ReadingRow& reading, const Moment& moment, const std::vector<const Moment*>& starts) const {
    if (reading.start.matches(moment)) return true;
    if (!reading.reading.getRepeats() || !reading.end.matches(moment)) return false;
    return std::any_of(starts.begin(), starts.end(), [&](const Moment* earlier) {
        return follows(reading, *earlier, moment) && same_line(reading.reading.getPairing(), *earlier, moment);
    });
}

void Course::run(const EditionRows& edition, const RuleRow& rule, const ReadingRow& reading,
                 std::vector<Run>& runs) const {
    auto pairing = reading.reading.getPairing();
    std::vector<const Moment*> starts, ends;
    for (auto& moment : moments_) {
        if (reading.start.matches(moment)) starts.push_back(&moment);
        if (reading.end.matches(moment)) ends.push_back(&moment);
    }
    if (starts.empty()) return;
    std::stable_sort(ends.begin(), ends.end(), [&](const Moment* a, const Moment* b) {
        return std::tuple(reading.end.time(*a), a->position) < std::tuple(reading.end.time(*b), b->position);
    });
    auto first_runs = static_cast<ptrdiff_t>(runs.size());
    for (size_t i = 0; i < moments_.size(); ++i) {
        const Moment& start = moments_[i];
        if (governed_[i].edition != edition.edition) continue;
        if (!begins(reading, start, starts)) continue;
        Run run{&reading, &start, end_of(reading, start, ends), stop_of(rule, reading, start),
                &start,   1,      governed_[i].evidenced,       std::nullopt};
        // What came after the clock had stopped does not end it; what came before does.
        if (run.end && run.stop && run.stop != run.end && before(*run.stop, *run.end)) run.end = nullptr;
        if (run.end) run.stop = nullptr;
        // Started again while it runs, it is one clock: a second child's plan does not ask for a second review meeting,
        // unless it sets a day of its own.
        auto running = [&](const Run& earlier) {
            return earlier.end == run.end && earlier.stop == run.stop && same_line(pairing, *earlier.start, start);
        };
        if (pairing == Pairing::EPISODE && !day_given(reading, start) &&
            std::any_of(runs.begin() + first_runs, runs.end(), running))
            continue;
        runs.push_back(run);
    }
    if (reading.reading.getGrid() == Grid::FIXED) lay_on_grid(edition, runs, first_runs, starts);
}

// The n-th clock of a case on a fixed grid is due n limits after the first start; after a late end, at the first point
// of the grid still to come.
void Course::lay_on_grid(const EditionRows& edition, std::vector<Run>& runs, ptrdiff_t from,
                         const std::vector<const Moment*>& starts) const {
    std::vector<Run> laid;
    std::unordered_map<const Moment*, uint32_t> last;
    for (auto each = runs.begin() + from; each != runs.end(); ++each) {
        Run run = *each;
        auto pairing = run.reading->reading.getPairing();
        auto first = std::find_if(starts.begin(), starts.end(),
                                  [&](const Moment* start) { return same_line(pairing, *start, *run.start); });
        run.base = *first;
        // Only the first start sets the grid; a later one starts nothing of its own.
        if (run.start != run.base && run.reading->start.matches(*run.start) && !run.reading->end.matches(*run.start))
            continue;
        auto due = [&, known_by = london_day(run.start->recorded)](uint32_t multiple) {
            auto deadline = schema::deadline(run.reading->reading, run.reading->start.time(*run.base), *edition.days,
                                             known_by, multiple);
            return deadline ? deadline->due : std::nullopt;
        };
        auto at = run.reading->start.time(*run.start);
        // One more within a turn that was taken already does not use up the next turn.
        auto taken = last[run.base];
        auto previous = taken > 1 ? due(taken - 1) : std::nullopt;
        run.multiple = previous && at <= *previous ? taken : taken + 1;
        for (auto next = due(run.multiple); run.start != run.base && next && *next <= at; next = due(run.multiple))
            ++run.multiple;
        last[run.base] = run.multiple;
        laid.push_back(run);
    }
    runs.erase(runs.begin() + from, runs.end());
    runs.insert(runs.end(), laid.begin(), laid.end());
}

// A day that a manager gave instead of the reading's own limit.
std::optional<schema::Day> Course::directed(const ReadingRow& reading, const Run& run) const {
    if (reading.reading.getReplacedBy().size() == 0) return std::nullopt;
    bool by_start = reading.giver.matches(*run.start);
    auto day = day_given(reading, *run.start);
    // Given again for the start, as by an updated plan; or elsewhere: the newest before the end that is not for an
    // earlier turn.
    for (auto& moment : moments_) {
        if (run.end && before(*run.end, moment)) break;
        if (by_start && !moment.refers_to(run.start->id)) continue;
        if (!same_thread(moment, *run.start)) continue;
        auto given = day_given(reading, moment);
        if (given && *given >= london_day(run.start->occurred)) day = given;
    }
    return day;
}

std::optional<schema::Deadline> Course::deadline(const EditionRows& edition, const Run& run, Time now) const {
    auto reading = run.reading->reading;
    if (auto day = directed(*run.reading, run)) return schema::deadline_on(*day, reading);
    auto found =
        schema::deadline(reading, run.reading->start.time(*run.base), *edition.days, london_day(now), run.multiple);
    if (!found || !found->due || reading.getUnit() != schema::Unit::HOURS || !run.reading->start.day_only(*run.base))
        return found;
    // Hours from a day without an hour are not over before the last of those that they may have begun in.
    found->due = schema::london_time(london_day(*found->due) + std::chrono::days{1}, std::chrono::milliseconds{0});
    found->working += "; its start is known to the day only: to the end of that day";
    return found;
}

ReadingResult Course::judge(const EditionRows& edition, const RuleRow& rule, const Run& run, Time now) const {
    auto reading = run.reading->reading;
    ReadingResult result;
    result.id = reading.getId();
    result.title = reading.getTitle();
    result.source = reading.getSource();
    result.note = reading.getNote();
    result.inferred = reading.getInferred();
    result.suspected_error = reading.getSuspectedError();
    result.fixed_grid = reading.getGrid() == Grid::FIXED;
    auto trigger_day = london_day(run.start->occurred);
    result.adopted = edition.edition->adopted_reading(text_of(rule.rule.getId()), trigger_day) == result.id;
    result.trigger = {run.base->position, run.base->id, run.base->type, run.reading->start.time(*run.base)};

    auto deadline = this->deadline(edition, run, now);
    if (!deadline) {
        result.outcome = Outcome::not_computed;
        result.working = "the working-day calendar does not reach that far";
        return result;
    }
    result.opens = deadline->opens;
    result.due = deadline->due;
    result.working = deadline->working;
    if (!result.due) {
        result.outcome = Outcome::shown;
        return result;
    }

    Compared done{now, false};
    if (run.end) done = {run.reading->end.time(*run.end), run.reading->end.day_only(*run.end)};
    else if (run.stop) done = {std::min(run.stop->occurred, now), run.stop->day_only()};
    else if (run.left) done = {std::min(*run.left, now), false};
    bool stopped = run.stop || run.left;
    bool in_days = reading.getUnit() != schema::Unit::HOURS || done.day_only;
    auto days = [&](schema::Day from, schema::Day to) { return in_days ? (to - from).count() : 0; };
    if (done.after(*result.due)) {
        result.outcome = Outcome::missed;
        result.by = done.done - *result.due;
        result.by_days = days(Compared::last_day(*result.due), london_day(done.done));
        result.so_far = !run.end && !stopped;
    } else if (run.end && result.opens && done.ahead_of(*result.opens)) {
        result.outcome = Outcome::early;
        result.by = *result.opens - done.done;
        result.by_days = days(london_day(done.done), london_day(*result.opens));
    } else if (run.end) {
        result.outcome = Outcome::met;
    } else if (stopped) {
        result.outcome = Outcome::stopped;
    } else {
        result.outcome = Outcome::open;
        result.by = *result.due - now;
    }
    return result;
}

void Course::name_holder(Clock& clock, const Run& run, Time now) const {
    if (run.reading->reading.getPairing() == Pairing::WORKER) {
        clock.worker = run.start->person("worker");
        clock.team = run.start->team;
        return;
    }
    auto at = now;
    if (clock.done) at = std::max(clock.done->at, clock.trigger->at);
    else if (auto due = clock.due(now); due && *due < now) at = *due;
    else if (clock.stopped) at = std::min(now, clock.stopped->at);

    const Moment* episode = nullptr;
    for (auto& moment : moments_) {
        if (moment.occurred > at || (clock.done && moment.position == clock.done->position)) continue;
        bool opens = moment.episode == moment.id;
        // What belongs to no episode is the case's, and so is whoever holds the case.
        bool own = run.start->episode.empty() && run.start->contact.empty() ? true : same_thread(moment, *run.start);
        if (!own) continue;
        if (opens) {
            episode = &moment;
            clock.worker = {};
        }
        bool gives = moment.type == schema::Fact::ALLOCATED || moment.type == schema::Fact::REALLOCATED;
        if (gives) clock.worker = moment.person("worker");
    }
    if (episode) {
        clock.team = episode->for_team;
        if (clock.episode.empty()) clock.episode = episode->id;
    }
}

}  // namespace projections
