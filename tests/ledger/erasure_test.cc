// A subject's key that was destroyed is in no file any more, comes back with no backup, and takes nobody else's words
// with it; broken off at any moment, the destruction is finished before anything is answered.
#include <fcntl.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <atomic>
#include <random>
#include <thread>

#include "ledger/child.h"
#include "ledger/faulty_disk.h"
#include "ledger/key_backup.h"
#include "ledger/key_restore.h"
#include "ledger/master_key.h"
#include "ledger/small_book.h"
#include "ledger/wiping.h"
#include "schema/big_endian.h"

extern char** environ;

namespace test {

using ledger::Erasure;
using ledger::KeyStore;
using schema::SubjectId;

namespace {

const std::string master(32, 'M');
constexpr uint64_t many = 40;

SubjectId subject(uint64_t number) { return id<SubjectId>(500 + number); }

// Every file under the folder in which a half of the secret stands; a log may cut a record in two.
std::vector<std::string> files_with(const std::string& folder, const std::string& secret) {
    std::vector<std::string> files;
    for (auto& file : fs::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file()) continue;
        auto bytes = read_all(file.path());
        for (size_t at : {size_t{0}, secret.size() / 2})
            if (bytes.find(secret.substr(at, secret.size() / 2)) != bytes.npos) {
                files.push_back(file.path());
                break;
            }
    }
    return files;
}

std::string wrapped_key(KeyStore& keys, const SubjectId& whose) {
    auto rows = keys.rows().value();
    return ledger::KeyRow::read(rows.at(ledger::row_of(whose)))->wrapped;
}

// ---- a family of four ----

struct Family {
    TempFolder folder;
    Author author;
    std::unique_ptr<ledger::Ledger> book;
    std::vector<std::string> canaries, salts, keys, wrapped;
    std::string of_two = "both of them climb on the roof";

    static SubjectId member(size_t number) { return id<SubjectId>(70 + number); }

    Family() {
        book = make(folder / "l");
        author.write(*book, 2);
        for (size_t i = 0; i < 4; ++i) {
            canaries.push_back("canary of member " + std::to_string(i));
            write(canaries[i], {member(i)});
        }
        write(of_two, {member(0), member(1)});
        for (size_t i = 0; i < 4; ++i) {
            keys.push_back(book->keys().find(member(i)).value()->key);
            wrapped.push_back(wrapped_key(book->keys(), member(i)));
        }
    }

    uint64_t write(const std::string& text, const std::vector<SubjectId>& about) {
        auto word = author.word(text, about, 0);
        word.salt = ledger::random_bytes(32);
        salts.push_back(word.salt);
        auto number = book->next_position();
        author.place_draft(*book,
                           author.draft(*book, id<schema::StreamId>(100),
                                        {{"caseNoteAdded", json::object{{"note", "action"}}}}, number, {word}),
                           number);
        EXPECT_TRUE(book->commit());
        return number;
    }

    ledger::OpenedWord word_at(uint64_t position) const {
        auto words = book->words(*book->entry(position));
        EXPECT_TRUE(words) << words.error().text();
        return words->at(0);
    }

    void expect_gone(size_t which, const std::string& where) {
        for (auto& secret : {wrapped[which], keys[which], salts[which], canaries[which]})
            EXPECT_EQ(files_with(where, secret), std::vector<std::string>{})
                << schema::to_hex(schema::as_bytes(secret));
    }
};

TEST(Erasure, LeavesNoByteOfOnesKeySaltsOrWordsAndEveryWordOfTheOthers) {
    Family family;
    EXPECT_EQ(files_with(family.folder.path(), family.wrapped[0]).size(), 1u) << "the search finds nothing at all";
    Erasure erasures[] = {{Family::member(0), family.book->next_position()}};
    ASSERT_TRUE(family.book->keys().erase(erasures));
    for (int life = 0; life < 2; ++life) {
        family.expect_gone(0, family.folder.path());
        for (uint64_t i = 0; i < 4; ++i) {
            auto word = family.word_at(2 + i);
            EXPECT_EQ(word.readable, i != 0);
            EXPECT_EQ(word.content, i ? family.canaries[i] : "");
            EXPECT_EQ(word.without_key.size(), i ? 0u : 1u);
        }
        auto shared = family.word_at(6);
        EXPECT_EQ(shared.content, family.of_two);
        EXPECT_EQ(shared.without_key, std::vector{Family::member(0)});
        family.book.reset();
        family.expect_gone(0, family.folder.path());
        family.book = *ledger::Ledger::open(family.folder / "l");
    }
    Erasure other[] = {{Family::member(1), family.book->next_position()}};
    ASSERT_TRUE(family.book->keys().erase(other));
    auto shared = family.word_at(6);
    EXPECT_FALSE(shared.readable);
    EXPECT_EQ(shared.without_key, (std::vector{Family::member(0), Family::member(1)}));
    EXPECT_EQ(files_with(family.folder.path(), family.salts[4]), std::vector<std::string>{});
}

// The control: a store that only deletes the row still has the key in its files.
TEST(Erasure, IsNotDoneByDeletingTheRowAlone) {
    Family family;
    family.book.reset();
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, family.folder / "l/keys", &raw).ok());
    std::unique_ptr<rocksdb::DB> db(raw);
    rocksdb::WriteOptions synced;
    synced.sync = true;
    ASSERT_TRUE(db->Delete(synced, ledger::row_of(Family::member(0))).ok());
    ASSERT_TRUE(db->Flush({}).ok());
    EXPECT_FALSE(files_with(family.folder.path(), family.wrapped[0]).empty());
    db.reset();
    EXPECT_FALSE(files_with(family.folder.path(), family.wrapped[0]).empty());
    auto opened = ledger::Ledger::open(family.folder / "l");
    ASSERT_FALSE(opened) << "a key that nobody erased is missing, and looks destroyed";
    EXPECT_NE(opened.error().message.find("has lost keys"), std::string::npos) << opened.error().text();
}

TEST(Erasure, LeavesTheKeyOfWhoeverCameAgain) {
    Family family;
    uint64_t erased_at = family.book->next_position();
    Erasure erasures[] = {{Family::member(0), erased_at}};
    ASSERT_TRUE(family.book->keys().erase(erasures));
    auto again = family.write("referred again", {Family::member(0)});
    ASSERT_GE(again, erased_at);
    for (int life = 0; life < 2; ++life) {
        ASSERT_TRUE(family.book->keys().replay(erasures));
        EXPECT_EQ(family.word_at(again).content, "referred again");
        auto old = family.word_at(2);  // and no error: the new key is not tried on it
        EXPECT_FALSE(old.readable);
        EXPECT_EQ(old.without_key, std::vector{Family::member(0)});
        family.expect_gone(0, family.folder.path());
        family.book.reset();
        family.book = *ledger::Ledger::open(family.folder / "l");
    }
    Erasure second[] = {{Family::member(0), family.book->next_position()}};
    ASSERT_TRUE(family.book->keys().erase(second));
    EXPECT_FALSE(family.word_at(again).readable);
}

TEST(Erasure, IsReplayedOverEveryBackupThatIsPutBack) {
    Family family;
    auto place = family.folder / "backups";
    std::vector<std::string> backups;
    auto back_up = [&] {
        auto made = ledger::back_up_keys(family.book->keys(), place, 0, schema::time_of(Author::first_time));
        ASSERT_TRUE(made) << made.error().text();
        backups.push_back(*made);
    };
    back_up();
    Erasure erasures[] = {{Family::member(0), family.book->next_position()}};
    ASSERT_TRUE(family.book->keys().erase(erasures));
    back_up();
    family.book.reset();
    for (auto& backup : backups)
        for (bool store_is_there : {true, false}) {
            if (!store_is_there) fs::remove_all(family.folder / "l/keys");
            auto restored = ledger::restore_keys({family.folder / "l", backup, true, false});
            ASSERT_TRUE(restored) << restored.error().text();
            // Without the store that was there, only the book would know of the erasure; this one holds no entry of it.
            bool back = !store_is_there && backup == backups[0];
            EXPECT_EQ(!files_with(family.folder / "l", family.wrapped[0]).empty(), back);
            family.book = *ledger::Ledger::open(family.folder / "l");
            ASSERT_TRUE(family.book->keys().replay(erasures));
            family.expect_gone(0, family.folder / "l");
            EXPECT_FALSE(family.word_at(2).readable);
            EXPECT_EQ(family.word_at(3).content, family.canaries[1]);
            family.book.reset();
        }
    EXPECT_EQ(ledger::purge_key_backup(backups[0], erasures).value(), 1u);
    family.expect_gone(0, family.folder.path());
    EXPECT_EQ(ledger::purge_key_backup(backups[0], erasures).value(), 0u);
}

// ---- the store alone ----

struct Store {
    TempFolder folder;
    std::unique_ptr<KeyStore> keys;
    std::vector<std::string> wrapped;

    Store() {
        keys = KeyStore::create(folder / "keys", master).value();
        std::vector<SubjectId> all;
        for (uint64_t i = 0; i < many; ++i) all.push_back(subject(i));
        EXPECT_TRUE(keys->ensure(all, 3));
        for (auto& one : all) wrapped.push_back(wrapped_key(*keys, one));
    }
    void expect_gone(uint64_t upto) {
        for (uint64_t i = 0; i < many; ++i) {
            EXPECT_EQ(keys->find(subject(i)).value().has_value(), i >= upto) << i;
            EXPECT_EQ(files_with(folder.path(), wrapped[i]).empty(), i < upto) << i;
        }
    }
};

std::vector<Erasure> first(uint64_t count) {
    std::vector<Erasure> erasures;
    for (uint64_t i = 0; i < count; ++i) erasures.push_back({subject(i), 9});
    return erasures;
}

TEST(Erasure, MayBeAskedForAgainAndAgain) {
    Store store;
    for (uint64_t count : {1, 1, 5, 3, 5}) ASSERT_TRUE(store.keys->erase(first(count)));
    store.expect_gone(5);
    store.keys.reset();
    store.keys = KeyStore::open(store.folder / "keys", master).value();
    ASSERT_TRUE(store.keys->replay(first(5)));
    store.expect_gone(5);
    auto counts = ledger::count_keys(store.keys->rows().value(), master, "keys").value();
    EXPECT_EQ(counts.made, many);
    EXPECT_EQ(counts.destroyed, 5u);
}

TEST(Erasure, ThatCannotBeShownIsAnErrorUntilItCan) {
    Store store;
    write_all(store.folder / "keys/stray", "x" + store.wrapped[0] + "x");
    auto done = store.keys->erase(first(1));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, schema::Fault::io);
    EXPECT_FALSE(store.keys->find(subject(0)).value()) << "what cannot be shown to be gone is not used either";
    SubjectId newcomer[] = {subject(99)};
    EXPECT_FALSE(store.keys->ensure(newcomer, 5));
    store.keys.reset();
    EXPECT_FALSE(KeyStore::open(store.folder / "keys", master));
    fs::remove(store.folder / "keys/stray");
    store.keys = KeyStore::open(store.folder / "keys", master).value();
    store.expect_gone(1);
    EXPECT_TRUE(store.keys->ensure(newcomer, 5));
}

TEST(Erasure, IsFinishedByTheNextOpeningWhereOnlyTheRowWasGone) {
    Store store;
    store.keys.reset();
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, store.folder / "keys", &raw).ok());
    rocksdb::WriteBatch batch;
    batch.Delete(ledger::row_of(subject(0)));
    batch.Put(ledger::erased_row_of(subject(0)), schema::big_endian(9));
    batch.Put(ledger::destroyed_row, "1");
    for (auto& trace : ledger::traces_of(store.wrapped[0])) batch.Put(std::string(ledger::trace_prefix) + trace, "");
    ASSERT_TRUE(raw->Write({}, &batch).ok());
    delete raw;
    EXPECT_FALSE(files_with(store.folder.path(), store.wrapped[0]).empty());
    store.keys = KeyStore::open(store.folder / "keys", master).value();
    store.expect_gone(1);
}

TEST(Erasure, IsSeenByEveryReaderOnceItIsDone) {
    Store store;
    std::atomic<uint64_t> gone = 0;
    std::atomic<bool> stop = false;
    std::vector<std::thread> readers;
    for (unsigned r = 0; r < 3; ++r)
        readers.emplace_back([&, r] {
            for (uint64_t i = r; !stop; ++i) {
                uint64_t before = gone;
                auto found = store.keys->find(subject(i % many));
                EXPECT_TRUE(found);
                EXPECT_FALSE(i % many < before && found->has_value());
            }
        });
    for (uint64_t count = 4; count <= many; count += 4) {
        ASSERT_TRUE(store.keys->erase(first(count)));
        gone = count;
    }
    stop = true;
    for (auto& reader : readers) reader.join();
    store.expect_gone(many);
}

// One life of a child that destroys keys; how many it had begun with when it died.
uint64_t live(const std::string& folder, std::chrono::microseconds after) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    std::string self = fs::read_symlink("/proc/self/exe"), option = "--erase-until-killed", where = folder;
    char* arguments[] = {self.data(), option.data(), where.data(), nullptr};
    pid_t child = 0;
    EXPECT_EQ(posix_spawn(&child, self.c_str(), &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    char first_byte = 0;
    uint64_t begun = 0;
    if (::read(ends[0], &first_byte, 1) == 1) ++begun;
    std::this_thread::sleep_for(after);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
    char buffer[256];
    for (ssize_t got; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) begun += static_cast<uint64_t>(got);
    ::close(ends[0]);
    return begun;
}

TEST(Erasure, ThatWasKilledAtAnyMomentIsFinishedBeforeAnythingIsAnswered) {
    std::mt19937_64 random(20180525);
    uint64_t total = 0;
    for (int life = 0; life < 16; ++life) {
        Store store;
        store.keys.reset();
        auto begun = live(store.folder / "keys", std::chrono::microseconds(random() % 30'000));
        ASSERT_GE(begun, 1u);
        total += begun;
        auto opened = KeyStore::open(store.folder / "keys", master);
        ASSERT_TRUE(opened) << "life " << life << ": " << opened.error().text();
        store.keys = *std::move(opened);
        // The book holds every erasure that was begun: it is recorded first.
        ASSERT_TRUE(store.keys->replay(first(begun)));
        store.expect_gone(begun);
    }
    std::cout << "[ 16 lives ] " << total << " erasures begun\n";
}

TEST(Erasure, OutlivesAPowerCutAtAnyMoment) {
    std::mt19937_64 random(20180526);
    int cut_short = 0;
    for (int cut = 0; cut < 12; ++cut) {
        Store store;
        store.keys.reset();
        auto disk = std::make_shared<FaultyDisk>();
        auto opened = KeyStore::open(store.folder / "keys", master, {}, disk);
        ASSERT_TRUE(opened) << opened.error().text();
        std::thread cutter([&] {
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 12'000));
            disk->cut_power();
        });
        uint64_t done = 0;
        while (done < many && (*opened)->erase(first(done + 1))) ++done;
        cutter.join();
        cut_short += done < many;
        opened->reset();
        disk->repair();
        auto again = KeyStore::open(store.folder / "keys", master);
        ASSERT_TRUE(again) << "cut " << cut << ": " << again.error().text();
        store.keys = *std::move(again);
        for (uint64_t i = 0; i < done; ++i) EXPECT_FALSE(store.keys->find(subject(i)).value()) << i;
        ASSERT_TRUE(store.keys->replay(first(std::min(done + 1, many))));
        store.expect_gone(std::min(done + 1, many));
    }
    EXPECT_GE(cut_short, 6) << "the power hardly went: the test shows nothing";
}

// ---- another master key ----

TEST(MasterKey, IsReplacedAndWhatStoodUnderTheOldOneIsGone) {
    Family family;
    family.book.reset();
    auto old = schema::from_hex(read_all(family.folder / "l/secrets/master.key").substr(0, 64)).value();
    EXPECT_EQ(ledger::rotate_master_key(family.folder / "l").value(), 5u);
    EXPECT_EQ(files_with(family.folder.path(), schema::to_hex(schema::as_bytes(old))), std::vector<std::string>{});
    for (auto& wrapped : family.wrapped)
        EXPECT_EQ(files_with(family.folder.path(), wrapped), std::vector<std::string>{});
    family.book = *ledger::Ledger::open(family.folder / "l");
    for (uint64_t i = 0; i < 4; ++i) EXPECT_EQ(family.word_at(2 + i).content, family.canaries[i]);
    EXPECT_FALSE(ledger::rotate_master_key(family.folder / "l")) << "the ledger is open";
    family.book.reset();
    EXPECT_FALSE(KeyStore::open(family.folder / "l/keys", old));
}

TEST(MasterKey, ReplacementThatWasBrokenOffAnywhereIsSettledByTheNextOpening) {
    Family family;
    family.book.reset();
    auto path = family.folder / "l", secrets = path + "/secrets/";
    auto reopen = [&](const char* when) {
        auto looking = ledger::open_keys_read_only(path);
        ASSERT_TRUE(looking) << when << ": " << looking.error().text();
        auto book = ledger::Ledger::open(path);
        ASSERT_TRUE(book) << when << ": " << book.error().text();
        family.book = *std::move(book);
        EXPECT_EQ(family.word_at(3).content, family.canaries[1]) << when;
        family.book.reset();
        EXPECT_EQ(std::distance(fs::directory_iterator(secrets), fs::directory_iterator()), 2) << when;
    };
    auto hex = [](const std::string& key) { return schema::to_hex(schema::as_bytes(key)) + "\n"; };
    write_all(secrets + "master.key.next", "cut off");
    reopen("the new key was half written");
    write_all(secrets + "master.key.next", hex(std::string(32, 'n')));
    reopen("the new key was written and nothing wrapped under it");
    auto old = read_all(secrets + "master.key");
    {
        auto keys = ledger::open_keys(path).value();
        write_all(secrets + "master.key.next", hex(std::string(32, 'n')));
        ASSERT_TRUE(keys->rewrap(std::string(32, 'n')));
    }
    reopen("everything was wrapped and the new key not in its place");
    EXPECT_NE(read_all(secrets + "master.key"), old);
    fs::create_hard_link(secrets + "master.key", secrets + "master.key.old");
    reopen("the old key had its second name");
    write_all(secrets + "master.key.old", old);
    reopen("the old key was not wiped");
}

}  // namespace

int erase_until_killed(const char* folder) {
    auto keys = KeyStore::open(folder, master);
    if (!keys) return 1;
    for (uint64_t i = 0; i < many; ++i) {
        if (::write(1, ".", 1) != 1) return 2;
        Erasure erasure[] = {{subject(i), 9}};
        if (!(*keys)->erase(erasure)) return 3;
    }
    for (;;) ::pause();
}

}  // namespace test
