#include "projections/clocks.h"

#include <algorithm>

#include "projections/rule_book.h"
#include "projections/runs.h"

namespace projections {

using schema::text_of;
using schema::Time;

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::met: return "met";
        case Outcome::missed: return "missed";
        case Outcome::open: return "open";
        case Outcome::early: return "early";
        case Outcome::stopped: return "stopped";
        case Outcome::shown: return "shown";
        case Outcome::not_computed: return "not-computed";
    }
    return "";
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::met_all: return "met-all";
        case Verdict::met_some: return "met-some";
        case Verdict::missed_all: return "missed-all";
        case Verdict::open: return "open";
        case Verdict::early: return "early";
        case Verdict::stopped: return "stopped";
        case Verdict::monitored: return "monitored";
        case Verdict::no_trigger: return "no-trigger";
        case Verdict::no_rule_evidenced: return "no-rule-evidenced";
    }
    return "";
}

namespace {

// The verdict over readings that were judged one by one. A reading without a limit has no say in it.
Verdict verdict_over(const std::vector<ReadingResult>& readings) {
    size_t met = 0, missed = 0, open = 0, early = 0, stopped = 0;
    for (auto& reading : readings) {
        met += reading.outcome == Outcome::met;
        missed += reading.outcome == Outcome::missed;
        open += reading.outcome == Outcome::open;
        early += reading.outcome == Outcome::early;
        stopped += reading.outcome == Outcome::stopped;
    }
    if (met + missed + open + early + stopped == 0) return Verdict::monitored;
    if (open > 0) return Verdict::open;
    if (met > 0) return missed + early + stopped > 0 ? Verdict::met_some : Verdict::met_all;
    if (stopped > 0) return Verdict::stopped;
    return missed > 0 ? Verdict::missed_all : Verdict::early;
}

// The edition's own word on where its evidence ends, and on this rule.
void say_why(Clock& clock, const schema::Edition& edition) {
    clock.evidence_until = edition.until;
    for (auto gap : edition.practice().getGaps()) {
        if (!gap.getEndsEvidence() && text_of(gap.getRule()) != clock.rule) continue;
        if (!clock.why.empty()) clock.why += ' ';
        clock.why += text_of(gap.getText());
        clock.gap_sources.emplace_back(gap.getSource());
    }
}

Clock clock_of(const EditionRows& edition, const RuleRow& row, const StreamId& stream) {
    Clock clock;
    clock.rule = row.rule.getId();
    clock.title = row.rule.getTitle();
    clock.quote = row.rule.getQuote();
    clock.source = row.rule.getSource();
    clock.edition = edition.edition->practice().getId();
    clock.standing = edition.edition->practice().getStanding();
    clock.severity = row.rule.getSeverity();
    clock.stream = stream;
    return clock;
}

// Runs of one rule that belong to one clock.
struct Together {
    std::vector<const Run*> runs;

    bool has(const ReadingRow* reading) const {
        return std::any_of(runs.begin(), runs.end(), [&](const Run* run) { return run->reading == reading; });
    }
    // How well a run fits in: by the same trigger and end; by the same end; by the same case where neither has ended.
    // What started while the edition was in evidence stands apart from what started after.
    int fit(const Run& run) const {
        int best = 0;
        for (const Run* other : runs) {
            if (other->evidenced != run.evidenced) continue;
            if (!(other->reading->end == run.reading->end) || other->end != run.end || other->stop != run.stop)
                continue;
            if (other->start == run.start) best = std::max(best, 3);
            else if (run.end) best = std::max(best, 2);
            else if (same_thread(*other->start, *run.start)) best = std::max(best, 1);
        }
        return best;
    }
};

std::vector<Together> together(const std::vector<Run>& runs) {
    std::vector<Together> clocks;
    for (const Run& run : runs) {
        Together* best = nullptr;
        int fit = 0;
        for (auto& clock : clocks)
            if (!clock.has(run.reading) && clock.fit(run) > fit) {
                fit = clock.fit(run);
                best = &clock;
            }
        if (!best) best = &clocks.emplace_back();
        best->runs.push_back(&run);
    }
    return clocks;
}

}  // namespace

std::vector<std::string> Clock::met() const {
    std::vector<std::string> ids;
    for (auto& reading : readings)
        if (reading.outcome == Outcome::met) ids.push_back(reading.id);
    return ids;
}
bool Clock::has_adopted() const {
    return std::any_of(readings.begin(), readings.end(), [](auto& reading) { return reading.adopted; });
}
bool Clock::adopted_met() const {
    return std::any_of(readings.begin(), readings.end(),
                       [](auto& reading) { return reading.adopted && reading.outcome == Outcome::met; });
}

std::optional<Time> Clock::due(Time now) const {
    std::optional<Time> coming, past;
    for (auto& reading : readings) {
        if (!reading.due) continue;
        if (reading.adopted) return reading.due;
        if (*reading.due >= now) coming = coming ? std::min(*coming, *reading.due) : *reading.due;
        else past = past ? std::max(*past, *reading.due) : *reading.due;
    }
    return coming ? coming : past;
}

Clocks::Clocks(const schema::PracticeBook& practice, Time now, Left left)
    : practice_(practice), rules_(std::make_unique<RuleBook>(practice_)), now_(now), left_(std::move(left)) {}
Clocks::~Clocks() = default;

std::vector<Clock> Clocks::evaluate(const StreamId& stream, const std::vector<Moment>& moments,
                                    bool with_no_trigger) const {
    auto kind = schema::kind_of(stream);
    if (kind != schema::StreamKind::family && kind != schema::StreamKind::service) return {};
    const Course course(standing(moments), practice_);
    bool of_workers = kind == schema::StreamKind::service;

    std::vector<Clock> clocks;
    for (auto& edition : rules_->editions) {
        for (auto& row : edition.rules) {
            if (row.of_workers() != of_workers) continue;
            std::vector<Run> runs;
            for (auto& reading : row.readings) course.run(edition, row, reading, runs);
            for (auto& run : runs)
                if (of_workers && !run.end)
                    if (auto day = left_(run.start->person("worker")))
                        run.left = schema::london_time(*day, std::chrono::milliseconds{0});
            for (auto& group : together(runs)) {
                Clock clock = clock_of(edition, row, stream);
                bool evidenced = true;
                for (const Run* run : group.runs) {
                    auto trigger = run->reading->start.time(*run->start);
                    if (!clock.trigger || trigger < clock.trigger->at)
                        clock.trigger = ClockEvent{run->start->position, run->start->id, run->start->type, trigger};
                    if (run->end)
                        clock.done = ClockEvent{run->end->position, run->end->id, run->end->type,
                                                run->reading->end.time(*run->end)};
                    if (run->stop)
                        clock.stopped =
                            ClockEvent{run->stop->position, run->stop->id, run->stop->type, run->stop->occurred};
                    if (run->left) clock.stopped = ClockEvent{0, {}, schema::Fact::ROLE_ENDED, *run->left};
                    if (clock.episode.empty()) clock.episode = run->start->episode;
                    if (clock.episode.empty() && run->end) clock.episode = run->end->episode;
                    if (clock.contact.empty()) clock.contact = run->start->contact;
                    evidenced &= run->evidenced;
                    if (run->evidenced) clock.readings.push_back(course.judge(edition, row, *run, now_));
                }
                auto until = clock.done ? clock.done->at : clock.stopped ? clock.stopped->at : now_;
                clock.elapsed = std::max(until - clock.trigger->at, std::chrono::milliseconds{0});
                if (!evidenced) {
                    clock.verdict = Verdict::no_rule_evidenced;
                    say_why(clock, *edition.edition);
                } else if (clock.severity == schema::Severity::MONITOR) {
                    for (auto& reading : clock.readings) reading.outcome = Outcome::shown;
                    clock.verdict = Verdict::monitored;
                } else {
                    clock.verdict = verdict_over(clock.readings);
                }
                course.name_holder(clock, *group.runs.front(), now_);
                clocks.push_back(std::move(clock));
            }
        }
    }
    std::stable_sort(clocks.begin(), clocks.end(), [](const Clock& a, const Clock& b) {
        return std::tie(a.trigger->at, a.trigger->position, a.rule) <
               std::tie(b.trigger->at, b.trigger->position, b.rule);
    });
    if (!with_no_trigger) return clocks;

    auto in_evidence = practice_.in_evidence(schema::london_day(now_));
    for (auto& edition : rules_->editions) {
        if (edition.edition != in_evidence) continue;
        for (auto& row : edition.rules) {
            if (row.of_workers() != of_workers) continue;
            auto same = [&](const Clock& clock) { return clock.rule == text_of(row.rule.getId()); };
            if (std::any_of(clocks.begin(), clocks.end(), same)) continue;
            clocks.push_back(clock_of(edition, row, stream));
            clocks.back().verdict = Verdict::no_trigger;
        }
    }
    return clocks;
}

}  // namespace projections
