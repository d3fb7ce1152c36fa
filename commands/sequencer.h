// The only writer: takes submissions in the order they come, judges each against the effects of those before it, and
// has a batch written with one sync. While one batch syncs, the next one gathers; there is no timer.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>

#include "commands/bench.h"
#include "commands/refusal.h"
#include "ledger/ledger.h"

namespace commands {

// What anyone may know without asking the ledger thread. Immutable; a new one replaces it when the directory or the
// practice changes.
struct Known {
    ledger::Directory directory;
    schema::PracticeBook practice;
};

// An event that has been decoded, examined, found to be signed by those it names, and whose words hash to its root.
struct Submission {
    schema::ExaminedEvent event;
    std::vector<ledger::Signature> signatures;
    std::vector<ledger::Word> words;
    std::optional<schema::Time> played_at;  // played ledgers only
};

struct Accepted {
    ledger::Entry entry;                // as it is recorded
    bool replayed = false;              // the same id and bytes had been recorded before
    std::vector<std::string> warnings;  // advisory caps gone over, in sentences
};
using Outcome = std::variant<Accepted, Refused, schema::Error>;
using Reply = std::function<void(Outcome)>;  // called once, on the ledger thread: hand over, do not work

class Sequencer {
  public:
    using Clock = std::function<schema::Result<schema::Time>()>;
    // Opens the bench from what was kept of each case. `clock` gives the time of recording, once for a batch; its error
    // is told to everyone in it.
    static schema::Result<std::unique_ptr<Sequencer>> start(ledger::Ledger& ledger, Clock clock,
                                                            const ledger::Progress& progress = {});
    // Refuses new work, finishes what is queued, and stops.
    ~Sequencer();

    // Any thread. Overloaded when the queue is full, sealed after a fault; otherwise the reply comes.
    schema::Result<void> submit(Submission submission, Reply reply);
    std::shared_ptr<const Known> known() const { return std::atomic_load(&known_); }
    size_t queued() const;

  private:
    struct Waiting {
        Submission submission;
        Reply reply;
    };
    Sequencer(ledger::Ledger& ledger, Clock clock, Bench bench);
    void run();
    void take(std::vector<Waiting>& batch);

    ledger::Ledger& ledger_;
    Clock clock_;
    Bench bench_;
    std::shared_ptr<const Known> known_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Waiting> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

// The I/O threads' part: decodes a stranger's event and checks, against a snapshot, everything that needs no order:
// form, ledger, keys and signatures, words against the signed root and the required headings, the checkpoint seen.
std::variant<Submission, Refused, schema::Error> receive(const ledger::Ledger& ledger, const Known& known,
                                                         schema::Bytes event, std::vector<ledger::Signature> signatures,
                                                         std::vector<ledger::Word> words,
                                                         std::optional<schema::Time> played_at);

}  // namespace commands
