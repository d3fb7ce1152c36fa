// Random lives of a case: whatever well-formed events come, in whatever order, the judge and the fold neither fall over
// nor let through what a guard forbids, and a state is the fold of its entries.
#include <gtest/gtest.h>

#include <iostream>
#include <random>
#include <set>

#include "commands/bench.h"
#include "commands/played_bench.h"
#include "commands/rules.h"
#include "schema/samples.h"

namespace {

using namespace test;
using commands::Bench;
using commands::CaseState;
using schema::Fact;
namespace json = boost::json;

// An entry with its place but made-up hashes: the bench reads no hash but the leaf's.
ledger::Entry entry_of(const std::string& event, uint64_t position, uint64_t revision, schema::Time recorded) {
    capnp::MallocMessageBuilder message;
    auto entry = message.initRoot<schema::Entry>();
    entry.setPosition(position);
    entry.setRevision(revision);
    entry.setRecorded(schema::milliseconds(recorded));
    auto text = [](const std::string& bytes) { return schema::data_of(schema::as_bytes(bytes)); };
    entry.setHeads(text(std::string(32, 'h')));
    entry.setEvent(text(event));
    entry.initSignatures(1).set(0, text(std::string(64, 's')));
    auto bytes = schema::string_of(capnp::canonicalize(message.getRoot<schema::Entry>().asReader()));
    return ledger::Entry::decode(schema::as_bytes(bytes)).value();
}

// Everything in a state, in one text.
std::string describe(const CaseState& state) {
    std::string all;
    auto add = [&](auto&&... parts) { ((all += parts, all += ' '), ...), all += '\n'; };
    auto num = [](auto n) { return std::to_string(static_cast<int64_t>(n)); };
    auto opt = [&](auto& value) { return value ? num(*value) : std::string("-"); };
    for (auto& leaf : state.leaves) add("leaf", leaf.hex());
    std::map<std::string, std::string> events;
    for (auto& [id, what] : state.events)
        events[id.hex()] = num(what.type) + what.actor.hex() + num(what.closures) + num(what.in_error) +
                           num(what.takes_back) + num(what.stands_on.size());
    for (auto& [id, what] : events) add("event", id, what);
    for (auto& child : state.children) add("child", child.id.hex());
    for (auto& adult : state.adults) add("adult", adult.id.hex());
    for (auto& m : state.moved) add("moved", m.id.hex(), m.event.hex(), schema::iso(m.to));
    for (auto& c : state.contacts) {
        add("contact", c.id.hex(), opt(c.decided), opt(c.checked), num(bool(c.recommended)), num(bool(c.routed)),
            num(c.accepted), num(c.opened), c.level);
        for (auto& decider : c.deciders) add("decider", decider.hex());
    }
    for (auto& c : state.consents)
        add("consent", c.id.hex(), c.scope, num(c.form), num(bool(c.withdrawn)), num(c.children.size()),
            num(c.closures));
    for (auto& a : state.assessments)
        add("assessment", a.id.hex(), a.episode.hex(), a.kind, num(a.state), a.submission.hex(), a.author.hex());
    for (auto& p : state.plans) add("plan", p.id.hex(), p.episode.hex(), p.child.hex(), p.kind, p.latest().hex());
    for (auto& a : state.alerts)
        add("alert", a.id.hex(), a.episode.hex(), opt(a.outcome), a.escalation.hex(), num(a.not_informing_judged));
    for (auto& t : state.transfers)
        add("transfer", t.id.hex(), t.episode.hex(), t.escalation.hex(), num(t.direction), opt(t.decision),
            num(bool(t.summary)), num(bool(t.handover)), t.received_by.hex(), t.released_by.hex());
    for (auto& w : state.withdrawals) add("withdrawal", w.id.hex(), w.episode.hex(), w.scope, num(w.considered));
    for (auto& e : state.episodes) {
        add("episode", e.id.hex(), e.contact.hex(), e.team, num(e.open), num(bool(e.introduced)), num(bool(e.meeting)),
            e.worker.hex(), e.lead.hex(), num(bool(e.closure_proposed)), num(e.quality_confirmed),
            num(e.letters.size()));
        for (auto& [child, level] : e.children) add("child", child.hex(), level);
        for (auto& point : e.oversight) add("oversight", point);
        for (auto& [id, who] : e.overrides) add("override", id.hex(), who.first.hex(), num(who.second));
    }
    for (auto& r : state.retentions) add("retention", r.id.hex(), r.subject.hex(), r.code, num(r.until_year));
    for (auto& h : state.holds) {
        add("hold", h.id.hex(), num(h.released));
        for (auto& subject : h.subjects) add("held", subject.hex());
    }
    for (auto& r : state.erasure_requests) add("request", r.id.hex(), r.subject.hex(), num(r.refused));
    for (auto& subject : state.everyone) add("known", subject.hex());
    add("closed", state.closed_at ? num(static_cast<uint64_t>(schema::milliseconds(*state.closed_at))) : "");
    for (auto& [record, visit] : state.visit_records) add("visit", record.hex(), visit.hex());
    for (auto count : state.since_closure) all += num(count) + " ";
    return all;
}

// A bench in memory with Bexley's practice and people in every role, ready for random cases.
struct World {
    std::map<StreamId, std::vector<ledger::Entry>> streams;
    Bench bench;
    uint64_t position = 0;
    schema::Time now = at("2018-05-22T09:00");
    std::vector<std::pair<schema::PersonId, schema::KeyId>> people;  // every one of them holds every role

    explicit World(size_t keep = 0)
        : bench(
              [this](const StreamId& stream, const std::function<void(const ledger::Entry&)>& take) {
                  for (auto& entry : streams[stream]) take(entry);
                  return schema::Result<void>();
              },
              keep) {
        // Set up by a real ledger, so that every entry here is one that could be.
        Played ledger;
        std::set<std::string> roles;
        for (auto role : schema::packs::BEX2018->getRoles()) roles.insert(role.getCode());
        for (auto* who : {"kw", "tm", "duty", "both"}) {
            auto& person = ledger.people.at(who);
            for (auto& role : roles) ledger.grant(who, role);
            people.emplace_back(person.id, person.key.id());
        }
        EXPECT_TRUE(ledger.book->read(0, 9999, [&](const ledger::Entry& entry) {
            EXPECT_TRUE(bench.apply(entry));
            streams[entry.stream()].push_back(entry);
            position = entry.position() + 1;
            return true;
        }));
    }

    // Accepted: the entry, applied. Otherwise the refusal.
    std::optional<commands::Refused> offer(const std::string& bytes) {
        auto examined = schema::decode_event(schema::as_bytes(bytes));
        EXPECT_TRUE(examined) << examined.error().text();
        auto judged = bench.judge(*examined, now, position, {}).value();
        auto again = bench.judge(*examined, now, position, {}).value();
        EXPECT_EQ(judged.refused ? judged.refused->text() : "", again.refused ? again.refused->text() : "")
            << "judge is not pure";
        EXPECT_EQ(judged.warnings, again.warnings);
        if (judged.refused) return judged.refused;
        auto stream = StreamId::of(schema::bytes_of(examined->event->getStream()));
        auto entry = entry_of(bytes, position, streams[stream].size() + 1, now);
        streams[stream].push_back(entry);
        EXPECT_TRUE(bench.apply(entry));
        ++position;
        return std::nullopt;
    }
};

// Makes events that could be accepted: references to what is there, codes of the practice, people of the directory.
class Author {
  public:
    Author(World& in, uint64_t seed) : world_(in), random_(seed), stream_(id<StreamId>(seed + 5000)) {
        for (int i = 0; i < 3; ++i) subjects_.push_back(id<SubjectId>(seed * 10 + static_cast<uint64_t>(i)));
    }
    const StreamId& stream() const { return stream_; }

    std::string next() {
        static const auto of_families = [] {
            std::vector<Fact::Which> all;
            for (auto& type : schema::event_types)
                if (type.stream == schema::StreamKind::family) all.push_back(type.which);
            return all;
        }();
        auto which = of_families[random_.below(of_families.size())];
        // A case that only ever hears of contacts is a dull one.
        if (which == Fact::CONTACT_RECEIVED && !mine().empty() && random_.below(4)) which = Fact::CASE_NOTE_ADDED;
        bool turns_away = which == Fact::CONSENT_WITHDRAWN || which == Fact::CONSENT_REFUSED;
        if (turns_away && random_.below(40)) which = Fact::DIRECT_WORK_RECORDED;
        if (which == Fact::CORRECTION_RECORDED && random_.below(4)) which = Fact::OVERSIGHT_RECORDED;
        constexpr Fact::Which door[] = {Fact::MASH_DECIDED,     Fact::CONTACT_ROUTED,    Fact::SECOND_CHECK_RECORDED,
                                        Fact::CONSENT_RECORDED, Fact::REFERRAL_ACCEPTED, Fact::EPISODE_OPENED};
        constexpr Fact::Which end[] = {Fact::CLOSURE_PROPOSED,      Fact::WITHDRAWAL_CONSIDERED,
                                       Fact::CLOSURE_LETTER_ISSUED, Fact::RECORD_QUALITY_CONFIRMED,
                                       Fact::OVERSIGHT_RECORDED,    Fact::CASE_CLOSED};
        bool open = (*world_.bench.state(stream_))->open_episode();
        if (!open && random_.below(2)) which = door[random_.below(std::size(door))];
        if (open && random_.below(4) == 0) which = end[random_.below(std::size(end))];
        capnp::MallocMessageBuilder message;
        auto event = message.initRoot<schema::Event>();
        auto text = [](auto& bytes) { return schema::data_of(schema::as_bytes(bytes.view())); };
        event.setLedger(origin);
        auto fresh = id<EventId>(++last_ + 1'000'000 * world_.position);
        event.setId(text(fresh));
        event.setStream(text(stream_));
        auto& [person, key] = world_.people[random_.below(world_.people.size())];
        event.setActor(text(person));
        event.setKey(text(key));
        event.getOccurred().setAt(schema::milliseconds(world_.now) - static_cast<int64_t>(random_.below(1000)));
        event.initSource();
        auto seen = event.initSeen();
        if (auto revision = mine().size()) {
            seen.setRevision(revision);
            auto leaf = mine().back().leaf();
            seen.setEntry(text(leaf));
        }
        auto member = capnp::Schema::from<Fact>().getUnionFields()[static_cast<unsigned>(which)];
        capnp::DynamicStruct::Builder fact = event.getFact();
        fill(fact.init(member).as<capnp::DynamicStruct>());
        auto role = role_for(which, schema::kind_of(event.getFact().asReader()));
        event.setRole(role);
        bool by_two = which == Fact::SUBJECT_ERASED || which == Fact::ERASURE_REFUSED;
        if (by_two && random_.below(8)) {
            auto joint = event.initJoint(1)[0];
            auto& other = world_.people[random_.below(world_.people.size())];
            joint.setPerson(text(other.first));
            joint.setKey(text(other.second));
            joint.setRole("data-governor");
        }
        if (which == Fact::PANEL_DECIDED && random_.below(3)) {
            auto joint = event.initJoint(1)[0];
            auto& other = world_.people[random_.below(world_.people.size())];
            joint.setPerson(text(other.first));
            joint.setKey(text(other.second));
            joint.setRole(random_.below(4) ? "panel-co-chair" : "team-manager");
        }
        return schema::canonical_bytes(event.asReader());
    }

  private:
    std::vector<ledger::Entry>& mine() { return world_.streams[stream_]; }

    std::string role_for(Fact::Which which, const std::string& kind) {
        std::vector<std::string> any, exact;
        for (auto act : schema::packs::BEX2018->getActs()) {
            if (schema::text_of(act.getEvent()) != schema::name_of(which)) continue;
            for (auto role : act.getRoles())
                (act.getKind().size() == 0                ? any
                 : schema::text_of(act.getKind()) == kind ? exact
                                                          : dull_)
                    .push_back(role);
        }
        auto& roles = exact.empty() ? any : exact;
        return roles.empty() ? "family-key-worker" : roles[random_.below(roles.size())];
    }

    void fill(capnp::DynamicStruct::Builder target) {
        using T = capnp::schema::Type;
        for (auto& field : schema::marks_of(target.getSchema()).fields) {
            if (field.optional && random_.below(field.codes == "exclusion" ? 10 : 3) != 1) {
                if (field.codes == "exclusion" || random_.below(2)) continue;
            }
            auto set_one = [&](auto put) {
                switch (field.which) {
                    case T::TEXT: {
                        auto code = text_for(field);
                        if (!code.empty())
                            put(capnp::DynamicValue::Reader(capnp::Text::Reader(code.c_str(), code.size())));
                        return;
                    }
                    case T::DATA: {
                        auto bytes = data_for(field);
                        if (bytes.empty() && field.list) bytes = std::string(16, 'z');
                        if (!bytes.empty()) put(capnp::DynamicValue::Reader(schema::data_of(schema::as_bytes(bytes))));
                        return;
                    }
                    case T::BOOL:
                        return put(
                            capnp::DynamicValue::Reader(random_.below(field.name == "worriesContinue" ? 30 : 4) == 0 ||
                                                        field.name == "writtenCopy" || field.name == "consentSeen"));
                    case T::ENUM: {
                        auto values = field.field.getType().asEnum().getEnumerants();
                        auto n = static_cast<unsigned>(values.size());
                        // The last option of the front door, the first of a panel: those on which a case goes on.
                        auto pick = field.name == "option" && random_.below(4)
                                        ? n - 1
                                        : static_cast<unsigned>(random_.below(n));
                        return put(capnp::DynamicValue::Reader(capnp::DynamicEnum(values[pick])));
                    }
                    case T::INT32:
                        return put(
                            capnp::DynamicValue::Reader(int64_t{17'700} + static_cast<int64_t>(random_.below(60))));
                    case T::INT64: return put(capnp::DynamicValue::Reader(schema::milliseconds(world_.now) - 1000));
                    default: return put(capnp::DynamicValue::Reader(random_.below(field.up_to ? field.up_to + 1 : 9)));
                }
            };
            if (field.which == T::STRUCT) continue;  // reasons why something does not apply: left out
            if (!field.list) {
                set_one([&](capnp::DynamicValue::Reader value) { target.set(field.field, value); });
                continue;
            }
            // A closing letter goes with every plan, or with one of them.
            std::vector<EventId> plans;
            for (auto& entry : mine())
                if (entry.type() == Fact::PLAN_AGREED || entry.type() == Fact::PLAN_UPDATED)
                    if (!(*world_.bench.state(stream_))->events.at(entry.id()).in_error) plans.push_back(entry.id());
            bool all = field.name == "finalPlans" && !plans.empty() && plans.size() < 500 && random_.below(4);
            auto size = all ? static_cast<unsigned>(plans.size()) : field.person ? 2 : 1;
            auto list = target.init(field.field, size).as<capnp::DynamicList>();
            for (uint32_t i = 0; i < size; ++i)
                if (all) list.set(i, schema::data_of(schema::as_bytes(plans[i].view())));
                else set_one([&](capnp::DynamicValue::Reader value) { list.set(i, value); });
            // Whoever holds the case brings it to the panel, more often than not.
            auto* open = (*world_.bench.state(stream_))->open_episode();
            if (field.person && open && !open->worker.empty() && random_.below(4))
                list.set(0, schema::data_of(schema::as_bytes(open->worker.view())));
        }
    }
    std::string text_for(const schema::FieldMarks& field) {
        if (field.codes.empty()) return field.name == "team" ? (random_.below(2) ? "north" : "south") : "x";
        // Consents and oversight of the kinds that guards ask for come more often than the others.
        if (field.codes == "consent-scope" && random_.below(2)) return "referral";
        if (field.codes == "oversight-point" && random_.below(2)) return "closure";
        for (auto list : schema::packs::BEX2018->getCodeLists())
            if (schema::text_of(list.getName()) == field.codes)
                return list.getCodes()[static_cast<unsigned>(random_.below(list.getCodes().size()))].getCode();
        return "x";
    }
    std::string data_for(const schema::FieldMarks& field) {
        if (field.person) return std::string(world_.people[random_.below(world_.people.size())].first.view());
        if (field.subject.ends_with("child")) return std::string(subjects_[random_.below(2)].view());
        if (!field.subject.empty()) return std::string(subjects_[2].view());
        if (field.refers.empty()) return std::string(field.bytes, 'x');
        std::vector<std::string> fitting, any;
        for (auto& entry : mine()) {
            any.emplace_back(entry.id().view());
            for (auto& type : field.refers)
                if (type == schema::name_of(entry.type()) || type == "*") fitting.emplace_back(entry.id().view());
        }
        // The latest is the likeliest; now and then one of another type, or none that exists.
        if (!fitting.empty() && random_.below(20))
            return random_.below(3) ? fitting.back() : fitting[random_.below(fitting.size())];
        if (field.optional) return {};
        return any.empty() || random_.below(5) == 0 ? std::string(16, 'z') : any[random_.below(any.size())];
    }

    World& world_;
    samples::Maker random_;
    StreamId stream_;
    std::vector<SubjectId> subjects_;
    std::vector<std::string> dull_;
    uint64_t last_ = 0;
};

// What may never be found in an accepted record, worked out from the entries alone and in another way than the bench.
class Watchdog {
  public:
    void see(const ledger::Entry& entry, const std::string& context) {
        auto fact = entry.fact();
        auto actor = entry.actor();
        auto ref = [](capnp::Data::Reader id) { return EventId::of(schema::bytes_of(id)); };
        auto person = [](capnp::Data::Reader id) { return schema::PersonId::of(schema::bytes_of(id)); };
        auto expect = [&](bool holds, const char* promise) { EXPECT_TRUE(holds) << promise << "\n" << context; };
        switch (fact.which()) {
            case Fact::CONSENT_RECORDED: {
                auto consent = fact.getConsentRecorded();
                if (schema::text_of(consent.getScope()) == "referral" &&
                    consent.getForm() >= schema::ConsentForm::WRITTEN)
                    written_.insert(entry.id());
                break;
            }
            case Fact::LEGAL_HOLD_PLACED: {
                auto& held = holds_[entry.id()];
                for (auto id : fact.getLegalHoldPlaced().getSubjects()) held.insert(ref(id));
                break;
            }
            case Fact::LEGAL_HOLD_RELEASED: holds_.erase(ref(fact.getLegalHoldReleased().getHold())); break;
            case Fact::SUBJECT_ERASED: {
                auto erased = ref(fact.getSubjectErased().getSubject());
                for (auto& [hold, held] : holds_)
                    expect(errors_.count(hold) || !held.count(erased), "a person was erased under a legal hold");
                auto joint = entry.read().getJoint();
                expect(joint.size() > 0 && person(joint[0].getPerson()) != actor, "one person alone erased another");
                break;
            }
            case Fact::CONSENT_WITHDRAWN: turn_away(entry.id(), fact.getConsentWithdrawn().getScope()); break;
            case Fact::CONSENT_REFUSED: turn_away(entry.id(), fact.getConsentRefused().getScope()); break;
            case Fact::CORRECTION_RECORDED:
                if (fact.getCorrectionRecorded().getKind() == schema::CorrectionKind::ENTERED_IN_ERROR) {
                    auto wrong = ref(fact.getCorrectionRecorded().getCorrects());
                    expect(!schema::type_of(types_.at(wrong)).decision, "a decision was taken back");
                    expect(needed_.count(wrong) == 0 || errors_.count(needed_[wrong]) > 0,
                           "an entry was taken back on which a visit's record stands");
                    errors_.insert(wrong);
                    written_.erase(wrong);
                    for (auto& [by, given] : withdrawn_) given.erase(wrong);
                    if (auto undone = withdrawn_.extract(wrong)) written_.merge(undone.mapped());
                }
                break;
            case Fact::VISIT_RECORDED: needed_[ref(fact.getVisitRecorded().getVisit())] = entry.id(); break;
            case Fact::MASH_DECIDED: deciders_[ref(fact.getMashDecided().getContact())].insert(actor); break;
            case Fact::SECOND_CHECK_RECORDED: {
                auto check = fact.getSecondCheckRecorded();
                auto& deciders = deciders_[ref(check.getContact())];
                expect(!deciders.empty() && !deciders.count(actor), "a second check by a first decider");
                if (check.getOption() == schema::Option::ACCEPT) checked_.insert(ref(check.getContact()));
                else checked_.erase(ref(check.getContact()));
                break;
            }
            case Fact::REFERRAL_ACCEPTED: {
                auto accepted = fact.getReferralAccepted();
                expect(!written_.empty(), "acceptance without written consent");
                expect(checked_.count(ref(accepted.getContact())) > 0, "acceptance without a second check");
                expect(!accepted.getInNeedOrAtRisk() && accepted.getFactors().size() > 0,
                       "acceptance of an unfit family");
                accepted_.insert(ref(accepted.getContact()));
                break;
            }
            case Fact::EPISODE_OPENED:
                expect(!open_, "two open episodes");
                expect(!written_.empty(), "an episode without written consent");
                expect(accepted_.erase(ref(fact.getEpisodeOpened().getContact())) == 1,
                       "an episode without an accepted referral");
                begin(entry.id());
                ++opened;
                break;
            case Fact::RECEIVING_RECORD_OPENED: {
                auto transfer = ref(fact.getReceivingRecordOpened().getTransfer());
                expect(transferring_.count(transfer) > 0, "a record received without the panel");
                expect(!released_.count(transfer) || released_[transfer] != actor, "the same manager on both sides");
                received_[transfer] = actor;
                if (down_.count(transfer)) {
                    expect(!open_, "two open episodes");
                    begin(entry.id());
                }
                ++transferred;
                break;
            }
            case Fact::RELEASING_RECORD_CLOSED: {
                auto transfer = ref(fact.getReleasingRecordClosed().getTransfer());
                expect(transferring_.count(transfer) > 0, "a record released without the panel");
                expect(!received_.count(transfer) || received_[transfer] != actor, "the same manager on both sides");
                released_[transfer] = actor;
                if (ups_.count(transfer) && open_ && *open_ == ups_[transfer]) end();
                break;
            }
            case Fact::TRANSFER_PROPOSED:
                if (fact.getTransferProposed().getDirection() == schema::Direction::STEP_DOWN) down_.insert(entry.id());
                else ups_[entry.id()] = ref(fact.getTransferProposed().getEpisode());
                break;
            case Fact::PANEL_DECIDED: {
                auto decided = fact.getPanelDecided();
                auto joint = entry.read().getJoint();
                expect(joint.size() == 1 && person(joint[0].getPerson()) != actor, "a panel of one");
                expect(!final_.count(ref(decided.getTransfer())), "a panel decision was changed");
                final_.insert(ref(decided.getTransfer()));
                if (decided.getDecision() == schema::PanelDecision::TRANSFER)
                    transferring_.insert(ref(decided.getTransfer()));
                break;
            }
            case Fact::ALLOCATED:
                expect(open_ && *open_ == ref(fact.getAllocated().getEpisode()) && worker_.empty(),
                       "an allocation out of turn");
                worker_ = person(fact.getAllocated().getWorker());
                break;
            case Fact::REALLOCATED:
                expect(open_ && !worker_.empty(), "a reallocation out of turn");
                worker_ = person(fact.getReallocated().getWorker());
                break;
            case Fact::ASSESSMENT_SUBMITTED: authors_[entry.id()] = actor; break;
            case Fact::ASSESSMENT_AUTHORISED: {
                auto submission = ref(fact.getAssessmentAuthorised().getSubmission());
                expect(authors_.count(submission) && authors_[submission] != actor,
                       "an assessment authorised by its author");
                ++authorised;
                break;
            }
            case Fact::OVERSIGHT_RECORDED:
                expect(worker_ != actor, "oversight by the worker");
                if (schema::text_of(fact.getOversightRecorded().getPoint()) == "closure") overseen_ = true;
                break;
            case Fact::CASE_CLOSED:
                expect(open_ && overseen_, "a closure without oversight");
                expect(worker_ != actor, "a case closed by its worker");
                end();
                ++closed;
                break;
            default: break;
        }
        types_[entry.id()] = entry.type();
    }
    uint64_t opened = 0, authorised = 0, closed = 0, transferred = 0;

  private:
    std::map<EventId, std::set<EventId>> holds_;  // hold -> the people (ids of the same size) it is on
    void begin(const EventId& id) { open_ = id, worker_ = {}, overseen_ = false; }
    // Consent of this episode is none for the next.
    void end() { open_.reset(), written_.clear(), withdrawn_.clear(); }
    void turn_away(const EventId& id, capnp::Text::Reader scope) {
        if (schema::text_of(scope) == "referral") withdrawn_[id] = std::exchange(written_, {});
    }
    std::map<EventId, Fact::Which> types_;
    std::set<EventId> written_, errors_, checked_, accepted_, transferring_, final_, down_;
    std::map<EventId, std::set<EventId>> withdrawn_;
    std::map<EventId, EventId> ups_, needed_;
    std::map<EventId, std::set<schema::PersonId>> deciders_;
    std::map<EventId, schema::PersonId> authors_, received_, released_;
    std::optional<EventId> open_;
    schema::PersonId worker_{};
    bool overseen_ = false;
};

TEST(RandomCases, NeverHoldWhatAGuardForbidsAndAreTheFoldOfTheirEntries) {
    World world;
    uint64_t seed = std::random_device{}();
    if (const char* given = std::getenv("CASELEDGER_SEED")) seed = std::strtoull(given, nullptr, 10);
    std::cout << "[ seed     ] CASELEDGER_SEED=" << seed << "\n";
    uint64_t opened = 0, authorised = 0, closed = 0, transferred = 0, accepted = 0;
    std::set<commands::Refusal> refusals;
    std::set<Fact::Which> types;
    for (uint64_t life = 0; life < 25; ++life) {
        Author author(world, seed % 1'000'000 + life);
        Watchdog watchdog;
        for (int step = 0; step < 1500; ++step) {
            world.now += std::chrono::minutes(1);
            auto refused = world.offer(author.next());
            if (refused) {
                refusals.insert(refused->reason);
                continue;
            }
            ++accepted;
            auto& entry = world.streams[author.stream()].back();
            types.insert(entry.type());
            watchdog.see(entry, "seed " + std::to_string(seed) + ", life " + std::to_string(life) + ", revision " +
                                    std::to_string(entry.revision()) + ", " +
                                    std::string(schema::name_of(entry.type())));
            if (testing::Test::HasFailure()) return;
        }
        CaseState folded;
        for (auto& entry : world.streams[author.stream()]) commands::evolve(folded, entry);
        ASSERT_EQ(describe(folded), describe(**world.bench.state(author.stream()))) << "seed " << seed;
        opened += watchdog.opened, authorised += watchdog.authorised, closed += watchdog.closed,
            transferred += watchdog.transferred;
    }
    std::cout << "[ lives    ] " << accepted << " accepted of " << types.size() << " types, " << refusals.size()
              << " kinds of refusal, " << opened << " episodes, " << authorised << " authorised, " << transferred
              << " transfers, " << closed << " closed\n";
    // A random life that never gets anywhere would prove nothing.
    EXPECT_GT(opened, 10u);
    EXPECT_GT(authorised, 3u);
    EXPECT_GT(types.size(), 45u);
    EXPECT_GT(refusals.size(), 30u);
}

TEST(RandomCases, AreJudgedTheSameByABenchThatForgetsAndFoldsAgain) {
    World keeps(0), forgets(1);
    std::vector<Author> authors;
    for (uint64_t i = 0; i < 3; ++i) authors.emplace_back(keeps, 77 + i);
    for (int step = 0; step < 1500; ++step) {
        keeps.now += std::chrono::minutes(1);
        forgets.now = keeps.now;
        forgets.position = keeps.position;
        auto bytes = authors[static_cast<size_t>(step) % 3].next();
        auto one = keeps.offer(bytes), other = forgets.offer(bytes);
        ASSERT_EQ(one ? one->text() : "", other ? other->text() : "");
    }
    EXPECT_EQ(keeps.bench.loads().children(), forgets.bench.loads().children());
    EXPECT_EQ(keeps.bench.loads().families(), forgets.bench.loads().families());
}

TEST(Evolve, TakesAnyEventInAnyStateAndJudgeAnswersItWithoutFalling) {
    World world;
    for (uint64_t seed = 1; seed <= 40; ++seed) {
        CaseState state;
        samples::Maker random(seed);
        for (uint64_t step = 0; step < 60; ++step) {
            auto which = schema::event_types[random.below(schema::event_types.size())].which;
            auto bytes = samples::event_of(which, seed * 100 + step);
            auto examined = schema::decode_event(schema::as_bytes(bytes));
            ASSERT_TRUE(examined) << schema::name_of(which) << ": " << examined.error().text();
            EXPECT_TRUE(world.bench.judge(*examined, world.now, world.position, {})->refused);
            commands::evolve(state, entry_of(bytes, step, step + 1, world.now));
            (void)state.holding();
        }
        EXPECT_EQ(state.revision(), 60u);
    }
}

}  // namespace
