#include "server/raw.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace test {

Raw::Raw(uint16_t port, int max_version) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
    context_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context_, max_version);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, socket_);
    if (SSL_connect(ssl_) == 1) return;
    SSL_free(ssl_);
    ssl_ = nullptr;
}

Raw::~Raw() {
    if (ssl_) SSL_free(ssl_);
    if (context_) SSL_CTX_free(context_);
    if (socket_ >= 0) ::close(socket_);
}

bool Raw::send(const std::string& bytes) {
    return ssl_ && SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
}

std::string Raw::read(const std::string& until, std::chrono::milliseconds patience) {
    std::string all;
    auto end = std::chrono::steady_clock::now() + patience;
    while (ssl_ && std::chrono::steady_clock::now() < end) {
        if (!until.empty() && all.find(until) != all.npos) break;
        timeval wait{0, 50'000};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        char piece[4096];
        int got = SSL_read(ssl_, piece, sizeof piece);
        if (got > 0) {
            all.append(piece, static_cast<size_t>(got));
            continue;
        }
        if (SSL_get_error(ssl_, got) == SSL_ERROR_WANT_READ) continue;
        closed_ = true;
        break;
    }
    return all;
}

}  // namespace test
