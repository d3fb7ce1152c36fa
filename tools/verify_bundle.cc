#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "ledger/bundle_audit.h"
#include "tools/redecision.h"
#include "tools/verify_file.h"

namespace tools {
namespace {

void tell_what_it_is(Account& account, const ledger::BundleReport& report) {
    auto& audit = report.audit;
    account.about.push_back(fmt::format("{}  {}", audit.authority, audit.origin));
    account.about.push_back(
        fmt::format("The record of case {}, complete as of entry {}", report.stream.hex(), report.disclosure));
    if (report.disclosed)
        account.about.push_back(
            fmt::format("Disclosed for {} on {}", report.purpose, schema::readable(*report.disclosed)));
    std::string left_out;
    boost::json::object counts;
    for (auto& [why, count] : report.left_out) {
        left_out += fmt::format("{} {} {}", left_out.empty() ? ":" : ",", count, why);
        counts[why] = count;
    }
    uint64_t missing = audit.words - std::min(audit.words, audit.words_opened);
    account.about.push_back(fmt::format("{} entries of the case, {} in all; {} words opened, {} left out{}",
                                        report.revisions, audit.entries, audit.words_opened, missing, left_out));
    account.facts["origin"] = audit.origin;
    account.facts["authority"] = audit.authority;
    account.facts["playedClock"] = audit.played_clock;
    account.facts["stream"] = report.stream.hex();
    account.facts["disclosure"] = report.disclosure;
    account.facts["purpose"] = report.purpose;
    if (report.disclosed) account.facts["disclosed"] = schema::iso(*report.disclosed);
    account.facts["revisions"] = report.revisions;
    account.facts["entries"] = audit.entries;
    account.facts["size"] = report.checkpoint.size;
    account.facts["root"] = audit.root.hex();
    account.facts["signatures"] = audit.signatures;
    account.facts["decided"] = report.decided;
    account.facts["checkpointsShown"] = audit.shown;
    account.facts["words"] = audit.words;
    account.facts["wordsOpened"] = audit.words_opened;
    account.facts["wordsLeftOut"] = std::move(counts);
    account.facts["trustedKey"] = report.key_was_trusted;
}

}  // namespace

schema::Result<Account> verify_bundle(const std::string& path, const Believed& believed, unsigned threads,
                                      const Going& progress) {
    std::error_code error;
    auto size = std::filesystem::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (!file || error) return schema::fail(schema::Fault::io, path, "cannot be read");
    Redecision redecision(commands::Bench::Sees::one_case);
    ledger::BundleAuditOptions asked;
    asked.trusted_keys = believed.public_keys();
    asked.threads = threads;
    asked.decide = [&](auto& entry, auto& event, auto words) { return redecision.decide(entry, event, words); };
    asked.progress = [&](uint64_t) {
        if (auto at = file.tellg(); progress && at > 0) progress(static_cast<uint64_t>(at), size);
    };
    Account account;
    account.subject = "bundle";
    auto report = ledger::audit_bundle(file, asked);
    if (!report) {
        account.find(0, report.error().field.empty() ? "bundle" : report.error().field, report.error().message);
        account.about.push_back(path);
        return account;
    }
    auto& audit = report->audit;
    account.played_clock = audit.played_clock;
    account.findings = audit.findings;
    account.erased = audit.erased;
    account.disputed = audit.disputed;
    tell_what_it_is(account, *report);
    auto check = [&](std::string what) { account.checked.push_back(std::move(what)); };
    check(fmt::format("{} entries are in the book, under its checkpoint of {} entries", audit.entries,
                      report->checkpoint.size));
    check("of the case, the directory and the practice nothing is missing, and nothing was cut from the end");
    check(fmt::format("{} signatures, each by a key that was enrolled for its signer at that place", audit.signatures));
    check(fmt::format("{} decisions, taken again by the practice in force and on this case's record", report->decided));
    check(fmt::format("{} checkpoints that signers had been shown are states of this book", audit.shown));
    check(fmt::format("{} words are those that were signed; just those are opened that the disclosure opens",
                      audit.words));
    auto not_checked = [&](const char* name, std::string what) { account.not_checked.push_back({name, what}); };
    not_checked("later", fmt::format("what was recorded of this case after entry {}", report->disclosure));
    not_checked("other-cases", "what hangs on other cases: caps on workers' loads, holds that are kept there");
    if (report->key_was_trusted) check("the checkpoint is signed by a key that was given");
    else
        not_checked("key", "that the ledger signed this: its key was taken from the bundle; give --key from elsewhere");
    if (!report->note.empty()) account.stand(report->note, believed);
    return account;
}

}  // namespace tools
