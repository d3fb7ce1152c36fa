// What a book costs to open, to hold in memory and to keep on disk.
#include <filesystem>

#include "tools/bench_run.h"
#include "tools/measuring.h"
#include "tools/verify.h"

namespace tools {
namespace {

namespace fs = std::filesystem;

// Entry bytes of the whole book; those of words from a sample.
struct Weights {
    double entries = 0, entry_bytes = 0, word_bytes = 0;
};
Attempt<Weights> weigh(const std::string& folder) {
    auto log = open_read_only(folder + "/book");
    if (!log) return tl::unexpected(Failure(log.error()));
    Weights weights;
    auto size = (*log)->head().size;
    uint64_t sampled = 0;
    auto every = std::max<uint64_t>(1, size / 20'000);
    TRY((*log)->read(0, size, [&](uint64_t, schema::Bytes entry) {
        weights.entry_bytes += static_cast<double>(entry.size());
        return true;
    }));
    for (uint64_t position = 0; position < size; position += every, ++sampled) {
        auto words = (*log)->words(position);
        if (!words) return tl::unexpected(Failure(words.error()));
        weights.word_bytes += static_cast<double>(words->size());
    }
    weights.entries = static_cast<double>(size);
    weights.word_bytes *= weights.entries / static_cast<double>(sampled);
    return weights;
}

}  // namespace

Group disk_group(BenchRun& run) {
    const std::string entries = "entry bytes", words = "sealed words", book = "the log on disk, words and all",
                      index = "the index: streams, ids, tiles, heads", keys = "the keys",
                      ours = "the book without its words, with its index";
    Group group{
        "disk",
        "Bytes on disk for an event",
        "After the filling, flushed and compacted. The sealed words hardly compress, so their bytes are taken off "
        "as they are.",
        {},
        {}};
    auto folder = run.book().ledger_folder();
    auto weights = std::make_shared<Weights>();
    auto part = [&](const std::string& name, const std::function<double()>& bytes, bool is_ours = true) {
        group.contestants.push_back({name,
                                     [weights, bytes]() -> Attempt<Sample> {
                                         return Sample{{Unit::bytes, bytes() / weights->entries}};
                                     },
                                     is_ours});
    };
    group.contestants.push_back({entries, [weights, folder]() -> Attempt<Sample> {
                                     auto weighed = weigh(folder);
                                     if (!weighed) return tl::unexpected(weighed.error());
                                     *weights = *weighed;
                                     return Sample{{Unit::bytes, weights->entry_bytes / weights->entries}};
                                 }});
    part(
        words, [weights] { return weights->word_bytes; }, false);
    part(book, [folder] { return bytes_in(folder + "/book"); });
    part(index, [folder] { return bytes_in(folder + "/index"); });
    part(ours,
         [folder, weights] { return bytes_in(folder + "/book") - weights->word_bytes + bytes_in(folder + "/index"); });
    part(keys, [folder] { return bytes_in(folder + "/keys"); });
    group.ratios = {over("over entry bytes", ours, entries, Unit::bytes, Goal{false, 0.8})};
    return group;
}

Group opening_group(BenchRun& run) {
    const std::string clean = "opened after a clean stop", killed = "opened after a kill",
                      loaded = "after a load of many events a request";
    Group group{
        "opening",
        "Opening, and memory",
        "Seconds from the start of caseledgerd until it answers; MiB of its process after that and an append to each "
        "case that is worked on, and after a load. The files are in the system's cache. It is killed right after "
        "the load, with what that left unflushed. The goals are for 10 million entries of 100,000 cases.",
        {},
        {}};
    auto open = [&run]() -> Attempt<Sample> {
        auto opened = run.start_service();
        if (!opened) return tl::unexpected(opened.error());
        return Sample{{Unit::seconds, opened->answers}, {Unit::mebibytes, run.service().resident()}};
    };
    group.contestants = {
        {clean,
         [&run, open]() -> Attempt<Sample> {
             TRY(run.stop_service());
             return open();
         },
         true},
        {loaded,
         [&run]() -> Attempt<Sample> {
             auto load = run.connect(4);
             if (!load) return tl::unexpected(load.error());
             auto told = run.append_many(**load);
             if (!told) return told;
             return Sample{{Unit::count, (*told)[Unit::count]}, {Unit::mebibytes, run.service().resident()}};
         },
         true},
        {killed,
         [&run, open]() -> Attempt<Sample> {
             run.kill_service();
             return open();
         },
         true}};
    auto seconds = [](const std::string& name, double goal) {
        return Ratio{name + ", seconds", [name](const Round& round) { return figure(round, name, Unit::seconds); },
                     Goal{false, goal}};
    };
    group.ratios = {seconds(clean, 2),
                    seconds(killed, 10),
                    {"MiB under load", [loaded](const Round& round) { return figure(round, loaded, Unit::mebibytes); },
                     Goal{false, 1024}}};
    return group;
}

}  // namespace tools
