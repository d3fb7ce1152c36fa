// Reads a scenario's text and plays it on a stage, line by line. tests/scenarios/README.md explains the language.
#pragma once
#include <string>
#include <vector>

namespace scenarios {

struct Failure {
    int line = 0;
    std::string what;  // empty: the scenario holds
};

// Plays the scenario in `text`; stops at the first line that does not hold.
Failure play(const std::string& text);

}  // namespace scenarios
