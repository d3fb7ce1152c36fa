// NAME=VALUE becomes what the schema wants, for every event, and a slip is told with the field's name.
#include "tools/event_form.h"

#include <gtest/gtest.h>

#include "schema/packs/bex_2018.capnp.h"
#include "tools/event_help.h"

namespace {

TEST(SetField, MakesWhatTheSchemaWants) {
    boost::json::object fact;
    auto& marks = *tools::marks_of_type("contactReceived");
    for (auto* setting :
         {"channel=phone", "outOfHours=yes", "consent=verbal", "factors=a,b", "factors=c", "children=new,new"})
        ASSERT_TRUE(tools::set_field(marks, fact, setting)) << setting;
    EXPECT_EQ(fact["channel"], "phone");
    EXPECT_EQ(fact["outOfHours"], true);
    EXPECT_EQ(fact["factors"].as_array().size(), 3u);
    ASSERT_EQ(fact["children"].as_array().size(), 2u);
    EXPECT_EQ(fact["children"].at(0).as_string().size(), 32u);
    EXPECT_NE(fact["children"].at(0), fact["children"].at(1));
    EXPECT_EQ(tools::subjects_in(marks, fact).size(), 2u);
}

TEST(SetField, NamesTheFieldThatIsWrong) {
    boost::json::object fact;
    auto& marks = *tools::marks_of_type("allocated");
    auto scaling = tools::set_field(marks, fact, "scaling=many");
    ASSERT_FALSE(scaling);
    EXPECT_EQ(scaling.error().field, "scaling");
    auto unknown = tools::set_field(marks, fact, "colour=red");
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().message.find("worker"), std::string::npos);
    EXPECT_FALSE(tools::set_field(marks, fact, "worker"));
}

TEST(MissingFields, AreThoseThatMustBeGivenAndAChoiceIsNeverLeftToChance) {
    boost::json::object fact{{"contact", std::string(32, 'a')}};
    auto missing = tools::missing_fields(*tools::marks_of_type("mashDecided"), fact);
    ASSERT_EQ(missing.size(), 1u);
    EXPECT_EQ(missing.front()->name, "option");
}

TEST(HelpForEvent, IsThereForEveryTypeAndNamesEveryField) {
    for (auto& type : schema::event_types) {
        auto name = schema::name_of(type.which);
        auto text = tools::help_for_event(name, schema::packs::BEX2018.get(), tools::Screen{});
        for (auto& field : tools::marks_of_type(name)->fields)
            EXPECT_NE(text.find(field.name), std::string::npos) << name;
        EXPECT_NE(text.find("caseledger record " + std::string(name)), std::string::npos);
    }
}

}  // namespace
