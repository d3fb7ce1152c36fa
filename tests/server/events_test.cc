// Recording over HTTPS: receipts that verify, retries that are safe, refusals that say why, bad input named by its
// field.
#include <capnp/message.h>
#include <capnp/serialize.h>

#include "ledger/receipt.h"
#include "schema/json.h"
#include "server/house.h"

namespace {

using test::House;
using test::shared_house;
namespace json = boost::json;

std::string problem_of(const server::Response& response) {
    EXPECT_EQ(response.content_type, "application/problem+json") << response.body;
    auto type = std::string(response.json().at("type").as_string());
    return type.substr(type.rfind('/') + 1);
}

TEST(Recording, AnswersWithAReceiptThatVerifiesOffline) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    auto made = house.draft(house.kit, house.ash.stream, house.note());
    auto answer = client.post("/v1/events", test::text(House::signed_body(house.kit, made)));
    ASSERT_EQ(answer->status, 201) << answer->body;
    auto body = answer->json();
    EXPECT_EQ(body.at("id").as_string(), made.id.hex());
    EXPECT_EQ(body.at("replayed").as_bool(), false);
    EXPECT_TRUE(body.at("warnings").as_array().empty());
    auto receipt = ledger::receipt_from_json(body).value();
    auto verified = ledger::verify_receipt(receipt, house.book().checkpoint_key(), house.kit.key.public_key());
    EXPECT_TRUE(verified) << (verified ? "" : verified.error().text());
    EXPECT_FALSE(ledger::verify_receipt(receipt, house.book().checkpoint_key(), house.dee.key.public_key()));
}

TEST(Recording, GivesTheFirstPlaceAgainForTheSameBytes) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    auto body = test::text(House::signed_body(house.kit, house.draft(house.kit, house.ash.stream, house.note())));
    auto first = client.post("/v1/events", body), again = client.post("/v1/events", body);
    EXPECT_EQ(first->status, 201);
    EXPECT_EQ(again->status, 200);
    EXPECT_EQ(again->json().at("replayed").as_bool(), true);
    EXPECT_EQ(again->json().at("position"), first->json().at("position"));
    EXPECT_EQ(again->json().at("leaf"), first->json().at("leaf"));
    auto id = std::string(first->json().at("id").as_string());
    auto receipt = client.get("/v1/receipts/" + id);
    EXPECT_EQ(receipt->status, 200);
    EXPECT_TRUE(
        ledger::verify_receipt(ledger::receipt_from_json(receipt->json()).value(), house.book().checkpoint_key(), {}));
}

TEST(Recording, RefusesWithTheReasonTheFieldAndTheSource) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    // A key worker may not allocate.
    auto fact = json::object{
        {"allocated", {{"episode", house.ash.episode.hex()}, {"worker", house.kit.id.hex()}, {"scaling", 3}}}};
    auto answer = client.post(
        "/v1/events", test::text(House::signed_body(house.kit, house.draft(house.kit, house.ash.stream, fact))));
    EXPECT_EQ(answer->status, 403);
    EXPECT_EQ(problem_of(*answer), "role_may_not");
    EXPECT_FALSE(answer->json().at("title").as_string().empty());
    EXPECT_EQ(answer->json().at("status").as_int64(), 403);
}

TEST(Recording, TellsADeciderWhatCameSince) {
    House house;
    auto client = house.client(house.dee);
    auto decision =
        json::object{{"reallocated", {{"episode", house.ash.episode.hex()}, {"worker", house.sam.id.hex()}}}};
    auto stale = house.draft(house.dee, house.ash.stream, decision);
    auto before = house.book().published_head(house.ash.stream)->revision;
    house.record(house.kit, house.ash.stream, house.note());
    auto answer = client.post("/v1/events", test::text(House::signed_body(house.dee, stale)));
    ASSERT_EQ(answer->status, 412) << answer->body;
    EXPECT_EQ(problem_of(*answer), "not_shown_latest");
    auto since = answer->json().at("since").as_array();
    ASSERT_EQ(since.size(), 1u);
    EXPECT_EQ(since[0].at("revision").as_int64(), static_cast<int64_t>(before + 1));
    EXPECT_EQ(since[0].at("title").as_string(), "Case note added");
}

TEST(Recording, RefusesAnotherEventUnderATakenId) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    auto made = house.draft(house.kit, house.ash.stream, house.note());
    EXPECT_EQ(client.post("/v1/events", test::text(House::signed_body(house.kit, made)))->status, 201);
    ledger::DraftContext context{test::origin,
                                 house.kit.id,
                                 house.kit.key.id(),
                                 house.kit.role,
                                 house.kit.team,
                                 house.ash.stream,
                                 *house.book().published_head(house.ash.stream),
                                 0,
                                 {},
                                 house.book().published()->recorded};
    auto twin = ledger::draft(context, {{"id", made.id.hex()}, {"fact", house.note()}}, made.words).value();
    auto answer = client.post("/v1/events", test::text(House::signed_body(house.kit, twin)));
    EXPECT_EQ(answer->status, 409);
    EXPECT_EQ(problem_of(*answer), "id_taken");
}

TEST(Recording, NamesTheFieldOfBadInput) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    auto good = House::signed_body(house.kit, house.draft(house.kit, house.ash.stream, house.note()));
    struct Row {
        const char* field;
        std::function<void(json::object&)> spoil;
    };
    auto word = [](json::object& body) -> json::object& { return body["words"].as_array()[0].as_object(); };
    const Row rows[] = {
        {"event", [](auto& body) { body.erase("event"); }},
        {"event", [](auto& body) { body["event"] = 7; }},
        {"event", [](auto& body) { body["event"] = "not base64!"; }},
        {"event", [](auto& body) { body["event"] = "AAAA"; }},
        {"event", [](auto& body) { body["event"] = ""; }},
        {"signatures", [](auto& body) { body.erase("signatures"); }},
        {"signatures", [](auto& body) { body["signatures"] = "00"; }},
        {"signatures", [](auto& body) { body["signatures"] = json::array(17, "00"); }},
        {"signatures[0]", [](auto& body) { body["signatures"] = json::array{"00"}; }},
        {"words", [](auto& body) { body["words"] = json::object(); }},
        {"words[0]", [](auto& body) { body["words"] = json::array{1}; }},
        {"words[0].heading", [&](auto& body) { word(body).erase("heading"); }},
        {"words[0].heading", [&](auto& body) { word(body)["heading"] = "No Code"; }},
        {"words[0].subjects", [&](auto& body) { word(body)["subjects"] = json::array{}; }},
        {"words[0].subjects", [&](auto& body) { word(body)["subjects"] = json::array{"ab"}; }},
        {"words[0].salt", [&](auto& body) { word(body)["salt"] = "00"; }},
        {"words[0].salt", [&](auto& body) { word(body).erase("salt"); }},
        {"words[0].content", [&](auto& body) { word(body).erase("content"); }},
        {"words[0].content", [&](auto& body) { word(body)["content"] = ""; }},
        {"words[0].content", [&](auto& body) { word(body)["contentBase64"] = "AAAA"; }},
        {"words[0].colour", [&](auto& body) { word(body)["colour"] = "red"; }},
        {"playedAt", [](auto& body) { body["playedAt"] = "yesterday"; }},
        {"Event", [](auto& body) { body["Event"] = ""; }},
    };
    for (auto& row : rows) {
        auto body = good;
        row.spoil(body);
        auto answer = client.post("/v1/events", test::text(body));
        EXPECT_EQ(answer->status, 400) << row.field << answer->body;
        EXPECT_EQ(problem_of(*answer), "malformed");
        auto value = answer->json();
        auto* field = value.as_object().if_contains("field");
        EXPECT_EQ(field ? std::string(field->as_string()) : "", row.field) << test::text(body).substr(0, 80);
    }
    for (auto text : {"", "{", "[]", "null", "{} {}", "\xff"})
        EXPECT_EQ(client.post("/v1/events", text)->status, 400) << text;
    std::string deep = std::string(40, '[') + std::string(40, ']');
    EXPECT_EQ(client.post("/v1/events", deep)->status, 400);
    // Nothing of that kept the good one out.
    EXPECT_EQ(client.post("/v1/events", test::text(good))->status, 201);
}

TEST(Recording, RefusesWhatWasChangedAfterSigning) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    auto made = house.draft(house.kit, house.ash.stream, house.note());
    auto words = House::signed_body(house.kit, made);
    words["words"].as_array()[0].as_object()["content"] = "Something else.";
    auto answer = client.post("/v1/events", test::text(words));
    EXPECT_EQ(answer->status, 422);
    EXPECT_EQ(problem_of(*answer), "words_missing");
    answer = client.post("/v1/events", test::text(House::signed_body(house.dee, made)));
    EXPECT_EQ(problem_of(*answer), "bad_signature");
}

TEST(Recording, TakesOnlyTheTypesItKnows) {
    auto client = shared_house().client(shared_house().kit);
    auto answer = client.post("/v1/events", "{}", "text/plain");
    EXPECT_EQ(answer->status, 415);
    EXPECT_EQ(problem_of(*answer), "media_type");
    EXPECT_EQ(client.post("/v1/cases", "{}")->status, 405);
    EXPECT_EQ(client.get("/v1/events")->status, 405);
    EXPECT_EQ(client.get("/v1/nothing")->status, 404);
    EXPECT_EQ(client.get("/v1/cases/")->status, 404);
    auto unknown = client.get("/v1/cases?colour=red");
    EXPECT_EQ(unknown->status, 400);
    EXPECT_EQ(client.get("/v1/cases?limit=1&limit=2")->status, 400);
    EXPECT_EQ(client.get("/v1/cases?limit=0")->json().at("field").as_string(), "limit");
}

TEST(Recording, TakesNothingOverItsLimit) {
    auto client = shared_house().client(shared_house().kit);
    auto answer = client.post("/v1/events", std::string(5 * 1024 * 1024, ' '));
    ASSERT_TRUE(answer) << answer.error().text();  // heard, although it went on writing
    EXPECT_EQ(answer->status, 413);
    EXPECT_EQ(problem_of(*answer), "too_large");
    EXPECT_EQ(client.get("/livez")->status, 200);
}

// ---- drafts ----

TEST(Drafts, AreSignedAndRecordedByAClientThatKnowsNoFormat) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    json::object asked{
        {"stream", house.ash.stream.hex()},
        {"fact", house.note()},
        {"words", json::array{json::object{{"heading", "note"},
                                           {"subjects", json::array{json::string(house.ash.child.hex())}},
                                           {"content", "All well at home."}}}}};
    auto draft = client.post("/v1/drafts", test::text(asked));
    ASSERT_EQ(draft->status, 200) << draft->body;
    auto body = draft->json().as_object();
    auto sign = schema::from_hex(std::string_view(body["sign"].as_string())).value();
    auto event = schema::from_base64(std::string_view(body["event"].as_string()), "").value();
    EXPECT_EQ(sign, std::string(ledger::event_context) + event);
    EXPECT_EQ(body["reads"].at("role").as_string(), "family-key-worker");
    EXPECT_EQ(body["reads"].at("team").as_string(), "north");
    auto signature = house.kit.key.sign("", schema::as_bytes(sign));
    auto recorded =
        client.post("/v1/events", test::text(json::object{{"event", body["event"]},
                                                          {"signatures", json::array{json::string(signature.hex())}},
                                                          {"words", body["words"]}}));
    ASSERT_EQ(recorded->status, 201) << recorded->body;
    auto position = std::to_string(recorded->json().at("position").as_int64());
    auto entry = client.get("/v1/entries/" + position);
    EXPECT_EQ(entry->json().at("words").at(0).at("content").as_string(), "All well at home.");
    EXPECT_EQ(entry->json().at("event").at("fact").at("caseNoteAdded").at("note").as_string(), "action");
}

TEST(Drafts, NameWhatIsMissing) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    auto field_of = [&](json::object body) {
        auto answer = client.post("/v1/drafts", test::text(body));
        EXPECT_EQ(answer->status, 400) << answer->body;
        auto value = answer->json();
        auto* field = value.as_object().if_contains("field");
        return field ? std::string(field->as_string()) : std::string();
    };
    auto stream = house.ash.stream.hex();
    EXPECT_EQ(field_of({{"stream", stream}}), "fact");
    EXPECT_EQ(field_of({{"stream", stream}, {"fact", json::object()}}), "fact");
    EXPECT_EQ(field_of({{"fact", house.note()}}), "stream");
    EXPECT_EQ(field_of({{"stream", "xy"}, {"fact", house.note()}}), "stream");
    EXPECT_EQ(field_of({{"stream", stream}, {"id", "00"}, {"fact", house.note()}}), "id");
    EXPECT_EQ(field_of({{"stream", stream}, {"fact", {{"caseNoteAdded", {{"note", 3}}}}}}), "fact.caseNoteAdded.note");
    EXPECT_EQ(field_of({{"stream", stream}, {"fact", {{"caseNoteAdded", {{"colour", "red"}}}}}}),
              "fact.caseNoteAdded.colour");
    EXPECT_EQ(field_of({{"stream", stream}, {"fact", {{"somethingElse", json::object()}}}}), "fact.somethingElse");
    // Kit holds no role that may receive contacts.
    EXPECT_EQ(field_of({{"fact",
                         {{"contactReceived",
                           {{"channel", "telephone"},
                            {"referrer", "school"},
                            {"children", json::array{json::string(house.ash.child.hex())}}}}}}}),
              "role");
}

// ---- bulk ----

std::string submissions(const std::vector<std::pair<const test::Person*, ledger::Draft>>& drafts) {
    capnp::MallocMessageBuilder message;
    auto list = message.initRoot<schema::Submissions>().initSubmissions(static_cast<unsigned>(drafts.size()));
    for (unsigned i = 0; i < drafts.size(); ++i) {
        auto& [person, draft] = drafts[i];
        list[i].setEvent(schema::data_of(schema::as_bytes(draft.event)));
        auto signature = person->key.sign(ledger::event_context, schema::as_bytes(draft.event));
        list[i].initSignatures(1).set(0, schema::data_of({signature.data(), signature.size()}));
        auto words = list[i].initWords(static_cast<unsigned>(draft.words.size()));
        for (unsigned j = 0; j < draft.words.size(); ++j) {
            auto& word = draft.words[j];
            words[j].setHeading(word.heading);
            words[j].setSalt(schema::data_of(schema::as_bytes(word.salt)));
            words[j].setContent(schema::data_of(schema::as_bytes(word.content)));
            words[j].initSubjects(1).set(0, schema::data_of(schema::as_bytes(word.subjects[0].view())));
        }
    }
    return schema::string_of(capnp::messageToFlatArray(message).asPtr());
}

TEST(Bulk, RecordsTheGoodOnesInOrderAndSaysWhyNotOfTheOthers) {
    House house;
    auto client = house.client(house.kit);
    std::vector<std::pair<const test::Person*, ledger::Draft>> drafts;
    for (int i = 0; i < 300; ++i) {
        // Every tenth is signed by somebody else.
        auto* signer = i % 10 == 7 ? &house.dee : &house.kit;
        drafts.emplace_back(signer, house.draft(house.kit, house.ash.stream, house.note()));
    }
    auto before = house.book().published()->head.size;
    auto answer = client.post("/v1/events", submissions(drafts), "application/x-capnp");
    ASSERT_EQ(answer->status, 200) << answer->body;
    ASSERT_EQ(answer->content_type, "application/x-capnp");
    auto words = schema::aligned(schema::as_bytes(answer->body));
    capnp::FlatArrayMessageReader message(words);
    auto receipts = message.getRoot<schema::Receipts>().getReceipts();
    ASSERT_EQ(receipts.size(), 300u);
    uint64_t expected = before;
    for (unsigned i = 0; i < receipts.size(); ++i) {
        if (i % 10 == 7) {
            EXPECT_EQ(receipts[i].getState(), schema::ReceiptState::REFUSED);
            EXPECT_EQ(std::string(receipts[i].getRefusal()), "bad_signature");
            EXPECT_GT(receipts[i].getDetail().size(), 0u);
            continue;
        }
        auto entry = ledger::Entry::decode(schema::bytes_of(receipts[i].getEntry())).value();
        EXPECT_EQ(entry.position(), expected++);
        EXPECT_EQ(entry.id(), drafts[i].second.id);
    }
    EXPECT_EQ(house.book().published()->head.size, before + 270);
}

TEST(Bulk, KnowsAKeyThatItEnrolledItself) {
    House house;
    auto client = house.client(house.governor);
    test::Person newcomer;
    newcomer.id = ledger::random_id<schema::PersonId>();
    newcomer.role = "duty-manager";
    auto directory = schema::reserved_stream(1);
    auto possession =
        newcomer.key.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(test::origin, newcomer.id)));
    std::vector<std::pair<const test::Person*, ledger::Draft>> drafts;
    auto add = [&](json::object fact) {
        drafts.emplace_back(&house.governor, house.draft(house.governor, directory, std::move(fact)));
    };
    add({{"personRegistered", {{"person", newcomer.id.hex()}}}});
    add({{"keyEnrolled",
          {{"person", newcomer.id.hex()},
           {"publicKey", newcomer.key.public_key().hex()},
           {"proofOfPossession", possession.hex()},
           {"custody", "software"}}}});
    add({{"roleGranted", {{"person", newcomer.id.hex()}, {"role", "duty-manager"}, {"from", "2018-01-01"}}}});
    drafts.emplace_back(&newcomer, house.draft(newcomer, house.ash.stream, house.note()));
    auto before = house.book().published()->head.size;
    auto answer = client.post("/v1/events", submissions(drafts), "application/x-capnp");
    ASSERT_EQ(answer->status, 200) << answer->body;
    EXPECT_EQ(house.book().published()->head.size, before + 4);
}

TEST(Bulk, RecordsNothingOfAMessageThatCannotBeRead) {
    auto& house = shared_house();
    auto client = house.client(house.kit);
    std::vector<std::pair<const test::Person*, ledger::Draft>> drafts;
    drafts.emplace_back(&house.kit, house.draft(house.kit, house.ash.stream, house.note()));
    auto good = submissions(drafts);
    auto before = house.book().published()->head.size;
    for (auto& bad : {std::string(), std::string(7, 'x'), std::string(64, '\xff'), good.substr(0, good.size() - 8),
                      good + std::string(8, '\0')}) {
        auto answer = client.post("/v1/events", bad, "application/x-capnp");
        EXPECT_EQ(answer->status, 400);
        EXPECT_EQ(problem_of(*answer), "malformed");
    }
    EXPECT_EQ(house.book().published()->head.size, before);
}

}  // namespace
