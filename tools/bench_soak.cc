// An hour of what a day brings: cases begin, are written about and are read, and the service's memory is watched.
#include <fmt/format.h>

#include <random>

#include "tools/bench_run.h"
#include "tools/measuring.h"

namespace tools {
namespace {

// Some new cases, and so many notes that a case has a hundred of them before it is worked on no more; one in fifty of
// the requests reads a case's chronology.
constexpr size_t begun_together = 200, notes_a_case = 99, one_reads = 50;

Attempt<Load::Told> work(BenchRun& run, double seconds) {
    auto load = run.connect(64);
    if (!load) return tl::unexpected(load.error());
    auto events = run.book().prepare(begun_together * notes_a_case);
    std::vector<std::string> bodies(events.size());
    share(bodies.size(), [&](size_t i) { bodies[i] = events[i].to_json(); });
    std::mt19937_64 chance(std::random_device{}());
    std::vector<std::string> readings(bodies.size() / one_reads);
    // Of all but those that the views may not have heard of yet.
    auto cases = std::max<uint64_t>(run.book().shape().cases, 2 * begun_together) - 2 * begun_together;
    for (auto& target : readings)
        target = "/v1/cases/" + run.book().bench_case(chance() % std::max<uint64_t>(cases, 1)).stream.hex() +
                 "/chronology?words=1";
    std::atomic<size_t> next = 0;
    return (*load)->run(seconds, [&](unsigned) -> std::optional<Ask> {
        auto n = next++;
        if (n >= bodies.size()) return std::nullopt;
        if (n % one_reads == 0 && n / one_reads < readings.size()) return Ask{"GET", readings[n / one_reads], "", {}};
        return Ask{"POST", "/v1/events", "application/json", bodies[n]};
    });
}

Attempt<Sample> soak(BenchRun& run, double seconds) {
    auto start = Clock::now();
    uint64_t answered = 0;
    double busy = 0;
    while (since(start) < seconds) {
        TRY(run.record(run.book().begin_cases(begun_together)));
        auto worked = work(run, std::max(1.0, seconds - since(start)));
        if (!worked) return tl::unexpected(worked.error());
        answered += worked->answered;
        busy += worked->seconds;
    }
    return Sample{{Unit::per_second, static_cast<double>(answered) / busy},
                  {Unit::mebibytes, run.service().resident()},
                  {Unit::count, static_cast<double>(answered)}};
}

}  // namespace

Group soak_group(BenchRun& run) {
    constexpr unsigned parts = 6;
    auto minutes = run.options().soak;
    Group group{"soak",
                fmt::format("Memory under load for {:g} minutes", minutes),
                "64 connections append to cases that begin, have a hundred entries and are left; one request in fifty "
                "reads a case's chronology with its words. MiB of the service at the end of each part.",
                {},
                {}};
    auto name = [](unsigned part) { return "part " + std::to_string(part + 1) + " of " + std::to_string(parts); };
    for (unsigned part = 0; part < parts; ++part)
        group.contestants.push_back({name(part), [&run, minutes] { return soak(run, minutes * 60 / parts); }, true});
    group.ratios = {
        {"MiB at the end over MiB after a third",
         [name](const Round& round) {
             return figure(round, name(parts - 1), Unit::mebibytes) / figure(round, name(1), Unit::mebibytes);
         },
         Goal{false, 1.1}},
        {"MiB at the end", [name](const Round& round) { return figure(round, name(parts - 1), Unit::mebibytes); },
         Goal{false, 1024}}};
    return group;
}

}  // namespace tools
