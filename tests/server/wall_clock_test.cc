// One reading from the far future must not date everything after it.
#include "server/wall_clock.h"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

struct Machine {
    nanoseconds wall = 1'527'170'400s, running = 1000s;
    server::WallClock clock{[this] { return wall; }, [this] { return running; }};
    void pass(nanoseconds time, nanoseconds on_the_wall) { running += time, wall += on_the_wall; }
};

TEST(WallClock, TellsTheTimeWhileBothClocksRunAlike) {
    Machine machine;
    for (int hour = 0; hour < 48; ++hour) {
        machine.pass(1h, 1h + 200ms);  // a clock that is being corrected
        ASSERT_TRUE(machine.clock()) << hour;
    }
    EXPECT_EQ(schema::milliseconds(*machine.clock()), machine.wall / 1ms);
}

TEST(WallClock, RefusesAJumpAheadUntilTheClockIsRight) {
    Machine machine;
    machine.pass(1s, 24h * 365 * 80);
    auto told = machine.clock();
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().fault, schema::Fault::overloaded);
    machine.pass(1s, 1s - 24h * 365 * 80);
    EXPECT_TRUE(machine.clock());
}

TEST(WallClock, GoesAlongWithSleepAndWithBeingSetBack) {
    Machine machine;
    machine.pass(10h, 10h);
    EXPECT_TRUE(machine.clock());
    machine.pass(1s, -2h);
    EXPECT_TRUE(machine.clock());
    machine.pass(1s, 2h);
    EXPECT_TRUE(machine.clock());
}

}  // namespace
