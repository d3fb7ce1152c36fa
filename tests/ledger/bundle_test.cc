// A bundle verifies offline, and nothing of it can be changed, dropped, cut off or swapped without being found.
#include "ledger/bundle.h"

#include <sstream>

#include "ledger/bundle_audit.h"
#include "ledger/receipt.h"
#include "ledger/small_book.h"
#include "schema/json.h"

namespace {

using namespace test;
using ledger::BundleReport;

// A book with a case about two children and their mother, others' cases beside it, and one disclosure of it.
class Disclosed {
  public:
    const schema::StreamId stream = id<schema::StreamId>(100);
    const schema::SubjectId child = id<schema::SubjectId>(50), sibling = id<schema::SubjectId>(51);
    TempFolder folder;
    Author author;
    std::unique_ptr<ledger::Ledger> book = make(folder / "l");

    Disclosed() {
        author.write(*book, 9);
        adopt();
    }
    // Without a practice there is no case, so no bundle is without one.
    void adopt() {
        json::object calendar{{"id", "none"},          {"edition", "1"},          {"from", "2018-01-01"},
                              {"until", "2018-12-31"}, {"zone", "Europe/London"}, {"source", "-"}};
        calendar["holidays"] = json::array{json::object{{"day", "2018-05-28"}, {"title", "Spring bank holiday"}}};
        say({{"calendarIssued", calendar}}, {}, schema::reserved_stream(schema::practice_stream_number));
    }

    uint64_t say(json::object fact, std::vector<ledger::Word> words = {}) {
        return say(std::move(fact), std::move(words), stream);
    }
    uint64_t say(json::object fact, std::vector<ledger::Word> words, const schema::StreamId& where) {
        auto number = book->next_position();
        auto made = author.draft(*book, where, std::move(fact), number, std::move(words));
        auto placed = author.place_draft(*book, made, number);
        EXPECT_TRUE(book->commit());
        return placed.position();
    }
    uint64_t note(const std::string& text, std::vector<schema::SubjectId> about) {
        return say({{"caseNoteAdded", json::object{{"note", "action"}}}},
                   {author.word(text, std::move(about), static_cast<uint8_t>(book->next_position()))});
    }
    uint64_t disclose(const char* words, std::vector<schema::SubjectId> subjects = {}, json::array withheld = {}) {
        json::object fact{{"purpose", "inspection"}, {"words", words}};
        json::array ids;
        for (auto& subject : subjects) ids.push_back(json::string(subject.hex()));
        if (!ids.empty()) fact["subjects"] = std::move(ids);
        if (!withheld.empty()) fact["withheld"] = std::move(withheld);
        return say({{"recordDisclosed", std::move(fact)}});
    }
    std::string bundle(uint64_t disclosure) const {
        auto writer = ledger::BundleWriter::open(*book, disclosure);
        EXPECT_TRUE(writer) << writer.error().text();
        std::string all;
        for (;;) {
            auto more = (*writer)->next(all);
            EXPECT_TRUE(more) << more.error().text();
            if (!more || !*more) return all;
        }
    }
    BundleReport verify(const std::string& bundle) const {
        std::istringstream lines(bundle);
        ledger::BundleAuditOptions options;
        options.trusted_keys = {book->checkpoint_key()};
        auto report = audit_bundle(lines, options);
        EXPECT_TRUE(report) << report.error().text();
        return report ? *std::move(report) : BundleReport{};
    }
};

std::string told(const BundleReport& report) {
    std::string all;
    for (auto& finding : report.audit.findings)
        all += std::to_string(finding.position) + " " + finding.field + ": " + finding.what + "\n";
    return all;
}

std::vector<std::string> lines_of(const std::string& bundle) {
    std::vector<std::string> lines;
    std::istringstream stream(bundle);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}
std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (auto& line : lines) all += line + "\n";
    return all;
}
// As whoever changed a line would make the end fit again.
std::string resealed(std::vector<std::string> lines) {
    ledger::Digest chain{};
    uint64_t entries = 0;
    for (size_t i = 0; i + 1 < lines.size(); ++i) {
        chain = ledger::chained(chain, lines[i]);
        entries += lines[i].find("\"entry\":") != std::string::npos;
    }
    lines.back() = json::serialize(json::object{{"end", {{"entries", entries}, {"chain", chain.hex()}}}});
    return joined(lines);
}

TEST(Bundle, VerifiesOfflineAndSaysWhatItHolds) {
    Disclosed disclosed;
    auto at = disclosed.disclose("all");
    disclosed.author.write(*disclosed.book, disclosed.book->next_position() + 5);  // the book goes on
    auto report = disclosed.verify(disclosed.bundle(at));
    EXPECT_EQ(told(report), "");
    EXPECT_EQ(report.purpose, "inspection");
    EXPECT_EQ(report.revisions, 3u);  // two notes and the disclosure
    EXPECT_EQ(report.audit.words, 3u);
    EXPECT_EQ(report.audit.words_opened, 2u);
    EXPECT_EQ(report.left_out.at("not-needed"), 1u);  // a member of staff whom the case does not name
    EXPECT_TRUE(report.key_was_trusted);
}

TEST(Bundle, HoldsNoEntryOfAnotherCase) {
    Disclosed disclosed;
    auto bundle = disclosed.bundle(disclosed.disclose("all"));
    for (auto& line : lines_of(bundle)) {
        auto read = ledger::read_bundle_line(line).value();
        if (auto* entry = std::get_if<ledger::BundleEntry>(&read)) {
            auto stream = ledger::Entry::decode(schema::as_bytes(entry->entry)).value().stream();
            EXPECT_TRUE(stream == disclosed.stream || schema::kind_of(stream) != schema::StreamKind::family);
        }
    }
}

TEST(Bundle, LeavesOutWordsAboutOthersAndStillVerifies) {
    Disclosed disclosed;
    disclosed.note("about the child alone: canary-one", {disclosed.child});
    disclosed.note("about both: canary-two", {disclosed.child, disclosed.sibling});
    disclosed.note("about the sibling: canary-three", {disclosed.sibling});
    auto bundle = disclosed.bundle(disclosed.disclose("aboutSubjects", {disclosed.child}));
    EXPECT_NE(bundle.find("canary-one"), bundle.npos);
    EXPECT_EQ(bundle.find("canary-two"), bundle.npos);
    EXPECT_EQ(bundle.find("canary-three"), bundle.npos);
    auto report = disclosed.verify(bundle);
    EXPECT_EQ(told(report), "");
    EXPECT_GE(report.left_out.at("about-others"), 2u);
}

TEST(Bundle, LeavesOutWhatIsWithheldAndNoMore) {
    Disclosed disclosed;
    auto at = disclosed.note("canary-withheld", {disclosed.child});
    disclosed.note("canary-given", {disclosed.child});
    json::object item{{"entry", disclosed.book->entry(at)->id().hex()}, {"word", 0}, {"reason", "seriousHarm"}};
    auto bundle = disclosed.bundle(disclosed.disclose("all", {}, json::array{item}));
    EXPECT_EQ(bundle.find("canary-withheld"), bundle.npos);
    EXPECT_NE(bundle.find("canary-given"), bundle.npos);
    auto report = disclosed.verify(bundle);
    EXPECT_EQ(told(report), "");
    EXPECT_EQ(report.left_out.at("withheld"), 1u);
}

TEST(Bundle, OpensNoWordWhereNoneIsDisclosed) {
    Disclosed disclosed;
    disclosed.note("canary-none", {disclosed.child});
    auto bundle = disclosed.bundle(disclosed.disclose("none"));
    EXPECT_EQ(bundle.find("canary-none"), bundle.npos);
    auto report = disclosed.verify(bundle);
    EXPECT_EQ(told(report), "");
    EXPECT_EQ(report.audit.words_opened, 0u);
}

TEST(Bundle, FindsEveryLineThatIsMissingOrSwapped) {
    Disclosed disclosed;
    disclosed.note("one more", {disclosed.child});
    auto lines = lines_of(disclosed.bundle(disclosed.disclose("all")));
    for (size_t i = 0; i < lines.size(); ++i) {
        auto fewer = lines;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        std::istringstream stream(i + 1 < lines.size() ? resealed(fewer) : joined(fewer));
        ledger::BundleAuditOptions options;
        auto report = audit_bundle(stream, options);
        EXPECT_FALSE(report && report->audit.findings.empty()) << "line " << i << ": " << lines[i].substr(0, 80);
        if (i == 0) continue;
        auto swapped = lines;
        std::swap(swapped[i], swapped[i - 1]);
        std::istringstream again(resealed(swapped));
        report = audit_bundle(again, options);
        EXPECT_FALSE(report && report->audit.findings.empty()) << "lines " << i - 1 << " and " << i;
    }
}

TEST(Bundle, ThatIsNoneIsRefusedWithItsLine) {
    for (auto& [file, field] : {std::pair{"", "bundle"},
                                {"{\"bundle\":", "bundle"},
                                {"no JSON\n", "line 1"},
                                {"{\"bundle\": 1}\n", "line 1, bundle"}}) {
        std::istringstream lines{std::string(file)};
        auto report = ledger::audit_bundle(lines, {});
        ASSERT_FALSE(report) << file;
        EXPECT_EQ(report.error().field, field) << report.error().text();
    }
}

TEST(Bundle, FindsARecordWhoseTailWasCutOff) {
    // Everything from the middle on is left out, and the heads proof of an earlier disclosure is put in its place.
    Disclosed disclosed;
    auto earlier = disclosed.disclose("all");
    disclosed.note("what nobody should see", {disclosed.child});
    auto later = disclosed.disclose("all");
    auto whole = lines_of(disclosed.bundle(later)), part = lines_of(disclosed.bundle(earlier));
    auto forged = part;
    forged[0] = whole[0];
    EXPECT_NE(told(disclosed.verify(resealed(forged))), "");
    forged = whole;
    forged[forged.size() - 2] = part[part.size() - 2];
    EXPECT_NE(told(disclosed.verify(resealed(forged))), "");
}

TEST(Bundle, FindsAWordThatShouldHaveBeenOpened) {
    Disclosed disclosed;
    disclosed.note("inconvenient", {disclosed.child});
    auto lines = lines_of(disclosed.bundle(disclosed.disclose("all")));
    for (auto& line : lines) {
        auto read = ledger::read_bundle_line(line).value();
        auto* entry = std::get_if<ledger::BundleEntry>(&read);
        if (!entry || line.find("inconvenient") == line.npos) continue;
        for (auto* why : {"withheld", "erased", "about-others", "not-disclosed", "not-needed"}) {
            auto value = schema::parse_json(line).value();
            auto& word = value.at("words").get_array()[0].get_object();
            word = {{"heading", entry->words[0].word.heading},
                    {"subjects", word.at("subjects")},
                    {"commitment", entry->words[0].commitment.hex()},
                    {"leftOut", why}};
            auto changed = lines;
            changed[static_cast<size_t>(&line - lines.data())] = json::serialize(value);
            auto report = disclosed.verify(resealed(changed));
            ASSERT_FALSE(report.audit.findings.empty()) << why;
            EXPECT_EQ(report.audit.findings[0].field, "words[0]");
            EXPECT_EQ(report.audit.findings[0].position, entry->position);
        }
    }
}

TEST(Bundle, IsOfTheLedgerWhoseKeyIsTrusted) {
    Disclosed disclosed;
    auto bundle = disclosed.bundle(disclosed.disclose("all"));
    std::istringstream stream(bundle);
    ledger::BundleAuditOptions options;
    options.trusted_keys = {key_from(99).public_key()};
    auto report = audit_bundle(stream, options).value();
    EXPECT_FALSE(report.audit.findings.empty());
}

TEST(Bundle, IsMadeOfADisclosureAlone) {
    Disclosed disclosed;
    EXPECT_EQ(ledger::BundleWriter::open(*disclosed.book, 3).error().fault, schema::Fault::not_found);
    EXPECT_EQ(ledger::BundleWriter::open(*disclosed.book, 3000).error().fault, schema::Fault::not_found);
}

TEST(Bundle, OfAnOldDisclosureIsTheSameAfterTheIndexWasMadeAgain) {
    Disclosed disclosed;
    auto at = disclosed.disclose("all");
    disclosed.author.write(*disclosed.book, disclosed.book->next_position() + 7);
    auto before = disclosed.bundle(at);
    disclosed.book.reset();
    fs::remove_all(disclosed.folder / "l/index");
    disclosed.book = ledger::Ledger::open(disclosed.folder / "l").value();
    EXPECT_EQ(disclosed.bundle(at), before);
}

TEST(Bundle, AndReceiptsOfAFamilyOfFourOutliveTheErasureOfOne) {
    Disclosed disclosed;
    auto& book = *disclosed.book;
    std::vector<schema::SubjectId> family{disclosed.child, disclosed.sibling, id<schema::SubjectId>(52),
                                          id<schema::SubjectId>(53)};
    std::vector<std::string> canaries, secrets;
    for (size_t i = 0; i < family.size(); ++i) {
        canaries.push_back("canary of member " + std::to_string(i));
        disclosed.note(canaries[i], {family[i]});
    }
    auto shared = disclosed.note("what both of them said", {family[0], family[1]});
    auto disclosure = disclosed.disclose("all");
    auto before = disclosed.bundle(disclosure);
    std::vector<ledger::Receipt> receipts;
    for (uint64_t at = 0; at < book.next_position(); ++at) receipts.push_back(make_receipt(book, at).value());
    secrets = {book.keys().find(family[0]).value()->key, canaries[0],
               book.words(book.entry(shared - 4).value())->at(0).salt};

    auto erasure =
        disclosed.say({{"subjectErased", json::object{{"subject", family[0].hex()}, {"ground", "ordered"}}}});

    for (auto& receipt : receipts)
        EXPECT_TRUE(ledger::verify_receipt(receipt, book.checkpoint_key(), disclosed.author.key.public_key()));
    auto issued = disclosed.verify(before);
    EXPECT_EQ(told(issued), "");
    EXPECT_TRUE(issued.audit.erased.empty()) << "what has left the building is what it was";
    EXPECT_NE(before.find(canaries[0]), before.npos);

    auto now = disclosed.bundle(disclosure);
    auto report = disclosed.verify(now);
    EXPECT_EQ(told(report), "");
    ASSERT_FALSE(report.audit.erased.empty());
    for (auto& word : report.audit.erased) EXPECT_EQ(word.what, "erased under entry " + std::to_string(erasure));
    EXPECT_EQ(now.find(canaries[0]), now.npos);
    for (size_t i = 1; i < family.size(); ++i) EXPECT_NE(now.find(canaries[i]), now.npos);
    EXPECT_NE(now.find("what both of them said"), now.npos);

    disclosed.book.reset();
    for (auto& file : fs::recursive_directory_iterator(disclosed.folder.path())) {
        if (!file.is_regular_file()) continue;
        auto bytes = read_all(file.path());
        for (auto& secret : secrets) EXPECT_EQ(bytes.find(secret), bytes.npos) << file.path();
    }
}

TEST(Completeness, ProvesTheHeadOfEveryStreamInTheNewestEntry) {
    Disclosed disclosed;
    auto streams = disclosed.book->streams().value();
    for (auto& stream : streams) {
        auto [newest, proof] = disclosed.book->prove_head(stream).value();
        EXPECT_EQ(newest.position() + 1, disclosed.book->published()->head.size);
        auto root = ledger::Digest::of(newest.heads());
        EXPECT_TRUE(ledger::HeadsMap::verify(proof, root));
        EXPECT_EQ(proof.revision, disclosed.book->published_head(stream)->revision);
        ++proof.revision;
        EXPECT_FALSE(ledger::HeadsMap::verify(proof, root));
    }
    EXPECT_FALSE(disclosed.book->prove_head(id<schema::StreamId>(7777)));
}

}  // namespace
