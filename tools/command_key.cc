// caseledger key: make, show and enrol the keys that people sign with.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>

#include "ledger/checkpoint.h"
#include "schema/fields.h"
#include "schema/json.h"
#include "schema/time.h"
#include "server/wall_clock.h"
#include "tools/filing.h"
#include "tools/recorder.h"

namespace tools {
namespace {

namespace json = boost::json;

struct EnrolChoice {
    std::string file, name, person, from, custody = "software", played_at;
    std::vector<std::string> roles;  // ROLE[@TEAM]
    unsigned hundredths = 0;
};

json::object key_json(const schema::PublicKey& key, const std::string& file) {
    auto id = ledger::key_id(key).hex();
    return {{"file", file},
            {"key", id},
            {"publicKey", key.hex()},
            {"verifierKey", ledger::verifier_key("key/" + id.substr(0, 16), key)}};
}

// What the governor enrols: a public key, and its owner's word that they hold the other half.
struct Possession {
    schema::PersonId person{};
    schema::PublicKey key{};
    schema::Signature proof{};

    json::object to_json() const {
        return {{"person", person.hex()}, {"publicKey", key.hex()}, {"proofOfPossession", proof.hex()}};
    }
};

Possession prove(const ledger::SigningKey& key, const schema::PersonId& person, const std::string& origin) {
    auto message = ledger::possession_message(origin, person);
    return {person, key.public_key(), key.sign(ledger::key_context, schema::as_bytes(message))};
}

// From the file of a proof, or made here where the file is the key itself.
schema::Result<Possession> possession_in(const std::string& file, const std::string& origin,
                                         const std::optional<schema::PersonId>& person) {
    auto text = ledger::read_file(file, 4096);
    if (!text) return tl::unexpected(text.error());
    if (!text->starts_with('{')) {
        auto key = ledger::SigningKey::load(file);
        if (!key) return tl::unexpected(key.error());
        return prove(*key, person.value_or(ledger::random_id<schema::PersonId>()), origin);
    }
    auto value = schema::parse_json(*text);
    if (!value) return tl::unexpected(value.error());
    schema::Fields fields(*value, "");
    Possession given{schema::PersonId::of(schema::as_bytes(fields.hex("person", 16))),
                     schema::PublicKey::of(schema::as_bytes(fields.hex("publicKey", 32))),
                     schema::Signature::of(schema::as_bytes(fields.hex("proofOfPossession", 64)))};
    if (person && given.person != *person) fields.refuse("person", "is another than --person");
    TRY(fields.finish());
    // Before anything is recorded; the ledger checks it again.
    auto message = ledger::possession_message(origin, given.person);
    if (!ledger::verify(given.key, ledger::key_context, schema::as_bytes(message), given.proof))
        return schema::malformed("proofOfPossession", "does not verify: it was made for another ledger, person or key");
    return given;
}

Attempt<> show(const Desk& desk, const std::string& file, bool made) {
    auto key = ledger::SigningKey::load(file);
    if (!key) return tl::unexpected(key.error());
    auto told = key_json(key->public_key(), file);
    if (desk.json) {
        desk.put(told);
        return {};
    }
    if (made) fmt::print("Made {}. Whoever has this file signs as you: keep it to yourself.\n", file);
    fmt::print("key id        {}\npublic key    {}\nverifier key  {}\n", std::string(told.at("key").as_string()),
               std::string(told.at("publicKey").as_string()), std::string(told.at("verifierKey").as_string()));
    if (made)
        desk.say("Next, for the governor to enrol it:  caseledger key prove " + file + " --origin ORIGIN > proof.json");
    return {};
}

Attempt<> make(const Desk& desk, const std::string& file) {
    TRY(ledger::SigningKey::generate().save(file));
    return show(desk, file, true);
}

// Each step of an enrolment is an event of its own; the words are the name.
class Enrolment {
  public:
    Enrolment(const Desk& desk, Calls& calls, Trust& trust, const EnrolChoice& choice)
        : desk_(desk), calls_(calls), trust_(trust), choice_(choice) {}

    Attempt<> record(const char* type, json::object fact, std::vector<ledger::Word> words = {}) {
        Statement statement;
        statement.fields = {{"fact", {{type, std::move(fact)}}}};
        statement.words = std::move(words);
        statement.played_at = choice_.played_at;
        // What was granted on a played ledger happened when it is played as recorded.
        if (!choice_.played_at.empty()) statement.fields["occurred"] = {{"at", choice_.played_at}};
        auto ready = prepare(calls_, trust_, std::move(statement));
        if (!ready) return tl::unexpected(ready.error());
        auto filed = file(calls_, trust_, *ready);
        if (!filed) return tl::unexpected(filed.error());
        desk_.say(fmt::format("entry {}: {}", filed->position, type));
        return {};
    }

  private:
    const Desk& desk_;
    Calls& calls_;
    Trust& trust_;
    const EnrolChoice& choice_;
};

Attempt<> record_all(Enrolment& enrolment, const EnrolChoice& choice, const Possession& held, bool enrolled) {
    auto& person = held.person;
    auto id = person.hex();
    if (choice.person.empty())
        TRY(enrolment.record(
            "personRegistered", {{"person", id}},
            {word_about(schema::SubjectId::of(schema::as_bytes(person.view())), "name", choice.name)}));
    if (!enrolled) {
        auto fact = held.to_json();
        fact["custody"] = choice.custody;
        TRY(enrolment.record("keyEnrolled", std::move(fact)));
    }
    for (auto& role : choice.roles) {
        auto at = role.find('@');
        json::object fact{{"person", id}, {"role", role.substr(0, at)}, {"from", choice.from}};
        if (at != role.npos) fact["team"] = role.substr(at + 1);
        TRY(enrolment.record("roleGranted", std::move(fact)));
    }
    if (choice.hundredths)
        TRY(enrolment.record("fteSet", {{"person", id}, {"hundredths", choice.hundredths}, {"from", choice.from}}));
    return {};
}

// Whose the key is already; empty when it is not enrolled.
Attempt<std::string> owner_of(Calls& calls, const schema::KeyId& key) {
    auto directory = calls.get("/v1/directory");
    if (!directory) return tl::unexpected(directory.error());
    for (auto& known : directory->at("people").as_array())
        if (auto* keys = known.as_object().if_contains("keys"))
            for (auto& held : keys->as_array())
                if (std::string_view(held.at("key").as_string()) == key.hex())
                    return std::string(known.at("person").as_string());
    return std::string();
}

Attempt<> enrol(const Desk& desk, EnrolChoice choice) {
    if (choice.person.empty() && choice.name.empty())
        return usage("--name is needed, or --person of somebody who is registered");
    if (!choice.person.empty() && !schema::PersonId::from_hex(choice.person))
        return usage("--person must be an id of 32 hexadecimal digits");
    auto in = sign_in(desk);
    if (!in) return tl::unexpected(in.error());
    if (choice.from.empty()) {
        auto ledger = in->calls.get("/v1/ledger");
        if (!ledger) return tl::unexpected(ledger.error());
        auto now = in->facts.played_clock
                       ? schema::parse_time(choice.played_at.empty() ? std::string(ledger->at("recorded").as_string())
                                                                     : choice.played_at)
                       : server::wall_time();
        if (!now) return usage("--played-at must be a time such as 2018-05-22T09:00");
        choice.from = schema::iso(schema::london_day(*now));
    }
    std::optional<schema::PersonId> person;
    if (!choice.person.empty()) person = schema::PersonId::from_hex(choice.person);
    auto held = possession_in(choice.file, in->facts.origin, person);
    if (!held) return tl::unexpected(held.error());
    auto owner = owner_of(in->calls, ledger::key_id(held->key));
    if (!owner) return tl::unexpected(owner.error());
    if (!owner->empty() && *owner != choice.person) {
        Failure failure(Exit::conflict, "the key is enrolled already, for " + *owner);
        failure.advice = "To grant that person more roles: --person " + *owner;
        return tl::unexpected(failure);
    }
    Enrolment enrolment(desk, in->calls, in->trust, choice);
    if (auto done = record_all(enrolment, choice, *held, !owner->empty()); !done) {
        auto failure = done.error();
        failure.advice += "What is listed above was recorded. To go on from there: --person " + held->person.hex();
        return tl::unexpected(failure);
    }
    if (desk.json) {
        auto told = key_json(held->key, choice.file);
        told["person"] = held->person.hex();
        desk.put(told);
    } else {
        fmt::print("Enrolled {} as {}.\n", choice.name.empty() ? "the key" : choice.name, held->person.hex());
    }
    return {};
}

Attempt<> prove_it(const std::string& file, const std::string& origin, const std::string& whose) {
    auto key = ledger::SigningKey::load(file);
    if (!key) return tl::unexpected(key.error());
    auto person = ledger::random_id<schema::PersonId>();
    if (!whose.empty()) {
        auto given = schema::PersonId::from_hex(whose);
        if (!given) return usage("--person must be an id of 32 hexadecimal digits");
        person = *given;
    }
    fmt::print("{}\n", json::serialize(prove(*key, person, origin).to_json()));
    return {};
}

}  // namespace

void add_key(CLI::App& app, Desk& desk) {
    auto* key = app.add_subcommand("key", "Make, show and enrol the keys people sign with");
    key->require_subcommand(1);
    add_key_replacements(*key, desk);

    auto made = std::make_shared<std::string>();
    auto* make_it = key->add_subcommand("new", "Make a key file, readable by its owner alone");
    make_it->add_option("FILE", *made, "Where; must not be there yet")->required();
    make_it->footer("Example:\n  caseledger key new manager.key");
    works(*make_it, desk, [&desk, made] { return make(desk, *made); });

    auto known = std::make_shared<std::string>();
    auto* show_it = key->add_subcommand("show", "Show a key file's id and public key");
    show_it->add_option("FILE", *known, "The key file")->required();
    show_it->footer("Example:\n  caseledger key show manager.key --json");
    works(*show_it, desk, [&desk, known] { return show(desk, *known, false); });

    auto proof = std::make_shared<std::array<std::string, 3>>();  // file, origin, person
    auto* prove_one =
        key->add_subcommand("prove", "Show that you hold a key, for the governor to enrol; print it as JSON");
    prove_one->add_option("FILE", (*proof)[0], "Your key file; it stays with you")->required();
    prove_one->add_option("--origin", (*proof)[1], "The ledger it is for; another takes no such proof")
        ->required()
        ->type_name("ORIGIN");
    prove_one->add_option("--person", (*proof)[2], "Your id, where you are registered already [a new one]")
        ->type_name("ID");
    prove_one->footer(
        "Example:\n  caseledger key prove worker.key --origin ledger.eastmere.example/early-help > proof.json");
    works(*prove_one, desk, [proof] { return prove_it((*proof)[0], (*proof)[1], (*proof)[2]); });

    auto choice = std::make_shared<EnrolChoice>();
    auto* enrol_it = key->add_subcommand("enrol", "Register a person with their key and roles; the governor signs");
    enrol_it->add_option("FILE", choice->file, "The new person's proof (key prove), or their key file")->required();
    enrol_it->add_option("--name", choice->name, "Their name; a word, sealed like every other")->type_name("NAME");
    enrol_it->add_option("--role", choice->roles, "A role they get, in the service or in a team; again for each")
        ->type_name("ROLE[@TEAM]")
        ->delimiter(',');
    enrol_it->add_option("--from", choice->from, "First day of the roles [today]")->type_name("DAY");
    enrol_it->add_option("--fte", choice->hundredths, "Working time in hundredths: 60 is three days a week")
        ->type_name("N")
        ->check(CLI::Range(1, 100));
    enrol_it->add_option("--custody", choice->custody, "How the key is kept: software, device or service")
        ->type_name("WORD")
        ->check(CLI::IsMember({"software", "device", "service"}));
    enrol_it->add_option("--person", choice->person, "Somebody who is registered: only the key and roles are added")
        ->type_name("ID");
    enrol_it->add_option("--played-at", choice->played_at, "Played ledgers: the time of recording")->type_name("TIME");
    reaches_server(*enrol_it, desk);
    enrol_it->footer(
        R"(--key is the governor's key here. Best the new person's never leaves them: they make FILE with "key prove".

Examples:
  caseledger key enrol manager.key --name "T. Manager" --role duty-manager --data ledger --key governor.key
  caseledger key enrol proof.json --name "K. Worker" --role family-key-worker@north --fte 60 --from 2018-06-01)");
    works(*enrol_it, desk, [&desk, choice] { return enrol(desk, *choice); });
}

}  // namespace tools
