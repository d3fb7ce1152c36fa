// Tables are for reading: columns line up by what a terminal shows, lines fit, nothing in a cell can fool the reader.
#include "tools/table.h"

#include <gtest/gtest.h>

namespace {

using tools::Table;

TEST(Table, AlignsByWhatATerminalShowsAndNotByBytes) {
    Table table({{"Name", Table::left}, {"N", Table::right}});
    table.row({"Zoë", "7"});
    table.row({"Anna", "12"});
    EXPECT_EQ(table.text(tools::Screen{}), "Name   N\nZoë    7\nAnna  12\n");
}

TEST(Table, WrapsProseSoThatALineFits) {
    tools::Screen screen;
    screen.width = 30;
    Table table({{"Id", Table::left}, {"What", Table::left, true}});
    table.row({"0123456789", "an assessment was returned for more work"});
    auto text = table.text(screen);
    for (size_t from = 0; from < text.size(); from = text.find('\n', from) + 1)
        EXPECT_LE(text.find('\n', from) - from, 30u);
    EXPECT_NE(text.find("an assessment was\n"), std::string::npos);
}

TEST(Table, MakesControlCharactersHarmless) {
    Table table({{"What", Table::left}});
    table.row({"safe\x1b[2J\x07\xc2\x9b"});
    EXPECT_EQ(table.text(tools::Screen{}), "What\nsafe?[2J??\n");
}

TEST(Wrapped, BreaksWhatHasNoBlanksAndKeepsLineBreaks) {
    EXPECT_EQ(tools::wrapped("abcdef", 4), (std::vector<std::string>{"abcd", "ef"}));
    EXPECT_EQ(tools::wrapped("a\n\nb", 4), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(tools::wrapped("", 4), (std::vector<std::string>{""}));
}

}  // namespace
