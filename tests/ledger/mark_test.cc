// The high-water mark survives a torn slot, never guesses, and is never behind what was acknowledged.
#include "ledger/mark.h"

#include <gtest/gtest.h>

#include "ledger/small_book.h"

namespace {

using namespace ledger;
using namespace test;

constexpr size_t slot = 4096;

Marked marked(uint64_t size) { return {size, test::id<Digest>(size)}; }

// The file after marks 1 to `last` were written.
std::string file_after(const std::string& path, uint64_t last) {
    fs::remove(path);
    auto mark = Mark::open(path, true).value();
    for (uint64_t size = 1; size <= last; ++size) EXPECT_TRUE(mark->write(marked(size)));
    return read_all(path);
}

TEST(Mark, GivesBackTheLastOneWritten) {
    TempFolder folder;
    for (uint64_t last : {0, 1, 2, 3, 10}) {
        file_after(folder / "mark", last);
        auto again = Mark::open(folder / "mark", false);
        ASSERT_TRUE(again);
        EXPECT_EQ((*again)->read().size, last);
        if (last) {
            EXPECT_EQ((*again)->read().root, marked(last).root);
        }
        ASSERT_TRUE((*again)->write(marked(last + 1)));
    }
}

TEST(Mark, IsReadableByAnotherProcessAsSoonAsItIsWritten) {
    TempFolder folder;
    auto mark = Mark::open(folder / "mark", true).value();
    for (uint64_t size = 1; size < 20; ++size) {
        ASSERT_TRUE(mark->write(marked(size)));
        fs::copy_file(folder / "mark", folder / "copy", fs::copy_options::overwrite_existing);
        EXPECT_EQ(Mark::open(folder / "copy", false).value()->read().size, size);
    }
}

TEST(Mark, FallsBackByOneAndNoFurtherWhenAnyByteOfItChanges) {
    TempFolder folder;
    auto good = file_after(folder / "mark", 8);
    for (size_t at = 0; at < good.size(); at += at % slot < 120 ? 1 : 37)
        for (uint8_t change : {0x01, 0x80, 0xff}) {
            auto bad = good;
            bad[at] = static_cast<char>(bad[at] ^ change);
            write_all(folder / "mark", bad);
            auto got = read_mark(folder / "mark");
            ASSERT_TRUE(got) << at;
            ASSERT_TRUE((got->size == 8 || got->size == 7) && got->root == marked(got->size).root)
                << at << ": " << got->size;
        }
}

TEST(Mark, RefusesWhenBothSlotsAreTorn) {
    TempFolder folder;
    auto good = file_after(folder / "mark", 5);
    good[30] = static_cast<char>(good[30] ^ 1);
    good[slot + 30] = static_cast<char>(good[slot + 30] ^ 1);
    write_all(folder / "mark", good);
    auto read = Mark::open(folder / "mark", false);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().fault, schema::Fault::corrupt);
}

TEST(Mark, RefusesAMissingEmptyOrShortFileAndNeverMakesOne) {
    TempFolder folder;
    auto missing = Mark::open(folder / "mark", false);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().fault, schema::Fault::corrupt);
    EXPECT_FALSE(fs::exists(folder / "mark"));
    auto good = file_after(folder / "mark", 5);
    for (size_t size : {size_t{0}, size_t{1}, slot, 2 * slot - 1}) {
        write_all(folder / "mark", good.substr(0, size));
        EXPECT_FALSE(Mark::open(folder / "mark", false)) << size;
    }
}

TEST(Mark, DoesNotOverwriteAnother) {
    TempFolder folder;
    auto good = file_after(folder / "mark", 5);
    EXPECT_FALSE(Mark::open(folder / "mark", true));
    EXPECT_EQ(read_all(folder / "mark"), good);
}

TEST(Mark, IsNeverBehindWhatTheLedgerAcknowledged) {
    TempFolder folder;
    auto book = make(folder / "l");
    Author author;
    for (uint64_t size = 1; size <= 30; ++size) {
        author.write(*book, size);
        fs::copy_file(folder / "l/mark", folder / "copy", fs::copy_options::overwrite_existing);
        auto copy = Mark::open(folder / "copy", false).value();
        EXPECT_EQ(copy->read().size, book->published()->head.size);
        EXPECT_EQ(copy->read().root, book->published()->head.root);
    }
}

}  // namespace
