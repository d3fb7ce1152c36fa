// The one file that speaks Beast and coroutines. GCC 12 destroys aggregate temporaries in co_await expressions twice,
// so whatever is awaited is given named locals and types with constructors.
#include "server/connection.h"

#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>

#include "ledger/keys.h"
#include "server/problem.h"

namespace server {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr size_t slice = 64 * 1024;

class TlsConnection final : public Connection, public std::enable_shared_from_this<TlsConnection> {
  public:
    TlsConnection(net::ip::tcp::socket socket, const Shared& shared, bool turned_away)
        : shared_(shared),
          limits_(shared.door.limits),
          stream_(std::move(socket), shared.tls),
          pause_(stream_.get_executor()),
          turned_away_(turned_away) {}

    net::awaitable<void> run() override {
        error_code error;
        idle_ = true;
        tcp().expires_after(limits_.handshake);
        co_await stream_.async_handshake(net::ssl::stream_base::server, net::redirect_error(net::use_awaitable, error));
        idle_ = false;
        if (error) co_return;
        if (turned_away_) {
            auto reply = problem(Problem::full);
            co_await write_reply(reply, true, "");
        }
        while (!turned_away_ && !closing_) {
            std::string raw;
            bool too_long = false;
            bool got = co_await read_head_bytes(raw, too_long);
            if (!got) break;
            bool again = co_await serve(raw, too_long);
            if (!again) break;
        }
        co_await close();
    }

    void wind_down() override {
        net::post(stream_.get_executor(), [self = shared_from_this()] {
            self->closing_ = true;
            if (self->idle_) self->tcp().cancel();
            self->pause_.cancel();
        });
    }

  private:
    // What a reply that comes from the ledger's thread needs to find its connection, if that is still there. The errand
    // is let go last.
    struct WayBack {
        WayBack(std::shared_ptr<Gate> to, net::any_io_executor on, std::weak_ptr<TlsConnection> of)
            : errand(to), gate(std::move(to)), executor(std::move(on)), connection(std::move(of)) {}
        Gate::Errand errand;
        std::shared_ptr<Gate> gate;
        net::any_io_executor executor;
        std::weak_ptr<TlsConnection> connection;
    };

    beast::tcp_stream& tcp() { return beast::get_lowest_layer(stream_); }

    // One more piece from the wire into buffer_; false when there is none.
    net::awaitable<bool> read_more() {
        error_code error;
        auto old = buffer_.size();
        buffer_.resize(old + 16 * 1024);
        auto space = net::buffer(buffer_.data() + old, buffer_.size() - old);
        auto got = co_await stream_.async_read_some(space, net::redirect_error(net::use_awaitable, error));
        buffer_.resize(old + got);
        co_return !error;
    }

    // Everything up to the empty line. False: the client is gone, idle too long, or slower than the limit.
    net::awaitable<bool> read_head_bytes(std::string& raw, bool& too_long) {
        idle_ = buffer_.empty();
        tcp().expires_after(idle_ ? limits_.idle : limits_.header);
        for (size_t searched = 0;;) {
            auto end = buffer_.find("\r\n\r\n", searched);
            if (end != buffer_.npos && end + 4 <= head_limit) {
                raw = buffer_.substr(0, end + 4);
                buffer_.erase(0, end + 4);
                co_return true;
            }
            too_long = buffer_.size() >= head_limit;
            if (too_long) co_return true;
            searched = buffer_.size() < 3 ? 0 : buffer_.size() - 3;
            bool got = co_await read_more();
            if (!got) co_return false;
            if (idle_) tcp().expires_after(limits_.header);
            idle_ = false;
        }
    }

    net::awaitable<bool> read_body(uint64_t length, bool expects_continue, std::string& body) {
        if (expects_continue && buffer_.empty()) {
            bool sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
            if (!sent) co_return false;
        }
        // A slow line is allowed for, a client that sends a byte a minute is not.
        constexpr uint64_t slowest = 64 * 1024;  // bytes a second
        tcp().expires_after(limits_.part + std::chrono::seconds(length / slowest));
        body.reserve(std::min<uint64_t>(length, 1024 * 1024));
        while (true) {
            auto take = std::min<uint64_t>(length - body.size(), buffer_.size());
            body.append(buffer_, 0, take);
            buffer_.erase(0, take);
            if (body.size() == length) co_return true;
            bool got = co_await read_more();
            if (!got) co_return false;
        }
    }

    // One request. False: the connection is to be closed.
    net::awaitable<bool> serve(const std::string& raw, bool too_long) {
        auto started = steady_clock::now();
        auto request = schema::to_hex(schema::as_bytes(ledger::random_bytes(8)));
        std::string method = "-", pattern = "-", person;
        bool close = true;
        Reply reply;
        std::optional<Admitted> admitted;
        auto head =
            too_long ? schema::Result<Head>(schema::malformed("header", "is larger than 8 KiB")) : read_head(raw);
        if (!head) {
            reply = problem(head.error());
        } else {
            method = head->method;
            if (auto* route = find_route(*head)) pattern = route->pattern;
            close = !head->keep_alive;
            auto outcome = admit(shared_.door, *head, request);
            if (auto* refused = std::get_if<Reply>(&outcome)) {
                reply = std::move(*refused);
                close = close || head->content_length > 0;  // its body is left unread
            } else {
                admitted.emplace(std::move(std::get<Admitted>(outcome)));
                std::string body;
                bool got = co_await read_body(head->content_length, head->expects_continue, body);
                if (!got) co_return false;
                if (admitted->call.session) person = admitted->call.session->person.hex();
                admitted->call.body = body;
                co_await make_reply(*admitted, reply, request);
            }
        }
        bool head_only = method == "HEAD";  // whose answer has no body, whatever its length says
        close = close || closing_ || head_only;
        int status = reply.status;
        if (head_only) reply.body.clear();
        bool sent = co_await write_reply(reply, close, request);
        shared_.log.answered({method, pattern, status,
                              std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started),
                              person, request});
        co_return sent && !close;
    }

    net::awaitable<void> make_reply(Admitted& admitted, Reply& reply, const std::string& request) {
        if (admitted.at_least) {
            auto there = [&] {
                auto position = shared_.door.views.position();
                return position && *position >= *admitted.at_least;
            };
            auto rising = shared_.tide.on_rise(waker());
            shared_.door.views.hurry();
            bool reached = co_await wait_for(there, limits_.at_least);
            if (!reached) {
                reply = problem(Problem::views_behind);
                co_return;
            }
        } else if (admitted.route->needs == Route::the_views) {
            co_await views_to_follow();
        }
        if (admitted.route->pace == Route::slow) {
            co_await answer_elsewhere(admitted, reply, request);
            co_return;
        }
        auto arrived = answer_now_or_later(admitted, reply, request);
        if (!arrived) co_return;
        auto has_come = [&] { return arrived->has_value(); };
        bool came = co_await wait_for(has_come, limits_.answer);
        if (came) reply = std::move(**arrived);
        else
            reply =
                problem(schema::Error{schema::Fault::overloaded, {}, "no answer in time; ask again with the same id"});
    }

    // Whoever records and then looks sees it, and whoever was given a case may read it at once. Views that are far
    // behind are not waited for: their answers say how far they are.
    net::awaitable<void> views_to_follow() {
        auto& views = shared_.door.views;
        auto size = shared_.door.ledger.published()->head.size;
        auto there = [&] {
            auto behind = views.behind(size);
            return !behind || *behind == 0 || *behind > limits_.views_may_lag;
        };
        if (there()) co_return;
        auto rising = shared_.tide.on_rise(waker());
        views.hurry();
        co_await wait_for(there, limits_.newest);
    }

    // Null: it has been answered. Otherwise the reply arrives there. Only what was handed on keeps the way back; this
    // frame, which may be cut off, does not.
    std::shared_ptr<std::optional<Reply>> answer_now_or_later(Admitted& admitted, Reply& reply,
                                                              const std::string& request) {
        auto back = std::make_shared<WayBack>(shared_.gate, stream_.get_executor(), weak_from_this());
        admitted.call.post = [back](std::function<void()> work) { back->gate->post(back->executor, std::move(work)); };
        answer_here(admitted, reply, request);
        admitted.call.post = nullptr;
        if (!reply.later) return nullptr;
        auto arrived = std::make_shared<std::optional<Reply>>();
        auto later = std::exchange(reply.later, nullptr);
        later([arrived, weak = back->connection](Reply late) {
            *arrived = std::move(late);
            if (auto self = weak.lock()) self->pause_.cancel();
        });
        return arrived;
    }

    // The top of the session: whatever is thrown below ends here.
    void answer_here(Admitted& admitted, Reply& reply, const std::string& request) noexcept {
        try {
            reply = answer(shared_.door, admitted);
        } catch (const std::exception& thrown) {
            shared_.log.fault(thrown.what(), request);
            reply = problem(Problem::fault);
        }
    }

    // What takes long runs with others of its kind, so that those who are quickly served are.
    net::awaitable<void> answer_elsewhere(Admitted& admitted, Reply& reply, const std::string& request) {
        bool come = false;
        auto back = [&come, this] {
            come = true;
            pause_.cancel();
        };
        net::post(shared_.readers, [&, back, gate = shared_.gate, executor = stream_.get_executor()] {
            answer_here(admitted, reply, request);
            gate->post(executor, back);
        });
        // However long it takes: until then it uses what this frame holds.
        auto has_come = [&] { return come; };
        bool in_time = false;
        while (!in_time) in_time = co_await wait_for(has_come, limits_.answer);
    }

    // Until the condition holds; looked at when pause_ is cancelled. False: not in time.
    template <class Condition>
    net::awaitable<bool> wait_for(Condition& condition, std::chrono::milliseconds most) {
        auto until = steady_clock::now() + most;
        while (!condition()) {
            if (steady_clock::now() >= until) co_return false;
            error_code error;
            pause_.expires_at(until);
            co_await pause_.async_wait(net::redirect_error(net::use_awaitable, error));
        }
        co_return true;
    }

    std::function<void()> waker() {
        return [gate = shared_.gate, executor = stream_.get_executor(), weak = weak_from_this()] {
            gate->post(executor, [weak] {
                if (auto self = weak.lock()) self->pause_.cancel();
            });
        };
    }

    net::awaitable<bool> write(std::string_view bytes) {
        while (!bytes.empty()) {
            auto part = bytes.substr(0, slice);
            bytes.remove_prefix(part.size());
            error_code error;
            tcp().expires_after(limits_.part);
            co_await net::async_write(stream_, net::buffer(part.data(), part.size()),
                                      net::redirect_error(net::use_awaitable, error));
            if (error) co_return false;
        }
        co_return true;
    }

    net::awaitable<bool> write_reply(Reply& reply, bool close, const std::string& request) {
        std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " " + std::string(reason_of(reply.status)) +
                           "\r\nCache-Control: " + std::string(reply.cache) + "\r\nX-Content-Type-Options: nosniff\r\n";
        if (!request.empty()) head += "X-Request-Id: " + request + "\r\n";
        for (auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
        if (close) head += "Connection: close\r\n";
        bool bodiless = reply.status == 204 || reply.status == 304;
        if (!bodiless) head += "Content-Type: " + reply.content_type + "\r\n";
        if (reply.stream) {
            head += "Transfer-Encoding: chunked\r\n\r\n";
            bool begun = co_await write(head);
            if (!begun) co_return false;
            co_return co_await write_stream(*reply.stream);
        }
        if (!bodiless) head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
        head += "\r\n";
        head += reply.body;
        co_return co_await write(head);
    }

    net::awaitable<bool> write_chunk(std::string_view content) {
        char size[20];
        auto end = std::to_chars(size, size + sizeof size, content.size(), 16).ptr;
        std::string chunk(size, end);
        chunk += "\r\n";
        chunk += content;
        chunk += "\r\n";
        co_return co_await write(chunk);
    }

    // Writing waits for the reader, and nothing is made before it is wanted: that is all the buffering there is.
    net::awaitable<bool> write_stream(Stream& stream) {
        auto rising = shared_.tide.on_rise(waker());
        std::string content;
        auto quiet_since = steady_clock::now();
        for (;;) {
            content.clear();
            auto state = next_of(stream, content);
            if (!content.empty()) {
                bool sent = co_await write_chunk(content);
                if (!sent) co_return false;
                quiet_since = steady_clock::now();
                // What came while that was written woke nobody.
                if (state == Stream::waiting && !closing_) continue;
            }
            if (state == Stream::broken) co_return false;
            if (state == Stream::ended || (state == Stream::waiting && closing_)) break;
            if (state == Stream::more) {
                // Let others on this thread have their turn.
                co_await net::post(stream_.get_executor(), net::use_awaitable);
                continue;
            }
            error_code error;
            pause_.expires_at(quiet_since + limits_.heartbeat);
            co_await pause_.async_wait(net::redirect_error(net::use_awaitable, error));
            if (steady_clock::now() < quiet_since + limits_.heartbeat) continue;
            quiet_since = steady_clock::now();
            if (stream.heartbeat().empty()) continue;
            bool beat = co_await write_chunk(stream.heartbeat());
            if (!beat) co_return false;
        }
        co_return co_await write("0\r\n\r\n");
    }

    Stream::State next_of(Stream& stream, std::string& content) {
        try {
            return stream.next(content);
        } catch (const std::exception& thrown) {
            shared_.log.fault(thrown.what(), "");
            return Stream::broken;
        }
    }

    // Says goodbye, then takes what the client still had on the way: a reset would destroy the answer before it is
    // read.
    net::awaitable<void> close() {
        error_code error;
        tcp().expires_after(std::chrono::seconds{2});
        co_await stream_.async_shutdown(net::redirect_error(net::use_awaitable, error));
        tcp().socket().shutdown(net::ip::tcp::socket::shutdown_send, error);
        tcp().expires_after(std::chrono::seconds{2});
        buffer_.resize(slice);
        auto space = net::buffer(buffer_.data(), buffer_.size());
        constexpr size_t most = 32 * 1024 * 1024;
        for (size_t taken = 0; taken < most && !error;)
            taken += co_await tcp().async_read_some(space, net::redirect_error(net::use_awaitable, error));
        tcp().socket().close(error);
    }

    const Shared shared_;
    const Limits& limits_;
    beast::ssl_stream<beast::tcp_stream> stream_;
    net::steady_timer pause_;  // all waiting that is not for the wire
    std::string buffer_;       // read and not yet used
    const bool turned_away_;
    bool closing_ = false;
    bool idle_ = false;  // nothing is under way that would be lost
};

}  // namespace

std::shared_ptr<Connection> Connection::make(net::ip::tcp::socket socket, const Shared& shared, bool turned_away) {
    return std::make_shared<TlsConnection>(std::move(socket), shared, turned_away);
}

}  // namespace server
