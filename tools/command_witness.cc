// caseledger witness: vouches for other people's ledgers, that they only ever grew. What a neighbouring council runs.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>

#include "ledger/witness_policy.h"
#include "server/tls.h"
#include "server/witness_service.h"
#include "tools/desk.h"

namespace tools {
namespace {

namespace fs = std::filesystem;

struct WitnessChoice {
    std::string folder, listen = "127.0.0.1:8444", key, name, policy, certificate, tls_key;
    std::vector<std::string> logs;  // verifier keys
    bool plain = false;

    std::string key_file() const { return key.empty() ? folder + "/secrets/witness.key" : key; }
};

Attempt<> show(const Desk& desk, const ledger::VerifierKey& identity) {
    if (desk.json) desk.put({{"name", identity.name}, {"verifierKey", identity.text()}});
    else fmt::print("{}\n", identity.text());
    return {};
}

Attempt<> make(const Desk& desk, const WitnessChoice& choice) {
    if (choice.folder.empty() || choice.name.empty()) return usage("--data FOLDER and --name NAME are needed");
    if (!ledger::is_key_name(choice.name))
        return usage("--name must have no blank and no \"+\"; best like witness.weston.example/early-help");
    auto secrets = choice.folder + "/secrets";
    std::error_code error;
    if (fs::exists(choice.folder + "/book", error))
        return usage(choice.folder + " holds a ledger; a witness has a folder of its own, best on another machine");
    fs::create_directories(secrets, error);
    fs::permissions(choice.folder, fs::perms::owner_all, error);
    fs::permissions(secrets, fs::perms::owner_all, error);
    if (error) return schema::fail(schema::Fault::io, choice.folder, "cannot be made: " + error.message());
    if (!fs::exists(choice.key_file(), error)) TRY(ledger::SigningKey::generate().save(choice.key_file()));
    auto key = ledger::SigningKey::load(choice.key_file());
    if (!key) return tl::unexpected(key.error());
    auto identity = ledger::witness_identity(choice.name, *key);
    TRY(ledger::WitnessStore::create(choice.folder, identity.text()));
    if (!fs::exists(server::certificate_file(choice.folder), error)) TRY(server::make_certificate(choice.folder));
    desk.say("Made a witness in " + choice.folder + ". Its verifier key, for the policies of those who trust it:");
    TRY(show(desk, identity));
    desk.say("Next:  caseledger witness --data " + choice.folder + " --log VERIFIER-KEY-OF-A-LEDGER");
    return {};
}

Attempt<> show_key(const Desk& desk, const WitnessChoice& choice) {
    if (choice.name.empty() && !choice.folder.empty()) {
        auto store = ledger::WitnessStore::open(choice.folder);
        if (!store) return tl::unexpected(store.error());
        auto identity = ledger::parse_verifier_key((*store)->identity());
        if (!identity) return tl::unexpected(identity.error());
        return show(desk, *identity);
    }
    if (choice.name.empty() || choice.key_file() == "/secrets/witness.key")
        return usage("--data FOLDER is needed, or --key FILE and --name NAME");
    auto key = ledger::SigningKey::load(choice.key_file());
    if (!key) return tl::unexpected(key.error());
    return show(desk, ledger::witness_identity(choice.name, *key));
}

Attempt<server::WitnessOptions> options_of(const WitnessChoice& choice) {
    server::WitnessOptions options;
    auto colon = choice.listen.rfind(':');
    auto* end = choice.listen.data() + choice.listen.size();
    bool good = colon != std::string::npos;
    if (good) {
        auto [stop, error] = std::from_chars(choice.listen.data() + colon + 1, end, options.port);
        good = error == std::errc{} && stop == end;
        options.address = choice.listen.substr(0, colon);
        if (options.address.starts_with('[') && options.address.ends_with(']'))
            options.address = options.address.substr(1, options.address.size() - 2);
    }
    if (!good) return usage("--listen must be an address and a port, such as 127.0.0.1:8444 or [::1]:8444");
    if (choice.plain) {
        if (!choice.certificate.empty() || !choice.tls_key.empty()) return usage("--plain takes no certificate");
        return options;
    }
    options.certificate = choice.certificate.empty() ? server::certificate_file(choice.folder) : choice.certificate;
    options.key = choice.tls_key.empty() ? server::key_file(choice.folder) : choice.tls_key;
    return options;
}

Attempt<std::vector<ledger::VerifierKey>> logs_of(const WitnessChoice& choice) {
    std::vector<ledger::VerifierKey> logs;
    for (auto& text : choice.logs) {
        auto log = ledger::parse_verifier_key(text);
        if (!log) return schema::malformed("--log", log.error().message);
        logs.push_back(*log);
    }
    if (!choice.policy.empty()) {
        auto text = ledger::read_file(choice.policy, 1 << 20);
        if (!text) return tl::unexpected(text.error());
        auto policy = ledger::parse_witness_policy(*text);
        if (!policy) return schema::malformed(choice.policy + ": " + policy.error().field, policy.error().message);
        for (auto& log : policy->logs) logs.push_back(log.key);
    }
    if (logs.empty()) return usage("--log VKEY or --policy FILE is needed: whose ledgers are to be witnessed?");
    return logs;
}

Attempt<> serve(const Desk& desk, const WitnessChoice& choice) {
    if (choice.folder.empty()) return usage("--data FOLDER is needed; `caseledger witness new` makes one");
    auto options = options_of(choice);
    if (!options) return tl::unexpected(options.error());
    auto logs = logs_of(choice);
    if (!logs) return tl::unexpected(logs.error());
    auto key = ledger::SigningKey::load(choice.key_file());
    if (!key) return tl::unexpected(key.error());
    auto name = choice.name;
    if (name.empty()) {
        auto store = ledger::WitnessStore::open(choice.folder);
        if (!store) return tl::unexpected(store.error());
        auto identity = ledger::parse_verifier_key((*store)->identity());
        if (!identity) return tl::unexpected(identity.error());
        name = identity->name;
    }

    // Before any thread is made: all of them leave these signals to this one.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);

    auto witness = ledger::Witness::open(choice.folder, name, *key, *std::move(logs));
    if (!witness) return tl::unexpected(witness.error());
    server::WallClock clock;
    server::WitnessService service(**witness, clock, *options);
    TRY(service.start());
    bool six = options->address.find(':') != std::string::npos;
    fmt::print("caseledger witness: {} at {}://{}:{}, {} {}\n", name, choice.plain ? "http" : "https",
               six ? "[" + options->address + "]" : options->address, service.port(), (*witness)->logs(),
               (*witness)->logs() == 1 ? "log" : "logs");
    std::fflush(desk.out.stream);

    timespec second{1, 0};
    bool asked = false;
    while (!asked && !service.sealed()) asked = ::sigtimedwait(&signals, nullptr, &second) > 0;
    service.stop();
    if (asked) return {};
    return tl::unexpected(
        Failure(Exit::failed, "the state could not be written; it recovers when it is started again"));
}

}  // namespace

void add_witness(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<WitnessChoice>();
    auto* witness = app.add_subcommand("witness", "Witness other ledgers: vouch that they only ever grew");
    auto name_it = [&](CLI::App& command) {
        command.add_option("--data", choice->folder, "Folder of the witness")->type_name("FOLDER");
        command.add_option("--name", choice->name, "Its name, like a URL without https://")->type_name("NAME");
        command.add_option("--key", choice->key, "Its key file [FOLDER/secrets/witness.key]")->type_name("FILE");
    };
    name_it(*witness);
    witness->add_option("--listen", choice->listen, "Address and port; port 0: any that is free")
        ->type_name("ADDR:PORT")
        ->capture_default_str();
    witness->add_option("--log", choice->logs, "Verifier key of a ledger to witness; again for each")
        ->type_name("VKEY")
        ->allow_extra_args(false);
    witness->add_option("--policy", choice->policy, "A policy (c2sp.org/tlog-policy) whose logs are to be witnessed")
        ->type_name("FILE");
    witness->add_option("--certificate", choice->certificate, "TLS certificate [FOLDER/secrets/tls.crt]")
        ->type_name("FILE");
    witness->add_option("--tls-key", choice->tls_key, "Its key [FOLDER/secrets/tls.key]")->type_name("FILE");
    witness->add_flag("--plain", choice->plain,
                      "HTTP without TLS, on a loopback address alone: behind a proxy that speaks TLS");
    witness->footer(R"(A witness signs that a ledger's newest checkpoint extends all that it was shown before
(c2sp.org/tlog-witness). It sees sizes and hashes, never a record. Its worth is that others run it: another council,
another machine, another administrator. Never run one key in two places, and never restore an older copy of its
folder: what it has forgotten it would contradict. It refuses to start then.

A ledger that showed two pasts is told on stderr, one JSON line, and both notes are kept in FOLDER/conflicts.

Examples:
  caseledger witness new --data witness --name witness.weston.example/early-help
  caseledger witness --data witness --listen 0.0.0.0:8444 --log ledger.eastmere.example/early-help+1f...+AZ...
  caseledger witness key --data witness)");

    auto* make_it = witness->add_subcommand("new", "Make a witness: its folder, key, certificate and empty state");
    name_it(*make_it);
    make_it->footer("Example:\n  caseledger witness new --data witness --name witness.weston.example/early-help");
    works(*make_it, desk, [&desk, choice] { return make(desk, *choice); });

    auto* key = witness->add_subcommand("key", "Print the verifier key, for the policies of those who trust it");
    name_it(*key);
    key->footer("Example:\n  caseledger witness key --data witness");
    works(*key, desk, [&desk, choice] { return show_key(desk, *choice); });

    works(*witness, desk, [&desk, witness, choice]() -> Attempt<> {
        if (!witness->get_subcommands().empty()) return {};
        return serve(desk, *choice);
    });
}

}  // namespace tools
