#include "schema/working_days.h"

namespace schema {

WorkingDays::WorkingDays(Calendar::Reader calendar)
    : from_(day_of(calendar.getFrom())), until_(day_of(calendar.getUntil())), edition_(calendar.getEdition()) {
    for (auto holiday : calendar.getHolidays())
        holidays_[day_of(holiday.getDay())] = day_of(holiday.getKnownFrom() ? holiday.getKnownFrom() : -25567);
}

bool WorkingDays::is_working(Day day, Day known_by) const {
    std::chrono::weekday weekday{day};
    if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return false;
    auto holiday = holidays_.find(day);
    return holiday == holidays_.end() || holiday->second > known_by;
}

std::optional<Day> WorkingDays::after(Day day, uint32_t n, Day known_by) const {
    if (!covers(day)) return std::nullopt;
    while (n > 0) {
        day += std::chrono::days{1};
        if (!covers(day)) return std::nullopt;
        if (is_working(day, known_by)) --n;
    }
    return day;
}

}  // namespace schema
