// The campaign itself is tested: with any one of the defects in defects.txt in the verifier, it would have failed.
#include "planted.h"

#include <chrono>
#include <fstream>
#include <iostream>

#include "campaign.h"

namespace {

using namespace tamper;

struct Planted {
    std::string file, what;
};

std::vector<Planted> listed() {
    std::vector<Planted> all;
    std::ifstream file(std::string(CASELEDGER_SOURCE) + "/tests/tamper/defects.txt");
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line[0] != '#')
            all.push_back({line.substr(0, line.find(" | ")), line.substr(line.rfind(" | ") + 3)});
    return all;
}

std::string text_of(const Verdict& verdict) {
    auto text = verdict.report + verdict.not_above;
    for (auto& finding : verdict.findings)
        text += "\n" + std::to_string(finding.position) + " " + finding.field + ": " + finding.what;
    return text;
}

// Few mutants of every kind, one of each before the second of any: made by sound code, then judged by a planted one.
std::vector<Mutant> representatives(const Sample& little, const Sample& whole) {
    Dice dice(20'181'122);
    std::map<std::string, std::vector<Mutant>> kinds;
    std::vector<Mutant> all;
    Campaign campaign{little, whole, dice, 0.02, [&](Mutant mutant) {
                          auto& kind = kinds[mutant.kind];
                          if (mutant.kind == "untouched") all.push_back(std::move(mutant));
                          else if (kind.size() < 12) kind.push_back(std::move(mutant));
                      }};
    untouched(campaign);
    whole_campaign(campaign);
    for (size_t turn = 0; turn < 12; ++turn)
        for (auto& [kind, mutants] : kinds)
            if (turn < mutants.size()) all.push_back(mutants[turn]);
    return all;
}

TEST(Planted, DefectsInTheVerifierAreEachCaughtByTheCampaign) {
    Sample little(Sample::Size::little), whole(Sample::Size::whole);
    auto mutants = representatives(little, whole);
    std::vector<Verdict> sound;
    for (auto& mutant : mutants) {
        sound.push_back(mutant.verify());
        bool right = mutant.kind == "untouched" ? sound.back().holds()
                                                : finds(sound.back(), mutant) || (mutant.same && mutant.same());
        EXPECT_TRUE(right) << mutant.kind << ", " << mutant.what << "\n" << text_of(sound.back());
    }
    auto defects = listed();
    std::cout << "[ planted  ] " << defects.size() << " defects, " << mutants.size() << " mutants\n";
    size_t passing = 0, otherwise = 0;
    for (size_t number = 1; number <= defects.size(); ++number) {
        auto began = std::chrono::steady_clock::now();
        defect = static_cast<int>(number);
        const Mutant *passed = nullptr, *differs = nullptr;
        for (size_t i = 0; i < mutants.size() && !passed; ++i) {
            auto& mutant = mutants[i];
            auto verdict = mutant.verify();
            bool was_found = finds(sound[i], mutant);
            if (mutant.kind != "untouched" && was_found && !finds(verdict, mutant)) passed = &mutant;
            else if (!differs && text_of(verdict) != text_of(sound[i])) differs = &mutant;
        }
        defect = 0;
        auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        auto& [file, what] = defects[number - 1];
        std::cout << "[ "
                  << (passed    ? "passes   "
                      : differs ? "otherwise"
                                : "UNSEEN   ")
                  << " ] " << number << " " << file << ": " << what
                  << (passed || differs ? ": " + (passed ? passed : differs)->kind : "") << ", " << took << " s\n";
        passing += passed != nullptr;
        otherwise += !passed && differs;
        EXPECT_TRUE(passed || differs) << "defect " << number << " of " << file << " (" << what << ") is not caught";
    }
    std::cout << "[ planted  ] with " << passing << " of them a mutant passes, with " << otherwise
              << " what is said of one differs\n";
    EXPECT_GE(defects.size(), 25u);
}

}  // namespace
