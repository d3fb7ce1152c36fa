#include "tools/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "ledger/checkpoint.h"
#include "ledger/master_key.h"
#include "ledger/rocks_log.h"
#include "tools/redecision.h"

namespace tools {
namespace {

using schema::fail;
using schema::Fault;

// How many entries had been recorded by then. Where the times of recording do not rise, the audit says so.
uint64_t entries_at(const ledger::Log& log, schema::Time time) {
    uint64_t from = 0, to = log.head().size;
    while (from < to) {
        auto middle = from + (to - from) / 2;
        auto bytes = log.entry(middle);
        auto entry = bytes ? ledger::Entry::decode(schema::as_bytes(*bytes)) : tl::unexpected(bytes.error());
        if (entry && entry->recorded() > time) to = middle;
        else from = middle + 1;
    }
    return from;
}

uint64_t size_of(const std::string& text) {
    auto note = ledger::parse_note(text);
    auto checkpoint = note ? ledger::parse_checkpoint(note->text) : tl::unexpected(note.error());
    return checkpoint ? checkpoint->size : 0;
}

}  // namespace

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

namespace {

// The largest checkpoint over no more than is asked about that a believed key signed.
std::optional<ledger::Checkpoint> largest(const ledger::Log& log, const VerifyOptions& options) {
    std::vector<std::pair<uint64_t, const std::string*>> notes;
    for (auto* note : {&options.since, &options.checkpoint})
        if (*note) notes.emplace_back(size_of(**note), &**note);
    for (auto& note : options.keepable) notes.emplace_back(size_of(note), &note);
    std::stable_sort(notes.begin(), notes.end(), [](auto& a, auto& b) { return a.first > b.first; });
    auto keys = options.believed.public_keys();
    for (auto& [size, note] : notes) {
        if (size > std::min(options.up_to.value_or(size), log.head().size)) continue;
        if (auto checkpoint = ledger::open_checkpoint(*note, keys)) return *checkpoint;
    }
    return std::nullopt;
}

// What is kept of this verification for the next one, if anything.
class Keeping {
  public:
    Keeping(const ledger::Log& log, const VerifyOptions& options, const ledger::AuditState* base)
        : folder_(options.keep) {
        if (folder_.empty()) return;
        of_ = largest(log, options);
        discard();
        auto writer = ledger::AuditStateWriter::begin(folder_, log, base);
        if (writer) writer_ = *std::move(writer);
        else why_not_ = writer.error().text();
    }
    void take(const ledger::Entry& entry, const Redecision& redecision) {
        if (writer_ && entry.position() < of_->size) writer_->take(entry, redecision.kept(entry.stream()));
    }
    void finish(Verification& done) {
        schema::Result<void> finished;
        if (writer_ && done.holds()) finished = writer_->finish(*of_);
        if (!finished) why_not_ = finished.error().text();
        bool is_kept = writer_ && done.holds() && finished;
        writer_.reset();
        if (is_kept) done.kept = of_->size;
        else if (!folder_.empty()) discard();
        done.not_kept = why_not_;
    }

  private:
    void discard() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::string folder_, why_not_;
    std::optional<ledger::Checkpoint> of_;
    std::unique_ptr<ledger::AuditStateWriter> writer_;
};

// `state`: what was kept at `since`; null: from the start.
schema::Result<Verification> verify_above(const ledger::Log& log, const VerifyOptions& options,
                                          ledger::AuditState* state) {
    auto redecision = state ? Redecision::above(*state) : Redecision();
    if (!redecision) return tl::unexpected(redecision.error());
    Keeping keeping(log, options, state);
    ledger::AuditOptions asked;
    asked.mark = options.mark;
    asked.checkpoint = options.checkpoint;
    asked.since = options.since;
    asked.state = state;
    asked.up_to = options.up_to;
    asked.sizes = options.sizes;
    asked.trusted_keys = options.believed.public_keys();
    asked.threads = options.threads;
    asked.keys = options.keys;
    asked.now = options.now;
    asked.progress = options.progress;
    asked.decide = [&](auto& entry, auto& event, auto words) {
        auto found = redecision->decide(entry, event, words);
        keeping.take(entry, *redecision);
        return found;
    };
    asked.fold = [&](auto& entry) {
        redecision->fold(entry);
        keeping.take(entry, *redecision);
    };
    auto report = ledger::audit(log, asked);
    if (!report) return tl::unexpected(report.error());

    Verification done;
    done.audit = *std::move(report);
    done.decided = redecision->decided();
    done.rested_on = state ? state->entries_read() : 0;
    done.has_mark = options.mark.has_value();
    done.has_keys = options.keys != nullptr;
    done.marked = options.mark ? options.mark->size : 0;
    done.has_checkpoint = options.checkpoint.has_value();
    done.has_trusted_key = !asked.trusted_keys.empty();
    done.is_partial = options.up_to.has_value();
    done.believed = options.believed;
    for (auto* note : {&options.since, &options.checkpoint})
        if (*note && done.holds()) done.notes.push_back({size_of(**note), **note});
    keeping.finish(done);
    return done;
}

schema::Result<Verification> verify_above(const ledger::Log& log, const VerifyOptions& options) {
    auto checkpoint = ledger::open_checkpoint(*options.since, options.believed.public_keys());
    if (!checkpoint) return fail(Fault::malformed, "since", checkpoint.error().text());
    auto state = ledger::AuditState::open(options.state, log, *checkpoint);
    if (!state) return tl::unexpected(state.error());
    return verify_above(log, options, state->get());
}

}  // namespace

schema::Result<Verification> verify_book(const ledger::Log& log, const VerifyOptions& options) {
    // Known now, and not only when all was verified.
    if (!options.keep.empty() && !largest(log, options))
        return fail(Fault::malformed, "--save",
                    "no checkpoint that your key signed is at hand for what is to be verified; give --checkpoint");
    auto began = std::chrono::steady_clock::now();
    schema::Result<Verification> done;
    std::string why_not;
    if (options.since && !options.state.empty()) {
        done = verify_above(log, options);
        if (!done && done.error().field == "state") why_not = options.state + ": " + done.error().message;
    }
    // Whatever is not as it was, in what was kept or in the book: who begins at the start finds out which.
    if (!options.since || options.state.empty() || !why_not.empty()) done = verify_above(log, options, nullptr);
    if (!done) return done;
    done->not_above = why_not;
    done->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return done;
}

schema::Result<Verification> verify_folder(const std::string& folder, VerifyOptions options) {
    std::error_code error;
    if (!std::filesystem::exists(folder + "/book", error)) return fail(Fault::not_found, folder, "holds no ledger");
    // Mark and evidence first: the book only grows, so what was acknowledged before we looked must be there.
    auto mark = ledger::read_mark(folder + "/mark");
    if (!mark) return tl::unexpected(mark.error());
    options.mark = *mark;
    auto times = Times::read(folder);
    if (times && *times) {
        options.sizes = (*times)->sizes();
        for (auto& one : (*times)->cosigned()) options.keepable.push_back(one.note);
    }
    auto log = open_read_only(folder + "/book");
    if (!log) return tl::unexpected(log.error());
    if (options.at) options.up_to = entries_at(**log, *options.at);
    if (options.up_to && *options.up_to == 0) return fail(Fault::not_found, "--at", "is before the first entry");
    if (options.up_to && *options.up_to > (*log)->head().size && !options.at)
        return fail(Fault::not_found, "--at", "is beyond the newest entry");
    auto keys = ledger::open_keys_read_only(folder);
    if (keys) options.keys = keys->get();
    auto done = verify_book(**log, options);
    if (!done) return done;
    auto& findings = done->audit.findings;
    if (!keys) findings.push_back({0, "keys", keys.error().text()});
    if (!times) findings.push_back({0, "evidence", times.error().text()});
    if (times && *times && findings.empty()) {
        (*times)->check(done->audit, options.believed, findings);
        auto& notes = done->notes;
        notes.insert(notes.end(), (*times)->notes().begin(), (*times)->notes().end());
        std::stable_sort(notes.begin(), notes.end(), [](auto& a, auto& b) { return a.size < b.size; });
        auto told = (*times)->told(**log, done->audit.not_read, done->audit.entries, options.bracket);
        if (!told) return tl::unexpected(told.error());
        done->times = *told;
    }
    return done;
}

std::string Verification::proven_note() const {
    auto keys = believed.public_keys();
    for (auto note = notes.rbegin(); note != notes.rend(); ++note)
        if (note->size <= audit.entries && ledger::open_checkpoint(note->note, keys)) return note->note;
    return {};
}

}  // namespace tools
