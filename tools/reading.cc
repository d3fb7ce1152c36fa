#include "tools/reading.h"

#include <fmt/format.h>

#include "schema/time.h"

namespace tools {
namespace {

namespace json = boost::json;

const json::value* find(const json::value& value, std::string_view path) {
    const json::value* at = &value;
    while (!path.empty()) {
        auto name = path.substr(0, path.find('.'));
        path.remove_prefix(std::min(path.size(), name.size() + 1));
        auto* object = at->if_object();
        at = object ? object->if_contains(json::string_view(name.data(), name.size())) : nullptr;
        if (!at) return nullptr;
    }
    return at;
}

std::string plain(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null: return {};
        case json::kind::bool_: return value.get_bool() ? "yes" : "no";
        case json::kind::string: return std::string(value.get_string());
        case json::kind::object: {
            for (auto* name : {"title", "name", "code"})
                if (auto text = told(value, name); !text.empty()) return text;
            return {};
        }
        case json::kind::array: {
            std::string all;
            for (auto& item : value.get_array()) all += (all.empty() ? "" : ", ") + plain(item);
            return all;
        }
        case json::kind::double_: return fmt::format("{:g}", value.get_double());
        default: return json::serialize(value);
    }
}

// "Thu 24 May 2018", and " 4 Jun 2018" as it is padded.
std::string without_weekday(const std::string& readable) {
    auto from = readable.find_first_of("0123456789");
    return from == readable.npos ? readable : readable.substr(from);
}

}  // namespace

std::string told(const json::value& value, std::string_view path) {
    auto* found = find(value, path);
    return found ? plain(*found) : std::string();
}

const json::array& listed(const json::value& value, std::string_view path) {
    static const json::array none;
    auto* found = find(value, path);
    return found && found->is_array() ? found->get_array() : none;
}

std::string when(const std::string& text) {
    if (auto time = schema::parse_time(text)) return without_weekday(schema::readable(*time));
    if (auto day = schema::parse_day(text)) return without_weekday(schema::readable(*day));
    return text;
}

std::string until_when(const std::string& text) {
    auto time = schema::parse_time(text);
    if (!time) return when(text);
    auto day = schema::london_day(*time);
    if (*time != schema::london_time(day, {})) return when(text);
    return "end of " + without_weekday(schema::readable(day - std::chrono::days{1}));
}

std::string case_name(const std::string& stream) {
    return stream == schema::reserved_stream(schema::service_stream_number).hex() ? "(the service)" : stream;
}

std::string short_id(const std::string& hex) { return hex.substr(0, 8); }

Names Names::ask(Calls& calls) {
    Names names;
    auto directory = calls.get("/v1/directory");
    if (!directory) return names;
    for (auto& person : listed(*directory, "people")) names.people_[told(person, "person")] = told(person, "name");
    for (auto& team : listed(*directory, "teams")) names.teams_[told(team, "team")] = told(team, "name");
    return names;
}

std::string Names::of(const std::string& person) const {
    auto found = people_.find(person);
    return found != people_.end() && !found->second.empty() ? found->second : short_id(person);
}

std::string Names::team(const std::string& code) const {
    auto found = teams_.find(code);
    return found != teams_.end() && !found->second.empty() ? found->second : code;
}

std::string heading(const json::value& answer, const Screen& screen) {
    std::string out;
    if (told(answer, "playedClock") == "yes") out += screen.styled(Screen::yellow, "PLAYED CLOCK") + "  ";
    if (auto as_at = told(answer, "asAt"); !as_at.empty()) out += "as at " + when(as_at);
    return out.empty() ? out : out + "\n\n";
}

Attempt<> view(const Desk& desk, const std::string& target, const Shown& shown) {
    auto calls = Calls::sign_in(desk);
    if (!calls) return tl::unexpected(calls.error());
    auto answer = calls->get(target);
    if (!answer) return tl::unexpected(answer.error());
    if (desk.json) desk.put(*answer);
    else fmt::print("{}{}", heading(*answer, desk.out), shown(*answer, Names::ask(*calls)));
    return {};
}

std::string verdict(const json::value& clock) {
    auto title = told(clock, "verdictTitle");
    if (told(clock, "soFar") == "yes") title = "LATE";
    // Of several readings the adopted one speaks, else the one whose due time is shown, else the first.
    const json::value* chosen = nullptr;
    int weight = 0;
    for (auto& reading : listed(clock, "readings")) {
        int its = told(reading, "adopted") == "yes" ? 3 : told(reading, "due") == told(clock, "due") ? 2 : 1;
        if (its > weight) {
            chosen = &reading;
            weight = its;
        }
    }
    auto by = chosen ? told(*chosen, "by") : std::string();
    if (by.empty()) return title;
    auto outcome = told(*chosen, "result");
    if (told(clock, "verdict") == "open" && outcome != "open") return title + "; by one reading late by " + by;
    return title + (outcome == "open" ? ", " + by + " left" : ", by " + by);
}

}  // namespace tools
