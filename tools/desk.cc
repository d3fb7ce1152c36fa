#include "tools/desk.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "tools/table.h"

namespace tools {

Exit exit_of(schema::Fault fault) {
    switch (fault) {
        case schema::Fault::malformed: return Exit::usage;
        case schema::Fault::not_found: return Exit::not_found;
        case schema::Fault::conflict: return Exit::conflict;
        case schema::Fault::overloaded:
        case schema::Fault::sealed: return Exit::try_again;
        case schema::Fault::corrupt: return Exit::verification;
        case schema::Fault::io:
        case schema::Fault::forbidden: return Exit::failed;
    }
    return Exit::failed;
}

Failure::Failure(schema::Error error)
    : exit(exit_of(error.fault)),
      name(schema::name(error.fault)),
      field(std::move(error.field)),
      message(std::move(error.message)) {}

boost::json::object Failure::to_json() const {
    boost::json::object told{{"exit", static_cast<int>(exit)}};
    for (auto [key, value] : {std::pair{"name", &name},
                              {"field", &field},
                              {"message", &message},
                              {"detail", &detail},
                              {"source", &source},
                              {"advice", &advice}})
        if (!value->empty()) told[key] = *value;
    return {{"error", std::move(told)}};
}

void Desk::put(const boost::json::value& value) const { fmt::print(out.stream, "{}\n", boost::json::serialize(value)); }

void Desk::say(const std::string& line) const {
    if (!quiet) fmt::print(talk.stream, "{}\n", line);
}

Desk sit_down() {
    Desk desk;
    desk.out = screen_of(stdout);
    desk.talk = screen_of(stderr);
    desk.may_ask = ::isatty(STDIN_FILENO) == 1 && desk.talk.terminal;
    return desk;
}

namespace {

void tell(const Desk& desk, const Failure& failure) {
    if (desk.json) {
        fmt::print(desk.talk.stream, "{}\n", boost::json::serialize(failure.to_json()));
        return;
    }
    auto sentence = failure.field.empty() ? failure.message : failure.field + ": " + failure.message;
    if (!failure.detail.empty()) sentence += " (" + failure.detail + ")";
    if (!failure.source.empty()) sentence += " [" + failure.source + "]";
    fmt::print(desk.talk.stream, "{} {}\n", desk.talk.styled(Screen::red, "caseledger:"), printable(sentence));
    if (!failure.advice.empty()) fmt::print(desk.talk.stream, "{}\n", printable(failure.advice));
}

}  // namespace

void works(CLI::App& command, Desk& desk, std::function<Attempt<>()> work) {
    command.add_flag("--json", desk.json, "Print JSON, for programs")->group("Output");
    command.add_flag("-q,--quiet", desk.quiet, "Say nothing but the result and errors")->group("Output");
    command.callback([&desk, work = std::move(work)] {
        // The one door where an exception is caught: a service that answers what nobody expects.
        Attempt<> done;
        try {
            done = work();
        } catch (const std::exception& surprise) {
            done =
                tl::unexpected(Failure(Exit::failed, std::string("something unexpected happened: ") + surprise.what()));
        }
        std::fflush(desk.out.stream);
        if (done) return;
        tell(desk, done.error());
        desk.exit = done.error().exit;
    });
}

void reaches_server(CLI::App& command, Desk& desk) {
    command.add_option("--server", desk.server, "Address of the service [https://127.0.0.1:8443]")
        ->envname("CASELEDGER_SERVER")
        ->group("Service")
        ->type_name("URL");
    command.add_option("--certificate", desk.certificate, "The service's own certificate, the only one trusted")
        ->envname("CASELEDGER_CERTIFICATE")
        ->group("Service")
        ->type_name("FILE");
    command.add_option("--key", desk.key, "Your key file; what you do is signed with it")
        ->envname("CASELEDGER_KEY")
        ->group("Service")
        ->type_name("FILE");
    command.add_option("--data", desk.data, "Folder of a ledger on this machine: its certificate is used")
        ->envname("CASELEDGER_DATA")
        ->group("Service")
        ->type_name("FOLDER");
}

}  // namespace tools
