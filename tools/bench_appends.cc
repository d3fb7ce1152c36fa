// Appends through HTTPS: how many, what CPU they cost beside what nobody can do without, how long one alone takes, and
// many in a request.
#include <filesystem>

#include "tools/bench_machine.h"
#include "tools/bench_run.h"
#include "tools/measuring.h"

namespace tools {
namespace {

const std::string verification = "strict Ed25519 verifications, all cores",
                  one_verification = "one strict verification", synced = "synced appends of an entry's bytes to a file",
                  trip = "a TLS round trip of the same bytes", cpu_name = "CPU of the service for an append";

std::string plural(unsigned connections) {
    return std::to_string(connections) + (connections == 1 ? " connection" : " connections");
}

const std::string hashing = "its hashes", put = "its put, in a batch of 64", record = "a TLS record in and one out",
                  record_wire = "the same, read from and written to a socket", parse = "an HTTP parse";
const std::vector<std::string> parts{one_verification, hashing, put, record, parse};

constexpr auto served = {Unit::per_second, Unit::median_us, Unit::p99_us, Unit::cpu_us, Unit::load_us};

Attempt<Sample> all_cores(BenchRun& run) {
    return only(verifications(run.payload(), cores(), run.options().seconds), {Unit::per_second});
}

double sum(const Round& round, const std::vector<std::string>& names, Unit unit) {
    double all = 0;
    for (auto& name : names) all += figure(round, name, unit);
    return all;
}

}  // namespace

Group appends_group(BenchRun& run, unsigned connections) {
    auto& options = run.options();
    auto ours = "signed appends through HTTPS, " + plural(connections);
    auto constant = "Beast's constant answer of a receipt's size, " + plural(connections);
    double most = connections == 1 ? 4'000 : connections == 8 ? 14'000 : 24'000;
    Group group{"appends-" + std::to_string(connections),
                "Durable signed appends, " + plural(connections),
                "One event with its words a request, TLS 1.3, each answered with its receipt when it is synced.",
                {},
                {}};
    group.contestants = {{verification, [&run] { return all_cores(run); }},
                         {synced,
                          [&run, &options] {
                              return only(syncs(options.folder, run.payload().entry.size(), options.seconds),
                                          {Unit::per_second, Unit::median_us, Unit::p99_us});
                          }},
                         {constant,
                          [&run, connections] {
                              return only(run.constant(
                                              connections, [&run](unsigned) { return run.payload().answer; }, true),
                                          served);
                          }},
                         {ours,
                          [&run, connections, most]() -> Attempt<Sample> {
                              auto load = run.connect(connections);
                              if (!load) return tl::unexpected(load.error());
                              return only(run.append(**load, run.append_bodies(most)), served);
                          },
                          true}};
    group.ratios = {over("of the verifications", ours, verification, Unit::per_second),
                    over("of the synced appends", ours, synced, Unit::per_second),
                    over("of the constant answers", ours, constant, Unit::per_second)};
    return group;
}

Group parts_group(BenchRun& run) {
    auto& options = run.options();
    Group group{"cpu",
                "CPU of an append beside its unavoidable parts",
                "Each part alone on one core; the service's CPU is that of its process, views and all, while 64 and 8 "
                "connections append. What the load itself costs is beside it.",
                {},
                {}};
    auto alone = [&](const std::string& name, std::function<Attempt<Sample>()> measured) {
        group.contestants.push_back(
            {name, [measured = std::move(measured)] { return only(measured(), {Unit::cpu_us}); }});
    };
    alone(one_verification, [&run, &options] { return verifications(run.payload(), 1, options.seconds / 2); });
    alone(hashing, [&run, &options] { return hashes(run.payload(), options.seconds / 2); });
    alone(put, [&run, &options] { return puts(options.folder, run.payload(), options.seconds / 2); });
    for (bool wire : {false, true})
        alone(wire ? record_wire : record, [&run, &options, wire] {
            return tls_records(run.payload(), run.certificate(), run.tls_key(), wire, options.seconds / 2);
        });
    alone(parse, [&run, &options] { return http_parses(run.payload(), options.seconds / 2); });
    for (unsigned connections : {64u, 8u}) {
        auto ours = cpu_name + ", " + plural(connections);
        group.contestants.push_back(
            {ours,
             [&run, connections]() -> Attempt<Sample> {
                 auto load = run.connect(connections);
                 if (!load) return tl::unexpected(load.error());
                 return only(run.append(**load, run.append_bodies(24'000)), {Unit::cpu_us, Unit::load_us});
             },
             true});
        group.ratios.push_back(
            {"over the sum of its parts, " + plural(connections),
             [ours](const Round& round) { return figure(round, ours, Unit::cpu_us) / sum(round, parts, Unit::cpu_us); },
             Goal{false, 1.5}});
        group.ratios.push_back({"over the same with the sockets' reads and writes, " + plural(connections),
                                [ours](const Round& round) {
                                    return figure(round, ours, Unit::cpu_us) /
                                           sum(round, {one_verification, hashing, put, record_wire, parse},
                                               Unit::cpu_us);
                                },
                                {}});
    }
    return group;
}

Group latency_group(BenchRun& run) {
    auto& options = run.options();
    const std::string ours = "a signed append, one client",
                      rebuilding = "a signed append, one client, while every view is rebuilt";
    Group group{"latency",
                "One client, one event",
                "While every view is rebuilt: beside those in use, as asked for by SIGUSR1, and measured until they "
                "are there or "
                "the time is up. The p99 of a sum is taken to be the sum of the parts' p99s.",
                {},
                {}};
    auto times = [](Attempt<Sample> sample) {
        return only(std::move(sample), {Unit::median_us, Unit::p99_us, Unit::count});
    };
    auto append = [&run, times]() -> Attempt<Sample> {
        auto load = run.connect(1);
        if (!load) return tl::unexpected(load.error());
        return times(run.append(**load, run.append_bodies(4'000)));
    };
    auto append_while_rebuilding = [&run, times]() -> Attempt<Sample> {
        auto load = run.connect(1);
        if (!load) return tl::unexpected(load.error());
        return times(run.append_while_rebuilding(**load));
    };
    group.contestants = {
        {synced,
         [&run, &options, times] { return times(syncs(options.folder, run.payload().entry.size(), options.seconds)); }},
        {one_verification, [&run, &options, times] { return times(verifications(run.payload(), 1, options.seconds)); }},
        {trip,
         [&run, times] {
             return times(run.constant(
                 1, [&run](unsigned) { return run.payload().answer; }, true));
         }},
        {ours, append, true},
        {rebuilding, append_while_rebuilding, true}};
    for (auto& each : {ours, rebuilding})
        for (auto unit : {Unit::median_us, Unit::p99_us}) {
            bool median = unit == Unit::median_us;
            group.ratios.push_back(
                {each + ": " + (median ? "median" : "p99") + " over a sync, a verification and a round trip",
                 [each, unit](const Round& round) {
                     return figure(round, each, unit) / sum(round, {synced, one_verification, trip}, unit);
                 },
                 Goal{false, median ? 1.3 : 2.0}});
        }
    return group;
}

Group many_group(BenchRun& run) {
    const std::string ours = "signed appends, 64 a request, 4 connections";
    Group group{"many", "Many events a request", "The limit counts the cores that the load leaves free.", {}, {}};
    group.contestants = {{verification, [&run] { return all_cores(run); }},
                         {ours,
                          [&run]() -> Attempt<Sample> {
                              auto load = run.connect(4);
                              if (!load) return tl::unexpected(load.error());
                              return only(run.append_many(**load), served);
                          },
                          true}};
    group.ratios = {{"of the verifications on the cores left free",
                     [ours](const Round& round) {
                         auto rate = figure(round, ours, Unit::per_second);
                         auto load = rate * figure(round, ours, Unit::load_us) * 1e-6;  // cores
                         auto limit = figure(round, verification, Unit::per_second) * (cores() - load) / cores();
                         return rate / limit;
                     },
                     Goal{true, 0.8}}};
    return group;
}

}  // namespace tools
