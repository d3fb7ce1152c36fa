// The door of a witness: POST /add-checkpoint over HTTPS and nothing else; what is answered is ledger/witness.h's.
// Strangers come here, without a session: few at a time, small bodies, little patience.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "ledger/witness.h"
#include "server/log.h"
#include "server/wall_clock.h"

namespace server {

struct WitnessOptions {
    std::string address = "127.0.0.1";
    uint16_t port = 8444;          // 0: any that is free; port() tells which
    std::string certificate, key;  // PEM files; both empty: plain HTTP, on a loopback address alone
    size_t connections = 256;      // closed at once beyond
    std::chrono::milliseconds idle = std::chrono::seconds{60}, part = std::chrono::seconds{15};  // a head, body, answer
    bool log = true;                                                                             // to stderr
};

class WitnessService {
  public:
    // Both must outlive it.
    WitnessService(ledger::Witness& witness, WallClock& clock, WitnessOptions options);
    ~WitnessService();  // stops

    // Begins to listen and returns. Malformed: the address, or plain HTTP beyond this machine; io: the port is taken, a
    // file cannot be read.
    schema::Result<void> start();
    uint16_t port() const;
    // Lets what is being judged be judged and answered, and returns when the threads are gone.
    void stop();
    // True: the state could not be written, and nothing is cosigned until the witness is started again.
    bool sealed() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace server
