// What this machine does with a ledger, each figure beside its limit measured in the same run: the same real server,
// TLS, signatures and synced store as everywhere, in a folder of its own that is removed again.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tools/desk.h"

namespace tools {

struct BenchOptions {
    std::string folder;         // where to make the ledger; the disk is part of what is measured
    double seconds = 3;         // for each figure
    uint64_t entries = 20'000;  // that the book holds at least before verification and replay are measured
};

struct Figure {
    std::string name;  // "signed appends through the door, 8 connections"
    double per_second = 0;
    std::string limit_name;  // "synced writes of one entry, one after the other"; empty: it is itself a limit
    double limit = 0;
    double median_us = 0, p99_us = 0;  // of one request; 0: not measured
    std::string note{};                // what else belongs to it: "15 steps of 32 bytes"
    double ratio() const { return limit > 0 ? per_second / limit : 0; }
};

struct BenchReport {
    std::vector<Figure> figures;
    unsigned cores = 0;
    uint64_t entries = 0;      // in the book at the end
    uint64_t entry_bytes = 0;  // of a typical entry
    std::string durability;
    boost::json::object to_json() const;
};

// What completeness costs: an event's new root, a proof and its check, in heads maps of ten thousand and a million
// cases.
std::vector<Figure> measure_heads(double seconds, const std::function<void(const std::string&)>& progress);

// `progress` is told what is being measured.
Attempt<BenchReport> bench(const BenchOptions& options, const std::function<void(const std::string&)>& progress);

}  // namespace tools
