// One thread that tells whoever waits that the views have risen, so that no connection has to ask again and again.
// It hurries nobody: who cannot wait for what is published together to be followed together says so to the views.
#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "projections/views.h"

namespace server {

class Tide {
  public:
    explicit Tide(const projections::Projections& views);
    ~Tide() { stop(); }
    void stop();

    // Calls `rise` on the tide's thread after each rise, for as long as what is returned is kept.
    [[nodiscard]] std::shared_ptr<void> on_rise(std::function<void()> rise);

  private:
    void run();

    const projections::Projections& views_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stop_ = false;
    std::vector<std::weak_ptr<std::function<void()>>> waiting_;
    std::thread thread_;
};

}  // namespace server
