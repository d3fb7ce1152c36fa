// What this machine does with a ledger, each figure beside its limit measured in the same rounds: the real service,
// TLS, signatures and synced store, over a book of as many entries as one likes, in a folder of its own.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tools/bench_figures.h"

namespace CLI {
class App;
}

namespace tools {

class BenchRun;

struct BenchOptions {
    std::string folder;                // where to make the ledger; the disk is part of what is measured
    double seconds = 3;                // for each figure
    unsigned rounds = 3;               // of each group
    double patience = 300;             // seconds after which a group begins no other round
    uint64_t entries = 20'000;         // that the book is filled to
    uint64_t cases = 0;                // they are of; 0: a hundredth of the entries
    bool wordless = false;             // what it is filled with
    double soak = 0;                   // minutes of load under which memory is watched; 0: not
    bool keep = false, reuse = false;  // the folder, afterwards; that was kept
    std::vector<std::string> only{};   // groups whose id begins so; empty: all
    std::string service{};             // the program that serves; empty: the caseledgerd beside this program
    std::string smaller{};             // a report on a smaller book, for the growth
    // Others may join a group before it is measured.
    std::function<Attempt<void>(BenchRun&, Group&)> join{};
};

struct BenchReport {
    boost::json::object machine, book;
    std::vector<GroupTold> groups;
    boost::json::object to_json() const;
    std::string text(const Screen& screen) const;
    std::string markdown() const;
};

// What each costs over what it cost in a smaller book, whose report (JSON) is in that file.
Attempt<GroupTold> growth(const std::string& smaller, const BenchReport& report);

// What a command line may say of it. quick: one short round; markdown: how the report is told.
void add_bench_options(CLI::App& command, BenchOptions& options, bool& quick, bool& markdown);

// `progress` is told what is being measured.
Attempt<BenchReport> bench(const BenchOptions& options, const std::function<void(const std::string&)>& progress);

}  // namespace tools
