// A limit: Beast over the same TLS, answering every request with so many bytes as the request's target says ("/4096").
// Two threads, as the service has; no session, no routing, no log.
#pragma once
#include <memory>
#include <string>

#include "schema/result.h"

namespace tools {

class ConstantServer {
  public:
    static schema::Result<std::unique_ptr<ConstantServer>> start(const std::string& certificate,
                                                                 const std::string& key);
    ~ConstantServer();
    uint16_t port() const;
    double cpu() const;  // seconds its threads have used

  private:
    struct State;
    explicit ConstantServer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tools
