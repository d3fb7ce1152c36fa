// Every byte of a small ledger, turned one after the other: whoever looks at the folder is told, or reads exactly what
// was written. (flips_test.cc opens it as the server does, at samples of the bytes.)
#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "ledger/audit.h"
#include "ledger/mark.h"
#include "ledger/master_key.h"
#include "ledger/rocks_log.h"
#include "ledger/small_book.h"

namespace {

using namespace test;

enum class Fate { refused, found, unchanged, silent };

// A copy of the folder in which one file is changed in its place and changed back. Nothing is written by looking, so
// one copy does for all the bytes; of the two stores, that is opened again which the file belongs to.
class Looked {
  public:
    Looked(const std::string& master, std::string file) : path_(folder_ / "l"), file_(std::move(file)) {
        copy_folder(master, path_);
        if (!file_.starts_with("book/"))
            log_ = ledger::open_rocks_log(path_ + "/book", "", {.read_only = true}).value();
        if (!file_.starts_with("keys")) keys_ = ledger::open_keys_read_only(path_).value();
        good_ = reading();
        EXPECT_TRUE(good_.starts_with("holds")) << good_;
    }

    Fate flip(size_t at, std::string& told) {
        std::fstream file(path_ + "/" + file_, std::ios::in | std::ios::out | std::ios::binary);
        auto turn = [&] {
            char byte = 0;
            file.seekg(static_cast<std::streamoff>(at)).get(byte);
            file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(byte ^ (1 << at % 8))).flush();
        };
        turn();
        told = reading();
        turn();
        return told == good_               ? Fate::unchanged
               : told.starts_with("holds") ? Fate::silent
               : told.starts_with("found") ? Fate::found
                                           : Fate::refused;
    }

  private:
    // The root stands for every entry, and a word that opens is what was committed to: as many of each are all of it.
    std::string reading() const {
        auto refused = [](const schema::Error& error) { return "refused: " + error.text(); };
        auto mark = ledger::read_mark(path_ + "/mark");
        if (!mark) return refused(mark.error());
        schema::Result<std::unique_ptr<ledger::Log>> log;
        if (!log_) log = ledger::open_rocks_log(path_ + "/book", "", {.read_only = true});
        if (!log) return refused(log.error());
        schema::Result<std::unique_ptr<ledger::KeyStore>> keys;
        if (!keys_) keys = ledger::open_keys_read_only(path_);
        if (!keys) return refused(keys.error());
        ledger::AuditOptions options;
        options.mark = *mark;
        options.keys = keys_ ? keys_.get() : keys->get();
        options.threads = 1;
        auto report = ledger::audit(log_ ? *log_ : **log, options);
        if (!report) return "found: " + report.error().text();
        if (!report->findings.empty()) return "found: " + report->findings[0].field;
        auto all = "holds " + std::to_string(report->entries) + " " + report->root.hex() + " " + report->origin;
        return all + " " + std::to_string(report->words) + " " + std::to_string(report->words_opened);
    }

    TempFolder folder_;
    std::string path_, file_, good_;
    std::unique_ptr<ledger::Log> log_;
    std::unique_ptr<ledger::KeyStore> keys_;
};

// Every byte of every file that is read.
void look_at_every_byte(const std::string& master, std::vector<std::string> files = {}) {
    for (std::string folder : {"book", "keys"})
        for (auto& file : fs::directory_iterator(master + "/" + folder)) {
            auto name = file.path().filename().string();
            // What RocksDB writes for people, and options that are read by nobody.
            if (!file.file_size() || name.starts_with("LOG") || name.starts_with("OPTIONS")) continue;
            files.push_back(folder + "/" + name);
        }
    size_t all = 0;
    for (auto& file : files) {
        std::map<Fate, size_t> fates;
        std::mutex mutex;
        std::atomic<size_t> next = 0;
        size_t size = fs::file_size(master + "/" + file);
        auto work = [&] {
            Looked looked(master, file);
            for (size_t at; (at = next++) < size;) {
                std::string told;
                auto fate = looked.flip(at, told);
                std::lock_guard lock(mutex);
                ++fates[fate];
                EXPECT_NE(fate, Fate::silent) << file << " byte " << at << "\n" << told;
            }
        };
        {
            std::vector<std::jthread> crew;
            // Many: whoever finds the keys broken looks again a little later, in case they are just being written.
            for (int i = 0; i < 24; ++i) crew.emplace_back(work);
        }
        std::cout << "[ every    ] " << file << ": " << size << " bytes: " << fates[Fate::refused] << " refused, "
                  << fates[Fate::found] << " found, " << fates[Fate::unchanged] << " unchanged\n";
        all += size;
    }
    std::cout << "[ every    ] " << all << " bytes\n";
    EXPECT_GT(all, 4000u);
}

// As a killed process leaves it: copied while it was open, its entries in the live write-ahead log.
struct Killed {
    TempFolder folder;
    std::string path() const { return folder / "killed"; }
    Killed() {
        auto book = make(folder / "l");
        Author().write(*book, 4);
        copy_folder(folder / "l", path());
    }
};

TEST(EveryByte, OfASmallLedgerInItsLogsIsFoundOrChangesNothing) {
    Killed book;
    look_at_every_byte(book.path(), {"mark", "keys.mark"});
}

TEST(EveryByte, OfASmallLedgerInItsTablesIsFoundOrChangesNothing) {
    Killed book;
    ASSERT_TRUE(ledger::Ledger::open(book.path()));  // what the logs held goes into tables
    look_at_every_byte(book.path());
}

}  // namespace
