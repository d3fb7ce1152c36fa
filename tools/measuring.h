// One figure of the benchmark: how often something could be done in the time it was given.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "tools/bench.h"

namespace tools {

using Clock = std::chrono::steady_clock;

inline double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

inline double percentile(std::vector<double>& values, double at) {
    if (values.empty()) return 0;
    auto nth = values.begin() + static_cast<ptrdiff_t>(at * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

// Calls work(thread, n) on each of `threads` until the time is up; work says how many it did, 0 to stop.
template <class Work>
Figure measure(std::string name, unsigned threads, double seconds, Work work) {
    std::atomic<uint64_t> done = 0;
    std::vector<std::vector<double>> times(threads);
    auto start = Clock::now();
    {
        std::vector<std::jthread> crew;
        for (unsigned t = 0; t < threads; ++t)
            crew.emplace_back([&, t] {
                for (uint64_t n = 0; since(start) < seconds; ++n) {
                    auto before = Clock::now();
                    uint64_t did = work(t, n);
                    if (did == 0) return;
                    done += did;
                    times[t].push_back(since(before) * 1e6);
                }
            });
    }
    Figure figure;
    figure.name = std::move(name);
    figure.per_second = static_cast<double>(done) / since(start);
    std::vector<double> all;
    for (auto& each : times) all.insert(all.end(), each.begin(), each.end());
    figure.median_us = percentile(all, 0.5);
    figure.p99_us = percentile(all, 0.99);
    return figure;
}

}  // namespace tools
