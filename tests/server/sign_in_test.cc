// A session is given to whoever shows that they hold an enrolled key, and to nobody else.
#include "server/house.h"

namespace {

using namespace std::chrono_literals;
using test::House;
using test::shared_house;
namespace json = boost::json;

std::string challenge_for(server::Client& client, const ledger::SigningKey& key) {
    auto asked = client.post("/v1/challenge", json::serialize(json::object{{"key", key.id().hex()}}));
    EXPECT_EQ(asked->status, 200);
    return std::string(asked->json().at("challenge").as_string());
}

json::object proof(const ledger::SigningKey& key, const std::string& challenge,
                   const std::string& over = test::origin) {
    auto raw = schema::from_hex(challenge).value();
    auto signature = key.sign(ledger::session_context, schema::as_bytes(over + "\n" + raw));
    return {{"key", key.id().hex()}, {"challenge", challenge}, {"signature", signature.hex()}};
}

TEST(SignIn, GivesASessionThatTellsWhoItIsFor) {
    auto& house = shared_house();
    auto client = house.stranger();
    auto opened =
        client.post("/v1/session", json::serialize(proof(house.dee.key, challenge_for(client, house.dee.key))));
    ASSERT_EQ(opened->status, 201) << opened->body;
    auto body = opened->json();
    EXPECT_EQ(body.at("person").as_string(), house.dee.id.hex());
    EXPECT_EQ(body.at("token").as_string().size(), 43u);
    EXPECT_EQ(body.at("roles").at(0).at("role").as_string(), "duty-manager");
    EXPECT_EQ(body.at("roles").at(0).at("reads").as_string(), "service");
}

TEST(SignIn, FailsForAnotherKeyAnotherOriginAndAnUnknownKeyInTheSameWords) {
    auto& house = shared_house();
    auto client = house.stranger();
    auto stranger = ledger::SigningKey::generate();
    auto wrong = proof(stranger, challenge_for(client, house.dee.key));
    wrong["key"] = house.dee.key.id().hex();
    auto elsewhere = proof(house.dee.key, challenge_for(client, house.dee.key), "ledger.other.example/x");
    auto unknown = proof(stranger, challenge_for(client, stranger));
    std::string first;
    for (auto& body : {wrong, elsewhere, unknown}) {
        auto answer = client.post("/v1/session", json::serialize(body));
        EXPECT_EQ(answer->status, 401);
        if (first.empty()) first = answer->body;
        EXPECT_EQ(answer->body, first);
    }
    EXPECT_NE(first.find("sign_in_failed"), first.npos);
}

TEST(SignIn, TakesAChallengeOnce) {
    auto& house = shared_house();
    auto client = house.stranger();
    auto body = json::serialize(proof(house.kit.key, challenge_for(client, house.kit.key)));
    EXPECT_EQ(client.post("/v1/session", body)->status, 201);
    EXPECT_EQ(client.post("/v1/session", body)->status, 401);
}

TEST(SignIn, IsNotInTheHandsOfStrangersWhoKnowAKeysId) {
    auto& house = shared_house();
    auto client = house.stranger();
    auto challenge = challenge_for(client, house.kit.key);
    for (int i = 0; i < 50; ++i) challenge_for(client, house.kit.key);
    auto wrong = proof(ledger::SigningKey::generate(), challenge);
    wrong["key"] = house.kit.key.id().hex();
    EXPECT_EQ(client.post("/v1/session", json::serialize(wrong))->status, 401);
    EXPECT_EQ(client.post("/v1/session", json::serialize(proof(house.kit.key, challenge)))->status, 201);
}

TEST(SignIn, TakesOnlyAChallengeThatItGaveToThisKey) {
    auto& house = shared_house();
    auto client = house.stranger();
    auto given = challenge_for(client, house.kit.key);
    EXPECT_EQ(client.post("/v1/session", json::serialize(proof(house.dee.key, given)))->status, 401);
    for (size_t at : {0, 20, 40, 63}) {  // a digit of its end, of what is random, of the seal
        auto other = given;
        other[at] = other[at] == '0' ? '1' : '0';
        EXPECT_EQ(client.post("/v1/session", json::serialize(proof(house.kit.key, other)))->status, 401) << at;
    }
    EXPECT_EQ(client.post("/v1/session", json::serialize(proof(house.kit.key, given)))->status, 201);
}

TEST(SignIn, ForgetsAChallengeAfterAMinute) {
    House house;
    auto client = house.stranger();
    auto challenge = challenge_for(client, house.kit.key);
    house.wait_a_while(61s);
    EXPECT_EQ(client.post("/v1/session", json::serialize(proof(house.kit.key, challenge)))->status, 401);
}

TEST(Session, EndsAfterFifteenIdleMinutesAndAfterEightHours) {
    House house;
    auto client = house.client(house.dee);
    for (int i = 0; i < 34; ++i) {  // 7 h 56 min of a request every 14 minutes
        house.wait_a_while(14min);
        ASSERT_EQ(client.get("/v1/cases")->status, 200) << i;
    }
    house.wait_a_while(5min);
    EXPECT_EQ(client.get("/v1/cases")->status, 401);

    auto idle = house.client(house.dee);
    house.wait_a_while(15min);
    auto answer = idle.get("/v1/cases");
    EXPECT_EQ(answer->status, 401);
    EXPECT_NE(answer->body.find("session_needed"), std::string::npos);
}

TEST(Session, EndsWhenItsKeyIsRevoked) {
    House house;
    auto client = house.client(house.kit);
    EXPECT_EQ(client.get("/v1/cases")->status, 200);
    house.record(house.governor, schema::reserved_stream(1),
                 {{"keyRevoked", {{"key", house.kit.key.id().hex()}, {"reason", "lost"}}}});
    EXPECT_EQ(client.get("/v1/cases")->status, 401);
    EXPECT_FALSE(client.sign_in(house.kit.key));
}

TEST(Session, EndsWhenItsPersonHoldsNoRoleAnyMore) {
    House house;
    auto client = house.client(house.sam);
    house.record(
        house.governor, schema::reserved_stream(1),
        {{"roleEnded",
          {{"person", house.sam.id.hex()}, {"role", "family-key-worker"}, {"team", "south"}, {"on", "2018-05-24"}}}});
    EXPECT_EQ(client.get("/v1/cases")->status, 401);
}

TEST(Session, EndsWhenAskedTo) {
    auto client = shared_house().client(shared_house().dee);
    EXPECT_EQ(client.post("/v1/session/end", "{}")->status, 204);
    EXPECT_EQ(client.get("/v1/cases")->status, 401);
}

TEST(Session, IsNeededForEverythingAboutPeople) {
    auto& house = shared_house();
    auto stream = house.ash.stream.hex();
    auto client = house.stranger();
    for (auto& target : {std::string("/v1/cases"), "/v1/cases/" + stream, "/v1/cases/" + stream + "/chronology",
                         "/v1/cases/" + stream + "/timeliness", std::string("/v1/caseload"),
                         std::string("/v1/timeliness"), std::string("/v1/due"), std::string("/v1/retention"),
                         std::string("/v1/practice"), std::string("/v1/directory"), std::string("/v1/replay"),
                         std::string("/v1/live"), std::string("/v1/entries/0"),
                         std::string("/v1/proof/inclusion?position=0"), "/v1/receipts/" + house.ash.episode.hex()})
        EXPECT_EQ(client.get(target)->status, 401) << target;
    EXPECT_EQ(client.post("/v1/events", "{}")->status, 401);
    EXPECT_EQ(client.post("/v1/drafts", "{}")->status, 401);
    for (auto target : {"/livez", "/readyz", "/v1/ledger", "/v1/checkpoint", "/v1/proof/consistency?from=1"})
        EXPECT_EQ(client.get(target)->status, 200) << target;
}

}  // namespace
