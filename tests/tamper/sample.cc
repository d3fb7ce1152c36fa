#include "sample.h"

#include <set>
#include <sstream>

#include "ledger/bundle.h"
#include "ledger/checkpoint.h"
#include "tools/verify.h"

namespace tamper {

using namespace test;

namespace {

// Rules and gaps are what views ask; without them a practice is a tenth as long and decides the same.
void shorter(schema::Practice::Builder practice) {
    practice.initRules(0);
    practice.initGaps(0);
}

// What the little one does not use, either: its practice is walked through in every mutant.
void little_practice(schema::Practice::Builder practice) {
    shorter(practice);
    const std::set<std::string_view> lists{"channel",       "referrer", "factor",    "level",
                                           "consent-scope", "note",     "exclusion", "visit-mode"};
    const std::set<std::string_view> acts{
        "contactReceived", "mashDecided",           "contactRouted",   "secondCheckRecorded",
        "consentRecorded", "referralAccepted",      "episodeOpened",   "allocated",
        "caseNoteAdded",   "recordDisclosed",       "legalHoldPlaced", "legalHoldReleased",
        "subjectErased",   "introductoryVisitHeld", "practiceAdopted", "calendarIssued",
        "visitHeld",  // who may be allocated
        "ledgerOpened",    "personRegistered",      "keyEnrolled",     "keyRevoked",
        "teamFormed",      "roleGranted",           "roleEnded",       "retentionScheduleIssued"};
    capnp::MallocMessageBuilder copy;
    copy.setRoot(practice.asReader());
    auto old = copy.getRoot<schema::Practice>();
    practice.initChecklists(0);
    auto keep = [](auto from, auto wanted, auto init) {
        std::vector<uint32_t> chosen;
        for (uint32_t i = 0; i < from.size(); ++i)
            if (wanted(from[i])) chosen.push_back(i);
        auto to = init(static_cast<unsigned>(chosen.size()));
        for (uint32_t i = 0; i < chosen.size(); ++i) to.setWithCaveats(i, from[chosen[i]]);
    };
    keep(
        old.getActs().asReader(), [&](auto act) { return acts.contains(schema::text_of(act.getEvent())); },
        [&](unsigned count) { return practice.initActs(count); });
    keep(
        old.getCodeLists().asReader(), [&](auto list) { return lists.contains(schema::text_of(list.getName())); },
        [&](unsigned count) { return practice.initCodeLists(count); });
}

Played::Options options() {
    Played::Options options;
    options.played = false;
    options.with_practice = false;
    options.shows_checkpoints = true;
    options.change = shorter;
    return options;
}

json::object schedule() {
    json::object help{
        {"code", "early-help"}, {"title", "Early help"}, {"years", 6}, {"from", "closure"}, {"source", "E:1"}};
    json::object need{
        {"code", "child-in-need"}, {"title", "Child in need"}, {"years", 30}, {"from", "birth"}, {"source", "E:2"}};
    need["appliesTo"] =
        json::array{json::object{{"events", json::array{"escalationDecided"}}, {"kinds", json::array{"childInNeed"}}}};
    return {{"id", "EASTMERE-2018"},
            {"authority", "Eastmere"},
            {"title", "Retention schedule"},
            {"from", "2018-05-22"},
            {"classes", json::array{help, need}},
            {"source", "E:1"}};
}

json::array ids(std::initializer_list<SubjectId> subjects) {
    json::array all;
    for (auto& subject : subjects) all.push_back(json::string(subject.hex()));
    return all;
}

}  // namespace

Sample::Sample(Size size)
    : played(options()), ledger_key(ledger::SigningKey::load(played.folder / "l/secrets/checkpoint.key").value()) {
    for (auto& [name, person] : played.people) staff.emplace(person.key.id(), person.key);
    found(size);
    if (size == Size::little) play_little();
    else play_whole();
    keep();
}

void Sample::found(Size size) {
    if (size == Size::whole) {
        played.adopt();
    } else {
        played.must("gov", practice_stream(), Played::calendar_fact());
        played.must("gov", practice_stream(), Played::practice_fact(little_practice));
        played.must("gov", directory(),
                    {{"teamFormed", json::object{{"team", "north"}, {"kind", "team"}, {"name", "north"}}}});
        for (auto& [who, role] : {std::pair{"mash", "mash-practitioner"},
                                  {"duty", "duty-manager"},
                                  {"tm", "team-manager"},
                                  {"kw", "family-key-worker"},
                                  {"sm", "service-manager"}})
            played.hire(who, {role});
    }
    played.must("gov", practice_stream(), {{"retentionScheduleIssued", schedule()}});
    played.hire("leaver", {"family-key-worker"});
    for (auto& [name, person] : played.people) staff.emplace(person.key.id(), person.key);
    shown();
}

void Sample::note(Family& family, const std::string& who, std::vector<SubjectId> about, const std::string& text) {
    How how;
    ledger::Word word{"note", std::move(about), ledger::random_bytes(32), text, ""};
    how.words = {word};
    family.must(who, "caseNoteAdded", {{"note", "action"}}, how);
    noted.emplace(played.book->published()->head.size - 1, std::move(word));
}

void Sample::disclose(Family& family, const std::string& name, json::object fact, bool by_two) {
    How how;
    if (by_two) how.joint = {"gov"};
    family.must("sm", "recordDisclosed", std::move(fact), how);
    disclosures[name] = played.book->published()->head.size - 1;
    shown();
}

void Sample::rotate(const std::string& who) {
    auto& person = played.people.at(who);
    auto seed = ledger::sha256(schema::as_bytes(who + "'s next key"));
    auto next = ledger::SigningKey::from_seed(schema::as_bytes(seed.view()));
    auto message = ledger::possession_message(origin, person.id);
    json::object fact{{"publicKey", next.public_key().hex()},
                      {"proofOfPossession", next.sign(ledger::key_context, schema::as_bytes(message)).hex()}};
    played.advance(std::chrono::minutes(1));
    played.must(who, directory(), {{"keyRotated", fact}});
    person.key = next;
    staff.emplace(next.id(), next);
}

void Sample::shown() {
    auto published = played.book->published();
    notes.push_back(published->checkpoint);
    checkpoints.push_back({played.book->origin(), published->head.size, published->head.root});
}

void Sample::play_little() {
    auto& one = family("little");
    one.as_far_as_allocated();
    note(one, "kw", {one.child}, "what the child said");
    note(one, "kw", {one.child, one.sibling}, "what both of them said");
    note(one, "leaver", {one.sibling}, "what the sibling drew");
    disclose(one, "everything", {{"purpose", "court"}, {"words", "all"}});
    played.must("gov", directory(),
                {{"keyRevoked", json::object{{"key", played.people.at("leaver").key.id().hex()},
                                             {"reason", "compromised"},
                                             {"suspectFrom", "2018-05-22T09:00"}}}});
    rotate("kw");
    one.must("kw", "introductoryVisitHeld", {{"episode", one.episode.hex()}, {"mode", "face-to-face"}});
    auto hold = one.must("sm", "legalHoldPlaced", {{"subjects", ids({one.sibling})}, {"reason", "complaint"}});
    one.must("sm", "legalHoldReleased", {{"hold", hold.hex()}});
    one.must("sm", "subjectErased",
             {{"subject", one.sibling.hex()}, {"ground", "ordered"}, {"holdsChecked", json::array{hold.hex()}}},
             {.joint = {"gov"}});
    note(one, "kw", {one.mother, one.child}, "what the mother said");
    json::object item{{"entry", one.contact.hex()}, {"word", 0}, {"reason", "seriousHarm"}};
    disclose(one, "the child's own",
             {{"purpose", "subjectAccess"},
              {"words", "aboutSubjects"},
              {"subjects", ids({one.child})},
              {"withheld", json::array{item}}},
             true);
    note(one, "kw", {one.child}, "what came afterwards");
}

void Sample::play_whole() {
    auto& closed = family("closed");
    closed.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed().closed();
    closed.must("sm", "retentionClassSet",
                {{"subject", closed.child.hex()}, {"class", "early-help"}, {"untilYear", 2024}});
    shown();

    auto& panel = family("panel");
    panel.as_far_as_panel();
    auto& moved = family("escalated");
    moved.as_far_as_panel();
    note(moved, "kw", {moved.child}, "what the child said");
    moved.panel().handed_over();
    moved.must("tm", "receivingRecordOpened", {{"transfer", moved.transfer.hex()}, {"system", "lcs"}});
    moved.must("tm2", "releasingRecordClosed", {{"transfer", moved.transfer.hex()}});
    disclose(moved, "nothing but facts", {{"purpose", "transferPanel"}, {"words", "none"}});

    auto& held = family("held");
    held.children = 3;
    held.as_far_as_allocated();
    note(held, "kw", {held.child, held.sibling}, "what both of them said");
    note(held, "leaver", {held.mother}, "what the mother said");
    note(held, "leaver", {held.sibling}, "what the sibling said");
    auto first = held.must("sm", "legalHoldPlaced", {{"subjects", ids({held.child})}, {"reason", "court"}});
    auto second = held.must("sm", "legalHoldPlaced", {{"subjects", ids({held.sibling})}, {"reason", "inquiry"}});
    held.must("sm", "legalHoldReleased", {{"hold", second.hex()}});
    held.must("sm", "subjectErased",
              {{"subject", held.sibling.hex()}, {"ground", "ordered"}, {"holdsChecked", json::array{second.hex()}}},
              {.joint = {"gov"}});
    holds["held"] = first;
    auto leaver = played.people.at("leaver").key.id().hex();
    auto disputed = played.book->published()->head.size;
    played.must("gov", directory(),
                {{"keyRevoked",
                  json::object{{"key", leaver}, {"reason", "compromised"}, {"suspectFrom", "2018-05-22T09:00"}}}});
    auto drawn = test::id<EventId>(0);
    for (uint64_t i = 0; i < disputed; ++i)
        if (auto entry = played.book->entry(i).value(); entry.actor() == played.people.at("leaver").id) {
            drawn = entry.id();
            played.must("gov", directory(),
                        {{"entriesReattested", json::object{{"key", leaver}, {"entries", json::array{i}}}}});
            break;
        }
    rotate("kw");
    note(held, "kw", {held.child}, "under the new key");
    json::object item{{"entry", drawn.hex()}, {"word", 0}, {"reason", "thirdParty"}};
    disclose(held, "all but one", {{"purpose", "inspection"}, {"words", "all"}, {"withheld", json::array{item}}});
    disclose(held, "the child's own",
             {{"purpose", "subjectAccess"}, {"words", "aboutSubjects"}, {"subjects", ids({held.child})}}, true);

    auto& ending = family("ending");
    ending.as_far_as_ending();
    auto& submitted = family("submitted");
    submitted.as_far_as_allocated().introduced().started().submitted("both");
    family("checked").received().decided().routed().checked();
    family("received").received().decided().routed();
    auto& again = family("closed again");
    again.as_far_as_ending().closure_proposed().form().letter().overseen().confirmed().closed();
    played.now = at("2025-01-02T10:00");
    disclose(closed, "after years", {{"purpose", "anotherCouncil"}, {"words", "all"}});
}

void Sample::keep_at(uint64_t size, const std::string& folder) {
    ledger::Edge edge;
    for (uint64_t i = 0; i < size; ++i) edge.append(entry(i).leaf());
    tools::VerifyOptions options;
    options.believed.keys = {{"", ledger::KeyType::ed25519, key()}};
    options.checkpoint = since = ledger::Checkpoint{played.book->origin(), size, edge.root()}.sign(ledger_key);
    options.up_to = size;
    options.keep = state = folder;
    auto done = tools::verify_book(book, options);
    EXPECT_TRUE(done && done->kept == size);
}

void Sample::keep() {
    shown();
    auto& open = *played.book;
    auto size = open.published()->head.size;
    for (uint64_t i = 0; i < size; ++i) {
        book.records.push_back(
            Book::kept(std::string(schema::as_text(open.entry(i)->bytes())), open.sealed_words(i).value()));
        receipts.push_back(ledger::make_receipt(open, i).value());
    }
    book.root = open.published()->head.root;
    for (auto& [name, position] : disclosures) {
        auto writer = ledger::BundleWriter::open(open, position).value();
        while (writer->next(bundles[name]).value()) {
        }
    }
}

std::vector<std::string> Sample::lines_of(const std::string& disclosure) const {
    std::vector<std::string> lines;
    std::istringstream stream(bundles.at(disclosure));
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

}  // namespace tamper
