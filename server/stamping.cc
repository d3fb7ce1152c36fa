#include "server/stamping.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "server/client.h"
#include "server/log.h"
#include "server/wall_clock.h"

namespace server {
namespace {

using schema::fail;
using schema::Fault;
using schema::Result;
using std::chrono::milliseconds;

constexpr uint64_t largest_response = 256 * 1024;

Result<Client> client_of(const AuthorityOptions& options) {
    Client::Options how;
    how.certificates = options.certificates;
    how.patience = options.patience;
    how.largest_answer = largest_response;
    how.answers_prove_themselves = true;
    return Client::prepare(options.url, how);
}

Result<Stamped> ask(Client& client, const AuthorityOptions& options, std::string_view note) {
    auto request = ledger::make_time_request(note);
    if (!request) return tl::unexpected(request.error());
    auto parsed = boost::urls::parse_uri(options.url);
    if (!parsed) return schema::malformed("url", "must be like https://authority.example/tsa");
    auto target = std::string(parsed->encoded_target());
    auto answer = client.post(target.empty() ? "/" : target, *request, "application/timestamp-query");
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status != 200)
        return fail(Fault::io, options.url, "answered with HTTP status " + std::to_string(answer->status));
    auto token =
        ledger::accept_time_response(schema::as_bytes(answer->body), schema::as_bytes(*request), note, options.trust);
    if (!token) return tl::unexpected(token.error());
    auto told = ledger::check_token(schema::as_bytes(*token), note, options.trust);
    if (!told) return tl::unexpected(told.error());
    return Stamped{*std::move(token), *std::move(told)};
}

}  // namespace

Result<Stamped> ask_authority(const AuthorityOptions& options, std::string_view note) {
    auto client = client_of(options);
    if (!client) return tl::unexpected(client.error());
    return ask(*client, options, note);
}

struct Stamping::State {
    State(const ledger::Ledger& ledger_, ledger::Evidence& evidence_, Options options_, Client client_)
        : ledger(ledger_),
          evidence(evidence_),
          options(std::move(options_)),
          client(std::move(client_)),
          log(options.log),
          thread([this] { run(); }) {}
    ~State() {
        {
            std::lock_guard lock(mutex);
            stop = true;
        }
        stopped.notify_all();
        client.cut_off();
        thread.join();
    }

    // False: it is to end.
    bool rest(milliseconds for_so_long) {
        std::unique_lock lock(mutex);
        return !stopped.wait_for(lock, for_so_long, [this] { return stop; });
    }

    // What is left of the time since the last token; none where there is no token that holds.
    milliseconds until_due() const {
        auto last = evidence.newest_token();
        if (!last || !*last) return milliseconds{0};
        auto told = ledger::check_token(schema::as_bytes((*last)->token), (*last)->note, options.authority.trust);
        if (!told) return milliseconds{0};
        auto left = told->time + options.every - wall_time();
        return std::clamp(left, milliseconds{0}, options.every);
    }

    // True: something was stamped. False: the book has not grown since.
    Result<bool> stamp() {
        auto published = ledger.published();
        auto last = evidence.newest_token();
        if (!last) return tl::unexpected(last.error());
        if (published->head.size == (*last ? (*last)->size : 0)) return false;
        auto stamped = ask(client, options.authority, published->checkpoint);
        if (!stamped) return tl::unexpected(stamped.error());
        TRY(evidence.put_token(published->head.size, published->checkpoint, stamped->token));
        return true;
    }

    void run() {
        auto most = std::min<milliseconds>(options.every, std::chrono::hours{1});
        auto again = std::min(options.again, most);
        for (auto pause = until_due(); rest(pause);) {
            auto done = stamp();
            if (done) {
                if (*done) log.said("timestamped");
                pause = *done ? options.every : options.look;
                again = std::min(options.again, most);
                continue;
            }
            std::unique_lock lock(mutex);
            if (stop) return;
            log.fault("no time from " + options.authority.url + ": " + done.error().text(), "");
            pause = std::exchange(again, std::min(2 * again, most));
        }
    }

    const ledger::Ledger& ledger;
    ledger::Evidence& evidence;
    const Options options;
    Client client;
    Log log;
    std::mutex mutex;
    std::condition_variable stopped;
    bool stop = false;
    std::thread thread;  // the last, since it uses all the others
};

Stamping::Stamping(std::unique_ptr<State> state) : state_(std::move(state)) {}
Stamping::~Stamping() = default;

Result<std::unique_ptr<Stamping>> Stamping::start(const ledger::Ledger& ledger, ledger::Evidence& evidence,
                                                  Options options) {
    auto client = client_of(options.authority);
    if (!client) return tl::unexpected(client.error());
    auto state = std::make_unique<State>(ledger, evidence, std::move(options), *std::move(client));
    return std::unique_ptr<Stamping>(new Stamping(std::move(state)));
}

}  // namespace server
