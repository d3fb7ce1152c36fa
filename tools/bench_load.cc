#include "tools/bench_load.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <charconv>
#include <mutex>

#include "tools/measuring.h"

namespace tools {
namespace {

constexpr unsigned most_drivers = 2;

Failure broken(const std::string& what) { return {Exit::failed, "the load: " + what}; }

// The number behind a header's name, in a head whose lines we know.
uint64_t length_in(std::string_view head) {
    constexpr std::string_view name = "Content-Length: ";
    auto at = head.find(name);
    uint64_t length = 0;
    if (at != head.npos) std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
    return length;
}

}  // namespace

struct Load::Wire {
    explicit Wire(SSL* with, int socket_) : ssl(with), socket(socket_) { SSL_set_fd(ssl, socket); }
    ~Wire() {
        SSL_free(ssl);
        ::close(socket);
    }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    SSL* ssl;
    int socket;
    std::string out, in;
    size_t sent = 0;
    Clock::time_point began;
    bool busy = false;
};

// One thread and its share of the connections.
struct Load::Driver {
    Load& load;
    const Next& next;
    const Answered& answered;
    Clock::time_point until;
    Told told{};
    std::string wrong{};
    size_t busy = 0;

    bool begin(unsigned number) {
        auto& wire = *load.wires_[number];
        if (Clock::now() >= until) return true;
        auto ask = next(number);
        if (!ask) return true;
        wire.out.assign(ask->method).append(" ").append(ask->target).append(" HTTP/1.1\r\nHost: ").append(load.host_);
        if (!load.tokens_.empty())
            wire.out.append("\r\nAuthorization: Bearer ").append(load.tokens_[number % load.tokens_.size()]);
        if (!ask->body.empty())
            wire.out.append("\r\nContent-Type: ")
                .append(ask->type)
                .append("\r\nContent-Length: ")
                .append(std::to_string(ask->body.size()));
        wire.out.append("\r\n\r\n").append(ask->body);
        wire.sent = 0;
        wire.in.clear();
        wire.began = Clock::now();
        wire.busy = true;
        ++busy;
        return write(wire);
    }

    bool write(Wire& wire) {
        while (wire.sent < wire.out.size()) {
            size_t put = 0;
            if (SSL_write_ex(wire.ssl, wire.out.data() + wire.sent, wire.out.size() - wire.sent, &put) != 1)
                return waits(wire, 0);
            wire.sent += put;
        }
        return true;
    }

    bool waits(Wire& wire, int result) {
        auto error = SSL_get_error(wire.ssl, result);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return true;
        wrong = "a connection broke";
        return false;
    }

    // Whatever has come; true unless the connection broke.
    bool read(unsigned number) {
        auto& wire = *load.wires_[number];
        if (wire.sent < wire.out.size() && !write(wire)) return false;
        for (;;) {
            char piece[32 * 1024];
            size_t got = 0;
            if (SSL_read_ex(wire.ssl, piece, sizeof piece, &got) != 1) return waits(wire, 0);
            wire.in.append(piece, got);
            auto head = wire.in.find("\r\n\r\n");
            if (!wire.busy || head == wire.in.npos) continue;
            auto length = length_in(std::string_view(wire.in).substr(0, head + 2));
            if (wire.in.size() < head + 4 + length) continue;
            finish(number, wire, std::string_view(wire.in).substr(head + 4, length));
            if (!begin(number)) return false;
        }
    }

    void finish(unsigned number, Wire& wire, std::string_view body) {
        told.times.push_back(since(wire.began) * 1e6);
        wire.busy = false;
        --busy;
        bool well = wire.in.size() > 9 && wire.in[9] == '2';
        ++(well ? told.answered : told.refused);
        if (!well && told.refusal.empty()) told.refusal = wire.in.substr(0, 2000);
        told.bytes += body.size();
        if (well && answered) answered(number, body);
    }

    void drive(const std::vector<unsigned>& mine) {
        int poll = ::epoll_create1(EPOLL_CLOEXEC);
        for (unsigned number : mine) {
            epoll_event event{};
            event.events = EPOLLIN | EPOLLOUT | EPOLLET;
            event.data.u32 = number;
            ::epoll_ctl(poll, EPOLL_CTL_ADD, load.wires_[number]->socket, &event);
        }
        auto used = cpu_seconds();
        bool well = true;
        for (unsigned number : mine) well = well && begin(number);
        std::vector<epoll_event> events(mine.size());
        auto given_up = until + std::chrono::seconds(60);
        while (well && busy > 0 && Clock::now() < given_up) {
            int count = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 1000);
            for (int i = 0; i < count && well; ++i) well = read(events[static_cast<size_t>(i)].data.u32);
        }
        if (well && busy > 0) wrong = "no answer for a minute";
        told.cpu = cpu_seconds() - used;
        ::close(poll);
    }
};

Load::Load() = default;
Load::~Load() = default;

Attempt<std::unique_ptr<Load>> Load::connect(uint16_t port, const std::string& certificate, unsigned connections,
                                             std::vector<std::string> tokens) {
    std::unique_ptr<Load> load(new Load);
    load->tokens_ = std::move(tokens);
    load->host_ = "127.0.0.1:" + std::to_string(port);
    load->tls_ = std::shared_ptr<void>(SSL_CTX_new(TLS_client_method()),
                                       [](void* tls) { SSL_CTX_free(static_cast<SSL_CTX*>(tls)); });
    auto* tls = static_cast<SSL_CTX*>(load->tls_.get());
    SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_load_verify_file(tls, certificate.c_str()) != 1)
        return tl::unexpected(broken(certificate + " is no certificate"));
    for (unsigned i = 0; i < connections; ++i) {
        int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int yes = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        bool reached = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        load->wires_.push_back(std::make_unique<Wire>(SSL_new(tls), socket));
        if (!reached || SSL_connect(load->wires_.back()->ssl) != 1)
            return tl::unexpected(broken("the service cannot be connected to"));
        ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    }
    return load;
}

Attempt<Load::Told> Load::run(double seconds, const Next& next, const Answered& answered) {
    auto count = std::min<unsigned>(most_drivers, static_cast<unsigned>(wires_.size()));
    auto start = Clock::now();
    auto until = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::vector<Driver> drivers;
    for (unsigned d = 0; d < count; ++d) drivers.push_back({*this, next, answered, until});
    drive_all(drivers, wires_.size());
    Told all;
    all.seconds = since(start);
    for (auto& driver : drivers) {
        if (!driver.wrong.empty()) return tl::unexpected(broken(driver.wrong));
        all.answered += driver.told.answered;
        all.refused += driver.told.refused;
        all.cpu += driver.told.cpu;
        all.bytes += driver.told.bytes;
        all.times.insert(all.times.end(), driver.told.times.begin(), driver.told.times.end());
        if (all.refusal.empty()) all.refusal = driver.told.refusal;
    }
    if (all.refused) return tl::unexpected(broken("a request was refused: " + all.refusal));
    if (all.answered == 0) return tl::unexpected(broken("nothing was answered in the time given"));
    return all;
}

Sample sample_of(Load::Told& told, double server_cpu, uint64_t each) {
    auto done = static_cast<double>(told.answered * each);
    Sample sample{{Unit::per_second, done / told.seconds},
                  {Unit::median_us, percentile(told.times, 0.5)},
                  {Unit::p99_us, percentile(told.times, 0.99)},
                  {Unit::load_us, told.cpu * 1e6 / done},
                  {Unit::count, done}};
    if (server_cpu > 0) sample[Unit::cpu_us] = server_cpu * 1e6 / done;
    return sample;
}

}  // namespace tools
