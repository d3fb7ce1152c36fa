// The load: many HTTPS connections driven by few threads that never block, so that what is measured is the service and
// not the clients beside it. Each connection has one request under way and sends the next when it is answered.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tools/bench_figures.h"

namespace tools {

struct Ask {
    const char* method = "GET";
    std::string target;
    const char* type = "application/json";
    std::string_view body;  // must live until it is answered
};

class Load {
  public:
    // Trusts this certificate alone. Each connection carries one of the tokens, in turn.
    static Attempt<std::unique_ptr<Load>> connect(uint16_t port, const std::string& certificate, unsigned connections,
                                                  std::vector<std::string> tokens);
    ~Load();

    struct Told {
        uint64_t answered = 0, refused = 0;  // refused: a status that is no success
        double seconds = 0, cpu = 0;         // cpu: of the threads that made the load
        std::vector<double> times;           // us, of each answer
        uint64_t bytes = 0;                  // of all answers' bodies
        std::string refusal;                 // one of them
    };
    // What the connection is to ask next; nothing: it has no more to ask. Called from the driving threads.
    using Next = std::function<std::optional<Ask>(unsigned connection)>;
    using Answered = std::function<void(unsigned connection, std::string_view body)>;
    // For so long; failed when a connection breaks.
    Attempt<Told> run(double seconds, const Next& next, const Answered& answered = {});

  private:
    struct Wire;
    struct Driver;
    Load();
    std::vector<std::unique_ptr<Wire>> wires_;
    std::vector<std::string> tokens_;
    std::string host_;
    std::shared_ptr<void> tls_;
};

// Each driver drives its share of so many connections on a thread of its own; returns when all have ended.
template <class Driver>
void drive_all(std::vector<Driver>& drivers, size_t connections) {
    std::vector<std::jthread> crew;
    for (unsigned d = 0; d < drivers.size(); ++d)
        crew.emplace_back([&, d] {
            std::vector<unsigned> mine;
            for (auto i = d; i < connections; i += static_cast<unsigned>(drivers.size())) mine.push_back(i);
            drivers[d].drive(mine);
        });
}

// As a sample: `each` events in an answer, and what CPU the other side has used meanwhile.
Sample sample_of(Load::Told& told, double server_cpu, uint64_t each = 1);

}  // namespace tools
