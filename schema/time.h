// Times and days. A time is UTC to the millisecond; a day is a day in Europe/London. Nothing here reads a clock.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace schema {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Day = std::chrono::local_days;

inline Time time_of(int64_t milliseconds) { return Time{std::chrono::milliseconds{milliseconds}}; }
inline int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }
inline Day day_of(int32_t days) { return Day{std::chrono::days{days}}; }
inline int32_t number(Day day) { return static_cast<int32_t>(day.time_since_epoch().count()); }

// The London day in which `time` falls, and London wall time as a UTC time. Where the clocks go back, a wall time
// that happens twice is its first; where they go forward, one that never happens is the moment of the change.
Day london_day(Time time);
Time london_time(Day day, std::chrono::milliseconds since_midnight);

// Between 1900 and 2200: days and times far outside any family's life are slips of the keyboard.
inline constexpr Day first_day{std::chrono::days{-25567}}, last_day{std::chrono::days{84006}};
inline bool is_plausible(Day day) { return first_day <= day && day <= last_day; }
inline bool is_plausible(Time time) {
    return Time{first_day.time_since_epoch()} <= time && time <= Time{last_day.time_since_epoch()};
}

// "2018-06-22"; "2018-05-24T14:00:00+01:00" (London offset, milliseconds only where there are any); "Thu 24 May 2018
// 14:00".
std::string iso(Day day);
std::string iso(Time time);
std::string readable(Day day);
std::string readable(Time time);

// Accept exactly what iso() writes; times also with "Z" or another offset, without seconds, with a blank for the T,
// and without an offset (London wall time). Nothing for anything else, nor for days that do not exist.
std::optional<Day> parse_day(std::string_view text);
std::optional<Time> parse_time(std::string_view text);

}  // namespace schema
