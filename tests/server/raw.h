// Raw bytes over TLS: what no well-behaved client would send.
#pragma once
#include <openssl/ssl.h>

#include <chrono>
#include <string>

namespace test {

class Raw {
  public:
    explicit Raw(uint16_t port, int max_version = TLS1_3_VERSION);
    ~Raw();
    Raw(const Raw&) = delete;
    Raw& operator=(const Raw&) = delete;

    bool connected() const { return ssl_ != nullptr; }
    bool send(const std::string& bytes);
    // What comes until `until` is seen, the other side closes, or the time is over.
    std::string read(const std::string& until = {}, std::chrono::milliseconds patience = std::chrono::seconds{5});
    bool closed() const { return closed_; }

  private:
    int socket_ = -1;
    SSL_CTX* context_ = nullptr;
    SSL* ssl_ = nullptr;
    bool closed_ = false;
};

}  // namespace test
