#include "tools/key_schedule.h"

#include <spdlog/spdlog.h>

#include "ledger/key_backup.h"
#include "server/wall_clock.h"

namespace tools {

schema::Result<std::unique_ptr<KeySchedule>> KeySchedule::start(ledger::KeyStore& keys,
                                                                const KeyScheduleOptions& options) {
    std::unique_ptr<KeySchedule> schedule(new KeySchedule(keys, options));
    if (options.folder.empty()) return schedule;
    auto wait = schedule->back_up_if_due();
    if (!wait) return tl::unexpected(wait.error());
    schedule->thread_ = std::thread([raw = schedule.get(), first = *wait] { raw->run(first); });
    return schedule;
}

KeySchedule::~KeySchedule() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stop_.notify_all();
    if (thread_.joinable()) thread_.join();
}

// How long until the next one is due. The newest whole one counts, whoever made it: a service that is started again and
// again must not roll the older ones off.
schema::Result<std::chrono::milliseconds> KeySchedule::back_up_if_due() {
    auto now = server::wall_time();
    std::chrono::milliseconds every = options_.every;
    if (auto files = ledger::key_backups_in(options_.folder))
        for (auto file = files->rbegin(); file != files->rend(); ++file)
            if (auto newest = ledger::load_key_backup(file->path)) {
                auto age = now - newest->taken;
                if (age >= age.zero() && age < every) return every - age;
                break;
            }
    auto path = ledger::back_up_keys(keys_, options_.folder, options_.keep, now);
    if (!path) return tl::unexpected(path.error());
    spdlog::info("backed the keys up: {}", *path);
    return every;
}

void KeySchedule::run(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    while (!stop_.wait_for(lock, wait, [this] { return stopping_; })) {
        lock.unlock();
        auto next = back_up_if_due();
        if (!next) spdlog::error("the keys could not be backed up: {}", next.error().text());
        wait = next.value_or(std::chrono::milliseconds(options_.every) / 10);
        lock.lock();
    }
}

}  // namespace tools
