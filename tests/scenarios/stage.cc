#include "scenarios/stage.h"

#include <future>
#include <sstream>
#include <stdexcept>

#include "scenarios/checks.h"
#include "schema/json.h"
#include "schema/packs/bex_2018.capnp.h"
#include "schema/packs/england_and_wales.capnp.h"
#include "schema/packs/war_2018.capnp.h"

namespace scenarios {
namespace {

namespace json = boost::json;
using schema::text_of;

constexpr const char* origin = "ledger.eastmere.example/scenario";
constexpr const char* governor = "Governor";

std::string hex(const auto& id) { return id.hex(); }

const schema::StructMarks& marks_of_type(const std::string& type) {
    KJ_IF_MAYBE (field, capnp::Schema::from<schema::Fact>().findFieldByName(type.c_str())) {
        return schema::marks_of(field->getType().asStruct());
    }
    throw std::runtime_error("there is no event type " + type);
}

schema::StreamId stream_of(const std::string& type, const Family* family) {
    switch (schema::type_named(type)->stream) {
        case schema::StreamKind::directory: return schema::reserved_stream(schema::directory_stream_number);
        case schema::StreamKind::practice: return schema::reserved_stream(schema::practice_stream_number);
        case schema::StreamKind::service: return schema::reserved_stream(schema::service_stream_number);
        case schema::StreamKind::family: break;
    }
    if (!family) throw std::runtime_error("no family has been introduced");
    return family->stream;
}

json::object practice_json(const std::string& id, const std::map<std::string, std::string>& cap_modes) {
    auto practice = id == "BEX-2018"   ? schema::packs::BEX2018.get()
                    : id == "WAR-2018" ? schema::packs::WAR2018.get()
                                       : throw std::runtime_error("there is no practice " + id);
    auto object = schema::to_json(practice);
    if (auto* caps = object.if_contains("caps"))
        for (auto& cap : caps->as_array())
            if (auto mode = cap_modes.find(std::string(cap.at("id").as_string())); mode != cap_modes.end())
                cap.as_object()["mode"] = mode->second;
    return object;
}

}  // namespace

Stage::Stage(const std::string& practice, schema::Time opened, const std::map<std::string, std::string>& cap_modes)
    : folder_(std::filesystem::temp_directory_path() /
              ("caseledger-scenario-" + schema::to_hex(schema::as_bytes(ledger::random_bytes(8))))),
      practice_id_(practice),
      opened_(opened) {
    auto made = ledger::Ledger::create(folder_ / "ledger", origin);
    if (!made) throw std::runtime_error(made.error().text());
    ledger_ = *std::move(made);
    auto started = commands::Sequencer::start(*ledger_, [opened] { return opened; });
    if (!started) throw std::runtime_error(started.error().text());
    sequencer_ = *std::move(started);

    auto key = ledger::SigningKey::generate();
    Person first{ledger::random_id<schema::PersonId>(), key, {{"data-governor", ""}}};
    people_.emplace(governor, first);
    auto possession = key.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(origin, first.id)));
    json::object genesis{{"authority", "Eastmere Council"},
                         {"playedClock", true},
                         {"checkpointKey", hex(ledger_->checkpoint_key())},
                         {"governor", hex(first.id)},
                         {"publicKey", hex(key.public_key())},
                         {"proofOfPossession", hex(possession)}};
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    auto rules = schema::reserved_stream(schema::practice_stream_number);
    must(record(first, "data-governor", directory, {{"ledgerOpened", genesis}}, {}, opened_), "genesis");
    must(record(first, "data-governor", rules,
                {{"calendarIssued", schema::to_json(schema::packs::ENGLAND_AND_WALES.get())}}, {}, opened_),
         "calendar");
    must(record(first, "data-governor", rules, {{"practiceAdopted", practice_json(practice, cap_modes)}}, {}, opened_),
         "practice");
}

Stage::~Stage() {
    views_.reset();
    sequencer_.reset();
    ledger_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Stage::must(commands::Outcome outcome, const std::string& what) {
    if (auto* refused = std::get_if<commands::Refused>(&outcome))
        throw std::runtime_error(what + ": " + std::string(commands::name(refused->reason)) + ": " + refused->text());
    if (auto* error = std::get_if<schema::Error>(&outcome)) throw std::runtime_error(what + ": " + error->text());
}

const Person& Stage::person(const std::string& name) const {
    auto found = people_.find(name);
    if (found == people_.end()) throw std::runtime_error("nobody is called " + name);
    return found->second;
}

commands::Outcome Stage::send(const Sent& sent) {
    auto received = commands::receive(*ledger_, *sequencer_->known(), schema::as_bytes(sent.event), sent.signatures,
                                      sent.words, sent.at);
    if (auto* refused = std::get_if<commands::Refused>(&received)) return *refused;
    if (auto* error = std::get_if<schema::Error>(&received)) return *error;
    std::promise<commands::Outcome> answer;
    auto queued = sequencer_->submit(std::move(std::get<commands::Submission>(received)),
                                     [&](commands::Outcome outcome) { answer.set_value(std::move(outcome)); });
    if (!queued) return queued.error();
    return answer.get_future().get();
}

commands::Outcome Stage::perform_again() { return send(last_); }

commands::Outcome Stage::record(const Person& actor, const std::string& role, const schema::StreamId& stream,
                                json::object fact, std::vector<ledger::Word> words, schema::Time at) {
    auto head = ledger_->published_head(stream);
    auto book = ledger_->published();
    ledger::DraftContext context{origin, actor.id,        actor.key.id(),  role, "", stream,
                                 *head,  book->head.size, book->head.root, at};
    auto made = ledger::draft(context, {{"fact", std::move(fact)}}, std::move(words));
    if (!made) return made.error();
    last_ = {made->event, {actor.key.sign(ledger::event_context, schema::as_bytes(made->event))}, made->words, at};
    return send(last_);
}

void Stage::form_team(const std::string& team, const std::string& kind) {
    must(record(people_.at(governor), "data-governor", schema::reserved_stream(schema::directory_stream_number),
                {{"teamFormed", {{"team", team}, {"kind", kind}, {"name", team}}}}, {}, opened_),
         "team " + team);
}

void Stage::hire(const std::string& name, std::vector<std::pair<std::string, std::string>> roles, int fte) {
    Person hired{ledger::random_id<schema::PersonId>(), ledger::SigningKey::generate(), roles};
    const Person& by = people_.at(governor);
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    auto day = schema::iso(schema::day_of(17000));  // 2016-07-18: before any scenario
    auto tell = [&](json::object fact) {
        must(record(by, "data-governor", directory, std::move(fact), {}, opened_), name);
    };
    tell({{"personRegistered", {{"person", hex(hired.id)}}}});
    auto possession =
        hired.key.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(origin, hired.id)));
    tell({{"keyEnrolled",
           {{"person", hex(hired.id)},
            {"publicKey", hex(hired.key.public_key())},
            {"proofOfPossession", hex(possession)}}}});
    if (fte != 100) tell({{"fteSet", {{"person", hex(hired.id)}, {"hundredths", fte}, {"from", day}}}});
    for (auto& [role, team] : roles) {
        if (!team.empty() && !sequencer_->known()->directory.team(team)) form_team(team, "team");
        json::object granted{{"person", hex(hired.id)}, {"role", role}, {"from", day}};
        if (!team.empty()) granted["team"] = team;
        tell({{"roleGranted", granted}});
    }
    people_.emplace(name, std::move(hired));
}

void Stage::issue_schedule(const std::string& id, const std::vector<std::string>& classes) {
    json::array rows;
    for (auto& text : classes) {
        std::istringstream words(text);
        std::string code, years, word, from, type, kind;
        words >> code >> years >> word >> word >> from >> word >> type >> kind;
        json::object row{
            {"code", code}, {"title", code}, {"years", std::stoi(years)}, {"from", from}, {"source", "E:1"}};
        if (!type.empty()) {
            json::object selector{{"events", json::array{json::string(type)}}};
            if (!kind.empty()) selector["kinds"] = json::array{json::string(kind)};
            row["appliesTo"] = json::array{std::move(selector)};
        }
        rows.push_back(std::move(row));
    }
    must(record(people_.at(governor), "data-governor", schema::reserved_stream(schema::practice_stream_number),
                {{"retentionScheduleIssued",
                  {{"id", id},
                   {"authority", "Eastmere Council"},
                   {"title", "Retention schedule"},
                   {"from", schema::iso(schema::london_day(opened_))},
                   {"classes", std::move(rows)},
                   {"source", "E:1"}}}},
                {}, opened_),
         "schedule " + id);
}

void Stage::meet(const std::string& name, std::vector<std::string> children, std::vector<std::string> adults) {
    Family met{ledger::random_id<schema::StreamId>(), {}, {}, {}};
    for (auto& child : children) met.children.emplace_back(child, ledger::random_id<schema::SubjectId>());
    for (auto& adult : adults) met.adults.emplace_back(adult, ledger::random_id<schema::SubjectId>());
    families_.emplace(name, std::move(met));
}

schema::SubjectId Stage::subject(const std::string& name) const {
    for (auto& [surname, family] : families_)
        for (auto* group : {&family.children, &family.adults})
            for (auto& [known, id] : *group)
                if (known == name) return id;
    throw std::runtime_error("nobody is called " + name);
}

ledger::Entry Stage::entry(const std::string& label) const {
    auto known = labels_.find(label);
    if (known == labels_.end()) throw std::runtime_error("no event was called " + label);
    auto position = ledger_->find(known->second);
    if (!position || !*position) throw std::runtime_error(label + " is not in the book");
    return ledger_->entry(**position).value();
}

schema::Practice::Reader Stage::practice() const {
    // The edition stays in the known practice for as long as the sequencer does.
    return sequencer_->known()->practice.edition(practice_id_)->practice();
}

json::value Stage::value_of(const schema::FieldMarks& field, const std::vector<std::string>& given,
                            const Family& family) const {
    auto one = [&](const std::string& text) -> json::value {
        using T = capnp::schema::Type;
        if (field.person) return json::string(hex(person(text).id));
        if (!field.subject.empty()) {
            for (auto* group : {&family.children, &family.adults})
                for (auto& [name, id] : *group)
                    if (name == text) return json::string(hex(id));
            if (text == "stranger") return json::string(hex(ledger::random_id<schema::SubjectId>()));
            throw std::runtime_error("nobody in the family is called " + text);
        }
        if (!field.refers.empty()) {
            if (text == "nothing") return json::string(hex(ledger::random_id<schema::EventId>()));
            auto label = labels_.find(text);
            if (label == labels_.end()) throw std::runtime_error("no event was called " + text);
            return json::string(hex(label->second));
        }
        if (field.name == "key") {  // the one they had before, where there is another since
            auto& whose = person(text);
            return json::string(hex((whose.earlier ? *whose.earlier : whose.key).id()));
        }
        if (field.which == T::BOOL) return text == "yes";
        if (field.which == T::UINT64 && labels_.count(text)) return entry(text).position();
        if (field.which >= T::INT8 && field.which <= T::UINT64 && !field.date && !field.moment) return std::stoll(text);
        return json::string(text);
    };
    if (field.moment && given.size() > 1) return json::string(schema::iso(time_in(given[0] + " " + given[1])));
    if (!field.list) return one(given.at(0));
    json::array list;
    for (auto& text : given) list.push_back(one(text));
    return list;
}

// Of structs: "notApplicable 9 too-young 10 refused", the values of one after those of the other.
json::value Stage::list_of(const schema::FieldMarks& field, const std::vector<std::string>& given,
                           const Family& family) const {
    auto& parts = field.inner->fields;
    json::array list;
    for (size_t i = 0; i + parts.size() <= given.size(); i += parts.size()) {
        json::object item;
        for (size_t j = 0; j < parts.size(); ++j) item[parts[j].name] = value_of(parts[j], {given[i + j]}, family);
        list.push_back(std::move(item));
    }
    return list;
}

const Person* Stage::whose_key(const Act& act) const {
    if (act.type == "keyRotated") return &person(act.who.at(0));
    return act.type == "keyEnrolled" ? &person(act.fields.at("person").at(0)) : nullptr;
}

// What a scenario leaves unsaid: the case's latest event of the right type, all its children, the first code.
json::object Stage::facts_of(const Act& act, const Family& family) const {
    json::object facts;
    for (const schema::FieldMarks& field : marks_of_type(act.type).fields) {
        if (auto given = act.fields.find(field.name); given != act.fields.end()) {
            facts[field.name] =
                field.inner ? list_of(field, given->second, family) : value_of(field, given->second, family);
            continue;
        }
        if (field.subject == "introduces adult") {
            json::array all;
            for (auto& [name, id] : family.adults) all.push_back(json::string(hex(id)));
            facts[field.name] = std::move(all);
            continue;
        }
        if (field.optional) continue;
        if (!field.refers.empty()) {
            for (auto& [type, id] : family.events)
                if (std::find(field.refers.begin(), field.refers.end(), type) != field.refers.end())
                    facts[field.name] = json::string(hex(id));
        } else if (field.subject.find("child") != field.subject.npos) {
            json::array all;
            for (auto& [name, id] : family.children) all.push_back(json::string(hex(id)));
            if (field.list) facts[field.name] = std::move(all);
            else facts[field.name] = all.at(0);
        } else if (!field.codes.empty()) {
            for (auto list : practice().getCodeLists())
                if (text_of(list.getName()) == field.codes)
                    facts[field.name] = json::string(std::string(text_of(list.getCodes()[0].getCode())));
        } else if (field.date) {
            facts[field.name] = json::string(schema::iso(schema::london_day(act.occurred)));
        }
    }
    return facts;
}

std::string Stage::role_for(const Act& act, const Person& actor) const {
    if (!act.role.empty()) return act.role;
    for (auto row : practice().getActs())
        if (text_of(row.getEvent()) == act.type)
            for (auto role : row.getRoles())
                for (auto& [held, team] : actor.roles)
                    if (held == text_of(role)) return held;
    return actor.roles.at(0).first;
}

commands::Outcome Stage::perform(const Act& act) {
    static const Family nobody{};
    auto known_family = families_.find(act.family);
    Family* family = known_family == families_.end() ? nullptr : &known_family->second;
    auto stream = stream_of(act.type, family);
    const Person& actor = person(act.who.at(0));
    auto role = role_for(act, actor);
    auto team_in = [](const Person& who, const std::string& wanted) {
        for (auto& [held, team] : who.roles)
            if (held == wanted) return team;
        return std::string();
    };

    auto head = *ledger_->published_head(stream);
    if (act.seen) {
        head.revision = *act.seen;
        auto entries = *ledger_->stream(stream, *act.seen ? *act.seen : 1, 1);
        if (*act.seen) head.leaf = entries.at(0).leaf();
    }
    auto book = ledger_->published();
    ledger::DraftContext context{origin, actor.id,        actor.key.id(),  role,        team_in(actor, role), stream,
                                 head,   book->head.size, book->head.root, act.occurred};
    auto fact = facts_of(act, family ? *family : nobody);
    auto next = ledger::SigningKey::generate();
    auto* owner = whose_key(act);
    if (owner) {
        fact["publicKey"] = hex(next.public_key());
        fact["proofOfPossession"] =
            hex(next.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(origin, owner->id))));
    }
    json::object fields{{"fact", {{act.type, std::move(fact)}}}};
    json::array joint;
    for (size_t i = 1; i < act.who.size(); ++i) {
        const Person& other = person(act.who[i]);
        auto other_role = role_for(act, other);
        json::object signer{{"person", hex(other.id)}, {"key", hex(other.key.id())}, {"role", other_role}};
        if (auto team = team_in(other, other_role); !team.empty()) signer["team"] = team;
        joint.push_back(std::move(signer));
    }
    if (act.day_only) fields["occurred"] = {{"at", schema::iso(act.occurred)}, {"precision", "day"}};
    if (!joint.empty()) fields["joint"] = std::move(joint);
    std::vector<ledger::Word> words;
    std::vector<schema::SubjectId> about;
    for (auto& name : act.about) about.push_back(subject(name));
    if (family && about.empty()) about.push_back(family->children.at(0).second);
    if (family)
        for (auto& heading : marks_of_type(act.type).words)
            words.push_back({heading, about, ledger::random_bytes(32), "As " + act.who[0] + " wrote.", ""});
    auto made = ledger::draft(context, fields, std::move(words));
    if (!made) return made.error();
    last_ = {made->event, {}, made->words, act.recorded};
    for (auto& name : act.who)
        last_.signatures.push_back(person(name).key.sign(ledger::event_context, schema::as_bytes(made->event)));
    auto outcome = send(last_);
    if (std::holds_alternative<commands::Accepted>(outcome)) {
        if (family) family->events.emplace_back(act.type, made->id);
        if (!act.label.empty()) labels_[act.label] = made->id;
        for (auto& [name, known] : people_)
            if (&known == owner) known.earlier = std::exchange(known.key, next);
    }
    return outcome;
}

projections::Projections& Stage::views() {
    if (!views_) {
        auto opened = projections::Projections::open(*ledger_, folder_ / "views", [this] { return opened_; });
        if (!opened) throw std::runtime_error(opened.error().text());
        views_ = *std::move(opened);
    }
    auto size = ledger_->published()->head.size;
    if (!views_->wait(size - 1, std::chrono::seconds(20))) throw std::runtime_error("the views do not follow");
    return *views_;
}

}  // namespace scenarios
