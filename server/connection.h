// One client over TLS: reads heads and bodies within time and size, asks the routes, and writes what they answer. All
// of one connection runs on one thread. Only connection.cc and server.cc may include this: it brings Asio.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "server/log.h"
#include "server/routes.h"
#include "server/tide.h"

namespace server {

// The way back to the I/O threads for replies that come from elsewhere. Closed before those threads are gone, so a late
// reply falls on the floor instead of on a dead executor.
class Gate {
  public:
    template <class Executor, class Work>
    void post(const Executor& executor, Work work) {
        std::lock_guard lock(mutex_);
        if (open_) boost::asio::post(executor, std::move(work));
    }
    void close() {
        std::lock_guard lock(mutex_);
        open_ = false;
    }

    // Held by whatever was handed to another thread together with something that must not outlive the server.
    class Errand {
      public:
        explicit Errand(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {
            std::lock_guard lock(gate_->mutex_);
            ++gate_->errands_;
        }
        ~Errand() {
            std::lock_guard lock(gate_->mutex_);
            if (--gate_->errands_ == 0) gate_->all_back_.notify_all();
        }
        Errand(const Errand&) = delete;
        Errand& operator=(const Errand&) = delete;

      private:
        std::shared_ptr<Gate> gate_;
    };
    void wait_for_all() {
        std::unique_lock lock(mutex_);
        all_back_.wait(lock, [this] { return errands_ == 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable all_back_;
    size_t errands_ = 0;
    bool open_ = true;
};

struct Shared {
    Door& door;
    Tide& tide;
    const Log& log;
    std::shared_ptr<Gate> gate;
    boost::asio::ssl::context& tls;
    boost::asio::thread_pool& readers;  // where slow routes run
};

class Connection {
  public:
    virtual ~Connection() = default;
    // `turned_away`: there are too many; it is told so and closed.
    static std::shared_ptr<Connection> make(boost::asio::ip::tcp::socket socket, const Shared& shared,
                                            bool turned_away);
    virtual boost::asio::awaitable<void> run() = 0;
    // Any thread: finish what is under way, take nothing more.
    virtual void wind_down() = 0;
};

}  // namespace server
