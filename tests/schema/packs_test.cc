// The shipped practices and the calendar keep together: every name in them means something, every line has its source.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "schema/event.h"
#include "schema/event_types.h"
#include "schema/packs/bex_2018.capnp.h"
#include "schema/packs/england_and_wales.capnp.h"
#include "schema/packs/war_2018.capnp.h"
#include "schema/time.h"

namespace {

using schema::FieldMarks;
using schema::Practice;
using schema::text_of;

capnp::StructSchema fact_schema() { return capnp::Schema::from<schema::Fact>().asStruct(); }

// The event type of that name; nothing where the ledger has no such event.
kj::Maybe<capnp::StructSchema> event_type(std::string_view name) {
    for (auto member : fact_schema().getUnionFields())
        if (text_of(member.getProto().getName()) == name) return member.getType().asStruct();
    return nullptr;
}
bool is_event(std::string_view name) {
    bool found = false;
    KJ_IF_MAYBE (type, event_type(name)) found = type != nullptr;
    return found;
}
std::vector<FieldMarks> fields_of(std::string_view event) {
    KJ_IF_MAYBE (type, event_type(event)) return schema::marks_of(*type).fields;
    return {};
}

bool asks(std::string_view event, std::string_view name) {
    return std::ranges::any_of(
        fields_of(event), [&](auto& field) { return field.which == capnp::schema::Type::BOOL && field.name == name; });
}
std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    std::istringstream in{std::string(text)};
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

template <class List>
std::vector<std::string> texts(List list) {
    std::vector<std::string> out;
    for (auto text : list) out.push_back(text);
    return out;
}

struct Tables {
    std::set<std::string> roles;
    std::map<std::string, std::set<std::string>> codes;
};
Tables tables_of(Practice::Reader practice) {
    Tables tables;
    for (auto role : practice.getRoles()) tables.roles.insert(role.getCode());
    for (auto list : practice.getCodeLists())
        for (auto code : list.getCodes()) tables.codes[list.getName()].insert(code.getCode());
    return tables;
}

// Whether an event has such a kind: a code of its list, or a member of its enum.
bool is_kind(const Tables& tables, std::string_view event, const std::string& kind) {
    for (auto& field : fields_of(event)) {
        if (!field.kind) continue;
        if (!field.codes.empty())
            return tables.codes.contains(field.codes) && tables.codes.at(field.codes).contains(kind);
        for (auto value : field.field.getType().asEnum().getEnumerants())
            if (text_of(value.getProto().getName()) == kind) return true;
    }
    return false;
}

// "S1:205", "S1:199-203,985", "S1:7 S0:125"
bool is_source(capnp::Text::Reader source) {
    static const std::regex form(R"(S[0-4]:\d+(-\d+)?(,\d+(-\d+)?)*( S[0-4]:\d+(-\d+)?(,\d+(-\d+)?)*)*)");
    return std::regex_match(std::string(source), form);
}

bool is_code(std::string_view code) {
    return !code.empty() && std::ranges::all_of(code, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

class Packs : public testing::TestWithParam<const char*> {
  protected:
    Practice::Reader practice() const {
        return GetParam() == std::string_view("BEX-2018") ? schema::packs::BEX2018.get() : schema::packs::WAR2018.get();
    }
    Tables tables() const { return tables_of(practice()); }
};
INSTANTIATE_TEST_SUITE_P(Shipped, Packs, testing::Values("BEX-2018", "WAR-2018"),
                         [](auto& one) { return one.param == std::string_view("BEX-2018") ? "Bex2018" : "War2018"; });

TEST_P(Packs, AreNamedDatedAndGoverned) {
    EXPECT_EQ(std::string(practice().getId()), GetParam());
    EXPECT_LT(practice().getFrom(), practice().getUntil());
    EXPECT_EQ(std::string(practice().getCalendar()), std::string(schema::packs::ENGLAND_AND_WALES->getId()));
    bool governed = false;
    for (auto role : practice().getRoles()) governed |= role.getGoverns();
    EXPECT_TRUE(governed);
}

TEST_P(Packs, CanBeAdoptedAsASignedEvent) {
    capnp::MallocMessageBuilder builder;
    auto event = builder.initRoot<schema::Event>();
    const std::array<uint8_t, 32> bytes{1};
    const auto id = kj::arrayPtr(bytes.data(), 16), digest = kj::arrayPtr(bytes.data(), 32);
    const auto stream = schema::reserved_stream(schema::practice_stream_number);
    event.setLedger("test.example/ledger");
    event.setId(id);
    event.setStream(schema::data_of(stream));
    event.initSeen();
    event.setActor(id);
    event.setKey(digest);
    event.setRole("data-governor");
    event.initOccurred().setAt(int64_t{17673} * 86'400'000);
    event.initSource();
    event.initFact().setPracticeAdopted(practice());

    auto decoded = schema::decode_event(schema::as_bytes(schema::canonical_bytes(event.asReader())));
    EXPECT_TRUE(decoded) << decoded.error().text();
}

TEST_P(Packs, GiveASourceForEveryLine) {
    auto source = [](auto line, std::string name) { EXPECT_TRUE(is_source(line.getSource())) << name; };
    source(practice(), "practice");
    for (auto role : practice().getRoles()) source(role, role.getCode());
    for (auto act : practice().getActs()) source(act, act.getEvent());
    for (auto guard : practice().getGuards()) source(guard, "guard " + std::to_string(int(guard.getGuard())));
    for (auto list : practice().getCodeLists()) {
        source(list, list.getName());
        for (auto code : list.getCodes())
            if (code.hasSource()) source(code, code.getCode());
    }
    for (auto rule : practice().getRules()) {
        source(rule, rule.getId());
        EXPECT_TRUE(rule.hasQuote()) << std::string(rule.getId());
        for (auto reading : rule.getReadings()) source(reading, reading.getId());
    }
    for (auto cap : practice().getCaps()) source(cap, cap.getId());
    for (auto list : practice().getChecklists()) {
        source(list, list.getCode());
        for (auto item : list.getItems()) source(item, item.getTitle());
    }
    for (auto gap : practice().getGaps()) {
        source(gap, gap.getText());
        EXPECT_TRUE(gap.hasText());
    }
}

TEST_P(Packs, SayEachThingOnce) {
    std::set<std::string> seen;
    auto once = [&](std::string what) { EXPECT_TRUE(seen.insert(what).second) << what; };
    for (auto role : practice().getRoles()) once("role " + std::string(role.getCode()));
    for (auto act : practice().getActs()) once("act " + std::string(act.getEvent()) + "/" + std::string(act.getKind()));
    for (auto guard : practice().getGuards())
        once("guard " + std::to_string(int(guard.getGuard())) + "/" + std::string(guard.getCode()) + "/" +
             std::string(guard.getDetail()) + "/" + std::string(guard.getKind()));
    for (auto list : practice().getCodeLists()) {
        once("codes " + std::string(list.getName()));
        for (auto code : list.getCodes()) once(std::string(list.getName()) + ":" + std::string(code.getCode()));
    }
    for (auto rule : practice().getRules()) {
        once("rule " + std::string(rule.getId()));
        for (auto reading : rule.getReadings()) once(std::string(rule.getId()) + "/" + std::string(reading.getId()));
    }
    for (auto cap : practice().getCaps()) once("cap " + std::string(cap.getId()));
    for (auto list : practice().getChecklists()) {
        once("checklist " + std::string(list.getCode()));
        for (auto item : list.getItems()) once(std::string(list.getCode()) + std::to_string(item.getNumber()));
    }
}

TEST_P(Packs, WriteCodesAsCodes) {
    for (auto role : practice().getRoles())
        EXPECT_TRUE(is_code(text_of(role.getCode()))) << std::string(role.getCode());
    for (auto list : practice().getCodeLists()) {
        EXPECT_TRUE(is_code(text_of(list.getName())));
        for (auto code : list.getCodes()) {
            EXPECT_TRUE(is_code(text_of(code.getCode()))) << std::string(code.getCode());
            EXPECT_TRUE(code.hasTitle()) << std::string(code.getCode());
        }
    }
}

TEST_P(Packs, PermitOnlyKnownEventsToKnownRoles) {
    auto known = tables();
    for (auto act : practice().getActs()) {
        std::string event = act.getEvent();
        EXPECT_TRUE(is_event(event)) << event;
        if (act.hasKind()) {
            EXPECT_TRUE(is_kind(known, event, act.getKind())) << event << " " << std::string(act.getKind());
        }
        EXPECT_GT(act.getRoles().size(), 0u) << event;
        for (auto role : act.getRoles()) EXPECT_TRUE(known.roles.contains(role)) << event << " " << std::string(role);
    }
}

// Whoever may record an event finds the codes it asks for.
TEST_P(Packs, HaveTheCodeListsThatPermittedEventsNeed) {
    auto known = tables();
    for (auto act : practice().getActs())
        for (auto& field : fields_of(text_of(act.getEvent()))) {
            std::vector<FieldMarks> needed{field};
            if (field.inner && !field.optional) needed = field.inner->fields;
            for (auto& one : needed)
                if (!one.codes.empty() && !one.optional) {
                    EXPECT_TRUE(known.codes.contains(one.codes)) << std::string(act.getEvent()) << " " << one.codes;
                }
        }
}

TEST_P(Packs, GuardWithArgumentsThatExist) {
    using schema::Guard;
    auto known = tables();
    std::set<std::string> checklists;
    for (auto list : practice().getChecklists()) checklists.insert(list.getCode());
    for (auto guard : practice().getGuards()) {
        std::string code = guard.getCode(), detail = guard.getDetail();
        if (guard.hasKind()) {
            EXPECT_TRUE(is_kind(known, code, guard.getKind())) << code;
        }
        switch (guard.getGuard()) {
            case Guard::CONSENT_IN_WRITING:
            case Guard::WITHDRAWAL_CONSIDERED: EXPECT_TRUE(known.codes["consent-scope"].contains(code)) << code; break;
            case Guard::SAFETY_BEFORE_CONSENT:
            case Guard::PRESENTED_BY_WORKER_AND_MANAGER:
            case Guard::CORRECTED_BY_AUTHOR: EXPECT_TRUE(is_event(code)) << code; break;
            case Guard::LEAD_FOR_LEVEL:
                EXPECT_TRUE(known.codes["level"].contains(code)) << code;
                EXPECT_TRUE(known.roles.contains(detail)) << detail;
                break;
            case Guard::CONSENT_FOR_SCOPE:
                EXPECT_TRUE(is_event(code)) << code;
                EXPECT_TRUE(known.codes["consent-scope"].contains(detail)) << detail;
                break;
            case Guard::OVERSIGHT_BEFORE:
                EXPECT_TRUE(is_event(code)) << code;
                EXPECT_TRUE(known.codes["oversight-point"].contains(detail)) << detail;
                break;
            case Guard::MASH_WITHOUT_RECOMMENDATION:
            case Guard::PANEL_OF_TWO: EXPECT_TRUE(known.roles.contains(code)) << code; break;
            case Guard::CHECKLIST_BEFORE_CLOSURE: EXPECT_TRUE(checklists.contains(code)) << code; break;
            case Guard::NO_CONFIDENCES_IN_PUBLIC: EXPECT_TRUE(known.codes["place"].contains(code)) << code; break;
            default: EXPECT_TRUE(code.empty() && detail.empty()) << code;
        }
    }
}

TEST_P(Packs, StartAndEndClocksByKnownEvents) {
    auto known = tables();
    auto selects = [&](schema::Selector::Reader selector, std::string where) {
        EXPECT_GT(selector.getEvents().size(), 0u) << where;
        for (auto event : selector.getEvents()) {
            EXPECT_TRUE(is_event(text_of(event))) << where << " " << std::string(event);
            for (auto kind : selector.getKinds()) EXPECT_TRUE(is_kind(known, text_of(event), kind)) << where;
        }
        EXPECT_TRUE(!selector.hasWhere() || std::ranges::any_of(texts(selector.getEvents()), [&](auto& event) {
            return asks(event, text_of(selector.getWhere()));
        })) << where;
    };
    for (auto rule : practice().getRules()) {
        std::string id = rule.getId();
        for (auto stop : rule.getStops()) EXPECT_TRUE(is_event(text_of(stop))) << id;
        for (auto stop : rule.getStopsByKind()) selects(stop, id + " stops");
        for (auto reading : rule.getReadings()) {
            selects(reading.getStart(), id + " start");
            selects(reading.getEnd(), id + " end");
        }
    }
}

// A limit whose events the ledger does not know is listed all the same, and a gap says why nothing starts it.
TEST_P(Packs, SayWhyARuleHasNoReading) {
    std::set<std::string> explained;
    for (auto gap : practice().getGaps()) explained.insert(gap.getRule());
    for (auto rule : practice().getRules())
        if (rule.getReadings().size() == 0) {
            EXPECT_TRUE(explained.contains(rule.getId())) << std::string(rule.getId());
        }
}

// What a verdict without a rule cites is marked, so that the order of the gaps means nothing.
TEST_P(Packs, SayOnceWhereTheirEvidenceEnds) {
    size_t said = 0;
    for (auto gap : practice().getGaps()) {
        if (!gap.getEndsEvidence()) continue;
        ++said;
        EXPECT_FALSE(gap.hasRule()) << std::string(gap.getText());
    }
    EXPECT_EQ(said, practice().getUntil() ? 1u : 0u);
}

TEST_P(Packs, PairStartsWithEndsThatCanBePaired) {
    using schema::Pairing;
    for (auto rule : practice().getRules())
        for (auto reading : rule.getReadings()) {
            auto where = std::string(rule.getId()) + "/" + std::string(reading.getId());
            auto starts = texts(reading.getStart().getEvents()), ends = texts(reading.getEnd().getEvents());
            if (reading.getPairing() == Pairing::ITSELF) {
                EXPECT_EQ(starts, ends) << where;
            }
            if (reading.getMayComeBefore()) {
                EXPECT_TRUE(reading.getPairing() == Pairing::EPISODE && !reading.getRepeats()) << where;
            }
            if (reading.getPairing() != Pairing::REFERENCE) continue;
            for (auto& start : starts)
                for (auto& end : ends)
                    EXPECT_TRUE(std::ranges::any_of(
                        fields_of(end), [&](auto& field) { return std::ranges::count(field.refers, start) > 0; }))
                        << where << ": " << end << " does not refer to " << start;
        }
}

TEST_P(Packs, GiveEveryClockALimitOrShowItsTimesOnly) {
    using schema::Unit;
    for (auto rule : practice().getRules())
        for (auto reading : rule.getReadings()) {
            auto where = std::string(rule.getId()) + "/" + std::string(reading.getId());
            EXPECT_EQ(reading.getUnit() == Unit::NONE, reading.getLimit() == 0) << where;
            if (reading.getUnit() == Unit::NONE) {
                EXPECT_EQ(rule.getSeverity(), schema::Severity::MONITOR) << where;
            }
            if (reading.getOpens()) {
                EXPECT_LT(reading.getOpens(), reading.getLimit()) << where;
            }
            EXPECT_EQ(reading.hasReplacedBy(), reading.hasReplacedIn()) << where;
            for (auto& giver : split(text_of(reading.getReplacedIn())))
                EXPECT_TRUE(std::ranges::any_of(
                    fields_of(giver),
                    [&](auto& field) { return field.date && field.name == text_of(reading.getReplacedBy()); }))
                    << where << " " << giver;
        }
}

// Which reading holds is the authority's signed decision, never ours.
TEST_P(Packs, AdoptNoReading) {
    for (auto rule : practice().getRules()) EXPECT_FALSE(rule.hasAdopted()) << std::string(rule.getId());
}

TEST_P(Packs, CapKnownWorkersAndLevels) {
    auto known = tables();
    for (auto cap : practice().getCaps()) {
        EXPECT_GT(cap.getLimit(), 0u);
        if (cap.hasRole()) {
            EXPECT_TRUE(known.roles.contains(cap.getRole())) << std::string(cap.getId());
        }
        if (cap.hasLevel()) {
            EXPECT_TRUE(known.codes["level"].contains(cap.getLevel())) << std::string(cap.getId());
        }
        if (cap.hasTeamKind()) {
            EXPECT_TRUE(is_kind(known, "teamFormed", cap.getTeamKind())) << std::string(cap.getId());
        }
    }
}

TEST_P(Packs, CheckRecordsByKnownEvents) {
    for (auto list : practice().getChecklists())
        for (auto item : list.getItems()) {
            EXPECT_GT(item.getEvidence().size(), 0u) << std::string(item.getTitle());
            for (auto evidence : item.getEvidence()) {
                for (auto event : evidence.getAnyOf()) EXPECT_TRUE(is_event(text_of(event))) << std::string(event);
                if (evidence.hasWhen()) {
                    EXPECT_TRUE(is_event(text_of(evidence.getWhen())));
                }
            }
        }
}

TEST(Bexley, PermitsEveryEventToSomebody) {
    std::set<std::string> permitted;
    for (auto act : schema::packs::BEX2018->getActs()) permitted.insert(act.getEvent());
    for (auto& type : schema::event_types) {
        std::string name(schema::name_of(type.which));
        EXPECT_EQ(permitted.contains(name), !type.own_keys) << name;
    }
}

TEST(Bexley, AsksForTwelveItemsInTheCaseRecord) {
    auto items = schema::packs::BEX2018->getChecklists()[0].getItems();
    ASSERT_EQ(items.size(), 12u);
    for (unsigned i = 0; i < 12; ++i) EXPECT_EQ(items[i].getNumber(), i + 1);
}

TEST(Bexley, EndsBeforeItsReviewDayAndSaysWhatIsMissingAfter) {
    auto practice = schema::packs::BEX2018.get();
    EXPECT_EQ(practice.getFrom(), 17673);   // 2018-05-22
    EXPECT_EQ(practice.getUntil(), 18037);  // 2019-05-21
    EXPECT_TRUE(practice.getGaps()[0].getEndsEvidence());
    EXPECT_EQ(std::string(practice.getGaps()[0].getSource()), "S0:125 S1:7");
}

TEST(Warwickshire, IsInForceInTheSummerOf2018) {
    auto practice = schema::packs::WAR2018.get();
    EXPECT_EQ(practice.getFrom(), 17652);   // 2018-05-01
    EXPECT_EQ(practice.getUntil(), 17804);  // 2018-09-30
}

TEST(Calendar, IsInOrderWithinItsYearsAndHasNoWeekend) {
    auto calendar = schema::packs::ENGLAND_AND_WALES.get();
    int32_t before = calendar.getFrom() - 1;
    for (auto holiday : calendar.getHolidays()) {
        EXPECT_LT(before, holiday.getDay());
        EXPECT_LE(holiday.getDay(), calendar.getUntil());
        int weekday = (holiday.getDay() + 4) % 7;  // 1970-01-01 was a Thursday; 0 is Sunday
        EXPECT_TRUE(weekday != 0 && weekday != 6) << std::string(holiday.getTitle()) << " " << holiday.getDay();
        EXPECT_TRUE(holiday.hasTitle());
        EXPECT_LT(holiday.getKnownFrom(), holiday.getDay());
        before = holiday.getDay();
    }
}

TEST(Calendar, HasEightHolidaysAYearAndTheThreeExtraOnes) {
    std::map<int, int> count;
    for (auto holiday : schema::packs::ENGLAND_AND_WALES->getHolidays())
        ++count[int(std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{holiday.getDay()}}}.year())];
    ASSERT_EQ(count.size(), 14u);
    for (auto [year, days] : count) EXPECT_EQ(days, year == 2022 ? 10 : year == 2023 ? 9 : 8) << year;
}

TEST(Calendar, KnowsWhenLateHolidaysWereAnnounced) {
    std::map<int32_t, int32_t> late;
    for (auto holiday : schema::packs::ENGLAND_AND_WALES->getHolidays())
        if (holiday.getKnownFrom()) late[holiday.getDay()] = holiday.getKnownFrom();
    const std::map<int32_t, int32_t> announced = {
        {18390, 18054},  // 2020-05-08, moved to VE day: 2019-06-07
        {19145, 18578},  // 2022-06-02, moved: 2020-11-12
        {19146, 18578},  // 2022-06-03, Platinum Jubilee: 2020-11-12
        {19254, 19245},  // 2022-09-19, state funeral: 2022-09-10
        {19485, 19302},  // 2023-05-08, coronation: 2022-11-06
    };
    EXPECT_EQ(late, announced);
}

}  // namespace
