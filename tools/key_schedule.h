// Backups of the keys while the service runs: one as soon as the newest is old enough, and so on, rolling off.
#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "ledger/key_store.h"
#include "schema/time.h"

namespace tools {

struct KeyScheduleOptions {
    std::string folder;  // empty: none are made
    size_t keep = 7;
    std::chrono::minutes every = std::chrono::hours(24);
};

class KeySchedule {
  public:
    // Makes the first one if it is due: a place that cannot be written to is told at once. What fails later is logged
    // and tried again after a tenth of the time.
    static schema::Result<std::unique_ptr<KeySchedule>> start(ledger::KeyStore& keys,
                                                              const KeyScheduleOptions& options);
    ~KeySchedule();

  private:
    KeySchedule(ledger::KeyStore& keys, const KeyScheduleOptions& options) : keys_(keys), options_(options) {}
    schema::Result<std::chrono::milliseconds> back_up_if_due();
    void run(std::chrono::milliseconds wait);

    ledger::KeyStore& keys_;
    KeyScheduleOptions options_;
    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace tools
