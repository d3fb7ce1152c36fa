// What `caseledger verify` and `caseledger-verify` offer: the same options, examples and ends.
#pragma once
#include "tools/desk.h"

namespace tools {

// `as`: how the command is called, for its examples.
void offer_verify(CLI::App& command, Desk& desk, const std::string& as);

}  // namespace tools
