#include "server/listening.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace server {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

schema::Result<uint16_t> listen(tcp::acceptor& acceptor, const std::string& address, uint16_t port) {
    error_code error;
    auto at = net::ip::make_address(address, error);
    if (error) return schema::malformed("address", "is not an IP address");
    tcp::endpoint endpoint(at, port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error)
        return schema::fail(schema::Fault::io, address + ":" + std::to_string(port),
                            "cannot be listened on: " + error.message());
    return acceptor.local_endpoint(error).port();
}

net::awaitable<void> accept_each(tcp::acceptor& acceptor, const std::atomic<bool>& stopping,
                                 std::function<net::any_io_executor()> choose, std::function<void(tcp::socket)> greet) {
    net::steady_timer pause(acceptor.get_executor());
    for (;;) {
        error_code error;
        auto executor = choose();
        auto socket = co_await acceptor.async_accept(executor, net::redirect_error(net::use_awaitable, error));
        if (stopping || error == net::error::operation_aborted || error == net::error::bad_descriptor) co_return;
        if (error) {  // out of files, most likely: it passes
            pause.expires_after(std::chrono::milliseconds{50});
            co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
            continue;
        }
        socket.set_option(tcp::no_delay(true), error);
        greet(std::move(socket));
    }
}

}  // namespace server
