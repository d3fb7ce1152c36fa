// kill -9 at random moments: everything acknowledged is there with the same bytes, and a retry is recognised.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <future>
#include <random>
#include <thread>

#include "ledger/audit.h"
#include "ledger/child.h"
#include "ledger/rocks_log.h"
#include "ledger/small_book.h"

extern char** environ;

namespace test {

int append_until_killed(const char* folder) {
    auto book = ledger::Ledger::open(folder);
    if (!book) return 1;
    Author author;
    for (;;) {
        uint64_t from = (*book)->next_position();
        for (uint64_t i = 0; i < 1 + from % 5; ++i) author.place(**book, from + i);
        if (!(*book)->commit()) return 2;
        uint64_t size = (*book)->published()->head.size;
        auto line = std::to_string(size) + " " + (*book)->published()->head.root.hex() + "\n";
        if (::write(1, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return 3;
    }
}

namespace {

// One life of the child: what it had acknowledged when it died.
std::pair<uint64_t, std::string> live(const std::string& folder, bool once_it_writes, std::chrono::microseconds after) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    std::string self = fs::read_symlink("/proc/self/exe"), option = "--append-until-killed", where = folder;
    char* arguments[] = {self.data(), option.data(), where.data(), nullptr};
    pid_t child = 0;
    EXPECT_EQ(posix_spawn(&child, self.c_str(), &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);

    std::string told;
    std::promise<void> wrote;
    std::thread reader([&] {
        char buffer[4096];
        for (ssize_t got; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;
             told.append(buffer, static_cast<size_t>(got)))
            if (told.empty()) wrote.set_value();
    });
    if (once_it_writes) wrote.get_future().wait_for(std::chrono::seconds(20));
    std::this_thread::sleep_for(after);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
    reader.join();
    ::close(ends[0]);

    auto end = told.rfind('\n');
    if (end == told.npos) return {0, {}};
    auto begin = told.rfind('\n', end - 1);
    auto line = told.substr(begin == told.npos ? 0 : begin + 1, end - (begin == told.npos ? 0 : begin + 1));
    return {std::stoull(line), line.substr(line.find(' ') + 1)};
}

TEST(Kill, LosesNothingThatWasAcknowledgedInTwentyFourLives) {
    TempFolder folder;
    auto path = folder / "l";
    Author author;
    author.write(*make(path), 2);
    std::mt19937_64 random(20180524);
    uint64_t acknowledged = 2, productive = 0;
    std::vector<std::string> bytes;
    for (int life = 0; life < 24; ++life) {
        // Some die while they are still opening, most while they write.
        auto [size, root] = live(path, life % 4 != 0, std::chrono::microseconds(random() % 40'000));
        productive += size > acknowledged;
        acknowledged = std::max(acknowledged, size);
        auto book = ledger::Ledger::open(path);
        ASSERT_TRUE(book) << "life " << life << ": " << book.error().text();
        ASSERT_GE((*book)->published()->head.size, acknowledged) << "life " << life;
        if (!root.empty()) {
            ASSERT_EQ((*book)->root_at(size).value().hex(), root) << "life " << life;
        }
        uint64_t position = 0;
        ASSERT_TRUE((*book)->read(0, ~uint64_t{0}, [&](const ledger::Entry& entry) {
            std::string now(schema::as_text(entry.bytes()));
            if (position >= bytes.size()) bytes.push_back(now);
            EXPECT_EQ(now, bytes[position]) << position;
            EXPECT_EQ((*book)->position_of(entry.id()).value(), position);  // so a retry is answered from the book
            ++position;
            return true;
        }));
        acknowledged = (*book)->published()->head.size;
    }
    EXPECT_GE(productive, 12u) << "the child hardly wrote: the test shows nothing";
    auto log = ledger::open_rocks_log(path + "/book", "", {.read_only = true});
    ASSERT_TRUE(log);
    auto report = ledger::audit(**log, {});
    ASSERT_TRUE(report);
    for (auto& finding : report->findings)
        ADD_FAILURE() << finding.position << " " << finding.field << " " << finding.what;
    std::cout << "[ 24 lives ] " << acknowledged << " entries, " << productive << " lives wrote\n";
}

}  // namespace
}  // namespace test
