// How views say things: durations, states and the names of enumerants, in words beside the codes.
#pragma once
#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "schema/ids.h"
#include "schema/time.h"

namespace projections {

// "30 min", "41 h 0 min", "2 d 3 h"; of a negative one its size.
std::string spoken(std::chrono::milliseconds duration);
// "childInNeed" and "met-some" as "Child in need" and "Met some".
std::string spoken_name(std::string_view name);
// {"code": ..., "title": ...}
boost::json::object coded(std::string_view code, std::string_view title);

inline boost::json::value text_or_null(std::string_view text) {
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}
template <class Id>
boost::json::value id_or_null(const Id& id) {
    return id.empty() ? boost::json::value(nullptr) : boost::json::value(id.hex());
}
template <class Ids>
boost::json::array hex_list(const Ids& ids) {
    boost::json::array list;
    for (auto& id : ids) list.emplace_back(id.hex());
    return list;
}
inline boost::json::value iso_or_null(const std::optional<schema::Time>& time) {
    return time ? boost::json::value(schema::iso(*time)) : boost::json::value(nullptr);
}
inline boost::json::value iso_or_null(const std::optional<schema::Day>& day) {
    return day ? boost::json::value(schema::iso(*day)) : boost::json::value(nullptr);
}

}  // namespace projections
