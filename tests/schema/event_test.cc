// The door for strangers' events: one canonical form, known fields only, every mark obeyed, and no exception gets out.
#include "schema/event.h"

#include <capnp/any.h>
#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <functional>
#include <random>
#include <set>

#include "schema/event_types.h"
#include "schema/ids.h"
#include "schema/json.h"
#include "schema/marks.h"
#include "schema/samples.h"

namespace {

using namespace schema;

Result<ExaminedEvent> decode(const std::string& bytes) {
    Result<ExaminedEvent> read = malformed("", "threw");
    EXPECT_NO_THROW(read = decode_event(as_bytes(bytes)));
    return read;
}

// A good event, changed through its builder; its canonical bytes.
std::string changed(Fact::Which which, const std::function<void(Event::Builder)>& how) {
    auto good = samples::event_of(which, 1);
    auto event = EventMessage::decode(as_bytes(good), practice_event_limit).value();
    capnp::MallocMessageBuilder message;
    message.setRoot(event.read());
    how(message.getRoot<Event>());
    return canonical_bytes(message.getRoot<Event>().asReader());
}
std::string field_of(const std::string& bytes) {
    auto read = decode(bytes);
    return read ? "accepted" : read.error().field;
}

TEST(Event, SamplesOfEveryTypeAreAccepted) {
    for (auto& type : event_types)
        for (uint64_t seed = 0; seed < 5; ++seed) {
            auto read = decode(samples::event_of(type.which, seed));
            ASSERT_TRUE(read) << name_of(type.which) << ": " << read.error().text();
            EXPECT_EQ(as_text(read->event.bytes()), samples::event_of(type.which, seed));
        }
}

TEST(Event, TypesHaveNamesAndTitlesOfTheirOwn) {
    std::set<std::string_view> names, titles;
    for (auto& type : event_types) {
        EXPECT_TRUE(names.insert(name_of(type.which)).second);
        EXPECT_TRUE(titles.insert(title_of(type.which)).second) << title_of(type.which);
        EXPECT_FALSE(title_of(type.which).empty()) << name_of(type.which);
        EXPECT_EQ(type_named(name_of(type.which)), &type);
    }
    EXPECT_EQ(type_named("noSuchEvent"), nullptr);
}

// ---- the bytes ----

TEST(Event, IsRefusedWhenItsBytesAreNotOneCanonicalMessage) {
    auto good = samples::event_of(Fact::CASE_NOTE_ADDED, 1);
    EXPECT_FALSE(decode(""));
    EXPECT_FALSE(decode("x"));
    EXPECT_FALSE(decode(std::string(8, '\0')));
    EXPECT_FALSE(decode(good + std::string(8, '\0')));      // bytes after its end
    EXPECT_FALSE(decode(good.substr(0, good.size() - 8)));  // cut
    EXPECT_FALSE(decode(good.substr(0, good.size() - 1)));
    EXPECT_FALSE(decode(std::string(practice_event_limit + 8, '\0')));
    EXPECT_FALSE(decode(good.substr(8) + good.substr(0, 8)));
}

TEST(Event, IsRefusedWhenItIsWellFormedButNotCanonical) {
    // The same event with its default padding, as a builder leaves it.
    auto good = samples::event_of(Fact::CASE_NOTE_ADDED, 1);
    auto event = EventMessage::decode(as_bytes(good), event_limit).value();
    capnp::MallocMessageBuilder message;
    auto root = message.initRoot<Event>();
    root.setLedger("x");
    root.setLedger(event->getLedger());  // leaves a hole behind
    root.setId(event->getId());
    auto segments = message.getSegmentsForOutput();
    ASSERT_EQ(segments.size(), 1u);
    EXPECT_FALSE(decode(string_of(segments[0])));
}

TEST(Event, IsRefusedWithAFarPointerOrACapability) {
    auto good = samples::event_of(Fact::CASE_NOTE_ADDED, 1);
    for (uint64_t kind : {2, 3}) {
        auto bad = good;
        std::memcpy(bad.data() + 8 * 4, &kind, 8);
        EXPECT_FALSE(decode(bad));
        bad = good;
        std::memcpy(bad.data(), &kind, 8);
        EXPECT_FALSE(decode(bad));
    }
}

TEST(Event, NeverThrowsWhateverItsBytes) {
    std::mt19937_64 random(7);
    for (auto& type : event_types) {
        auto good = samples::event_of(type.which, 2);
        if (good.size() > 4000) good = samples::event_of(Fact::PANEL_DECIDED, static_cast<uint64_t>(type.which));
        for (int i = 0; i < 400; ++i) {
            auto bad = good;
            for (auto n = 1 + random() % 3; n > 0; --n) {
                auto at = random() % bad.size();
                bad[at] = random() % 2 ? static_cast<char>(random()) : static_cast<char>(bad[at] ^ (1 << random() % 8));
            }
            decode(bad);
        }
    }
}

TEST(Event, WithAHugeListIsRefusedQuickly) {
    auto begin = std::chrono::steady_clock::now();
    auto good = samples::event_of(Fact::CASE_NOTE_ADDED, 1);
    auto event = EventMessage::decode(as_bytes(good), event_limit).value();
    size_t tried = 0;
    // Every list pointer of the message becomes one of half a thousand million elements of no size.
    for (size_t at = 0; at + 8 <= good.size(); at += 8) {
        uint64_t word = 0;
        std::memcpy(&word, good.data() + at, 8);
        if ((word & 3) != 1) continue;
        for (uint64_t size : {uint64_t{0}, uint64_t{7}, uint64_t{1}}) {
            uint64_t huge = (word & 0xffffffff) | size << 32 | uint64_t{0x1fffffff} << 35;
            auto bad = good;
            std::memcpy(bad.data() + at, &huge, 8);
            decode(bad);  // some words only look like pointers, so it may be good
            ++tried;
        }
    }
    EXPECT_GT(tried, 10u);
    // Lists of structs without any size are canonical however long they say they are.
    capnp::MallocMessageBuilder message;
    message.setRoot(event.read());
    auto raw = capnp::AnyStruct::Builder(message.getRoot<Event>());
    raw.getPointerSection()[12].initAsListOfAnyStruct(0, 0, 0x1ffffff);  // joint
    EXPECT_FALSE(decode(string_of(raw.asReader().canonicalize())));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

// ---- what no version knows ----

std::string raw_changed(Fact::Which which, const std::function<void(capnp::AnyStruct::Builder)>& how,
                        unsigned more_words, unsigned more_pointers) {
    auto good = samples::event_of(which, 1);
    auto event = EventMessage::decode(as_bytes(good), event_limit).value();
    capnp::AnyStruct::Reader from = event.read();
    capnp::MallocMessageBuilder message;
    auto to = message.initRoot<capnp::AnyPointer>().initAsAnyStruct(
        static_cast<uint16_t>(from.getDataSection().size() / 8 + more_words),
        static_cast<uint16_t>(14 + more_pointers));
    std::memcpy(to.getDataSection().begin(), from.getDataSection().begin(), from.getDataSection().size());
    for (uint32_t i = 0; i < from.getPointerSection().size(); ++i)
        to.getPointerSection()[i].set(from.getPointerSection()[i]);
    how(to);
    return string_of(to.asReader().canonicalize());
}

TEST(Event, IsRefusedWithAFieldThatThisVersionDoesNotKnow) {
    EXPECT_EQ(field_of(raw_changed(
                  Fact::CASE_NOTE_ADDED, [](auto) {}, 0, 0)),
              "accepted");
    EXPECT_NE(field_of(raw_changed(
                  Fact::CASE_NOTE_ADDED, [](auto raw) { raw.getDataSection().back() = 1; }, 1, 0)),
              "accepted");
    EXPECT_NE(field_of(raw_changed(
                  Fact::CASE_NOTE_ADDED, [](auto raw) { raw.getPointerSection()[14].template setAs<capnp::Text>("x"); },
                  0, 1)),
              "accepted");
}

TEST(Event, IsRefusedWithAListThatHidesSomethingBesideItsElements) {
    // The library reads a list of structs as a list of numbers or of data, and passes over what else they hold.
    auto structs = [](unsigned at) {
        return [at](capnp::AnyStruct::Builder raw) {
            auto list = raw.getPointerSection()[at].initAsListOfAnyStruct(2, 1, 1);
            list[0].getDataSection()[0] = 0;
            std::memcpy(list[0].getDataSection().begin() + 8, "a secret", 8);
            list[0].getPointerSection()[0].setAs<capnp::Text>("the family's name");
        };
    };
    EXPECT_EQ(field_of(raw_changed(Fact::CASE_NOTE_ADDED, structs(10), 0, 0)), "basis");
    // children of a caseNoteAdded: the second pointer of the fact's member
    auto hidden = raw_changed(
        Fact::CASE_NOTE_ADDED,
        [&](capnp::AnyStruct::Builder raw) {
            auto fact = raw.getPointerSection()[13].getAs<capnp::AnyStruct>();
            auto note = fact.getPointerSection()[0].initAsAnyStruct(0, 2);
            note.getPointerSection()[0].setAs<capnp::Text>("action");
            auto list = note.getPointerSection()[1].initAsListOfAnyStruct(1, 2, 1);
            list[0].getPointerSection()[0].setAs<capnp::Data>(data_of(as_bytes(std::string(16, 'c'))));
            list[0].getPointerSection()[1].setAs<capnp::Text>("the family's name");
            list[0].getDataSection()[0] = 7;
        },
        0, 0);
    EXPECT_EQ(field_of(hidden), "fact.caseNoteAdded.children");
}

TEST(Event, IsRefusedOfATypeThatThisVersionDoesNotKnow) {
    auto bad = raw_changed(
        Fact::CASE_NOTE_ADDED,
        [](capnp::AnyStruct::Builder raw) {
            auto fact = raw.getPointerSection()[13].getAs<capnp::AnyStruct>();
            fact.getDataSection()[0] = static_cast<uint8_t>(event_types.size());
        },
        0, 0);
    EXPECT_EQ(field_of(bad), "fact");
}

TEST(Event, IsRefusedWithAnEnumValueThatThisVersionDoesNotKnow) {
    auto bad = changed(Fact::MASH_DECIDED, [](Event::Builder event) {
        event.getFact().getMashDecided().setOption(static_cast<Option>(9));
    });
    EXPECT_EQ(field_of(bad), "fact.mashDecided.option");
}

// ---- the marks ----

capnp::Data::Reader data(const std::string& bytes) { return data_of(as_bytes(bytes)); }

TEST(Event, NamesTheFieldThatBreaksItsMark) {
    struct Case {
        std::string field;
        Fact::Which which;
        std::function<void(Event::Builder)> how;
    };
    auto note = Fact::CASE_NOTE_ADDED;
    static const std::string short_id(15, 'i'), long_id(17, 'i'), short_key(31, 'k');
    for (auto& [field, which, how] : std::vector<Case>{
             {"ledger", note, [](auto e) { e.disownLedger(); }},
             {"id", note, [](auto e) { e.setId(data(short_id)); }},
             {"id", note, [](auto e) { e.setId(data(long_id)); }},
             {"id", note, [](auto e) { e.disownId(); }},
             {"stream", note, [](auto e) { e.setStream(data(short_id)); }},
             {"seen", note, [](auto e) { e.disownSeen(); }},
             {"seen.entry", note, [](auto e) { e.getSeen().setEntry(data(short_key)); }},
             {"actor", note, [](auto e) { e.setActor(data(long_id)); }},
             {"key", note, [](auto e) { e.setKey(data(short_key)); }},
             {"role", note, [](auto e) { e.setRole("Family key worker"); }},
             {"role", note, [](auto e) { e.setRole(""); }},
             {"role", note, [](auto e) { e.setRole("-x"); }},
             {"role", note, [](auto e) { e.setRole(std::string(61, 'r')); }},
             {"team", note, [](auto e) { e.setTeam("north\n"); }},
             // What is not there has one spelling.
             {"team", note, [](auto e) { e.setTeam(""); }},
             {"source.role", note, [](auto e) { e.getSource().setRole(""); }},
             {"words", note, [](auto e) { e.setWords(data("")); }},
             {"basis", note, [](auto e) { e.initBasis(0); }},
             {"fact.caseNoteAdded.children", note, [](auto e) { e.getFact().getCaseNoteAdded().initChildren(0); }},
             {"fact.caseNoteAdded.children[0]", note, [](auto e) { e.getFact().getCaseNoteAdded().initChildren(1); }},
             {"fact.teamFormed.name", Fact::TEAM_FORMED, [](auto e) { e.getFact().getTeamFormed().setName("N\xff"); }},
             {"fact.teamFormed.name", Fact::TEAM_FORMED, [](auto e) { e.getFact().getTeamFormed().setName("a\nb"); }},
             {"occurred", note, [](auto e) { e.disownOccurred(); }},
             {"occurred.at", note, [](auto e) { e.getOccurred().setAt(0); }},
             {"occurred.at", note, [](auto e) { e.getOccurred().setAt(int64_t{1} << 60); }},
             {"occurred.at", note, [](auto e) { e.getOccurred().setAt(std::numeric_limits<int64_t>::min()); }},
             {"occurred.until", note,
              [](auto e) {
                  e.getOccurred().setPrecision(Precision::RANGE), e.getOccurred().setUntil(e.getOccurred().getAt());
              }},
             {"occurred.until", note,
              [](auto e) { e.getOccurred().setPrecision(Precision::RANGE), e.getOccurred().setUntil(0); }},
             {"source", note, [](auto e) { e.disownSource(); }},
             {"source.role", note, [](auto e) { e.getSource().setRole("his mother, Anna"); }},
             {"words", note, [](auto e) { e.setWords(data(short_key)); }},
             {"joint[0].person", note, [](auto e) { e.initJoint(1); }},
             {"fact", note, [](auto e) { e.disownFact(); }},
             {"fact.ledgerOpened", note, [](auto e) { e.initFact(); }},
             {"fact.caseNoteAdded.note", note, [](auto e) { e.getFact().getCaseNoteAdded().setNote("He said no"); }},
             {"fact.caseNoteAdded.note", note, [](auto e) { e.getFact().initCaseNoteAdded(); }},
             {"fact.caseNoteAdded.children[1]", note,
              [](auto e) {
                  auto list = e.getFact().getCaseNoteAdded().initChildren(2);
                  list.set(0, data(std::string(16, 'c')));
                  list.set(1, data(short_id));
              }},
             {"fact.contactReceived.children", Fact::CONTACT_RECEIVED,
              [](auto e) { e.getFact().getContactReceived().initChildren(0); }},
             {"fact.contactReceived.children", Fact::CONTACT_RECEIVED,
              [](auto e) { e.getFact().getContactReceived().disownChildren(); }},
             {"fact.allocated.scaling", Fact::ALLOCATED, [](auto e) { e.getFact().getAllocated().setScaling(11); }},
             {"fact.allocated.visitBy", Fact::ALLOCATED,
              [](auto e) { e.getFact().getAllocated().setVisitBy(1'000'000); }},
             {"fact.roleGranted.from", Fact::ROLE_GRANTED, [](auto e) { e.getFact().getRoleGranted().setFrom(0); }},
             {"fact.fteSet.hundredths", Fact::FTE_SET, [](auto e) { e.getFact().getFteSet().setHundredths(101); }},
             {"fact.keyEnrolled.publicKey", Fact::KEY_ENROLLED,
              [](auto e) { e.getFact().getKeyEnrolled().setPublicKey(data(short_key)); }},
             {"fact.recordQualityConfirmed.notApplicable[0].reason", Fact::RECORD_QUALITY_CONFIRMED,
              [](auto e) { e.getFact().getRecordQualityConfirmed().initNotApplicable(1); }}})
        EXPECT_EQ(field_of(changed(which, how)), field) << name_of(which);
}

// Whoever signs is shown all that they sign: no bit can be changed that a reader would not see.
TEST(Event, HasNoBitThatNobodySees) {
    std::mt19937_64 random(7);
    size_t accepted = 0;
    for (auto& type : event_types) {
        auto bytes = samples::event_of(type.which, 1);
        auto shown = boost::json::serialize(to_json(decode(bytes)->event.read()));
        for (int i = 0; i < 800; ++i) {
            auto bit = random() % (bytes.size() * 8);
            auto other = bytes;
            other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
            auto read = decode(other);
            if (!read) continue;
            ++accepted;
            ASSERT_NE(boost::json::serialize(to_json(read->event.read())), shown)
                << name_of(type.which) << " bit " << bit;
        }
    }
    EXPECT_GT(accepted, 1000u);
}

TEST(Event, IsRefusedInAStreamWhereItsTypeDoesNotBelong) {
    for (auto& type : event_types)
        for (uint8_t stream : {1, 2, 3, 4}) {
            auto id = reserved_stream(stream);
            bool belongs = kind_of(id) == type.stream;
            EXPECT_EQ(field_of(changed(type.which, [&](auto e) { e.setStream(data_of(as_bytes(id.view()))); })),
                      belongs ? "accepted" : "stream");
        }
}

TEST(Event, OfAFamilyMayBeSixteenKibibytesAndAPracticeMore) {
    auto long_list = [](unsigned n) {
        return [n](Event::Builder event) {
            auto basis = event.initBasis(n);
            for (unsigned i = 0; i < n; ++i) basis.set(i, i);
        };
    };
    auto base = changed(Fact::CASE_NOTE_ADDED, long_list(1)).size();
    auto fits = static_cast<unsigned>((event_limit - base) / 8 + 1);
    EXPECT_EQ(changed(Fact::CASE_NOTE_ADDED, long_list(fits)).size(), event_limit);
    EXPECT_EQ(field_of(changed(Fact::CASE_NOTE_ADDED, long_list(fits))), "accepted");
    EXPECT_EQ(field_of(changed(Fact::CASE_NOTE_ADDED, long_list(fits + 1))), "event");
    EXPECT_EQ(field_of(changed(Fact::PRACTICE_EXTENDED, long_list(fits * 2))), "accepted");
}

TEST(Event, MentionsWhatItRefersToInOrder) {
    auto bytes = changed(Fact::ALLOCATED, [](Event::Builder event) {
        auto allocated = event.getFact().getAllocated();
        allocated.setEpisode(data(std::string(16, 'e')));
        allocated.setWorker(data(std::string(16, 'w')));
        allocated.setCapacityOverride(data(std::string(16, 'o')));
    });
    auto read = decode(bytes);
    ASSERT_TRUE(read);
    std::vector<std::string> paths;
    for (auto& mention : read->mentions) paths.push_back(mention.path);
    EXPECT_EQ(paths, (std::vector<std::string>{"fact.allocated.episode", "fact.allocated.worker",
                                               "fact.allocated.capacityOverride"}));
    EXPECT_EQ(read->mentions[1].value, std::string(16, 'w'));
}

TEST(Event, KindIsTheCodeOrTheName) {
    auto kind = [](const std::string& bytes) { return kind_of(decode(bytes)->event->getFact()); };
    EXPECT_EQ(
        kind(changed(Fact::MASH_DECIDED, [](auto e) { e.getFact().getMashDecided().setOption(Option::REDIRECT); })),
        "redirect");
    EXPECT_EQ(
        kind(changed(Fact::PLAN_AGREED, [](auto e) { e.getFact().getPlanAgreed().setPlan("child-in-need-plan"); })),
        "child-in-need-plan");
    EXPECT_EQ(kind(changed(Fact::AGENCY_CONTACTED, [](auto) {})), "");
}

TEST(Identifier, TakesItsSizeAndNoOther) {
    EXPECT_FALSE(StreamId::from_hex("00"));
    EXPECT_FALSE(StreamId::from_hex(std::string(32, 'g')));
    EXPECT_FALSE(StreamId::from_hex(std::string(31, 'a')));
    EXPECT_EQ(StreamId::from_hex(std::string(32, 'A'))->hex(), std::string(32, 'a'));
    EXPECT_FALSE(from_hex("abc"));
    EXPECT_EQ(from_hex("00fF").value(), std::string("\0\xff", 2));
    std::string every;
    for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
    EXPECT_EQ(from_hex(to_hex(as_bytes(every))), every);
    for (char character : every) {
        bool is_digit = std::isxdigit(static_cast<unsigned char>(character));
        EXPECT_EQ(from_hex(std::string{character, '0'}).has_value(), is_digit) << int{character};
        EXPECT_EQ(from_hex(std::string{'0', character}).has_value(), is_digit) << int{character};
    }
}

}  // namespace
