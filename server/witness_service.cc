// GCC 12 destroys aggregate temporaries in co_await expressions twice, so whatever is awaited is given named locals.
#include "server/witness_service.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/json.hpp>
#include <condition_variable>
#include <set>
#include <thread>

#include "ledger/add_checkpoint.h"
#include "server/http.h"
#include "server/listening.h"
#include "server/tls_context.h"

namespace server {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using net::ip::tcp;
using schema::Result;
using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

Reply text_reply(int status, std::string why) {
    Reply reply;
    reply.status = status;
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = std::move(why) + "\n";
    return reply;
}

std::string wire_form(const Reply& reply, bool close) {
    auto head = "HTTP/1.1 " + std::to_string(reply.status) + " " + std::string(reason_of(reply.status)) +
                "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
    for (auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
    if (close) head += "Connection: close\r\n";
    return head + "Content-Type: " + reply.content_type + "\r\nContent-Length: " + std::to_string(reply.body.size()) +
           "\r\n\r\n" + reply.body;
}

}  // namespace

struct WitnessService::State {
    State(ledger::Witness& w, WallClock& c, WitnessOptions given)
        : witness(w), clock(c), options(std::move(given)), log(options.log) {}

    Result<void> listen() {
        error_code error;
        auto address = net::ip::make_address(options.address, error);
        if (!error && !tls && !address.is_loopback())
            return schema::malformed("address", "plain HTTP is for this machine alone (127.0.0.1 or ::1)");
        auto listening = server::listen(acceptor, options.address, options.port);
        if (!listening) return tl::unexpected(listening.error());
        port = *listening;
        return {};
    }

    void greet(tcp::socket socket) {
        if (tls) greet(std::make_shared<Tls>(std::move(socket), *tls));
        else greet(std::make_shared<Plain>(std::move(socket)));
    }

    template <class Wire>
    void greet(std::shared_ptr<Wire> wire) {
        auto executor = wire->get_executor();
        auto hang_up = std::make_shared<std::function<void()>>([executor, weak = std::weak_ptr<Wire>(wire)] {
            net::post(executor, [weak] {
                if (auto held = weak.lock()) beast::get_lowest_layer(*held).cancel();
            });
        });
        {
            std::lock_guard lock(mutex);
            if (open.size() >= options.connections) return;
            open.insert(hang_up);
        }
        net::co_spawn(
            executor, [this, wire] { return converse(wire); },
            [this, hang_up](std::exception_ptr thrown) {
                if (thrown) log.fault("a connection ended by an exception", "");
                std::lock_guard lock(mutex);
                open.erase(hang_up);
                if (open.empty()) none_left.notify_all();
            });
    }

    template <class Wire>
    net::awaitable<void> converse(std::shared_ptr<Wire> wire) {
        auto& socket = beast::get_lowest_layer(*wire);
        error_code error;
        std::string buffer;
        if constexpr (std::is_same_v<Wire, Tls>) {
            socket.expires_after(options.part);
            co_await wire->async_handshake(net::ssl::stream_base::server,
                                           net::redirect_error(net::use_awaitable, error));
        }
        while (!error && !stopping) {
            size_t end = buffer.npos;
            socket.expires_after(buffer.empty() ? options.idle : options.part);
            while (!error && (end = buffer.find("\r\n\r\n")) == buffer.npos && buffer.size() < head_limit)
                error = co_await read_more(*wire, buffer);
            if (error || stopping) break;
            if (end == buffer.npos) end = buffer.size() - 4;  // too long; read_head says so
            auto raw = buffer.substr(0, end + 4);
            buffer.erase(0, end + 4);
            auto head = read_head(raw);
            bool close = !head || !head->keep_alive || head->content_length > ledger::add_checkpoint_limit;
            Reply reply = head ? Reply{} : text_reply(400, head.error().text());
            if (head && head->content_length > ledger::add_checkpoint_limit) {
                reply = text_reply(413, "at most " + std::to_string(ledger::add_checkpoint_limit) + " bytes are taken");
            } else if (head) {
                socket.expires_after(options.part);
                if (head->expects_continue && buffer.empty()) {
                    std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
                    error = co_await write(*wire, go_on);
                }
                while (!error && buffer.size() < head->content_length) error = co_await read_more(*wire, buffer);
                if (error) break;
                auto body = buffer.substr(0, head->content_length);
                buffer.erase(0, head->content_length);
                reply = answer(*head, body);
            }
            close = close || stopping;
            auto out = wire_form(reply, close);
            socket.expires_after(options.part);
            error = co_await write(*wire, out);
            if (close) break;
        }
        socket.expires_after(std::chrono::seconds{2});
        if constexpr (std::is_same_v<Wire, Tls>)
            co_await wire->async_shutdown(net::redirect_error(net::use_awaitable, error));
        socket.socket().shutdown(net::socket_base::shutdown_both, error);
    }

    template <class Wire>
    net::awaitable<error_code> read_more(Wire& wire, std::string& buffer) {
        error_code error;
        auto old = buffer.size();
        buffer.resize(old + 16 * 1024);
        auto space = net::buffer(buffer.data() + old, buffer.size() - old);
        auto got = co_await wire.async_read_some(space, net::redirect_error(net::use_awaitable, error));
        buffer.resize(old + got);
        co_return error;
    }
    template <class Wire>
    net::awaitable<error_code> write(Wire& wire, const std::string& bytes) {
        error_code error;
        auto all = net::buffer(bytes);
        co_await net::async_write(wire, all, net::redirect_error(net::use_awaitable, error));
        co_return error;
    }

    Reply answer(const Head& head, const std::string& body) {
        if (head.path == "/livez" && head.method == "GET") return text_reply(200, "live");
        if (head.path != "/add-checkpoint") return text_reply(404, "only POST /add-checkpoint is here");
        if (head.method != "POST") {
            auto reply = text_reply(405, "it takes POST");
            reply.headers.emplace_back("Allow", "POST");
            return reply;
        }
        auto judged = witness.add_checkpoint(body, [this]() -> Result<uint64_t> {
            auto now = clock();
            if (!now) return tl::unexpected(now.error());
            return static_cast<uint64_t>(std::chrono::floor<std::chrono::seconds>(*now).time_since_epoch().count());
        });
        if (!judged) {
            sealed = true;
            log.told("error", "witness-sealed", {{"what", judged.error().text()}});
            return text_reply(503, "the state could not be written; nothing is cosigned");
        }
        tell(*judged);
        Reply reply;
        reply.status = judged->status;
        reply.content_type = judged->content_type;
        reply.body = std::move(judged->body);
        return reply;
    }

    void tell(const ledger::WitnessAnswer& judged) {
        boost::json::object more{{"status", judged.status}};
        if (!judged.origin.empty()) {
            more["origin"] = judged.origin;
            more["size"] = judged.size;
        }
        if (judged.conflict.empty()) return log.told("info", "add-checkpoint", std::move(more));
        more["conflict"] = judged.conflict;
        if (!judged.evidence.empty()) more["evidence"] = judged.evidence;
        log.told(judged.conflict == "fork" ? "error" : "warning", "conflict", std::move(more));
    }

    ledger::Witness& witness;
    WallClock& clock;
    const WitnessOptions options;
    Log log;
    std::optional<net::ssl::context> tls;
    std::mutex mutex;
    std::condition_variable none_left;
    std::atomic<bool> stopping{false}, sealed{false};
    net::io_context io;
    tcp::acceptor acceptor{net::make_strand(io)};
    std::set<std::shared_ptr<std::function<void()>>> open;
    std::vector<std::thread> threads;
    uint16_t port = 0;
};

WitnessService::WitnessService(ledger::Witness& witness, WallClock& clock, WitnessOptions options)
    : state_(std::make_unique<State>(witness, clock, std::move(options))) {}
WitnessService::~WitnessService() { stop(); }

uint16_t WitnessService::port() const { return state_->port; }
bool WitnessService::sealed() const { return state_->sealed; }

Result<void> WitnessService::start() {
    auto& state = *state_;
    ASSERT(state.threads.empty());
    if (!state.options.certificate.empty()) {
        state.tls.emplace(net::ssl::context::tls_server);
        TRY(prepare_to_serve(*state.tls, state.options.certificate, state.options.key));
    }
    TRY(state.listen());
    auto choose = [&state] { return net::any_io_executor(net::make_strand(state.io)); };
    auto greet = [&state](tcp::socket socket) { state.greet(std::move(socket)); };
    net::co_spawn(state.acceptor.get_executor(), accept_each(state.acceptor, state.stopping, choose, greet),
                  net::detached);
    for (int n = 0; n < 2; ++n) state.threads.emplace_back([&state] { state.io.run(); });
    state.log.said("started");
    return {};
}

void WitnessService::stop() {
    auto& state = *state_;
    if (state.threads.empty()) return;
    state.stopping = true;
    net::post(state.acceptor.get_executor(), [&state] {
        error_code error;
        state.acceptor.close(error);
    });
    {
        // What is being judged runs to its end before a hang-up has its turn; its answer may be lost, its state is not.
        std::unique_lock lock(state.mutex);
        for (auto& hang_up : state.open) (*hang_up)();
        state.none_left.wait_for(lock, std::chrono::seconds{5}, [&] { return state.open.empty(); });
    }
    state.io.stop();
    for (auto& thread : state.threads) thread.join();
    state.threads.clear();
    state.log.said("stopped");
}

}  // namespace server
