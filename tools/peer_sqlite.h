// A peer: SQLite in this process, WAL with synchronous FULL, one writer.
#pragma once
#include <memory>
#include <string>

#include "ledger/digest.h"
#include "tools/desk.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tools {

class Sqlite {
  public:
    // An append-only table with unique stream and version; `chained`: each row holds the hash over all before it.
    static Attempt<std::unique_ptr<Sqlite>> open(const std::string& path, bool chained);
    ~Sqlite();
    static std::string version();

    // So many events in one transaction; false: it failed.
    bool append(const std::string& payload, const std::string& words, unsigned count);

  private:
    Sqlite() = default;
    bool run(const char* sql);
    sqlite3* db_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
    bool chained_ = false;
    ledger::Digest chain_{};
    std::string stream_;
    int64_t revision_ = 0;
};

}  // namespace tools
