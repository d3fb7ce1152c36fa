// The tests' own main: one test for each public vector where their folder is named, and the lives of children that
// are killed (a process that has RocksDB open is never forked, so a child is this program again).
#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "ledger/child.h"
#include "ledger/vectors.h"

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--append-until-killed") return test::append_until_killed(argv[2]);
    if (argc == 3 && std::string_view(argv[1]) == "--erase-until-killed") return test::erase_until_killed(argv[2]);
    if (argc == 4 && std::string_view(argv[1]) == "--cosign-and-die") return test::cosign_and_die(argv[2], argv[3]);
    testing::InitGoogleTest(&argc, argv);
    if (const char* folder = std::getenv("CASELEDGER_VECTORS")) test::register_vectors(folder);
    return RUN_ALL_TESTS();
}
