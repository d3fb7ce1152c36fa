#include "server/wall_clock.h"

#include <algorithm>
#include <ctime>

namespace server {
namespace {

constexpr std::chrono::nanoseconds most = std::chrono::hours{1};

std::chrono::nanoseconds read(clockid_t clock) {
    timespec now{};
    ASSERT(::clock_gettime(clock, &now) == 0);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace

schema::Time wall_time() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

WallClock::WallClock() : WallClock([] { return read(CLOCK_REALTIME); }, [] { return read(CLOCK_BOOTTIME); }) {}

WallClock::WallClock(Read wall, Read running)
    : wall_(std::move(wall)), running_(std::move(running)), apart_(wall_() - running_()) {}

schema::Result<schema::Time> WallClock::operator()() {
    auto wall = wall_(), ahead = wall - running_() - apart_;
    auto time = schema::time_of(std::chrono::floor<std::chrono::milliseconds>(wall).count());
    if (ahead > most || !schema::is_plausible(time))
        return schema::fail(schema::Fault::overloaded,
                            "this machine's clock has jumped to " + schema::iso(time) +
                                "; nothing is recorded until it is right, or the service is started anew");
    apart_ += std::max(ahead, std::chrono::nanoseconds{0});  // set back, it may be set right again
    return time;
}

}  // namespace server
