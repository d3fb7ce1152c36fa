#include "projections/runs.h"

#include <algorithm>

namespace projections {

using schema::Grid;
using schema::Pairing;
using schema::text_of;
using schema::Time;

namespace {

// A day without an hour may be any time of that day, so on one and the same day the order of recording decides.
bool vague(const Moment& moment) {
    return moment.precision == schema::Precision::DAY || moment.precision == schema::Precision::APPROXIMATE;
}
bool before(const Moment& a, const Moment& b) {
    return std::tie(a.occurred, a.position) < std::tie(b.occurred, b.position);
}

bool same_line(Pairing pairing, const Moment& a, const Moment& b) {
    return pairing == Pairing::WORKER ? a.person("worker") == b.person("worker") : same_thread(a, b);
}

}  // namespace

bool same_thread(const Moment& a, const Moment& b) {
    if (!a.episode.empty() && !b.episode.empty()) return a.episode == b.episode;
    return !a.contact.empty() && a.contact == b.contact;
}

Course::Course(std::vector<Moment> standing, const schema::PracticeBook& practice) : moments_(std::move(standing)) {
    std::sort(moments_.begin(), moments_.end(), before);
    for (auto& moment : moments_) {
        auto day = schema::london_day(moment.occurred);
        auto evidenced = practice.in_evidence(day);
        governed_.push_back({evidenced ? evidenced : practice.binding(day), evidenced != nullptr});
        for (auto& reference : moment.refers) referring_[reference.event].push_back(&moment);
    }
}

bool Course::follows(const ReadingRow& reading, const Moment& start, const Moment& end) const {
    if (&start == &end) return false;
    auto from = reading.start.time(start), to = reading.end.time(end);
    if (to > from) return true;
    if (to == from) return end.position > start.position;
    return (vague(start) || vague(end)) && end.position > start.position &&
           schema::london_day(from) == schema::london_day(to);
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

const Moment* Course::stop_of(const RuleRow& rule, const Moment& start) const {
    for (auto& moment : moments_) {
        if (&moment == &start || moment.occurred < start.occurred || !same_thread(start, moment)) continue;
        for (auto& stop : rule.stops)
            if (stop.matches(moment)) return &moment;
    }
    return nullptr;
}

void Course::run(const EditionRows& edition, const RuleRow& rule, const ReadingRow& reading,
                 std::vector<Run>& runs) const {
    auto pairing = reading.reading.getPairing();
    bool repeats = reading.reading.getRepeats();
    std::vector<const Moment*> starts, ends;
    for (auto& moment : moments_) {
        if (reading.start.matches(moment)) starts.push_back(&moment);
        if (reading.end.matches(moment)) ends.push_back(&moment);
    }
    if (starts.empty()) return;
    std::stable_sort(ends.begin(), ends.end(), [&](const Moment* a, const Moment* b) {
        return std::tuple(reading.end.time(*a), a->position) < std::tuple(reading.end.time(*b), b->position);
    });
    auto first_runs = runs.size();
    for (size_t i = 0; i < moments_.size(); ++i) {
        const Moment& start = moments_[i];
        if (governed_[i].edition != edition.edition) continue;
        bool begins = reading.start.matches(start);
        // In a rolling rule what ends one clock starts the next, once the first has been started.
        if (!begins && repeats && reading.end.matches(start))
            begins = std::any_of(starts.begin(), starts.end(), [&](const Moment* earlier) {
                return follows(reading, *earlier, start) && same_line(pairing, *earlier, start);
            });
        if (!begins) continue;
        Run run{&reading, &start, end_of(reading, start, ends), stop_of(rule, start),
                &start,   1,      governed_[i].evidenced};
        // What came after the clock had stopped does not end it; what came before does.
        if (run.end && run.stop && run.stop != run.end && before(*run.stop, *run.end)) run.end = nullptr;
        if (run.end) run.stop = nullptr;
        runs.push_back(run);
    }
    if (reading.reading.getGrid() == Grid::FIXED) lay_on_grid(edition, runs, first_runs, starts);
}

// The n-th clock of a case on a fixed grid is due n limits after the first start; after a late end, at the first point
// of the grid still to come.
void Course::lay_on_grid(const EditionRows& edition, std::vector<Run>& runs, size_t from,
                         const std::vector<const Moment*>& starts) const {
    std::vector<Run> laid;
    std::unordered_map<const Moment*, uint32_t> last;
    for (size_t i = from; i < runs.size(); ++i) {
        Run run = runs[i];
        auto pairing = run.reading->reading.getPairing();
        auto first = std::find_if(starts.begin(), starts.end(),
                                  [&](const Moment* start) { return same_line(pairing, *start, *run.start); });
        run.base = *first;
        // Only the first start sets the grid; a later one starts nothing of its own.
        if (run.start != run.base && run.reading->start.matches(*run.start) && !run.reading->end.matches(*run.start))
            continue;
        run.multiple = last[run.base] + 1;
        auto known_by = schema::london_day(run.start->recorded);
        for (auto at = run.reading->start.time(*run.start); run.start != run.base;) {
            auto due = schema::deadline(run.reading->reading, run.reading->start.time(*run.base), *edition.days,
                                        known_by, run.multiple);
            if (!due || !due->due || *due->due > at) break;
            ++run.multiple;
        }
        last[run.base] = run.multiple;
        laid.push_back(run);
    }
    runs.erase(runs.begin() + static_cast<ptrdiff_t>(from), runs.end());
    runs.insert(runs.end(), laid.begin(), laid.end());
}

// A day that a manager gave instead of the reading's own limit.
std::optional<schema::Day> Course::directed(const ReadingRow& reading, const Run& run) const {
    if (reading.reading.getReplacedBy().size() == 0) return std::nullopt;
    Selected giver(text_of(reading.reading.getReplacedIn()));
    auto field = text_of(reading.reading.getReplacedBy());
    if (giver.matches(*run.start)) return run.start->date(field);
    // Given elsewhere: the newest before the end that is not for an earlier turn.
    std::optional<schema::Day> day;
    for (auto& moment : moments_) {
        if (run.end && before(*run.end, moment)) break;
        if (!giver.matches(moment) || !same_thread(moment, *run.start)) continue;
        auto given = moment.date(field);
        if (given && *given >= schema::london_day(run.start->occurred)) day = given;
    }
    return day;
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
    auto trigger_day = schema::london_day(run.start->occurred);
    result.adopted = edition.edition->adopted_reading(text_of(rule.rule.getId()), trigger_day) == result.id;
    auto counted_from = run.reading->start.time(*run.base);
    result.trigger = {run.base->position, run.base->id, run.base->type, counted_from};

    std::optional<schema::Deadline> deadline;
    if (auto day = directed(*run.reading, run)) deadline = schema::deadline_on(*day, reading);
    else deadline = schema::deadline(reading, counted_from, *edition.days, schema::london_day(now), run.multiple);
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

    auto done = run.end ? run.reading->end.time(*run.end) : run.stop ? std::min(run.stop->occurred, now) : now;
    if (done > *result.due) {
        result.outcome = Outcome::missed;
        result.by = done - *result.due;
        result.so_far = !run.end && !run.stop;
    } else if (run.end) {
        bool early = result.opens && done < *result.opens;
        result.outcome = early ? Outcome::early : Outcome::met;
        if (early) result.by = *result.opens - done;
    } else if (run.stop) {
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
    if (clock.done) at = clock.done->at;
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
