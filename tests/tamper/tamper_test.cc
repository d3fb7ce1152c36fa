// Nothing of a ledger, a bundle, a receipt or a note can be changed without being found where it was changed.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "campaign.h"
#include "forgery.h"

namespace {

using namespace tamper;

uint64_t number_from(const char* name, uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

class Tamper : public testing::Test {
  protected:
    static const Sample& little() {
        static const Sample sample(Sample::Size::little);
        return sample;
    }
    static const Sample& whole() {
        static const Sample sample(Sample::Size::whole);
        return sample;
    }
};

TEST_F(Tamper, LeavesWhatIsUntouchedVerified) {
    Dice dice(1);
    Campaign campaign{little(), whole(), dice, 1, [](const Mutant& mutant) {
                          auto began = std::chrono::steady_clock::now();
                          auto verdict = mutant.verify();
                          auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
                          std::cout << "[ valid    ] " << mutant.what << ": " << verdict.report << ", " << took * 1000
                                    << " ms\n";
                          for (auto& finding : verdict.findings)
                              ADD_FAILURE() << mutant.what << ": " << finding.position << " " << finding.field << ": "
                                            << finding.what;
                      }};
    for (int time = 0; time < 2; ++time) untouched(campaign);
}

TEST_F(Tamper, IsFoundInEveryMutantWhereItWasDone) {
    uint64_t seed = number_from("CASELEDGER_SEED", std::random_device{}());
    std::cout << "[ seed     ] CASELEDGER_SEED=" << seed << "\n";
    Dice dice(seed);
    Table table;
    auto began = std::chrono::steady_clock::now();
    Campaign campaign{little(), whole(), dice, double(number_from("CASELEDGER_TAMPER", 1)),
                      [&](const Mutant& mutant) { table.judge(mutant); }};
    const char* only = std::getenv("CASELEDGER_STAGE");
    whole_campaign(campaign, only ? only : "");
    auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    table.print(std::cout);
    std::cout << "[ mutants  ] " << table.total() << " in " << took << " s: " << table.count(Table::found) << " found, "
              << table.count(Table::same) << " the same content, " << table.count(Table::passed) << " passed\n";
    if (!only) {
        EXPECT_GE(table.total(), 50'000u);
    }
    EXPECT_EQ(table.count(Table::passed), 0u);
    EXPECT_EQ(table.count(Table::elsewhere), 0u);
}

// A record that was disclosed once holds for good, every decision in it taken again. CASELEDGER_GOLDEN_WRITE writes
// another: only before the first release.
TEST_F(Tamper, LeavesTheGoldenRecordVerified) {
    auto golden = std::string(CASELEDGER_SOURCE) + "/tests/golden/bundle-decided.";
    if (std::getenv("CASELEDGER_GOLDEN_WRITE")) {
        test::write_all(golden + "jsonl", little().bundles.at("the child's own"));
        test::write_all(golden + "key", little().key().hex() + "\n");
    }
    auto key = schema::PublicKey::from_hex(test::read_all(golden + "key").substr(0, 64));
    ASSERT_TRUE(key);
    auto verdict = verify_bundle(test::read_all(golden + "jsonl"), *key);
    std::cout << "[ golden   ] " << verdict.report << "\n";
    for (auto& finding : verdict.findings)
        ADD_FAILURE() << finding.position << " " << finding.field << ": " << finding.what;
}

// No rule was asked when the golden ones were made, so none is asked here: forms, proofs and signatures find it all.
TEST_F(Tamper, OfAnyByteOfTheGoldenBundlesIsFound) {
    for (auto [name, number] : {std::pair{"bundle.jsonl", 201}, {"bundle-subject.jsonl", 200}}) {
        auto good = test::read_all(std::string(CASELEDGER_SOURCE) + "/tests/golden/" + name);
        auto key = test::key_from(static_cast<uint8_t>(number)).public_key();
        auto judge = [&](const std::string& bundle) {
            std::istringstream lines(bundle);
            ledger::BundleAuditOptions options;
            options.trusted_keys = {key};
            options.threads = 1;
            auto report = ledger::audit_bundle(lines, options);
            return report && report->audit.findings.empty();
        };
        ASSERT_TRUE(judge(good));
        size_t step = std::getenv("CASELEDGER_EVERY_BYTE") ? 1 : 16, found = 0, same = 0;
        for (size_t at = step == 1 ? 0 : std::random_device{}() % step; at < good.size(); at += step) {
            auto bad = good;
            bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
            if (!judge(bad)) ++found;
            else if (same_bundle(good, bad)) ++same;
            else ADD_FAILURE() << name << " byte " << at << " was flipped, and nothing was found";
        }
        std::cout << "[ golden   ] " << name << ": " << found << " flips found, " << same << " in the spelling alone\n";
        EXPECT_LT(same, found / 20);
    }
}

}  // namespace
