// How readings run over what happened in one stream: from which event, to which, stopped by which, due when.
#pragma once
#include <unordered_map>

#include "projections/clocks.h"
#include "projections/rule_book.h"

namespace projections {

// One reading from one trigger. Points into the course that made it.
struct Run {
    const ReadingRow* reading;
    const Moment* start;
    const Moment* end = nullptr;   // null: not done
    const Moment* stop = nullptr;  // no longer wanted since; only where there is no end
    const Moment* base;            // what the due time is counted from: of a fixed grid its first start
    uint32_t multiple = 1;
    bool evidenced = true;             // the edition is in evidence on the trigger's day
    std::optional<schema::Time> left;  // since when its worker is gone; only where there is no end
};

// Both belong to the same episode, or, before there is one, to the same contact.
bool same_thread(const Moment& a, const Moment& b);

// What happened in one stream, in order, and which edition governed when.
class Course {
  public:
    Course(std::vector<Moment> standing, const schema::PracticeBook& practice);

    // Adds the runs of one reading whose trigger falls under this edition.
    void run(const EditionRows& edition, const RuleRow& rule, const ReadingRow& reading, std::vector<Run>& runs) const;
    ReadingResult judge(const EditionRows& edition, const RuleRow& rule, const Run& run, schema::Time now) const;
    // The worker and team who held the episode when the clock was done, or due, or now.
    void name_holder(Clock& clock, const Run& run, schema::Time now) const;

  private:
    struct Governed {
        const schema::Edition* edition;  // null: before the first
        bool evidenced;
    };
    bool follows(const ReadingRow& reading, const Moment& start, const Moment& end) const;
    const Moment* end_of(const ReadingRow& reading, const Moment& start, const std::vector<const Moment*>& ends) const;
    bool stops(const RuleRow& rule, const Moment& moment) const;
    const Moment* stop_of(const RuleRow& rule, const ReadingRow& reading, const Moment& start) const;
    bool begins(const ReadingRow& reading, const Moment& moment, const std::vector<const Moment*>& starts) const;
    void lay_on_grid(const EditionRows& edition, std::vector<Run>& runs, ptrdiff_t from,
                     const std::vector<const Moment*>& starts) const;
    std::optional<schema::Day> directed(const ReadingRow& reading, const Run& run) const;
    std::optional<schema::Deadline> deadline(const EditionRows& edition, const Run& run, schema::Time now) const;

    std::vector<Moment> moments_;     // as it happened
    std::vector<Governed> governed_;  // of each moment's day
    std::unordered_map<EventId, std::vector<const Moment*>> referring_;
};

}  // namespace projections
