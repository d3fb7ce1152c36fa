#include "projections/wording.h"

#include <fmt/format.h>

namespace projections {

std::string spoken(std::chrono::milliseconds duration) {
    using namespace std::chrono;
    auto minutes = abs(duration_cast<std::chrono::minutes>(duration)).count();
    if (minutes < 60) return fmt::format("{} min", minutes);
    if (minutes < 48 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
    return fmt::format("{} d {} h", minutes / (24 * 60), minutes / 60 % 24);
}

std::string spoken_name(std::string_view name) {
    std::string text;
    for (char c : name) {
        if (c == '-') text += ' ';
        else if (c >= 'A' && c <= 'Z') (text += ' ') += static_cast<char>(c - 'A' + 'a');
        else text += c;
    }
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

boost::json::object coded(std::string_view code, std::string_view title) { return {{"code", code}, {"title", title}}; }

}  // namespace projections
