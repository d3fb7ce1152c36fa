// Registers every *.scenario file of this folder as a test of its own.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/script.h"

namespace {

class ScenarioTest : public testing::Test {
  public:
    explicit ScenarioTest(std::string file) : file_(std::move(file)) {}
    void TestBody() override {
        std::ifstream in(file_);
        std::stringstream text;
        text << in.rdbuf();
        auto failure = scenarios::play(text.str());
        if (!failure.what.empty()) ADD_FAILURE_AT(file_.c_str(), failure.line) << failure.what;
    }

  private:
    std::string file_;
};

const bool registered = [] {
    std::vector<std::filesystem::path> files;
    for (auto& entry : std::filesystem::directory_iterator(CASELEDGER_SOURCE "/tests/scenarios"))
        if (entry.path().extension() == ".scenario") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (auto& path : files)
        testing::RegisterTest("Scenario", path.stem().c_str(), nullptr, nullptr, path.c_str(), 1,
                              [file = path.string()]() -> testing::Test* { return new ScenarioTest(file); });
    return true;
}();

}  // namespace
