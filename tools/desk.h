// The desk: what every command of `caseledger` is handed, and the list of the commands. Each lives in its own
// tools/command_*.cc; caseledger_main.cc registers them. Data goes to stdout, talk to stderr.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <string>

#include "schema/result.h"
#include "tools/terminal.h"

namespace CLI {
class App;
}

namespace tools {

// What a script may rely on; documented in docs/OPERATING.md.
enum class Exit { ok = 0, failed = 1, usage = 2, verification = 3, not_found = 4, conflict = 5, try_again = 75 };
Exit exit_of(schema::Fault fault);

// Why a command did not do its work. An Error becomes one by itself, so TRY works in commands.
struct Failure {
    Failure(schema::Error error);  // NOLINT(google-explicit-constructor)
    Failure(Exit code, std::string sentence) : exit(code), message(std::move(sentence)) {}
    Exit exit;
    std::string name;     // wire-stable: "malformed", "own_assessment"; may be empty
    std::string field;    // "fact.allocated.worker"
    std::string message;  // a sentence
    std::string detail, source;
    std::string advice;  // what to do about it

    boost::json::object to_json() const;
};
template <class T = void>
using Attempt = tl::expected<T, Failure>;

inline tl::unexpected<Failure> usage(std::string message) {
    return tl::unexpected(Failure(Exit::usage, std::move(message)));
}

struct Desk {
    Screen out, talk;                    // stdout and stderr
    bool may_ask = false;                // a person sits there: stdin and stderr are terminals
    bool json = false;                   // --json
    Exit exit = Exit::ok;                // what the programme ends with
    std::string program = "caseledger";  // as it was called

    // How to reach a service: --server, --certificate, --key, else CASELEDGER_*, else worked out from --data.
    std::string server, certificate, key, data;

    // One JSON value on stdout, on a line.
    void put(const boost::json::value& value) const;
    // A line of talk on stderr; nothing with --quiet.
    void say(const std::string& line) const;
    bool quiet = false;
};

// Looks at the terminals and the environment (NO_COLOR, COLUMNS).
Desk sit_down();

// Gives a command its work: runs it when the command line chose it, tells a failure and sets desk.exit. Also gives it
// --json and --quiet.
void works(CLI::App& command, Desk& desk, std::function<Attempt<>()> work);
// Gives a command --server, --certificate, --key and --data.
void reaches_server(CLI::App& command, Desk& desk);

// ---- the commands ----
void add_init(CLI::App& app, Desk& desk);
void add_key(CLI::App& app, Desk& desk);
void add_key_replacements(CLI::App& key, Desk& desk);  // of `key`: command_key_replace.cc
void add_record(CLI::App& app, Desk& desk);
void add_draft(CLI::App& app, Desk& desk);
void add_cases(CLI::App& app, Desk& desk);
void add_find(CLI::App& app, Desk& desk);
void add_case(CLI::App& app, Desk& desk);
void add_chronology(CLI::App& app, Desk& desk);
void add_caseload(CLI::App& app, Desk& desk);
void add_timeliness(CLI::App& app, Desk& desk);
void add_due(CLI::App& app, Desk& desk);
void add_retention(CLI::App& app, Desk& desk);
void add_replay(CLI::App& app, Desk& desk);
void add_receipt(CLI::App& app, Desk& desk);
void add_bundle(CLI::App& app, Desk& desk);
void add_timestamp(CLI::App& app, Desk& desk);
void add_verify(CLI::App& app, Desk& desk);
void add_keys(CLI::App& app, Desk& desk);
void add_tiles(CLI::App& app, Desk& desk);
void add_demo(CLI::App& app, Desk& desk);   // command_demo.cc
void add_bench(CLI::App& app, Desk& desk);  // command_bench.cc
void add_witness(CLI::App& app, Desk& desk);

}  // namespace tools
