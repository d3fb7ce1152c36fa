// caseledger verify: a whole ledger, tiles, a bundle, a receipt or a proof, from bytes and public keys alone.
#include "tools/command_verify.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "tools/verify.h"
#include "tools/verify_file.h"

namespace tools {
namespace {

constexpr size_t note_limit = 256 * 1024;

struct VerifyChoice {
    std::string what, folder, receipt;
    std::vector<std::string> keys;
    std::string policy, not_before, authorities;
    int64_t max_age = 0;  // seconds
    bool witnessed = false;
    std::string checkpoint, since, save, at, actor_key, entry, leaf;
    bool brackets = false, from_start = false;
    unsigned threads = 0;
};

schema::Time wall_time() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

// A position, or a time; a day is meant to its end.
Attempt<> read_at(const std::string& text, VerifyOptions& options) {
    if (auto position = ledger::decimal(text); position && *position + 1 != 0) options.up_to = *position + 1;
    else if (auto time = schema::parse_time(text)) options.at = time;
    else if (auto day = schema::parse_day(text))
        options.at = schema::london_time(*day + std::chrono::days{1}, {}) - std::chrono::milliseconds{1};
    else return usage("--at: must be the position of an entry, a day (2018-06-22) or a time (2018-06-22T14:00)");
    return {};
}

Attempt<Believed> believed_by(const VerifyChoice& choice) {
    Believed believed;
    for (auto& text : choice.keys) {
        auto key = read_verifier_key(text, "--key");
        if (!key) return tl::unexpected(key.error());
        believed.keys.push_back(*key);
    }
    if (!choice.policy.empty()) {
        auto text = ledger::read_file(choice.policy, note_limit);
        auto policy = text ? ledger::parse_witness_policy(*text) : tl::unexpected(text.error());
        if (!policy) return tl::unexpected(policy.error());
        believed.policy = *policy;
    }
    bool dated = !choice.not_before.empty() || choice.max_age > 0;
    if ((dated || choice.witnessed) && !believed.policy)
        return usage("--policy FILE is needed: it says which witnesses count");
    believed.must_be_witnessed = choice.witnessed || dated;
    if (choice.max_age > 0) believed.not_before = wall_time() - std::chrono::seconds{choice.max_age};
    if (!choice.not_before.empty()) {
        auto time = schema::parse_time(choice.not_before);
        if (auto day = schema::parse_day(choice.not_before)) time = schema::london_time(*day, {});
        if (!time) return usage("--not-before: must be a day (2018-06-22) or a time (2018-06-22T14:00)");
        believed.not_before = std::max(*time, believed.not_before.value_or(*time));
    }
    if (!choice.authorities.empty()) {
        auto trust = ledger::TimeTrust::load(choice.authorities);
        if (!trust) return tl::unexpected(trust.error());
        believed.authorities = *trust;
    }
    return believed;
}

std::string state_of(const std::string& note) { return note + ".state"; }
std::string next_of(const std::string& path) { return path + ".new"; }

// Takes the place of the one that is there, which must be one of ours.
Attempt<> put_state(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error, none;
    auto old = path + ".old";
    fs::remove_all(old, none);
    if (fs::exists(path, none)) {
        if (!fs::exists(path + "/index", none) && !fs::is_empty(path, none))
            return schema::fail(schema::Fault::conflict, path, "is something else than what --save keeps");
        fs::rename(path, old, error);
    }
    if (!error) fs::rename(next_of(path), path, error);
    if (error) return schema::fail(schema::Fault::io, path, "cannot be written: " + error.message());
    fs::remove_all(old, none);
    return {};
}

// All or nothing: what was saved before stays until the new one is on the disk. The state goes first, because one that
// is not its checkpoint's is not gone on from.
Attempt<> save(const Desk& desk, const std::string& path, const Verification& done) {
    auto note = done.proven_note();
    if (note.empty())
        return tl::unexpected(
            Failure(Exit::failed, "--save: what was verified does not bear out the checkpoint at hand"));
    std::error_code error;
    auto next = next_of(path);
    std::filesystem::remove(next, error);
    TRY(ledger::write_secret(next, note));
    if (done.kept) TRY(put_state(state_of(path)));
    std::filesystem::rename(next, path, error);
    if (error) return schema::fail(schema::Fault::io, path, "cannot be written: " + error.message());
    TRY(ledger::sync_folder_of(path));
    desk.say("The checkpoint is in " + path + "; give it as --since next time.");
    if (done.kept) desk.say("What is needed to go on from it is in " + state_of(path) + "; keep the two together.");
    else desk.say("What is needed to go on from it could not be kept; all will be read: " + done.not_kept);
    return {};
}

Attempt<> tell(const Desk& desk, const Account& account) {
    if (desk.json) desk.put(account.to_json());
    else fmt::print(desk.out.stream, "{}", account.text(desk.out));
    if (account.holds()) return {};
    auto& first = account.findings.front();
    Failure failure(Exit::verification, account.by_entry
                                            ? fmt::format("verification failed at entry {}", first.position)
                                            : "the " + account.subject + " does not hold");
    failure.name = account.subject == "receipt" ? "receipt_fails" : "verification_failed";
    failure.field = first.field;
    failure.detail = first.what;
    return tl::unexpected(failure);
}

Attempt<> verify_ledger(const Desk& desk, const std::string& folder, const VerifyChoice& choice,
                        const Believed& believed) {
    VerifyOptions options;
    options.believed = believed;
    options.threads = choice.threads;
    options.now = wall_time();
    if (!choice.at.empty()) TRY(read_at(choice.at, options));
    for (auto [name, file, note] : {std::tuple{"--checkpoint", &choice.checkpoint, &options.checkpoint},
                                    {"--since", &choice.since, &options.since}}) {
        if (file->empty()) continue;
        if (believed.public_keys().empty()) return usage(std::string(name) + " needs --key, the key it is signed with");
        auto text = ledger::read_file(*file, note_limit);
        if (!text) return tl::unexpected(text.error());
        *note = *text;
    }
    if (!choice.save.empty() && believed.public_keys().empty())
        return usage("--save needs --key: only a checkpoint that a key you trust signed is worth keeping");
    if (!choice.since.empty() && !choice.from_start) options.state = state_of(choice.since);
    if (!choice.save.empty()) options.keep = next_of(state_of(choice.save));
    if (choice.brackets) options.bracket = [&](auto& entry, auto& bracket) { desk.put(bracket_line(entry, bracket)); };
    Progress progress(desk.talk, "verifying", desk.quiet);
    options.progress = [&](uint64_t done, uint64_t of) { progress.at(done, of); };
    auto done = verify_folder(folder, options);
    progress.done();
    if (!done) {
        Failure failure(done.error());
        bool is_note = failure.field == "checkpoint" || failure.field == "since";
        if (is_note) failure.exit = Exit::verification;  // of another key, or no checkpoint at all
        return tl::unexpected(failure);
    }
    auto told = tell(desk, done->account());
    if (told && !choice.save.empty()) return save(desk, choice.save, *done);
    std::error_code ignored;
    if (done->kept) std::filesystem::remove_all(options.keep, ignored);
    return told;
}

Attempt<ledger::Digest> leaf_of(const VerifyChoice& choice) {
    if (!choice.leaf.empty()) {
        auto leaf = ledger::Digest::from_hex(choice.leaf);
        if (!leaf) return usage("--leaf: must be 64 hexadecimal digits");
        return *leaf;
    }
    if (choice.entry.empty()) return usage("a proof is about an entry that it does not hold: give --entry or --leaf");
    auto bytes = ledger::read_file(choice.entry, 1 << 20);
    if (!bytes) return tl::unexpected(bytes.error());
    return ledger::leaf_hash(schema::as_bytes(*bytes));
}

Attempt<> verify_file(const Desk& desk, Subject subject, const std::string& path, const VerifyChoice& choice,
                      const Believed& believed) {
    for (auto [name, text] : {std::pair{"--checkpoint", &choice.checkpoint},
                              {"--since", &choice.since},
                              {"--save", &choice.save},
                              {"--at", &choice.at}})
        if (!text->empty()) return usage(std::string(name) + " is for the folder of a ledger");
    if (subject != Subject::bundle && believed.public_keys().empty())
        return usage("--key is needed: this proves nothing without the key that signs checkpoints");
    std::optional<schema::PublicKey> actor;
    if (!choice.actor_key.empty()) {
        auto given = read_public_key(choice.actor_key, "--actor-key");
        if (!given) return tl::unexpected(given.error());
        actor = *given;
    }
    ledger::Digest leaf{};
    if (subject == Subject::proof) {
        auto given = leaf_of(choice);
        if (!given) return tl::unexpected(given.error());
        leaf = *given;
    }
    Progress progress(desk.talk, "verifying", desk.quiet);
    auto going = [&](uint64_t done, uint64_t of) { progress.at(done, of); };
    auto account = subject == Subject::bundle    ? verify_bundle(path, believed, choice.threads, going)
                   : subject == Subject::receipt ? verify_receipt_file(path, believed, actor)
                   : subject == Subject::proof   ? verify_proof(path, leaf, believed)
                                                 : verify_tiles(path, believed, going);
    progress.done();
    if (!account) return tl::unexpected(account.error());
    return tell(desk, *account);
}

Attempt<> verify(const Desk& desk, const VerifyChoice& choice) {
    auto believed = believed_by(choice);
    if (!believed) return tl::unexpected(believed.error());
    if (choice.what.empty() && !choice.receipt.empty())
        return verify_file(desk, Subject::receipt, choice.receipt, choice, *believed);
    auto path = choice.what.empty() ? choice.folder : choice.what;
    if (path.empty()) return usage("say what: a ledger's folder, a folder of tiles, a bundle, a receipt or a proof");
    auto subject = choice.what.empty() ? Subject::ledger : recognise(path);
    if (!subject) return tl::unexpected(subject.error());
    if (*subject == Subject::ledger) return verify_ledger(desk, path, choice, *believed);
    return verify_file(desk, *subject, path, choice, *believed);
}

void takes_file(CLI::App& command, const char* name, std::string& file, const char* what, const char* group) {
    command.add_option(name, file, what)->type_name("FILE")->group(group);
}

}  // namespace

void offer_verify(CLI::App& command, Desk& desk, const std::string& as) {
    auto choice = std::make_shared<VerifyChoice>();
    command.add_option("WHAT", choice->what, "A ledger's folder, a folder of tiles, a bundle, a receipt, a tlog-proof");
    command.add_option("--data", choice->folder, "Folder of a ledger")->envname("CASELEDGER_DATA")->type_name("FOLDER");
    command.add_option("--receipt", choice->receipt, "A receipt that was kept")->type_name("FILE");
    command.add_option("--threads", choice->threads, "Threads for checking signatures [all cores]")->type_name("N");

    auto* trust = "Whom to believe";
    command
        .add_option("--key,--checkpoint-key", choice->keys,
                    "A public key that signs checkpoints, had from elsewhere than what is verified; may be given again")
        ->allow_extra_args(false)
        ->type_name("KEY")
        ->group(trust);
    takes_file(command, "--policy", choice->policy, "Whose cosignatures count, and how many (C2SP tlog-policy)", trust);
    command.add_flag("--witnessed", choice->witnessed, "Fail unless the policy's quorum cosigned")->group(trust);
    command.add_option("--not-before", choice->not_before, "Fail unless it did so at or after this time")
        ->type_name("TIME")
        ->group(trust);
    command.add_option("--max-age", choice->max_age, "Fail unless it did so within this time")
        ->type_name("N(s|m|h|d)")
        ->transform(
            CLI::AsNumberWithUnit(std::map<std::string, int64_t>{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}},
                                  CLI::AsNumberWithUnit::UNIT_REQUIRED))
        ->check(CLI::Range(int64_t{1}, int64_t{36600} * 86400))
        ->group(trust);
    takes_file(command, "--timestamp-ca", choice->authorities,
               "Certificates of time-stamping authorities that are trusted, PEM", trust);

    auto* book = "Of a ledger's folder";
    takes_file(command, "--checkpoint", choice->checkpoint,
               "A checkpoint that was kept: it must be a state of this book", book);
    takes_file(command, "--since", choice->since,
               "A checkpoint that was verified before: signatures and rules below it are not asked again; and where "
               "--save kept FILE.state beside it, what is below is not read again",
               book);
    takes_file(command, "--save", choice->save,
               "Keep the checkpoint that was verified here, and in FILE.state what --since goes on from", book);
    command.add_flag("--from-start", choice->from_start, "With --since: read what is below it all the same")
        ->group(book);
    command.add_option("--at", choice->at, "The book as it was with this entry, or at this time")
        ->type_name("POSITION|DATE")
        ->group(book);
    command
        .add_flag("--brackets", choice->brackets,
                  "First a line of JSON for each entry: between which times it came to be, as others say")
        ->group(book);

    auto* one = "Of a receipt or a proof";
    command.add_option("--actor-key", choice->actor_key, "The public key of who signed the event of a receipt")
        ->type_name("KEY")
        ->group(one);
    takes_file(command, "--entry", choice->entry, "The bytes of the entry that a tlog-proof is about", one);
    command.add_option("--leaf", choice->leaf, "Or its leaf hash")->type_name("HEX")->group(one);

    command.footer(fmt::format(
        R"(Needs no server and no secret, writes nothing but --save, and works while a service writes to the folder.
Everything signed is checked, and every event is decided again by the practice in force at its place. What is wrong,
what is erased, what is disputed and what was not checked are told apart. Ends with 3 when something does not hold.

Examples:
  {0} ledger --key c0ff... --checkpoint kept.note
  {0} ledger --key c0ff... --checkpoint new.note --since last.note --save last.note
  {0} ledger --at 2018-09-01 --json
  {0} case.bundle --key c0ff... --policy witnesses.policy --max-age 7d
  {0} receipt.json --key c0ff... --actor-key 9a70...
  {0} entry.tlog-proof --entry entry.bin --key ledger.example/x+1a2b3c4d+AX...)",
        as));
    works(command, desk, [&desk, choice] { return verify(desk, *choice); });
}

void add_verify(CLI::App& app, Desk& desk) {
    auto* command = app.add_subcommand("verify", "Check a ledger, a bundle, a receipt, a proof or tiles, offline");
    offer_verify(*command, desk, "caseledger verify");
}

}  // namespace tools
