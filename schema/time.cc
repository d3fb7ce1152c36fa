#include "schema/time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <charconv>

namespace schema {
namespace {

const date::time_zone* london() {
    static const date::time_zone* zone = date::locate_zone("Europe/London");
    return zone;
}

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
    date::year_month_day ymd{date::year{*year}, date::month(static_cast<unsigned>(*month)),
                             date::day(static_cast<unsigned>(*day))};
    if (!ymd.ok()) return std::nullopt;
    return Day{ymd};
}

}  // namespace

Day london_day(Time time) { return date::floor<date::days>(date::make_zoned(london(), time).get_local_time()); }

Time london_time(Day day, std::chrono::milliseconds since_midnight) {
    return date::make_zoned(london(), date::local_time<std::chrono::milliseconds>{day + since_midnight},
                            date::choose::earliest)
        .get_sys_time();
}

std::string iso(Day day) { return date::format("%F", day); }

std::string iso(Time time) {
    auto zoned = date::make_zoned(london(), time);
    auto local = zoned.get_local_time();
    std::string text = date::format("%FT%T", date::floor<std::chrono::seconds>(local));
    if (auto rest = (time.time_since_epoch() % std::chrono::seconds{1}).count()) {
        if (rest < 0) rest += 1000;
        text += fmt::format(".{:03}", rest);
    }
    auto offset = std::chrono::duration_cast<std::chrono::minutes>(zoned.get_info().offset).count();
    return text + fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', std::abs(offset) / 60, std::abs(offset) % 60);
}

std::string readable(Day day) {
    auto number_in_month = static_cast<unsigned>(date::year_month_day{day}.day());
    return date::format("%a ", day) + std::to_string(number_in_month) + date::format(" %b %Y", day);
}

std::string readable(Time time) {
    auto local = date::make_zoned(london(), time).get_local_time();
    return readable(date::floor<date::days>(local)) + date::format(" %H:%M", date::floor<std::chrono::minutes>(local));
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
