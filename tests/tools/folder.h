// A small played ledger in a folder of its own, with a governor, and what the tests do to it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/log.h"
#include "tools/founding.h"
#include "tools/recorder.h"

namespace tools_test {

// A folder that goes away.
class Folder {
  public:
    Folder();
    ~Folder();
    std::string path(const std::string& name = "") const {
        return name.empty() ? folder_.string() : (folder_ / name).string();
    }

  private:
    std::filesystem::path folder_;
};

// The ledger at folder/ledger: genesis, calendar, practice, a team and a person more.
struct Book {
    Folder folder;
    ledger::SigningKey governor = ledger::SigningKey::generate();
    ledger::SigningKey manager = ledger::SigningKey::generate();
    schema::PersonId governor_id{}, manager_id = ledger::random_id<schema::PersonId>();
    schema::PublicKey checkpoint_key{};
    schema::Time at{};

    Book();
    std::string path() const { return folder.path("ledger"); }
    // What an operator can do who holds the folder and the ledger's keys: put an event there without asking the rules.
    // Signed by the governor, in the governor's role.
    void slip_in(boost::json::object fact, const schema::StreamId& stream, std::vector<ledger::Word> words = {});
};

// A log whose records can be anything; its head says what the last writer said.
class AlteredLog final : public ledger::Log {
  public:
    explicit AlteredLog(const std::string& folder);  // a copy of FOLDER/book

    schema::Result<void> append(const ledger::LogHead&, std::span<const ledger::Record>,
                                const ledger::Digest&) override;
    schema::Result<void> read(uint64_t from, uint64_t to, const Take& take) const override;
    schema::Result<std::string> entry(uint64_t position) const override { return records[position].entry; }
    schema::Result<std::string> words(uint64_t position) const override { return records[position].words; }
    bool wait(uint64_t, std::chrono::milliseconds) const override { return false; }
    ledger::LogHead head() const override { return {records.size(), root}; }
    std::string durability() const override { return "none"; }

    std::vector<ledger::Record> records;
    ledger::Digest root{};
};

struct Ended {
    int exit = -1;
    std::string out, talk;
};
// Runs the built `caseledger`, or another of the programs, with its streams in files; no terminal, no environment of
// ours.
Ended run(const Folder& folder, const std::string& arguments, const std::string& input = "",
          const std::string& name = "caseledger");
std::string program(const std::string& name);  // its path

}  // namespace tools_test
