// caseledger bundle: fetches the bundle of a disclosure, verifies it offline, and keeps it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "ledger/bundle_audit.h"
#include "tools/filing.h"
#include "tools/reading.h"
#include "tools/redecision.h"

namespace tools {
namespace {

namespace fs = std::filesystem;

struct BundleChoice {
    std::string event, file;
};

// It is checked as whoever gets it would check it, with the key that this client trusts.
Attempt<ledger::BundleReport> check(const Desk& desk, const std::string& path, const schema::PublicKey& trusted) {
    std::ifstream bundle(path, std::ios::binary);
    Redecision redecision(commands::Bench::Sees::one_case);
    ledger::BundleAuditOptions options;
    options.trusted_keys = {trusted};
    options.decide = [&](auto& entry, auto& event, auto words) { return redecision.decide(entry, event, words); };
    Progress progress(desk.talk, "verifying", desk.quiet);
    options.progress = [&](uint64_t lines) { progress.at(lines, 0); };
    auto report = audit_bundle(bundle, options);
    progress.done();
    if (!report) return tl::unexpected(report.error());
    if (report->audit.findings.empty()) return *std::move(report);
    auto& first = report->audit.findings.front();
    Failure failure(Exit::verification, fmt::format("the bundle does not hold, at entry {}", first.position));
    failure.name = "verification_failed";
    failure.field = first.field;
    failure.detail = first.what;
    failure.advice = "It was not kept. Tell those who run the service.";
    return tl::unexpected(failure);
}

Attempt<> bundle(const Desk& desk, const BundleChoice& choice) {
    std::error_code error;
    if (fs::exists(choice.file, error)) return usage(choice.file + " is there already");
    if (!schema::EventId::from_hex(choice.event)) return usage("EVENT must be an id of 32 hexadecimal digits");
    auto in = sign_in(desk);
    if (!in) return tl::unexpected(in.error());
    auto part = choice.file + ".part";
    TRY(ledger::write_secret(part, ""));  // for its owner alone from the first byte
    auto fetched = in->calls.download("/v1/bundles/" + choice.event, part);
    auto report = fetched ? check(desk, part, in->trust.checkpoint_key()) : tl::unexpected(fetched.error());
    if (!report) {
        fs::remove(part, error);
        return tl::unexpected(report.error());
    }
    fs::rename(part, choice.file, error);
    if (error)
        return tl::unexpected(schema::Error{schema::Fault::io, choice.file, "cannot be written: " + error.message()});
    uint64_t left_out = 0;
    for (auto& [why, count] : report->left_out) left_out += count;
    if (desk.json) {
        desk.put({{"file", choice.file},
                  {"stream", report->stream.hex()},
                  {"purpose", report->purpose},
                  {"entries", report->audit.entries},
                  {"revisions", report->revisions},
                  {"wordsOpened", report->audit.words_opened},
                  {"wordsLeftOut", left_out}});
        return {};
    }
    fmt::print("{} holds the record of case {}, complete with {} entries as disclosed in entry {}.\n", choice.file,
               report->stream.hex(), report->revisions, report->disclosure);
    fmt::print("{} words are opened, {} left out. {}\n", report->audit.words_opened, left_out,
               desk.out.styled(Screen::green, "It was verified and holds."));
    return {};
}

}  // namespace

void add_bundle(CLI::App& app, Desk& desk) {
    auto choice = std::make_shared<BundleChoice>();
    auto* command = app.add_subcommand("bundle", "Fetch, verify and keep the bundle of a disclosure");
    command->add_option("EVENT", choice->event, "The id of the event by which the record was disclosed")->required();
    command->add_option("--out", choice->file, "Keep it in this file")->type_name("FILE")->required();
    reaches_server(*command, desk);
    command->footer(
        R"(To give a record away is a decision that is recorded first; whoever signed it gets the bundle. It holds the
whole record of the case up to that entry with its proofs, and anyone can check it offline with `caseledger verify FILE`.
For a person asking for their own record, the words about others are left out and a second person signs as well.

Examples:
  caseledger record recordDisclosed --case 8d0c... --set purpose=transferPanel --set words=all --data ledger --key sm.key
  caseledger record recordDisclosed --case 8d0c... --set purpose=subjectAccess --set words=aboutSubjects \
      --set subjects=41d2... --joint governor.key=data-governor --data ledger --key sm.key
  caseledger bundle 0b9e... --out smith.bundle --data ledger --key sm.key)");
    works(*command, desk, [&desk, choice] { return bundle(desk, *choice); });
}

}  // namespace tools
