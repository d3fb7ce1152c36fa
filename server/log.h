// The service's log: one JSON object a line on stderr. Ids of staff and of requests only; never a name, a word of a
// case or a query string.
#pragma once
#include <boost/json/fwd.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace server {

class Log {
  public:
    explicit Log(bool on);
    struct Answered {
        std::string_view method, route;  // the pattern, not the path
        int status = 0;
        std::chrono::microseconds took{};
        std::string person, request;  // hexadecimal; empty: none
    };
    void answered(const Answered& answered) const;
    void said(std::string_view what) const;                             // started, stopping, stopped
    void fault(std::string_view what, std::string_view request) const;  // something of ours broke

    // level: info, warning or error. `more` goes into the line as it is.
    void told(std::string_view level, std::string_view event, boost::json::object more) const;

  private:
    std::shared_ptr<spdlog::logger> logger_;  // null: off
};

}  // namespace server
