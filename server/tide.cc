#include "server/tide.h"

namespace server {

Tide::Tide(const projections::Projections& views) : views_(views), thread_([this] { run(); }) {}

void Tide::stop() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::shared_ptr<void> Tide::on_rise(std::function<void()> rise) {
    auto held = std::make_shared<std::function<void()>>(std::move(rise));
    std::lock_guard lock(mutex_);
    waiting_.push_back(held);
    changed_.notify_all();
    return held;
}

void Tide::run() {
    using namespace std::chrono_literals;
    uint64_t told = 0;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
        }
        auto position = views_.position();
        uint64_t size = position ? *position + 1 : 0;
        std::vector<std::shared_ptr<std::function<void()>>> calls;
        {
            std::unique_lock lock(mutex_);
            if (stop_) return;
            std::erase_if(waiting_, [&](auto& weak) {
                auto held = weak.lock();
                if (held && size != told) calls.push_back(held);
                return !held;
            });
            told = size;
            if (waiting_.empty()) continue;
        }
        for (auto& call : calls) (*call)();
        calls.clear();
        if (views_.watch(size, 200ms)) continue;
        // A view that has stopped answers at once: do not spin on it.
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 20ms, [this] { return stop_; });
    }
}

}  // namespace server
