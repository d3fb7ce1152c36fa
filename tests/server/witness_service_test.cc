// A witness over HTTPS: the statuses of c2sp.org/tlog-witness, and nothing that a stranger sends makes it fall over.
#include "server/witness_service.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "ledger/grown_log.h"
#include "ledger/small_book.h"
#include "server/client.h"
#include "server/neighbour.h"
#include "server/raw.h"

namespace {

using test::GrownLog;
using test::Neighbour;
using test::TempFolder;

server::Client client_of(const Neighbour& witness) {
    return server::Client::connect(witness.url(), witness.certificate()).value();
}
server::Response post(server::Client& client, const ledger::AddCheckpoint& request) {
    auto answer = client.post("/add-checkpoint", request.body(), "text/plain");
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
    return answer ? *answer : server::Response{};
}

TEST(WitnessService, AnswersOverOneConnectionAsTheSpecificationSays) {
    TempFolder folder;
    GrownLog log(30);
    Neighbour witness(folder.path(), "w1.example", {log.verifier()});
    auto client = client_of(witness);
    auto first = log.request(0, 10);
    auto good = post(client, first);
    ASSERT_EQ(good.status, 200);
    auto note = ledger::parse_note(first.note + good.body);
    ASSERT_TRUE(note);
    EXPECT_TRUE(ledger::cosigned_by(*note, witness.identity()).value());

    auto behind = post(client, log.request(0, 20));
    EXPECT_EQ(behind.status, 409);
    EXPECT_EQ(behind.content_type, "text/x.tlog.size");
    EXPECT_EQ(behind.body, "10\n");
    EXPECT_EQ(post(client, log.fork(3).request(10, 10)).status, 409);
    EXPECT_EQ(post(client, log.fork(3).request(10, 20)).status, 422);
    auto other = log;
    other.origin = "other.example";
    EXPECT_EQ(post(client, other.request(10, 20)).status, 404);
    other = log;
    other.key = ledger::SigningKey::generate();
    EXPECT_EQ(post(client, other.request(10, 20)).status, 403);
    EXPECT_EQ(client.post("/add-checkpoint", "what is this\n", "text/plain")->status, 400);
    EXPECT_EQ(client.post("/add-checkpoint", "", "text/plain")->status, 400);
    EXPECT_EQ(client.post("/else", "old 0\n", "text/plain")->status, 404);
    EXPECT_EQ(client.get("/add-checkpoint")->status, 405);
    EXPECT_EQ(client.get("/livez")->status, 200);
    EXPECT_EQ(post(client, log.request(10, 30)).status, 200);
}

TEST(WitnessService, LetsOneOfManyConnectionsThrough) {
    TempFolder folder;
    GrownLog log(40);
    Neighbour witness(folder.path(), "w1.example", {log.verifier()});
    for (uint64_t size = 1; size <= 12; ++size) {
        std::vector<GrownLog> shown(4, log);
        for (size_t n = 1; n < shown.size(); ++n) shown[n].leaves[size - 1] = log.leaves[n + 12];
        std::vector<std::thread> racers;
        std::vector<int> status(shown.size());
        for (size_t n = 0; n < shown.size(); ++n)
            racers.emplace_back([&, n] {
                auto client = client_of(witness);
                status[n] = post(client, shown[n].request(size - 1, size)).status;
            });
        for (auto& racer : racers) racer.join();
        ASSERT_EQ(std::count(status.begin(), status.end(), 200), 1) << size;
        ASSERT_EQ(std::count(status.begin(), status.end(), 409), 3) << size;
        log = shown[static_cast<size_t>(std::find(status.begin(), status.end(), 200) - status.begin())];
    }
}

TEST(WitnessService, RefusesWhatTwoReadersMightReadDifferentlyAndWhatIsTooLarge) {
    TempFolder folder;
    Neighbour witness(folder.path(), "w1.example", {GrownLog().verifier()});
    auto status = [&](const std::string& bytes) {
        test::Raw raw(witness.port());
        raw.send(bytes);
        return raw.read("\r\n\r\n").substr(0, 12);
    };
    const std::string line = "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n";
    EXPECT_EQ(status(line + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "HTTP/1.1 400");
    EXPECT_EQ(status(line + "\r\n"), "HTTP/1.1 400") << "no length";
    EXPECT_EQ(status(line + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nold 0\n"), "HTTP/1.1 400");
    EXPECT_EQ(status(line + "Content-Length: 9000000\r\n\r\n"), "HTTP/1.1 413");
    EXPECT_EQ(status("POST /add-checkpoint HTTP/1.1\r\n" + std::string(9000, 'x')), "HTTP/1.1 400");
    EXPECT_EQ(status(std::string(9000, '\0')), "HTTP/1.1 400");
    EXPECT_EQ(status(line + "Content-Length: 6\r\nExpect: 100-continue\r\n\r\n"), "HTTP/1.1 100");
}

TEST(WitnessService, SpeaksPlainHttpOnThisMachineAlone) {
    TempFolder folder;
    GrownLog log(9);
    auto key = ledger::SigningKey::generate();
    ASSERT_TRUE(ledger::WitnessStore::create(folder.path(), ledger::witness_identity("w.example", key).text()));
    auto witness = ledger::Witness::open(folder.path(), "w.example", key, {log.verifier()}).value();
    server::WallClock clock;
    server::WitnessOptions options;
    options.port = 0;
    options.log = false;
    options.address = "0.0.0.0";
    EXPECT_FALSE(server::WitnessService(*witness, clock, options).start());
    options.address = "127.0.0.1";
    server::WitnessService service(*witness, clock, options);
    ASSERT_TRUE(service.start());
    auto client = server::Client::prepare("http://127.0.0.1:" + std::to_string(service.port()), {}).value();
    EXPECT_EQ(post(client, log.request(0, 9)).status, 200);
}

TEST(WitnessService, StopsWhileStrangersHoldConnections) {
    TempFolder folder;
    Neighbour witness(folder.path(), "w1.example", {GrownLog().verifier()});
    test::Raw silent(witness.port()), half(witness.port());
    half.send("POST /add-checkpoint HTTP/1.1\r\nHost:");
    auto before = std::chrono::steady_clock::now();
    witness.service().stop();
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{5});
}

}  // namespace
