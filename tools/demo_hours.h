// When people of the demonstration work: nine to five in London, on the days that the issued calendar calls working
// days.
#pragma once
#include "schema/time.h"
#include "schema/working_days.h"
#include "tools/demo_chance.h"

namespace tools::demo {

class Hours {
  public:
    Hours();

    bool is_working(schema::Day day) const { return days_.is_working(day, day); }
    // The first working day on or after `day`, and the n-th one after it.
    schema::Day working(schema::Day day) const;
    schema::Day after(schema::Day day, int working_days) const;
    // Some moment of that day between two hours of the clock.
    static schema::Time on(schema::Day day, int from_hour, int to_hour, Chance& chance);
    // So many minutes later; outside the hours: early on the next working day.
    schema::Time later(schema::Time from, int least, int most, Chance& chance) const;

  private:
    schema::WorkingDays days_;
};

}  // namespace tools::demo
