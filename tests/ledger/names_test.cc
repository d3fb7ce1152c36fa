// A person is found by any part of any name they were given, and by nothing at all once they are erased: neither the
// name nor a token of it is in any file then, with every backup that is put back.
#include "ledger/names.h"

#include <rocksdb/db.h>

#include <algorithm>

#include "ledger/cipher.h"
#include "ledger/key_backup.h"
#include "ledger/key_restore.h"
#include "ledger/master_key.h"
#include "ledger/small_book.h"
#include "schema/big_endian.h"

namespace test {
namespace {

using ledger::AskedName;
using ledger::Erasure;
using ledger::name_parts;
using schema::SubjectId;
using Parts = std::vector<std::string>;

SubjectId person(uint64_t number) { return id<SubjectId>(70 + number); }

// ---- names as people type them ----

TEST(Names, AreTheSameHoweverTheyAreTyped) {
    EXPECT_EQ(name_parts("Jo  SMITH-Jones"), (Parts{"jo", "smith", "jones"}));
    EXPECT_EQ(name_parts("José"), name_parts("JOSE\xcc\x81"));  // composed, and with the accent by itself
    EXPECT_EQ(name_parts("José"), Parts{"jose"});
    EXPECT_EQ(name_parts("Łucja Wałęsa"), (Parts{"lucja", "walesa"}));
    EXPECT_EQ(name_parts("Søren Ægidius Weiß"), (Parts{"soren", "aegidius", "weiss"}));
    EXPECT_EQ(name_parts("O’Brien, D'Arcy"), (Parts{"obrien", "darcy"}));
    EXPECT_EQ(name_parts("Мария ИВАНОВА"), name_parts("мария иванова"));
    EXPECT_EQ(name_parts("smith Smith SMITH"), Parts{"smith"});
    EXPECT_EQ(name_parts("王小明"), Parts{"王小明"});
}

TEST(Names, OfStrangersBytesHaveFewPartsOrNone) {
    EXPECT_EQ(name_parts(""), Parts{});
    EXPECT_EQ(name_parts(" -.,' "), Parts{});
    EXPECT_EQ(name_parts("\xff\xfe"), Parts{});
    EXPECT_EQ(name_parts("a\xcc"), Parts{});
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "n" + std::to_string(i) + " ";
    EXPECT_EQ(name_parts(many).size(), 16u);
    std::string wide;
    for (int i = 0; i < 5000; ++i) wide += "é";
    ASSERT_EQ(name_parts(wide).size(), 1u);
    EXPECT_EQ(name_parts(wide)[0], std::string(500, 'e'));
}

TEST(Names, AreAskedForByPartOrBeginning) {
    auto fits = [](const char* asked, const char* name) { return AskedName(asked).fits(name_parts(name)); };
    EXPECT_TRUE(fits("smith", "Jo Smith"));
    EXPECT_TRUE(fits("SMI", "Jo Smith"));
    EXPECT_TRUE(fits("smith jo", "Jo Smith"));
    EXPECT_TRUE(fits("smith jo", "John Smithson"));
    EXPECT_TRUE(fits("jo", "Jo Smith"));
    EXPECT_FALSE(fits("jo", "John Smith"));
    EXPECT_FALSE(fits("sm", "Jo Smith"));
    EXPECT_FALSE(fits("smith jane", "Jo Smith"));
    EXPECT_FALSE(fits("smithson", "Jo Smith"));
    EXPECT_FALSE(fits("", "Jo Smith"));
    // Whatever fits is found by its tokens as well.
    for (auto* asked : {"smithson-jo", "smi jo", "li", "wolfeschlegelstein"}) {
        AskedName name(asked);
        auto kept = ledger::beginnings_of(name_parts("Joanna Smithson-Jones Li Wolfeschlegelsteinhausen"));
        EXPECT_TRUE(name.fits(name_parts("Joanna Smithson-Jones Li Wolfeschlegelsteinhausen"))) << asked;
        for (auto& beginning : name.beginnings())
            EXPECT_TRUE(std::binary_search(kept.begin(), kept.end(), beginning)) << asked << ": " << beginning;
    }
}

TEST(NameTokens, OfTwoPeopleOfOneNameHaveNothingInCommon) {
    std::string key(32, 'k');
    auto tokens = [&](uint64_t number, uint64_t position, const char* name) {
        auto row = ledger::name_row_of(person(number), position);
        auto all = ledger::name_tokens(key, ledger::named_entry_of(row), name_parts(name));
        EXPECT_EQ(all.size() % (ledger::token_size * ledger::tokens_together), 0u);
        std::vector<std::string> each;
        for (size_t at = 0; at < all.size(); at += ledger::token_size) each.push_back(all.substr(at, 20));
        EXPECT_TRUE(std::is_sorted(each.begin(), each.end()));
        return each;
    };
    auto one = tokens(1, 5, "Jo Smith"), other = tokens(2, 5, "Jo Smith"), later = tokens(1, 6, "Jo Smith");
    EXPECT_EQ(one.size(), tokens(1, 5, "Al Li").size()) << "a longer name shows";
    for (auto& token : one)
        for (auto* others : {&other, &later}) EXPECT_EQ(std::count(others->begin(), others->end(), token), 0);
    EXPECT_EQ(one, tokens(1, 5, "SMITH, jo"));
    EXPECT_TRUE(ledger::name_tokens(key, "x", {}).empty());
}

// ---- a book with names ----

struct Town {
    TempFolder folder;
    Author author;
    std::unique_ptr<ledger::Ledger> book;
    struct Given {
        uint64_t position;
        SubjectId subject;
        std::string name;
    };
    std::vector<Given> given;

    Town() {
        book = make(folder / "l");
        author.write(*book, 2);
    }
    uint64_t name(uint64_t number, const std::string& text) { return name({{number, text}}); }
    uint64_t name(const std::vector<std::pair<uint64_t, std::string>>& names) {
        std::vector<ledger::Word> words;
        auto position = book->next_position();
        for (auto& [number, text] : names) {
            words.push_back({"name", {person(number)}, ledger::random_bytes(32), text, ""});
            given.push_back({position, person(number), text});
        }
        author.place_draft(*book,
                           author.draft(*book, id<schema::StreamId>(100),
                                        {{"caseNoteAdded", json::object{{"note", "action"}}}}, position, words),
                           position);
        EXPECT_TRUE(book->commit());
        return position;
    }
    void open() {
        book.reset();
        auto opened = ledger::Ledger::open(folder / "l");
        ASSERT_TRUE(opened) << opened.error().text();
        book = *std::move(opened);
    }
    // Whom it finds: their numbers, rising.
    std::vector<uint64_t> find(const char* asked) {
        std::vector<uint64_t> numbers;
        auto found = book->keys().find_named(AskedName(asked)).value();
        for (uint64_t number = 0; number < 10; ++number)
            for (auto& each : found)
                if (each.subject == person(number)) numbers.push_back(number);
        return numbers;
    }
    // Worked out here from the search key: every token of everything that this person was ever called.
    std::vector<std::string> tokens_of(uint64_t number) {
        auto rows = book->keys().rows().value();
        auto key = *ledger::unwrap_key(book->keys().master_key(), schema::as_bytes(rows.at(ledger::search_row)));
        std::vector<std::string> tokens;
        for (auto& each : given)
            if (each.subject == person(number))
                for (auto& beginning : ledger::beginnings_of(name_parts(each.name)))
                    tokens.push_back(ledger::Trapdoor(key, beginning)
                                         .token(std::string(each.subject.view()) + schema::big_endian(each.position)));
        return tokens;
    }
    Erasure erasure(uint64_t number) { return {person(number), book->next_position()}; }
    // How many of these stand in any file, whole.
    size_t count(const std::vector<std::string>& secrets) const {
        size_t held = 0;
        std::vector<std::string> files;
        for (auto& file : fs::recursive_directory_iterator(folder.path()))
            if (file.is_regular_file()) files.push_back(read_all(file.path()));
        for (auto& secret : secrets)
            held +=
                std::any_of(files.begin(), files.end(), [&](auto& bytes) { return bytes.find(secret) != bytes.npos; });
        return held;
    }
    void fill() {
        name({{0, "Jo Smith"}, {1, "José Álvarez"}});
        name(2, "Jo Smith");
        name({{3, "Oyelaran Smithson"}, {4, "Li Wu"}});
    }
};

TEST(Search, FindsByPartBeginningAccentAndCase) {
    Town town;
    town.fill();
    for (int life = 0; life < 2; ++life, town.open()) {
        EXPECT_EQ(town.find("Smith"), (std::vector<uint64_t>{0, 2, 3}));
        EXPECT_EQ(town.find("sMI"), (std::vector<uint64_t>{0, 2, 3}));
        EXPECT_EQ(town.find("smithson"), std::vector<uint64_t>{3});
        EXPECT_EQ(town.find("jose alv"), std::vector<uint64_t>{1});
        EXPECT_EQ(town.find("JOSÉ"), std::vector<uint64_t>{1});
        EXPECT_EQ(town.find("jo"), (std::vector<uint64_t>{0, 2}));
        EXPECT_EQ(town.find("wu li"), std::vector<uint64_t>{4});
        EXPECT_EQ(town.find("sm"), std::vector<uint64_t>{});
        EXPECT_EQ(town.find("Brown"), std::vector<uint64_t>{});
        EXPECT_EQ(town.find(""), std::vector<uint64_t>{});
    }
}

TEST(Search, FindsByTheOldNameAndByTheNewOne) {
    Town town;
    town.name(0, "Jo Smith");
    auto later = town.name(0, "Jo Brown");
    for (auto* asked : {"smith", "brown", "smith brown", "jo"}) EXPECT_EQ(town.find(asked), std::vector<uint64_t>{0});
    auto found = town.book->keys().find_named(AskedName("smith")).value();
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].positions, (std::vector<uint64_t>{later - 1, later}));
}

TEST(Search, FindsNobodyByWhatIsHeadedOtherwiseOrIsAboutSeveral) {
    Town town;
    auto position = town.book->next_position();
    auto draft = town.author.draft(*town.book, id<schema::StreamId>(100),
                                   {{"caseNoteAdded", json::object{{"note", "action"}}}}, position,
                                   {{"note", {person(0)}, ledger::random_bytes(32), "Smith", ""},
                                    {"name", {person(1), person(2)}, ledger::random_bytes(32), "Smith", ""},
                                    {"name", {person(3)}, ledger::random_bytes(32), "\xff\xfe", ""},
                                    {"name", {person(4)}, ledger::random_bytes(32), "Smith", "image/png"}});
    town.author.place_draft(*town.book, draft, position);
    ASSERT_TRUE(town.book->commit());
    EXPECT_EQ(town.find("smith"), std::vector<uint64_t>{});
}

TEST(Search, FindsNobodyWhoWasErasedAndLeavesNoTokenInAnyFile) {
    Town town;
    town.fill();
    town.name(0, "Jo Brown-Okonkwo");
    auto hers = town.tokens_of(0), theirs = town.tokens_of(2);
    EXPECT_EQ(hers.size(), 13u) << "jo smi smit smith; jo bro brow brown oko okon okonk okonkw okonkwo";
    ASSERT_EQ(town.count(hers), hers.size()) << "the search finds nothing at all";
    EXPECT_EQ(town.count({"Smith", "Okonkwo", "okonkwo", "smith"}), 0u) << "a name stands in the clear";
    Erasure erasures[] = {town.erasure(0)};
    ASSERT_TRUE(town.book->keys().erase(erasures));
    for (int life = 0; life < 2; ++life, town.open()) {
        EXPECT_EQ(town.find("smith"), (std::vector<uint64_t>{2, 3}));
        EXPECT_EQ(town.find("okonkwo"), std::vector<uint64_t>{});
        EXPECT_EQ(town.count(hers), 0u);
        EXPECT_EQ(town.count(theirs), theirs.size());
    }
    town.name(0, "Jo Smith");  // who came again
    EXPECT_EQ(town.find("smith"), (std::vector<uint64_t>{0, 2, 3}));
    ASSERT_TRUE(town.book->keys().replay(erasures));
    EXPECT_EQ(town.find("smith"), (std::vector<uint64_t>{0, 2, 3}));
    EXPECT_EQ(town.find("okonkwo"), std::vector<uint64_t>{});
    EXPECT_EQ(town.count(hers), 0u);
}

TEST(Search, HoldsAnErasureUpThatLeftOneTokenBehind) {
    Town town;
    town.fill();
    auto hers = town.tokens_of(0);
    write_all(town.folder / "l/keys/stray", "x" + hers[2] + "x");
    Erasure erasures[] = {town.erasure(0)};
    auto done = town.book->keys().erase(erasures);
    // Each half of what is searched for is one token.
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, schema::Fault::io);
    EXPECT_EQ(town.find("smith"), (std::vector<uint64_t>{2, 3}));
    fs::remove(town.folder / "l/keys/stray");
    EXPECT_TRUE(town.book->keys().erase(erasures));
}

TEST(Search, FindsNobodyWhoWasErasedWithAnyBackupThatIsPutBack) {
    Town town;
    std::vector<std::string> backups;
    auto place = town.folder / "backups";
    auto back_up = [&] {
        backups.push_back(
            ledger::back_up_keys(town.book->keys(), place, 0, schema::time_of(Author::first_time)).value());
    };
    town.fill();
    back_up();
    town.name(0, "Jo Brown");  // the first backup has the key of this name, and not its tokens
    back_up();
    auto hers = town.tokens_of(0), theirs = town.tokens_of(2);
    Erasure erasures[] = {town.erasure(2)};
    ASSERT_TRUE(town.book->keys().erase(erasures));
    back_up();
    for (auto& backup : backups) {
        town.book.reset();
        auto restored = ledger::restore_keys({town.folder / "l", backup, true, false});
        ASSERT_TRUE(restored) << restored.error().text();
        town.open();
        ASSERT_TRUE(town.book->keys().replay(erasures));
        EXPECT_EQ(town.find("smith"), (std::vector<uint64_t>{0, 3})) << backup;
        EXPECT_EQ(town.find("brown"), std::vector<uint64_t>{0}) << backup;
        EXPECT_EQ(town.count(hers), hers.size());
        for (auto& each : backups) (void)ledger::purge_key_backup(each, erasures);
        EXPECT_EQ(town.count(theirs), 0u) << backup;
    }
}

TEST(Search, GoesOnUnderTheNextMasterKey) {
    Town town;
    town.fill();
    auto before = town.book->keys().rows().value();
    town.book.reset();
    EXPECT_EQ(ledger::rotate_master_key(town.folder / "l").value(), 6u);
    EXPECT_EQ(town.count({before.at(ledger::search_row)}), 0u) << "what stood under the old master key is still there";
    town.open();
    EXPECT_EQ(town.find("smith"), (std::vector<uint64_t>{0, 2, 3}));
    town.name(5, "New Smith");
    EXPECT_EQ(town.find("smith"), (std::vector<uint64_t>{0, 2, 3, 5}));
}

TEST(Search, LearnsEveryNameOfALedgerThatIsOlderThanItIs) {
    Town town;
    town.fill();
    auto before = town.book->keys().rows().value();
    Erasure erasures[] = {town.erasure(2)};
    ASSERT_TRUE(town.book->keys().erase(erasures));
    auto forget = [&](bool search_key) {
        town.book.reset();
        rocksdb::DB* raw = nullptr;
        ASSERT_TRUE(rocksdb::DB::Open({}, town.folder / "l/keys", &raw).ok());
        std::unique_ptr<rocksdb::DB> db(raw);
        rocksdb::WriteBatch batch;
        for (auto& row : before)
            if (!ledger::named_entry_of(row.first).empty()) batch.Delete(row.first);
        batch.Delete(ledger::names_row);
        if (search_key) batch.Delete(ledger::search_row);
        ASSERT_TRUE(db->Write({}, &batch).ok());
    };
    // With the search key that was there, the same rows are made again.
    forget(false);
    town.open();
    auto after = town.book->keys().rows().value();
    size_t names = 0;
    for (auto& [name, value] : after)
        if (!ledger::named_entry_of(name).empty()) {
            ++names;
            EXPECT_EQ(value, before.at(name));
        }
    EXPECT_EQ(names, 5u);  // the governor's clerk, and four of the five
    // Without, as in a store of an older version, they are others and find the same.
    forget(true);
    town.open();
    EXPECT_EQ(town.find("smith"), (std::vector<uint64_t>{0, 3}));
    EXPECT_NE(town.book->keys().rows().value().at(ledger::search_row), before.at(ledger::search_row));
    EXPECT_EQ(town.book->keys().named(), town.book->published()->head.size);
}

}  // namespace
}  // namespace test
