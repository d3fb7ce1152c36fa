// Who may read what: by today's roles, and what one may not read is not there.
#include <set>
#include "schema/json.h"

#include "server/house.h"

namespace {

using test::House;
using test::shared_house;
namespace json = boost::json;

std::vector<std::string> streams_in(const server::Response& response) {
    std::vector<std::string> streams;
    auto body = response.json();
    for (auto& row : body.at("cases").as_array()) streams.emplace_back(row.at("stream").as_string());
    return streams;
}

TEST(Access, OpensEachCaseToWhomItIsFor) {
    auto& house = shared_house();
    house.catch_up();
    struct Row {
        const test::Person& reader;
        bool ash, elm, oak;
    };
    const Row rows[] = {
        {house.dee, true, true, true},     // service
        {house.tess, true, false, false},  // team: north
        {house.kit, true, false, false},   // own cases
        {house.sam, false, true, false},
        {house.mo, false, false, true},    // front door: until an episode is opened
        {house.gil, false, false, false},  // nothing
        {house.governor, false, false, false},
    };
    for (auto& row : rows) {
        auto client = house.client(row.reader);
        std::vector<std::string> listed;
        auto check = [&](const test::Family& family, bool may) {
            auto stream = family.stream.hex();
            if (may) listed.push_back(stream);
            int expected = may ? 200 : 404;
            for (auto part : {"", "/chronology", "/chronology?words=1", "/timeliness"})
                EXPECT_EQ(client.get("/v1/cases/" + stream + part)->status, expected) << row.reader.role << part;
            EXPECT_EQ(client.get("/v1/replay?stream=" + stream)->status, expected) << row.reader.role;
        };
        check(house.ash, row.ash);
        check(house.elm, row.elm);
        check(house.oak, row.oak);
        auto list = client.get("/v1/cases");
        ASSERT_EQ(list->status, 200) << list->body;
        auto got = streams_in(*list);
        std::sort(listed.begin(), listed.end());
        std::sort(got.begin(), got.end());
        EXPECT_EQ(got, listed) << row.reader.role;
    }
}

TEST(Access, AnswersForAHiddenCaseAsForNone) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    auto hidden = client.get("/v1/cases/" + house.elm.stream.hex());
    auto none = client.get("/v1/cases/" + ledger::random_id<schema::StreamId>().hex());
    EXPECT_EQ(hidden->status, 404);
    EXPECT_EQ(hidden->body, none->body);
    auto entry = house.book().stream(house.elm.stream, 1, 1)->at(0);
    EXPECT_EQ(client.get("/v1/entries/" + std::to_string(entry.position()))->body, none->body);
    EXPECT_EQ(client.get("/v1/entries/99999999")->body, none->body);
    EXPECT_EQ(client.get("/v1/receipts/" + entry.id().hex())->body, none->body);
    EXPECT_EQ(client.get("/v1/receipts/" + ledger::random_id<schema::EventId>().hex())->body, none->body);
}

TEST(Access, FollowsTheCaseToItsNewWorker) {
    House house;
    auto kit = house.client(house.kit), sam = house.client(house.sam);
    auto target = "/v1/cases/" + house.ash.stream.hex();
    EXPECT_EQ(sam.get(target)->status, 404);
    house.record(house.dee, house.ash.stream,
                 {{"reallocated", {{"episode", house.ash.episode.hex()}, {"worker", house.sam.id.hex()}}}});
    EXPECT_EQ(sam.get(target)->status, 200);
    EXPECT_EQ(kit.get(target)->status, 200);  // held it while it was open
}

TEST(Access, TellsNoClockOfACaseThatMayNotBeRead) {
    House house;
    house.record(house.dee, house.elm.stream,
                 {{"reallocated", {{"episode", house.elm.episode.hex()}, {"worker", house.kit.id.hex()}}}});
    house.catch_up();
    auto target = "/v1/timeliness?limit=1000&worker=" + house.kit.id.hex();
    auto told_of = [&](const test::Person& reader) {
        auto view = house.client(reader).get(target)->json();
        std::set<std::string> streams;
        uint64_t counted = 0;
        for (auto& clock : view.at("clocks").as_array()) streams.insert(std::string(clock.at("stream").as_string()));
        for (auto& each : view.at("counts").as_object())
            if (each.value().is_number() && each.key() != "late") counted += each.value().to_number<uint64_t>();
        return std::pair(streams, counted);
    };
    auto [all, counted] = told_of(house.dee);
    EXPECT_TRUE(all.contains(house.ash.stream.hex()) && all.contains(house.elm.stream.hex()));
    auto [hers, fewer] = told_of(house.tess);  // north; the family Elm is with the south
    EXPECT_TRUE(hers.contains(house.ash.stream.hex()));
    EXPECT_FALSE(hers.contains(house.elm.stream.hex()));
    EXPECT_LT(fewer, counted);
}

TEST(Access, LosesWhatARoleGaveWhenTheRoleEnds) {
    House house;
    auto client = house.client(house.tess);
    auto target = "/v1/cases/" + house.ash.stream.hex();
    EXPECT_EQ(client.get(target)->status, 200);
    auto directory = schema::reserved_stream(1);
    house.record(
        house.governor, directory,
        {{"roleGranted", {{"person", house.tess.id.hex()}, {"role", "business-support"}, {"from", "2018-01-01"}}}});
    EXPECT_EQ(client.get(target)->status, 200);  // the more generous counts
    house.record(
        house.governor, directory,
        {{"roleEnded",
          {{"person", house.tess.id.hex()}, {"role", "team-manager"}, {"team", "north"}, {"on", "2018-05-24"}}}});
    EXPECT_EQ(client.get(target)->status, 404);
}

TEST(Access, ListsTheUnionOfWhatSeveralRolesOpen) {
    House house;
    auto directory = schema::reserved_stream(1);
    auto done = house.record(
        house.governor, directory,
        {{"roleGranted", {{"person", house.kit.id.hex()}, {"role", "mash-practitioner"}, {"from", "2018-01-01"}}}});
    auto client = house.client(house.kit);
    auto list = client.get("/v1/cases?at_least=" + std::to_string(done.entry.position()));
    auto streams = streams_in(*list);
    EXPECT_EQ(streams.size(), 2u);  // Ash, and Oak at the front door
    auto first = client.get("/v1/cases?limit=1");
    EXPECT_EQ(streams_in(*first).size(), 1u);
    ASSERT_FALSE(first->link.empty());
    auto target = first->link.substr(1, first->link.find('>') - 1);
    EXPECT_EQ(streams_in(*client.get(target)).size(), 1u);
}

TEST(Access, CutsTheServicesNumbersToTheReader) {
    auto& house = shared_house();
    house.catch_up();
    auto dee = house.client(house.dee).get("/v1/caseload")->json();
    EXPECT_TRUE(dee.as_object().contains("service"));
    EXPECT_EQ(dee.at("teams").as_array().size(), 2u);
    auto tess = house.client(house.tess).get("/v1/caseload")->json();
    EXPECT_FALSE(tess.as_object().contains("service"));
    ASSERT_EQ(tess.at("teams").as_array().size(), 1u);
    EXPECT_EQ(tess.at("teams").at(0).at("team").as_string(), "north");
    for (auto& worker : tess.at("workers").as_array()) EXPECT_NE(worker.at("person").as_string(), house.sam.id.hex());
    auto kit = house.client(house.kit).get("/v1/caseload")->json();
    ASSERT_EQ(kit.at("workers").as_array().size(), 1u);
    EXPECT_EQ(kit.at("workers").at(0).at("person").as_string(), house.kit.id.hex());
    EXPECT_TRUE(kit.at("teams").as_array().empty());
    EXPECT_EQ(house.client(house.gil).get("/v1/caseload")->status, 404);
    EXPECT_EQ(house.client(house.tess).get("/v1/caseload?team=south")->status, 404);
    EXPECT_EQ(house.client(house.kit).get("/v1/caseload?worker=" + house.sam.id.hex())->status, 404);

    auto all = house.client(house.dee).get("/v1/timeliness")->json();
    EXPECT_GE(all.at("teams").as_array().size(), 2u);
    auto own = house.client(house.kit).get("/v1/timeliness")->json();
    for (auto& worker : own.at("workers").as_array()) EXPECT_EQ(worker.at("person").as_string(), house.kit.id.hex());
    EXPECT_EQ(house.client(house.kit).get("/v1/timeliness?worker=" + house.sam.id.hex())->status, 404);
    EXPECT_EQ(house.client(house.gil).get("/v1/due")->status, 404);
    EXPECT_EQ(house.client(house.dee).get("/v1/due?days=20")->status, 200);
}

TEST(Access, TellsWhatIsToBeKeptToThoseWhoReadTheWholeService) {
    auto& house = shared_house();
    house.catch_up();
    auto list = house.client(house.dee).get("/v1/retention");
    ASSERT_EQ(list->status, 200);
    EXPECT_EQ(list->json().at("schedule"), nullptr);
    EXPECT_FALSE(list->json().at("says").as_string().empty());
    EXPECT_EQ(house.client(house.tess).get("/v1/retention")->status, 404);
    EXPECT_EQ(house.client(house.tess).get("/v1/retention?team=north")->status, 404);
    EXPECT_EQ(house.client(house.kit).get("/v1/retention")->status, 404);
    EXPECT_EQ(house.client(house.gil).get("/v1/retention")->status, 404);
    EXPECT_EQ(house.client(house.dee).get("/v1/retention?state=nonsense")->status, 400);
    EXPECT_EQ(house.client(house.dee).get("/v1/retention?cursor=00")->status, 400);
}

TEST(Directory, IsReadByAllWithASessionAndHasTheNames) {
    auto& house = shared_house();
    auto body = house.client(house.gil).get("/v1/directory")->json();
    bool found = false;
    for (auto& person : body.at("people").as_array()) {
        if (person.at("person").as_string() != house.kit.id.hex()) continue;
        found = true;
        EXPECT_EQ(person.at("name").as_string(), "K. Worker");
        EXPECT_EQ(person.at("roles").at(0).at("role").as_string(), "family-key-worker");
        EXPECT_EQ(person.at("keys").at(0).at("key").as_string(), house.kit.key.id().hex());
    }
    EXPECT_TRUE(found);
    EXPECT_EQ(body.at("teams").as_array().size(), 2u);
    auto practice = house.client(house.gil).get("/v1/practice?full=1")->json();
    EXPECT_EQ(practice.at("editions").at(0).at("id").as_string(), "BEX-2018");
    EXPECT_TRUE(practice.at("editions").at(0).at("binding").as_bool());
    EXPECT_GT(practice.at("editions").at(0).at("practice").at("rules").as_array().size(), 3u);
}

// ---- the views' answers as HTTP ----

TEST(Case, IsNotSentAgainWhileItHasNotChanged) {
    auto& house = shared_house();
    house.catch_up();
    auto client = house.client(house.dee);
    auto target = "/v1/cases/" + house.elm.stream.hex();
    auto first = client.get(target);
    auto head = *house.book().published_head(house.elm.stream);
    EXPECT_EQ(first->etag, "\"" + std::to_string(head.revision) + "-" + std::to_string(head.position) + "\"");
}

TEST(Case, ReadsItsOwnWritesWithAtLeast) {
    House house;
    auto client = house.client(house.kit);
    auto made = house.draft(house.kit, house.ash.stream, house.note());
    auto position =
        client.post("/v1/events", test::text(House::signed_body(house.kit, made)))->json().at("position").as_int64();
    auto rows = client.get("/v1/cases/" + house.ash.stream.hex() +
                           "/chronology?order=recorded&newest=1&limit=1&words=1&at_least=" + std::to_string(position));
    ASSERT_EQ(rows->status, 200) << rows->body;
    EXPECT_EQ(rows->json().at("rows").at(0).at("position").as_int64(), position);
    EXPECT_EQ(rows->json().at("rows").at(0).at("words").at(0).at("content").as_string(), "What was written.");
}

TEST(Case, ShowsWhatWasRecordedWithoutBeingAskedTo) {
    House house;
    auto client = house.client(house.kit);
    for (int i = 0; i < 20; ++i) {
        auto made = house.draft(house.kit, house.ash.stream, house.note());
        auto receipt = client.post("/v1/events", test::text(House::signed_body(house.kit, made)))->json();
        auto rows = client.get("/v1/cases/" + house.ash.stream.hex() + "/chronology?order=recorded&newest=1&limit=1");
        ASSERT_EQ(rows->status, 200) << rows->body;
        EXPECT_EQ(rows->json().at("rows").at(0).at("position"), receipt.at("position"));
    }
}

TEST(Case, SaysThatTheViewsAreBehindWhenTheyAre) {
    server::Options options;
    options.limits.at_least = std::chrono::milliseconds{100};
    House house(options);
    auto client = house.client(house.dee);
    auto answer = client.get("/v1/cases?at_least=100000");
    EXPECT_EQ(answer->status, 503);
    EXPECT_NE(answer->body.find("views_behind"), std::string::npos);
}

TEST(Case, IsToldAsItStoodAtATime) {
    House house;
    auto client = house.client(house.dee);
    auto target = "/v1/cases/" + house.ash.stream.hex() + "/chronology";
    auto then = house.book().published()->recorded;
    auto before = client.get(target)->json().at("total").as_int64();
    auto done = house.record(house.kit, house.ash.stream, house.note());
    auto now = client.get(target + "?at_least=" + std::to_string(done.entry.position()))->json().at("total").as_int64();
    EXPECT_EQ(now, before + 1);
    EXPECT_EQ(client.get(target + "?as_at=" + schema::iso(then))->json().at("total").as_int64(), before);
    EXPECT_EQ(client.get(target + "?as_at=2017-01-01")->status, 404);
    EXPECT_EQ(client.get(target + "?as_at=soon")->json().at("field").as_string(), "as_at");
    auto early = client.get("/v1/directory?as_at=2017-01-01")->json();
    EXPECT_TRUE(early.at("people").as_array().empty());
}

TEST(Case, PagesThroughItsChronologyByLink) {
    auto& house = shared_house();
    house.catch_up();
    auto client = house.client(house.dee);
    auto target = "/v1/cases/" + house.elm.stream.hex() + "/chronology?order=recorded&limit=4";
    std::vector<int64_t> positions;
    for (int pages = 0; !target.empty(); ++pages) {
        ASSERT_LT(pages, 20);
        auto page = client.get(target);
        ASSERT_EQ(page->status, 200) << page->body;
        auto body = page->json();
        for (auto& row : body.at("rows").as_array()) positions.push_back(row.at("position").as_int64());
        target = page->link.empty() ? "" : page->link.substr(1, page->link.find('>') - 1);
    }
    EXPECT_EQ(positions.size(), house.book().published_head(house.elm.stream)->revision);
    EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
}

TEST(Proofs, ShowThatTheBookOnlyGrew) {
    auto& house = shared_house();
    auto client = house.stranger();
    auto book = client.get("/v1/ledger")->json();
    EXPECT_EQ(book.at("origin").as_string(), test::origin);
    EXPECT_EQ(book.at("authority").as_string(), "Eastmere Council");
    EXPECT_TRUE(book.at("playedClock").as_bool());
    EXPECT_EQ(book.at("verifierKey").as_string(), ledger::verifier_key(test::origin, house.book().checkpoint_key()));
    auto key = schema::PublicKey::from_hex(std::string_view(book.at("checkpointKey").as_string())).value();
    auto note = client.get("/v1/checkpoint", "text/plain");
    EXPECT_TRUE(ledger::open_checkpoint(note->body, key));
    auto proof = client.get("/v1/proof/consistency?from=5&to=20")->json();
    ledger::Proof steps;
    for (auto& step : proof.at("proof").as_array())
        steps.push_back(*schema::Digest::from_hex(std::string_view(step.as_string())));
    EXPECT_TRUE(
        ledger::verify_consistency(5, 20, *schema::Digest::from_hex(std::string_view(proof.at("fromRoot").as_string())),
                                   *schema::Digest::from_hex(std::string_view(proof.at("toRoot").as_string())), steps));
    EXPECT_EQ(client.get("/v1/proof/consistency")->json().at("field").as_string(), "from");
    EXPECT_EQ(client.get("/v1/proof/consistency?from=9&to=3")->status, 400);
    EXPECT_EQ(client.get("/v1/proof/consistency?from=0")->status, 400);
    auto inclusion = house.client(house.gil).get("/v1/proof/inclusion?position=3&size=20")->json();
    steps.clear();
    for (auto& step : inclusion.at("proof").as_array())
        steps.push_back(*schema::Digest::from_hex(std::string_view(step.as_string())));
    EXPECT_TRUE(ledger::verify_inclusion(3, 20, house.book().entry(3)->leaf(), steps, *house.book().root_at(20)));
}

}  // namespace
