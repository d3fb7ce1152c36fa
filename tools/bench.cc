#include "tools/bench.h"

#include <fmt/format.h>

#include <filesystem>

#include "tools/bench_machine.h"
#include "tools/bench_run.h"
#include "tools/measuring.h"

namespace tools {
namespace {

// Those that need the service come together, and those that need the book for themselves after them.
enum class Needs { nothing, service };
struct Planned {
    Needs needs;
    std::function<Group(BenchRun&)> make;
    const char* id;
};
const std::vector<Planned>& plan() {
    static const std::vector<Planned> groups = {
        {Needs::nothing, disk_group, "disk"},
        {Needs::service, [](BenchRun& run) { return appends_group(run, 1); }, "appends-1"},
        {Needs::service, [](BenchRun& run) { return appends_group(run, 8); }, "appends-8"},
        {Needs::service, [](BenchRun& run) { return appends_group(run, 64); }, "appends-64"},
        {Needs::service, [](BenchRun& run) { return appends_group(run, 512); }, "appends-512"},
        {Needs::service, parts_group, "cpu"},
        {Needs::service, latency_group, "latency"},
        {Needs::service, many_group, "many"},
        {Needs::service, chronology_group, "chronology"},
        {Needs::service, opening_group, "opening"},
        {Needs::service, soak_group, "soak"},
        {Needs::nothing, verification_group, "verification"},
        {Needs::nothing, views_group, "views"},
        {Needs::nothing, proofs_group, "proofs"},
        {Needs::nothing, heads_group, "heads"},
    };
    return groups;
}

bool asked_for(const BenchOptions& options, std::string_view id) {
    if (id == "soak" && options.soak == 0) return false;
    return options.only.empty() ||
           std::any_of(options.only.begin(), options.only.end(), [&](auto& wanted) { return id.starts_with(wanted); });
}

// What a killed service left is there to look at; else the folder goes when the run does.
struct Tidying {
    std::string folder;
    bool keep;
    ~Tidying() {
        std::error_code ignored;
        if (!keep) std::filesystem::remove_all(folder, ignored);
    }
};

std::string text_of(const boost::json::object& book, const char* name) {
    auto& value = book.at(name);
    return value.is_string() ? std::string(value.get_string()) : fmt::format("{}", value.to_number<double>());
}

}  // namespace

boost::json::object BenchReport::to_json() const {
    boost::json::array list;
    for (auto& group : groups) list.push_back(group.to_json());
    return {{"machine", machine}, {"book", book}, {"groups", std::move(list)}};
}

static std::string about(const BenchReport& report) {
    auto told = [&](const char* name) { return text_of(report.book, name); };
    return machine_text(report.machine) + ".\n\nA book of " + told("entries") + " entries in " + told("cases") +
           " cases" + (report.book.at("wordless").as_bool() ? ", filled without words" : "") + "; an event of " +
           told("eventBytes") + " bytes, an entry of " + told("entryBytes") + ", its sealed words " +
           told("sealedBytes") + ", a request of " + told("requestBytes") + ", a receipt of " + told("receiptBytes") +
           ". Durable: " + told("durability") + ". Rounds: " + told("rounds") + ", of " + told("seconds") +
           " s for each figure; a figure is the median of its rounds (least to most).\n";
}

std::string BenchReport::text(const Screen& screen) const {
    auto text = about(*this);
    for (auto& group : groups) text += "\n" + group.text(screen);
    return text;
}

std::string BenchReport::markdown() const {
    auto text = about(*this);
    for (auto& group : groups) text += "\n" + group.markdown();
    return text;
}

Attempt<BenchReport> bench(const BenchOptions& options, const std::function<void(const std::string&)>& progress) {
    if (std::none_of(plan().begin(), plan().end(), [&](auto& planned) { return asked_for(options, planned.id); }))
        return usage("--only names no group");
    std::error_code error;
    if (!options.smaller.empty() && !std::filesystem::exists(options.smaller, error))
        return usage(options.smaller + " is not there");
    bool there = std::filesystem::exists(options.folder, error) && !std::filesystem::is_empty(options.folder, error);
    if (there && !options.reuse)
        return tl::unexpected(
            Failure(Exit::conflict, options.folder + " is there already; give another folder, or --reuse"));
    Tidying tidying{options.folder, options.keep || options.reuse};
    auto opened = BenchRun::open(options, progress);
    if (!opened) return tl::unexpected(opened.error());
    auto& run = **opened;

    BenchReport report;
    for (auto& planned : plan()) {
        if (!asked_for(options, planned.id)) continue;
        if (planned.needs == Needs::service && !run.serves()) {
            progress("starting the service");
            if (auto started = run.start_service(); !started) return tl::unexpected(started.error());
        }
        if (planned.needs == Needs::nothing) TRY(run.stop_service());
        auto group = planned.make(run);
        if (options.join) TRY(options.join(run, group));
        auto told = measure_group(group, options.rounds, options.patience, progress);
        if (!told) return tl::unexpected(told.error());
        report.groups.push_back(*std::move(told));
    }
    TRY(run.stop_service());
    report.machine = machine(options.folder);
    auto& payload = run.payload();
    report.book = {{"entries", run.book().shape().entries},
                   {"cases", run.book().shape().cases},
                   {"wordless", run.book().shape().wordless},
                   {"secondsToFill", run.book().seconds_to_fill()},
                   {"eventBytes", payload.event().event.size()},
                   {"entryBytes", payload.entry.size()},
                   {"sealedBytes", payload.sealed.size()},
                   {"requestBytes", payload.request.size()},
                   {"receiptBytes", payload.answer},
                   {"durability", run.durability()},
                   {"rounds", options.rounds},
                   {"seconds", options.seconds}};
    if (options.smaller.empty()) return report;
    auto grown = growth(options.smaller, report);
    if (!grown) return tl::unexpected(grown.error());
    report.groups.push_back(*std::move(grown));
    return report;
}

}  // namespace tools
