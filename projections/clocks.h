// Time limits: every clock of a case, with every reading of its rule and the verdict over them. Pure: moments, practice
// and the present in, clocks out; the only place that knows how rules are paired with what happened.
//
// The edition in evidence on the day of the trigger governs. Each reading is worked out for itself; readings whose
// clocks share a trigger, or the event that ends them, stand together as one clock of the rule.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "projections/moment.h"
#include "schema/deadlines.h"
#include "schema/practice_book.h"

namespace projections {

enum class Outcome { met, missed, open, early, stopped, shown, not_computed };
enum class Verdict { met_all, met_some, missed_all, open, early, stopped, monitored, no_trigger, no_rule_evidenced };
inline constexpr size_t verdicts = 9;
std::string_view name_of(Outcome outcome);  // "met", ...
std::string_view name_of(Verdict verdict);  // "met-some", ...

// An event as a clock's start or end.
struct ClockEvent {
    uint64_t position = 0;
    EventId id{};  // empty: known from elsewhere than this stream, as that a worker has left; its place is not told
    schema::Fact::Which type{};
    schema::Time at;  // the time that counts: occurred (as corrected) or recorded
};

struct ReadingResult {
    std::string id, title, source, note;
    bool adopted = false, inferred = false, suspected_error = false, fixed_grid = false;
    ClockEvent trigger;
    std::optional<schema::Time> opens, due;
    std::string working;  // the due time worked out, in words
    Outcome outcome = Outcome::open;
    std::chrono::milliseconds by{};  // missed: late by; early: before it opened; open: left
    int64_t by_days = 0;             // the same of missed and early in London days, where the limit is a day; else 0
    bool so_far = false;             // missed or early, and not done yet
};

struct Clock {
    std::string rule, title, quote, source, edition;
    schema::Standing standing{};  // of the edition: standard, target
    schema::Severity severity{};
    StreamId stream{};
    EventId episode{}, contact{};       // empty: none
    std::optional<ClockEvent> trigger;  // the earliest of its readings'
    std::optional<ClockEvent> done, stopped;
    std::vector<ReadingResult> readings;
    Verdict verdict = Verdict::open;
    std::optional<std::chrono::milliseconds> elapsed;  // from trigger to done, or to now
    PersonId worker{};                                 // who held the episode when it was due or done; empty: nobody
    std::string team;
    std::string why;  // of no_rule_evidenced: what the edition says about the gap
    std::vector<std::string> gap_sources;
    std::optional<schema::Day> evidence_until;

    std::vector<std::string> met() const;  // ids of the readings that were met
    bool adopted_met() const;
    bool has_adopted() const;
    bool late() const { return verdict == Verdict::missed_all && !done && !stopped; }
    // The adopted reading's due time, else the earliest that is still to come, else the latest.
    std::optional<schema::Time> due(schema::Time now) const;
};

struct RuleBook;

// Since when somebody has held no role; nothing: holds one, or never held any.
using Left = std::function<std::optional<schema::Day>(const PersonId&)>;

class Clocks {
  public:
    // Practice as at the time that is asked about. `now`: the time asked about; holidays count that were known by its
    // day. What is followed by worker stops when the worker has left.
    Clocks(const schema::PracticeBook& practice, schema::Time now, Left left);
    ~Clocks();

    // All clocks of one stream, by trigger. `moments`: those that count, by revision, corrections among them.
    // with_no_trigger: also rules in evidence now that nothing has started.
    std::vector<Clock> evaluate(const StreamId& stream, const std::vector<Moment>& moments,
                                bool with_no_trigger = false) const;

    schema::Time now() const { return now_; }

  private:
    const schema::PracticeBook practice_;  // shares its parts with the one that was given
    std::unique_ptr<const RuleBook> rules_;
    schema::Time now_;
    Left left_;
};

}  // namespace projections
