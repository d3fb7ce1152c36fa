#include "server/house.h"

#include <stdlib.h>

#include <filesystem>
#include <future>

#include "schema/json.h"
#include "schema/packs/bex_2018.capnp.h"
#include "schema/packs/england_and_wales.capnp.h"
#include "server/tls.h"

namespace test {
namespace {

const auto directory = schema::reserved_stream(schema::directory_stream_number);
const auto practice = schema::reserved_stream(schema::practice_stream_number);
const schema::Time opened = *schema::parse_time("2018-05-24T09:00:00+01:00");

std::string temp_folder() {
    std::string pattern =
        std::string(std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp") + "/caseledger-server-XXXXXX";
    return mkdtemp(pattern.data());
}

}  // namespace

House::House(server::Options options) : folder_(temp_folder()) {
    ledger_ = ledger::Ledger::create(folder_ + "/ledger", origin).value();
    sequencer_ = commands::Sequencer::start(*ledger_, [] { return opened; }).value();
    views_ = projections::Projections::open(*ledger_, ledger_->folder(), [] { return opened; }).value();
    EXPECT_TRUE(server::make_certificate(ledger_->folder()));

    governor.id = ledger::random_id<schema::PersonId>();
    governor.role = "data-governor";
    auto genesis = possession(governor);
    genesis.erase("person");
    genesis.erase("custody");
    genesis["authority"] = "Eastmere Council";
    genesis["playedClock"] = true;
    genesis["checkpointKey"] = ledger_->checkpoint_key().hex();
    genesis["governor"] = governor.id.hex();
    record(governor, directory, {{"ledgerOpened", genesis}});
    record(governor, practice, {{"calendarIssued", schema::to_json(schema::packs::ENGLAND_AND_WALES.get())}});
    record(governor, practice, {{"practiceAdopted", schema::to_json(schema::packs::BEX2018.get())}});
    for (auto team : {"north", "south"})
        record(governor, directory, {{"teamFormed", {{"team", team}, {"kind", "team"}, {"name", team}}}});
    mo = hire("M. Front", "mash-practitioner", "");
    dee = hire("D. Duty", "duty-manager", "");
    tess = hire("T. Manager", "team-manager", "north");
    kit = hire("K. Worker", "family-key-worker", "north");
    sam = hire("S. Worker", "family-key-worker", "south");
    gil = hire("G. Office", "business-support", "");
    sue = hire("S. Service", "service-manager", "");
    open_case(ash, "north", kit);
    open_case(elm, "south", sam);
    record(mo, oak.stream,
           {{"contactReceived",
             {{"channel", "telephone"},
              {"referrer", "school"},
              {"children", json::array{json::string(oak.child.hex())}}}}});
    catch_up();

    options.port = 0;
    options.certificate = server::certificate_file(ledger_->folder());
    options.key = server::key_file(ledger_->folder());
    options.log = false;
    options.clock = [this] { return schema::time_of(wall_); };
    server_ = std::make_unique<server::Server>(*ledger_, *sequencer_, *views_, options);
    auto started = server_->start();
    EXPECT_TRUE(started) << (started ? "" : started.error().text());
}

House::~House() {
    server_.reset();
    views_.reset();
    sequencer_.reset();
    ledger_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

json::object House::possession(const Person& person) const {
    auto proof = person.key.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(origin, person.id)));
    return {{"person", person.id.hex()},
            {"publicKey", person.key.public_key().hex()},
            {"proofOfPossession", proof.hex()},
            {"custody", "software"}};
}

Person House::hire(const std::string& name, const std::string& role, const std::string& team) {
    Person person;
    person.id = ledger::random_id<schema::PersonId>();
    person.role = role;
    person.team = team;
    // The name is a word about the person themselves.
    auto head = *ledger_->published_head(directory);
    auto book = ledger_->published();
    ledger::DraftContext context{origin,    governor.id, governor.key.id(), "data-governor", "",
                                 directory, head,        book->head.size,   book->head.root, opened};
    ledger::Word word{
        "name", {schema::SubjectId::of(schema::as_bytes(person.id.view()))}, ledger::random_bytes(32), name, ""};
    auto made =
        ledger::draft(context, {{"fact", {{"personRegistered", {{"person", person.id.hex()}}}}}}, {word}).value();
    auto received =
        commands::receive(*ledger_, *sequencer_->known(), schema::as_bytes(made.event),
                          {governor.key.sign(ledger::event_context, schema::as_bytes(made.event))}, made.words, opened);
    std::promise<void> done;
    EXPECT_TRUE(sequencer_->submit(std::get<commands::Submission>(std::move(received)),
                                   [&](commands::Outcome) { done.set_value(); }));
    done.get_future().wait();
    record(governor, directory, {{"keyEnrolled", possession(person)}});
    json::object granted{{"person", person.id.hex()}, {"role", role}, {"from", "2018-01-01"}};
    if (!team.empty()) granted["team"] = team;
    record(governor, directory, {{"roleGranted", granted}});
    return person;
}

void House::open_case(Family& family, const std::string& team, const Person& worker) {
    json::array children{json::string(family.child.hex())};
    auto& stream = family.stream;
    auto id_of = [&](const commands::Accepted& accepted) { return accepted.entry.id().hex(); };
    auto contact = id_of(record(
        mo, stream, {{"contactReceived", {{"channel", "telephone"}, {"referrer", "school"}, {"children", children}}}}));
    record(mo, stream, {{"mashDecided", {{"contact", contact}, {"option", "accept"}}}});
    record(mo, stream, {{"contactRouted", {{"contact", contact}}}});
    record(mo, stream, {{"consentRecorded", {{"scope", "referral"}, {"form", "written"}}}});
    record(dee, stream, {{"secondCheckRecorded", {{"contact", contact}, {"option", "accept"}, {"consentSeen", true}}}});
    record(dee, stream,
           {{"referralAccepted",
             {{"contact", contact}, {"factors", json::array{"parental-mental-health"}}, {"level", "targeted"}}}});
    auto episode = record(dee, stream, {{"episodeOpened", {{"contact", contact}, {"team", team}}}});
    family.episode = episode.entry.id();
    record(dee, stream,
           {{"allocated", {{"episode", family.episode.hex()}, {"worker", worker.id.hex()}, {"scaling", 5}}}});
    record(worker, stream, note());
}

ledger::Draft House::draft(const Person& person, const schema::StreamId& stream, json::object fact) {
    auto head = ledger_->published_head(stream).value();
    auto book = ledger_->published();
    auto now = book->head.size ? book->recorded + std::chrono::minutes{1} : opened;
    ledger::DraftContext context{origin, person.id, person.key.id(), person.role,     person.team,
                                 stream, head,      book->head.size, book->head.root, now};
    std::vector<ledger::Word> words;
    std::string type = fact.begin()->key();
    KJ_IF_MAYBE (field, capnp::Schema::from<schema::Fact>().findFieldByName(type.c_str())) {
        auto about = stream == elm.stream ? elm.child : stream == oak.stream ? oak.child : ash.child;
        for (auto& heading : schema::marks_of(field->getType().asStruct()).words)
            words.push_back({heading, {about}, ledger::random_bytes(32), "What was written.", ""});
    }
    auto made = ledger::draft(context, {{"fact", std::move(fact)}}, std::move(words));
    EXPECT_TRUE(made) << (made ? "" : made.error().text());
    return *made;
}

commands::Outcome House::try_record(const Person& person, const schema::StreamId& stream, json::object fact) {
    auto at = ledger_->published()->head.size ? ledger_->published()->recorded + std::chrono::minutes{1} : opened;
    auto made = draft(person, stream, std::move(fact));
    auto received =
        commands::receive(*ledger_, *sequencer_->known(), schema::as_bytes(made.event),
                          {person.key.sign(ledger::event_context, schema::as_bytes(made.event))}, made.words, at);
    if (auto* refused = std::get_if<commands::Refused>(&received)) return *refused;
    if (auto* error = std::get_if<schema::Error>(&received)) return *error;
    std::promise<commands::Outcome> answer;
    auto queued = sequencer_->submit(std::get<commands::Submission>(std::move(received)),
                                     [&](commands::Outcome outcome) { answer.set_value(std::move(outcome)); });
    if (!queued) return queued.error();
    return answer.get_future().get();
}

commands::Accepted House::record(const Person& person, const schema::StreamId& stream, json::object fact) {
    auto what = text(fact).substr(0, 200);
    auto outcome = try_record(person, stream, std::move(fact));
    if (auto* refused = std::get_if<commands::Refused>(&outcome)) ADD_FAILURE() << what << ": " << refused->text();
    if (auto* error = std::get_if<schema::Error>(&outcome)) ADD_FAILURE() << what << ": " << error->text();
    return std::get<commands::Accepted>(std::move(outcome));  // throws, so that the test ends here
}

json::object House::signed_body(const Person& person, const ledger::Draft& draft) {
    auto signature = person.key.sign(ledger::event_context, schema::as_bytes(draft.event));
    json::array words;
    for (auto& word : draft.words)
        words.push_back(json::object{{"heading", word.heading},
                                     {"subjects", json::array{json::string(word.subjects[0].hex())}},
                                     {"salt", schema::to_hex(schema::as_bytes(word.salt))},
                                     {"content", word.content}});
    return {{"event", schema::to_base64(schema::as_bytes(draft.event))},
            {"signatures", json::array{json::string(signature.hex())}},
            {"words", std::move(words)}};
}

void House::catch_up() { EXPECT_TRUE(views_->wait(ledger_->published()->head.size - 1, std::chrono::seconds{20})); }

std::string House::certificate() const { return server::certificate_file(ledger_->folder()); }

server::Client House::stranger() {
    auto client = server::Client::connect(url(), certificate());
    EXPECT_TRUE(client) << (client ? "" : client.error().text());
    return *std::move(client);
}

server::Client House::client(const Person& person) {
    auto made = stranger();
    auto signed_in = made.sign_in(person.key);
    EXPECT_TRUE(signed_in) << (signed_in ? "" : signed_in.error().text());
    return made;
}

House& shared_house() {
    static House house;
    return house;
}

}  // namespace test
