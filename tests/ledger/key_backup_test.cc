// Backups of the keys: whole or refused, rolling off for good, and put back only where nothing the book needs is lost
// unsaid.
#include "ledger/key_backup.h"

#include "ledger/key_restore.h"
#include "ledger/key_rows.h"
#include "ledger/master_key.h"
#include "ledger/small_book.h"
#include "ledger/wiping.h"

namespace {

using namespace ledger;
using namespace test;
using schema::Fault;

const auto when = schema::time_of(Author::first_time);
const std::string master(32, 'M');

struct Store {
    TempFolder folder;
    std::unique_ptr<KeyStore> keys = KeyStore::create(folder / "keys", master).value();
    std::string place = folder / "backups";

    void make(uint64_t number, uint64_t position) {
        SubjectId one[] = {id<SubjectId>(number)};
        ASSERT_TRUE(keys->ensure(one, position));
    }
    std::string back_up(size_t keep = 0) {
        auto path = back_up_keys(*keys, place, keep, when);
        EXPECT_TRUE(path) << path.error().text();
        return *path;
    }
};

TEST(KeyBackup, HoldsEveryRowAndIsReadBack) {
    Store store;
    for (uint64_t i = 0; i < 30; ++i) store.make(i, i);
    auto path = store.back_up();
    EXPECT_EQ(path, store.place + "/keys-000001-30.backup");
    auto backup = load_key_backup(path);
    ASSERT_TRUE(backup) << backup.error().text();
    EXPECT_EQ(backup->rows, store.keys->rows().value());
    EXPECT_EQ(backup->taken, when);
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(KeyBackup, IsRefusedWhenAnyByteOfItChangesOrIsMissing) {
    Store store;
    store.make(1, 1);
    auto good = read_all(store.back_up());
    for (size_t at = 0; at < good.size(); ++at) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x20);
        EXPECT_FALSE(read_key_backup(schema::as_bytes(bad), "backup")) << at;
        EXPECT_FALSE(read_key_backup(schema::as_bytes(good.substr(0, at)), "backup")) << at;
    }
    EXPECT_FALSE(read_key_backup(schema::as_bytes(good + '\0'), "backup"));
}

// A checksum is no signature: whoever writes one afresh must still write rows of a store.
TEST(KeyBackup, IsRefusedWhenItsRowsAreNotThoseOfAStore) {
    auto rows = first_rows(master);
    auto refused = [&](const std::function<void(KeyRows&)>& change) {
        KeyBackup backup{when, rows};
        change(backup.rows);
        return !read_key_backup(schema::as_bytes(key_backup_bytes(backup)), "backup");
    };
    EXPECT_FALSE(refused([](auto&) {}));
    for (auto* name : {store_row, check_row, made_row, destroyed_row})
        EXPECT_TRUE(refused([&](auto& r) { r.erase(name); }));
    EXPECT_TRUE(refused([](auto& r) { r[made_row] = "1"; })) << "a key is missing";
    EXPECT_TRUE(refused([](auto& r) { r[std::string(16, 's')] = std::string(48, 'x'); })) << "a key too many";
    EXPECT_TRUE(refused([](auto& r) { r[made_row] = "1", r[std::string(16, 's')] = "short"; }));
}

TEST(KeyBackup, RollsOffBeyondItsNumberForGood) {
    Store store;
    for (uint64_t i = 0; i < 5; ++i) {
        store.make(i, i);
        store.back_up(3);
    }
    auto files = key_backups_in(store.place).value();
    ASSERT_EQ(files.size(), 3u);
    EXPECT_EQ(files.front().number, 3u);
    EXPECT_EQ(files.back().path, store.place + "/keys-000005-5.backup");
    // What one that was broken off left is gone with the next.
    write_all(store.place + "/keys-000006-5.backup.part", "half");
    store.back_up(1);
    EXPECT_EQ(std::distance(fs::directory_iterator(store.place), fs::directory_iterator()), 1);
}

TEST(KeyBackup, RefusesAFolderThatHoldsAnotherStores) {
    Store one, other;
    one.make(1, 1);
    one.back_up();
    auto refused = back_up_keys(*other.keys, one.place, 1, when);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::conflict);
    EXPECT_EQ(key_backups_in(one.place)->size(), 1u);
}

TEST(KeyBackup, GivesUpTheKeysOfTheErasedAndKeepsTheOthers) {
    Store store;
    for (uint64_t i = 0; i < 4; ++i) store.make(i, 5);
    auto path = store.back_up();
    auto wrapped = store.keys->rows()->at(row_of(id<SubjectId>(2))).substr(8);
    ASSERT_NE(read_all(path).find(wrapped), std::string::npos);
    Erasure erasures[] = {{id<SubjectId>(2), 6}, {id<SubjectId>(3), 5}, {id<SubjectId>(9), 6}};
    EXPECT_EQ(count_erased(load_key_backup(path)->rows, erasures), 1u) << "one was made at its erasure, one never";
    EXPECT_EQ(purge_key_backup(path, erasures).value(), 1u);
    EXPECT_FALSE(holds_trace(store.place, {traces_of(wrapped)[0], traces_of(wrapped)[1]}).value());
    auto counts = count_keys(load_key_backup(path)->rows, master, "backup").value();
    EXPECT_EQ(counts.living, 3u);
    EXPECT_EQ(counts.destroyed, 1u);
    EXPECT_EQ(std::distance(fs::directory_iterator(store.place), fs::directory_iterator()), 1);
}

TEST(Wiping, WritesOverAFileBeforeItGoesAndSparesOtherNamesOfIt) {
    TempFolder folder;
    auto content = std::string(200'000, 'a') + "secret";
    write_all(folder / "one", content);
    std::ifstream held(folder / "one", std::ios::binary);  // the bytes that had been the file's
    ASSERT_TRUE(wipe_file(folder / "one"));
    EXPECT_FALSE(fs::exists(folder / "one"));
    std::stringstream left;
    left << held.rdbuf();
    EXPECT_EQ(left.str(), std::string(content.size(), '\0'));
    write_all(folder / "two", content);
    fs::create_hard_link(folder / "two", folder / "three");
    ASSERT_TRUE(wipe_file(folder / "two"));
    EXPECT_EQ(read_all(folder / "three"), content);
    EXPECT_TRUE(wipe_file(folder / "two")) << "what is not there needs no wiping";
}

TEST(Wiping, FindsWhatIsLeftOfASecretWhereverItStandsInAFile) {
    TempFolder folder;
    auto secret = random_bytes(40);
    auto traces = traces_of(secret);
    std::set<std::string> wanted(traces.begin(), traces.end());
    auto noise = random_bytes(700'000);
    std::vector<std::string> left{secret, secret.substr(0, 20), secret.substr(20),
                                  secret.substr(0, 31) + "cut" + secret.substr(31)};
    std::vector<size_t> places{0, 256 * 1024 - 10, 2 * 256 * 1024 - 39, noise.size()};
    for (size_t at : places)
        for (auto& part : left) {
            auto bytes = noise;
            write_all(folder / "file", bytes.insert(at, part));
            EXPECT_TRUE(holds_trace(folder.path(), wanted).value()) << at;
        }
    write_all(folder / "file", noise + secret.substr(0, 19));
    EXPECT_FALSE(holds_trace(folder.path(), wanted).value());
}

// ---- putting one back ----

struct Restoring {
    TempFolder folder;
    std::string path = folder / "l", place = folder / "backups", old, reading;

    // A backup of six entries' keys, and a book that went on.
    Restoring() {
        Author author;
        auto book = make(path);
        author.write(*book, 4);
        old = *back_up_keys(book->keys(), place, 0, when);
        author.write(*book, 20);
        reading = reading_of(*book);
    }
    void lose_keys() { fs::remove_all(path + "/keys"); }
};

TEST(KeyRestore, PutsBackTheNewestBackupAndEveryWordIsReadable) {
    Restoring world;
    auto newest = *back_up_keys(*open_keys_read_only(world.path).value(), world.place, 0, when);
    world.lose_keys();
    EXPECT_FALSE(Ledger::open(world.path));
    auto done = restore_keys({world.path, newest, false, false});
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(done->living, done->made);
    EXPECT_EQ(done->loss.keys + done->loss.words + done->loss.subjects, 0u);
    EXPECT_EQ(reading_of(**Ledger::open(world.path)), world.reading);
}

TEST(KeyRestore, SaysHowManyWordsAreLostAndDoesItOnlyWhenThatIsAccepted) {
    Restoring world;
    world.lose_keys();
    auto refused = restore_keys({world.path, world.old, false, false});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::conflict);
    EXPECT_FALSE(fs::exists(world.path + "/keys"));
    auto done = restore_keys({world.path, world.old, false, true});
    ASSERT_TRUE(done) << done.error().text();
    // The first four entries made keys for the new person and two children; the other three children came later.
    EXPECT_EQ(done->made, 6u);
    EXPECT_EQ(done->loss.keys, 3u);
    EXPECT_EQ(done->loss.subjects, 3u);
    auto book = Ledger::open(world.path);
    ASSERT_TRUE(book) << book.error().text();
    uint64_t unreadable = 0;
    EXPECT_TRUE((*book)->read(0, ~uint64_t{0}, [&](const Entry& entry) {
        auto words = (*book)->words(entry).value();
        for (auto& word : words) unreadable += !word.readable;
        return true;
    }));
    EXPECT_EQ(done->loss.words, unreadable);
    EXPECT_NE(refused.error().message.find(std::to_string(unreadable) + " words"), std::string::npos);
    // Life goes on with new keys, and the next backup and restore count right.
    Author().write(**book, 30);
    auto next = back_up_keys((*book)->keys(), world.place, 0, when);
    ASSERT_TRUE(next) << next.error().text();
    book->reset();
    world.lose_keys();
    EXPECT_TRUE(restore_keys({world.path, *next, false, false})) << "new words of these people lost nothing";
}

TEST(KeyRestore, ReplacesAWholeStoreOnlyWhenAskedAndNeverAnOpenOne) {
    Restoring world;
    auto refused = restore_keys({world.path, world.old, false, true});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::conflict);
    EXPECT_EQ(reading_of(**Ledger::open(world.path)), world.reading);
    {
        auto book = Ledger::open(world.path).value();
        EXPECT_FALSE(restore_keys({world.path, world.old, true, true}));
    }
    auto done = restore_keys({world.path, world.old, true, true});
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(done->living, 3u);
    EXPECT_TRUE(Ledger::open(world.path));
    EXPECT_FALSE(fs::exists(world.path + "/keys.replaced"));
}

TEST(KeyRestore, MayBeAskedForAgainWhereItWasBrokenOff) {
    Restoring world;
    auto newest = *back_up_keys(*open_keys_read_only(world.path).value(), world.place, 0, when);
    fs::rename(world.path + "/keys", world.path + "/keys.replaced");
    copy_folder(world.path + "/keys.replaced", world.path + "/keys.restoring");
    fs::copy_file(world.path + "/keys.mark", world.path + "/keys.restoring.mark");
    EXPECT_FALSE(Ledger::open(world.path));
    ASSERT_TRUE(restore_keys({world.path, newest, false, false}));
    EXPECT_EQ(reading_of(**Ledger::open(world.path)), world.reading);
    EXPECT_FALSE(fs::exists(world.path + "/keys.restoring"));
    EXPECT_FALSE(fs::exists(world.path + "/keys.replaced"));
}

TEST(KeyRestore, RefusesABackupUnderAnotherMasterKey) {
    Restoring world;
    ASSERT_TRUE(rotate_master_key(world.path));
    auto refused = restore_keys({world.path, world.old, true, true});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("another master key"), std::string::npos);
    EXPECT_EQ(reading_of(**Ledger::open(world.path)), world.reading);
}

}  // namespace
