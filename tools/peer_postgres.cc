#include "tools/peer_postgres.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "ledger/keys.h"
#include "tools/measuring.h"

namespace tools {
namespace {

namespace fs = std::filesystem;
constexpr const char* programs = "/usr/lib/postgresql/15/bin/";

Failure failed(const std::string& what) { return {Exit::failed, "PostgreSQL: " + what}; }

// The server refuses to run as root.
std::vector<std::string> as_its_user(std::vector<std::string> command) {
    if (::geteuid() != 0) return command;
    command.insert(command.begin(), {"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"});
    return command;
}

bool give(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error || ::geteuid() != 0) return !error;
    auto* user = ::getpwnam("postgres");
    return user && ::chown(folder.c_str(), user->pw_uid, user->pw_gid) == 0;
}

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

bool well(const PGresult* result) {
    auto status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

Attempt<std::unique_ptr<Postgres>> Postgres::start(const std::string& folder) {
    std::unique_ptr<Postgres> made(new Postgres);
    made->folder_ = fs::absolute(folder).string();
    // A socket's path must be short.
    made->sockets_ = "/tmp/bench-peers-" + schema::to_hex(schema::as_bytes(ledger::random_bytes(4)));
    if (!give(made->folder_) || !give(made->sockets_)) return tl::unexpected(failed("its folder cannot be made"));
    auto init = Process::start(as_its_user({std::string(programs) + "initdb", "-D", made->folder_ + "/data", "-A",
                                            "trust", "-U", "bench", "--no-locale", "-E", "UTF8"}),
                               made->folder_ + ".initdb.log");
    if (!init) return tl::unexpected(init.error());
    while ((*init)->line()) {
    }
    if (!(*init)->ended_well()) return tl::unexpected(failed("initdb failed; see " + made->folder_ + ".initdb.log"));
    auto server =
        Process::start(as_its_user({std::string(programs) + "postgres", "-D", made->folder_ + "/data", "-k",
                                    made->sockets_, "-c", "listen_addresses=", "-c", "shared_buffers=1GB", "-c",
                                    "max_connections=600", "-c", "synchronous_commit=on", "-c", "fsync=on"}),
                       made->folder_ + ".log");
    if (!server) return tl::unexpected(server.error());
    made->server_ = *std::move(server);
    for (int tries = 0; tries < 300 && !made->connection_; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (auto connection = made->connect()) made->connection_ = *connection;
    }
    if (!made->connection_) return tl::unexpected(failed("does not answer; see " + made->folder_ + ".log"));
    auto version = made->ask("SHOW server_version");
    if (!version) return tl::unexpected(version.error());
    made->version_ = *version;
    return made;
}

Postgres::~Postgres() {
    connection_.reset();
    if (server_) server_->stop();
    std::error_code ignored;
    fs::remove_all(sockets_, ignored);
    fs::remove_all(folder_, ignored);
    if (version_.empty()) return;  // its logs say why
    for (auto* log : {".log", ".initdb.log"}) fs::remove(folder_ + log, ignored);
}

Attempt<std::shared_ptr<PGconn>> Postgres::connect() const {
    auto line = "host=" + sockets_ + " user=bench dbname=postgres";
    std::shared_ptr<PGconn> connection(PQconnectdb(line.c_str()), PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK) return tl::unexpected(failed(PQerrorMessage(connection.get())));
    return connection;
}

Attempt<std::string> Postgres::ask(const std::string& sql) {
    Result result(PQexec(connection_.get(), sql.c_str()), PQclear);
    if (!well(result.get())) return tl::unexpected(failed(PQerrorMessage(connection_.get())));
    return PQntuples(result.get()) > 0 ? std::string(PQgetvalue(result.get(), 0, 0)) : std::string();
}

void CopyRows::number(uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) rows_ += static_cast<char>(value >> shift);
}
void CopyRows::field(std::string_view bytes) {
    number(bytes.size(), 4);
    rows_ += bytes;
}
void CopyRows::field(int64_t value) {
    number(8, 4);
    number(static_cast<uint64_t>(value), 8);
}

Attempt<std::unique_ptr<PostgresLoad>> PostgresLoad::connect(const Postgres& server, unsigned connections,
                                                             const std::string& prepared) {
    auto load = std::make_unique<PostgresLoad>();
    for (unsigned i = 0; i < connections; ++i) {
        auto connection = server.connect();
        if (!connection) return tl::unexpected(connection.error());
        if (!prepared.empty()) {
            Result result(PQprepare(connection->get(), "p", prepared.c_str(), 0, nullptr), PQclear);
            if (!well(result.get())) return tl::unexpected(failed(PQerrorMessage(connection->get())));
        }
        PQsetnonblocking(connection->get(), 1);
        load->connections_.push_back(*connection);
    }
    return load;
}

namespace {

// One thread and its share of the connections.
struct Driver {
    const std::vector<std::shared_ptr<PGconn>>& connections;
    const PostgresLoad::Send& send;
    const PostgresLoad::Rows& rows;
    Clock::time_point until;
    Load::Told told{};
    std::string wrong{};
    size_t busy = 0;
    std::vector<Clock::time_point> began{};

    bool breaks(PGconn* connection) {
        wrong = PQerrorMessage(connection);
        return false;
    }

    bool begin(unsigned number) {
        auto* connection = connections[number].get();
        if (Clock::now() >= until) return true;
        began[number] = Clock::now();
        if (!send(connection, number)) return true;
        ++busy;
        return PQflush(connection) >= 0 || breaks(connection);
    }

    bool read(unsigned number) {
        auto* connection = connections[number].get();
        if (PQconsumeInput(connection) == 0 || PQflush(connection) < 0) return breaks(connection);
        while (!PQisBusy(connection)) {
            Result result(PQgetResult(connection), PQclear);
            if (!result) {
                if (PQtransactionStatus(connection) != PQTRANS_IDLE || began[number] == Clock::time_point{})
                    return true;
                told.times.push_back(since(began[number]) * 1e6);
                began[number] = {};
                ++told.answered;
                --busy;
                return begin(number);
            }
            if (PQresultStatus(result.get()) == PGRES_COPY_IN) {
                auto all = rows();
                if (PQputCopyData(connection, all.data(), static_cast<int>(all.size())) != 1 ||
                    PQputCopyEnd(connection, nullptr) != 1 || PQflush(connection) < 0)
                    return breaks(connection);
                return true;
            }
            if (!well(result.get())) return breaks(connection);
        }
        return true;
    }

    void drive(const std::vector<unsigned>& mine) {
        int poll = ::epoll_create1(EPOLL_CLOEXEC);
        for (unsigned number : mine) {
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u32 = number;
            ::epoll_ctl(poll, EPOLL_CTL_ADD, PQsocket(connections[number].get()), &event);
        }
        auto used = cpu_seconds();
        bool going = true;
        for (unsigned number : mine) going = going && begin(number);
        std::vector<epoll_event> events(mine.size());
        while (going && busy > 0) {
            int count = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 1000);
            for (int i = 0; i < count && going; ++i) going = read(events[static_cast<size_t>(i)].data.u32);
        }
        told.cpu = cpu_seconds() - used;
        ::close(poll);
    }
};

}  // namespace

Attempt<Load::Told> PostgresLoad::run(double seconds, const Send& send, const Rows& rows) {
    auto count = std::min<unsigned>(2, static_cast<unsigned>(connections_.size()));
    auto start = Clock::now();
    auto until = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::vector<Driver> drivers;
    for (unsigned d = 0; d < count; ++d) {
        drivers.push_back({connections_, send, rows, until});
        drivers.back().began.resize(connections_.size());
    }
    drive_all(drivers, connections_.size());
    Load::Told all;
    all.seconds = since(start);
    for (auto& driver : drivers) {
        if (!driver.wrong.empty()) return tl::unexpected(failed(driver.wrong));
        all.answered += driver.told.answered;
        all.cpu += driver.told.cpu;
        all.times.insert(all.times.end(), driver.told.times.begin(), driver.told.times.end());
    }
    return all;
}

}  // namespace tools
