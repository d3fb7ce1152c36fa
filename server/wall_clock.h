// The time on the wall, and a watch over it. The time of recording never decreases, so one reading from the far future
// would date everything after it: roles, practices and time limits are judged by it, for ever.
#pragma once
#include <functional>

#include "schema/result.h"
#include "schema/time.h"

namespace server {

// As the machine says it, unwatched: for asking and for showing, never for recording.
schema::Time wall_time();

class WallClock {
  public:
    using Read = std::function<std::chrono::nanoseconds()>;
    WallClock();
    // `wall`: since 1970 UTC. `running`: of a clock that nobody sets and that goes on while the machine sleeps.
    WallClock(Read wall, Read running);

    // Overloaded while the wall's clock is more than an hour ahead of where the other says it should be, or outside
    // what a ledger can hold: nothing is recorded until it is right again or the service was started anew.
    schema::Result<schema::Time> operator()();

  private:
    Read wall_, running_;
    std::chrono::nanoseconds apart_;
};

}  // namespace server
