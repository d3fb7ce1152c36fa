// caseledgerd: the service. Opens a ledger, its one writer, its views and its door, in that order, and closes them the
// other way round. Ends with 1 when the ledger is sealed after a fault, so that a supervisor starts it again: recovery
// is opening.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <mutex>
#include <thread>

#include "server/server.h"
#include "server/stamping.h"
#include "server/tls.h"
#include "server/wall_clock.h"
#include "server/witnessing.h"
#include "tools/key_schedule.h"

namespace {

// What our folders log goes where the service's log goes, one JSON object a line.
class JsonLines final : public spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg& message) override {
        auto level = spdlog::level::to_string_view(message.level);
        auto time = std::chrono::floor<std::chrono::milliseconds>(message.time);
        auto second = std::chrono::floor<std::chrono::seconds>(time);
        boost::json::object line{{"time", fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(second), (time - second).count())},
                                 {"level", boost::json::string_view(level.data(), level.size())},
                                 {"event", "log"},
                                 {"what", boost::json::string_view(message.payload.data(), message.payload.size())}};
        fmt::print(stderr, "{}\n", boost::json::serialize(line));
    }
    void flush_() override { std::fflush(stderr); }
};

int failed(const schema::Error& error) {
    spdlog::error("{}: {}", schema::name(error.fault), error.text());
    return error.fault == schema::Fault::not_found ? 4 : error.fault == schema::Fault::corrupt ? 3 : 1;
}

// Where the time is to be had from; nothing is asked where no authority is named.
struct TimeChoice {
    std::string authority, ca, tls_ca;
    int64_t every = 24 * 60 * 60;  // seconds
};

schema::Result<std::unique_ptr<server::Stamping>> begin_stamping(const ledger::Ledger& ledger,
                                                                 ledger::Evidence& evidence, const TimeChoice& choice) {
    auto trust = ledger::TimeTrust::load(choice.ca);
    if (!trust) return tl::unexpected(trust.error());
    server::Stamping::Options options{{choice.authority, *trust, choice.tls_ca}};
    options.every = std::chrono::seconds(choice.every);
    return server::Stamping::start(ledger, evidence, options);
}

// Who is to witness the book; nobody is asked where no policy is named.
struct WitnessChoice {
    std::string policy;
    std::vector<std::string> certificates;  // NAME=FILE
    server::WitnessingOptions options;
};

schema::Result<std::unique_ptr<server::Witnessing>> begin_witnessing(const ledger::Ledger& ledger,
                                                                     ledger::Evidence& evidence, WitnessChoice choice) {
    std::optional<ledger::WitnessPolicy> policy;
    if (!choice.policy.empty()) {
        auto text = ledger::read_file(choice.policy, 1 << 20);
        if (!text) return tl::unexpected(text.error());
        auto parsed = ledger::parse_witness_policy(*text);
        if (!parsed) return schema::malformed(choice.policy + ": " + parsed.error().field, parsed.error().message);
        policy = *std::move(parsed);
    }
    for (auto& named : choice.certificates) {
        auto at = named.find('=');
        if (at == named.npos) return schema::malformed("--witness-certificate", "must be NAME=FILE");
        choice.options.certificates[named.substr(0, at)] = named.substr(at + 1);
    }
    return server::Witnessing::start(ledger, evidence, std::move(policy), std::move(choice.options));
}

// Logs what an opening is busy with, now and then.
class Telling {
  public:
    void operator()(std::string_view what, uint64_t done, uint64_t of) {
        constexpr std::chrono::seconds now_and_then{2};
        auto now = std::chrono::steady_clock::now();
        if (now - told_ < now_and_then) return;
        told_ = now;
        spdlog::info("opening: {}: {} of {}", what, done, of);
    }

  private:
    std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

// Builds every view again from the book, beside those in use.
void rebuild(projections::Projections& views) {
    for (auto& view : views.status())
        if (auto asked = views.rebuild(view.name); !asked) spdlog::warn("{}: {}", view.name, asked.error().text());
    spdlog::info("every view is built again, as asked");
}

// Sleeps until it is told to stop or the ledger is sealed; true where it was told.
bool wait_for_end(const ledger::Ledger& ledger, projections::Projections& views, const sigset_t& signals) {
    timespec second{1, 0};
    while (!ledger.sealed()) {
        int came = ::sigtimedwait(&signals, nullptr, &second);
        if (came == SIGUSR1) rebuild(views);
        else if (came > 0) return true;
    }
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    std::string folder;
    server::Options options;
    TimeChoice time;
    WitnessChoice witnesses;
    options.threads = std::max(2u, std::thread::hardware_concurrency());
    CLI::App app(
        "Serves a ledger over HTTPS. SIGTERM or SIGINT stops it when what is under way is done; SIGUSR1 has "
        "every view built again, beside those in use.",
        "caseledgerd");
    app.set_version_flag("--version", "caseledger 0.1.0");
    app.add_option("--data", folder, "Folder of the ledger")
        ->required()
        ->type_name("FOLDER")
        ->envname("CASELEDGER_DATA");
    app.add_option("--address", options.address, "Address to listen on")->type_name("IP")->capture_default_str();
    app.add_option("--port", options.port, "Port to listen on; 0: any that is free")
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--io-threads", options.threads, "Threads for connections")
        ->type_name("N")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    auto* authority = app.add_option("--timestamp-authority", time.authority,
                                     "Time-stamping authority (RFC 3161) to ask for the time of the newest checkpoint")
                          ->type_name("URL");
    auto* ca = app.add_option("--timestamp-ca", time.ca, "Certificates of that authority that are trusted, PEM")
                   ->type_name("FILE")
                   ->needs(authority);
    authority->needs(ca);
    app.add_option("--timestamp-tls-ca", time.tls_ca, "Whom TLS trusts on the way there, PEM [this machine's list]")
        ->type_name("FILE")
        ->needs(authority);
    app.add_option("--timestamp-every", time.every, "How often, where the book has grown [24h]")
        ->type_name("N(s|m|h|d)")
        ->transform(
            CLI::AsNumberWithUnit(std::map<std::string, int64_t>{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}},
                                  CLI::AsNumberWithUnit::UNIT_REQUIRED))
        ->check(CLI::Range(int64_t{1}, int64_t{366} * 86400))
        ->needs(authority);
    tools::KeyScheduleOptions backups;
    unsigned hours = 24;
    app.add_option("--key-backups", backups.folder, "Back the keys up into this folder, again and again")
        ->type_name("DIR");
    app.add_option("--keep-key-backups", backups.keep, "So many of them; older ones are wiped")
        ->type_name("N")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    app.add_option("--key-backup-hours", hours, "Hours from one to the next")
        ->type_name("N")
        ->check(CLI::Range(1, 24 * 365))
        ->capture_default_str();
    auto* policy = app.add_option("--witness-policy", witnesses.policy,
                                  "Who witnesses this ledger, and how many must (c2sp.org/tlog-policy)")
                       ->type_name("FILE");
    app.add_option("--witness-certificate", witnesses.certificates,
                   "TLS certificate of one witness of the policy, trusted for it alone; again for each")
        ->type_name("NAME=FILE")
        ->allow_extra_args(false)
        ->needs(policy);
    app.add_option("--witness-ca", witnesses.options.ca,
                   "Whom TLS trusts on the way to the other witnesses, PEM [this machine's list]")
        ->type_name("FILE")
        ->needs(policy);
    app.footer(R"(Logs JSON lines on stderr: ids only, never a name or a word of a case.
Ends with 0 when it was told to stop, 1 when the ledger was sealed after a fault or something failed, 3 when the
ledger does not fit its high-water mark, 4 when there is none.

Examples:
  caseledgerd --data ledger --port 8443
  caseledgerd --data ledger --timestamp-authority https://authority.example/tsa --timestamp-ca authority.pem
  caseledgerd --data ledger --witness-policy policy.txt --witness-certificate weston=weston.pem)");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("caseledgerd", std::make_shared<JsonLines>()));

    // Before any thread is made: all of them leave these signals to the main one.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);

    auto ledger = ledger::Ledger::open(folder, {.progress = Telling()});
    if (!ledger) return failed(ledger.error());
    auto sequencer = commands::Sequencer::start(**ledger, server::WallClock(), Telling());
    if (!sequencer) return failed(sequencer.error());
    auto views = projections::Projections::open(**ledger, folder, server::wall_time);
    if (!views) return failed(views.error());
    // What others said, and from whom to ask it: closed before the ledger, and never in its way.
    std::unique_ptr<ledger::Evidence> evidence;
    std::unique_ptr<server::Stamping> stamping;
    std::unique_ptr<server::Witnessing> witnessing;
    // Opened also where nobody is asked any more: what was witnessed once is told as witnessed.
    bool ever = std::filesystem::exists(folder + "/evidence") || std::filesystem::exists(folder + "/evidence.mark");
    if (ever || !time.authority.empty() || !witnesses.policy.empty()) {
        auto opened = ledger::Evidence::open(folder);
        if (!opened) return failed(opened.error());
        evidence = *std::move(opened);
        auto asking = begin_witnessing(**ledger, *evidence, witnesses);
        if (!asking) return failed(asking.error());
        witnessing = *std::move(asking);
        options.witnessing = witnessing.get();
    }
    if (!time.authority.empty()) {
        auto begun = begin_stamping(**ledger, *evidence, time);
        if (!begun) return failed(begun.error());
        stamping = *std::move(begun);
    }
    backups.every = std::chrono::hours(hours);
    auto schedule = tools::KeySchedule::start((*ledger)->keys(), backups);
    if (!schedule) return failed(schedule.error());
    options.certificate = server::certificate_file(folder);
    options.key = server::key_file(folder);
    server::Server server(**ledger, **sequencer, **views, options);
    if (auto started = server.start(); !started) return failed(started.error());

    auto& genesis = (*sequencer)->known()->directory.genesis();
    fmt::print("caseledgerd: {} ({}{}) at https://{}:{}, {} entries\n", (*ledger)->origin(), genesis.authority,
               genesis.played_clock ? ", PLAYED CLOCK" : "", options.address, server.port(),
               (*ledger)->published()->head.size);
    std::fflush(stdout);

    bool asked = wait_for_end(**ledger, **views, signals);
    if (auto stopped = server.stop(); !stopped) spdlog::warn("stopping: {}", stopped.error().message);
    if (asked) return 0;
    return failed(
        {schema::Fault::sealed, {}, "the ledger was sealed after a fault; it recovers when it is opened again"});
}
