// Loads against caps: pro rata, over by how many and with whose approval, two limits of a service side by side.
#include "projections/fixture.h"

namespace projections::test {
namespace {

json::value row(const json::object& answer, const char* list, const char* field, const std::string& value) {
    for (auto& each : answer.at(list).as_array())
        if (each.at(field) == json::value(value)) return each;
    ADD_FAILURE() << "no " << value;
    return nullptr;
}

std::vector<std::string> children(int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.push_back("c" + std::to_string(i));
    return names;
}

TEST(Caseload, AWorkersCapIsProRataAndGoingOverShowsWhoApprovedIt) {  // V13
    Book book;
    book.hire("2018-05-21 10:00", "kit", "family-key-worker", "north", 60);
    book.hire("2018-05-21 10:00", "pat", "family-key-worker", "north", 100);
    book.adopt("2018-05-22 09:00", schema::packs::BEX2018.get());
    auto elm = Book::family("elm"), oak = Book::family("oak");
    auto first = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00", elm, children(14));
    book.allocate("2018-05-25 10:00", first, "kit", elm);
    auto second = book.episode("2018-05-28 09:00", "2018-05-28 10:00", "2018-05-28 14:00", oak, children(3));
    auto loads = *book.views().caseload_json();
    EXPECT_EQ(loads.at("unallocated").at(0).at("children"), 3);
    EXPECT_EQ(row(loads, "workers", "person", person("kit")).at("over"), 0);
    book.record("2018-05-29 09:00", "tess", "team-manager", oak,
                {{"capacityOverrideApproved",
                  {{"episode", second.hex()}, {"worker", person("kit")}, {"cap", 15}, {"projected", 17}}}});
    book.allocate("2018-05-29 10:00", second, "kit", oak);

    loads = *book.views().caseload_json();
    auto kit = row(loads, "workers", "person", person("kit"));
    EXPECT_EQ(kit.at("children"), 17);
    EXPECT_EQ(kit.at("families"), 2);
    EXPECT_EQ(kit.at("cap"), 15);
    EXPECT_EQ(kit.at("over"), 2);
    EXPECT_EQ(kit.at("approvedOverrides").at(0).at("projected"), 17);
    EXPECT_EQ(row(loads, "workers", "person", person("pat")).at("cap"), 25);
    auto limits = loads.at("service").at("limits").as_array();
    ASSERT_EQ(limits.size(), 2u);
    EXPECT_EQ(limits[0].at("held"), 2);
    EXPECT_EQ(limits[0].at("mode"), "reported");
    EXPECT_EQ(limits[1].at("held"), 17);
    EXPECT_EQ(limits[1].at("limit"), 400);

    auto then = *book.views().caseload_json(at("2018-05-28 12:00"));
    EXPECT_EQ(row(then, "workers", "person", person("kit")).at("children"), 14);
    EXPECT_EQ(then.at("service").at("families"), 1);
    EXPECT_EQ(then.at("asAt"), "2018-05-28T12:00:00+01:00");
}

TEST(Caseload, APodIsCountedByLevel) {  // V17
    Book book;
    book.record("2018-04-01 09:00", "gov", "data-governor", Book::directory(),
                {{"teamFormed", {{"team", "north"}, {"kind", "pod"}, {"name", "Pod North"}}}});
    book.hire("2018-04-01 10:00", "fay", "family-support-worker", "north", 100);
    book.hire("2018-04-01 10:00", "sol", "strengthening-families-social-worker", "north", 100);
    book.adopt("2018-05-01 09:00", schema::packs::WAR2018.get());
    auto episode = book.episode("2018-05-24 09:00", "2018-05-24 10:00", "2018-05-24 14:00", Book::family(), {"a", "b"});
    book.allocate("2018-05-25 10:00", episode, "fay");
    book.say("2018-06-25 10:00", "sol", "strengthening-families-social-worker",
             {{"levelSet", {{"episode", episode.hex()}, {"children", {child("aash")}}, {"level", "child-in-need"}}}});
    book.say("2018-06-25 10:05", "tess", "team-manager",
             {{"leadAppointed", {{"episode", episode.hex()}, {"lead", person("sol")}}}});
    auto loads = *book.views().caseload_json();
    EXPECT_EQ(row(loads, "workers", "person", person("fay")).at("children"), 2) << "the worker stays the same";
    EXPECT_EQ(row(loads, "workers", "person", person("sol")).at("cap"), 50);
    auto pod = row(loads, "teams", "team", "north");
    EXPECT_EQ(pod.at("name"), "Pod North");
    ASSERT_EQ(pod.at("limits").as_array().size(), 3u);
    EXPECT_EQ(pod.at("limits").at(0).at("held"), 2);
    EXPECT_EQ(pod.at("limits").at(1).at("held"), 1);
    EXPECT_EQ(pod.at("limits").at(1).at("mode"), "advisory");
    book.say("2018-07-25 10:05", "tess", "team-manager",
             {{"caseClosed", {{"episode", episode.hex()}, {"reason", "goals-met"}, {"outcome", "goals-met"}}}});
    EXPECT_EQ(book.views().caseload_json()->at("service").at("families"), 0);
}

}  // namespace
}  // namespace projections::test
