#include "schema/time.h"

#include <absl/time/time.h>
#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace schema {
namespace {

// The zone's rules are the machine's (tzdata); without them no day could be told, and guessing one would be worse.
const absl::TimeZone& london() {
    static const absl::TimeZone zone = [] {
        absl::TimeZone found;
        if (!absl::LoadTimeZone("Europe/London", &found))
            throw std::runtime_error("this machine has no time zone Europe/London; install tzdata");
        return found;
    }();
    return zone;
}

// London wall time is UTC and this.
std::chrono::seconds offset_at(Time time) {
    auto second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    return std::chrono::seconds{london().At(absl::FromUnixSeconds(second)).offset};
}

// The wall's day and what has passed of it by the wall's clock.
struct Wall {
    explicit Wall(Time time, std::chrono::seconds offset)
        : day(Day{std::chrono::floor<std::chrono::days>(time + offset).time_since_epoch()}),
          passed(time.time_since_epoch() + offset - day.time_since_epoch()) {}
    Day day;
    std::chrono::milliseconds passed;
    long hours() const { return passed / std::chrono::hours{1}; }
    long minutes() const { return passed / std::chrono::minutes{1} % 60; }
    long seconds() const { return passed / std::chrono::seconds{1} % 60; }
};

// Reads exactly `width` digits from the front of `text`.
std::optional<int> digits(std::string_view& text, size_t width) {
    if (text.size() < width) return std::nullopt;
    int value = 0;
    for (size_t i = 0; i < width; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(width);
    return value;
}

bool skip(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Day> take_day(std::string_view& text) {
    auto year = digits(text, 4);
    if (!year || !skip(text, '-')) return std::nullopt;
    auto month = digits(text, 2);
    if (!month || !skip(text, '-')) return std::nullopt;
    auto day = digits(text, 2);
    if (!day) return std::nullopt;
    std::chrono::year_month_day ymd{std::chrono::year{*year}, std::chrono::month(static_cast<unsigned>(*month)),
                                    std::chrono::day(static_cast<unsigned>(*day))};
    if (!ymd.ok()) return std::nullopt;
    return Day{ymd};
}

}  // namespace

Day london_day(Time time) { return Wall(time, offset_at(time)).day; }

Time london_time(Day day, std::chrono::milliseconds since_midnight) {
    auto wall = std::chrono::floor<std::chrono::seconds>(day + since_midnight);
    auto rest = day + since_midnight - wall;
    auto found = london().At(absl::CivilSecond(1970, 1, 1) + wall.time_since_epoch().count());
    bool never = found.kind == absl::TimeZone::TimeInfo::SKIPPED;
    auto moment = std::chrono::sys_seconds{std::chrono::seconds{absl::ToUnixSeconds(never ? found.trans : found.pre)}};
    return never ? Time{moment} : Time{moment} + rest;
}

std::string iso(Day day) {
    std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string iso(Time time) {
    auto offset = offset_at(time);
    Wall wall(time, offset);
    auto text = fmt::format("{}T{:02}:{:02}:{:02}", iso(wall.day), wall.hours(), wall.minutes(), wall.seconds());
    if (auto rest = wall.passed.count() % 1000) text += fmt::format(".{:03}", rest);
    auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    return text + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

std::string readable(Day day) {
    static constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::chrono::year_month_day date{day};
    return fmt::format("{} {} {} {:04}", weekdays[std::chrono::weekday{day}.c_encoding()], unsigned(date.day()),
                       months[unsigned(date.month()) - 1], int(date.year()));
}

std::string readable(Time time) {
    Wall wall(time, offset_at(time));
    return fmt::format("{} {:02}:{:02}", readable(wall.day), wall.hours(), wall.minutes());
}

std::optional<Day> parse_day(std::string_view text) {
    auto day = take_day(text);
    return text.empty() ? day : std::nullopt;
}

std::optional<Time> parse_time(std::string_view text) {
    auto day = take_day(text);
    if (!day || !(skip(text, 'T') || skip(text, ' '))) return std::nullopt;
    auto hour = digits(text, 2);
    if (!hour || !skip(text, ':')) return std::nullopt;
    auto minute = digits(text, 2);
    if (!minute) return std::nullopt;
    int second = 0, milli = 0;
    if (skip(text, ':')) {
        auto read = digits(text, 2);
        if (!read) return std::nullopt;
        second = *read;
        if (skip(text, '.')) {
            auto fraction = digits(text, 3);
            if (!fraction) return std::nullopt;
            milli = *fraction;
        }
    }
    if (*hour > 23 || *minute > 59 || second > 59) return std::nullopt;
    std::chrono::milliseconds since_midnight =
        std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{second};
    since_midnight += std::chrono::milliseconds{milli};
    if (text.empty()) return london_time(*day, since_midnight);

    std::chrono::minutes offset{0};
    if (!(text == "Z" || text == "z")) {
        int sign = text.front() == '+' ? 1 : text.front() == '-' ? -1 : 0;
        if (!sign) return std::nullopt;
        text.remove_prefix(1);
        auto h = digits(text, 2);
        if (!h || !skip(text, ':')) return std::nullopt;
        auto m = digits(text, 2);
        if (!m || !text.empty() || *h > 14 || *m > 59) return std::nullopt;
        offset = sign * (std::chrono::hours{*h} + std::chrono::minutes{*m});
    }
    return Time{day->time_since_epoch() + since_midnight - offset};
}

}  // namespace schema
