#include "server/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

namespace server {
namespace {

namespace json = boost::json;

std::string line(std::string_view level, std::string_view event, json::object more) {
    json::object all{{"level", json::string(level)}, {"event", json::string(event)}};
    for (auto& member : more) all[member.key()] = std::move(member.value());
    auto text = json::serialize(all);
    return text.substr(1);  // the pattern opens the object with the time
}

}  // namespace

Log::Log(bool on) {
    if (!on) return;
    logger_ = std::make_shared<spdlog::logger>("server", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger_->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v", spdlog::pattern_time_type::utc);
}

void Log::answered(const Answered& a) const {
    if (!logger_) return;
    json::object more{{"method", json::string(a.method)},
                      {"route", json::string(a.route)},
                      {"status", a.status},
                      {"us", a.took.count()},
                      {"request", a.request}};
    if (!a.person.empty()) more["person"] = a.person;
    logger_->info(line("info", "request", std::move(more)));
}

void Log::said(std::string_view what) const {
    if (logger_) logger_->info(line("info", what, {}));
}

void Log::fault(std::string_view what, std::string_view request) const {
    if (logger_)
        logger_->error(line("error", "fault", {{"what", json::string(what)}, {"request", json::string(request)}}));
}

void Log::told(std::string_view level, std::string_view event, json::object more) const {
    if (logger_) logger_->info(line(level, event, std::move(more)));
}

}  // namespace server
