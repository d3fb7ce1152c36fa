#include "server/query.h"

#include <charconv>

namespace server {

void Query::refuse(std::string_view name, std::string why) {
    if (!wrong_) wrong_ = schema::Error{schema::Fault::malformed, std::string(name), std::move(why)};
}

schema::Result<void> Query::finish() const {
    if (wrong_) return tl::unexpected(*wrong_);
    return {};
}

std::string Query::text(std::string_view name) {
    auto* given = call_.head->find(name);
    if (given && given->size() > 200) refuse(name, "is too long");
    return given ? *given : std::string();
}

std::optional<bool> Query::choice(std::string_view name) {
    auto* given = call_.head->find(name);
    if (!given) return std::nullopt;
    if (*given == "1" || *given == "true") return true;
    if (*given != "0" && *given != "false") refuse(name, "must be 1 or 0, true or false");
    return false;
}

bool Query::flag(std::string_view name) { return choice(name).value_or(false); }

std::optional<uint64_t> Query::number(std::string_view name, uint64_t least, uint64_t most) {
    auto* given = call_.head->find(name);
    if (!given) return std::nullopt;
    uint64_t value = 0;
    auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), value);
    if (error == std::errc{} && end == given->data() + given->size() && least <= value && value <= most) return value;
    refuse(name, most == UINT64_MAX
                     ? std::string("must be a whole number")
                     : "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
}

std::optional<schema::Time> Query::moment(std::string_view name) {
    auto* given = call_.head->find(name);
    if (!given) return std::nullopt;
    if (auto day = schema::parse_day(*given))
        return schema::london_time(*day + std::chrono::days{1}, std::chrono::milliseconds{0}) -
               std::chrono::milliseconds{1};
    auto time = schema::parse_time(*given);
    if (!time) refuse(name, "must be a day or a time, such as 2018-05-24 or 2018-05-24T14:00:00+01:00");
    return time;
}

std::optional<schema::Day> Query::day(std::string_view name) {
    auto* given = call_.head->find(name);
    if (!given) return std::nullopt;
    if (auto day = schema::parse_day(*given)) return day;
    auto time = moment(name);
    if (!time) return std::nullopt;
    return schema::london_day(*time);
}

void link_next(Reply& reply, const Call& call, const boost::json::object& view) {
    auto* next = view.if_contains("next");
    if (!next || !next->is_string()) return;
    auto encoded = [](std::string_view text) {
        std::string out;
        for (char c : text) {
            bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                         c == '_' || c == '.' || c == '~';
            out += plain ? std::string(1, c) : "%" + schema::to_hex(schema::as_bytes(std::string_view(&c, 1)));
        }
        return out;
    };
    std::string target = call.head->path + "?cursor=" + encoded(std::string_view(next->get_string()));
    for (auto& [name, value] : call.head->query)
        if (name != "cursor") target += "&" + encoded(name) + "=" + encoded(value);
    reply.headers.emplace_back("Link", "<" + target + ">; rel=\"next\"");
}

}  // namespace server
