#include "tools/demo_hours.h"

#include "schema/packs/england_and_wales.capnp.h"

namespace tools::demo {

using namespace std::chrono_literals;
using schema::Day;
using schema::Time;

Hours::Hours() : days_(schema::packs::ENGLAND_AND_WALES.get()) {}

Day Hours::working(Day day) const {
    while (!is_working(day)) day += std::chrono::days{1};
    return day;
}

Day Hours::after(Day day, int working_days) const {
    for (int i = 0; i < working_days; ++i) day = working(day + std::chrono::days{1});
    return day;
}

Time Hours::on(Day day, int from_hour, int to_hour, Chance& chance) {
    return schema::london_time(day, std::chrono::seconds{chance.between(from_hour * 3600, to_hour * 3600 - 1)});
}

Time Hours::later(Time from, int least, int most, Chance& chance) const {
    auto minutes = chance.between(least, most);
    auto at = from + std::chrono::minutes{minutes} + std::chrono::seconds{chance.between(0, 59)};
    auto day = schema::london_day(at);
    auto opens = schema::london_time(day, 9h), closes = schema::london_time(day, 17h);
    if (is_working(day) && at >= opens && at < closes) return at;
    if (!is_working(day) || at >= closes) day = after(day, 1);
    return schema::london_time(day, 9h) + std::chrono::seconds{chance.between(60, 5400)};
}

}  // namespace tools::demo
