// The service of a demonstration in this process, and the signals that stop it.
#pragma once
#include <signal.h>

#include <memory>

#include "server/server.h"
#include "tools/demo_service.h"
#include "tools/desk.h"

namespace tools::demo {

// SIGINT and SIGTERM, taken by the main thread alone; to be made before any other thread.
class Signals {
  public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    bool came(long seconds);  // waits at most so long for one

  private:
    sigset_t set_{}, before_{};
};

// An empty ledger with its certificate, whose checkpoint key follows from the seed, so that the same seed gives the
// same bytes.
Attempt<> make_ledger(const std::string& folder, const Service& service);

// A ledger that is open, its one writer, its views and its door; closed the other way round.
struct House {
    std::unique_ptr<ledger::Ledger> ledger;
    std::unique_ptr<commands::Sequencer> sequencer;
    std::unique_ptr<projections::Projections> views;
    std::unique_ptr<server::Server> server;

    Attempt<> open(const std::string& folder);
    Attempt<> serve(const std::string& folder, uint16_t port);
};

}  // namespace tools::demo
