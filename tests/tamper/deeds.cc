#include "deeds.h"

#include "ledger/words.h"

namespace tamper {

using namespace test;

namespace {

class Forbidden {
  public:
    Forbidden(const Sample& sample, const Operator& by) : sample_(sample), by_(by) {}

    const Family& family(const char* name) const { return sample_.families.at(name); }
    std::string person(const char* who) const { return sample_.played.people.at(who).id.hex(); }
    void deed(const char* kind, const char* who, const Family& in, const char* type, json::object fact,
              const How& how = {}, bool needs_others = false) {
        all.push_back({kind, by_.say(who, in.stream, {{type, std::move(fact)}}, how), needs_others});
    }
    void governs(const char* kind, const char* type, json::object fact, const StreamId& stream = directory()) {
        all.push_back({kind, by_.say("gov", stream, {{type, std::move(fact)}}), false});
    }

    void front_door() {
        auto& checked = family("checked");
        auto& received = family("received");
        auto acceptance = json::object{
            {"contact", checked.contact.hex()}, {"factors", json::array{"early-neglect"}}, {"level", "targeted"}};
        deed("accepted without consent", "duty", checked, "referralAccepted", acceptance);
        deed("accepted without the second check", "duty", received, "referralAccepted",
             {{"contact", received.contact.hex()}, {"factors", json::array{"early-neglect"}}, {"level", "targeted"}});
        deed("opened without acceptance", "duty", checked, "episodeOpened",
             {{"contact", checked.contact.hex()}, {"team", "north"}});
        deed("decided a second time", "mash", checked, "mashDecided",
             {{"contact", checked.contact.hex()}, {"option", "signpost"}});
        deed("decided in a role that may not", "kw", received, "secondCheckRecorded",
             {{"contact", received.contact.hex()}, {"option", "accept"}, {"consentSeen", true}});
        deed("a case that begins with a note", "kw", Family(const_cast<Played&>(sample_.played)), "caseNoteAdded",
             {{"note", "action"}});
    }
    void casework() {
        auto& submitted = family("submitted");
        auto& panel = family("panel");
        auto& ending = family("ending");
        deed("own assessment authorised", "both", submitted, "assessmentAuthorised",
             {{"submission", submitted.submission.hex()}}, {.role = "team-manager"});
        deed("allocated twice", "duty", submitted, "allocated",
             {{"episode", submitted.episode.hex()}, {"worker", person("kw2")}, {"scaling", 4}});
        deed("a plan before the planning meeting", "kw", submitted, "planAgreed",
             {{"episode", submitted.episode.hex()},
              {"child", submitted.child.hex()},
              {"plan", "wellbeing-plan"},
              {"visitEveryDays", 28}});
        deed("a code that no practice has", "tm", ending, "oversightRecorded",
             {{"episode", ending.episode.hex()}, {"point", "nowhere"}});
        json::object closing{{"episode", ending.episode.hex()}, {"reason", "goals-met"}, {"outcome", "goals-met"}};
        deed("closed without oversight, letter and feedback", "tm", ending, "caseClosed", closing);
        deed("closed by somebody who may not", "kw", ending, "caseClosed", closing);
        closing["episode"] = panel.episode.hex();
        deed("closed without anything", "tm", panel, "caseClosed", closing);
        How elsewhere;
        elsewhere.words = {ledger::Word{"other", {ending.child}, std::string(32, 's'), "words", ""}};
        deed("words under no heading that is demanded", "kw", ending, "caseNoteAdded", {{"note", "action"}}, elsewhere);
        deed("another's entry corrected", "kw2", ending, "correctionRecorded",
             {{"corrects", ending.visit.hex()}, {"kind", "enteredInError"}});
        deed("a decision taken back", "duty", ending, "correctionRecorded",
             {{"corrects", sample_.entry(0).id().hex()}, {"kind", "enteredInError"}});
    }
    void panels() {
        auto& panel = family("panel");
        auto& moved = family("escalated");
        json::object decision{{"transfer", panel.transfer.hex()},
                              {"decision", "transfer"},
                              {"transferOn", "2018-07-02"},
                              {"presentedBy", json::array{person("kw"), person("tm")}}};
        deed("panel of one", "chair1", panel, "panelDecided", decision);
        deed("panel of one who signs twice", "chair1", panel, "panelDecided", decision, {.joint = {"chair1"}});
        deed("panel with somebody who is no chair", "chair1", panel, "panelDecided", decision, {.joint = {"tm"}});
        auto other = decision;
        other["presentedBy"] = json::array{person("chair1"), person("kw")};
        deed("panel whose chair presents", "chair1", panel, "panelDecided", other, {.joint = {"chair2"}});
        other["presentedBy"] = json::array{person("kw")};
        deed("panel without the manager", "chair1", panel, "panelDecided", other, {.joint = {"chair2"}});
        other = decision;
        other["transfer"] = moved.transfer.hex();
        deed("panel's decision taken again", "chair1", moved, "panelDecided", other, {.joint = {"chair2"}});
        deed("received without the panel", "tm", panel, "receivingRecordOpened",
             {{"transfer", panel.transfer.hex()}, {"system", "lcs"}});
    }
    void keeping() {
        auto& held = family("held");
        auto& closed = family("closed again");
        auto& open = family("ending");
        auto erased = [](const SubjectId& subject, const char* ground) {
            return json::object{{"subject", subject.hex()}, {"ground", ground}};
        };
        const How by_two{.joint = {"gov"}};
        auto under = erased(held.child, "ordered");
        under["holdsChecked"] = json::array{sample_.holds.at("held").hex()};
        deed("erased under a hold", "sm", held, "subjectErased", under, by_two, true);
        deed("erased by one alone", "sm", closed, "subjectErased", erased(closed.child, "ordered"));
        deed("erased by one who signs twice", "sm", closed, "subjectErased", erased(closed.child, "ordered"),
             {.joint = {"sm"}});
        deed("erased with somebody who may not", "sm", closed, "subjectErased", erased(closed.child, "ordered"),
             {.joint = {"kw"}});
        deed("erased before a class was set", "sm", closed, "subjectErased", erased(closed.child, "retentionEnded"),
             by_two);
        deed("erased while the record is in use", "sm", open, "subjectErased", erased(open.child, "retentionEnded"),
             by_two);
        deed("erased without a request", "sm", closed, "subjectErased", erased(closed.mother, "requestGranted"),
             by_two);
        deed("erased somebody the case is not about", "sm", closed, "subjectErased", erased(open.child, "ordered"),
             by_two);
        deed("erased without looking at the holds", "sm", held, "subjectErased", erased(held.sibling, "ordered"),
             by_two);
        deed("retention class wrong", "sm", closed, "retentionClassSet",
             {{"subject", closed.child.hex()}, {"class", "child-in-need"}, {"untilYear", 2048}});
        deed("retention too short", "sm", closed, "retentionClassSet",
             {{"subject", closed.child.hex()}, {"class", "early-help"}, {"untilYear", 2019}});
        deed("retention of a record in use", "sm", open, "retentionClassSet",
             {{"subject", open.child.hex()}, {"class", "early-help"}, {"untilYear", 2048}});
        deed("own record disclosed by one", "sm", closed, "recordDisclosed",
             {{"purpose", "subjectAccess"}, {"words", "aboutSubjects"}, {"subjects", json::array{closed.child.hex()}}});
        deed("disclosed about nobody", "sm", closed, "recordDisclosed",
             {{"purpose", "court"}, {"words", "aboutSubjects"}});
    }
    void directories() {
        auto& people = sample_.played.people;
        auto key = ledger::SigningKey::from_seed(schema::as_bytes(std::string(32, 'x')));
        auto possession = [&](const schema::PersonId& whose) {
            auto message = ledger::possession_message(origin, whose);
            return key.sign(ledger::key_context, schema::as_bytes(message)).hex();
        };
        json::object enrolled{{"person", person("kw")},
                              {"publicKey", key.public_key().hex()},
                              {"proofOfPossession", possession(people.at("kw2").id)}};
        governs("key enrolled without its owner", "keyEnrolled", enrolled);
        enrolled["publicKey"] = "0100000000000000000000000000000000000000000000000000000000000000";
        enrolled["proofOfPossession"] = "01" + std::string(126, '0');
        governs("key of small order", "keyEnrolled", enrolled);
        governs("a person registered twice", "personRegistered", {{"person", person("kw")}});
        governs("a role that no practice has", "roleGranted",
                {{"person", person("kw")}, {"role", "emperor"}, {"from", "2018-05-22"}});
        governs("a role ended that was not held", "roleEnded",
                {{"person", person("kw")}, {"role", "team-manager"}, {"on", "2018-05-22"}});
        governs("a team formed twice", "teamFormed", {{"team", "north"}, {"kind", "team"}, {"name", "again"}});
        governs("the last governor's key revoked", "keyRevoked",
                {{"key", people.at("gov").key.id().hex()}, {"reason", "lost"}});
        governs("a key revoked twice", "keyRevoked", {{"key", people.at("leaver").key.id().hex()}, {"reason", "lost"}});
        governs("the practice adopted again", "practiceAdopted",
                Played::practice_fact({}).at("practiceAdopted").as_object(), practice_stream());
        auto without = Played::practice_fact([](auto practice) {
            practice.setId("X");
            for (auto act : practice.getActs())
                if (schema::text_of(act.asReader().getEvent()) == "practiceAdopted") act.setEvent("practiceExtended");
        });
        governs("a practice that lets nobody adopt another", "practiceAdopted",
                without.at("practiceAdopted").as_object(), practice_stream());
        governs("a practice without a calendar", "practiceAdopted",
                Played::practice_fact([](auto practice) { practice.setId("X"), practice.setCalendar("moon"); })
                    .at("practiceAdopted")
                    .as_object(),
                practice_stream());
        auto genesis = json::object{{"authority", "Another"},
                                    {"playedClock", true},
                                    {"checkpointKey", key.public_key().hex()},
                                    {"governor", person("gov")},
                                    {"publicKey", people.at("gov").key.public_key().hex()},
                                    {"proofOfPossession", possession(people.at("gov").id)}};
        governs("a second genesis", "ledgerOpened", genesis);
        all.push_back(
            {"a person registered by a worker",
             by_.say("kw", directory(), {{"personRegistered", json::object{{"person", std::string(32, '5')}}}}),
             false});
    }
    std::vector<Deed> all;

  private:
    const Sample& sample_;
    const Operator& by_;
};

}  // namespace

std::vector<Deed> forbidden(const Sample& sample, const Operator& by) {
    Forbidden forbidden(sample, by);
    forbidden.front_door();
    forbidden.casework();
    forbidden.panels();
    forbidden.keeping();
    forbidden.directories();
    return std::move(forbidden.all);
}

const std::vector<Wrong>& wrongs() {
    static const std::vector<Wrong> all{
        {"decided, not on the whole record",
         [](auto event, uint64_t) {
             if (!schema::type_of(event.getFact().which()).decision || event.getSeen().getRevision() == 0) return false;
             auto seen = event.initSeen();
             seen.setRevision(0);
             return true;
         }},
        {"seen another entry",
         [](auto event, uint64_t) {
             if (event.getSeen().getRevision() == 0) return false;
             event.getSeen().getEntry()[5] ^= 1;
             return true;
         }},
        {"seen the root of another book",
         [](auto event, uint64_t) {
             if (event.getSeen().getSize() == 0) return false;
             event.getSeen().getRoot()[5] ^= 1;
             return true;
         }},
        {"seen more than there was",
         [](auto event, uint64_t position) {
             if (event.getSeen().getSize() == 0) return false;
             event.getSeen().setSize(position + 1);
             return true;
         }},
        {"happened later than it was recorded",
         [](auto event, uint64_t position) {
             event.getOccurred().setAt(event.getOccurred().getAt() + 10LL * 365 * 86'400'000);
             return position > 0;
         }},
        {"relies on what came later",
         [](auto event, uint64_t position) {
             event.initBasis(1).set(0, position);
             return position > 0;
         }},
        {"for another ledger",
         [](auto event, uint64_t position) {
             event.setLedger("another.example/early-help");
             return position > 0;
         }},
        {"an id used before",
         [](auto event, uint64_t position) {
             auto other = test::id<schema::EventId>(102);  // of the genesis
             event.setId(schema::data_of({other.data(), other.size()}));
             return position > 0;
         }},
        {"no words where they are demanded",
         [](auto event, uint64_t) {
             auto member = capnp::Schema::from<schema::Fact>().getUnionFields()[event.getFact().which()];
             if (schema::marks_of(member.getType().asStruct()).words.empty()) return false;
             event.disownWords();
             return true;
         }},
    };
    return all;
}

void deeds(Campaign& campaign) {
    auto by = std::make_shared<Operator>(campaign.whole);
    auto& whole = campaign.whole;
    for (auto& deed : forbidden(whole, *by)) {
        auto items = by->items();
        items.push_back(deed.item);
        auto at = whole.size();
        auto book = by->build(std::move(items), Operator::every_key, at);
        campaign.take(
            {"rules: " + deed.kind, "", at, at, [&whole, by, book] { return verify(book, fitted(whole, *by, book)); }});
    }
    for (auto* sample : {&campaign.little, &campaign.whole}) {
        auto writer = std::make_shared<Operator>(*sample);
        for (auto& wrong : wrongs())
            for (auto at : campaign.spread(sample->size(), campaign.count(sample == &campaign.little ? 44 : 20))) {
                auto items = writer->items();
                bool applies = false;
                auto event = changed(items[at].event, [&](auto builder) { applies = wrong.change(builder, at); });
                if (!applies) continue;
                // Everything after it is said again by those who said it; it itself stays as it was made wrong.
                items[at].event = event;
                if (std::string_view(wrong.kind).starts_with("no words")) items[at].words.clear();
                writer->sign(items[at]);
                auto book = writer->build(std::move(items), Operator::every_key, at, {}, at);
                campaign.take({std::string("rules: ") + wrong.kind, "entry " + std::to_string(at), at, at,
                               [=] { return verify(book, fitted(*sample, *writer, book)); }});
            }
    }
}

}  // namespace tamper
