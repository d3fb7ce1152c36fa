#include "server/server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <set>
#include <thread>

#include "server/connection.h"
#include "server/listening.h"
#include "server/tls_context.h"

namespace server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;
using schema::fail;
using schema::Fault;
using schema::Result;

// Beyond the limit so many more are told that there are too many; the rest are just closed.
constexpr size_t turned_away_most = 64;

// A thread that does I/O, with the connections that are its own. Threads that shared them would be woken for each
// other's work, and find it done.
struct Worker {
    net::io_context io{1};
    size_t connections = 0;
    std::thread thread;
};

}  // namespace

struct Server::State {
    State(ledger::Ledger& ledger, commands::Sequencer& sequencer, projections::Projections& views, Options given)
        : options(std::move(given)),
          door(ledger, sequencer, views, options.limits, options.clock ? options.clock : [] {
              return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
          }, options.witnessing),
          log(options.log),
          workers(std::max(1u, options.threads)),
          acceptor(workers.front().io) {}

    Worker& least_busy() {
        std::lock_guard lock(mutex);
        return *std::min_element(workers.begin(), workers.end(),
                                 [](auto& a, auto& b) { return a.connections < b.connections; });
    }

    Worker& worker_of(tcp::socket& socket) {
        auto executor = socket.get_executor();
        auto& io = net::query(executor, net::execution::context);
        return *std::find_if(workers.begin(), workers.end(), [&](auto& worker) { return &worker.io == &io; });
    }

    void greet(tcp::socket socket) {
        auto& worker = worker_of(socket);
        std::shared_ptr<Connection> connection;
        auto executor = socket.get_executor();
        {
            std::lock_guard lock(mutex);
            if (connections.size() >= options.limits.connections + turned_away_most) return;
            connection = Connection::make(std::move(socket), Shared{door, *tide, log, gate, tls, *readers},
                                          connections.size() >= options.limits.connections);
            connections.insert(connection);
            ++worker.connections;
        }
        net::co_spawn(
            executor, [connection] { return connection->run(); },
            [this, connection, &worker](std::exception_ptr thrown) {
                // Nothing should come this far; what does must not take the others with it.
                if (thrown) log.fault("a connection ended by an exception", "");
                std::lock_guard lock(mutex);
                connections.erase(connection);
                --worker.connections;
                if (connections.empty()) none_left.notify_all();
            });
    }

    void work(net::io_context& io) {
        auto until_stopped = net::make_work_guard(io);
        for (;;) {
            try {
                io.run();
                return;
            } catch (const std::exception& thrown) {
                log.fault(thrown.what(), "");
            }
        }
    }

    Options options;
    Door door;
    Log log;
    std::shared_ptr<Gate> gate = std::make_shared<Gate>();
    net::ssl::context tls{net::ssl::context::tls_server};
    std::unique_ptr<Tide> tide;
    std::unique_ptr<net::thread_pool> readers;
    std::mutex mutex;
    std::condition_variable none_left;
    // Destroyed before all of the above, with whatever is left of the coroutines, which refer to it.
    std::deque<Worker> workers;
    // And before that, what holds sockets and timers of theirs.
    tcp::acceptor acceptor;
    std::set<std::shared_ptr<Connection>> connections;
    uint16_t port = 0;
    bool started = false;
};

Server::Server(ledger::Ledger& ledger, commands::Sequencer& sequencer, projections::Projections& views, Options options)
    : state_(std::make_unique<State>(ledger, sequencer, views, std::move(options))) {}

Server::~Server() { (void)stop(); }

uint16_t Server::port() const { return state_->port; }

Result<void> Server::start() {
    auto& state = *state_;
    ASSERT(!state.started);
    TRY(prepare_to_serve(state.tls, state.options.certificate, state.options.key));
    auto listening = listen(state.acceptor, state.options.address, state.options.port);
    if (!listening) return tl::unexpected(listening.error());
    state.port = *listening;
    state.started = true;
    state.tide = std::make_unique<Tide>(state.door.views);
    auto choose = [&state] { return net::any_io_executor(state.least_busy().io.get_executor()); };
    auto greet = [&state](tcp::socket socket) { state.greet(std::move(socket)); };
    net::co_spawn(state.acceptor.get_executor(), accept_each(state.acceptor, state.door.stopping, choose, greet),
                  [](std::exception_ptr) {});
    state.readers = std::make_unique<net::thread_pool>(std::max(1u, state.options.threads));
    for (auto& worker : state.workers) worker.thread = std::thread([&] { state.work(worker.io); });
    state.log.said("started");
    return {};
}

Result<void> Server::stop() {
    auto& state = *state_;
    if (!state.started) return {};
    state.started = false;
    state.door.stopping = true;
    state.log.said("stopping");
    net::post(state.acceptor.get_executor(), [&state] {
        error_code error;
        state.acceptor.close(error);
    });
    bool all_done = false;
    {
        std::unique_lock lock(state.mutex);
        for (auto& connection : state.connections) connection->wind_down();
        all_done = state.none_left.wait_for(lock, state.options.limits.stop, [&] { return state.connections.empty(); });
    }
    state.gate->close();
    state.tide->stop();
    for (auto& worker : state.workers) worker.io.stop();
    for (auto& worker : state.workers) worker.thread.join();
    // What waits there is dropped, what runs is waited for; and what has been asked of the ledger comes back. All of it
    // holds executors of the workers, who must be there still.
    state.readers->stop();
    state.readers->join();
    state.readers.reset();
    state.gate->wait_for_all();
    state.connections.clear();
    state.log.said("stopped");
    if (!all_done) return fail(Fault::io, "requests under way were cut off");
    return {};
}

}  // namespace server
