// caseledger timestamp: the time of the newest checkpoint from an authority that is not ours, over the network or
// carried by hand; and what authorities said so far. Works on the folder, beside a service unless that asks for itself.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "ledger/evidence.h"
#include "ledger/rocks_log.h"
#include "server/stamping.h"
#include "tools/desk.h"
#include "tools/table.h"

namespace tools {
namespace {

constexpr size_t largest = 256 * 1024;

struct TimeChoice {
    std::string folder, ca, authority, tls_ca;
    std::string checkpoint, request, response;  // files
};

struct Newest {
    std::string origin, note;
    uint64_t size = 0;
    schema::PublicKey key{};
};

// What a service last published, made again from the mark that it keeps of it: the same key over the same bytes gives
// the same note. Reads only, so it may run beside the service.
Attempt<Newest> newest_of(const std::string& folder) {
    auto key = ledger::SigningKey::load(folder + "/secrets/checkpoint.key");
    if (!key) return tl::unexpected(key.error());
    auto mark = ledger::read_mark(folder + "/mark");
    if (!mark) return tl::unexpected(mark.error());
    auto log = ledger::open_rocks_log(folder + "/book", "", {nullptr, false, true, true});
    if (!log) return tl::unexpected(log.error());
    auto origin = ledger::origin_of(**log);
    if (!origin) return tl::unexpected(origin.error());
    if (mark->size == 0) return schema::fail(schema::Fault::not_found, "the ledger holds no entry yet");
    return Newest{*origin, ledger::Checkpoint{*origin, mark->size, mark->root}.sign(*key), mark->size,
                  key->public_key()};
}

boost::json::object to_json(uint64_t size, const ledger::TokenTime& told) {
    boost::json::object out{{"checkpoint", size},
                            {"time", schema::iso(told.time)},
                            {"authority", told.authority},
                            {"policy", told.policy},
                            {"serial", told.serial}};
    if (told.accuracy_stated) out["accuracyMilliseconds"] = told.accuracy.count();
    return out;
}

std::string accuracy_of(const ledger::TokenTime& told) {
    return told.accuracy_stated ? fmt::format("{} s", static_cast<double>(told.accuracy.count()) / 1000) : "not stated";
}

Attempt<> keep(const Desk& desk, const std::string& folder, uint64_t size, const std::string& note,
               const std::string& token, const ledger::TokenTime& told) {
    auto evidence = ledger::Evidence::open(folder);
    if (!evidence) return tl::unexpected(evidence.error());
    TRY((*evidence)->put_token(size, note, token));
    if (desk.json) desk.put(to_json(size, told));
    else
        fmt::print("{}: the checkpoint of size {} was there, says {} (accuracy: {}).\n", schema::readable(told.time),
                   size, told.authority, accuracy_of(told));
    return {};
}

Attempt<> ask(const Desk& desk, const TimeChoice& choice) {
    auto trust = ledger::TimeTrust::load(choice.ca);
    if (!trust) return tl::unexpected(trust.error());
    auto newest = newest_of(choice.folder);
    if (!newest) return tl::unexpected(newest.error());
    {  // before anybody is asked for something that cannot be kept
        auto evidence = ledger::Evidence::open(choice.folder);
        if (!evidence) return tl::unexpected(evidence.error());
    }
    auto stamped = server::ask_authority({choice.authority, *trust, choice.tls_ca}, newest->note);
    if (!stamped) return tl::unexpected(stamped.error());
    return keep(desk, choice.folder, newest->size, newest->note, stamped->token, stamped->told);
}

Attempt<> request(const Desk& desk, const TimeChoice& choice) {
    auto newest = newest_of(choice.folder);
    if (!newest) return tl::unexpected(newest.error());
    auto made = ledger::make_time_request(newest->note);
    if (!made) return tl::unexpected(made.error());
    TRY(ledger::write_secret(choice.checkpoint, newest->note));
    TRY(ledger::write_secret(choice.request, *made));
    if (desk.json) desk.put({{"checkpoint", newest->size}, {"request", choice.request}, {"note", choice.checkpoint}});
    desk.say(fmt::format(R"(Have {} answered by the authority, for example with
  curl -H "Content-Type: application/timestamp-query" --data-binary @{} URL > answer.tsr
and bring the answer back with `caseledger timestamp add`.)",
                         choice.request, choice.request));
    return {};
}

Attempt<> add(const Desk& desk, const TimeChoice& choice) {
    auto trust = ledger::TimeTrust::load(choice.ca);
    auto note = ledger::read_file(choice.checkpoint, largest), asked = ledger::read_file(choice.request, largest),
         answer = ledger::read_file(choice.response, largest);
    if (!trust) return tl::unexpected(trust.error());
    for (auto* file : {&note, &asked, &answer})
        if (!*file) return tl::unexpected(file->error());
    auto newest = newest_of(choice.folder);
    if (!newest) return tl::unexpected(newest.error());
    auto checkpoint = ledger::open_checkpoint(*note, newest->key);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    if (checkpoint->origin != newest->origin)
        return schema::malformed("--checkpoint", "is of another ledger: " + checkpoint->origin);
    auto token = ledger::accept_time_response(schema::as_bytes(*answer), schema::as_bytes(*asked), *note, *trust);
    if (!token) return tl::unexpected(token.error());
    auto told = ledger::check_token(schema::as_bytes(*token), *note, *trust);
    if (!told) return tl::unexpected(told.error());
    return keep(desk, choice.folder, checkpoint->size, *note, *token, *told);
}

Attempt<> list(const Desk& desk, const TimeChoice& choice) {
    auto trust = ledger::TimeTrust::load(choice.ca);
    if (!trust) return tl::unexpected(trust.error());
    auto evidence = ledger::Evidence::open_read_only(choice.folder);
    if (!evidence) return tl::unexpected(evidence.error());
    boost::json::array rows;
    std::string lines;
    size_t unproven = 0;
    auto take = [&](const ledger::Timestamped& kept) {
        auto told = ledger::check_token(schema::as_bytes(kept.token), kept.note, *trust);
        if (told) rows.push_back(to_json(kept.size, *told));
        else rows.push_back({{"checkpoint", kept.size}, {"wrong", told.error().text()}});
        lines += told ? fmt::format("{:>10}  {}  {}\n", kept.size, schema::readable(told->time), told->authority)
                      : fmt::format("{:>10}  {}\n", kept.size, told.error().text());
        unproven += !told;
        return true;
    };
    if (*evidence) TRY((*evidence)->each_token(0, take));
    if (desk.json) desk.put({{"tokens", std::move(rows)}});
    else fmt::print("{}", lines.empty() ? "No authority was asked yet.\n" : "checkpoint  time\n" + lines);
    if (unproven == 0) return {};
    return tl::unexpected(Failure(Exit::verification, fmt::format("{} of them do not hold", unproven)));
}

void takes_folder(CLI::App& command, TimeChoice& choice) {
    command.add_option("--data", choice.folder, "Folder of the ledger")
        ->required()
        ->type_name("FOLDER")
        ->envname("CASELEDGER_DATA");
}
void takes_file(CLI::App& command, const char* name, std::string& file, const char* what) {
    command.add_option(name, file, what)->required()->type_name("FILE");
}
constexpr const char* ca_help = "Certificates of the authority that are trusted, PEM";

}  // namespace

void add_timestamp(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<TimeChoice>();
    auto* command =
        app.add_subcommand("timestamp", "Have the newest checkpoint's time said by an authority (RFC 3161)");
    command->require_subcommand(1);

    auto* ask_it = command->add_subcommand("ask", "Ask an authority over the network, and keep what it says");
    takes_folder(*ask_it, *choice);
    ask_it->add_option("--authority", choice->authority, "Where it is asked")->required()->type_name("URL");
    takes_file(*ask_it, "--ca", choice->ca, ca_help);
    ask_it->add_option("--tls-ca", choice->tls_ca, "Whom TLS trusts on the way there, PEM [this machine's list]")
        ->type_name("FILE");
    ask_it->footer(
        R"(caseledgerd does this by itself with --timestamp-authority; then this command finds the store taken.

Example:
  caseledger timestamp ask --data ledger --authority https://authority.example/tsa --ca authority.pem)");
    works(*ask_it, desk, [&desk, choice] { return ask(desk, *choice); });

    auto* request_it = command->add_subcommand("request", "Write a request, to be carried to an authority by hand");
    takes_folder(*request_it, *choice);
    takes_file(*request_it, "--checkpoint", choice->checkpoint, "Where to write the checkpoint; needed again by add");
    takes_file(*request_it, "--request", choice->request, "Where to write the request; needed again by add");
    request_it->footer("Example:\n  caseledger timestamp request --data ledger --checkpoint q.note --request q.tsq");
    works(*request_it, desk, [&desk, choice] { return request(desk, *choice); });

    auto* add_it = command->add_subcommand("add", "Check the answer to such a request, and keep it");
    takes_folder(*add_it, *choice);
    takes_file(*add_it, "--checkpoint", choice->checkpoint, "The checkpoint that was written with the request");
    takes_file(*add_it, "--request", choice->request, "The request");
    takes_file(*add_it, "--response", choice->response, "What the authority answered");
    takes_file(*add_it, "--ca", choice->ca, ca_help);
    add_it->footer(
        "Example:\n  caseledger timestamp add --data ledger --checkpoint q.note --request q.tsq --response q.tsr "
        "--ca authority.pem");
    works(*add_it, desk, [&desk, choice] { return add(desk, *choice); });

    auto* list_it = command->add_subcommand("list", "Check and show every time that was said");
    takes_folder(*list_it, *choice);
    takes_file(*list_it, "--ca", choice->ca, ca_help);
    list_it->footer(R"(Reads only. Ends with 3 when one does not hold.

Example:
  caseledger timestamp list --data ledger --ca authority.pem --json)");
    works(*list_it, desk, [&desk, choice] { return list(desk, *choice); });
}

}  // namespace tools
