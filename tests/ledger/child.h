// The process that kill_test starts and kills.
#pragma once

namespace test {

// Opens the book at `folder`, appends without end, and writes the number of each entry to standard output once it has
// been acknowledged.
int append_until_killed(const char* folder);

}  // namespace test
