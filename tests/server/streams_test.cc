// Replay and the live stream, and how the service behaves when there is too much of something or it is told to stop.
#include <future>
#include <sstream>
#include <thread>

#include "schema/json.h"
#include "server/house.h"
#include "server/raw.h"

namespace {

using namespace std::chrono_literals;
using test::House;
using test::Raw;
using test::shared_house;
namespace json = boost::json;

std::vector<json::object> lines_of(const std::string& text) {
    std::vector<json::object> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line).as_object());
    return lines;
}

TEST(Replay, IsTheWholeBookForWhoReadsTheService) {
    House house;
    auto client = house.client(house.dee);
    auto answer = client.get("/v1/replay");
    ASSERT_EQ(answer->status, 200);
    EXPECT_EQ(answer->content_type, "application/x-ndjson");
    auto lines = lines_of(answer->body);
    auto size = house.book().published()->head.size;
    ASSERT_EQ(lines.size(), size);
    for (uint64_t position = 0; position < size; ++position) {
        EXPECT_EQ(lines[position].at("position").to_number<uint64_t>(), position);
        auto raw = schema::from_base64(std::string_view(lines[position].at("raw").as_string()), "").value();
        EXPECT_EQ(raw, schema::as_text(house.book().entry(position)->bytes()));
        EXPECT_FALSE(lines[position].contains("words"));
    }
}

TEST(Replay, LeavesOutWhatMayNotBeRead) {
    auto& house = shared_house();
    house.catch_up();
    auto lines = lines_of(house.client(house.sam).get("/v1/replay")->body);
    size_t cases = 0;
    for (auto& line : lines) {
        EXPECT_NE(line.at("stream").as_string(), house.ash.stream.hex());
        EXPECT_NE(line.at("stream").as_string(), house.oak.stream.hex());
        cases += line.at("stream").as_string() == house.elm.stream.hex();
    }
    EXPECT_EQ(cases, house.book().published_head(house.elm.stream)->revision);
}

TEST(Replay, CanBeCutByPlaceTimeStreamAndType) {
    auto& house = shared_house();
    auto client = house.client(house.dee);
    EXPECT_EQ(lines_of(client.get("/v1/replay?from=3&to=7")->body).size(), 4u);
    auto elm = lines_of(client.get("/v1/replay?stream=" + house.elm.stream.hex())->body);
    EXPECT_EQ(elm.size(), house.book().published_head(house.elm.stream)->revision);
    for (auto& line : lines_of(client.get("/v1/replay?type=contactReceived")->body))
        EXPECT_EQ(line.at("type").as_string(), "contactReceived");
    auto recorded = house.book().entry(9)->recorded();
    EXPECT_EQ(lines_of(client.get("/v1/replay?as_at=" + schema::iso(recorded))->body).size(), 10u);
    EXPECT_EQ(client.get("/v1/replay?type=nothing")->json().at("field").as_string(), "type");
}

// A live stream over a raw connection.
struct Live {
    Live(House& house, const test::Person& person, const std::string& target, const std::string& more = {})
        : raw(house.port()) {
        auto client = house.stranger();
        auto asked = client.post("/v1/challenge", test::text(json::object{{"key", person.key.id().hex()}}))->json();
        auto challenge = std::string(asked.at("challenge").as_string());
        auto signature = person.key.sign(
            ledger::session_context, schema::as_bytes(std::string(test::origin) + "\n" + *schema::from_hex(challenge)));
        auto opened = client
                          .post("/v1/session", test::text(json::object{{"key", person.key.id().hex()},
                                                                       {"challenge", challenge},
                                                                       {"signature", signature.hex()}}))
                          ->json();
        token = opened.at("token").as_string();
        EXPECT_TRUE(raw.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token +
                             "\r\n" + more + "\r\n"));
    }
    Raw raw;
    std::string token;
};

TEST(Live, SendsWhatIsRecordedAndSaysWhenItHasCaughtUp) {
    House house;
    auto size = house.book().published()->head.size;
    Live live(house, house.dee, "/v1/live?from=" + std::to_string(size - 2));
    auto first = live.raw.read("caught-up");
    EXPECT_NE(first.find("text/event-stream"), first.npos);
    EXPECT_NE(first.find("id: " + std::to_string(size - 2) + "\n"), first.npos) << first;
    EXPECT_NE(first.find("id: " + std::to_string(size - 1) + "\n"), first.npos);
    auto done = house.record(house.kit, house.ash.stream, house.note());
    auto next = live.raw.read("caught-up");
    EXPECT_NE(next.find("id: " + std::to_string(done.entry.position()) + "\nevent: entry\n"), next.npos) << next;
    EXPECT_NE(next.find("\"type\":\"caseNoteAdded\""), next.npos);
}

TEST(Live, ResumesStrictlyAfterTheLastIdAndWithoutWhatMayNotBeRead) {
    House house;
    auto size = house.book().published()->head.size;
    auto ash = house.record(house.kit, house.ash.stream, house.note());
    auto elm = house.record(house.sam, house.elm.stream, house.note());
    house.catch_up();
    Live live(house, house.sam, "/v1/live", "Last-Event-ID: " + std::to_string(size - 1) + "\r\n");
    auto got = live.raw.read("caught-up");
    EXPECT_EQ(got.find("id: " + std::to_string(size - 1) + "\n"), got.npos);
    EXPECT_EQ(got.find("id: " + std::to_string(ash.entry.position()) + "\n"), got.npos);
    EXPECT_NE(got.find("id: " + std::to_string(elm.entry.position()) + "\n"), got.npos) << got;
}

TEST(Live, BeatsWhenThereIsNothingToSay) {
    server::Options options;
    options.limits.heartbeat = 100ms;
    House house(options);
    Live live(house, house.dee, "/v1/live");
    EXPECT_NE(live.raw.read(": heartbeat\n\n").find(": heartbeat"), std::string::npos);
}

TEST(Live, EndsWithItsSession) {
    server::Options options;
    options.limits.heartbeat = 50ms;
    House house(options);
    Live live(house, house.kit, "/v1/live");
    live.raw.read("caught-up");
    house.record(house.governor, schema::reserved_stream(1),
                 {{"keyRevoked", {{"key", house.kit.key.id().hex()}, {"reason", "lost"}}}});
    auto rest = live.raw.read("0\r\n\r\n");
    EXPECT_NE(rest.find("0\r\n\r\n"), rest.npos);
}

TEST(Live, DropsAReaderThatTakesNothing) {
    server::Options options;
    options.limits.part = 300ms;
    options.limits.stop = 3s;
    House house(options);
    // More than the buffers between us hold, and nobody reads.
    Live live(house, house.dee, "/v1/replay");
    auto client = house.client(house.dee);
    for (int i = 0; i < 400; ++i)
        live.raw.send("GET /v1/practice?full=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + live.token +
                      "\r\n\r\n");
    std::this_thread::sleep_for(1500ms);
    // It was dropped: what was under way was cut off, and others are served.
    EXPECT_EQ(client.get("/livez")->status, 200);
    live.raw.read({}, 10s);
    EXPECT_TRUE(live.raw.closed());
}

TEST(Case, IsAnsweredWith304WhileItsRevisionStands) {
    House house;
    Live live(house, house.dee, "/livez");
    live.raw.read("}");
    auto ask = [&](const std::string& etag) {
        live.raw.send("GET /v1/cases/" + house.ash.stream.hex() +
                      " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + live.token + "\r\n" +
                      (etag.empty() ? "" : "If-None-Match: " + etag + "\r\n") + "\r\n");
        return live.raw.read("\r\n\r\n");
    };
    auto first = ask("");
    auto at = first.find("ETag: ") + 6;
    auto etag = first.substr(at, first.find("\r\n", at) - at);
    live.raw.read({}, 300ms);  // the body
    auto same = ask(etag);
    EXPECT_TRUE(same.starts_with("HTTP/1.1 304 ")) << same;
    EXPECT_NE(same.find("ETag: " + etag), same.npos);
    house.record(house.kit, house.ash.stream, house.note());
    house.catch_up();
    EXPECT_TRUE(ask(etag).starts_with("HTTP/1.1 200 "));
}

// ---- too much ----

TEST(Limits, TurnsAwayWhoComesWhenItIsFull) {
    server::Options options;
    options.limits.connections = 2;
    House house(options);
    Raw one(house.port()), two(house.port());
    ASSERT_TRUE(one.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    EXPECT_NE(one.read("}").find("200"), std::string::npos);
    Raw three(house.port());
    auto answer = three.read();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    EXPECT_NE(answer.find("problems/full"), answer.npos);
    EXPECT_NE(answer.find("Retry-After: "), answer.npos);
    EXPECT_TRUE(three.closed());
}

TEST(Limits, AllowsASessionSoManyRequestsAtOnce) {
    server::Options options;
    options.limits.in_flight_per_session = 1;
    House house(options);
    Live live(house, house.dee, "/v1/live");
    live.raw.read("caught-up");
    Raw other(house.port());
    other.send("GET /v1/cases HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + live.token + "\r\n\r\n");
    EXPECT_TRUE(other.read("}").starts_with("HTTP/1.1 429 "));
}

TEST(Limits, HangsUpOnWhoSendsNothing) {
    server::Options options;
    options.limits.idle = 100ms;
    options.limits.header = 100ms;
    options.limits.handshake = 200ms;
    House house(options);
    Raw silent(house.port()), slow(house.port());
    slow.send("GET /livez HTTP/1.1\r\n");
    EXPECT_EQ(silent.read({}, 5s), "");
    EXPECT_TRUE(silent.closed());
    EXPECT_EQ(slow.read({}, 5s), "");
    EXPECT_TRUE(slow.closed());
}

TEST(Limits, ServesManyAtOnce) {
    House house;
    std::vector<std::thread> threads;
    std::atomic<int> recorded{0};
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            auto client = house.client(house.kit);
            for (int i = 0; i < 10; ++i) {
                auto made = house.draft(house.kit, house.ash.stream, house.note());
                auto answer = client.post("/v1/events", test::text(House::signed_body(house.kit, made)));
                recorded += answer && answer->status == 201;
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(recorded, 80);
}

// ---- stopping ----

TEST(Stopping, EndsLiveStreamsAndIdleConnectionsAndReturns) {
    House house;
    Live live(house, house.dee, "/v1/live");
    live.raw.read("caught-up");
    auto idle = house.client(house.dee);
    auto began = std::chrono::steady_clock::now();
    auto stopped = house.service().stop();
    EXPECT_TRUE(stopped) << (stopped ? "" : stopped.error().text());
    EXPECT_LT(std::chrono::steady_clock::now() - began, 8s);
    EXPECT_NE(live.raw.read().find("0\r\n\r\n"), std::string::npos);
    EXPECT_TRUE(live.raw.closed());
    EXPECT_FALSE(idle.get("/livez"));
}

TEST(Stopping, FinishesWhatIsUnderWay) {
    House house;
    std::vector<std::future<int>> answers;
    std::vector<server::Client> clients;
    for (int i = 0; i < 4; ++i) clients.push_back(house.client(house.kit));
    for (auto& client : clients)
        answers.push_back(std::async(std::launch::async, [&house, &client] {
            auto made = house.draft(house.kit, house.ash.stream, house.note());
            auto answer = client.post("/v1/events", test::text(House::signed_body(house.kit, made)));
            return answer ? answer->status : 0;
        }));
    auto before = house.book().published()->head.size;
    EXPECT_TRUE(house.service().stop());
    size_t good = 0;
    for (auto& answer : answers) {
        int status = answer.get();
        EXPECT_TRUE(status == 201 || status == 503 || status == 0) << status;
        good += status == 201;
    }
    EXPECT_GE(house.book().published()->head.size, before);
    EXPECT_LE(good, 4u);
}

// Clients who ask for much and read nothing hold their answers up until the server stops waiting for them.
TEST(Stopping, CutsOffThoseWhoDoNotReadAndLeavesNothingBehind) {
    server::Options options;
    options.limits.stop = 200ms;
    auto house = std::make_unique<House>(options);
    std::vector<std::unique_ptr<Raw>> silent;
    std::string asks;
    for (int i = 0; i < 20'000; ++i) asks += "GET /v1/ledger HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (int i = 0; i < 8; ++i) {
        silent.push_back(std::make_unique<Raw>(house->port()));
        silent.back()->send(asks);
    }
    EXPECT_FALSE(house->service().stop());
    house.reset();  // an address sanitizer sees what was still in use
}

TEST(Stopping, WaitsForWhatTheLedgerWasAskedBeforeItGoes) {
    server::Options options;
    options.limits.stop = 0ms;
    auto house = std::make_unique<House>(options);
    auto client = house->client(house->kit);
    std::vector<std::future<void>> asked;
    std::vector<server::Client> clients;
    std::vector<std::string> bodies;
    for (int i = 0; i < 6; ++i) {
        clients.push_back(house->client(house->kit));
        bodies.push_back(
            test::text(House::signed_body(house->kit, house->draft(house->kit, house->ash.stream, house->note()))));
    }
    for (int i = 0; i < 6; ++i)
        asked.push_back(std::async(std::launch::async, [&, i] { (void)clients[i].post("/v1/events", bodies[i]); }));
    std::this_thread::sleep_for(3ms);
    (void)house->service().stop();
    house.reset();
    for (auto& each : asked) each.get();
}

TEST(Requests, HeadIsAnsweredWithoutABody) {
    auto& house = shared_house();
    Raw raw(house.port());
    raw.send("HEAD /v1/ledger HTTP/1.1\r\nHost: localhost\r\n\r\n");
    auto answer = raw.read();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 405")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
    EXPECT_TRUE(raw.closed());
}

TEST(Stopping, IsSaidByReadyzBeforeAndByTheAddressAfter) {
    House house;
    auto client = house.stranger();
    EXPECT_EQ(client.get("/readyz")->json().at("ready").as_bool(), true);
    EXPECT_TRUE(house.service().stop());
    EXPECT_FALSE(Raw(house.port()).connected());
    EXPECT_TRUE(house.service().stop());  // again is harmless
}

TEST(Client, TrustsThatServiceAlone) {
    House house;
    auto wrong = server::Client::connect("http://127.0.0.1:1", house.certificate());
    EXPECT_EQ(wrong.error().fault, schema::Fault::malformed);
    EXPECT_EQ(server::Client::connect("https://127.0.0.1:1", house.certificate()).error().fault, schema::Fault::io);
    // Another house's certificate is not this one's.
    EXPECT_FALSE(server::Client::connect(house.url(), shared_house().certificate()));
}

}  // namespace
