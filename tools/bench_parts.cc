#include "tools/bench_parts.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <bit>
#include <boost/beast/core/multi_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <filesystem>

#include "ledger/rocks_log.h"
#include "server/tls_context.h"
#include "tools/measuring.h"

namespace tools {
namespace {

using schema::as_bytes;

struct Freed {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* tls) const { SSL_CTX_free(tls); }
};
using Ssl = std::unique_ptr<SSL, Freed>;

Failure no_tls() { return {Exit::failed, "no TLS between two ends of this process"}; }

// A pair of TCP sockets of this machine, as a client and a service have them.
bool tcp_pair(int (&ends)[2]) {
    int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* at = reinterpret_cast<sockaddr*>(&address);
    bool well =
        ::bind(listening, at, size) == 0 && ::listen(listening, 1) == 0 && ::getsockname(listening, at, &size) == 0;
    ends[0] = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    well = well && ::connect(ends[0], at, size) == 0;
    ends[1] = well ? ::accept(listening, nullptr, nullptr) : -1;
    ::close(listening);
    return ends[1] >= 0;
}

// Both ends of one connection, shaken hands in memory; `carry` moves bytes between a socket and the end beside it.
struct Ends {
    Ssl client, service;
    bool shake() {
        for (int i = 0; i < 10; ++i) {
            int one = SSL_do_handshake(client.get()), other = SSL_do_handshake(service.get());
            if (one == 1 && other == 1) return true;
        }
        return false;
    }
};

}  // namespace

Sample verifications(const Payload& payload, unsigned threads, double seconds) {
    return measure(threads, seconds, [&](unsigned, uint64_t n) -> uint64_t {
        auto& made = payload.events[n % payload.events.size()];
        return ledger::verify(payload.key, ledger::event_context, as_bytes(made.event), made.signature) ? 1 : 0;
    });
}

Attempt<Sample> syncs(const std::string& folder, uint64_t bytes, double seconds) {
    auto path = folder + "/syncs";
    int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return tl::unexpected(Failure(Exit::failed, path + " cannot be written"));
    std::string text(bytes, 'x');
    auto sample = measure(1, seconds, [&](unsigned, uint64_t) -> uint64_t {
        return ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fdatasync(file) == 0;
    });
    ::close(file);
    ::unlink(path.c_str());
    return sample;
}

Sample hashes(const Payload& payload, double seconds) {
    auto levels = static_cast<unsigned>(std::bit_width(payload.cases));
    return measure(1, seconds, [&](unsigned, uint64_t n) -> uint64_t {
        for (uint64_t i = 0; i < 20; ++i) {
            auto& made = payload.events[(20 * n + i) % payload.events.size()];
            auto event = ledger::sha256(as_bytes(made.event));
            auto words = ledger::words_root(made.words);
            auto leaf = ledger::leaf_hash(as_bytes(payload.entry));
            auto node = ledger::node_hash(ledger::node_hash(leaf, event), words);
            for (unsigned level = 0; level <= levels; ++level) node = ledger::node_hash(node, event);
        }
        return 20;
    });
}

Attempt<Sample> puts(const std::string& folder, const Payload& payload, double seconds) {
    auto place = folder + "/puts";
    std::error_code ignored;
    std::filesystem::remove_all(place, ignored);
    auto log = ledger::open_rocks_log(place, "puts", {nullptr, true, false, false});
    if (!log) return tl::unexpected(Failure(log.error()));
    std::vector<ledger::Record> batch(64, ledger::Record{payload.entry, payload.sealed});
    auto sample = measure(1, seconds, [&](unsigned, uint64_t) -> uint64_t {
        return (*log)->append((*log)->head(), batch, {}) ? batch.size() : 0;
    });
    log->reset();
    std::filesystem::remove_all(place, ignored);
    return sample;
}

Attempt<Sample> tls_records(const Payload& payload, const std::string& certificate, const std::string& key, bool wire,
                            double seconds) {
    boost::asio::ssl::context serving(boost::asio::ssl::context::tls_server);
    TRY(server::prepare_to_serve(serving, certificate, key));
    std::unique_ptr<SSL_CTX, Freed> asking(SSL_CTX_new(TLS_client_method()));
    Ends ends{Ssl(SSL_new(asking.get())), Ssl(SSL_new(serving.native_handle()))};
    SSL_set_connect_state(ends.client.get());
    SSL_set_accept_state(ends.service.get());
    BIO *near = nullptr, *far = nullptr;
    BIO_new_bio_pair(&near, 1 << 17, &far, 1 << 17);
    SSL_set_bio(ends.client.get(), near, near);
    SSL_set_bio(ends.service.get(), far, far);
    if (!ends.shake()) return tl::unexpected(no_tls());
    int sockets[2] = {-1, -1};
    if (wire && !tcp_pair(sockets)) return tl::unexpected(no_tls());

    std::string answer(payload.answer + 200, 'x'), space(1 << 17, ' ');
    constexpr size_t together = 16;  // as many as fit; the service's half is timed in one piece
    double used = 0;
    uint64_t done = 0;
    auto start = Clock::now();
    while (since(start) < seconds) {
        size_t size = 0;
        bool well = true;
        for (size_t i = 0; i < together; ++i)
            well = well &&
                   SSL_write_ex(ends.client.get(), payload.request.data(), payload.request.size(), &size) == 1 &&
                   (!wire || ::write(sockets[0], payload.request.data(), payload.request.size()) > 0);
        auto before = cpu_seconds();
        for (size_t i = 0; i < together; ++i) {
            if (wire) well = well && ::recv(sockets[1], space.data(), payload.request.size(), MSG_WAITALL) > 0;
            for (size_t got = 0; well && got < payload.request.size(); got += size)
                well = SSL_read_ex(ends.service.get(), space.data(), payload.request.size() - got, &size) == 1;
            well = well && SSL_write_ex(ends.service.get(), answer.data(), answer.size(), &size) == 1;
            if (wire) well = well && ::write(sockets[1], answer.data(), answer.size()) > 0;
        }
        used += cpu_seconds() - before;
        done += together;
        for (size_t i = 0; i < together; ++i) {
            for (size_t got = 0; well && got < answer.size(); got += size)
                well = SSL_read_ex(ends.client.get(), space.data(), answer.size() - got, &size) == 1;
            if (wire) well = well && ::recv(sockets[0], space.data(), answer.size(), MSG_WAITALL) > 0;
        }
        if (!well) return tl::unexpected(no_tls());
    }
    for (int socket : sockets)
        if (socket >= 0) ::close(socket);
    return Sample{{Unit::per_second, static_cast<double>(done) / used},
                  {Unit::cpu_us, used * 1e6 / static_cast<double>(done)}};
}

Sample http_parses(const Payload& payload, double seconds) {
    namespace http = boost::beast::http;
    return measure(1, seconds, [&](unsigned, uint64_t) -> uint64_t {
        http::request_parser<http::string_body> parser;
        parser.eager(true);
        boost::system::error_code error;
        parser.put(boost::asio::buffer(payload.request), error);
        return parser.is_done() ? 1 : 0;
    });
}

}  // namespace tools
