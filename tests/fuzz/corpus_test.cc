// Runs every fuzz target over its committed corpus, with and without a change here and there, in every test run.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "fuzz/fuzz.h"
#include "ledger/receipt.h"
#include "ledger/small_book.h"
#include "schema/json.h"
#include "schema/samples.h"

namespace {

using namespace test;
using Target = void (*)(const uint8_t*, size_t);

const std::string corpus = std::string(CASELEDGER_SOURCE) + "/tests/fuzz/corpus/";

void run(Target target, const std::string& bytes) {
    target(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

void run_corpus(const std::string& name, Target target) {
    std::mt19937_64 random(1);
    size_t files = 0;
    for (auto& file : fs::directory_iterator(corpus + name)) {
        auto good = read_all(file.path());
        run(target, good);
        ++files;
        for (int i = 0; i < 300; ++i) {
            auto bad = good;
            for (auto n = 1 + random() % 3; n > 0 && !bad.empty(); --n)
                bad[random() % bad.size()] = static_cast<char>(random());
            if (random() % 8 == 0) bad.resize(random() % (bad.size() + 1));
            run(target, bad);
        }
    }
    EXPECT_GE(files, 4u) << "a corpus that is not there tests nothing";
}

TEST(FuzzCorpus, EventsNeverFallOver) { run_corpus("event", fuzz::event); }
TEST(FuzzCorpus, JsonNeverFallsOver) { run_corpus("json", fuzz::json); }
TEST(FuzzCorpus, CheckpointsNeverFallOver) { run_corpus("checkpoint", fuzz::checkpoint); }
TEST(FuzzCorpus, NotesNeverFallOver) { run_corpus("note", fuzz::note); }
TEST(FuzzCorpus, PoliciesNeverFallOver) { run_corpus("policy", fuzz::policy); }
TEST(FuzzCorpus, ProofFilesNeverFallOver) { run_corpus("proof_file", fuzz::proof_file); }
TEST(FuzzCorpus, TilesNeverFallOver) { run_corpus("tiles", fuzz::tiles); }
TEST(FuzzCorpus, ReceiptsNeverFallOver) { run_corpus("receipt", fuzz::receipt); }
TEST(FuzzCorpus, WordsNeverFallOver) { run_corpus("words", fuzz::words); }
TEST(FuzzCorpus, NamesNeverFallOver) { run_corpus("name", fuzz::name); }
TEST(FuzzCorpus, BackupsOfKeysNeverFallOver) { run_corpus("key_backup", fuzz::key_backup); }
TEST(FuzzCorpus, RequestsToAWitnessNeverFallOver) { run_corpus("add_checkpoint", fuzz::add_checkpoint); }
TEST(FuzzCorpus, BundlesNeverFallOver) { run_corpus("bundle", fuzz::bundle); }
TEST(FuzzCorpus, RequestsNeverFallOver) { run_corpus("request", fuzz::request); }
TEST(FuzzCorpus, TimestampsNeverFallOver) { run_corpus("timestamp", fuzz::timestamp); }

}  // namespace
