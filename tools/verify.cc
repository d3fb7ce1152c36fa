#include "tools/verify.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "ledger/master_key.h"
#include "ledger/rocks_log.h"
#include "schema/json.h"
#include "server/wall_clock.h"
#include "tools/redecision.h"
#include "tools/table.h"

namespace tools {

using schema::fail;
using schema::Fault;

// A store that is being written to may be between two files when it is looked at; the next look finds it whole.
schema::Result<std::unique_ptr<ledger::Log>> open_read_only(const std::string& book) {
    schema::Result<std::unique_ptr<ledger::Log>> log = fail(Fault::io, "");
    for (int attempt = 0; attempt < 5; ++attempt) {
        if (attempt) std::this_thread::sleep_for(std::chrono::milliseconds(100 << attempt));
        log = ledger::open_rocks_log(book, "", {nullptr, false, true, true});
        if (log) break;
    }
    return log;
}

schema::Result<Verification> verify_book(const ledger::Log& log, const VerifyOptions& options) {
    auto began = std::chrono::steady_clock::now();
    Redecision redecision;
    ledger::AuditOptions asked;
    asked.mark = options.mark;
    asked.checkpoint = options.checkpoint;
    asked.trusted_key = options.trusted_key;
    asked.threads = options.threads;
    asked.keys = options.keys;
    asked.now = options.now;
    asked.progress = options.progress;
    asked.decide = [&](auto& entry, auto&, auto words) { return redecision.decide(entry, words); };
    auto report = ledger::audit(log, asked);
    if (!report) return tl::unexpected(report.error());

    Verification done;
    done.audit = *std::move(report);
    done.decided = redecision.decided();
    done.has_mark = options.mark.has_value();
    done.has_keys = options.keys != nullptr;
    done.marked = options.mark ? options.mark->size : 0;
    done.has_checkpoint = options.checkpoint.has_value();
    done.has_trusted_key = options.trusted_key.has_value();
    done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return done;
}

schema::Result<Verification> verify_folder(const std::string& folder, VerifyOptions options) {
    std::error_code error;
    if (!std::filesystem::exists(folder + "/book", error)) return fail(Fault::not_found, folder, "holds no ledger");
    // The mark first: the book only grows, so what was acknowledged before we looked must be there.
    auto mark = ledger::read_mark(folder + "/mark");
    if (!mark) return tl::unexpected(mark.error());
    options.mark = *mark;
    auto log = open_read_only(folder + "/book");
    if (!log) return tl::unexpected(log.error());
    options.now = server::wall_time();
    auto keys = ledger::open_keys_read_only(folder);
    if (keys) options.keys = keys->get();
    auto done = verify_book(**log, options);
    if (done && !keys) done->audit.findings.push_back({0, "keys", keys.error().text()});
    return done;
}

schema::Result<schema::PublicKey> read_public_key(const std::string& text, const std::string& field) {
    if (auto key = schema::PublicKey::from_hex(text)) return *key;
    // <name>+<key id>+<base64 of 0x01 and the key>: C2SP's verifier key; base64 may hold a plus of its own.
    auto first = text.find('+');
    auto second = first == text.npos ? text.npos : text.find('+', first + 1);
    if (second != text.npos)
        if (auto raw = schema::from_base64(std::string_view(text).substr(second + 1), field);
            raw && raw->size() == 33 && raw->front() == 1)
            return schema::PublicKey::of(schema::as_bytes(std::string_view(*raw).substr(1)));
    return schema::malformed(field, "must be a public key: 64 hexadecimal digits or <name>+<id>+<base64>");
}

boost::json::object Verification::to_json() const {
    boost::json::array findings;
    for (auto& finding : audit.findings)
        findings.push_back({{"position", finding.position}, {"field", finding.field}, {"what", finding.what}});
    return {{"holds", holds()},
            {"origin", audit.origin},
            {"authority", audit.authority},
            {"playedClock", audit.played_clock},
            {"entries", audit.entries},
            {"root", audit.root.hex()},
            {"signatures", audit.signatures},
            {"decided", decided},
            {"checkpointsShown", audit.shown},
            {"words", audit.words},
            {"wordsMissing", audit.words_missing},
            {"wordsOpened", has_keys ? boost::json::value(audit.words_opened) : nullptr},
            {"mark", has_mark ? boost::json::value(marked) : nullptr},
            {"checkpoint", has_checkpoint},
            {"trustedKey", has_trusted_key},
            {"seconds", seconds},
            {"findings", std::move(findings)}};
}

std::string Verification::text(const Screen& screen) const {
    std::string out;
    auto line = [&](std::string_view text) { (out += text) += "\n"; };
    if (audit.played_clock) {
        line(screen.styled(Screen::yellow,
                           "PLAYED CLOCK: the times in this ledger were played. It is a demonstration "
                           "or a test, and no record of real work."));
        line("");
    }
    line(fmt::format("{}  {}", screen.styled(Screen::bold, audit.authority), audit.origin));
    line(fmt::format("{} entries in {:.1f} s ({:.0f}/s), root {}", audit.entries, seconds,
                     seconds > 0 ? static_cast<double>(audit.entries) / seconds : 0.0, audit.root.hex()));
    line("");
    if (holds()) {
        line(screen.styled(Screen::green, "Everything that was checked holds."));
    } else {
        auto& first = audit.findings.front();
        line(screen.styled(Screen::red,
                           fmt::format("VERIFICATION FAILED at entry {}: {}", first.position, first.field)));
        Table table({{"Entry", Table::right}, {"Field", Table::left}, {"What is wrong", Table::left, true}});
        for (auto& finding : audit.findings) table.row({std::to_string(finding.position), finding.field, finding.what});
        out += table.text(screen);
        if (audit.findings.size() >= ledger::audit_findings)
            line(fmt::format("Only the first {} findings are told; the rest of the book was not read.",
                             ledger::audit_findings));
    }
    line("");
    line("Checked:");
    line(fmt::format("  every entry's place, hash chain and heads root, and the tree's root over {} entries",
                     audit.entries));
    line(
        fmt::format("  {} signatures, each by a key that was enrolled for its signer at that place", audit.signatures));
    line(fmt::format("  {} decisions, taken again by the practice in force and on the record that stood there",
                     decided));
    line(fmt::format("  {} checkpoints that signers had been shown are states of this book", audit.shown));
    line(fmt::format("  {} words, their headings and whom they are about, against the roots that were signed",
                     audit.words));
    if (has_keys) line(fmt::format("  {} words open to what was committed to", audit.words_opened));
    if (has_mark) line(fmt::format("  nothing below the high-water mark of {} entries is missing", marked));
    if (has_checkpoint) line("  the checkpoint that was given is a state of this book");
    line("Not checked:");
    line("  whether what was signed is true");
    if (!has_keys) line("  whether the words can still be opened: their keys are not in this folder");
    if (!has_trusted_key)
        line("  that this is the ledger you mean: give --checkpoint-key from elsewhere than this folder");
    if (!has_checkpoint)
        line("  that nobody replaced book and mark together: give --checkpoint FILE that you or a witness kept");
    return out;
}

}  // namespace tools
