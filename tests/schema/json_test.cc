// Events as JSON and back: nothing is lost, and what is wrong is named by its field.
#include "schema/json.h"

#include <capnp/message.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "schema/event.h"
#include "schema/event_types.h"
#include "schema/samples.h"

namespace {

using namespace schema;
namespace json = boost::json;

TEST(Json, GivesBackTheSameCanonicalBytesForEveryEventType) {
    for (auto& type : event_types)
        for (uint64_t seed = 0; seed < 25; ++seed) {
            auto bytes = samples::event_of(type.which, seed);
            auto event = EventMessage::decode(as_bytes(bytes), practice_event_limit).value();
            auto text = json::serialize(to_json(event.read()));
            auto parsed = parse_json(text);
            ASSERT_TRUE(parsed) << text;
            capnp::MallocMessageBuilder message;
            auto again = message.initRoot<Event>();
            auto filled = from_json(*parsed, again, "");
            ASSERT_TRUE(filled) << filled.error().text() << "\n" << text;
            ASSERT_EQ(to_hex(as_bytes(canonical_bytes(again.asReader()))), to_hex(as_bytes(bytes)))
                << name_of(type.which) << "\n"
                << text;
        }
}

Result<void> fill(const std::string& text) {
    capnp::MallocMessageBuilder message;
    return from_json(parse_json(text).value(), message.initRoot<Event>(), "");
}

// Else the JSON of every event from before the field would change.
TEST(Json, LeavesOutAYesOrNoThatWasAddedLaterWhereItIsNo) {
    capnp::MallocMessageBuilder message;
    auto gap = message.initRoot<Gap>();
    EXPECT_FALSE(to_json(gap.asReader()).contains("endsEvidence"));
    gap.setEndsEvidence(true);
    EXPECT_EQ(to_json(gap.asReader()).at("endsEvidence"), true);
}

TEST(Json, ErrorsNameTheFieldAndSayWhatIsPossible) {
    struct Case {
        const char *text, *field, *says;
    };
    for (auto& [text, field, says] : std::vector<Case>{
             {R"(3)", "", "object"},
             {R"({"colour": 3})", "colour", "not a field"},
             {R"({"id": 3})", "id", "hexadecimal"},
             {R"({"id": "xyz!"})", "id", "hexadecimal"},
             {R"({"role": 3})", "role", "text"},
             {R"({"role": "a\u0000b"})", "role", "character"},
             {R"({"basis": 3})", "basis", "list"},
             {R"({"basis": [1, -1]})", "basis[1]", "whole number"},
             {R"({"basis": [1.5]})", "basis[0]", "whole number"},
             {R"({"basis": ["1"]})", "basis[0]", "whole number"},
             {R"({"seen": []})", "seen", "object"},
             {R"({"seen": {"revision": 18446744073709551616}})", "seen.revision", "whole number"},
             {R"({"occurred": {"at": 5}})", "occurred.at", "time"},
             {R"({"occurred": {"at": "yesterday"}})", "occurred.at", "time"},
             {R"({"occurred": {"at": "2018-02-30T10:00"}})", "occurred.at", "time"},
             {R"({"occurred": {"precision": "roughly"}})", "occurred.precision", "exact, day, approximate, range"},
             {R"({"occurred": {"precision": 1}})", "occurred.precision", "exact"},
             {R"({"joint": [{"person": "00"}, 3]})", "joint[0].person", "hexadecimal"},
             {R"({"joint": [{}, 3]})", "joint[1]", "object"},
             {R"({"fact": {"caseNoteAdded": {}, "caseClosed": {}}})", "fact.caseClosed", "only one"},
             {R"({"fact": {"caseMislaid": {}}})", "fact.caseMislaid", "not a field"},
             {R"({"fact": {"caseNoteAdded": null}})", "fact.caseNoteAdded", "object"},
             {R"({"fact": {"allocated": {"scaling": 256}}})", "fact.allocated.scaling", "255"},
             {R"({"fact": {"allocated": {"visitBy": 17700}}})", "fact.allocated.visitBy", "day"},
             {R"({"fact": {"allocated": {"visitBy": "2018-06-31"}}})", "fact.allocated.visitBy", "day"},
             {R"({"fact": {"contactReceived": {"outOfHours": "yes"}}})", "fact.contactReceived.outOfHours",
              "true or false"},
             {"{\"ledger\\u0000x\": \"y\"}", "", "not a field"},
             {"{\"occurred\": {\"precision\": \"day\\u0000\"}}", "occurred.precision", "one of"}}) {
        auto filled = fill(text);
        ASSERT_FALSE(filled) << text;
        EXPECT_EQ(filled.error().fault, Fault::malformed);
        if (*field) {
            EXPECT_EQ(filled.error().field, field) << text;
        }
        EXPECT_NE(filled.error().message.find(says), std::string::npos) << text << ": " << filled.error().message;
    }
}

TEST(Json, TextIsParsedStrictly) {
    for (auto* text :
         {"", "{", "{} {}", "{}x", "{'a': 1}", "{\"a\": 1,}", "nul", "\"\xff\"", "[1 2]", "// x\n{}", "NaN"})
        EXPECT_FALSE(parse_json(text)) << text;
    EXPECT_TRUE(parse_json(std::string(31, '[') + std::string(31, ']')));
    EXPECT_FALSE(parse_json(std::string(40, '[') + std::string(40, ']')));
    EXPECT_FALSE(parse_json(std::string(100'000, '[')));
}

// Boost keeps the last of two; who looked at the first has looked at another document.
TEST(Json, AMemberIsGivenOnce) {
    auto field = [](const char* text) {
        auto parsed = parse_json(text);
        return parsed ? std::string("parsed") : parsed.error().field;
    };
    EXPECT_EQ(field(R"({"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 1}]})"), "parsed");
    EXPECT_EQ(field(R"({"a": 1, "b": 2, "a": 1})"), "a");
    EXPECT_EQ(field(R"({"b": [{"note": 1, "\u006eote": 2}]})"), "note");
}

TEST(Json, AnEventHasOneSpellingOfWhatIsNotThere) {
    auto bytes = [](const char* text) {
        capnp::MallocMessageBuilder message;
        auto event = message.initRoot<Event>();
        EXPECT_TRUE(from_json(parse_json(text).value(), event, ""));
        return canonical_bytes(event.asReader());
    };
    EXPECT_EQ(bytes(R"({"role": "key-worker", "team": "", "words": "", "basis": [], "joint": []})"),
              bytes(R"({"role": "key-worker"})"));
}

TEST(Json, AFewBytesDoNotBecomeMegabytes) {
    std::string text = R"({"fact": {"practiceAdopted": {"rules": [)";
    for (int i = 0; i < 30; ++i) {
        text += i ? "," : "";
        text += R"({"readings": [)";
        for (int j = 0; j < 1000; ++j) text += j ? ",{}" : "{}";
        text += "]}";
    }
    auto filled = fill(text + "]}}}");
    ASSERT_FALSE(filled);
    EXPECT_NE(filled.error().message.find("20,000"), std::string::npos) << filled.error().text();
}

TEST(Json, ListsHaveALimit) {
    std::string text = R"({"basis": [0)";
    for (int i = 0; i < 10'000; ++i) text += ",0";
    EXPECT_FALSE(fill(text + "]}"));
}

RC_GTEST_PROP(Base64, ComesBackAndHasOneSpelling, (const std::string& bytes)) {
    auto text = to_base64(as_bytes(bytes));
    RC_ASSERT(from_base64(text, "") == bytes);
    RC_ASSERT(!from_base64(text + "=", ""));
    RC_ASSERT(!from_base64(text + "\n", ""));
    RC_ASSERT(!from_base64(" " + text, ""));
}

TEST(Base64, RefusesEveryOtherSpelling) {
    EXPECT_EQ(from_base64("", "").value(), "");
    EXPECT_EQ(from_base64("QQ==", "").value(), "A");
    for (auto* text : {"QQ", "QQ=", "QR==", "QQ==\n", "Q Q=", "Q===", "====", "QQ==QQ==", "QUI",
                       "QUK=", "Q-==", "Q_==", "    ", "\n\n\n\n", "    QQ==", "QQ=A", "=QQ=", "QQ==    "})
        EXPECT_FALSE(from_base64(text, "field")) << text;
    EXPECT_EQ(from_base64("?", "field").error().field, "field");
}

RC_GTEST_PROP(Base64, NeverFallsOverOnAnyText, (const std::string& text)) {
    auto raw = from_base64(text, "");
    RC_ASSERT((!raw || to_base64(as_bytes(*raw)) == text));
}

}  // namespace
