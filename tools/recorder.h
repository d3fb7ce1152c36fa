// Recording in a ledger of this process, by the same straight path as through the door: draft, sign, receive, submit.
// For founding a ledger and for whoever plays one; people with a service use `record`.
#pragma once
#include "commands/sequencer.h"
#include "ledger/draft.h"
#include "tools/desk.h"

namespace tools {

struct Signer {
    schema::PersonId person;
    ledger::SigningKey key;
    std::string role, team;
};

struct Recorded {
    schema::EventId id{};
    uint64_t position = 0, revision = 0;
    std::vector<std::string> warnings;
};

class Recorder {
  public:
    Recorder(const ledger::Ledger& ledger, commands::Sequencer& sequencer) : ledger_(ledger), sequencer_(sequencer) {}

    // fields as ledger::draft takes them. `at`: when it happened, and on a played ledger also when it is recorded.
    // Waits until the event is in the book.
    Attempt<Recorded> record(const Signer& by, const schema::StreamId& stream, const boost::json::object& fields,
                             std::vector<ledger::Word> words, schema::Time at);

  private:
    const ledger::Ledger& ledger_;
    commands::Sequencer& sequencer_;
};

// A refusal as a command tells it: conflicts with what others have recorded get the exit code for that.
Failure failure_of(const commands::Refused& refused);
// One word about one person, as a name is.
ledger::Word word_about(const schema::SubjectId& subject, std::string heading, std::string content);

}  // namespace tools
