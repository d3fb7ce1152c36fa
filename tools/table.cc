#include "tools/table.h"

#include <algorithm>

namespace tools {
namespace {

constexpr std::string_view gap = "  ";
constexpr size_t narrowest = 16;  // a wrapped column is never narrower, even where a line then does not fit

}  // namespace

std::vector<std::string> wrapped(std::string_view text, size_t columns) {
    std::vector<std::string> lines;
    while (true) {
        auto line = text.substr(0, text.find('\n'));
        auto rest = line.size() == text.size() ? std::nullopt : std::optional(text.substr(line.size() + 1));
        // What follows a broken line stands as far in as the line did.
        std::string indent(std::min(line.find_first_not_of(' '), line.size()), ' ');
        if (indent.size() * 2 > columns) indent.clear();
        bool first = true;
        do {
            auto part = fitting(line, first ? columns : columns - indent.size());
            if (part.empty()) part = line.substr(0, 1);  // a glyph wider than the column
            if (part.size() < line.size() && line[part.size()] != ' ')
                if (auto blank = part.rfind(' '); blank != part.npos && part.find_first_not_of(' ') < blank)
                    part = part.substr(0, blank);
            lines.push_back(first ? std::string(part) : indent + std::string(part));
            first = false;
            line.remove_prefix(part.size());
            while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
        } while (!line.empty());
        if (!rest) return lines;
        text = *rest;
    }
}

void Table::row(std::vector<std::string> cells) {
    for (auto& cell : cells) cell = printable(cell);
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::vector<size_t> Table::widths(size_t room) const {
    std::vector<size_t> wanted(columns_.size());
    size_t all = gap.size() * (columns_.size() - 1);
    for (size_t i = 0; i < columns_.size(); ++i) {
        wanted[i] = display_width(columns_[i].title);
        for (auto& cells : rows_)
            for (auto& line : wrapped(cells[i], 10'000)) wanted[i] = std::max(wanted[i], display_width(line));
        all += wanted[i];
    }
    // Take from the widest wrapping column until the line fits or none can give more.
    while (all > room) {
        size_t* widest = nullptr;
        for (size_t i = 0; i < columns_.size(); ++i)
            if (columns_[i].wraps && wanted[i] > narrowest && (!widest || wanted[i] > *widest)) widest = &wanted[i];
        if (!widest) break;
        --*widest;
        --all;
    }
    return wanted;
}

std::string Table::text(const Screen& screen) const {
    auto width = widths(screen.width);
    std::string out;
    auto add = [&](const std::vector<std::string>& cells, bool heading) {
        std::vector<std::vector<std::string>> parts;
        size_t height = 1;
        for (size_t i = 0; i < cells.size(); ++i) {
            parts.push_back(wrapped(cells[i], width[i]));
            height = std::max(height, parts.back().size());
        }
        for (size_t line = 0; line < height; ++line) {
            std::string text;
            for (size_t i = 0; i < cells.size(); ++i) {
                std::string cell = line < parts[i].size() ? parts[i][line] : "";
                size_t used = display_width(cell);
                std::string fill(width[i] > used ? width[i] - used : 0, ' ');
                if (i) text += gap;
                text += columns_[i].align == right ? fill + cell : cell + fill;
            }
            while (!text.empty() && text.back() == ' ') text.pop_back();
            out += (heading ? screen.styled(Screen::bold, text) : text) + "\n";
        }
    };
    std::vector<std::string> titles;
    for (auto& column : columns_) titles.push_back(column.title);
    add(titles, true);
    for (auto& cells : rows_) add(cells, false);
    return out;
}

}  // namespace tools
