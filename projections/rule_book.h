// The rules of every edition, their selectors worked out once so that a case is gone through quickly; and which edition
// governs a day.
#pragma once
#include <bitset>
#include <map>

#include "projections/moment.h"
#include "schema/practice_book.h"

namespace projections {

// Which moments a selector of a rule means, and which of their times.
class Selected {
  public:
    Selected() = default;
    explicit Selected(schema::Selector::Reader selector);
    explicit Selected(std::string_view event_types);  // blanks between them

    bool matches(const Moment& moment) const;
    schema::Time time(const Moment& moment) const {
        return time_ == schema::TimeOf::RECORDED ? moment.recorded : moment.occurred;
    }
    bool day_only(const Moment& moment) const { return time_ == schema::TimeOf::OCCURRED && moment.day_only(); }
    bool operator==(const Selected& other) const {
        return types_ == other.types_ && kinds_ == other.kinds_ && where_ == other.where_;
    }

  private:
    void add(std::string_view event_type);

    std::bitset<schema::event_types.size()> types_, asked_;  // asked: among them, those with the field `where_`
    std::vector<std::string> kinds_;
    std::string where_;
    schema::TimeOf time_ = schema::TimeOf::OCCURRED;
};

struct ReadingRow {
    schema::Reading::Reader reading;
    Selected start, end;
    Selected giver;  // of a date that replaces the limit
};

struct RuleRow {
    schema::Rule::Reader rule;
    std::vector<ReadingRow> readings;
    std::vector<Selected> stops;
    bool of_workers() const;  // followed by worker, in the service's stream, and not by case
};

struct EditionRows {
    const schema::Edition* edition;
    const schema::WorkingDays* days;
    std::vector<RuleRow> rules;
};

// Refers into the practice it was made from, which must outlive it.
struct RuleBook {
    explicit RuleBook(const schema::PracticeBook& practice);
    std::vector<EditionRows> editions;
};

}  // namespace projections
