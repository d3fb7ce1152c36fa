// A tiny web server on loopback in front of the test authority: what `openssl ts` answers, or what a test wants said.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <thread>

#include "ledger/authority.h"

namespace test {

class TimeHouse {
  public:
    // From the body of a request to the body of the answer; "" answers 503, and no answer at all while it does not
    // return.
    using Answer = std::function<std::string(const std::string& request)>;

    explicit TimeHouse(Answer answer) : answer_(std::move(answer)) {
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        auto* address = reinterpret_cast<sockaddr*>(&where);
        EXPECT_EQ(::bind(socket_, address, size), 0);
        EXPECT_EQ(::listen(socket_, 8), 0);
        ::getsockname(socket_, address, &size);
        url_ = "http://127.0.0.1:" + std::to_string(ntohs(where.sin_port)) + "/tsa";
        thread_ = std::thread([this] { serve(); });
    }
    ~TimeHouse() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    const std::string& url() const { return url_; }
    int asked() const { return asked_; }

  private:
    void serve() {
        for (int client; (client = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(client)) {
            std::string heard;
            char buffer[4096];
            size_t head = 0, length = 0;
            while (head == 0 || heard.size() < head + length) {
                auto got = ::read(client, buffer, sizeof buffer);
                if (got <= 0) break;
                heard.append(buffer, static_cast<size_t>(got));
                auto end = heard.find("\r\n\r\n");
                if (head || end == heard.npos) continue;
                head = end + 4;
                auto at = heard.find("Content-Length: ");
                if (at < head) length = std::stoul(heard.substr(at + 16));
            }
            if (head == 0) continue;
            ++asked_;
            EXPECT_EQ(heard.rfind("POST /tsa HTTP/1.1\r\n", 0), 0u) << heard;
            EXPECT_NE(heard.find("Content-Type: application/timestamp-query\r\n"), heard.npos) << heard;
            auto body = answer_(heard.substr(head));
            auto reply = (body.empty() ? "HTTP/1.1 503 Service Unavailable\r\n" : "HTTP/1.1 200 OK\r\n") +
                         std::string(
                             "Content-Type: application/timestamp-reply\r\nConnection: close\r\n"
                             "Content-Length: ") +
                         std::to_string(body.size()) + "\r\n\r\n" + body;
            (void)!::write(client, reply.data(), reply.size());
        }
    }

    Answer answer_;
    int socket_ = -1;
    std::string url_;
    std::atomic<int> asked_{0};
    std::thread thread_;
};

}  // namespace test
