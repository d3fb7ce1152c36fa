// The processes that kill_test and erasure_test start and kill.
#pragma once

namespace test {

// Opens the book at `folder`, appends without end, and writes the number of each entry to standard output once it has
// been acknowledged.
int append_until_killed(const char* folder);

// Opens the keys at `folder` and destroys them one after the other, telling each subject before it begins.
int erase_until_killed(const char* folder);

}  // namespace test
