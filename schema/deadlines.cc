#include "schema/deadlines.h"

#include <fmt/format.h>

namespace schema {
namespace {

using namespace std::chrono_literals;

Time end_of(Day day, DayEnd end) {
    return end == DayEnd::CLOSE_OF_BUSINESS ? london_time(day, 17h) : london_time(day + std::chrono::days{1}, 0h);
}

Day add_months(Day day, unsigned months) {
    std::chrono::year_month_day ymd{day};
    auto month = ymd.year() / ymd.month() + std::chrono::months{static_cast<int>(months)};
    std::chrono::year_month_day moved = month / ymd.day();
    if (!moved.ok()) moved = month / std::chrono::last;
    return Day{moved};
}

std::string counted(uint32_t n, const char* unit) { return fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s"); }

}  // namespace

std::optional<Deadline> deadline(Reading::Reader reading, Time start, const WorkingDays& days, Day known_by,
                                 uint32_t multiple) {
    uint32_t limit = reading.getLimit() * multiple, opens = reading.getOpens() * multiple;
    Day day0 = london_day(start);
    Deadline found;
    auto on_day = [&](Day last, std::string_view count) -> std::optional<Deadline> {
        if (auto roll = reading.getRoll(); roll != Roll::NONE) {
            std::chrono::days step{roll == Roll::FOLLOWING ? 1 : -1};
            while (days.covers(last) && !days.is_working(last, known_by)) last += step;
            if (!days.covers(last)) return std::nullopt;
        }
        found.due = end_of(last, reading.getDayEnd());
        found.working =
            fmt::format("{} after {}, to {} {}", count, readable(day0),
                        reading.getDayEnd() == DayEnd::CLOSE_OF_BUSINESS ? "17:00 on" : "the end of", readable(last));
        return found;
    };
    switch (reading.getUnit()) {
        case Unit::HOURS:
            if (opens) found.opens = start + std::chrono::hours{opens};
            found.due = start + std::chrono::hours{limit};
            found.working = fmt::format("{} elapsed after {}, to {}", counted(limit, "hour"), readable(start),
                                        readable(*found.due));
            return found;
        case Unit::DAYS:
            if (opens) found.opens = london_time(day0 + std::chrono::days{opens}, 0h);
            return on_day(day0 + std::chrono::days{limit}, counted(limit, "day"));
        case Unit::WEEKS:
            if (opens) found.opens = london_time(day0 + std::chrono::weeks{opens}, 0h);
            return on_day(day0 + std::chrono::weeks{limit}, counted(limit, "week"));
        case Unit::MONTHS:
            if (opens) found.opens = london_time(add_months(day0, opens), 0h);
            return on_day(add_months(day0, limit), counted(limit, "month"));
        case Unit::WORKING_DAYS: {
            auto last = days.after(day0, limit, known_by);
            if (!last) return std::nullopt;
            if (opens)
                if (auto first = days.after(day0, opens, known_by)) found.opens = london_time(*first, 0h);
            return on_day(*last, counted(limit, "working day"));
        }
        case Unit::NONE: found.working = "the document gives no number"; return found;
    }
    return std::nullopt;
}

Deadline deadline_on(Day day, Reading::Reader reading) {
    return {std::nullopt, end_of(day, reading.getDayEnd()),
            fmt::format("as directed, to the end of {}", readable(day))};
}

}  // namespace schema
