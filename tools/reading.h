// Reading the service's answers for a table: what is not there is an empty text, so a view that says more or less than
// this version expects is still shown.
#pragma once
#include <boost/json.hpp>
#include <map>
#include <string>

#include "tools/calls.h"

namespace tools {

// What stands at "case.head.revision": text as it is, numbers and yes or no in words, {"code", "title"} as its title.
std::string told(const boost::json::value& value, std::string_view path);
// The list at a path; empty where there is none.
const boost::json::array& listed(const boost::json::value& value, std::string_view path);
// "2018-05-24T14:00:00+01:00" as "24 May 2018 14:00"; anything else as it is.
std::string when(const std::string& text);
// A limit that runs to the end of a day is told as that day: "end of 26 Jul 2018", not midnight of the next.
std::string until_when(const std::string& text);
// A case's id; the service's own stream by its name.
std::string case_name(const std::string& stream);
std::string short_id(const std::string& hex);  // its first eight digits

// Names of people and teams, for those who may read the directory.
class Names {
  public:
    static Names ask(Calls& calls);                   // empty where they cannot be had
    std::string of(const std::string& person) const;  // the name, else the short id; empty for empty
    std::string team(const std::string& code) const;

  private:
    std::map<std::string, std::string> people_, teams_;
};

// What every table says above it: "PLAYED CLOCK", and the time it speaks for where that was asked.
std::string heading(const boost::json::value& answer, const Screen& screen);

// Asks for a view and prints it: with --json as it came, else as `shown` makes it, under its heading.
using Shown = std::function<std::string(const boost::json::value& answer, const Names& names)>;
Attempt<> view(const Desk& desk, const std::string& target, const Shown& shown);

// A clock in a word or two: "Met", "Late by 3 d 2 h", "Due Mon 4 Jun 2018 24:00".
std::string verdict(const boost::json::value& clock);

}  // namespace tools
