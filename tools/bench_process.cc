#include "tools/bench_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tools/measuring.h"

namespace tools {

Attempt<std::unique_ptr<Process>> Process::start(const std::vector<std::string>& command, const std::string& errors) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return tl::unexpected(Failure(Exit::failed, "no pipe can be made"));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    // A socket on which we listen is not the other program's.
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    std::vector<char*> arguments;
    for (auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t id = 0;
    int failed = ::posix_spawnp(&id, command[0].c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed) {
        ::close(ends[0]);
        return tl::unexpected(Failure(Exit::failed, command[0] + " cannot be started"));
    }
    return std::unique_ptr<Process>(new Process(id, ends[0]));
}

Process::~Process() {
    kill();
    ::close(output_);
}

Attempt<std::string> Process::line() {
    for (;;) {
        if (auto end = read_.find('\n'); end != read_.npos) {
            auto line = read_.substr(0, end);
            read_.erase(0, end + 1);
            return line;
        }
        char piece[4096];
        auto got = ::read(output_, piece, sizeof piece);
        if (got <= 0) return tl::unexpected(Failure(Exit::failed, "a program that is measured ended by itself"));
        read_.append(piece, static_cast<size_t>(got));
    }
}

double Process::cpu() const {
    clockid_t clock{};
    return ::clock_getcpuclockid(id_, &clock) == 0 ? cpu_seconds(clock) : 0;
}

double Process::resident() const {
    std::ifstream status("/proc/" + std::to_string(id_) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    return 0;
}

int Process::wait() {
    int status = -1;
    ::waitpid(id_, &status, 0);
    id_ = 0;
    return status;
}

void Process::signal(int number) const {
    if (id_ != 0) ::kill(id_, number);
}

bool Process::stop() {
    if (id_ == 0) return false;
    signal(SIGTERM);
    return ended_well();
}

bool Process::ended_well() {
    int status = wait();
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void Process::kill() {
    if (id_ == 0) return;
    ::kill(id_, SIGKILL);
    wait();
}

std::string program_beside(const std::string& name) {
    std::error_code error;
    return (std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / name).string();
}

}  // namespace tools
