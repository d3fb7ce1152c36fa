// What is asked of a book: verification, views, the chronology of a long case, proofs and bundles.
#include <filesystem>
#include <random>

#include "ledger/bundle.h"
#include "ledger/checkpoint.h"
#include "ledger/heads.h"
#include "ledger/rocks_log.h"
#include "projections/views.h"
#include "server/wall_clock.h"
#include "tools/bench_machine.h"
#include "tools/bench_run.h"
#include "tools/measuring.h"
#include "tools/verify.h"

namespace tools {
namespace {

Failure failed(std::string what) { return {Exit::failed, std::move(what)}; }

// A checkpoint of the book as it was with so many entries, and whoever signs those.
Attempt<void> since_size(const std::string& folder, uint64_t size, VerifyOptions& options) {
    auto ledger = ledger::Ledger::open(folder);
    if (!ledger) return tl::unexpected(Failure(ledger.error()));
    auto root = (*ledger)->root_at(size);
    if (!root) return tl::unexpected(Failure(root.error()));
    options.believed.keys.push_back({"", ledger::KeyType::ed25519, (*ledger)->checkpoint_key()});
    ledger->reset();
    auto log = open_read_only(folder + "/book");
    if (!log) return tl::unexpected(Failure(log.error()));
    auto note = ledger::checkpoint_at({size, *root}, folder, **log);
    if (!note) return tl::unexpected(Failure(note.error()));
    options.since = *note;
    return {};
}

Attempt<uint64_t> size_of(const std::string& folder) {
    auto log = open_read_only(folder + "/book");
    if (!log) return tl::unexpected(Failure(log.error()));
    return (*log)->head().size;
}

schema::Result<Verification> must_hold(schema::Result<Verification> done) {
    if (!done || (done->holds() && done->not_above.empty() && done->not_kept.empty())) return done;
    return schema::fail(schema::Fault::corrupt,
                        "the benchmark's own book does not verify: " +
                            (done->holds() ? done->not_above + done->not_kept : done->audit.findings.front().what));
}

// Entries a second, of all.
Attempt<Sample> verify(const std::string& folder) {
    auto size = size_of(folder);
    if (!size) return tl::unexpected(size.error());
    schema::Result<Verification> done;
    auto sample = measure_once(*size, [&] { done = must_hold(verify_folder(folder, {})); });
    if (!done) return tl::unexpected(Failure(done.error()));
    return sample;
}

// Of those that are new, since a checkpoint at which a state was kept; and another is kept for the next time.
Attempt<Sample> verify_since(const std::string& folder, const std::string& place, double part) {
    auto size = size_of(folder);
    if (!size) return tl::unexpected(size.error());
    auto fresh = std::max<uint64_t>(1, static_cast<uint64_t>(static_cast<double>(*size) * part));
    VerifyOptions before, options;
    TRY(since_size(folder, *size - fresh, before));
    TRY(since_size(folder, *size, options));
    std::error_code ignored;
    std::filesystem::remove_all(place, ignored);
    before.up_to = *size - fresh;
    before.keep = place + "/kept";
    if (auto kept = must_hold(verify_folder(folder, before)); !kept) return tl::unexpected(Failure(kept.error()));
    options.checkpoint = std::exchange(options.since, before.since);
    options.state = before.keep;
    options.keep = place + "/next";
    schema::Result<Verification> done;
    auto sample = measure_once(fresh, [&] { done = must_hold(verify_folder(folder, options)); });
    std::filesystem::remove_all(place, ignored);
    if (!done) return tl::unexpected(Failure(done.error()));
    return sample;
}

// Every field of an entry and of its event is read.
uint64_t touch(const ledger::Entry& entry) {
    auto event = entry.read();
    auto seen = event.getSeen();
    auto bytes = [](auto data) { return static_cast<uint64_t>(data.size() ? data[0] + data[data.size() - 1] : 0); };
    uint64_t sum = entry.position() + entry.revision() + bytes(event.getLedger()) + bytes(event.getId()) +
                   bytes(event.getStream()) + bytes(event.getActor()) + bytes(event.getKey()) + bytes(event.getRole()) +
                   bytes(event.getTeam()) + bytes(event.getWords()) + seen.getRevision() + seen.getSize() +
                   bytes(seen.getEntry()) + bytes(seen.getRoot()) + bytes(event.getSource().getRole()) +
                   bytes(event.getSource().getOrganisation()) + event.getJoint().size() +
                   static_cast<uint64_t>(event.getOccurred().getAt() + event.getOccurred().getUntil());
    for (auto position : event.getBasis()) sum += position;
    auto fact = event.getFact();
    if (fact.isCaseNoteAdded()) {
        sum += bytes(fact.getCaseNoteAdded().getNote());
        for (auto child : fact.getCaseNoteAdded().getChildren()) sum += bytes(child);
    } else if (fact.isContactReceived()) {
        sum += bytes(fact.getContactReceived().getChannel()) + bytes(fact.getContactReceived().getReferrer());
        for (auto child : fact.getContactReceived().getChildren()) sum += bytes(child);
    }
    return sum;
}

constexpr auto told_of = {Unit::per_second, Unit::median_us, Unit::p99_us, Unit::cpu_us, Unit::load_us, Unit::bytes};

// The ledger opened here, where the service is not.
struct Opened {
    std::unique_ptr<ledger::Ledger> ledger;
    uint64_t size = 0;
};
Attempt<std::shared_ptr<Opened>> open_here(BenchRun& run) {
    auto ledger = ledger::Ledger::open(run.book().ledger_folder());
    if (!ledger) return tl::unexpected(Failure(ledger.error()));
    auto opened = std::make_shared<Opened>(Opened{*std::move(ledger), 0});
    opened->size = opened->ledger->published()->head.size;
    return opened;
}

}  // namespace

Group verification_group(BenchRun& run) {
    const std::string limit = "strict Ed25519 verifications, all cores",
                      full = "entries verified and decided again, all cores";
    auto folder = run.book().ledger_folder(), place = run.options().folder + "/verified";
    Group group{"verification",
                "Verification",
                "Offline, from the folder: bytes, hashes, tree, signatures, and every event decided again. The "
                "incremental ones go on from what was kept at a checkpoint, and keep the same for the next time; their "
                "rate is of the entries that are new.",
                {},
                {}};
    group.contestants = {
        {limit,
         [&run] { return only(verifications(run.payload(), cores(), run.options().seconds), {Unit::per_second}); }},
        {full, [folder] { return verify(folder); }, true}};
    group.ratios = {over("of libsodium's limit", full, limit, Unit::per_second, Goal{true, 0.9})};
    for (auto& [part, percent] : {std::pair{0.1, "10%"}, {0.01, "1%"}, {0.001, "0.1%"}}) {
        auto name = std::string("the newest ") + percent + ", since a checkpoint";
        group.contestants.push_back(
            {name, [folder, place, part = part] { return verify_since(folder, place, part); }, true});
        group.ratios.push_back(
            over(std::string("seconds for ") + percent + " over seconds for all", name, full, Unit::seconds));
    }
    return group;
}

Group views_group(BenchRun& run) {
    const std::string scan = "entries read, every field, one core",
                      ours = "entries folded into all views, from nothing";
    auto& options = run.options();
    auto folder = run.book().ledger_folder();
    Group group{"views", "Rebuilding all views", "Bytes: of the views on disk, for an event.", {}, {}};
    group.contestants = {{scan,
                          [&run]() -> Attempt<Sample> {
                              auto opened = open_here(run);
                              if (!opened) return tl::unexpected(opened.error());
                              std::atomic<uint64_t> sum = 0;  // so that nothing is left out
                              schema::Result<void> done;
                              auto sample = measure_once((*opened)->size, [&] {
                                  done = (*opened)->ledger->read(0, (*opened)->size, [&](const ledger::Entry& entry) {
                                      sum += touch(entry);
                                      return true;
                                  });
                              });
                              if (!done) return tl::unexpected(Failure(done.error()));
                              return sample;
                          }},
                         {ours,
                          [&run, &options, folder]() -> Attempt<Sample> {
                              auto opened = open_here(run);
                              if (!opened) return tl::unexpected(opened.error());
                              std::error_code ignored;
                              auto place = options.folder + "/rebuilt";
                              std::filesystem::remove_all(place, ignored);
                              bool there = false;
                              schema::Result<std::unique_ptr<projections::Projections>> views;
                              auto sample = measure_once((*opened)->size, [&] {
                                  views = projections::Projections::open(*(*opened)->ledger, place, server::wall_time);
                                  if (views) there = (*views)->wait((*opened)->size - 1, std::chrono::hours(6));
                              });
                              if (!views) return tl::unexpected(Failure(views.error()));
                              if (!there) return tl::unexpected(failed("the views were not built"));
                              views->reset();
                              std::filesystem::remove_all(place, ignored);
                              return sample;
                          },
                          true}};
    group.ratios = {over("of the scan", ours, scan, Unit::per_second, Goal{true, 0.3})};
    return group;
}

Group chronology_group(BenchRun& run) {
    const std::string constant = "Beast's constant answers of the same sizes",
                      ours = "chronology of a case of 500 entries", with_words = "the same with its words opened",
                      first = "the same, now, read for the first time since the service started";
    Group group{
        "chronology",
        "Chronology of a case of 500 entries, as at a random date",
        "Through HTTPS, one connection. What was told of a case that was read lately is kept, and tells it again.",
        {},
        {}};
    auto read_first = [&run]() -> Attempt<Sample> {
        TRY(run.stop_service());
        if (auto started = run.start_service(); !started) return tl::unexpected(started.error());
        auto load = run.connect(1);
        if (!load) return tl::unexpected(load.error());
        auto used = run.service().cpu();
        uint64_t next = 0;
        auto told = (*load)->run(600, [&](unsigned) -> std::optional<Ask> {
            if (next == run.book().long_cases()) return std::nullopt;
            return Ask{
                "GET", "/v1/cases/" + run.book().bench_case(next++).stream.hex() + "/chronology?limit=500", "", {}};
        });
        if (!told) return tl::unexpected(told.error());
        auto sample = sample_of(*told, run.service().cpu() - used);
        sample[Unit::bytes] = static_cast<double>(told->bytes) / static_cast<double>(told->answered);
        return only(std::move(sample), {Unit::median_us, Unit::p99_us, Unit::cpu_us, Unit::bytes, Unit::count});
    };
    auto sizes = std::make_shared<std::vector<uint64_t>>();
    auto ask = [&run, sizes](bool words) -> Attempt<Sample> {
        auto load = run.connect(1);
        if (!load) return tl::unexpected(load.error());
        std::mt19937_64 chance(std::random_device{}());
        auto used = run.service().cpu();
        sizes->clear();
        auto told = (*load)->run(
            run.options().seconds,
            [&](unsigned) -> std::optional<Ask> {
                auto at = server::wall_time() - std::chrono::hours(chance() % (24 * 700));
                auto about = run.book().bench_case(chance() % run.book().long_cases());
                auto day = schema::iso(at).substr(0, 10);
                return Ask{"GET",
                           "/v1/cases/" + about.stream.hex() + "/chronology?limit=500&as_at=" + day +
                               (words ? "&words=1" : ""),
                           "",
                           {}};
            },
            [&](unsigned, std::string_view body) { sizes->push_back(body.size()); });
        if (!told) return tl::unexpected(told.error());
        auto sample = sample_of(*told, run.service().cpu() - used);
        sample[Unit::bytes] = static_cast<double>(told->bytes) / static_cast<double>(told->answered);
        return only(std::move(sample), told_of);
    };
    group.contestants = {{first, read_first, true},
                         {with_words, [ask] { return ask(true); }, true},
                         {ours, [ask] { return ask(false); }, true},
                         {constant, [&run, sizes] {
                              size_t next = 0;
                              return only(run.constant(
                                              1, [&](unsigned) { return (*sizes)[next++ % sizes->size()]; }, false),
                                          told_of);
                          }}};
    group.ratios = {over("p99 over the constant answers' p99", ours, constant, Unit::p99_us, Goal{false, 2}),
                    over("median over the constant answers' median", ours, constant, Unit::median_us)};
    return group;
}

Group proofs_group(BenchRun& run) {
    auto& options = run.options();
    const std::string inclusion = "inclusion proofs", completeness = "completeness proofs",
                      bundles = "bundles of a case of 500 entries";
    Group group{"proofs", "Proofs, on one core", "Made from the opened ledger, without the network.", {}, {}};
    // Each contestant opens the ledger once for all rounds, with the others of its group.
    auto here = std::make_shared<std::shared_ptr<Opened>>();
    auto opened = [&run, here]() -> Attempt<std::shared_ptr<Opened>> {
        if (!*here) {
            auto made = open_here(run);
            if (!made) return made;
            *here = *made;
        }
        return *here;
    };
    group.contestants = {
        {inclusion,
         [&options, opened]() -> Attempt<Sample> {
             auto book = opened();
             if (!book) return tl::unexpected(book.error());
             return measure(1, options.seconds, [&](unsigned, uint64_t n) -> uint64_t {
                 return (*book)->ledger->prove_inclusion(n * 7'919'777 % (*book)->size, (*book)->size) ? 1 : 0;
             });
         },
         true},
        {completeness,
         [&run, &options, opened]() -> Attempt<Sample> {
             auto book = opened();
             if (!book) return tl::unexpected(book.error());
             auto cases = run.book().shape().cases;
             return measure(1, options.seconds, [&](unsigned, uint64_t n) -> uint64_t {
                 return (*book)->ledger->prove_head(run.book().bench_case(n * 7919 % cases).stream) ? 1 : 0;
             });
         },
         true},
        {bundles,
         [&run, &options, opened]() -> Attempt<Sample> {
             auto book = opened();
             if (!book) return tl::unexpected(book.error());
             auto& disclosed = run.book().disclosures();
             uint64_t bytes = 0;
             auto sample = measure(1, options.seconds, [&](unsigned, uint64_t n) -> uint64_t {
                 auto writer = ledger::BundleWriter::open(*(*book)->ledger, disclosed[n % disclosed.size()]);
                 std::string line;
                 for (bool more = writer.has_value(); more; line.clear()) {
                     auto made = (*writer)->next(line);
                     bytes += line.size();
                     if (!made) return 0;
                     more = *made;
                 }
                 return writer ? 1 : 0;
             });
             sample[Unit::bytes] = static_cast<double>(bytes) / std::max(1.0, sample[Unit::count]);
             return sample;
         },
         true}};
    auto rate = [](const std::string& name, double goal) {
        return Ratio{name + " a second", [name](const Round& round) { return figure(round, name, Unit::per_second); },
                     Goal{true, goal}};
    };
    group.ratios = {rate(inclusion, 50'000), rate(completeness, 20'000), rate(bundles, 50)};
    return group;
}

}  // namespace tools
