// What a scenario's Then lines can say about an outcome, a clock, a view or the proof.
#pragma once
#include <string>

#include "scenarios/stage.h"

namespace scenarios {

// "Thu 2018-05-24 10:00": a wrong weekday is a mistake in the scenario. Throws std::runtime_error.
schema::Time time_in(const std::string& text);
std::string describe(const commands::Outcome& outcome);

// These throw std::runtime_error with what was found instead.
void check_accepted(const commands::Outcome& outcome, const std::string& text);
void check_refused(const commands::Outcome& outcome, const std::string& text);
void check(Stage& stage, const std::string& family, std::string text);

}  // namespace scenarios
