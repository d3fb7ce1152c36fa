// What `record` and `draft` gather from a command line, a file and, at a terminal, the person: one statement to file.
#pragma once
#include "tools/filing.h"

namespace tools {

struct RecordChoice {
    std::string type, file, case_id;    // file: "-" for stdin
    std::vector<std::string> settings;  // NAME=VALUE
    std::vector<std::string> words;     // HEADING=TEXT
    std::vector<std::string> about;     // ids
    std::vector<std::string> joint;     // FILE=ROLE[@TEAM]
    std::string occurred, until, precision, role, team, source_role, source_organisation, reliability, played_at;
    std::vector<uint64_t> basis;
    std::string receipt, checkpoint_key;
    bool yes = false;
};

// The statement, complete as far as can be known here. Asks for what is missing where the desk may ask.
Attempt<Statement> gather(const Desk& desk, Calls& calls, const RecordChoice& choice);

// The event as it will be signed, for reading.
std::string shown(const Ready& ready, const Screen& screen);

}  // namespace tools
