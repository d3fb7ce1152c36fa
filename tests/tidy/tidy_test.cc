// The house kept tidy: who includes whom, where clocks and stores belong, that every source has its test.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = CASELEDGER_SOURCE;
const std::vector<std::string> product = {"schema", "ledger", "commands", "projections", "server", "tools"};

struct Source {
    std::string folder, path, name;  // "ledger", "ledger/audit.cc", "audit.cc"
    std::vector<std::string> lines;
};

std::vector<Source> sources_in(const std::string& folder) {
    std::vector<Source> found;
    if (!fs::exists(root / folder)) return found;
    for (auto& file : fs::recursive_directory_iterator(root / folder)) {
        auto extension = file.path().extension();
        if (!file.is_regular_file() || (extension != ".cc" && extension != ".h")) continue;
        auto relative = fs::path(folder) / fs::relative(file.path(), root / folder);
        if (relative.string().find("/node_modules/") != std::string::npos) continue;
        Source source{folder, relative.string(), file.path().filename().string(), {}};
        std::ifstream text(file.path());
        for (std::string line; std::getline(text, line);) source.lines.push_back(line);
        found.push_back(std::move(source));
    }
    std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.path < b.path; });
    return found;
}
std::vector<Source> all_sources() {
    std::vector<Source> all;
    for (auto& folder : product)
        for (auto& source : sources_in(folder)) all.push_back(std::move(source));
    return all;
}

TEST(Tidy, FoldersIncludeOnlyWhatStandsAboveThem) {
    const std::map<std::string, std::set<std::string>> allowed = {
        {"schema", {"schema"}},
        {"ledger", {"schema", "ledger"}},
        {"commands", {"schema", "ledger", "commands"}},
        {"projections", {"schema", "ledger", "projections"}},
        {"server", {"schema", "ledger", "commands", "projections", "server"}},
        {"tools", {"schema", "ledger", "commands", "projections", "server", "tools"}}};
    static const std::regex include("^\\s*#\\s*include\\s*[\"<]([a-z_]+)/");
    for (auto& source : all_sources())
        for (size_t i = 0; i < source.lines.size(); ++i) {
            std::smatch match;
            if (!std::regex_search(source.lines[i], match, include)) continue;
            std::string included = match[1];
            if (!allowed.count(included)) continue;  // a library's
            EXPECT_TRUE(allowed.at(source.folder).count(included))
                << source.path << ":" << i + 1 << ": " << source.lines[i];
        }
}

TEST(Tidy, OnlyTheLedgerAndTheViewsKnowRocksDb) {
    for (auto* folder : {"schema", "commands", "server", "tools"})
        for (auto& source : sources_in(folder))
            for (size_t i = 0; i < source.lines.size(); ++i)
                EXPECT_EQ(source.lines[i].find("#include <rocksdb"), std::string::npos) << source.path << ":" << i + 1;
}

// A clock is handed in from main; what folds, judges or keeps the book never reads one. (steady_clock only measures.)
TEST(Tidy, NothingBelowTheDoorReadsAClock) {
    static const std::regex clock(
        R"(system_clock::now|\btime\(nullptr\)|\btime\(NULL\)|gettimeofday|clock_gettime|localtime|gmtime)");
    for (auto* folder : {"schema", "ledger", "commands", "projections"})
        for (auto& source : sources_in(folder))
            for (size_t i = 0; i < source.lines.size(); ++i)
                EXPECT_FALSE(std::regex_search(source.lines[i], clock))
                    << source.path << ":" << i + 1 << ": " << source.lines[i];
}

// Every source is named by a test, or stands here with the reason why another one speaks for it.
TEST(Tidy, EverySourceHasItsTest) {
    const std::map<std::string, std::string> spoken_for = {
        {"schema/message", "every event test decodes one"},
        {"commands/judge", "commands/refusal.h: the table of refusals reaches every guard"},
        {"commands/receive", "commands/refusal.h: the same table goes through the door"},
        {"commands/rules_directory", "commands/refusal.h"},
        {"commands/rules_front_door", "commands/refusal.h"},
        {"commands/rules_allocation", "commands/refusal.h"},
        {"commands/rules_casework", "commands/refusal.h"},
        {"commands/rules_transfer", "commands/refusal.h"},
        {"commands/rules_ending", "commands/refusal.h"},
        {"commands/rules_keeping", "commands/refusal.h"},
        {"ledger/signature_checks", "audit_test.cc and bundle_test.cc: whose signatures they are"},
        {"commands/case_questions", "commands/bench.h, likewise"},
        {"commands/case_state", "commands/bench.h: random cases compare it with the fold of its entries"},
        {"projections/completeness", "case_view_test.cc: what the checklist says the record lacks"},
        {"projections/moment", "chronology_test.cc: a row is a moment"},
        {"projections/wording", "chronology_test.cc: a row's titles"},
        {"projections/rule_book", "clocks_test.cc: the rules of the edition that governs"},
        {"projections/runs", "clocks_test.cc: which readings stand together as one clock"},
        {"projections/timeliness", "clocks_test.cc and views_test.cc ask it"},
        {"projections/bulk", "views_test.cc: in bulk and step by step the rows are the same"},
        {"projections/fact_reading", "moments_test.cc: names what the schema finds"},
        {"projections/gathered", "views_test.cc, likewise"},
        {"projections/line", "views_test.cc, likewise"},
        {"projections/projector", "views_test.cc: follows, stops, rebuilds beside"},
        {"projections/store", "views_test.cc: crashes, versions, a deleted folder"},
        {"projections/references", "views_test.cc: directory and practice as at a time"},
    };
    std::string included;
    std::set<std::string> tested;  // "projections/case": a test file of the mirrored folder whose name begins so
    for (auto& source : sources_in("tests")) {
        for (auto& line : source.lines)
            if (line.find("#include") != std::string::npos) included += line + "\n";
        if (source.name.ends_with("_test.cc")) tested.insert(source.path.substr(6, source.path.find('_') - 6));
    }
    for (auto* folder : {"schema", "ledger", "commands", "projections"})
        for (auto& source : sources_in(folder)) {
            if (!source.name.ends_with(".cc")) continue;
            auto stem = source.path.substr(0, source.path.size() - 3), subject = stem.substr(0, stem.find('_'));
            if (stem.ends_with("main") || spoken_for.count(stem)) continue;
            EXPECT_TRUE(included.find('"' + stem + ".h\"") != std::string::npos || tested.count(subject) ||
                        tested.count(subject + "s"))
                << source.path << ": no test includes " << stem << ".h, and none is named " << subject << "..._test.cc";
        }
    for (auto& [stem, reason] : spoken_for)
        EXPECT_TRUE(fs::exists(root / (stem + ".cc"))) << stem << " is gone; take it from this list";
}

TEST(Tidy, FilesAreShort) {
    for (auto& source : all_sources()) EXPECT_LE(source.lines.size(), 500u) << source.path;
}

TEST(Tidy, HeadersSayWhatTheyAreInTheirFirstLine) {
    for (auto& source : all_sources())
        if (source.name.ends_with(".h")) {
            ASSERT_FALSE(source.lines.empty()) << source.path;
            EXPECT_TRUE(source.lines[0].starts_with("// ")) << source.path << ": " << source.lines[0];
            bool once = false;
            for (auto& line : source.lines) once = once || line == "#pragma once";
            EXPECT_TRUE(once) << source.path;
        }
}

TEST(Tidy, NothingIsLeftForLater) {
    static const std::regex later(
        "\\b("
        "TO"
        "DO|"
        "FIX"
        "ME|X"
        "XX)\\b");
    auto sources = all_sources();
    for (auto& source : sources_in("tests")) sources.push_back(source);
    for (auto& source : sources)
        for (size_t i = 0; i < source.lines.size(); ++i)
            EXPECT_FALSE(std::regex_search(source.lines[i], later))
                << source.path << ":" << i + 1 << ": " << source.lines[i];
}

TEST(Tidy, TestsAreNamedAsPromises) {
    static const std::regex test(R"(^(?:TEST|TEST_F|RC_GTEST_PROP)\((\w+), (\w+))");
    for (auto& source : sources_in("tests"))
        for (size_t i = 0; i < source.lines.size(); ++i) {
            std::smatch match;
            if (!std::regex_search(source.lines[i], match, test)) continue;
            std::string name = match[2];
            auto words = std::count_if(name.begin(), name.end(),
                                       [](char c) { return std::isupper(static_cast<unsigned char>(c)); });
            EXPECT_GE(words, 2) << source.path << ":" << i + 1 << ": what does " << match[1] << "." << name
                                << " promise?";
        }
}

TEST(Tidy, NoTestSkipsItself) {
    for (auto& source : sources_in("tests"))
        for (size_t i = 0; i < source.lines.size(); ++i)
            EXPECT_EQ(source.lines[i].find("GTEST_"
                                           "SKIP"),
                      std::string::npos)
                << source.path << ":" << i + 1;
}

}  // namespace
