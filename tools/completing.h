// What the service can complete of a statement: which earlier events it refers to, whom its words are about, who a
// second signer is.
#pragma once
#include "tools/event_form.h"
#include "tools/filing.h"

namespace tools {

// "latest" is the newest event of a type the field may refer to; so is a reference that is left out where there is just
// one such event.
Attempt<> fill_references(const Desk& desk, Calls& calls, const std::string& stream, const schema::StructMarks& marks,
                          boost::json::object& fact);

// Those the words are about: as said; else whom the event names; else the children of the case.
Attempt<std::vector<std::string>> subjects_of(Calls& calls, const std::vector<std::string>& about,
                                              const std::string& stream, const schema::StructMarks& marks,
                                              const boost::json::object& fact);

// Second signers: their key files, and who they are by the directory.
Attempt<> add_joint(Calls& calls, const std::vector<std::string>& joint, Statement& statement);

}  // namespace tools
