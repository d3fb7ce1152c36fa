// Public test vectors as tests, one for each file or group; see the folder's own README for where they come from.
#pragma once
#include <string>

namespace test {

void register_vectors(const std::string& folder);

}  // namespace test
