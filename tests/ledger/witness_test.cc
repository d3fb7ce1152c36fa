// A witness never vouches for two pasts: whatever it is shown, in whatever order, and however it dies.
#include "ledger/witness.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <thread>

#include "ledger/child.h"
#include "ledger/grown_log.h"
#include "ledger/small_book.h"
#include "ledger/witness_store.h"
#include "schema/json.h"

extern char** environ;

namespace test {

namespace {

using ledger::AddCheckpoint;
using ledger::SigningKey;
using ledger::Witness;
using ledger::WitnessAnswer;

const char* const name = "witness.weston.example/w1";
const SigningKey key = SigningKey::from_seed(schema::as_bytes(std::string(32, 'W')));

schema::Result<std::unique_ptr<Witness>> open(const std::string& folder, Witness::Options options = {}) {
    return Witness::open(folder, name, key, {GrownLog().verifier()}, std::move(options));
}
std::unique_ptr<Witness> make_witness(const std::string& folder) {
    fs::create_directories(folder);
    EXPECT_TRUE(ledger::WitnessStore::create(folder, ledger::witness_identity(name, key).text()));
    return open(folder).value();
}

WitnessAnswer ask(Witness& witness, const std::string& body, uint64_t now = 1700000000) {
    auto answer = witness.add_checkpoint(body, [now] { return schema::Result<uint64_t>(now); });
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
    return answer ? *answer : WitnessAnswer{};
}
WitnessAnswer ask(Witness& witness, const AddCheckpoint& request, uint64_t now = 1700000000) {
    return ask(witness, request.body(), now);
}
size_t files_in(const std::string& folder) {
    return fs::exists(folder) ? static_cast<size_t>(std::distance(fs::directory_iterator(folder), {})) : 0;
}

TEST(AddCheckpoint, IsReadAsItIsWrittenAndInNoOtherForm) {
    GrownLog log(9);
    auto request = log.request(3, 9);
    auto read = ledger::read_add_checkpoint(request.body());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->old_size, 3u);
    EXPECT_EQ(read->proof, request.proof);
    EXPECT_EQ(read->note, request.note);
    auto hash = schema::to_base64(ledger::bytes_of(log.leaves[0]));
    for (auto& bad : std::vector<std::string>{
             "", "\n", "old\n\n", "old 03\n\nnote", "old -1\n\n", "old +1\n\n", "old 1 \n\n", "Old 1\n\n", "old 1",
             "old 1\n", "old 18446744073709551616\n\n", "old 1\nnot a hash\n\n", "old 1\n" + hash.substr(4) + "\n\n",
             "old 1\n" + hash + "\r\n\n", "old 1\n" + hash, std::string(ledger::add_checkpoint_limit + 1, 'x')})
        EXPECT_FALSE(ledger::read_add_checkpoint(bad)) << bad.substr(0, 60);
    std::string hashes = "old 1\n";
    for (int i = 0; i < 63; ++i) hashes += hash + "\n";
    EXPECT_TRUE(ledger::read_add_checkpoint(hashes + "\nnote"));
    EXPECT_FALSE(ledger::read_add_checkpoint(hashes + hash + "\n\nnote"));
}

TEST(Witness, CosignsALogThatGrowsAndSaysWhen) {
    TempFolder folder;
    auto witness = make_witness(folder.path());
    GrownLog log(40);
    uint64_t last = 0;
    for (uint64_t size : {0, 1, 2, 7, 8, 21, 40, 40}) {
        auto request = log.request(last, size);
        auto answer = ask(*witness, request, 1700000000 + size);
        ASSERT_EQ(answer.status, 200) << size << ": " << answer.body;
        auto note = ledger::parse_note(request.note + answer.body);
        ASSERT_TRUE(note);
        auto when = ledger::cosigned_by(*note, ledger::witness_identity(name, key));
        ASSERT_TRUE(when && *when);
        EXPECT_EQ(**when, 1700000000 + size);
        last = size;
    }
    EXPECT_EQ(files_in(folder / "conflicts"), 0u);
}

TEST(Witness, AnswersEachFaultWithTheStatusOfTheSpecification) {
    TempFolder folder;
    auto witness = make_witness(folder.path());
    GrownLog log(30);
    ASSERT_EQ(ask(*witness, log.request(0, 10)).status, 200);

    EXPECT_EQ(ask(*witness, std::string("old 10\n\n")).status, 400);
    EXPECT_EQ(ask(*witness, "old 10\n\n" + log.at(20).body()).status, 400) << "not a note";
    EXPECT_EQ(ask(*witness, "old 10\n\n" + ledger::Note{"words\n", {}}.str()).status, 400);
    auto more = log.request(10, 20);
    more.old_size = 21;
    EXPECT_EQ(ask(*witness, more).status, 400) << "old is more than the size";

    auto other = log;
    other.origin = "somebody.else.example";
    EXPECT_EQ(ask(*witness, other.request(10, 20)).status, 404);
    other = log;
    other.key = SigningKey::generate();
    EXPECT_EQ(ask(*witness, other.request(10, 20)).status, 403);
    auto unsigned_note = log.request(10, 20);
    unsigned_note.note = log.at(20).body() + "\n" + ledger::sign_note(log.at(20).body(), "x.example", key).line();
    EXPECT_EQ(ask(*witness, unsigned_note).status, 403);

    for (uint64_t old_size : {0, 9, 11, 20}) {
        auto behind = ask(*witness, log.request(old_size, 20));
        EXPECT_EQ(behind.status, 409) << old_size;
        EXPECT_EQ(behind.content_type, "text/x.tlog.size");
        EXPECT_EQ(behind.body, "10\n");
    }
    auto unproven = log.request(10, 20);
    unproven.proof[0] = log.leaves[0];
    EXPECT_EQ(ask(*witness, unproven).status, 422);
    unproven.proof.clear();
    EXPECT_EQ(ask(*witness, unproven).status, 422);
    auto needless = log.request(10, 10);
    needless.proof.push_back(log.leaves[0]);
    EXPECT_EQ(ask(*witness, needless).status, 422) << "a proof where nothing is to be proven";

    EXPECT_EQ(ask(*witness, log.request(10, 20)).status, 200) << "and none of that changed anything";
}

TEST(Witness, RefusesAProofBeforeTheFirstCheckpoint) {
    TempFolder folder;
    auto witness = make_witness(folder.path());
    GrownLog log(30);
    auto first = log.request(0, 10);
    first.proof.push_back(log.leaves[0]);
    EXPECT_EQ(ask(*witness, first).status, 422);
    EXPECT_EQ(ask(*witness, log.request(0, 10)).status, 200);
}

TEST(Witness, RefusesAForkAndARollbackAndKeepsBothNotes) {
    TempFolder folder;
    auto witness = make_witness(folder.path());
    GrownLog log(30);
    auto fork = log.fork(4);
    ASSERT_EQ(ask(*witness, log.request(0, 20)).status, 200);
    for (auto& [request, conflict] : {std::pair{fork.request(20, 20), "fork"},
                                      {fork.request(0, 20), "fork"},
                                      {log.request(10, 10), "rollback"},
                                      {fork.request(20, 30), "unproven"}}) {
        auto answer = ask(*witness, request);
        EXPECT_EQ(answer.status, conflict == std::string("unproven") ? 422 : 409);
        EXPECT_TRUE(answer.status != 409 || answer.body == "20\n");
        EXPECT_EQ(answer.conflict, conflict);
        auto kept = read_all(answer.evidence);
        EXPECT_NE(kept.find(log.at(20).sign(log.key)), kept.npos) << "what it had cosigned";
        EXPECT_NE(kept.find(request.note), kept.npos) << "what it was shown";
    }
    // The two of size 20 are one proof; the same again is not kept twice.
    EXPECT_EQ(files_in(folder / "conflicts"), 3u);
    EXPECT_EQ(ask(*witness, log.request(20, 30)).status, 200);
}

TEST(Witness, KeepsOnlySoManyConflicts) {
    TempFolder folder;
    make_witness(folder.path()).reset();
    Witness::Options options;
    options.most_conflicts = 3;
    auto witness = open(folder.path(), options).value();
    GrownLog log(30);
    ASSERT_EQ(ask(*witness, log.request(0, 30)).status, 200);
    for (uint64_t size = 1; size < 10; ++size) EXPECT_EQ(ask(*witness, log.request(size, size)).status, 409);
    EXPECT_EQ(files_in(folder / "conflicts"), 3u);
}

TEST(Witness, LetsOneOfManyRacersThroughAndNeverTwoForks) {
    TempFolder folder;
    auto witness = make_witness(folder.path());
    GrownLog log(64);
    ASSERT_EQ(ask(*witness, log.request(0, 8)).status, 200);
    for (uint64_t size = 9; size <= 40; ++size) {
        // All extend the same old state; each shows another tree.
        std::vector<std::thread> racers;
        std::vector<int> status(4);
        std::vector<GrownLog> logs;
        for (uint64_t i = 0; i < 4; ++i) logs.push_back(i == 0 ? log : log.fork(size - 1));
        for (uint64_t i = 1; i < 4; ++i) logs[i].leaves[size - 1] = log.leaves[i];
        for (size_t i = 0; i < 4; ++i)
            racers.emplace_back([&, i] { status[i] = ask(*witness, logs[i].request(size - 1, size)).status; });
        for (auto& racer : racers) racer.join();
        ASSERT_EQ(std::count(status.begin(), status.end(), 200), 1) << size;
        ASSERT_EQ(std::count(status.begin(), status.end(), 409), 3) << size;
        for (size_t i = 0; i < 4; ++i)
            if (status[i] == 200) log = logs[i];
    }
}

TEST(Witness, RemembersWhenItIsOpenedAgain) {
    TempFolder folder;
    GrownLog log(40);
    make_witness(folder.path()).reset();
    for (uint64_t size = 1; size <= 20; ++size) {
        auto witness = open(folder.path()).value();
        ASSERT_EQ(ask(*witness, log.request(size - 1, size)).status, 200);
        ASSERT_EQ(ask(*witness, log.fork(0).request(size, size)).conflict, "fork");
    }
}

TEST(Witness, SaysWhoseItsFolderIs) {
    TempFolder folder;
    make_witness(folder.path()).reset();
    EXPECT_FALSE(Witness::open(folder.path(), "another.example", key, {GrownLog().verifier()}));
    EXPECT_FALSE(Witness::open(folder.path(), name, SigningKey::generate(), {GrownLog().verifier()}));
    auto cosigner = ledger::witness_identity("x.example", SigningKey::generate());
    EXPECT_FALSE(Witness::open(folder.path(), name, key, {cosigner})) << "a witness is no log";
    EXPECT_TRUE(open(folder.path()));
}

TEST(Witness, CosignsNothingWithoutAClock) {
    TempFolder folder;
    auto witness = make_witness(folder.path());
    GrownLog log(40);
    auto broken = [] { return schema::Result<uint64_t>(schema::fail(schema::Fault::overloaded, "jumped")); };
    EXPECT_EQ(witness->add_checkpoint(log.request(0, 9).body(), broken)->status, 503);
    EXPECT_EQ(ask(*witness, log.request(0, 9)).status, 200) << "it had taken nothing";
}

TEST(WitnessStore, IsNotOpenedWhenItForgot) {
    TempFolder folder;
    GrownLog log(40);
    auto live = folder / "live";
    make_witness(live).reset();
    copy_folder(live, folder / "old");
    ASSERT_EQ(ask(*open(live).value(), log.request(0, 20)).status, 200);
    for (auto part : {"/witness", "/witness.mark"}) {
        // Rolled back or lost: the store alone, or its mark alone.
        copy_folder(live, folder / "try");
        fs::remove_all(folder / "try" + part);
        auto lost = open(folder / "try");
        ASSERT_FALSE(lost) << part;
        EXPECT_EQ(lost.error().fault == schema::Fault::corrupt || lost.error().fault == schema::Fault::io, true);
        EXPECT_FALSE(ledger::WitnessStore::create(folder / "try", "x")) << "it never begins anew";
    }
    copy_folder(live, folder / "try");
    fs::remove_all(folder / "try/witness");
    fs::copy(folder / "old/witness", folder / "try/witness", fs::copy_options::recursive);
    auto rolled_back = open(folder / "try");
    ASSERT_FALSE(rolled_back);
    EXPECT_EQ(rolled_back.error().fault, schema::Fault::corrupt);
    EXPECT_NE(rolled_back.error().message.find("rolled back"), std::string::npos);
    EXPECT_TRUE(open(live));
}

TEST(WitnessStore, IsNotOpenedWithOtherRowsThanWereWritten) {
    TempFolder folder;
    GrownLog log(40);
    for (auto name_of_it : {"one", "two"}) {
        make_witness(folder / name_of_it).reset();
        auto shown = name_of_it == std::string("one") ? log : log.fork(3);
        ASSERT_EQ(ask(*open(folder / name_of_it).value(), shown.request(0, 20)).status, 200);
    }
    fs::remove_all(folder / "one/witness");
    fs::copy(folder / "two/witness", folder / "one/witness", fs::copy_options::recursive);
    auto swapped = open(folder / "one");
    ASSERT_FALSE(swapped);
    EXPECT_EQ(swapped.error().fault, schema::Fault::corrupt);
}

TEST(WitnessStore, NoticesAFlippedByteInItsLog) {
    TempFolder folder;
    GrownLog log(40);
    auto live = folder / "live";
    make_witness(live).reset();
    uint64_t acknowledged = 0;
    {
        auto witness = open(live).value();
        for (uint64_t size = 1; size <= 5; ++size) {
            ASSERT_EQ(ask(*witness, log.request(acknowledged, size)).status, 200);
            acknowledged = size;
        }
        copy_folder(live, folder / "killed");  // as after kill -9: the log has not been cleaned up
    }
    size_t opened = 0, tried = 0;
    for (auto& file : fs::directory_iterator(folder / "killed/witness")) {
        if (file.path().extension() != ".log") continue;
        auto good = read_all(file.path());
        for (size_t at = 0; at < good.size(); at += 13) {
            copy_folder(folder / "killed", folder / "try");
            auto bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 0x10);
            write_all(folder / "try/witness/" + file.path().filename().string(), bad);
            ++tried;
            auto witness = open(folder / "try");
            if (!witness) continue;
            ++opened;
            auto fork = ask(**witness, log.fork(0).request(acknowledged, acknowledged));
            ASSERT_EQ(fork.conflict, "fork") << "byte " << at;
        }
    }
    EXPECT_GT(tried, 50u);
    EXPECT_LT(opened, tried / 4);
}

TEST(Witness, KilledBetweenTheDiskAndTheAnswerStillRefusesTheFork) {
    TempFolder folder;
    make_witness(folder.path()).reset();
    GrownLog log(64);
    for (uint64_t life = 1; life <= 8; ++life) {
        std::string self = fs::read_symlink("/proc/self/exe"), option = "--cosign-and-die", where = folder.path(),
                    from = std::to_string(8 * (life - 1));
        char* arguments[] = {self.data(), option.data(), where.data(), from.data(), nullptr};
        pid_t child = 0;
        ASSERT_EQ(posix_spawn(&child, self.c_str(), nullptr, nullptr, arguments, environ), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "life " << life;

        auto witness = open(folder.path());
        ASSERT_TRUE(witness) << witness.error().text();
        auto fork = log.fork(8 * life - 1);
        // Its answer never came, but what it was about to vouch for binds it.
        auto again = ask(**witness, fork.request(8 * (life - 1), 8 * life));
        EXPECT_EQ(again.status, 409);
        EXPECT_EQ(again.conflict, "fork");
        EXPECT_EQ(ask(**witness, log.request(8 * life, 8 * life)).status, 200) << "the log asks again and is answered";
    }
}

}  // namespace

int cosign_and_die(const char* folder, const char* from) {
    Witness::Options options;
    options.persisted = [] { ::raise(SIGKILL); };
    auto witness = open(folder, options);
    if (!witness) return 1;
    GrownLog log(64);
    auto old_size = std::strtoull(from, nullptr, 10);
    (void)ask(**witness, log.request(old_size, old_size + 8));
    return 2;
}

}  // namespace test
