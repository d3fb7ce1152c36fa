// A real ledger with the real writer on a played clock, the people of a small service, and a way to let one of them say
// something, as the server does it: draft, sign, receive, submit.
#pragma once
#include <capnp/message.h>

#include <future>
#include <map>

#include "commands/sequencer.h"
#include "ledger/draft.h"
#include "ledger/small_book.h"
#include "schema/json.h"
#include "schema/packs/bex_2018.capnp.h"
#include "schema/packs/england_and_wales.capnp.h"

namespace test {

using commands::Accepted;
using commands::Outcome;
using commands::Refusal;
using commands::Refused;
using schema::EventId;
using schema::StreamId;
using schema::SubjectId;

struct Person {
    schema::PersonId id;
    ledger::SigningKey key;
    std::string role;  // in which they act if not told otherwise
};

// What is not the fact itself.
struct How {
    std::string role{}, team{};
    std::vector<std::string> joint{};                  // people who sign as well, in their role
    std::optional<ledger::StreamHead> seen{};          // else the stream's head
    std::optional<EventId> id{};                       // else a new one
    std::optional<schema::Time> occurred{};            // else now
    std::optional<std::vector<ledger::Word>> words{};  // else one for each heading that the type demands
    std::vector<uint64_t> basis{};
    json::object fields{};   // anything else of a draft
    bool real_time = false;  // sends no time of recording
};

// The answer, and what was sent.
struct Said {
    Outcome outcome = schema::Error{};
    EventId id{};
    std::string event;
    std::vector<ledger::Signature> signatures;
    std::vector<ledger::Word> words;
    bool accepted() const { return std::holds_alternative<Accepted>(outcome); }
    std::optional<Refusal> refusal() const {
        auto* refused = std::get_if<Refused>(&outcome);
        return refused ? std::optional(refused->reason) : std::nullopt;
    }
    std::string text() const {
        if (auto* refused = std::get_if<Refused>(&outcome))
            return std::string(name(refused->reason)) + ": " + refused->text();
        if (auto* error = std::get_if<schema::Error>(&outcome)) return "error: " + error->text();
        return "accepted";
    }
};

inline schema::Time at(const char* text) { return schema::parse_time(text).value(); }
inline StreamId directory() { return schema::reserved_stream(schema::directory_stream_number); }
inline StreamId practice_stream() { return schema::reserved_stream(schema::practice_stream_number); }
inline StreamId service_stream() { return schema::reserved_stream(schema::service_stream_number); }

class Played {
  public:
    using ChangePractice = std::function<void(schema::Practice::Builder)>;

    TempFolder folder;
    std::unique_ptr<ledger::Ledger> book;
    std::unique_ptr<commands::Sequencer> sequencer;
    std::map<std::string, Person> people;
    schema::Time now = at("2018-05-22T09:00");
    bool played = true;

    struct Options {
        bool played = true;
        bool with_practice = true;
        bool shows_checkpoints = false;  // everybody has been shown the last checkpoint
        ChangePractice change{};         // of Bexley's practice, before it is adopted
        ledger::Ledger::Options ledger{};
    };

    Played() : Played(Options{}) {}
    explicit Played(const Options& options) : played(options.played), options_(options) {
        auto made = ledger::Ledger::create(folder / "l", origin, options.ledger);
        EXPECT_TRUE(made) << made.error().text();
        book = *std::move(made);
        start();
        people.emplace("gov", Person{new_id<schema::PersonId>(), key_from(1), "data-governor"});
        open();
        if (options.with_practice) adopt();
    }
    ~Played() { sequencer.reset(); }

    template <class Id>
    Id new_id() {
        return test::id<Id>(++last_id_);
    }

    void reopen() {
        sequencer.reset();
        book.reset();
        auto again = ledger::Ledger::open(folder / "l", options_.ledger);
        ASSERT_TRUE(again) << again.error().text();
        book = *std::move(again);
        start();
    }

    // A person of that name with a key and roles "family-key-worker" or "team-manager@north"; acts in the first one.
    void hire(const std::string& who, const std::vector<std::string>& roles) {
        auto seed = ledger::sha256(schema::as_bytes(who));
        Person person{new_id<schema::PersonId>(), ledger::SigningKey::from_seed(schema::as_bytes(seed.view())),
                      roles.front().substr(0, roles.front().find('@'))};
        must("gov", directory(), {{"personRegistered", json::object{{"person", person.id.hex()}}}},
             {.words = std::vector{ledger::Word{
                  "name", {SubjectId::of(schema::as_bytes(person.id.view()))}, std::string(32, 'n'), who, ""}}});
        auto proof =
            person.key.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(origin, person.id)));
        must("gov", directory(),
             {{"keyEnrolled", json::object{{"person", person.id.hex()},
                                           {"publicKey", person.key.public_key().hex()},
                                           {"proofOfPossession", proof.hex()}}}});
        people.emplace(who, person);
        for (auto& role : roles) grant(who, role);
    }
    void grant(const std::string& who, const std::string& role) {
        auto split = role.find('@');
        json::object granted{
            {"person", people.at(who).id.hex()}, {"role", role.substr(0, split)}, {"from", "2018-05-22"}};
        if (split != role.npos) granted["team"] = role.substr(split + 1);
        must("gov", directory(), {{"roleGranted", granted}});
    }

    Said say(const std::string& who, const StreamId& stream, const json::object& fact, const How& how = {}) {
        Said said = draft(who, stream, fact, how);
        if (!said.event.empty()) said.outcome = send(said, how.real_time);
        return said;
    }
    // Only drafts and signs; an error where even that fails.
    Said draft(const std::string& who, const StreamId& stream, const json::object& fact, const How& how = {}) {
        const Person& person = people.at(who);
        Said said;
        ledger::DraftContext context;
        context.origin = origin;
        context.actor = person.id;
        context.key = person.key.id();
        context.role = how.role.empty() ? person.role : how.role;
        context.team = how.team;
        context.stream = stream;
        context.seen = how.seen ? *how.seen : book->published_head(stream).value();
        context.occurred = how.occurred.value_or(now);
        if (auto shown = book->published()->head; options_.shows_checkpoints && shown.size) {
            context.checkpoint_size = shown.size;
            context.checkpoint_root = shown.root;
        }
        json::object fields = how.fields;
        said.id = how.id.value_or(new_id<EventId>());
        fields["id"] = said.id.hex();
        fields["fact"] = fact;
        if (!how.basis.empty()) fields["basis"] = json::value_from(how.basis);
        json::array joint;
        for (auto& other : how.joint)
            joint.push_back(json::object{{"person", people.at(other).id.hex()},
                                         {"key", people.at(other).key.id().hex()},
                                         {"role", people.at(other).role}});
        if (!joint.empty()) fields["joint"] = joint;
        said.words = how.words ? *how.words : words_for(fact, said.id);
        auto made = ledger::draft(context, fields, said.words);
        if (!made) {
            said.outcome = made.error();
            return said;
        }
        said.event = made->event;
        said.signatures.push_back(person.key.sign(ledger::event_context, schema::as_bytes(said.event)));
        for (auto& other : how.joint)
            said.signatures.push_back(people.at(other).key.sign(ledger::event_context, schema::as_bytes(said.event)));
        return said;
    }
    Outcome send(const Said& said, bool real_time = false) {
        std::promise<Outcome> reply;
        auto future = reply.get_future();
        auto received = receive(said, real_time);
        if (auto* refused = std::get_if<Refused>(&received)) return *refused;
        if (auto* error = std::get_if<schema::Error>(&received)) return *error;
        auto taken = sequencer->submit(std::get<commands::Submission>(std::move(received)),
                                       [&](Outcome outcome) { reply.set_value(std::move(outcome)); });
        if (!taken) return taken.error();
        return future.get();
    }
    std::variant<commands::Submission, Refused, schema::Error> receive(const Said& said, bool real_time = false) {
        return commands::receive(*book, *sequencer->known(), schema::as_bytes(said.event), said.signatures, said.words,
                                 played && !real_time ? std::optional(now) : std::nullopt);
    }
    EventId must(const std::string& who, const StreamId& stream, const json::object& fact, const How& how = {}) {
        Said said = say(who, stream, fact, how);
        EXPECT_TRUE(said.accepted()) << json::serialize(fact) << "\n" << said.text();
        return said.id;
    }
    void advance(std::chrono::minutes by) { now += by; }

    // A word under each heading that the fact's type demands, about nobody in particular; no two events have the same.
    std::vector<ledger::Word> words_for(const json::object& fact, const EventId& event) {
        std::vector<ledger::Word> words;
        std::string salt(ledger::sha256(schema::as_bytes(event.view())).view());
        auto* type = fact.empty() ? nullptr : schema::type_named(std::string_view(fact.begin()->key()));
        if (!type) return words;
        auto member = capnp::Schema::from<schema::Fact>().getUnionFields()[static_cast<unsigned>(type->which)];
        for (auto& heading : schema::marks_of(member.getType().asStruct()).words)
            words.push_back({heading, {test::id<SubjectId>(1)}, salt, "words", ""});
        return words;
    }

    // The practice as a fact. (Cap'n Proto's own JSON has no dates, so ours is taken both ways.)
    static json::object practice_fact(const ChangePractice& change) {
        capnp::MallocMessageBuilder message;
        message.setRoot(*schema::packs::BEX2018);
        auto practice = message.getRoot<schema::Practice>();
        if (change) change(practice);
        return {{"practiceAdopted", schema::to_json(capnp::DynamicStruct::Reader(practice.asReader()))}};
    }
    static json::object calendar_fact() {
        schema::Calendar::Reader calendar = *schema::packs::ENGLAND_AND_WALES;
        return {{"calendarIssued", schema::to_json(capnp::DynamicStruct::Reader(calendar))}};
    }
    static std::string governor_id(Played& ledger) { return ledger.people.at("gov").id.hex(); }

    Said open() {
        auto& gov = people.at("gov");
        auto proof = gov.key.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(origin, gov.id)));
        auto said = say("gov", directory(),
                        {{"ledgerOpened", json::object{{"authority", "Eastmere"},
                                                       {"playedClock", played},
                                                       {"checkpointKey", book->checkpoint_key().hex()},
                                                       {"governor", gov.id.hex()},
                                                       {"publicKey", gov.key.public_key().hex()},
                                                       {"proofOfPossession", proof.hex()}}}});
        EXPECT_TRUE(said.accepted() || book->next_position() > 0) << said.text();
        return said;
    }
    void adopt() {
        must("gov", practice_stream(), calendar_fact());
        must("gov", practice_stream(), practice_fact(options_.change));
        for (auto* team : {"north", "south"})
            must("gov", directory(), {{"teamFormed", json::object{{"team", team}, {"kind", "team"}, {"name", team}}}});
        hire("mash", {"mash-practitioner"});
        hire("mash-manager", {"mash-manager"});
        hire("rep", {"mash-representative"});
        hire("duty", {"duty-manager"});
        hire("tm", {"team-manager"});
        hire("tm2", {"team-manager"});
        hire("sm", {"service-manager"});
        hire("kw", {"family-key-worker"});
        hire("kw2", {"family-key-worker"});
        hire("sw", {"social-worker"});
        hire("chair1", {"panel-co-chair"});
        hire("chair2", {"panel-co-chair"});
        hire("both", {"team-manager", "family-key-worker", "duty-manager", "mash-practitioner", "panel-co-chair"});
    }

  private:
    void start() {
        auto started = commands::Sequencer::start(*book, [this] { return now; });
        EXPECT_TRUE(started) << started.error().text();
        sequencer = *std::move(started);
    }
    Options options_;
    uint64_t last_id_ = 100;
};

// One family's way through the service, step by step; each step is what the next ones refer to.
struct Family {
    Played& ledger;
    StreamId stream;
    SubjectId child, sibling, mother;
    EventId contact{}, consent{}, episode{}, assessment{}, submission{}, visit{}, meeting{}, plan{}, alert{},
        escalation{}, transfer{};
    std::vector<EventId> plans;  // the latest of each child
    std::string worker = "kw";
    uint64_t children = 2;

    explicit Family(Played& in)
        : ledger(in),
          stream(in.new_id<StreamId>()),
          child(in.new_id<SubjectId>()),
          sibling(in.new_id<SubjectId>()),
          mother(in.new_id<SubjectId>()) {}

    Said say(const std::string& who, const char* type, json::object fields, const How& how = {}) {
        return ledger.say(who, stream, {{type, std::move(fields)}}, how);
    }
    EventId must(const std::string& who, const char* type, json::object fields, const How& how = {}) {
        ledger.advance(std::chrono::minutes(1));
        return ledger.must(who, stream, {{type, std::move(fields)}}, how);
    }
    std::string worker_id(const std::string& who) { return ledger.people.at(who).id.hex(); }

    json::object first_contact() {
        json::array all{child.hex(), sibling.hex()};
        while (all.size() < children) all.push_back(json::string(ledger.new_id<SubjectId>().hex()));
        return {{"channel", "telephone"},
                {"referrer", "school"},
                {"children", all},
                {"adults", json::array{mother.hex()}},
                {"consent", "verbal"}};
    }
    Family& received() { return contact = must("mash", "contactReceived", first_contact()), *this; }
    Family& decided(const char* option = "accept") {
        must("mash", "mashDecided", {{"contact", contact.hex()}, {"option", option}});
        return *this;
    }
    Family& routed() { return must("mash", "contactRouted", {{"contact", contact.hex()}}), *this; }
    Family& checked(const char* option = "accept") {
        must("duty", "secondCheckRecorded", {{"contact", contact.hex()}, {"option", option}, {"consentSeen", true}});
        return *this;
    }
    Family& consented(const char* scope = "referral", const char* form = "written") {
        consent = must("kw", "consentRecorded", {{"scope", scope}, {"form", form}, {"givenBy", mother.hex()}});
        return *this;
    }
    json::object acceptance() {
        return {{"contact", contact.hex()}, {"factors", json::array{"early-neglect"}}, {"level", "targeted"}};
    }
    Family& accepted() { return must("duty", "referralAccepted", acceptance()), *this; }
    Family& opened() {
        episode = must("duty", "episodeOpened", {{"contact", contact.hex()}, {"team", "north"}});
        return *this;
    }
    Family& allocated() {
        must("duty", "allocated", {{"episode", episode.hex()}, {"worker", worker_id(worker)}, {"scaling", 4}});
        return *this;
    }
    Family& introduced() {
        must("kw", "introductoryVisitHeld", {{"episode", episode.hex()}, {"mode", "face-to-face"}});
        return *this;
    }
    Family& started() {
        assessment = must("kw", "assessmentStarted", {{"episode", episode.hex()}, {"assessment", "wellbeing"}});
        return *this;
    }
    Family& submitted(const std::string& who = "kw") {
        submission =
            must(who, "assessmentSubmitted", {{"assessment", assessment.hex()}}, {.role = "family-key-worker"});
        return *this;
    }
    Family& authorised() { return must("tm", "assessmentAuthorised", {{"submission", submission.hex()}}), *this; }
    Family& met() {
        meeting = must("kw", "planningMeetingHeld", {{"episode", episode.hex()}, {"attendees", 4}, {"minutes", 60}});
        return *this;
    }
    Family& planned() { return plan = planned_for(child), plans = {plan}, *this; }
    Family& sibling_planned() { return plans.push_back(planned_for(sibling)), *this; }
    EventId planned_for(const SubjectId& whom) {
        return must(
            "kw", "planAgreed",
            {{"episode", episode.hex()}, {"child", whom.hex()}, {"plan", "wellbeing-plan"}, {"visitEveryDays", 28}});
    }
    Family& visited() {
        visit = must("kw", "visitHeld", {{"episode", episode.hex()}, {"mode", "face-to-face"}, {"place", "home"}});
        return *this;
    }
    Family& alerted() { return alert = must("kw", "managerAlerted", {{"episode", episode.hex()}}), *this; }
    Family& escalated(const char* outcome) {
        escalation =
            must("tm", "escalationDecided", {{"alert", alert.hex()}, {"outcome", outcome}, {"discussedWith", "mash"}});
        return *this;
    }
    Family& proposed() {
        transfer = must("kw", "transferProposed",
                        {{"direction", "stepUp"}, {"episode", episode.hex()}, {"escalation", escalation.hex()}});
        return *this;
    }
    Family& summarised() { return must("kw", "transferSummaryPrepared", {{"transfer", transfer.hex()}}), *this; }
    json::object decision(const char* what = "transfer") {
        return {{"transfer", transfer.hex()},
                {"decision", what},
                {"transferOn", "2018-07-02"},
                {"presentedBy", json::array{worker_id(worker), worker_id("tm")}}};
    }
    Family& panel(const char* what = "transfer") {
        must("chair1", "panelDecided", decision(what), {.joint = {"chair2"}});
        return *this;
    }
    Family& handed_over() {
        must("kw", "handoverHeld", {{"transfer", transfer.hex()}, {"familyPresent", true}});
        return *this;
    }

    // Comes down from social care, as far as the panel.
    Family& stepping_down(bool agreed = true) {
        transfer = must("sw", "transferProposed",
                        {{"direction", "stepDown"},
                         {"children", json::array{child.hex(), sibling.hex()}},
                         {"adults", json::array{mother.hex()}}});
        if (agreed)
            consent =
                must("sw", "consentRecorded", {{"scope", "transfer"}, {"form", "verbal"}, {"givenBy", mother.hex()}});
        must("sw", "transferSummaryPrepared", {{"transfer", transfer.hex()}});
        return *this;
    }
    Family& as_far_as_open() { return received().decided().routed().checked().consented().accepted().opened(); }
    Family& as_far_as_allocated() { return as_far_as_open().allocated(); }
    Family& as_far_as_panel() {
        return as_far_as_allocated().alerted().escalated("childInNeed").proposed().summarised();
    }
    // Everything the record must hold before closure, but no feedback, closure letter or confirmation.
    Family& as_far_as_ending() {
        as_far_as_allocated()
            .introduced()
            .started()
            .submitted()
            .authorised()
            .met()
            .planned()
            .sibling_planned()
            .visited();
        must("kw", "familyNetworkRecorded", {{"episode", episode.hex()}, {"form", "genogram"}});
        must("kw", "significanceMarked",
             {{"entry", visit.hex()}, {"impact", "positive"}, {"children", json::array{child.hex()}}});
        must("kw", "visitRecorded", {{"visit", visit.hex()}, {"scaling", 5}});
        must("kw", "minutesDistributed", {{"meeting", meeting.hex()}, {"recipients", 4}});
        must("kw", "allocationLetterIssued", {{"episode", episode.hex()}});
        must("kw", "directWorkRecorded", {{"episode", episode.hex()}, {"children", json::array{child.hex()}}});
        must("kw", "closureSummaryRecorded", {{"episode", episode.hex()}});
        must("tm", "oversightRecorded", {{"episode", episode.hex()}, {"point", "assessment"}});
        return *this;
    }
    json::object closing() { return {{"episode", episode.hex()}, {"reason", "goals-met"}, {"outcome", "goals-met"}}; }
    Family& closure_proposed(bool worries = false) {
        must("kw", "closureProposed",
             {{"episode", episode.hex()}, {"reason", "goals-met"}, {"worriesContinue", worries}});
        return *this;
    }
    Family& feedback() {
        return must("kw", "feedbackReceived", {{"episode", episode.hex()}, {"rating", "good"}}), *this;
    }
    Family& form() { return must("kw", "feedbackFormProvided", {{"episode", episode.hex()}}), *this; }
    Family& letter(bool with_plan = true) {
        json::object fields{{"episode", episode.hex()}};
        json::array all;
        for (auto& each : plans) all.push_back(json::string(each.hex()));
        if (with_plan) fields["finalPlans"] = std::move(all);
        return must("kw", "closureLetterIssued", fields), *this;
    }
    Family& overseen() {
        return must("tm", "oversightRecorded", {{"episode", episode.hex()}, {"point", "closure"}}), *this;
    }
    Family& confirmed() { return must("tm", "recordQualityConfirmed", {{"episode", episode.hex()}}), *this; }
    Family& closed() { return must("tm", "caseClosed", closing()), *this; }
};

}  // namespace test
