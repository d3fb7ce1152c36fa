// "Found or changed nothing": whatever single byte of a book rots, either it does not open and says why, or the audit
// finds it, or every reader still gets exactly what was written.
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "ledger/audit.h"
#include "ledger/rocks_log.h"
#include "ledger/small_book.h"

namespace {

using namespace test;
using ledger::Ledger;

enum class Fate { refused, found, unchanged, silent };

// Opens a book in which something was changed, as the program does at its start.
Fate fate_of(const std::string& path, const std::string& good, std::string& told) {
    auto book = Ledger::open(path);
    if (!book) {
        told = book.error().text();
        return Fate::refused;
    }
    auto now = reading_of(**book);
    if (now == good) return Fate::unchanged;
    book->reset();
    auto log = ledger::open_rocks_log(path + "/book", "", {.read_only = true});
    auto mark = ledger::read_mark(path + "/mark");
    if (!log || !mark) return Fate::found;
    ledger::AuditOptions options;
    options.mark = *mark;
    options.threads = 1;
    auto report = ledger::audit(**log, options);
    if (!report || !report->findings.empty()) return Fate::found;
    told = now;
    return Fate::silent;
}

struct Outcome {
    std::map<Fate, size_t> fates;
    std::vector<std::string> silent;
};

// Changes one byte of `file` in a copy of the folder, at each of the places, on all cores.
Outcome flip(const std::string& master, const std::string& file, const std::string& good,
             const std::vector<size_t>& places, uint8_t change) {
    Outcome outcome;
    std::mutex mutex;
    std::atomic<size_t> next = 0;
    auto content = read_all(master + "/" + file);
    auto work = [&] {
        TempFolder folder;
        for (size_t i; (i = next++) < places.size();) {
            copy_folder(master, folder / "l");
            auto bad = content;
            bad[places[i]] = static_cast<char>(bad[places[i]] ^ change);
            write_all(folder / ("l/" + file), bad);
            std::string told;
            auto fate = fate_of(folder / "l", good, told);
            std::lock_guard lock(mutex);
            ++outcome.fates[fate];
            if (fate == Fate::silent)
                outcome.silent.push_back(file + " byte " + std::to_string(places[i]) + "\n" + told);
        }
    };
    {
        std::vector<std::jthread> crew;
        for (int i = 0; i < 2; ++i) crew.emplace_back(work);
    }
    return outcome;
}

// All of them where there are few; else as many, evenly spread from a start that differs from run to run. With the
// environment variable CASELEDGER_EVERY_BYTE, all of them.
std::vector<size_t> sample(size_t size, size_t most) {
    std::vector<size_t> places;
    if (std::getenv("CASELEDGER_EVERY_BYTE")) most = size;
    size_t step = (size + most - 1) / most, start = step > 1 ? std::random_device{}() % step : 0;
    for (size_t at = start; at < size; at += step) places.push_back(at);
    std::cout << "[ sample   ] every " << step << " bytes from " << start << "\n";
    return places;
}

void check(const std::string& what, size_t size, Outcome outcome) {
    size_t tried = 0;
    for (auto& [fate, n] : outcome.fates) tried += n;
    std::cout << "[ flips    ] " << what << ": " << tried << " of " << size
              << " bytes: " << outcome.fates[Fate::refused] << " refused, " << outcome.fates[Fate::found] << " found, "
              << outcome.fates[Fate::unchanged] << " unchanged\n";
    EXPECT_GT(tried, 0u);
    for (auto& silent : outcome.silent) ADD_FAILURE() << silent.substr(0, 500);
}

std::string file_with(const std::string& folder, const std::string& suffix) {
    std::string found;
    uintmax_t largest = 0;
    for (auto& file : fs::directory_iterator(folder))
        if (file.path().extension() == suffix && file.file_size() >= largest) {
            largest = file.file_size();
            found = file.path().filename();
        }
    return found;
}

// A book as a killed process leaves it: copied while it was open, its entries in the live write-ahead log.
struct Killed {
    TempFolder folder;
    std::string good;
    std::string path() const { return folder / "killed"; }
    explicit Killed(uint64_t size) {
        auto book = make(folder / "l");
        Author().write(*book, size);
        good = reading_of(*book);
        copy_folder(folder / "l", path());
    }
};

TEST(Flip, OfAnyByteOfTheLiveWriteAheadLogIsFoundOrChangesNothing) {
    Killed book(5);
    auto wal = "book/" + file_with(book.path() + "/book", ".log");
    auto size = fs::file_size(book.path() + "/" + wal);
    ASSERT_GT(size, 2000u);
    auto outcome = flip(book.path(), wal, book.good, sample(size, 300), 0x10);
    EXPECT_GT(outcome.fates[Fate::refused], 0u);
    check(wal, size, outcome);
}

TEST(Flip, OfAnyByteOfAMarkIsFoundOrChangesNothing) {
    Killed book(4);
    for (std::string mark : {"mark", "keys.mark"}) {
        auto size = fs::file_size(book.path() + "/" + mark);
        auto places = sample(size, 30);
        for (size_t i = 0; i < 90; i += 2) places.push_back(i), places.push_back(size / 2 + i);
        check(mark, size, flip(book.path(), mark, book.good, places, 0x01));
    }
}

std::map<std::string, std::string> everything_in(const std::string& folder) {
    std::map<std::string, std::string> all;
    for (auto& file : fs::recursive_directory_iterator(folder))
        if (file.is_regular_file()) all[file.path().lexically_relative(folder)] = read_all(file.path());
    return all;
}

// Behind a broken byte of a log there may be entries that were acknowledged: to open it for writing would cut them off.
TEST(Flip, ThatIsRefusedLeavesTheFolderExactlyAsItWas) {
    Killed book(5);
    for (std::string store : {"book", "keys"}) {
        TempFolder folder;
        copy_folder(book.path(), folder / "l");
        auto wal = folder / ("l/" + store + "/" + file_with(book.path() + "/" + store, ".log"));
        auto content = read_all(wal);
        content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 0x10);
        write_all(wal, content);
        auto before = everything_in(folder / "l");
        auto opened = Ledger::open(folder / "l");
        ASSERT_FALSE(opened) << store;
        EXPECT_EQ(opened.error().fault, schema::Fault::corrupt) << opened.error().text();
        EXPECT_TRUE(everything_in(folder / "l") == before) << store;
    }
}

TEST(Flip, OfWhichKeySignsCheckpointsIsRefused) {
    Killed book(2);
    fs::remove(book.path() + "/secrets/checkpoint.key");
    ASSERT_TRUE(ledger::SigningKey::generate().save(book.path() + "/secrets/checkpoint.key"));
    auto opened = Ledger::open(book.path());
    ASSERT_FALSE(opened) << "it would sign as another ledger";
    EXPECT_EQ(opened.error().field, "secrets/checkpoint.key");
}

TEST(Flip, OfAnyByteOfATableFileIsFoundOrChangesNothing) {
    Killed book(5);
    // Opening after a kill writes what the log held into a table; a stop then leaves everything there.
    ASSERT_TRUE(Ledger::open(book.path()));
    auto table = "book/" + file_with(book.path() + "/book", ".sst");
    auto size = fs::file_size(book.path() + "/" + table);
    check(table, size, flip(book.path(), table, book.good, sample(size, 150), 0x04));
}

TEST(Flip, OfAnyOtherFileOfTheLedgerIsFoundOrChangesNothing) {
    Killed book(4);
    for (auto& where : {"book", "index", "secrets"})
        for (auto& file : fs::directory_iterator(book.path() + "/" + where)) {
            auto name = file.path().filename().string();
            auto size = file.file_size();
            if (!size || name == "LOG" || file.path().extension() == ".log" || name.starts_with("OPTIONS")) continue;
            check(where + ("/" + name), size,
                  flip(book.path(), where + ("/" + name), book.good, sample(size, 25), 0x01));
        }
}

TEST(Flip, OfTheIndexIsFoundOrChangesNothing) {
    Killed book(4);
    ASSERT_TRUE(Ledger::open(book.path()));
    auto table = "index/" + file_with(book.path() + "/index", ".sst");
    auto size = fs::file_size(book.path() + "/" + table);
    check(table, size, flip(book.path(), table, book.good, sample(size, 60), 0x02));
}

// A key that is lost without a word would look like one that was destroyed.
TEST(Flip, OfAnyByteOfTheKeysWriteAheadLogIsFoundOrChangesNothing) {
    Killed book(5);
    auto wal = "keys/" + file_with(book.path() + "/keys", ".log");
    auto size = fs::file_size(book.path() + "/" + wal);
    auto outcome = flip(book.path(), wal, book.good, sample(size, 100), 0x10);
    check(wal, size, outcome);
}

TEST(Cut, OfTheWriteAheadLogAnywhereIsFoundOrChangesNothing) {
    Killed book(5);
    auto wal = book.path() + "/book/" + file_with(book.path() + "/book", ".log");
    auto content = read_all(wal);
    size_t refused = 0, unchanged = 0;
    for (size_t size : sample(content.size(), 60)) {
        TempFolder folder;
        copy_folder(book.path(), folder / "l");
        write_all(folder / ("l/book/" + fs::path(wal).filename().string()), content.substr(0, size));
        std::string told;
        auto fate = fate_of(folder / "l", book.good, told);
        ASSERT_NE(fate, Fate::silent) << size << told;
        (fate == Fate::refused ? refused : unchanged)++;
    }
    std::cout << "[ cuts     ] " << refused << " refused, " << unchanged << " unchanged\n";
    EXPECT_GT(refused, 40u);
}

TEST(Cut, OfTheWholeWriteAheadLogIsRefused) {
    Killed book(3);
    fs::remove(book.path() + "/book/" + file_with(book.path() + "/book", ".log"));
    EXPECT_FALSE(Ledger::open(book.path()));
}

}  // namespace
