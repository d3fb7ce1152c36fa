// A program that is measured from outside: started, asked what CPU and memory it has used, told to stop, or killed.
#pragma once
#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tools/desk.h"

namespace tools {

class Process {
  public:
    // Its standard output comes to us, its errors go into `errors`.
    static Attempt<std::unique_ptr<Process>> start(const std::vector<std::string>& command, const std::string& errors);
    ~Process();  // kills what still runs

    Attempt<std::string> line();  // the next of its standard output; failed where it has ended
    double cpu() const;           // seconds, of all its threads
    double resident() const;      // MiB of it that are in memory
    void signal(int number) const;
    bool stop();        // SIGTERM, and waits: whether it ended with 0
    bool ended_well();  // waits until it ends by itself
    void kill();        // SIGKILL, and waits

  private:
    Process(pid_t id, int output) : id_(id), output_(output) {}
    int wait();
    pid_t id_;
    int output_;
    std::string read_;
};

// A program that was built beside this one.
std::string program_beside(const std::string& name);

}  // namespace tools
