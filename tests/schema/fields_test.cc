// Strangers' JSON read field by field: the first thing wrong is told, with its path, and so is what nobody asked for.
#include "schema/fields.h"

#include <gtest/gtest.h>

#include "schema/json.h"

namespace {

using schema::Fields;

template <class Read>
std::string error_of(const char* text, Read read) {
    auto value = schema::parse_json(text).value();
    Fields fields(value, "body");
    read(fields);
    auto done = fields.finish();
    return done ? "" : done.error().text();
}

TEST(Fields, NameWhatIsMissingWrongOrUnknown) {
    auto text = [](Fields& fields) { (void)fields.text("name"); };
    EXPECT_EQ(error_of(R"({"name": "x"})", text), "");
    EXPECT_NE(error_of(R"({})", text).find("body.name: is missing"), std::string::npos);
    EXPECT_NE(error_of(R"({"name": 3})", text).find("body.name: must be text"), std::string::npos);
    EXPECT_NE(error_of(R"({"name": "x", "nom": 1})", text).find("body.nom: is not a field"), std::string::npos);
    EXPECT_NE(error_of("[]", text).find("body: must be an object"), std::string::npos);
    auto several = [](Fields& fields) {
        (void)fields.hex("id", 2), (void)fields.base64("raw"), (void)fields.list("all"), (void)fields.object("one");
        (void)fields.optional_moment("at");
    };
    EXPECT_EQ(error_of(R"({"id": "00ff", "raw": "AA==", "all": [], "one": {}})", several), "");
    EXPECT_NE(error_of(R"({"id": "00f", "raw": "?", "all": [], "one": {}})", several).find("body.id: must be 4"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"id": "00ff", "raw": "AA=", "all": [], "one": {}})", several).find("body.raw"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"id": "00ff", "raw": "", "all": {}, "one": {}})", several).find("body.all: must be a list"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"id": "00ff", "raw": "", "all": [], "one": {}, "at": "noon"})", several).find("body.at"),
              std::string::npos);
}

TEST(Utf8, IsToldFromWhatOnlyLooksLikeIt) {
    for (auto* good :
         {"", "plain", "caf\xc3\xa9", "\xe2\x80\x94", "\xf0\x9f\x8c\xb3", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(schema::is_utf8(good)) << good;
    // Cut short, over-long, surrogates, beyond Unicode, a stray continuation.
    for (auto* bad :
         {"\xc3", "\xe2\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xff"})
        EXPECT_FALSE(schema::is_utf8(bad));
}

}  // namespace
