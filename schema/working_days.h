// Which days are working days, and counting in them. Bitemporal: a holiday is known only from a day on.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "schema/practice.capnp.h"
#include "schema/time.h"

namespace schema {

// Monday to Friday without the holidays that were known by a given day.
class WorkingDays {
  public:
    WorkingDays() = default;
    explicit WorkingDays(Calendar::Reader calendar);

    // False outside what the calendar covers: there it says nothing, and neither do we.
    bool covers(Day day) const { return from_ <= day && day <= until_; }
    bool is_working(Day day, Day known_by) const;
    // The n-th working day after `day` (day 0); nothing when that leaves what the calendar covers.
    std::optional<Day> after(Day day, uint32_t n, Day known_by) const;
    const std::string& edition() const { return edition_; }

  private:
    Day from_{std::chrono::days{1}}, until_{std::chrono::days{0}};
    std::string edition_;
    std::map<Day, Day> holidays_;  // day -> known from
};

}  // namespace schema
