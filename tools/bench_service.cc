#include "tools/bench_service.h"

#include <capnp/serialize.h>

#include "ledger/words_json.h"
#include "schema/json.h"
#include "server/tls.h"
#include "server/wall_clock.h"
#include "tools/founding.h"
#include "tools/recorder.h"

namespace tools {
namespace {

namespace json = boost::json;
using schema::as_bytes;

constexpr const char* origin = "ledger.eastmere.example/bench";
constexpr unsigned case_count = 64;

// A note of ordinary length, invented.
constexpr const char* note =
    "Visited at home as arranged. Everyone was in and had eaten. We went through the week's plan together; the morning "
    "routine has held on four days of five. Agreed what each of us does until next time and when that will be.";

}  // namespace

Attempt<std::unique_ptr<BenchService>> BenchService::open(const std::string& folder) {
    std::unique_ptr<BenchService> service(new BenchService(folder));
    auto governor = ledger::SigningKey::generate();
    auto founded =
        found({folder, "Eastmere Council", origin, "BEX-2018", "A. Governor", false, server::wall_time()}, governor);
    if (!founded) return tl::unexpected(founded.error());
    auto opened = ledger::Ledger::open(folder);
    if (!opened) return tl::unexpected(Failure(opened.error()));
    service->ledger_ = *std::move(opened);
    auto sequencer = commands::Sequencer::start(*service->ledger_, server::wall_time);
    if (!sequencer) return tl::unexpected(Failure(sequencer.error()));
    service->sequencer_ = *std::move(sequencer);
    if (auto made = service->furnish(governor, founded->governor); !made) return tl::unexpected(made.error());
    if (auto views = service->open_views(); !views) return tl::unexpected(Failure(views.error()));

    server::Options options;
    options.port = 0;
    options.certificate = server::certificate_file(folder);
    options.key = server::key_file(folder);
    options.log = false;
    service->server_ =
        std::make_unique<server::Server>(*service->ledger_, *service->sequencer_, *service->views_, std::move(options));
    if (auto started = service->server_->start(); !started) return tl::unexpected(Failure(started.error()));
    return service;
}

BenchService::~BenchService() {
    server_.reset();
    views_.reset();
    sequencer_.reset();
    ledger_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

schema::Result<void> BenchService::open_views() {
    auto opened = projections::Projections::open(*ledger_, folder_ + "/views", server::wall_time);
    if (!opened) return tl::unexpected(opened.error());
    views_ = *std::move(opened);
    return {};
}

Attempt<void> BenchService::furnish(const ledger::SigningKey& governor, const schema::PersonId& governor_id) {
    Recorder recorder(*ledger_, *sequencer_);
    Signer by{governor_id, governor, "data-governor", ""};
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    auto possession = worker_key_.sign(ledger::key_context, as_bytes(ledger::possession_message(origin, worker_)));
    json::array facts{
        json::object{{"personRegistered", {{"person", worker_.hex()}}}},
        json::object{{"keyEnrolled",
                      {{"person", worker_.hex()},
                       {"publicKey", worker_key_.public_key().hex()},
                       {"proofOfPossession", possession.hex()}}}},
        json::object{{"roleGranted", {{"person", worker_.hex()}, {"role", "team-manager"}, {"from", "2018-05-22"}}}},
        json::object{
            {"roleGranted", {{"person", worker_.hex()}, {"role", "mash-practitioner"}, {"from", "2018-05-22"}}}}};
    for (auto& fact : facts)
        if (auto done = recorder.record(by, directory, {{"fact", fact}}, {}, server::wall_time()); !done)
            return tl::unexpected(done.error());
    Signer worker{worker_, worker_key_, "mash-practitioner", ""};
    for (unsigned i = 0; i < case_count; ++i) {
        cases_.push_back(ledger::random_id<schema::StreamId>());
        json::object contact{{"channel", "telephone"}, {"referrer", "parent"}, {"children", json::array{child_.hex()}}};
        auto done = recorder.record(worker, cases_.back(), {{"fact", {{"contactReceived", contact}}}},
                                    {word_about(child_, "request", "Help with mornings.")}, server::wall_time());
        if (!done) return tl::unexpected(done.error());
    }
    return {};
}

std::vector<PreparedEvent> BenchService::prepare(unsigned cases, uint64_t count) {
    std::vector<PreparedEvent> prepared;
    std::vector<ledger::StreamHead> heads;
    for (unsigned i = 0; i < cases; ++i) heads.push_back(*ledger_->published_head(cases_[i % case_count]));
    auto book = ledger_->published();
    for (uint64_t n = 0; n < std::max<uint64_t>(count, 1); ++n) {
        auto i = static_cast<unsigned>(n % cases);
        ledger::DraftContext context{
            origin,   worker_,         worker_key_.id(), "team-manager",     "", cases_[i % case_count],
            heads[i], book->head.size, book->head.root,  server::wall_time()};
        json::object fact{{"caseNoteAdded", {{"note", "observation"}, {"children", json::array{child_.hex()}}}}};
        auto draft = ledger::draft(context, {{"fact", fact}}, {word_about(child_, "note", note)});
        ASSERT(draft);
        PreparedEvent event{
            draft->event, worker_key_.sign(ledger::event_context, as_bytes(draft->event)), draft->words, {}};
        event.json = json::serialize(json::object{{"event", schema::to_base64(as_bytes(event.event))},
                                                  {"signatures", json::array{event.signature.hex()}},
                                                  {"words", ledger::words_to_json(event.words)}});
        prepared.push_back(std::move(event));
    }
    return prepared;
}

Attempt<std::vector<server::Client>> BenchService::connect(unsigned count) {
    std::vector<server::Client> clients;
    auto url = "https://127.0.0.1:" + std::to_string(server_->port());
    for (unsigned i = 0; i < count; ++i) {
        auto client = server::Client::connect(url, server::certificate_file(folder_));
        if (!client) return tl::unexpected(Failure(client.error()));
        // A person has few sessions and a session few requests under way, so eight connections share one.
        if (i % 8 == 0) {
            if (auto in = client->sign_in(worker_key_); !in) return tl::unexpected(Failure(in.error()));
        } else {
            client->share_session(clients[i - i % 8]);
        }
        clients.push_back(*std::move(client));
    }
    return clients;
}

bool BenchService::send(server::Client& client, const PreparedEvent& event) {
    auto reply = client.post("/v1/events", event.json);
    return reply && reply->status == 201;
}

bool BenchService::send_many(server::Client& client, std::span<const PreparedEvent> events) {
    capnp::MallocMessageBuilder message;
    auto list = message.initRoot<schema::Submissions>().initSubmissions(static_cast<unsigned>(events.size()));
    for (uint32_t i = 0; i < events.size(); ++i) {
        list[i].setEvent(schema::data_of(as_bytes(events[i].event)));
        list[i].initSignatures(1).set(0, schema::data_of(as_bytes(events[i].signature.view())));
        auto words = list[i].initWords(static_cast<unsigned>(events[i].words.size()));
        for (uint32_t j = 0; j < events[i].words.size(); ++j) {
            auto& word = events[i].words[j];
            words[j].setHeading(word.heading);
            words[j].initSubjects(1).set(0, schema::data_of(as_bytes(word.subjects[0].view())));
            words[j].setSalt(schema::data_of(as_bytes(word.salt)));
            words[j].setContent(schema::data_of(as_bytes(word.content)));
        }
    }
    auto flat = capnp::messageToFlatArray(message);
    auto bytes = flat.asBytes();
    auto reply = client.post("/v1/events", std::string(bytes.begin(), bytes.end()), "application/x-capnp");
    return reply && reply->status < 300;
}

schema::Result<void> BenchService::stop_serving() { return server_->stop(); }

schema::Result<void> BenchService::rebuild_views() {
    views_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_ + "/views", ignored);
    TRY(open_views());
    views_->wait(ledger_->published()->head.size - 1, std::chrono::minutes(10));
    return {};
}

}  // namespace tools
