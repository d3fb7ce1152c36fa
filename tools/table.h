// A table for reading: columns aligned by what a terminal shows, the widest text wrapped so that a line fits.
#pragma once
#include <string>
#include <vector>

#include "tools/terminal.h"

namespace tools {

class Table {
  public:
    enum Align { left, right };
    struct Column {
        std::string title;
        Align align = left;
        bool wraps = false;  // prose: may be broken over lines where room is short
    };
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    void row(std::vector<std::string> cells);
    bool empty() const { return rows_.empty(); }
    // Lines that end in '\n'. Control characters in cells are made harmless.
    std::string text(const Screen& screen) const;

  private:
    std::vector<size_t> widths(size_t room) const;
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

// Breaks a text into lines of at most `columns`, between words where there are any; line breaks stay.
std::vector<std::string> wrapped(std::string_view text, size_t columns);

}  // namespace tools
