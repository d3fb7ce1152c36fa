// Whose word makes a checkpoint count (c2sp.org/tlog-policy): which logs are known, which witnesses, and how many of
// them, in groups of groups, must have cosigned it. One statement a line; a name is used after it was made.
//
//   log <verifier key> [<URL>]
//   witness <name> <verifier key> [<URL>]
//   group <name> all|any|<number> <name>...
//   quorum <name>|none
#pragma once
#include <string>
#include <vector>

#include "ledger/checkpoint.h"

namespace ledger {

struct WitnessPolicy {
    struct Log {
        VerifierKey key;  // its name is the log's origin
        std::string url;  // may be empty; nothing here goes there
    };
    struct Witness {
        std::string name;  // in this policy alone
        VerifierKey key;
        std::string url;
    };
    struct Group {
        std::string name;
        size_t least = 1;                  // of its members
        std::vector<std::string> members;  // witnesses, and groups before this one
    };
    std::vector<Log> logs;
    std::vector<Witness> witnesses;
    std::vector<Group> groups;
    std::string quorum = "none";
};

// Malformed: the error's field is "policy line 7", and its sentence the rule that is broken.
schema::Result<WitnessPolicy> parse_witness_policy(std::string_view text);

struct Witnessed {
    struct By {
        std::string witness;  // the policy's name
        uint64_t time = 0;    // seconds since 1970
    };
    std::vector<By> by;  // in the policy's order
    bool enough = false;
};

// Who of the policy's witnesses cosigned, whatever log it is of. Malformed: a line of one of them does not verify.
schema::Result<Witnessed> witnessed(const Note& note, const WitnessPolicy& policy);

// The whole rule: signed by one of the policy's logs, whose name is the origin, and cosigned by enough witnesses. A
// policy without logs accepts nothing. Malformed: what is missing.
schema::Result<Checkpoint> open_checkpoint(const Note& note, const WitnessPolicy& policy);

}  // namespace ledger
