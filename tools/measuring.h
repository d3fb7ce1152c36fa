// One measurement: how often something could be done in the time it was given, how long each took, what CPU it cost.
#pragma once
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include "tools/bench_figures.h"

namespace tools {

using Clock = std::chrono::steady_clock;

inline double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Seconds of CPU that this thread, or another process, has used.
inline double cpu_seconds(clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
    timespec used{};
    ::clock_gettime(clock, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

inline double bytes_in(const std::string& folder) {
    double all = 0;
    std::error_code error;
    for (auto& file : std::filesystem::recursive_directory_iterator(folder, error))
        if (file.is_regular_file(error)) all += static_cast<double>(file.file_size(error));
    return all;
}

inline double percentile(std::vector<double>& values, double at) {
    if (values.empty()) return 0;
    auto nth = values.begin() + static_cast<ptrdiff_t>(at * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

// Calls work(thread, n) on each of `threads` until the time is up; work says how many it did, 0 to stop.
template <class Work>
Sample measure(unsigned threads, double seconds, Work work) {
    std::atomic<uint64_t> done = 0;
    std::atomic<double> cpu = 0;
    std::vector<std::vector<double>> times(threads);
    auto start = Clock::now();
    {
        std::vector<std::jthread> crew;
        for (unsigned t = 0; t < threads; ++t)
            crew.emplace_back([&, t] {
                auto used = cpu_seconds();
                for (uint64_t n = 0; since(start) < seconds; ++n) {
                    auto before = Clock::now();
                    uint64_t did = work(t, n);
                    if (did == 0) break;
                    done += did;
                    times[t].push_back(since(before) * 1e6 / static_cast<double>(did));
                }
                cpu += cpu_seconds() - used;
            });
    }
    auto count = static_cast<double>(done);
    std::vector<double> all;
    for (auto& each : times) all.insert(all.end(), each.begin(), each.end());
    return {{Unit::per_second, count / since(start)},
            {Unit::median_us, percentile(all, 0.5)},
            {Unit::p99_us, percentile(all, 0.99)},
            {Unit::cpu_us, count > 0 ? cpu * 1e6 / count : 0},
            {Unit::count, count}};
}

// Calls work(i) for each of so many, on all cores.
template <class Work>
void share(size_t count, Work work) {
    std::vector<std::jthread> crew;
    size_t threads = std::max(1u, std::thread::hardware_concurrency());
    for (size_t t = 0; t < threads; ++t)
        crew.emplace_back([=, &work] {
            for (size_t i = t; i < count; i += threads) work(i);
        });
}

// Something that is done once and takes long.
template <class Work>
Sample measure_once(uint64_t count, Work work) {
    auto start = Clock::now();
    work();
    auto took = since(start);
    return {{Unit::seconds, took}, {Unit::per_second, static_cast<double>(count) / took}};
}

}  // namespace tools
