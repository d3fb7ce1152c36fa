// The processes that kill_test, erasure_test and witness_test start, and that are killed.
#pragma once

namespace test {

// Opens the book at `folder`, appends without end, and writes the number of each entry to standard output once it has
// been acknowledged.
int append_until_killed(const char* folder);

// Opens the keys at `folder` and destroys them one after the other, telling each subject before it begins.
int erase_until_killed(const char* folder);

// Opens the witness at `folder`, shows it eight entries more than `from`, and dies by SIGKILL when it has written that
// to the disk and not yet answered.
int cosign_and_die(const char* folder, const char* from);

}  // namespace test
