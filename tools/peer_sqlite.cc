#include "tools/peer_sqlite.h"

#include <sqlite3.h>

#include "ledger/keys.h"

namespace tools {

using schema::as_bytes;

std::string Sqlite::version() { return sqlite3_libversion(); }

Attempt<std::unique_ptr<Sqlite>> Sqlite::open(const std::string& path, bool chained) {
    std::unique_ptr<Sqlite> made(new Sqlite);
    made->chained_ = chained;
    bool well = sqlite3_open(path.c_str(), &made->db_) == SQLITE_OK;
    for (auto* sql : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                      "CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, stream BLOB NOT NULL, version "
                      "INTEGER NOT NULL, id BLOB NOT NULL UNIQUE, payload BLOB NOT NULL, words BLOB, digest BLOB, "
                      "UNIQUE (stream, version))"})
        well = well && made->run(sql);
    well = well && sqlite3_prepare_v2(made->db_,
                                      "INSERT INTO events (stream, version, id, payload, words, digest) VALUES (?, ?, "
                                      "?, ?, ?, ?)",
                                      -1, &made->insert_, nullptr) == SQLITE_OK;
    if (!well) return tl::unexpected(Failure(Exit::failed, "SQLite: " + path + " cannot be made"));
    return made;
}

Sqlite::~Sqlite() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
}

bool Sqlite::run(const char* sql) { return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

bool Sqlite::append(const std::string& payload, const std::string& words, unsigned count) {
    bool well = count == 1 || run("BEGIN");
    for (unsigned i = 0; i < count && well; ++i) {
        if (revision_++ % 100 == 0) stream_ = ledger::random_bytes(16);
        auto id = ledger::random_bytes(16);
        auto blob = [&](int at, std::string_view bytes) {
            return sqlite3_bind_blob(insert_, at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC) ==
                   SQLITE_OK;
        };
        if (chained_) chain_ = ledger::sha256({ledger::bytes_of(chain_), as_bytes(payload)});
        well = blob(1, stream_) && sqlite3_bind_int64(insert_, 2, revision_) == SQLITE_OK && blob(3, id) &&
               blob(4, payload) && blob(5, words) && (!chained_ || blob(6, chain_.view())) &&
               sqlite3_step(insert_) == SQLITE_DONE && sqlite3_reset(insert_) == SQLITE_OK;
    }
    return well && (count == 1 || run("COMMIT"));
}

}  // namespace tools
