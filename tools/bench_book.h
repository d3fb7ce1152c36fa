// The book that is measured: a real ledger with a worker who writes notes in many cases, filled through the ledger's
// own writer with real signatures, without judging what is known to be allowed; verification decides all of it again.
//
//   FOLDER/ledger      the ledger
//   FOLDER/worker.key  the worker's key
//   FOLDER/bench.json  what is needed to go on with it in another run
#pragma once
#include <memory>

#include "ledger/ledger.h"
#include "tools/bench_events.h"
#include "tools/desk.h"

namespace tools {

struct BookShape {
    uint64_t entries = 0, cases = 0;
    bool wordless = false;  // what it is filled with; what is appended later has words
};

class BenchBook {
  public:
    using Progress = std::function<void(const std::string&)>;
    static Attempt<std::unique_ptr<BenchBook>> make(const std::string& folder, const BookShape& shape,
                                                    const Progress& progress);
    // Fills it to its end first, where that was interrupted.
    static Attempt<std::unique_ptr<BenchBook>> reopen(const std::string& folder, const Progress& progress);

    std::string ledger_folder() const { return folder_ + "/ledger"; }
    const std::string& folder() const { return folder_; }
    const ledger::SigningKey& key() const { return key_; }
    const BookShape& shape() const { return shape_; }
    double seconds_to_fill() const { return seconds_to_fill_; }

    BenchCase bench_case(uint64_t number) const;
    uint64_t long_cases() const { return long_cases_; }                        // the first ones, of 500 entries each
    const std::vector<uint64_t>& disclosures() const { return disclosures_; }  // positions, of long cases

    // Notes for the cases that are being worked on, which are the newest; made on all cores.
    std::vector<MadeEvent> prepare(uint64_t count) const;
    // The contacts of so many new cases, to be recorded before anything else about them; they are worked on from now
    // on, and those that were for longest no more.
    std::vector<MadeEvent> begin_cases(size_t count);
    // One note for each of these cases.
    std::vector<MadeEvent> prepare_one_each() const;

  private:
    BenchBook(std::string folder, ledger::SigningKey key) : folder_(std::move(folder)), key_(std::move(key)) {}
    Attempt<void> found_and_furnish();
    Attempt<void> finish(const Progress& progress);
    Attempt<void> fill(const Progress& progress);
    Attempt<void> disclose();
    Attempt<void> look();  // what the worker has been shown of the cases that are worked on
    Attempt<void> remember() const;
    EventMaker maker() const;

    std::string folder_;
    ledger::SigningKey key_;
    schema::PersonId worker_{};
    BookShape shape_;
    schema::Time began_;       // its recorded time
    uint64_t furnishing_ = 0;  // entries before it is filled
    bool filled_ = false;
    uint64_t long_cases_ = 1;
    std::string salt_;
    std::vector<uint64_t> disclosures_;
    std::vector<std::pair<BenchCase, Shown>> worked_on_;
    size_t oldest_ = 0;  // of those
    double seconds_to_fill_ = 0;
};

}  // namespace tools
