// The service: HTTPS over one ledger. Handed everything by a main; owns the listening socket, the I/O threads and the
// sessions, and nothing that is recorded. What it answers is written in docs/API.md.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "server/door.h"

namespace server {

struct Options {
    std::string address = "127.0.0.1";  // to listen on
    uint16_t port = 8443;               // 0: any that is free; port() tells which
    unsigned threads = 2;               // that do the I/O
    std::string certificate, key;       // PEM files; tls.h makes a pair for local use
    Limits limits;
    std::function<schema::Time()> clock;     // the time on the wall; none: the system's
    const Witnessing* witnessing = nullptr;  // must outlive the server
    bool log = true;                         // to stderr
};

class Server {
  public:
    // All three must outlive it.
    Server(ledger::Ledger& ledger, commands::Sequencer& sequencer, projections::Projections& views, Options options);
    ~Server();  // stops

    // Begins to listen and returns. Malformed: the address or a PEM file; io: the port is taken, a file cannot be read.
    schema::Result<void> start();
    uint16_t port() const;
    // Takes no more connections, ends live streams, lets requests under way finish within the limit, and returns when
    // the threads are gone. Io when something was cut off. May be called again.
    schema::Result<void> stop();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace server
