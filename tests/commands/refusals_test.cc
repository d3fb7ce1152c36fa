// Every refusal can be met: a table gives each one a way to it, and the list of refusals is walked to the end, so that
// none is dead and none is without a test.
#include "commands/refusal.h"

#include <capnp/serialize.h>

#include "commands/caps.h"
#include "commands/loads.h"
#include "commands/played_bench.h"

namespace {

using namespace test;
using R = Refusal;

// Bexley's practice with what other authorities ask for: a hard cap, a planning meeting before the plan, a lead of a
// certain role.
void stricter(schema::Practice::Builder practice) {
    practice.getCaps()[0].setMode(schema::CapMode::HARD);
    practice.getCaps()[0].setLimit(2);
    capnp::MallocMessageBuilder copy;
    copy.setRoot(practice.asReader());
    auto old = copy.getRoot<schema::Practice>().getGuards();
    auto guards = practice.initGuards(old.size() + 2);
    for (uint32_t i = 0; i < old.size(); ++i) guards.setWithCaveats(i, old[i]);
    guards[old.size()].setGuard(schema::Guard::MEETING_BEFORE_PLAN);
    guards[old.size()].setSource("S3:23");
    guards[old.size() + 1].setGuard(schema::Guard::LEAD_FOR_LEVEL);
    guards[old.size() + 1].setCode("targeted");
    guards[old.size() + 1].setDetail("team-manager");
    guards[old.size() + 1].setSource("S3:43");
}

struct Case {
    R reason;
    std::function<Said(Played&, Family)> meet;
};

// A schedule as an authority would issue it: six years from the closure, and for a child in need until they are thirty.
void issue_schedule(Played& ledger, const std::string& id = "EASTMERE-2018") {
    if (id == "EASTMERE-2018" && ledger.sequencer->known()->practice.retention(schema::london_day(ledger.now))) return;
    json::object need{
        {"code", "child-in-need"}, {"title", "Child in need"}, {"years", 30}, {"from", "birth"}, {"source", "E:2"}};
    need["appliesTo"] =
        json::array{json::object{{"events", json::array{"escalationDecided"}}, {"kinds", json::array{"childInNeed"}}}};
    json::object help{
        {"code", "early-help"}, {"title", "Early help"}, {"years", 6}, {"from", "closure"}, {"source", "E:1"}};
    ledger.must("gov", practice_stream(),
                {{"retentionScheduleIssued", json::object{{"id", id},
                                                          {"authority", "Eastmere"},
                                                          {"title", "Retention schedule"},
                                                          {"from", "2018-05-22"},
                                                          {"classes", json::array{help, need}},
                                                          {"source", "E:1"}}}});
}
Family& close(Family& family) {
    return family.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed().closed();
}
json::object class_of(const Family& family, int until = 2030, const char* code = "early-help") {
    return {{"subject", family.child.hex()}, {"class", code}, {"untilYear", until}};
}
json::object erasure(const Family& family, const char* ground) {
    return {{"subject", family.child.hex()}, {"ground", ground}};
}
const How by_two{.joint = {"gov"}};

// Each begins with a ledger that is ready for work and a new family.
const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        // ---- form, keys, signatures ----
        {R::wrong_ledger,
         [](Played& ledger, Family family) {
             auto said = ledger.draft("kw", family.stream, {{"caseNoteAdded", json::object{{"note", "action"}}}});
             capnp::MallocMessageBuilder message;
             message.setRoot(schema::EventMessage::decode(schema::as_bytes(said.event), 20'000)->read());
             message.getRoot<schema::Event>().setLedger("another.example");
             said.event = schema::canonical_bytes(message.getRoot<schema::Event>().asReader());
             said.outcome = ledger.send(said);
             return said;
         }},
        {R::already_opened, [](Played& ledger, Family) { return ledger.open(); }},
        {R::key_unknown,
         [](Played& ledger, Family family) {
             ledger.people.emplace("stranger", Person{ledger.new_id<schema::PersonId>(), ledger::SigningKey::generate(),
                                                      "family-key-worker"});
             auto said = ledger.say("stranger", family.stream, {{"caseNoteAdded", json::object{{"note", "action"}}}});
             ledger.people.erase("stranger");
             return said;
         }},
        {R::key_unknown,
         [](Played& ledger, Family family) {  // known, but another person's
             auto kw = ledger.people.at("kw");
             ledger.people.emplace("impostor", Person{ledger.people.at("kw2").id, kw.key, kw.role});
             auto said = ledger.say("impostor", family.stream, {{"caseNoteAdded", json::object{{"note", "action"}}}});
             ledger.people.erase("impostor");
             return said;
         }},
        {R::key_revoked,
         [](Played& ledger, Family family) {
             ledger.hire("leaver", {"family-key-worker"});
             ledger.must("gov", directory(),
                         {{"keyRevoked",
                           json::object{{"key", ledger.people.at("leaver").key.id().hex()}, {"reason", "left"}}}});
             return ledger.say("leaver", family.stream, {{"caseNoteAdded", json::object{{"note", "action"}}}});
         }},
        {R::bad_signature,
         [](Played& ledger, Family family) {
             auto said = ledger.draft("kw", family.stream, {{"caseNoteAdded", json::object{{"note", "action"}}}});
             said.signatures[0][5] ^= 1;
             said.outcome = ledger.send(said);
             return said;
         }},
        {R::bad_signature,
         [](Played& ledger, Family family) {  // one missing
             family.as_far_as_panel();
             auto said =
                 ledger.draft("chair1", family.stream, {{"panelDecided", family.decision()}}, {.joint = {"chair2"}});
             said.signatures.pop_back();
             said.outcome = ledger.send(said);
             return said;
         }},
        {R::bad_possession,
         [](Played& ledger, Family) {
             auto key = ledger::SigningKey::generate();
             return ledger.say("gov", directory(),
                               {{"keyEnrolled", json::object{{"person", ledger.people.at("kw").id.hex()},
                                                             {"publicKey", key.public_key().hex()},
                                                             {"proofOfPossession", std::string(128, 'a')}}}});
         }},
        {R::bad_possession,
         [](Played& ledger, Family) {  // a point of small order verifies without any private key
             return ledger.say(
                 "gov", directory(),
                 {{"keyEnrolled",
                   json::object{{"person", ledger.people.at("kw").id.hex()},
                                {"publicKey", "0100000000000000000000000000000000000000000000000000000000000000"},
                                {"proofOfPossession", "01" + std::string(126, '0')}}}});
         }},
        {R::key_taken,
         [](Played& ledger, Family) {
             auto& kw = ledger.people.at("kw");
             auto other = ledger.people.at("kw2").id;
             auto proof = kw.key.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(origin, other)));
             return ledger.say("gov", directory(),
                               {{"keyEnrolled", json::object{{"person", other.hex()},
                                                             {"publicKey", kw.key.public_key().hex()},
                                                             {"proofOfPossession", proof.hex()}}}});
         }},
        {R::id_taken,
         [](Played&, Family family) {
             How how;
             how.id = family.received().contact;
             return family.say("kw", "caseNoteAdded", {{"note", "action"}}, how);
         }},
        // ---- roles and practice ----
        {R::role_not_held,
         [](Played&, Family family) {
             return family.say("kw", "caseNoteAdded", {{"note", "action"}}, {.role = "team-manager"});
         }},
        {R::role_not_held,
         [](Played& ledger, Family family) {
             ledger.hire("northerner", {"family-key-worker@north"});
             family.received();
             EXPECT_TRUE(family.say("northerner", "caseNoteAdded", {{"note", "action"}}, {.team = "north"}).accepted());
             return family.say("northerner", "caseNoteAdded", {{"note", "action"}}, {.team = "south"});
         }},
        {R::role_may_not,
         [](Played&, Family family) {
             return family.as_far_as_open().say(
                 "kw", "allocated", {{"episode", family.episode.hex()}, {"worker", family.worker_id("kw")}});
         }},
        {R::not_shown_latest,
         [](Played&, Family family) {
             family.received();
             How how;
             how.seen = ledger::StreamHead{};
             return family.say("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}}, how);
         }},
        {R::seen_unknown,
         [](Played&, Family family) {
             family.received();
             How how;
             how.seen = ledger::StreamHead{1, 0, test::id<schema::Digest>(3)};
             return family.say("kw", "caseNoteAdded", {{"note", "action"}}, how);
         }},
        {R::seen_unknown,
         [](Played&, Family family) {  // a revision that is not there yet
             How how;
             how.seen = ledger::StreamHead{5, 0, test::id<schema::Digest>(3)};
             return family.say("kw", "caseNoteAdded", {{"note", "action"}}, how);
         }},
        {R::in_future,
         [](Played& ledger, Family family) {
             How how;
             how.occurred = ledger.now + std::chrono::minutes(6);
             return family.say("kw", "caseNoteAdded", {{"note", "action"}}, how);
         }},
        {R::in_future,
         [](Played& ledger, Family family) {  // the end of a range
             How how;
             how.fields["occurred"] = json::object{{"at", schema::iso(ledger.now)},
                                                   {"precision", "range"},
                                                   {"until", schema::iso(ledger.now + std::chrono::hours(24 * 365))}};
             return family.say("kw", "caseNoteAdded", {{"note", "action"}}, how);
         }},
        {R::basis_unknown,
         [](Played& ledger, Family family) {
             How how;
             how.basis = {ledger.book->published()->head.size};
             return family.say("kw", "caseNoteAdded", {{"note", "action"}}, how);
         }},
        {R::words_missing,
         [](Played&, Family family) {
             How how;
             how.words.emplace();
             return family.say("kw", "caseNoteAdded", {{"note", "action"}}, how);
         }},
        {R::words_missing,
         [](Played& ledger, Family family) {  // others than were signed
             auto said = ledger.draft("kw", family.stream, {{"caseNoteAdded", json::object{{"note", "action"}}}});
             said.words[0].content += "!";
             said.outcome = ledger.send(said);
             return said;
         }},
        // ---- references ----
        {R::no_such_event,
         [](Played& ledger, Family family) {
             return family.say("mash", "mashDecided",
                               {{"contact", ledger.new_id<EventId>().hex()}, {"option", "accept"}});
         }},
        {R::no_such_event,
         [](Played& ledger, Family family) {  // of another family
             Family other(ledger);
             return family.say("mash", "mashDecided",
                               {{"contact", other.received().contact.hex()}, {"option", "accept"}});
         }},
        {R::no_such_case,
         [](Played&, Family family) {
             return family.say("kw", "caseNoteAdded", {{"note", "action"}});
         }},
        {R::no_such_case,
         [](Played&, Family family) {  // a step-up is of a family that we have
             return family.say("kw", "transferProposed", {{"direction", "stepUp"}});
         }},
        {R::out_of_order,
         [](Played& ledger, Family family) {
             family.received();
             How how;
             how.occurred = ledger.now - std::chrono::minutes(6);
             return family.say("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}}, how);
         }},
        {R::out_of_order,
         [](Played& ledger, Family family) {  // only the day is known, and it is the day before
             family.received();
             auto on = [&](std::chrono::hours back) {
                 auto midnight = schema::london_time(schema::london_day(ledger.now), std::chrono::hours(0));
                 How how;
                 how.fields["occurred"] = json::object{{"at", schema::iso(midnight - back)}, {"precision", "day"}};
                 return how;
             };
             json::object decision{{"contact", family.contact.hex()}, {"option", "accept"}};
             EXPECT_TRUE(family.say("mash", "mashDecided", decision, on(std::chrono::hours(0))).accepted());
             return family.say("mash", "mashDecided", decision, on(std::chrono::hours(12)));
         }},
        {R::wrong_event,
         [](Played&, Family family) {
             return family.received().consented().say("mash", "mashDecided",
                                                      {{"contact", family.consent.hex()}, {"option", "accept"}});
         }},
        {R::entered_in_error,
         [](Played&, Family family) {
             family.received();
             family.must("mash", "correctionRecorded",
                         {{"corrects", family.contact.hex()}, {"kind", "enteredInError"}});
             return family.say("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}});
         }},
        {R::entered_in_error,
         [](Played&, Family family) {  // nor is it marked as significant any more
             auto visit = family.as_far_as_allocated().visited().visit;
             family.must("kw", "correctionRecorded", {{"corrects", visit.hex()}, {"kind", "enteredInError"}});
             return family.say(
                 "kw", "significanceMarked",
                 {{"entry", visit.hex()}, {"impact", "positive"}, {"children", json::array{family.child.hex()}}});
         }},
        {R::unknown_code,
         [](Played&, Family family) {
             return family.say("kw", "caseNoteAdded", {{"note", "nonsense"}});
         }},
        {R::unknown_person,
         [](Played& ledger, Family family) {
             return family.as_far_as_open().say(
                 "duty", "allocated", {{"episode", family.episode.hex()}, {"worker", ledger.new_id<EventId>().hex()}});
         }},
        {R::unknown_subject,
         [](Played& ledger, Family family) {
             return family.received().say(
                 "kw", "caseNoteAdded",
                 {{"note", "action"}, {"children", json::array{ledger.new_id<SubjectId>().hex()}}});
         }},
        {R::unknown_subject,
         [](Played&, Family family) {  // a child is no adult
             return family.received().say(
                 "kw", "consentRecorded",
                 {{"scope", "agencies"}, {"form", "written"}, {"givenBy", family.child.hex()}});
         }},
        {R::unknown_team,
         [](Played&, Family family) {
             return family.received().decided().routed().checked().consented().accepted().say(
                 "duty", "episodeOpened", {{"contact", family.contact.hex()}, {"team", "nowhere"}});
         }},
        {R::unknown_team,
         [](Played& ledger, Family) {
             return ledger.say(
                 "gov", directory(),
                 {{"teamFormed", json::object{{"team", "x"}, {"kind", "pod"}, {"name", "X"}, {"within", "nowhere"}}}});
         }},
        // ---- directory and practice ----
        {R::name_taken,
         [](Played& ledger, Family) {
             return ledger.say("gov", directory(),
                               {{"teamFormed", json::object{{"team", "north"}, {"kind", "team"}, {"name", "N"}}}});
         }},
        {R::name_taken,
         [](Played& ledger, Family) {
             return ledger.say("gov", directory(),
                               {{"personRegistered", json::object{{"person", ledger.people.at("kw").id.hex()}}}});
         }},
        {R::name_taken,
         [](Played& ledger, Family) { return ledger.say("gov", practice_stream(), Played::practice_fact({})); }},
        {R::unknown_practice,
         [](Played& ledger, Family) {
             return ledger.say("gov", practice_stream(),
                               {{"practiceExtended", json::object{{"practice", "NO-1999"}, {"until", "2030-01-01"}}}});
         }},
        {R::unknown_practice,
         [](Played& ledger, Family) {
             return ledger.say(
                 "gov", practice_stream(),
                 {{"readingAdopted",
                   json::object{{"practice", "BEX-2018"}, {"rule", "T04"}, {"reading", "Z"}, {"from", "2018-06-01"}}}});
         }},
        {R::unknown_calendar,
         [](Played& ledger, Family) {
             return ledger.say("gov", practice_stream(), Played::practice_fact([](auto practice) {
                                   practice.setId("OTHER-2018");
                                   practice.setCalendar("mars");
                               }));
         }},
        {R::nobody_would_govern,
         [](Played& ledger, Family) {
             return ledger.say(
                 "gov", directory(),
                 {{"keyRevoked", json::object{{"key", ledger.people.at("gov").key.id().hex()}, {"reason", "lost"}}}});
         }},
        {R::nobody_would_govern,
         [](Played& ledger, Family) {
             return ledger.say("gov", directory(),
                               {{"roleEnded", json::object{{"person", ledger.people.at("gov").id.hex()},
                                                           {"role", "data-governor"},
                                                           {"on", "2018-06-01"}}}});
         }},
        {R::nobody_would_govern,
         [](Played& ledger, Family) {
             return ledger.say("gov", practice_stream(), Played::practice_fact([](auto practice) {
                                   practice.setId("OTHER-2018");
                                   for (auto act : practice.getActs())
                                       if (schema::text_of(act.asReader().getEvent()) == "practiceAdopted")
                                           act.setEvent("practiceExtended");
                               }));
         }},
        {R::role_not_granted,
         [](Played& ledger, Family) {
             return ledger.say("gov", directory(),
                               {{"roleEnded", json::object{{"person", ledger.people.at("kw").id.hex()},
                                                           {"role", "team-manager"},
                                                           {"on", "2018-06-01"}}}});
         }},
        // ---- front door ----
        {R::decided_already,
         [](Played&, Family family) {  // anew, until the contact has been sent on
             return family.received()
                 .decided("signpost")
                 .decided()
                 .routed()
                 .say("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "signpost"}});
         }},
        {R::decided_already,
         [](Played&, Family family) {  // anew, until the referral has been accepted
             return family.received()
                 .decided()
                 .routed()
                 .checked("redirect")
                 .checked()
                 .consented()
                 .accepted()
                 .say("duty", "secondCheckRecorded", {{"contact", family.contact.hex()}, {"option", "redirect"}});
         }},
        {R::decided_already,
         [](Played&, Family family) {  // the summary is for the panel
             return family.as_far_as_panel().panel().say("kw", "transferSummaryPrepared",
                                                         {{"transfer", family.transfer.hex()}});
         }},
        {R::not_decided,
         [](Played&, Family family) {
             return family.received().say("mash", "contactRouted", {{"contact", family.contact.hex()}});
         }},
        {R::not_for_this_service,
         [](Played&, Family family) {
             return family.received()
                 .decided("signpost")
                 .say("mash", "contactRouted", {{"contact", family.contact.hex()}});
         }},
        {R::mash_manager_decides,
         [](Played&, Family family) {
             family.received();
             family.must("rep", "recommendationRecorded", {{"contact", family.contact.hex()}, {"option", "accept"}});
             auto said = family.say("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}});
             EXPECT_TRUE(
                 family.say("mash-manager", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}})
                     .accepted());
             return said;
         }},
        {R::mash_manager_decides,
         [](Played&, Family family) {  // decided first, then recommended: it goes on when the manager has decided
             family.received().decided();
             family.must("rep", "recommendationRecorded", {{"contact", family.contact.hex()}, {"option", "accept"}});
             auto said = family.say("mash", "contactRouted", {{"contact", family.contact.hex()}});
             family.must("mash-manager", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}});
             family.must("mash", "contactRouted", {{"contact", family.contact.hex()}});
             return said;
         }},
        {R::not_routed,
         [](Played&, Family family) {
             return family.received().decided().say("duty", "secondCheckRecorded",
                                                    {{"contact", family.contact.hex()}, {"option", "accept"}});
         }},
        {R::same_decider,
         [](Played&, Family family) {
             family.received();
             family.must("both", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}},
                         {.role = "mash-practitioner"});
             return family.routed().say("both", "secondCheckRecorded",
                                        {{"contact", family.contact.hex()}, {"option", "accept"}},
                                        {.role = "duty-manager"});
         }},
        {R::same_decider,
         [](Played&, Family family) {  // not only who decided last
             family.received();
             family.must("both", "mashDecided", {{"contact", family.contact.hex()}, {"option", "signpost"}},
                         {.role = "mash-practitioner"});
             return family.decided().routed().say("both", "secondCheckRecorded",
                                                  {{"contact", family.contact.hex()}, {"option", "accept"}},
                                                  {.role = "duty-manager"});
         }},
        {R::nothing_to_share,
         [](Played&, Family family) {
             return family.received().say("mash", "outcomeShared",
                                          {{"contact", family.contact.hex()}, {"party", "family"}});
         }},
        {R::second_check_missing,
         [](Played&, Family family) {
             return family.received().decided().routed().consented().say("duty", "referralAccepted",
                                                                         family.acceptance());
         }},
        {R::second_check_missing,
         [](Played&, Family family) {  // it said no
             return family.received()
                 .decided()
                 .routed()
                 .checked("redirect")
                 .consented()
                 .say("duty", "referralAccepted", family.acceptance());
         }},
        {R::consent_not_written,
         [](Played&, Family family) {
             return family.received()
                 .decided()
                 .routed()
                 .checked()
                 .consented("referral", "verbal")
                 .say("duty", "referralAccepted", family.acceptance());
         }},
        {R::consent_not_written,
         [](Played&, Family family) {  // withdrawn since
             family.received().decided().routed().checked().consented();
             family.must("kw", "consentWithdrawn", {{"scope", "referral"}});
             return family.say("duty", "referralAccepted", family.acceptance());
         }},
        {R::consent_not_written,
         [](Played&, Family family) {  // refused since
             family.received().decided().routed().checked().consented();
             family.must("duty", "consentRefused", {{"scope", "referral"}});
             return family.say("duty", "referralAccepted", family.acceptance());
         }},
        {R::consent_not_written,
         [](Played&, Family family) {  // for one of two children
             family.received().decided().routed().checked();
             json::object consent{
                 {"scope", "referral"}, {"form", "written"}, {"children", json::array{family.child.hex()}}};
             family.must("kw", "consentRecorded", consent);
             auto said = family.say("duty", "referralAccepted", family.acceptance());
             consent["children"] = json::array{family.sibling.hex()};
             family.must("kw", "consentRecorded", consent);
             family.accepted();
             return said;
         }},
        {R::consent_not_written,
         [](Played&, Family family) {  // of the last episode
             family.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed().closed();
             return family.received().decided().routed().checked().say("duty", "referralAccepted", family.acceptance());
         }},
        {R::consent_not_written,
         [](Played&, Family family) {  // withdrawn between acceptance and opening
             family.received().decided().routed().checked().consented().accepted();
             family.must("kw", "consentWithdrawn", {{"scope", "referral"}});
             auto said = family.say("duty", "episodeOpened", {{"contact", family.contact.hex()}, {"team", "north"}});
             family.consented().opened();
             return said;
         }},
        {R::consent_not_written,
         [](Played&, Family family) {  // it was never given: the entry was an error
             family.received().decided().routed().checked().consented();
             family.must("kw", "correctionRecorded", {{"corrects", family.consent.hex()}, {"kind", "enteredInError"}});
             return family.say("duty", "referralAccepted", family.acceptance());
         }},
        {R::consent_missing,
         [](Played&, Family family) {
             return family.as_far_as_allocated().say("kw", "agencyContacted",
                                                     {{"episode", family.episode.hex()}, {"agency", "school"}});
         }},
        {R::consent_missing,
         [](Played&, Family family) {  // a text message
             json::object fields{{"made", true}, {"mode", "text-message"}};
             fields["episode"] = family.as_far_as_allocated().episode.hex();
             auto said = family.say("kw", "familyContacted", fields);
             family.consented("messaging", "verbal").must("kw", "familyContacted", fields);
             return said;
         }},
        {R::consent_missing,
         [](Played&, Family family) {  // who turned away is not assessed
             family.as_far_as_allocated().introduced();
             family.must("kw", "consentWithdrawn", {{"scope", "referral"}});
             auto said = family.say("kw", "assessmentStarted",
                                    {{"episode", family.episode.hex()}, {"assessment", "wellbeing"}});
             family.consented().started();
             return said;
         }},
        {R::consent_missing,
         [](Played&, Family family) {  // a step-down of a family that is known already
             return family.received().say("sw", "transferProposed", {{"direction", "stepDown"}});
         }},
        {R::no_consent_to_withdraw,
         [](Played&, Family family) {
             return family.received().say("kw", "consentWithdrawn", {{"scope", "agencies"}});
         }},
        {R::no_consent_to_withdraw,
         [](Played&, Family family) {  // nor confirmed
             family.received().consented();
             family.must("kw", "consentRefused", {{"scope", "referral"}});
             return family.say("kw", "consentConfirmed", {{"consent", family.consent.hex()}});
         }},
        {R::no_factor,
         [](Played&, Family family) {
             family.received().decided().routed().checked().consented();
             return family.say("duty", "referralAccepted", {{"contact", family.contact.hex()}, {"level", "targeted"}});
         }},
        {R::in_need,
         [](Played&, Family family) {
             family.received().decided().routed().checked().consented();
             auto fields = family.acceptance();
             fields["inNeedOrAtRisk"] = true;
             return family.say("duty", "referralAccepted", fields);
         }},
        {R::excluded,
         [](Played&, Family family) {
             family.received().decided().routed().checked().consented();
             auto fields = family.acceptance();
             fields["exclusions"] = json::array{"in-need"};
             return family.say("duty", "referralAccepted", fields);
         }},
        {R::not_accepted,
         [](Played&, Family family) {
             return family.received().decided().routed().checked().say(
                 "duty", "episodeOpened", {{"contact", family.contact.hex()}, {"team", "north"}});
         }},
        {R::episode_open,
         [](Played&, Family family) {
             family.as_far_as_open().received().decided().routed().checked().accepted();
             return family.say("duty", "episodeOpened", {{"contact", family.contact.hex()}, {"team", "north"}});
         }},
        // ---- allocation ----
        {R::episode_closed,
         [](Played&, Family family) {  // also through what belongs to it
             family.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed();
             family.alerted().closed();
             auto closed = [&](const char* who, const char* type, json::object fields) {
                 EXPECT_EQ(family.say(who, type, std::move(fields)).refusal(), R::episode_closed) << type;
             };
             closed("kw", "planUpdated", {{"plan", family.plan.hex()}});
             closed("kw", "assessmentSubmitted", {{"assessment", family.assessment.hex()}});
             closed("kw", "assessmentShared", {{"assessment", family.assessment.hex()}, {"writtenCopy", true}});
             return family.say("tm", "escalationDecided",
                               {{"alert", family.alert.hex()}, {"outcome", "childInNeed"}, {"discussedWith", "mash"}});
         }},
        {R::episode_closed,
         [](Played&, Family family) {  // with an assessment that waits for a manager, and a transfer for the panel
             family.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed();
             family.alerted().escalated("childInNeed").proposed().summarised().started().submitted().closed();
             auto closed = [&](const char* who, const char* type, json::object fields) {
                 EXPECT_EQ(family.say(who, type, std::move(fields)).refusal(), R::episode_closed) << type;
             };
             closed("tm", "assessmentReturned", {{"submission", family.submission.hex()}});
             closed("tm", "assessmentAuthorised", {{"submission", family.submission.hex()}});
             return family.say("kw", "transferSummaryPrepared", {{"transfer", family.transfer.hex()}});
         }},
        {R::episode_closed,
         [](Played&, Family family) {
             family.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed().closed();
             return family.say("kw", "familyContacted",
                               {{"episode", family.episode.hex()}, {"made", true}, {"mode", "telephone"}});
         }},
        {R::not_allocated,
         [](Played&, Family family) {
             return family.as_far_as_open().say(
                 "kw", "familyContacted", {{"episode", family.episode.hex()}, {"made", true}, {"mode", "telephone"}});
         }},
        {R::already_allocated,
         [](Played&, Family family) {
             return family.as_far_as_allocated().say(
                 "duty", "allocated", {{"episode", family.episode.hex()}, {"worker", family.worker_id("kw2")}});
         }},
        {R::already_allocated,
         [](Played&, Family family) {
             return family.as_far_as_allocated().say(
                 "duty", "reallocated",
                 {{"episode", family.episode.hex()}, {"worker", family.worker_id(family.worker)}});
         }},
        {R::unknown_subject,
         [](Played& ledger, Family family) {  // of this family, but not of this episode
             family.as_far_as_open();
             auto baby = ledger.new_id<SubjectId>();
             family.must("mash", "contactReceived",
                         {{"channel", "telephone"}, {"referrer", "midwife"}, {"children", json::array{baby.hex()}}});
             return family.say(
                 "tm", "levelSet",
                 {{"episode", family.episode.hex()}, {"children", json::array{baby.hex()}}, {"level", "targeted"}});
         }},
        {R::worker_role_unfit,
         [](Played&, Family family) {
             return family.as_far_as_open().say(
                 "duty", "allocated", {{"episode", family.episode.hex()}, {"worker", family.worker_id("tm")}});
         }},
        {R::over_cap,
         [](Played& ledger, Family family) {  // V13: 0.6 of full time
             ledger.hire("part-timer", {"family-key-worker"});
             ledger.must("gov", directory(),
                         {{"fteSet", json::object{{"person", ledger.people.at("part-timer").id.hex()},
                                                  {"hundredths", 60},
                                                  {"from", "2018-05-22"}}}});
             Family first(ledger);
             first.children = 14;
             first.worker = "part-timer";
             first.as_far_as_allocated();
             family.children = 3;
             family.worker = "part-timer";
             auto said = family.as_far_as_open().say(
                 "duty", "allocated", {{"episode", family.episode.hex()}, {"worker", family.worker_id("part-timer")}});
             EXPECT_NE(said.text().find("17 children, 2 over the cap of 15"), std::string::npos) << said.text();
             auto approval = family.must("tm", "capacityOverrideApproved",
                                         {{"episode", family.episode.hex()},
                                          {"worker", family.worker_id("part-timer")},
                                          {"cap", 15},
                                          {"projected", 17}});
             auto allowed = family.say("duty", "allocated",
                                       {{"episode", family.episode.hex()},
                                        {"worker", family.worker_id("part-timer")},
                                        {"capacityOverride", approval.hex()}});
             EXPECT_TRUE(allowed.accepted()) << allowed.text();
             if (allowed.accepted()) {
                 EXPECT_EQ(std::get<Accepted>(allowed.outcome).warnings.size(), 1u);
             }
             return said;
         }},
        {R::override_of_another,
         [](Played&, Family family) {
             family.children = 26;
             family.as_far_as_open();
             auto approval = family.must("tm", "capacityOverrideApproved",
                                         {{"episode", family.episode.hex()},
                                          {"worker", family.worker_id("kw2")},
                                          {"cap", 25},
                                          {"projected", 99}});
             return family.say("duty", "allocated",
                               {{"episode", family.episode.hex()},
                                {"worker", family.worker_id("both")},
                                {"capacityOverride", approval.hex()}});
         }},
        // ---- assessment, plan, visits ----
        {R::not_introduced,
         [](Played&, Family family) {
             return family.as_far_as_allocated().say("kw", "assessmentStarted",
                                                     {{"episode", family.episode.hex()}, {"assessment", "wellbeing"}});
         }},
        {R::assessment_open,
         [](Played&, Family family) {
             return family.as_far_as_allocated().introduced().started().say(
                 "kw", "assessmentStarted", {{"episode", family.episode.hex()}, {"assessment", "wellbeing"}});
         }},
        {R::assessment_not_open,
         [](Played&, Family family) {
             return family.as_far_as_allocated().introduced().started().submitted().say(
                 "kw", "assessmentSubmitted", {{"assessment", family.assessment.hex()}});
         }},
        {R::assessment_not_submitted,
         [](Played&, Family family) {
             return family.as_far_as_allocated().introduced().started().submitted().authorised().say(
                 "tm", "assessmentAuthorised", {{"submission", family.submission.hex()}});
         }},
        {R::assessment_not_submitted,
         [](Played&, Family family) {  // the first of two submissions
             family.as_far_as_allocated().introduced().started().submitted();
             auto first = family.submission;
             family.must("tm", "assessmentReturned", {{"submission", first.hex()}});
             return family.submitted().say("tm", "assessmentAuthorised", {{"submission", first.hex()}});
         }},
        {R::own_assessment,
         [](Played&, Family family) {
             return family.as_far_as_allocated().introduced().started().submitted("both").say(
                 "both", "assessmentAuthorised", {{"submission", family.submission.hex()}});
         }},
        {R::assessment_not_authorised,
         [](Played&, Family family) {
             return family.as_far_as_allocated().introduced().started().say(
                 "kw", "assessmentShared", {{"assessment", family.assessment.hex()}, {"writtenCopy", true}});
         }},
        {R::written_copy_needed,
         [](Played&, Family family) {
             return family.as_far_as_allocated().introduced().started().submitted().authorised().say(
                 "kw", "assessmentShared", {{"assessment", family.assessment.hex()}});
         }},
        {R::plan_exists,
         [](Played&, Family family) {
             return family.as_far_as_allocated().met().planned().say(
                 "kw", "planAgreed",
                 {{"episode", family.episode.hex()}, {"child", family.child.hex()}, {"plan", "wellbeing-plan"}});
         }},
        {R::no_plan,
         [](Played&, Family family) {
             return family.as_far_as_allocated().say("kw", "reviewMeetingHeld",
                                                     {{"episode", family.episode.hex()}, {"review", "formal"}});
         }},
        {R::confidences_in_public,
         [](Played&, Family family) {
             return family.as_far_as_allocated().say("kw", "visitHeld",
                                                     {{"episode", family.episode.hex()},
                                                      {"mode", "face-to-face"},
                                                      {"place", "public-space"},
                                                      {"confidential", true}});
         }},
        {R::recorded_already,
         [](Played&, Family family) {
             family.as_far_as_allocated().visited();
             family.must("kw", "visitRecorded", {{"visit", family.visit.hex()}});
             return family.say("kw", "visitRecorded", {{"visit", family.visit.hex()}});
         }},
        {R::own_oversight,
         [](Played&, Family family) {
             family.worker = "both";
             return family.as_far_as_allocated().say("both", "oversightRecorded",
                                                     {{"episode", family.episode.hex()}, {"point", "closure"}});
         }},
        {R::own_supervision,
         [](Played& ledger, Family) {
             return ledger.say("tm", service_stream(),
                               {{"supervisionHeld", json::object{{"worker", ledger.people.at("tm").id.hex()},
                                                                 {"kind", "individual"},
                                                                 {"minutes", 90}}}});
         }},
        // ---- escalation and transfer ----
        {R::judgement_missing,
         [](Played&, Family family) {
             family.as_far_as_allocated().alerted();
             auto said = family.say("kw", "familyNotInformed", {{"alert", family.alert.hex()}});
             family.must("tm", "notInformingJudged", {{"alert", family.alert.hex()}});
             family.must("kw", "familyNotInformed", {{"alert", family.alert.hex()}});
             return said;
         }},
        {R::not_significant_harm,
         [](Played&, Family family) {
             return family.as_far_as_allocated()
                 .alerted()
                 .escalated("childInNeed")
                 .say("kw", "safeguardingReferralMade", {{"escalation", family.escalation.hex()}});
         }},
        {R::not_child_in_need,
         [](Played&, Family family) {
             family.as_far_as_allocated().alerted().escalated("significantHarm");
             return family.say(
                 "kw", "transferProposed",
                 {{"direction", "stepUp"}, {"episode", family.episode.hex()}, {"escalation", family.escalation.hex()}});
         }},
        {R::not_child_in_need,
         [](Played&, Family family) {  // decided in an earlier episode
             family.as_far_as_ending().alerted().escalated("childInNeed");
             family.closure_proposed().form().letter().overseen().confirmed().closed();
             return family.as_far_as_open().say(
                 "kw", "transferProposed",
                 {{"direction", "stepUp"}, {"episode", family.episode.hex()}, {"escalation", family.escalation.hex()}});
         }},
        {R::recorded_already,
         [](Played&, Family family) {  // the panel is not asked twice on one escalation
             family.as_far_as_allocated().alerted().escalated("childInNeed").proposed();
             family.must("kw", "correctionRecorded", {{"corrects", family.transfer.hex()}, {"kind", "enteredInError"}});
             family.proposed().summarised().panel("notTransfer");
             return family.say(
                 "kw", "transferProposed",
                 {{"direction", "stepUp"}, {"episode", family.episode.hex()}, {"escalation", family.escalation.hex()}});
         }},
        {R::transfer_incomplete,
         [](Played&, Family family) {
             family.stepping_down().panel();
             json::object handover{{"transfer", family.transfer.hex()}, {"familyPresent", true}};
             EXPECT_EQ(family.say("sw", "handoverHeld", handover).refusal(), R::transfer_incomplete);
             handover["newWorker"] = family.worker_id("sw");
             auto said = family.say("sw", "handoverHeld", handover);
             handover["newWorker"] = family.worker_id("kw");
             family.must("sw", "handoverHeld", handover);
             return said;
         }},
        {R::transfer_incomplete,
         [](Played&, Family family) {
             return family.received().say("kw", "transferProposed", {{"direction", "stepUp"}});
         }},
        {R::panel_needs_two,
         [](Played&, Family family) {
             return family.as_far_as_panel().say("chair1", "panelDecided", family.decision());
         }},
        {R::panel_needs_two,
         [](Played&, Family family) {
             return family.as_far_as_panel().say("chair1", "panelDecided", family.decision(), {.joint = {"chair1"}});
         }},
        {R::chair_presents,
         [](Played&, Family family) {
             auto decision = family.as_far_as_panel().decision();
             decision["presentedBy"] = json::array{family.worker_id("chair2")};
             return family.say("chair1", "panelDecided", decision, {.joint = {"chair2"}});
         }},
        {R::not_presented,
         [](Played&, Family family) {
             auto decision = family.as_far_as_panel().decision();
             decision["presentedBy"] = json::array{family.worker_id(family.worker)};
             EXPECT_EQ(family.say("chair1", "panelDecided", decision, {.joint = {"chair2"}}).refusal(),
                       R::not_presented);
             decision["presentedBy"] = json::array{family.worker_id("tm"), family.worker_id("kw2")};
             return family.say("chair1", "panelDecided", decision, {.joint = {"chair2"}});
         }},
        {R::consent_missing,
         [](Played&, Family family) {  // the family has not agreed to step down
             family.stepping_down(false);
             auto said = family.say("chair1", "panelDecided", family.decision(), {.joint = {"chair2"}});
             family.panel("notTransfer");
             return said;
         }},
        {R::panel_is_final,
         [](Played&, Family family) {
             return family.as_far_as_panel().panel().say("chair1", "panelDecided", family.decision("notTransfer"),
                                                         {.joint = {"chair2"}});
         }},
        {R::summary_missing,
         [](Played&, Family family) {
             return family.as_far_as_allocated()
                 .alerted()
                 .escalated("childInNeed")
                 .proposed()
                 .say("chair1", "panelDecided", family.decision(), {.joint = {"chair2"}});
         }},
        {R::not_transferring,
         [](Played&, Family family) {
             return family.as_far_as_panel()
                 .panel("notTransfer")
                 .say("kw", "handoverHeld", {{"transfer", family.transfer.hex()}});
         }},
        {R::handover_missing,
         [](Played&, Family family) {
             family.as_far_as_panel().panel();
             EXPECT_EQ(
                 family.say("tm", "receivingRecordOpened", {{"transfer", family.transfer.hex()}, {"system", "lcs"}})
                     .refusal(),
                 R::handover_missing);
             return family.say("tm", "releasingRecordClosed", {{"transfer", family.transfer.hex()}});
         }},
        {R::same_manager,
         [](Played&, Family family) {
             family.as_far_as_panel().panel().handed_over();
             family.must("tm", "receivingRecordOpened", {{"transfer", family.transfer.hex()}, {"system", "lcs"}});
             return family.say("tm", "releasingRecordClosed", {{"transfer", family.transfer.hex()}});
         }},
        {R::same_manager,
         [](Played&, Family family) {  // in the other order
             family.as_far_as_panel().panel().handed_over();
             family.must("tm", "releasingRecordClosed", {{"transfer", family.transfer.hex()}});
             return family.say("tm", "receivingRecordOpened", {{"transfer", family.transfer.hex()}, {"system", "lcs"}});
         }},
        // ---- ending ----
        {R::closure_not_proposed,
         [](Played&, Family family) { return family.as_far_as_allocated().say("tm", "caseClosed", family.closing()); }},
        {R::own_case,
         [](Played&, Family family) {
             family.worker = "both";
             return family.as_far_as_allocated().closure_proposed().say("both", "caseClosed", family.closing());
         }},
        {R::record_incomplete,
         [](Played&, Family family) {
             auto said = family.as_far_as_allocated().closure_proposed().say("tm", "caseClosed", family.closing());
             EXPECT_NE(said.text().find("item 2,"), std::string::npos) << said.text();
             EXPECT_NE(said.text().find("item 10,"), std::string::npos) << said.text();
             return said;
         }},
        {R::record_incomplete,
         [](Played&, Family family) {  // one of two children has no plan
             family.as_far_as_allocated().introduced().started().submitted().authorised().met().planned();
             auto said = family.closure_proposed().say("tm", "caseClosed", family.closing());
             EXPECT_NE(said.text().find("item 4,"), std::string::npos) << said.text();
             said = family.sibling_planned().say("tm", "caseClosed", family.closing());
             EXPECT_EQ(said.text().find("item 4,"), std::string::npos) << said.text();
             EXPECT_EQ(said.text().find("item 1,"), std::string::npos) << said.text();
             return said;
         }},
        {R::final_plan_missing,
         [](Played&, Family family) {
             return family.as_far_as_ending().closure_proposed().form().letter(false).overseen().confirmed().say(
                 "tm", "caseClosed", family.closing());
         }},
        {R::final_plan_missing,
         [](Played&, Family family) {  // the plan changed after the letter
             family.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed();
             family.must("kw", "planUpdated", {{"plan", family.plan.hex()}});
             return family.say("tm", "caseClosed", family.closing());
         }},
        {R::feedback_form_missing,
         [](Played&, Family family) {
             return family.as_far_as_ending().closure_proposed().feedback().letter().overseen().confirmed().say(
                 "tm", "caseClosed", family.closing());
         }},
        {R::oversight_missing,
         [](Played&, Family family) {
             return family.as_far_as_ending().closure_proposed().form().letter().confirmed().say("tm", "caseClosed",
                                                                                                 family.closing());
         }},
        {R::quality_not_confirmed,
         [](Played&, Family family) {
             return family.as_far_as_ending().closure_proposed().form().letter().overseen().say("tm", "caseClosed",
                                                                                                family.closing());
         }},
        {R::withdrawal_not_considered,
         [](Played&, Family family) {
             return family.as_far_as_ending().closure_proposed(true).form().letter().overseen().confirmed().say(
                 "tm", "caseClosed", family.closing());
         }},
        {R::withdrawal_not_considered,
         [](Played&, Family family) {  // refused; not so a refusal of messages
             family.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed();
             family.must("kw", "consentRefused", {{"scope", "messaging"}});
             auto refusal = family.must("kw", "consentRefused", {{"scope", "referral"}});
             auto said = family.say("tm", "caseClosed", family.closing());
             family.must("tm", "withdrawalConsidered", {{"withdrawal", refusal.hex()}, {"decision", "close"}});
             family.closed();
             return said;
         }},
        {R::not_its_author,
         [](Played&, Family family) {
             json::object correction{{"corrects", family.as_far_as_allocated().introduced().visited().visit.hex()},
                                     {"kind", "words"}};
             auto said = family.say("kw2", "correctionRecorded", correction);
             family.must("kw", "correctionRecorded", correction);
             family.must("tm", "correctionRecorded", correction);
             return said;
         }},
        {R::stood_upon,
         [](Played&, Family family) {
             family.as_far_as_allocated().introduced().started().submitted().visited().alerted();
             family.must("kw", "significanceMarked",
                         {{"entry", family.visit.hex()},
                          {"impact", "positive"},
                          {"children", json::array{family.child.hex()}}});
             auto take_back = [&](const EventId& wrong) {
                 return family.say("tm", "correctionRecorded", {{"corrects", wrong.hex()}, {"kind", "enteredInError"}});
             };
             EXPECT_EQ(take_back(family.contact).refusal(), R::stood_upon);
             EXPECT_EQ(take_back(family.assessment).refusal(), R::stood_upon);
             family.escalated("noReferral");
             EXPECT_EQ(take_back(family.alert).refusal(), R::stood_upon);
             auto record = family.must("kw", "visitRecorded", {{"visit", family.visit.hex()}});
             auto said = take_back(family.visit);
             EXPECT_NE(said.text().find("Visit recorded"), std::string::npos) << said.text();
             EXPECT_TRUE(take_back(record).accepted());
             EXPECT_TRUE(take_back(family.visit).accepted());  // the mark alone does not hold it
             return said;
         }},
        {R::correction_stands,
         [](Played&, Family family) {
             auto visit = family.as_far_as_allocated().visited().visit;
             auto correction =
                 family.must("kw", "correctionRecorded", {{"corrects", visit.hex()}, {"kind", "enteredInError"}});
             return family.say("kw", "correctionRecorded",
                               {{"corrects", correction.hex()}, {"kind", "enteredInError"}});
         }},
        {R::decision_stands,
         [](Played&, Family family) {
             family.received();
             auto decision =
                 family.must("mash", "mashDecided", {{"contact", family.contact.hex()}, {"option", "accept"}});
             return family.say("mash", "correctionRecorded",
                               {{"corrects", decision.hex()}, {"kind", "enteredInError"}});
         }},
        {R::correction_incomplete,
         [](Played&, Family family) {
             return family.received().say("mash", "correctionRecorded",
                                          {{"corrects", family.contact.hex()}, {"kind", "occurred"}});
         }},

        // ---- keys in real life ----
        {R::key_not_suspect,
         [](Played& ledger, Family) {
             ledger.hire("steady", {"family-key-worker"});
             auto key = ledger.people.at("steady").key.id().hex();
             return ledger.say("steady", directory(),
                               {{"entriesReattested", json::object{{"key", key}, {"entries", json::array{1}}}}});
         }},
        {R::not_key_owner,
         [](Played& ledger, Family) {
             ledger.hire("hacked", {"family-key-worker"});
             auto key = ledger.people.at("hacked").key.id().hex();
             ledger.must("gov", directory(),
                         {{"keyRevoked",
                           json::object{{"key", key}, {"reason", "compromised"}, {"suspectFrom", "2018-05-22T09:00"}}}});
             return ledger.say("kw2", directory(),
                               {{"entriesReattested", json::object{{"key", key}, {"entries", json::array{1}}}}});
         }},
        {R::bad_possession,
         [](Played& ledger, Family) {
             auto key = ledger::SigningKey::generate();
             EXPECT_TRUE(key.save(ledger.folder / "l/secrets/checkpoint-9.key"));
             auto proof = key.sign(ledger::key_context, schema::as_bytes(std::string_view(origin)));
             return ledger.say("gov", directory(),
                               {{"checkpointKeyRotated", json::object{{"publicKey", key.public_key().hex()},
                                                                      {"proofOfPossession", proof.hex()}}}});
         }},

        // ---- keeping, forgetting, disclosing ----
        {R::no_retention_schedule,
         [](Played&, Family family) { return close(family).say("sm", "retentionClassSet", class_of(family)); }},
        {R::no_retention_schedule,
         [](Played&, Family family) {
             return close(family).say("sm", "subjectErased", erasure(family, "retentionEnded"), by_two);
         }},
        {R::record_in_use,
         [](Played& ledger, Family family) {
             issue_schedule(ledger);
             return family.as_far_as_allocated().say("sm", "retentionClassSet", class_of(family));
         }},
        {R::retention_class_other,
         [](Played&, Family family) {
             family.as_far_as_allocated().alerted().escalated("childInNeed");
             return family.say("sm", "retentionClassSet", class_of(family));
         }},
        {R::retention_too_short,
         [](Played&, Family family) { return close(family).say("sm", "retentionClassSet", class_of(family, 2023)); }},
        {R::name_taken,
         [](Played& ledger, Family) {
             json::object help{
                 {"code", "early-help"}, {"title", "Early help"}, {"years", 1}, {"from", "closure"}, {"source", "E:1"}};
             return ledger.say("gov", practice_stream(),
                               {{"retentionScheduleIssued", json::object{{"id", "EASTMERE-2018"},
                                                                         {"authority", "Eastmere"},
                                                                         {"title", "Retention schedule"},
                                                                         {"from", "2018-05-23"},
                                                                         {"classes", json::array{help}},
                                                                         {"source", "E:1"}}}});
         }},
        {R::second_approver_missing,
         [](Played&, Family family) { return family.received().say("sm", "subjectErased", erasure(family, "ordered")); }},
        {R::second_approver_missing,
         [](Played&, Family family) {  // another person, but in a role that may not
             return family.received().say("sm", "subjectErased", erasure(family, "ordered"), {.joint = {"kw"}});
         }},
        {R::record_in_use,
         [](Played&, Family family) {
             return family.as_far_as_allocated().say("sm", "subjectErased", erasure(family, "retentionEnded"), by_two);
         }},
        {R::on_hold,
         [](Played& ledger, Family family) {  // in whatever case it was placed
             Family elsewhere(ledger);
             elsewhere.child = family.received().child;
             elsewhere.received().must("sm", "legalHoldPlaced",
                                       {{"subjects", json::array{family.child.hex()}}, {"reason", "court"}});
             return family.say("sm", "subjectErased", erasure(family, "ordered"), by_two);
         }},
        {R::holds_not_checked,
         [](Played&, Family family) {
             auto hold = family.received().must(
                 "sm", "legalHoldPlaced", {{"subjects", json::array{family.child.hex()}}, {"reason", "complaint"}});
             family.must("sm", "legalHoldReleased", {{"hold", hold.hex()}});
             return family.say("sm", "subjectErased", erasure(family, "ordered"), by_two);
         }},
        {R::recorded_already,
         [](Played&, Family family) {
             auto hold = family.received().must(
                 "sm", "legalHoldPlaced", {{"subjects", json::array{family.child.hex()}}, {"reason", "inquiry"}});
             family.must("sm", "legalHoldReleased", {{"hold", hold.hex()}});
             return family.say("sm", "legalHoldReleased", {{"hold", hold.hex()}});
         }},
        {R::retention_not_set,
         [](Played&, Family family) {
             return close(family).say("sm", "subjectErased", erasure(family, "retentionEnded"), by_two);
         }},
        {R::retention_not_set,
         [](Played&, Family family) {  // it was, and then the family came again and stepped up
             auto kept = close(family).must("sm", "retentionClassSet", class_of(family));
             family.as_far_as_panel().panel().handed_over();
             family.must("tm", "receivingRecordOpened", {{"transfer", family.transfer.hex()}, {"system", "lcs"}});
             family.must("tm2", "releasingRecordClosed", {{"transfer", family.transfer.hex()}});
             auto fields = erasure(family, "retentionEnded");
             fields["retention"] = kept.hex();
             return family.say("sm", "subjectErased", fields, by_two);
         }},
        {R::still_kept,
         [](Played&, Family family) {
             auto kept = close(family).must("sm", "retentionClassSet", class_of(family));
             auto fields = erasure(family, "retentionEnded");
             fields["retention"] = kept.hex();
             return family.say("sm", "subjectErased", fields, by_two);
         }},
        {R::still_kept,
         [](Played&, Family family) {  // a schedule goes before a request
             close(family).must("sm", "retentionClassSet", class_of(family));
             auto request =
                 family.must("kw", "erasureRequested", {{"subject", family.child.hex()}, {"by", "representative"}});
             auto fields = erasure(family, "requestGranted");
             fields["request"] = request.hex();
             return family.say("sm", "subjectErased", fields, by_two);
         }},
        {R::erasure_incomplete,
         [](Played&, Family family) {
             close(family).must("sm", "retentionClassSet", class_of(family));
             return family.say("sm", "subjectErased", erasure(family, "requestGranted"), by_two);
         }},
        {R::decided_already,
         [](Played&, Family family) {
             auto request = close(family).must("kw", "erasureRequested",
                                               {{"subject", family.child.hex()}, {"by", "subject"}});
             family.must("sm", "erasureRefused", {{"request", request.hex()}, {"ground", "retention"}}, by_two);
             auto fields = erasure(family, "requestGranted");
             fields["request"] = request.hex();
             return family.say("sm", "subjectErased", fields, by_two);
         }},
        {R::second_approver_missing,
         [](Played&, Family family) {
             auto request = family.received().must("mash", "erasureRequested",
                                                   {{"subject", family.child.hex()}, {"by", "subject"}});
             return family.say("sm", "erasureRefused", {{"request", request.hex()}, {"ground", "publicTask"}});
         }},
        {R::unknown_subject,
         [](Played& ledger, Family family) {
             auto fields = erasure(family.received(), "ordered");
             fields["subject"] = ledger.new_id<SubjectId>().hex();
             return family.say("sm", "subjectErased", fields, by_two);
         }},
        {R::disclosure_incomplete,
         [](Played&, Family family) {
             return family.received().say("sm", "recordDisclosed", {{"purpose", "court"}, {"words", "aboutSubjects"}});
         }},
        {R::disclosure_incomplete,
         [](Played&, Family family) {
             return family.received().say("sm", "recordDisclosed", {{"purpose", "subjectAccess"}, {"words", "all"}});
         }},
        {R::second_approver_missing,
         [](Played&, Family family) {
             return family.received().say("sm", "recordDisclosed",
                                          {{"purpose", "subjectAccess"},
                                           {"words", "aboutSubjects"},
                                           {"subjects", json::array{family.child.hex()}}});
         }},
    };
    return all;
}

// Those that need another ledger than Bexley's in full work.
std::vector<std::pair<R, Said>> elsewhere() {
    std::vector<std::pair<R, Said>> all;
    {
        Played::Options options;
        options.change = stricter;
        Played ledger(options);
        Family family(ledger);
        family.children = 3;
        family.as_far_as_open();
        all.emplace_back(
            R::cap_reached,
            family.say("duty", "allocated", {{"episode", family.episode.hex()}, {"worker", family.worker_id("kw")}}));
        Family small(ledger);
        small.as_far_as_allocated();
        all.emplace_back(
            R::lead_role_unfit,
            small.say("duty", "leadAppointed", {{"episode", small.episode.hex()}, {"lead", small.worker_id("kw2")}}));
        all.emplace_back(
            R::no_planning_meeting,
            small.say("kw", "planAgreed",
                      {{"episode", small.episode.hex()}, {"child", small.child.hex()}, {"plan", "wellbeing-plan"}}));
    }
    {
        Played::Options options;
        options.with_practice = false;
        Played ledger(options);
        Family family(ledger);
        all.emplace_back(R::no_practice, family.say("gov", "caseNoteAdded", {{"note", "action"}}));
        // Before the first day of an adopted one as well.
        ledger.now = at("2018-05-01T09:00");
        ledger.must("gov", practice_stream(), Played::calendar_fact());
        ledger.must("gov", practice_stream(), Played::practice_fact([](auto practice) { practice.setFrom(17'800); }));
        all.emplace_back(R::no_practice, family.say("gov", "caseNoteAdded", {{"note", "action"}}));
        all.emplace_back(
            R::unknown_code,
            ledger.say(
                "gov", directory(),
                {{"roleGranted",
                  json::object{{"person", Played::governor_id(ledger)}, {"role", "wizard"}, {"from", "2018-05-22"}}}}));
    }
    {
        Played::Options options;
        options.played = false;
        options.with_practice = false;
        Played ledger(options);
        ledger.played = true;  // the client sends a time of recording
        all.emplace_back(R::played_time,
                         ledger.say("gov", directory(),
                                    {{"teamFormed", json::object{{"team", "x"}, {"kind", "pod"}, {"name", "X"}}}}));
    }
    {
        // The door stops a stranger's key first; an audit asks the judge alone.
        commands::Bench bench(
            [](const StreamId&, const std::function<void(const ledger::Entry&)>&) { return schema::Result<void>(); });
        Played ledger;
        Said said =
            ledger.draft("kw", ledger.new_id<StreamId>(), {{"caseNoteAdded", json::object{{"note", "action"}}}});
        auto examined = schema::decode_event(schema::as_bytes(said.event)).value();
        said.outcome = *bench.judge(examined, ledger.now, 0, {})->refused;
        all.emplace_back(R::not_opened, said);
    }
    return all;
}

TEST(Refusal, EachIsMetByItsCaseAndNoneIsDead) {
    std::map<R, int> met;
    Played ledger;
    size_t worked = 0;
    std::string worker;
    for (auto& each : cases()) {
        auto size = ledger.book->published()->head.size;
        Family family(ledger);
        // A new worker now and then, before the cap is reached.
        if (worked++ % 8 == 0) ledger.hire(worker = "kw-" + std::to_string(worked), {"family-key-worker"});
        family.worker = worker;
        auto said = each.meet(ledger, family);
        EXPECT_EQ(said.refusal(), each.reason) << "wanted " << name(each.reason) << ", got " << said.text();
        if (said.refusal()) ++met[*said.refusal()];
        EXPECT_GE(ledger.book->published()->head.size, size);
        auto* refused = std::get_if<Refused>(&said.outcome);
        if (refused) {
            EXPECT_FALSE(refused->source.empty()) << name(each.reason) << " cites no source";
        }
    }
    for (auto& [reason, said] : elsewhere()) {
        EXPECT_EQ(said.refusal(), reason) << "wanted " << name(reason) << ", got " << said.text();
        if (said.refusal()) ++met[*said.refusal()];
    }
    for (R reason : {
#define X(name, status, sentence) R::name,
             CASELEDGER_REFUSALS(X)
#undef X
         })
        EXPECT_TRUE(met.count(reason)) << name(reason) << " was never met: give it a case, or remove it";
}

TEST(Refusal, RecordsNothing) {
    Played ledger;
    Family family(ledger);
    family.received();
    auto before = reading_of(*ledger.book);
    EXPECT_FALSE(family.say("mash", "contactRouted", {{"contact", family.contact.hex()}}).accepted());
    EXPECT_EQ(reading_of(*ledger.book), before);
}

TEST(Refusal, NamesAreUniqueAndStatusesAreOfHttp) {
    std::set<std::string_view> names;
    for (R reason : {
#define X(name, status, sentence) R::name,
             CASELEDGER_REFUSALS(X)
#undef X
         }) {
        EXPECT_TRUE(names.insert(name(reason)).second);
        auto status = http_status(reason);
        EXPECT_TRUE(status == 403 || status == 409 || status == 412 || status == 422) << name(reason);
        EXPECT_TRUE(sentence(reason).ends_with('.')) << name(reason);
    }
}

// ---- what a refusal must not say ----

TEST(Accepts, ARoleThatWasEndedUntilItsLastDay) {
    Played ledger;
    ledger.hire("leaver", {"family-key-worker"});
    ledger.must("gov", directory(),
                {{"roleEnded", json::object{{"person", ledger.people.at("leaver").id.hex()},
                                            {"role", "family-key-worker"},
                                            {"on", "2018-05-23"}}}});
    Family family(ledger);
    family.received();
    EXPECT_TRUE(family.say("leaver", "caseNoteAdded", {{"note", "action"}}).accepted());
    ledger.now = at("2018-05-23T00:00");
    EXPECT_EQ(family.say("leaver", "caseNoteAdded", {{"note", "action"}}).refusal(), R::role_not_held);
}

TEST(Accepts, AClockThatIsFiveMinutesFast) {
    Played ledger;
    How how;
    how.occurred = ledger.now + std::chrono::minutes(6);  // one of them passes with the contact
    EXPECT_TRUE(Family(ledger).received().say("kw", "caseNoteAdded", {{"note", "action"}}, how).accepted());
}

TEST(Accepts, AnAdditionBesideWhatItsAuthorHadNotSeen) {
    Played ledger;
    Family family(ledger);
    auto seen = ledger.book->published_head(family.received().stream).value();
    family.consented();
    How how;
    how.seen = seen;
    EXPECT_TRUE(family.say("kw", "caseNoteAdded", {{"note", "action"}}, how).accepted());
}

TEST(Accepts, ACallToAnAgencyWithoutConsentWhereAManagerJudgedThereIsHarm) {
    Played ledger;
    for (bool judged : {true, false}) {
        Family family(ledger);
        family.as_far_as_allocated().alerted();
        json::object call{{"episode", family.episode.hex()}, {"agency", "school"}};
        EXPECT_EQ(family.say("kw", "agencyContacted", call).refusal(), R::consent_missing);
        if (judged) family.must("tm", "notInformingJudged", {{"alert", family.alert.hex()}});
        else family.escalated("significantHarm");
        auto said = family.say("kw", "agencyContacted", call);
        ASSERT_TRUE(said.accepted()) << said.text();
        ASSERT_EQ(std::get<Accepted>(said.outcome).warnings.size(), 1u);
        EXPECT_NE(std::get<Accepted>(said.outcome).warnings[0].find("S1:167,221,945"), std::string::npos);
    }
}

TEST(Accepts, WhatHappenedAfterTheCorrectedTimeOfWhatItRefersTo) {
    Played ledger;
    Family family(ledger);
    family.received();
    How how;
    how.occurred = ledger.now - std::chrono::hours(2);
    json::object decision{{"contact", family.contact.hex()}, {"option", "accept"}};
    EXPECT_EQ(family.say("mash", "mashDecided", decision, how).refusal(), R::out_of_order);
    auto moved = family.must("mash", "correctionRecorded",
                             {{"corrects", family.contact.hex()},
                              {"kind", "occurred"},
                              {"occurred", schema::iso(ledger.now - std::chrono::hours(3))}});
    EXPECT_TRUE(family.say("mash", "mashDecided", decision, how).accepted());
    family.must("mash", "correctionRecorded", {{"corrects", moved.hex()}, {"kind", "enteredInError"}});
    EXPECT_EQ(family.say("mash", "mashDecided", decision, how).refusal(), R::out_of_order);
}

TEST(Caps, CountTheChildrenOfTheEpisodeAndNoOthers) {
    Played ledger;
    Family family(ledger);
    family.as_far_as_allocated();
    json::array more;
    for (int i = 0; i < 30; ++i) more.push_back(json::string(ledger.new_id<SubjectId>().hex()));
    family.must("mash", "contactReceived", {{"channel", "telephone"}, {"referrer", "school"}, {"children", more}});
    // Two children as before, though thirty-two are known.
    auto said =
        family.say("duty", "reallocated", {{"episode", family.episode.hex()}, {"worker", family.worker_id("kw2")}});
    EXPECT_TRUE(said.accepted()) << said.text();
}

TEST(Caps, CountALeadWhoBecomesTheWorkerOnce) {
    Played ledger;
    Family family(ledger);
    family.children = 15;
    family.as_far_as_allocated();
    family.must("duty", "leadAppointed", {{"episode", family.episode.hex()}, {"lead", family.worker_id("kw2")}});
    auto said =
        family.say("duty", "reallocated", {{"episode", family.episode.hex()}, {"worker", family.worker_id("kw2")}});
    EXPECT_TRUE(said.accepted()) << said.text();  // 15 children, not 30
}

TEST(Caps, AskNothingMoreOfWhoHoldsTheFamilyAlready) {
    Played ledger;
    Family family(ledger);
    family.children = 26;
    family.as_far_as_open();
    auto approval = family.must(
        "tm", "capacityOverrideApproved",
        {{"episode", family.episode.hex()}, {"worker", family.worker_id("kw")}, {"cap", 25}, {"projected", 26}});
    family.must(
        "duty", "allocated",
        {{"episode", family.episode.hex()}, {"worker", family.worker_id("kw")}, {"capacityOverride", approval.hex()}});
    family.must("duty", "leadAppointed", {{"episode", family.episode.hex()}, {"lead", family.worker_id("kw")}});
}

TEST(Loads, CountEachChildOfAnOpenCaseOnce) {
    commands::Loads loads;
    auto worker = test::id<schema::PersonId>(1), lead = test::id<schema::PersonId>(2);
    commands::Holding holding{true, "north", worker, lead, {{"targeted", 3}}};
    loads.set(test::id<StreamId>(1), holding);
    loads.set(test::id<StreamId>(1), holding);
    EXPECT_EQ(loads.children_of(worker), 3u);
    EXPECT_EQ(loads.children_of(lead), 3u);
    EXPECT_EQ(loads.children(), 3u);
    EXPECT_EQ(loads.families(), 1u);
    holding.lead = worker;
    loads.set(test::id<StreamId>(1), holding);
    EXPECT_EQ(loads.children_of(worker), 3u);
    EXPECT_EQ(loads.children_of(lead), 0u);
    EXPECT_EQ(loads.children_in("north"), 3u);
    EXPECT_EQ(loads.children_in("north", "targeted"), 3u);
    holding.open = false;
    loads.set(test::id<StreamId>(1), holding);
    EXPECT_EQ(loads.children_of(worker) + loads.children_in("north") + loads.children() + loads.families(), 0u);
}

TEST(Erasure, HappensWhenTheScheduleHasRunOutAndTwoApprove) {
    Played ledger;
    Family family(ledger);
    issue_schedule(ledger);
    auto kept = close(family).must("sm", "retentionClassSet", class_of(family, 2024));
    ledger.now = at("2025-01-02T10:00");
    auto fields = erasure(family, "retentionEnded");
    fields["retention"] = kept.hex();
    family.must("sm", "subjectErased", fields, by_two);
}

TEST(Erasure, GrantsARequestWhereNothingKeepsTheRecord) {
    Played ledger;
    Family family(ledger);
    auto request =
        family.received().must("mash", "erasureRequested", {{"subject", family.child.hex()}, {"by", "parent"}});
    auto fields = erasure(family, "requestGranted");
    fields["request"] = request.hex();
    family.must("sm", "subjectErased", fields, by_two);
}

TEST(Erasure, ReachesAPersonWhomAnEntryNamedInError) {
    Played ledger;
    Family family(ledger);
    family.received();
    family.must("mash", "correctionRecorded", {{"corrects", family.contact.hex()}, {"kind", "enteredInError"}});
    family.must("sm", "subjectErased", erasure(family, "ordered"), by_two);
}

TEST(Erasure, IsPossibleAgainWhenTheHoldIsReleasedAndNamed) {
    Played ledger;
    Family family(ledger);
    auto hold = family.received().must("sm", "legalHoldPlaced",
                                       {{"subjects", json::array{family.child.hex()}}, {"reason", "inspection"}});
    auto fields = erasure(family, "ordered");
    EXPECT_EQ(family.say("sm", "subjectErased", fields, by_two).refusal(), R::on_hold);
    family.must("sm", "legalHoldReleased", {{"hold", hold.hex()}});
    fields["holdsChecked"] = json::array{hold.hex()};
    family.must("sm", "subjectErased", fields, by_two);
}

TEST(Disclosure, OfAPersonsOwnRecordIsCheckedByASecond) {
    Played ledger;
    Family family(ledger);
    family.received();
    family.must("sm", "recordDisclosed", {{"purpose", "transferPanel"}, {"words", "all"}});
    family.must("sm", "recordDisclosed",
                {{"purpose", "subjectAccess"},
                 {"words", "aboutSubjects"},
                 {"subjects", json::array{family.child.hex()}},
                 {"withheld",
                  json::array{json::object{{"entry", family.contact.hex()}, {"word", 0}, {"reason", "seriousHarm"}}}}},
                by_two);
}

TEST(Keys, AreReplacedByTheirOwnersAlone) {
    Played ledger;
    Family family(ledger);
    family.received();
    auto next = ledger::SigningKey::generate();
    auto& kw = ledger.people.at("kw");
    auto message = ledger::possession_message(origin, kw.id);
    json::object fact{{"publicKey", next.public_key().hex()},
                      {"proofOfPossession", next.sign(ledger::key_context, schema::as_bytes(message)).hex()}};
    ledger.must("kw", directory(), {{"keyRotated", fact}});
    EXPECT_EQ(family.say("kw", "caseNoteAdded", {{"note", "action"}}).refusal(), R::key_revoked);
    kw.key = next;
    family.must("kw", "caseNoteAdded", {{"note", "action"}});
    EXPECT_EQ(ledger.say("kw", directory(), {{"keyRotated", fact}}).refusal(), R::key_taken);
    fact["publicKey"] = ledger::SigningKey::generate().public_key().hex();
    EXPECT_EQ(ledger.say("kw", directory(), {{"keyRotated", fact}}).refusal(), R::bad_possession);
}

TEST(Keys, SuspectOnesLeaveTheirEntriesDisputedUntilTheyAreAttestedAgain) {
    Played ledger;
    Family family(ledger);
    family.received();
    auto& mash = ledger.people.at("mash");
    auto contact = ledger.book->entry(ledger.book->published()->head.size - 1).value();
    auto old = mash.key.id();
    auto next = ledger::SigningKey::generate();
    auto message = ledger::possession_message(origin, mash.id);
    ledger.must("gov", directory(),
                {{"keyEnrolled", json::object{{"person", mash.id.hex()},
                                              {"publicKey", next.public_key().hex()},
                                              {"proofOfPossession",
                                               next.sign(ledger::key_context, schema::as_bytes(message)).hex()}}}});
    auto disputed = [&] { return ledger.sequencer->known()->directory.disputes(contact); };
    EXPECT_FALSE(disputed());
    ledger.must("gov", directory(),
                {{"keyRevoked", json::object{{"key", old.hex()},
                                             {"reason", "compromised"},
                                             {"suspectFrom", schema::iso(contact.recorded())}}}});
    EXPECT_TRUE(disputed());
    mash.key = next;
    ledger.must(
        "mash", directory(),
        {{"entriesReattested", json::object{{"key", old.hex()}, {"entries", json::array{contact.position()}}}}});
    EXPECT_FALSE(disputed());
}

TEST(Keys, OfCheckpointsAreReplacedOnceAndWithProof) {
    Played ledger;
    auto next = ledger::SigningKey::generate();
    auto proof = next.sign(ledger::checkpoint_key_context, schema::as_bytes(std::string_view(origin)));
    json::object fact{{"publicKey", next.public_key().hex()}, {"proofOfPossession", proof.hex()}};
    auto first = ledger.book->checkpoint_key();
    EXPECT_FALSE(ledger.say("gov", directory(), {{"checkpointKeyRotated", fact}}).accepted())
        << "its file is not there";
    ASSERT_TRUE(next.save(ledger.folder / "l/secrets/checkpoint-2.key"));
    ledger.must("gov", directory(), {{"checkpointKeyRotated", fact}});
    // Whoever knows only one of the two is served by both.
    auto note = ledger.book->published()->checkpoint;
    EXPECT_TRUE(ledger::open_checkpoint(note, first));
    EXPECT_TRUE(ledger::open_checkpoint(note, next.public_key()));
    EXPECT_EQ(ledger.say("gov", directory(), {{"checkpointKeyRotated", fact}}).refusal(), R::key_taken);
    EXPECT_EQ(ledger.sequencer->known()->directory.checkpoint_keys().back().key, next.public_key());
    ledger.reopen();
    EXPECT_EQ(ledger.book->checkpoint_key(), next.public_key());
    EXPECT_TRUE(ledger::open_checkpoint(ledger.book->published()->checkpoint, first));
}

TEST(Retraction, TakesBackWhatWasEnteredInErrorAlsoFromTheGuards) {
    // What a guard asks for must not rest on an entry that was taken back.
    Played ledger;
    {
        Family family(ledger);
        family.as_far_as_allocated();
        auto visit =
            family.must("kw", "introductoryVisitHeld", {{"episode", family.episode.hex()}, {"mode", "telephone"}});
        family.must("kw", "correctionRecorded", {{"corrects", visit.hex()}, {"kind", "enteredInError"}});
        EXPECT_EQ(
            family.say("kw", "assessmentStarted", {{"episode", family.episode.hex()}, {"assessment", "wellbeing"}})
                .refusal(),
            R::not_introduced);
        family.introduced().started();
    }
    {
        Family family(ledger);
        family.as_far_as_panel().panel();
        auto handover =
            family.must("kw", "handoverHeld", {{"transfer", family.transfer.hex()}, {"familyPresent", true}});
        family.must("kw", "correctionRecorded", {{"corrects", handover.hex()}, {"kind", "enteredInError"}});
        EXPECT_EQ(family.say("tm", "receivingRecordOpened", {{"transfer", family.transfer.hex()}, {"system", "lcs"}})
                      .refusal(),
                  R::handover_missing);
    }
    {
        Family family(ledger);
        family.as_far_as_ending().closure_proposed().letter().overseen();
        auto form = family.must("kw", "feedbackFormProvided", {{"episode", family.episode.hex()}});
        family.confirmed();
        family.must("kw", "correctionRecorded", {{"corrects", form.hex()}, {"kind", "enteredInError"}});
        EXPECT_EQ(family.say("tm", "caseClosed", family.closing()).refusal(), R::record_incomplete);
    }
}

TEST(Retraction, LeavesNothingInTheWayOfDoingItRight) {
    Played ledger;
    Family family(ledger);
    auto take_back = [&](const EventId& wrong) {
        family.must("kw", "correctionRecorded", {{"corrects", wrong.hex()}, {"kind", "enteredInError"}});
    };
    family.received().decided().routed().checked().consented();
    take_back(family.must("kw", "consentWithdrawn", {{"scope", "referral"}}));
    family.accepted().opened().allocated().introduced();
    take_back(family.started().assessment);
    family.started();
    take_back(family.submitted().submission);
    EXPECT_EQ(family.say("tm", "assessmentAuthorised", {{"submission", family.submission.hex()}}).refusal(),
              R::entered_in_error);
    family.submitted().authorised().met();
    take_back(family.planned().plan);
    family.planned().sibling_planned().visited();
    take_back(family.must("kw", "planUpdated", {{"plan", family.plan.hex()}}));
    take_back(family.must("kw", "visitRecorded", {{"visit", family.visit.hex()}}));
    family.must("kw", "visitRecorded", {{"visit", family.visit.hex()}});
    take_back(family.must("kw", "closureProposed",
                          {{"episode", family.episode.hex()}, {"reason", "disengaged"}, {"worriesContinue", true}}));
    EXPECT_EQ(family.say("tm", "caseClosed", family.closing()).refusal(), R::closure_not_proposed);
    family.must("kw", "familyNetworkRecorded", {{"episode", family.episode.hex()}, {"form", "genogram"}});
    family.must("kw", "significanceMarked",
                {{"entry", family.visit.hex()}, {"impact", "positive"}, {"children", json::array{family.child.hex()}}});
    family.must("kw", "minutesDistributed", {{"meeting", family.meeting.hex()}});
    family.must("kw", "allocationLetterIssued", {{"episode", family.episode.hex()}});
    family.must("kw", "directWorkRecorded",
                {{"episode", family.episode.hex()}, {"children", json::array{family.child.hex()}}});
    family.must("kw", "closureSummaryRecorded", {{"episode", family.episode.hex()}});
    family.closure_proposed().form().letter();
    take_back(family.must("kw", "closureLetterIssued", {{"episode", family.episode.hex()}}));
    family.overseen().confirmed().closed();
}

TEST(Retraction, OfSomethingBeforeTheLastClosureDoesNotReachIntoTheNextEpisode) {
    Played ledger;
    Family family(ledger);
    auto network = [&] {
        return family.must("kw", "familyNetworkRecorded", {{"episode", family.episode.hex()}, {"form", "ecomap"}});
    };
    family.as_far_as_ending();
    auto old = network();
    family.closure_proposed().form().letter().overseen().confirmed().closed();
    family.as_far_as_ending();
    family.must("kw", "correctionRecorded", {{"corrects", old.hex()}, {"kind", "enteredInError"}});
    family.closure_proposed().form().letter().overseen().confirmed().closed();
}

}  // namespace
