// What leaves the building over HTTPS: only to those who signed for it, whole, and proven complete.
#include <fstream>

#include "ledger/bundle_audit.h"
#include "schema/json.h"
#include "server/house.h"

namespace {

using namespace test;

std::string disclose(House& house, const Person& person, json::object fact) {
    auto accepted = house.record(person, house.ash.stream, {{"recordDisclosed", std::move(fact)}});
    house.catch_up();
    return accepted.entry.id().hex();
}

TEST(Disclosures, GiveTheirSignerABundleThatVerifies) {
    House house;
    auto id = disclose(house, house.sue, {{"purpose", "transferPanel"}, {"words", "all"}});
    auto client = house.client(house.sue);
    auto answer = client.get("/v1/bundles/" + id, "application/x-ndjson");
    ASSERT_EQ(answer->status, 200) << answer->body;
    EXPECT_EQ(answer->content_type, "application/x-ndjson");
    std::istringstream bundle(answer->body);
    ledger::BundleAuditOptions options;
    options.trusted_keys = {house.book().checkpoint_key()};
    auto report = audit_bundle(bundle, options);
    ASSERT_TRUE(report);
    for (auto& finding : report->audit.findings)
        ADD_FAILURE() << finding.position << " " << finding.field << finding.what;
    EXPECT_EQ(report->stream, house.ash.stream);
    EXPECT_GT(report->revisions, 5u);

    // However long it is, it goes to the disk as it comes.
    auto path = house.folder() + "/ash.bundle";
    std::ofstream(path).close();
    ASSERT_EQ(client.download("/v1/bundles/" + id, path)->status, 200);
    std::ifstream file(path, std::ios::binary);
    std::stringstream kept;
    kept << file.rdbuf();
    EXPECT_EQ(kept.str(), answer->body);
}

TEST(Disclosures, AreNothingToAnybodyElse) {
    House house;
    auto id = disclose(house, house.sue, {{"purpose", "inspection"}, {"words", "none"}});
    auto nothing = house.client(house.dee).get("/v1/bundles/" + std::string(32, '0'));
    EXPECT_EQ(nothing->status, 404);
    for (auto* person : {&house.kit, &house.dee, &house.sam, &house.governor}) {
        auto answer = house.client(*person).get("/v1/bundles/" + id);
        EXPECT_EQ(answer->status, 404);
        EXPECT_EQ(answer->json().at("type"), nothing->json().at("type"));
    }
    EXPECT_EQ(house.stranger().get("/v1/bundles/" + id)->status, 401);
    auto path = house.folder() + "/none.bundle";
    std::ofstream(path).close();
    EXPECT_EQ(house.client(house.kit).download("/v1/bundles/" + id, path)->status, 404);
    EXPECT_EQ(std::ifstream(path).peek(), std::ifstream::traits_type::eof());
}

TEST(Disclosures, OfAnEntryThatDisclosesNothingAreNotThere) {
    House house;
    auto accepted =
        house.record(house.sue, house.ash.stream,
                     {{"legalHoldPlaced", {{"subjects", json::array{house.ash.child.hex()}}, {"reason", "court"}}}});
    house.catch_up();
    auto id = accepted.entry.id().hex();
    EXPECT_EQ(house.client(house.sue).get("/v1/bundles/" + id)->status, 404);
}

TEST(Completeness, IsShownToThoseWhoMayReadEveryCase) {
    House house;
    house.catch_up();
    auto target = "/v1/cases/" + house.ash.stream.hex() + "/completeness";
    auto answer = house.client(house.sue).get(target);
    ASSERT_EQ(answer->status, 200) << answer->body;
    auto body = answer->json();
    auto raw = schema::from_base64(std::string(body.at("entry").as_string()), "").value();
    auto newest = ledger::Entry::decode(schema::as_bytes(raw)).value();
    ledger::HeadProof head{house.ash.stream,
                           body.at("revision").to_number<uint64_t>(),
                           ledger::Digest::from_hex(std::string(body.at("event").as_string())).value(),
                           {}};
    for (auto& step : body.at("siblings").as_array())
        head.siblings.push_back(ledger::Digest::from_hex(std::string(step.as_string())).value());
    EXPECT_TRUE(ledger::HeadsMap::verify(head, ledger::Digest::of(newest.heads())));
    ledger::Proof inclusion;
    for (auto& step : body.at("inclusion").as_array())
        inclusion.push_back(ledger::Digest::from_hex(std::string(step.as_string())).value());
    auto checkpoint =
        ledger::open_checkpoint(std::string(body.at("checkpoint").as_string()), house.book().checkpoint_key()).value();
    EXPECT_TRUE(
        ledger::verify_inclusion(newest.position(), checkpoint.size, newest.leaf(), inclusion, checkpoint.root));
    EXPECT_EQ(newest.position() + 1, checkpoint.size);
    EXPECT_EQ(house.client(house.kit).get(target)->status, 404);
}

TEST(Keys, AreReplacedInWhateverRoleOneHolds) {
    House house;
    auto client = house.client(house.gil);
    auto next = ledger::SigningKey::generate();
    auto message = ledger::possession_message(origin, house.gil.id);
    json::object fact{{"publicKey", next.public_key().hex()},
                      {"proofOfPossession", next.sign(ledger::key_context, schema::as_bytes(message)).hex()}};
    auto answer = client.post("/v1/drafts", test::text(json::object{{"fact", {{"keyRotated", fact}}}}));
    ASSERT_EQ(answer->status, 200) << answer->body;
    EXPECT_EQ(answer->json().at("reads").at("role").as_string(), "business-support");
    house.record(house.gil, schema::reserved_stream(schema::directory_stream_number), {{"keyRotated", fact}});
    house.gil.key = next;
    EXPECT_EQ(house.client(house.gil).get("/v1/ledger")->status, 200);
}

TEST(Disputes, AreMarkedInTheChronologyUntilSomebodySignsAgain) {
    House house;
    auto accepted = house.record(house.kit, house.ash.stream, house.note());
    auto since = schema::iso(accepted.entry.recorded());
    auto target = "/v1/cases/" + house.ash.stream.hex() + "/chronology?at_least=";
    auto disputed = [&] {
        house.catch_up();
        auto answer = house.client(house.sue).get(target + std::to_string(house.book().published()->head.size - 1));
        EXPECT_EQ(answer->status, 200) << answer->body;
        size_t count = 0;
        auto body = answer->json();
        for (auto& row : body.at("rows").as_array()) count += row.as_object().contains("disputed");
        return count;
    };
    EXPECT_EQ(disputed(), 0u);
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    house.record(
        house.governor, directory,
        {{"keyRevoked", {{"key", house.kit.key.id().hex()}, {"reason", "compromised"}, {"suspectFrom", since}}}});
    EXPECT_EQ(disputed(), 1u);
    house.record(house.governor, directory,
                 {{"entriesReattested",
                   {{"key", house.kit.key.id().hex()}, {"entries", json::array{accepted.entry.position()}}}}});
    EXPECT_EQ(disputed(), 0u);
}

}  // namespace
