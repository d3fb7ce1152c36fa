// caseledger key replace, reattest, rotate-checkpoint: keys in real life. caseledger key adds them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "tools/filing.h"
#include "tools/reading.h"

namespace tools {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct ReplaceChoice {
    std::string file, custody = "software", played_at;
};
struct ReattestChoice {
    std::string key, played_at, role;
    std::vector<uint64_t> entries;
};

Attempt<Filed> record(Calls& calls, Trust& trust, const char* type, json::object fact, const std::string& played_at,
                      const std::string& role = {}) {
    Statement statement;
    statement.fields = {{"fact", {{type, std::move(fact)}}}};
    if (!role.empty()) statement.fields["role"] = role;
    statement.played_at = played_at;
    if (!played_at.empty()) statement.fields["occurred"] = {{"at", played_at}};
    auto ready = prepare(calls, trust, std::move(statement));
    if (!ready) return tl::unexpected(ready.error());
    return file(calls, trust, *ready);
}

// Who signs with this key, as the directory says.
Attempt<schema::PersonId> myself(Calls& calls) {
    auto directory = calls.get("/v1/directory");
    if (!directory) return tl::unexpected(directory.error());
    for (auto& known : listed(*directory, "people"))
        for (auto& held : listed(known, "keys"))
            if (told(held, "key") == calls.key().id().hex())
                if (auto person = schema::PersonId::from_hex(told(known, "person"))) return *person;
    return usage("the directory does not show whose key this is; ask a governor to enrol the new one");
}

Attempt<> replace(const Desk& desk, const ReplaceChoice& choice) {
    auto in = sign_in(desk);
    if (!in) return tl::unexpected(in.error());
    auto me = myself(in->calls);
    if (!me) return tl::unexpected(me.error());
    std::error_code error;
    auto next = fs::exists(choice.file, error) ? ledger::SigningKey::load(choice.file)
                                               : schema::Result<ledger::SigningKey>(ledger::SigningKey::generate());
    if (!next) return tl::unexpected(next.error());
    // It is on disk before anyone relies on it: the old one signs nothing more from the next entry on.
    if (!fs::exists(choice.file, error)) TRY(next->save(choice.file));
    auto message = ledger::possession_message(in->facts.origin, *me);
    json::object fact{{"publicKey", next->public_key().hex()},
                      {"proofOfPossession", next->sign(ledger::key_context, schema::as_bytes(message)).hex()},
                      {"custody", choice.custody}};
    auto filed = record(in->calls, in->trust, "keyRotated", std::move(fact), choice.played_at);
    if (!filed) return tl::unexpected(filed.error());
    if (desk.json) desk.put(filed->answer);
    else
        fmt::print(
            "From entry {} on you sign with {}; {} signs nothing more. Keep it: what it signed is checked with it.\n",
            filed->position, choice.file, desk.key);
    return {};
}

Attempt<> reattest(const Desk& desk, const ReattestChoice& choice) {
    if (!schema::KeyId::from_hex(choice.key)) return usage("KEY must be the id of a key, 64 hexadecimal digits");
    auto in = sign_in(desk);
    if (!in) return tl::unexpected(in.error());
    json::object fact{{"key", choice.key}, {"entries", json::value_from(choice.entries)}};
    auto filed = record(in->calls, in->trust, "entriesReattested", std::move(fact), choice.played_at, choice.role);
    if (!filed) return tl::unexpected(filed.error());
    if (desk.json) desk.put(filed->answer);
    else fmt::print("Entry {}: {} entries are attested again.\n", filed->position, choice.entries.size());
    return {};
}

Attempt<> rotate_checkpoint(const Desk& desk, const std::string& played_at) {
    if (desk.data.empty()) return usage("--data FOLDER is needed: the new key is made in its secrets");
    auto in = sign_in(desk);
    if (!in) return tl::unexpected(in.error());
    auto next = ledger::SigningKey::generate();
    std::string path;
    std::error_code error;
    for (int number = 2; path.empty() || fs::exists(path, error); ++number)
        path = fmt::format("{}/secrets/checkpoint-{}.key", desk.data, number);
    TRY(next.save(path));
    auto proof = next.sign(ledger::checkpoint_key_context, schema::as_bytes(std::string_view(in->facts.origin)));
    json::object fact{{"publicKey", next.public_key().hex()}, {"proofOfPossession", proof.hex()}};
    auto filed = record(in->calls, in->trust, "checkpointKeyRotated", std::move(fact), played_at);
    if (!filed) {
        fs::remove(path, error);
        return tl::unexpected(filed.error());
    }
    if (desk.json) desk.put(filed->answer);
    else
        fmt::print(
            "Checkpoints over entry {} and after it carry the signature of {} as well.\n"
            "Tell it to those who check this ledger; when all have it, stop the service, take the older key's "
            "file out of {}/secrets\nand start it again.\n",
            filed->position, next.public_key().hex(), desk.data);
    return {};
}

}  // namespace

void add_key_replacements(CLI::App& key, Desk& desk) {
    auto choice = std::make_shared<ReplaceChoice>();
    auto* replace_it = key.add_subcommand("replace", "Replace your own key by a new one");
    replace_it->add_option("FILE", choice->file, "The new key; it is made where it is not there")->required();
    replace_it->add_option("--custody", choice->custody, "Where it is kept")
        ->check(CLI::IsMember({"software", "device", "service"}))
        ->capture_default_str();
    replace_it->add_option("--played-at", choice->played_at, "On a played ledger: when")->type_name("TIME");
    reaches_server(*replace_it, desk);
    replace_it->footer(
        R"(Signed with the old key (--key), which then signs nothing more; the new one shows that you hold it.

Example:
  caseledger key replace manager-2027.key --data ledger --key manager.key)");
    works(*replace_it, desk, [&desk, choice] { return replace(desk, *choice); });

    auto again = std::make_shared<ReattestChoice>();
    auto* reattest_it = key.add_subcommand("reattest", "Sign again for entries that a suspect key left disputed");
    reattest_it->add_option("KEY", again->key, "The id of the suspect key")->required();
    reattest_it->add_option("ENTRY", again->entries, "Positions of the entries that you looked at")->required();
    reattest_it->add_option("--role", again->role, "In which role")->type_name("ROLE");
    reattest_it->add_option("--played-at", again->played_at, "On a played ledger: when")->type_name("TIME");
    reaches_server(*reattest_it, desk);
    reattest_it->footer(
        R"(A key that was revoked with suspectFrom leaves everything it signed from then on disputed: nothing is deleted,
and the chronology and `verify` say so until its owner, or a governor for someone who left, signs for it again.

Examples:
  caseledger record keyRevoked --set key=9a70... --set reason=compromised --set suspectFrom=2026-11-01T09:00 --key governor.key
  caseledger key reattest 9a70... 4211 4215 --data ledger --key manager-2027.key)");
    works(*reattest_it, desk, [&desk, again] { return reattest(desk, *again); });

    auto played_at = std::make_shared<std::string>();
    auto* rotate_it = key.add_subcommand("rotate-checkpoint", "Give the ledger another key for its checkpoints");
    rotate_it->add_option("--played-at", *played_at, "On a played ledger: when")->type_name("TIME");
    reaches_server(*rotate_it, desk);
    rotate_it->footer(
        R"(Run where the ledger's folder is, by a governor, while the service runs. Both keys sign from then on, so nobody who
knows only one of them is left behind, and every receipt that was ever given still verifies with the key it was signed with.

Example:
  caseledger key rotate-checkpoint --data ledger --key governor.key)");
    works(*rotate_it, desk, [&desk, played_at] { return rotate_checkpoint(desk, *played_at); });
}

}  // namespace tools
