// A real ledger in a folder of its own with events made by hand, on a played clock, and the views over it. Nothing here
// asks the bench: what views do with entries must not hang on who was allowed to record them.
#pragma once
#include <capnp/message.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "projections/views.h"
#include "schema/event.h"
#include "schema/json.h"
#include "schema/packs/bex_2018.capnp.h"
#include "schema/packs/england_and_wales.capnp.h"
#include "schema/packs/war_2018.capnp.h"

namespace projections::test {

namespace json = boost::json;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using schema::SubjectId;
using schema::Time;

inline Time at(std::string_view text) {  // "2018-05-24 10:00", London wall time
    auto time = schema::parse_time(text);
    EXPECT_TRUE(time) << text;
    return time.value_or(Time{});
}

// An id that reads as its name in a debugger.
template <class Id>
Id named(std::string_view name) {
    Id id{};
    id[0] = 0xAA;
    std::copy_n(name.begin(), std::min<size_t>(name.size(), id.size() - 1), id.begin() + 1);
    return id;
}
inline std::string person(std::string_view name) { return named<PersonId>(name).hex(); }
inline std::string child(std::string_view name) { return named<SubjectId>(name).hex(); }

class Folder {
  public:
    Folder() {
        std::string pattern =
            fs::exists("/dev/shm") ? "/dev/shm/caseledger-views-XXXXXX" : "/tmp/caseledger-views-XXXXXX";
        path_ = mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

// How an event was recorded, where that matters.
struct How {
    std::string recorded;  // as it occurred, where empty
    std::string team;
    std::string precision = "exact";
};

class Book {
  public:
    explicit Book(bool start = true) {
        auto made = ledger::Ledger::create(folder_.path() + "/ledger", "ledger.eastmere.example/early-help");
        EXPECT_TRUE(made) << made.error().text();
        ledger_ = *std::move(made);
        if (!start) return;
        open("2015-01-01 09:00");
        calendar("2015-01-01 09:05");
    }

    void open(const std::string& when) {
        std::string key(64, '1'), proof(128, '2');
        record(when, "gov", "data-governor", directory(),
               {{"ledgerOpened",
                 {{"authority", "Eastmere"},
                  {"playedClock", true},
                  {"checkpointKey", key},
                  {"governor", person("gov")},
                  {"publicKey", key},
                  {"proofOfPossession", proof}}}});
    }
    void calendar(const std::string& when) {
        build(when, "gov", "data-governor", practice(),
              [](schema::Fact::Builder fact) { fact.setCalendarIssued(schema::packs::ENGLAND_AND_WALES.get()); });
    }
    void adopt(const std::string& when, schema::Practice::Reader edition) {
        build(when, "gov", "data-governor", practice(),
              [&](schema::Fact::Builder fact) { fact.setPracticeAdopted(edition); });
    }
    void adopt(const std::string& when, json::object edition) {
        record(when, "gov", "data-governor", practice(), {{"practiceAdopted", std::move(edition)}});
    }
    void hire(const std::string& when, const std::string& name, const std::string& role, const std::string& team,
              int fte) {
        record(when, "gov", "data-governor", directory(), {{"personRegistered", {{"person", person(name)}}}});
        json::object granted{{"person", person(name)}, {"role", role}, {"from", "2015-01-01"}};
        if (!team.empty()) granted["team"] = team;
        record(when, "gov", "data-governor", directory(), {{"roleGranted", std::move(granted)}});
        record(when, "gov", "data-governor", directory(),
               {{"fteSet", {{"person", person(name)}, {"hundredths", fte}, {"from", "2015-01-01"}}}});
    }

    static StreamId directory() { return schema::reserved_stream(schema::directory_stream_number); }
    static StreamId practice() { return schema::reserved_stream(schema::practice_stream_number); }
    static StreamId service() { return schema::reserved_stream(schema::service_stream_number); }
    static StreamId family(std::string_view name = "ash") { return named<StreamId>(name); }

    // Records one event, all the way to the disk; its id.
    EventId record(const std::string& occurred, const std::string& actor, const std::string& role,
                   const StreamId& stream, json::object fact, How how = {}) {
        return build(
            occurred, actor, role, stream,
            [&](schema::Fact::Builder builder) {
                auto filled = schema::from_json(fact, builder, "fact");
                EXPECT_TRUE(filled) << filled.error().text();
            },
            how);
    }
    // The same, in the family Ash's case.
    EventId say(const std::string& occurred, const std::string& actor, const std::string& role, json::object fact,
                How how = {}) {
        return record(occurred, actor, role, family(), std::move(fact), how);
    }

    // A contact that goes all the way to an episode; the episode's id.
    EventId episode(const std::string& received, const std::string& routed, const std::string& accepted,
                    const StreamId& stream = family(), std::vector<std::string> children = {"ada"}) {
        json::array ids;
        for (auto& name : children) ids.emplace_back(child(name + std::string(stream.view().substr(1, 4))));
        auto contact = record(received, "mo", "mash-practitioner", stream,
                              {{"contactReceived",
                                {{"channel", "telephone"},
                                 {"referrer", "school"},
                                 {"children", ids},
                                 {"adults", {child("cleo")}},
                                 {"consent", "written"}}}})
                           .hex();
        record(received, "mo", "mash-practitioner", stream,
               {{"mashDecided", {{"contact", contact}, {"option", "accept"}}}});
        record(routed, "mo", "mash-practitioner", stream, {{"contactRouted", {{"contact", contact}}}});
        record(accepted, "dee", "duty-manager", stream,
               {{"secondCheckRecorded", {{"contact", contact}, {"option", "accept"}, {"consentSeen", true}}}});
        record(accepted, "dee", "duty-manager", stream,
               {{"referralAccepted", {{"contact", contact}, {"factors", {"domestic-abuse"}}, {"level", "targeted"}}}});
        return record(accepted, "dee", "duty-manager", stream,
                      {{"episodeOpened", {{"contact", contact}, {"team", "north"}}}});
    }
    EventId allocate(const std::string& when, const EventId& episode, const std::string& worker,
                     const StreamId& stream = family(), json::object more = {}, How how = {}) {
        more["episode"] = episode.hex();
        more["worker"] = person(worker);
        return record(when, "dee", "duty-manager", stream, {{"allocated", std::move(more)}}, how);
    }

    ledger::Ledger& ledger() { return *ledger_; }
    const std::string& folder() const { return folder_.path(); }
    uint64_t size() const { return ledger_->published()->head.size; }
    std::vector<std::pair<schema::EventMessage, Time>>& events() { return events_; }

    // Records an event of another book as it is.
    void copy(const schema::EventMessage& event, Time recorded) {
        ledger_->place(event, std::vector<ledger::Signature>(1), "", recorded);
        auto done = ledger_->commit();
        EXPECT_TRUE(done) << done.error().text();
        events_.emplace_back(event, recorded);
    }

    // The views, caught up.
    Projections& views() {
        if (!views_) {
            auto opened = Projections::open(*ledger_, folder_.path(), [] { return at("2030-01-01 12:00"); });
            EXPECT_TRUE(opened) << opened.error().text();
            views_ = *std::move(opened);
        }
        EXPECT_TRUE(size() == 0 || views_->wait(size() - 1, 20s)) << json::serialize(views_->status_json());
        return *views_;
    }
    void close_views() { views_.reset(); }

    json::object clocks(AsAt as_at = {}, const StreamId& stream = family()) {
        auto answer = views().timeliness_case_json(stream, as_at);
        EXPECT_TRUE(answer) << answer.error().text();
        return answer.value_or(json::object{});
    }
    // The n-th clock of a rule; null where there is none.
    json::value clock(std::string_view rule, size_t number = 1, AsAt as_at = {}, const StreamId& stream = family()) {
        auto all = clocks(as_at, stream);
        for (auto& each : all.at("clocks").as_array())
            if (each.at("rule").as_string() == rule && --number == 0) return each;
        return nullptr;
    }
    json::object case_now(AsAt as_at = {}, const StreamId& stream = family()) {
        auto answer = views().case_json(stream, as_at);
        EXPECT_TRUE(answer) << answer.error().text();
        return answer ? answer->at("case").as_object() : json::object{};
    }

  private:
    template <class Fill>
    EventId build(const std::string& occurred, const std::string& actor, const std::string& role,
                  const StreamId& stream, Fill fill, const How& how = {}) {
        capnp::MallocMessageBuilder message;
        auto event = message.initRoot<schema::Event>();
        auto id = named<EventId>("event " + std::to_string(++made_));
        json::object envelope{{"ledger", ledger_->origin()},
                              {"id", id.hex()},
                              {"stream", stream.hex()},
                              {"seen", json::object{}},
                              {"actor", person(actor)},
                              {"key", std::string(64, '3')},
                              {"role", role},
                              {"occurred", {{"at", schema::iso(at(occurred))}, {"precision", how.precision}}},
                              {"source", json::object{}}};
        if (!how.team.empty()) envelope["team"] = how.team;
        auto filled = schema::from_json(envelope, event, "");
        EXPECT_TRUE(filled) << filled.error().text();
        fill(event.getFact());
        auto bytes = schema::canonical_bytes(event);
        auto decoded = schema::decode_event(schema::as_bytes(bytes));
        EXPECT_TRUE(decoded) << decoded.error().text();
        if (!decoded) return id;
        copy(decoded->event, at(how.recorded.empty() ? occurred : how.recorded));
        return id;
    }

    Folder folder_;
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<Projections> views_;
    std::vector<std::pair<schema::EventMessage, Time>> events_;
    uint64_t made_ = 0;
};

inline json::value reading(const json::value& clock, std::string_view id) {
    if (clock.is_object())
        for (auto& each : clock.at("readings").as_array())
            if (each.at("id").as_string() == id) return each;
    ADD_FAILURE() << "no reading " << id << " in " << json::serialize(clock);
    return json::object{{"due", nullptr},   {"opens", nullptr},  {"result", nullptr},  {"bySeconds", nullptr},
                        {"soFar", nullptr}, {"source", nullptr}, {"working", nullptr}, {"adopted", nullptr}};
}

// A due time and a result, as one line: "2018-05-31T00:00:00+01:00 met".
inline std::string due(const json::value& clock, std::string_view id) {
    auto found = reading(clock, id);
    auto text = [](const json::value& value) { return value.is_string() ? std::string(value.get_string()) : "none"; };
    return text(found.at("due")) + " " + text(found.at("result"));
}
inline std::string verdict(const json::value& clock) {
    return clock.is_object() ? std::string(clock.at("verdict").as_string()) : "no clock";
}

}  // namespace projections::test
