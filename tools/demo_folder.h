// What a demonstration leaves beside its ledger: FOLDER/demo.json, which says what was played and that it was, and
// FOLDER/people with everybody's key and who they are.
#pragma once
#include <optional>

#include "tools/demo_player.h"

namespace tools::demo {

struct Played {
    StoryOptions options;
    bool complete = false;  // false: it was broken off
    uint64_t events = 0, families = 0, children = 0, checked = 0;
    double seconds = 0;
    std::string root, checkpoint_key, stream, about;  // a case worth looking at, and why

    boost::json::object to_json() const;
};

// Nothing where there is no demonstration.
schema::Result<std::optional<Played>> read_played(const std::string& folder);
schema::Result<void> write_played(const std::string& folder, const Played& played);

schema::Result<void> write_people(const std::string& folder, const Service& service);
std::string key_file_of(const std::string& folder, const Person& person);

// The case with most to see: one that went to the panel, came back or changed hands.
void choose_case(Played& played, const Story& story, const Player& player);

}  // namespace tools::demo
