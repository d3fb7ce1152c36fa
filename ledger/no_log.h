// A reader leaves no trace: without this, RocksDB begins a new LOG file in a folder that may be evidence.
#pragma once
#include <rocksdb/env.h>

#include <memory>

namespace ledger {

inline std::shared_ptr<rocksdb::Logger> no_log() {
    class NoLog final : public rocksdb::Logger {
      public:
        using rocksdb::Logger::Logv;
        void Logv(const char*, va_list) override {}
    };
    return std::make_shared<NoLog>();
}

}  // namespace ledger
