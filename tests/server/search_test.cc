// By a name one finds the cases one may read, and learns nothing of the others.
#include "schema/json.h"
#include "server/house.h"

namespace {

using test::House;
namespace json = boost::json;

// Records a note in the case with these names of people in it, as somebody would through the door.
void name(House& house, const test::Person& who, const schema::StreamId& stream,
          const std::vector<std::pair<schema::SubjectId, std::string>>& names) {
    json::array words;
    for (auto& [subject, text] : names)
        words.push_back(json::object{
            {"heading", "name"}, {"subjects", json::array{json::string(subject.hex())}}, {"content", text}});
    words.push_back(json::object{{"heading", "note"},
                                 {"subjects", json::array{json::string(names[0].first.hex())}},
                                 {"content", "Wrote their names down."}});
    auto client = house.client(who);
    auto draft = client.post(
        "/v1/drafts", test::text(json::object{{"stream", stream.hex()}, {"fact", house.note()}, {"words", words}}));
    ASSERT_EQ(draft->status, 200) << draft->body;
    auto made = draft->json();
    auto event = *schema::from_base64(std::string_view(made.at("event").as_string()), "event");
    auto signature = who.key.sign(ledger::event_context, schema::as_bytes(event));
    auto done =
        client.post("/v1/events", test::text(json::object{{"event", made.at("event")},
                                                          {"signatures", json::array{json::string(signature.hex())}},
                                                          {"words", made.at("words")}}));
    ASSERT_EQ(done->status, 201) << done->body;
    house.catch_up();
}

server::Response asked(House& house, const test::Person& who, const std::string& text) {
    return *house.client(who).post("/v1/search", test::text(json::object{{"name", text}}));
}

// "name@stream", as they come.
std::vector<std::string> found(House& house, const test::Person& who, const std::string& text) {
    auto answer = asked(house, who, text);
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::string> rows;
    auto body = answer.json();
    for (auto& row : body.at("found").as_array())
        rows.push_back(std::string(row.at("name").as_string()) + "@" + std::string(row.at("stream").as_string()));
    EXPECT_FALSE(body.at("more").as_bool());
    return rows;
}

using Rows = std::vector<std::string>;

TEST(Search, FindsTheCasesOneMayReadAndTellsNothingOfOthers) {
    House house;
    auto ash = "@" + house.ash.stream.hex(), elm = "@" + house.elm.stream.hex();
    name(house, house.kit, house.ash.stream, {{house.ash.child, "Zoë Smith"}});
    name(house, house.sam, house.elm.stream, {{house.elm.child, "Jo Smith"}});
    EXPECT_EQ(found(house, house.dee, "SMITH"), (Rows{"Jo Smith" + elm, "Zoë Smith" + ash}));
    EXPECT_EQ(found(house, house.dee, "smi zoe"), Rows{"Zoë Smith" + ash});
    EXPECT_EQ(found(house, house.kit, "smith"), Rows{"Zoë Smith" + ash});
    EXPECT_EQ(found(house, house.tess, "smith"), Rows{"Zoë Smith" + ash});
    EXPECT_EQ(found(house, house.sam, "smith"), Rows{"Jo Smith" + elm});
    for (auto* who : {&house.mo, &house.gil, &house.governor}) EXPECT_EQ(found(house, *who, "smith"), Rows{});
    EXPECT_EQ(asked(house, house.kit, "Jo").body, asked(house, house.kit, "Nobody").body);
    EXPECT_EQ(found(house, house.dee, "worker"), Rows{}) << "staff are in the directory, and in no case";

    auto row = asked(house, house.kit, "smith").json().at("found").at(0);
    EXPECT_EQ(row.at("subject").as_string(), house.ash.child.hex());
    EXPECT_EQ(row.at("team").as_string(), "north");
    EXPECT_TRUE(row.at("open").as_bool());
    EXPECT_TRUE(row.at("state").is_string());
}

TEST(Search, TellsTheLastNameAndFindsByTheOldOneToo) {
    House house;
    auto ash = "@" + house.ash.stream.hex();
    name(house, house.kit, house.ash.stream, {{house.ash.child, "Jo Smith"}});
    name(house, house.kit, house.ash.stream, {{house.ash.child, "Jo Brown"}});
    EXPECT_EQ(found(house, house.kit, "smith"), Rows{"Jo Brown" + ash});
    EXPECT_EQ(found(house, house.kit, "brown"), Rows{"Jo Brown" + ash});
    // A name that another case alone tells finds nobody for those who may not read that one.
    name(house, house.sam, house.elm.stream, {{house.ash.child, "Jo Okonkwo"}});
    EXPECT_EQ(found(house, house.kit, "okonkwo"), Rows{});
    EXPECT_EQ(found(house, house.sam, "okonkwo"), Rows{"Jo Okonkwo@" + house.elm.stream.hex()});
    EXPECT_EQ(found(house, house.sam, "brown"), Rows{});
}

TEST(Search, FindsNobodyWhoWasErased) {
    House house;
    auto other = ledger::random_id<schema::SubjectId>();
    name(house, house.kit, house.ash.stream, {{house.ash.child, "Jo Smith"}, {other, "Al Smith"}});
    EXPECT_EQ(found(house, house.kit, "smith").size(), 2u);
    ledger::Erasure erasures[] = {{house.ash.child, house.book().next_position()}};
    ASSERT_TRUE(house.book().keys().erase(erasures));
    EXPECT_EQ(found(house, house.kit, "smith"), Rows{"Al Smith@" + house.ash.stream.hex()});
}

// A word under the heading "name" may hold anything; what no list can show is no name, and the others are still found.
TEST(Search, ShowsNothingThatIsTooLongForAName) {
    House house;
    auto other = ledger::random_id<schema::SubjectId>();
    name(house, house.kit, house.ash.stream,
         {{house.ash.child, "Jo Smith " + std::string(1000, 'o')}, {other, "Al Smith"}});
    EXPECT_EQ(found(house, house.kit, "smith"), Rows{"Al Smith@" + house.ash.stream.hex()});
}

TEST(Search, RefusesWhatIsNoName) {
    auto& house = test::shared_house();
    for (auto* body :
         {"[]", "{}", R"({"name": 1})", R"({"name": ""})", R"({"name": "--"})", R"({"name": "a", "b": 1})"})
        EXPECT_EQ(house.client(house.dee).post("/v1/search", body)->status, 400) << body;
    EXPECT_EQ(asked(house, house.dee, std::string(201, 'a')).json().at("field").as_string(), "name");
    EXPECT_EQ(house.client(house.dee).get("/v1/search")->status, 405);
    EXPECT_EQ(house.client(house.dee).post("/v1/search?name=smith", "{}")->status, 400);
    EXPECT_EQ(house.stranger().post("/v1/search", R"({"name": "smith"})")->status, 401);
}

}  // namespace
