// What moments promise: they name what the schema's own walk finds in a fact, no more and no less.
#include "projections/moments.h"

#include <capnp/dynamic.h>

#include "projections/life.h"

namespace projections::test {
namespace {

std::string told(const std::vector<std::string>& parts) {
    std::string all;
    for (auto& part : parts) (all += part) += "; ";
    return all;
}

// By schema::examine and the library's dynamic readers, which know nothing of where fields lie.
std::string by_the_schema(const ledger::Entry& entry) {
    std::vector<std::string> refers, people, children, adults, codes, rest;
    auto mentions = schema::examine(entry.read());
    EXPECT_TRUE(mentions);
    for (auto& mention : *mentions) {
        auto& field = *mention.field;
        auto raw = field.name + "=" + schema::to_hex(schema::as_bytes(mention.value));
        if (!field.refers.empty()) refers.push_back(raw);
        else if (field.person) people.push_back(raw);
        else if (field.subject.ends_with("child")) children.push_back(raw.substr(field.name.size() + 1));
        else if (field.subject.ends_with("adult")) adults.push_back(raw.substr(field.name.size() + 1));
        else if (!field.codes.empty())
            codes.push_back(field.name + "/" + field.title + "/" + field.codes + "/" + std::string(mention.value));
    }
    capnp::DynamicStruct::Reader fact = entry.fact();
    KJ_IF_MAYBE (which, fact.which()) {
        auto inner = fact.get(*which).as<capnp::DynamicStruct>();
        for (auto& field : schema::marks_of(which->getType().asStruct()).fields) {
            if (field.list) continue;
            if (field.kind) {
                auto held = inner.get(field.field);
                std::string kind;
                if (field.which == capnp::schema::Type::TEXT) {
                    kind = held.as<capnp::Text>().cStr();
                } else {
                    KJ_IF_MAYBE (named, held.as<capnp::DynamicEnum>().getEnumerant()) {
                        kind = named->getProto().getName().cStr();
                    } else {
                        ADD_FAILURE() << field.name << " has no such value";
                    }
                }
                rest.push_back("kind=" + kind);
            }
            auto value = [&] { return inner.get(field.field); };
            if (field.date && value().as<int32_t>())
                rest.push_back(field.name + "=" + std::to_string(value().as<int32_t>()));
            else if (field.moment && value().as<int64_t>())
                rest.push_back("moved=" + std::to_string(value().as<int64_t>()));
            else if (field.which == capnp::schema::Type::BOOL && value().as<bool>()) rest.push_back(field.name);
            else if (field.which == capnp::schema::Type::TEXT && field.name == "team")
                rest.push_back("team=" + std::string(value().as<capnp::Text>()));
        }
    }
    std::sort(rest.begin(), rest.end());
    return told(refers) + told(people) + told(children) + told(adults) + told(codes) + told(rest);
}

std::string by_the_moment(const Moment& moment) {
    std::vector<std::string> refers, people, children, adults, codes, rest;
    for (auto& each : moment.refers) refers.push_back(each.field + "=" + each.event.hex());
    for (auto& each : moment.people) people.push_back(each.field + "=" + each.person.hex());
    for (auto& each : moment.children) children.push_back(each.hex());
    for (auto& each : moment.adults) adults.push_back(each.hex());
    for (auto& each : moment.codes) codes.push_back(each.field + "/" + each.title + "/" + each.list + "/" + each.code);
    for (auto& each : moment.dates) rest.push_back(each.field + "=" + std::to_string(schema::number(each.day)));
    if (moment.moved_to) rest.push_back("moved=" + std::to_string(schema::milliseconds(*moment.moved_to)));
    for (auto& each : moment.yes) rest.push_back(each);
    if (!moment.kind.empty()) rest.push_back("kind=" + moment.kind);
    for (auto marks : {&schema::marks_of(capnp::Schema::from<schema::Fact>()
                                             .getUnionFields()[static_cast<unsigned>(moment.type)]
                                             .getType()
                                             .asStruct())})
        for (auto& field : marks->fields)
            if (field.name == "team" && !field.list && field.which == capnp::schema::Type::TEXT)
                rest.push_back("team=" + moment.for_team);
    std::sort(rest.begin(), rest.end());
    return told(refers) + told(people) + told(children) + told(adults) + told(codes) + told(rest);
}

TEST(Moments, NameWhatTheSchemaFinds) {
    std::set<schema::Fact::Which> met;
    for (uint32_t seed = 31; seed < 37; ++seed) {
        Book book;
        book.adopt("2015-02-01 09:00", schema::packs::BEX2018.get());
        Life(book, seed).live(160);
        ASSERT_TRUE(book.ledger().read(0, book.size(), [&](const ledger::Entry& entry) {
            met.insert(entry.type());
            EXPECT_EQ(by_the_moment(moment_of(entry, [](auto&) { return Belongs{}; })), by_the_schema(entry));
            return true;
        }));
    }
    EXPECT_GT(met.size(), 40u) << "of the types of events";
}

}  // namespace
}  // namespace projections::test
