#include "server/client.h"

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/file_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "schema/json.h"

namespace server {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;
using boost::system::error_code;
using schema::fail;
using schema::Fault;
using schema::Result;
using Wire = beast::ssl_stream<beast::tcp_stream>;

}  // namespace

json::value Response::json() const {
    auto value = schema::parse_json(body);
    return value ? *value : json::value(nullptr);
}

// Each step is asynchronous inside and waited for here, because only so do Beast's time limits count.
struct Client::State {
    State(std::string host_, std::string port_, bool plain_, Options given)
        : host(std::move(host_)), port(std::move(port_)), plain(plain_), options(std::move(given)) {}

    template <class Start>
    error_code step(Start start) {
        error_code result = net::error::timed_out;
        if (cut_off) return net::error::operation_aborted;
        beast::get_lowest_layer(*wire).expires_after(options.patience);
        start([&result](error_code error, auto&&...) { result = error; });
        io.restart();
        // Whoever cuts us off stops it once; a restart must not undo that.
        if (!cut_off) io.run();
        if (cut_off) result = net::error::operation_aborted;
        return result;
    }

    Result<void> open() {
        wire.reset();
        left.clear();
        error_code error;
        net::ip::tcp::resolver resolver(io);
        auto found = resolver.resolve(host, port, error);
        if (error) return fail(Fault::io, host + ":" + port, "is not found: " + error.message());
        wire = std::make_unique<Wire>(io, tls);
        error = step([&](auto done) { beast::get_lowest_layer(*wire).async_connect(found, std::move(done)); });
        if (!error) beast::get_lowest_layer(*wire).socket().set_option(net::ip::tcp::no_delay(true), error);
        if (!error && !plain) {
            wire->set_verify_callback(net::ssl::host_name_verification(host));
            SSL_set_tlsext_host_name(wire->native_handle(), host.c_str());
            error = step([&](auto done) { wire->async_handshake(net::ssl::stream_base::client, std::move(done)); });
        }
        if (!error) return {};
        if (!cut_off) wire.reset();
        return fail(Fault::io, host + ":" + port, "cannot be connected to: " + error.message());
    }

    error_code write(http::request<http::string_body>& request) {
        return step([&](auto done) {
            if (plain) http::async_write(wire->next_layer(), request, std::move(done));
            else http::async_write(*wire, request, std::move(done));
        });
    }
    error_code read(http::response_parser<http::string_body>& parser) {
        return step([&](auto done) {
            if (plain) http::async_read(wire->next_layer(), left, parser, std::move(done));
            else http::async_read(*wire, left, parser, std::move(done));
        });
    }

    template <class Body>
    error_code read_some(http::response_parser<Body>& parser) {
        return step([&](auto done) {
            if (plain) http::async_read_some(wire->next_layer(), left, parser, std::move(done));
            else http::async_read_some(*wire, left, parser, std::move(done));
        });
    }
    // A step for each piece, so that what is long may take long, as long as something comes.
    template <class Body>
    error_code read_all(http::response_parser<Body>& parser) {
        error_code error;
        while (!error && !parser.is_done()) error = read_some(parser);
        return error;
    }

    Result<Response> download(const std::string& target, const std::string& path) {
        auto broke = [this](const error_code& error) {
            wire.reset();
            return fail(Fault::io, host + ":" + port, "the connection broke: " + error.message());
        };
        TRY(open());
        http::request<http::string_body> request{http::verb::get, target, 11};
        request.set(http::field::host, host.find(':') == host.npos ? host + ":" + port : "[" + host + "]:" + port);
        if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
        if (auto error = write(request)) return broke(error);
        http::response_parser<http::empty_body> head;
        error_code error;
        while (!error && !head.is_header_done()) error = read_some(head);
        if (error) return broke(error);
        Response response;
        response.status = static_cast<int>(head.get().result_int());
        response.content_type = std::string(head.get()[http::field::content_type]);
        if (response.status >= 300) {
            http::response_parser<http::string_body> problem(std::move(head));
            problem.body_limit(1 << 20);
            if ((error = read_all(problem))) return broke(error);
            response.body = std::move(problem.get().body());
            return response;
        }
        http::response_parser<http::file_body> file(std::move(head));
        file.body_limit(boost::none);
        file.get().body().open(path.c_str(), beast::file_mode::write_existing, error);
        if (error) return fail(Fault::io, path, "cannot be written: " + error.message());
        if ((error = read_all(file))) return broke(error);
        return response;
    }

    Result<Response> exchange(http::request<http::string_body>& request) {
        request.set(http::field::host, host.find(':') == host.npos ? host + ":" + port : "[" + host + "]:" + port);
        if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
        if (request.method() == http::verb::post) request.prepare_payload();
        bool kept = wire != nullptr;
        if (!kept) TRY(open());
        auto error = write(request);
        http::response_parser<http::string_body> parser;
        parser.body_limit(options.largest_answer);
        if (!error) error = read(parser);
        if (error) {
            if (cut_off) return fail(Fault::io, host + ":" + port, "was cut off");
            wire.reset();
            // The service may have closed an idle connection just as we used it; a GET may simply be asked again.
            if (kept && request.method() == http::verb::get && !parser.got_some()) return exchange(request);
            return fail(Fault::io, host + ":" + port, "the connection broke: " + error.message());
        }
        auto& answer = parser.get();
        if (!answer.keep_alive()) wire.reset();
        auto header = [&](http::field name) { return std::string(answer[name]); };
        return Response{static_cast<int>(answer.result_int()),
                        header(http::field::content_type),
                        std::move(answer.body()),
                        header(http::field::etag),
                        header(http::field::link),
                        header(http::field::cache_control)};
    }

    std::string host, port, token;
    const bool plain;
    const Options options;
    std::atomic<bool> cut_off{false};
    net::io_context io;
    net::ssl::context tls{net::ssl::context::tls_client};
    std::unique_ptr<Wire> wire;
    beast::flat_buffer left;
};

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::prepare(const std::string& url, Options options) {
    auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->host().empty() || (parsed->scheme() != "https" && parsed->scheme() != "http"))
        return schema::malformed("url", "must be like https://127.0.0.1:8443");
    bool plain = parsed->scheme() == "http";
    auto host = std::string(parsed->host_address());
    bool anywhere = options.answers_prove_themselves;
    if (plain && !anywhere && host != "localhost" && host != "127.0.0.1" && host != "::1")
        return schema::malformed("url", "must be https, except on this machine");
    auto port = parsed->has_port() ? std::string(parsed->port()) : std::string(plain ? "80" : "443");
    auto state = std::make_unique<State>(host, port, plain, std::move(options));
    if (plain) return Client(std::move(state));
    error_code error;
    auto& trusted = state->options.certificates;
    SSL_CTX_set_min_proto_version(state->tls.native_handle(), anywhere ? TLS1_2_VERSION : TLS1_3_VERSION);
    state->tls.set_verify_mode(net::ssl::verify_peer);
    if (trusted.empty()) state->tls.set_default_verify_paths(error);
    else state->tls.load_verify_file(trusted, error);
    if (error) return fail(Fault::io, trusted, "is no certificate that can be read: " + error.message());
    return Client(std::move(state));
}

Result<Client> Client::connect(const std::string& url, const std::string& certificate_file) {
    if (!url.starts_with("https://")) return schema::malformed("url", "must be like https://127.0.0.1:8443");
    auto client = prepare(url, {certificate_file});
    if (!client) return client;
    TRY(client->state_->open());
    return client;
}

// The handlers that are left behind are never run, since nothing is asked again; they go with the connection.
void Client::cut_off() {
    state_->cut_off = true;
    state_->io.stop();
}

Result<void> Client::sign_in(const ledger::SigningKey& key) {
    auto failed = [](const char* step) { return fail(Fault::forbidden, std::string("signing in failed: ") + step); };
    auto book = get("/v1/ledger");
    if (!book) return tl::unexpected(book.error());
    auto asked = post("/v1/challenge", json::serialize(json::object{{"key", key.id().hex()}}));
    if (!asked) return tl::unexpected(asked.error());
    if (book->status != 200 || asked->status != 200) return failed("the service gives no challenge");
    auto text = [](const json::value& value, const char* name) {
        auto* object = value.if_object();
        auto* found = object ? object->if_contains(name) : nullptr;
        return found && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    auto challenge_hex = text(asked->json(), "challenge");
    auto challenge = schema::from_hex(challenge_hex);
    auto origin = text(book->json(), "origin");
    if (!challenge || origin.empty()) return failed("the challenge cannot be read");

    auto signature = key.sign(ledger::session_context, schema::as_bytes(origin + "\n" + *challenge));
    json::object proof{{"key", key.id().hex()}, {"challenge", challenge_hex}, {"signature", signature.hex()}};
    auto opened = post("/v1/session", json::serialize(proof));
    if (!opened) return tl::unexpected(opened.error());
    if (opened->status != 201) return failed("the key is not enrolled, or has been revoked");
    state_->token = text(opened->json(), "token");
    return {};
}

const std::string& Client::token() const { return state_->token; }

void Client::share_session(const Client& other) { state_->token = other.state_->token; }

Result<Response> Client::get(const std::string& target, const std::string& accept) {
    http::request<http::string_body> request{http::verb::get, target, 11};
    request.set(http::field::accept, accept);
    return state_->exchange(request);
}

Result<Response> Client::download(const std::string& target, const std::string& path) {
    return state_->download(target, path);
}

Result<Response> Client::post(const std::string& target, std::string body, const std::string& content_type) {
    http::request<http::string_body> request{http::verb::post, target, 11, std::move(body)};
    request.set(http::field::content_type, content_type);
    return state_->exchange(request);
}

}  // namespace server
