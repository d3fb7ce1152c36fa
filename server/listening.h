// How a service comes by its connections: a port of its own, and each connection that comes handed on.
#pragma once
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>

#include "schema/result.h"

namespace server {

// Listens there and tells on which port (0: on any that is free). Malformed: the address; io: the port is taken.
schema::Result<uint16_t> listen(boost::asio::ip::tcp::acceptor& acceptor, const std::string& address, uint16_t port);

// Hands on every connection, each on the executor that is chosen for it, until the acceptor is closed.
boost::asio::awaitable<void> accept_each(boost::asio::ip::tcp::acceptor& acceptor, const std::atomic<bool>& stopping,
                                         std::function<boost::asio::any_io_executor()> choose,
                                         std::function<void(boost::asio::ip::tcp::socket)> greet);

}  // namespace server
