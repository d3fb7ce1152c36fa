#include "tools/bench_constant.h"

#include <pthread.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <thread>

#include "server/tls_context.h"
#include "tools/measuring.h"

namespace tools {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr size_t largest = 16 << 20;

class Answering : public std::enable_shared_from_this<Answering> {
  public:
    Answering(net::ip::tcp::socket socket, net::ssl::context& tls) : stream_(std::move(socket), tls) {}
    void begin() {
        stream_.async_handshake(net::ssl::stream_base::server, [self = shared_from_this()](error_code error) {
            if (!error) self->read();
        });
    }

  private:
    void read() {
        request_ = {};
        http::async_read(stream_, buffer_, request_, [self = shared_from_this()](error_code error, size_t) {
            if (!error) self->write();
        });
    }
    void write() {
        answer_ = {};
        answer_.version(11);
        answer_.result(http::status::ok);
        answer_.set(http::field::content_type, "application/json");
        auto target = request_.target();
        size_t size = 0;  // where the target is no number: somebody else asks
        std::from_chars(target.data() + 1, target.data() + target.size(), size);
        answer_.body().assign(std::min(size, largest), 'x');
        answer_.prepare_payload();
        http::async_write(stream_, answer_, [self = shared_from_this()](error_code error, size_t) {
            if (!error) self->read();
        });
    }

    beast::ssl_stream<beast::tcp_stream> stream_;
    beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    http::response<http::string_body> answer_;
};

}  // namespace

struct ConstantServer::State {
    void accept() {
        acceptor.async_accept(net::make_strand(io), [this](error_code error, net::ip::tcp::socket socket) {
            if (error) return;
            socket.set_option(net::ip::tcp::no_delay(true), error);
            std::make_shared<Answering>(std::move(socket), tls)->begin();
            accept();
        });
    }

    net::ssl::context tls{net::ssl::context::tls_server};
    net::io_context io;
    net::ip::tcp::acceptor acceptor{io, {net::ip::address_v4::loopback(), 0}};
    std::vector<std::thread> threads;
};

ConstantServer::ConstantServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

ConstantServer::~ConstantServer() {
    state_->io.stop();
    for (auto& thread : state_->threads) thread.join();
}

schema::Result<std::unique_ptr<ConstantServer>> ConstantServer::start(const std::string& certificate,
                                                                      const std::string& key) {
    auto state = std::make_unique<State>();
    TRY(server::prepare_to_serve(state->tls, certificate, key));
    state->accept();
    for (int i = 0; i < 2; ++i) state->threads.emplace_back([io = &state->io] { io->run(); });
    return std::unique_ptr<ConstantServer>(new ConstantServer(std::move(state)));
}

uint16_t ConstantServer::port() const { return state_->acceptor.local_endpoint().port(); }

double ConstantServer::cpu() const {
    double used = 0;
    for (auto& thread : state_->threads) {
        clockid_t clock{};
        if (::pthread_getcpuclockid(thread.native_handle(), &clock) == 0) used += cpu_seconds(clock);
    }
    return used;
}

}  // namespace tools
