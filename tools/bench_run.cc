#include "tools/bench_run.h"

#include <signal.h>

#include <filesystem>

#include "server/client.h"
#include "server/tls.h"
#include "tools/measuring.h"

namespace tools {
namespace {

constexpr unsigned sessions = 16;  // as many as a person may have; each carries up to 32 requests at once

constexpr uint64_t different_events = 1024;

Failure failed(std::string what) { return {Exit::failed, std::move(what)}; }

}  // namespace

Attempt<std::unique_ptr<BenchRun>> BenchRun::open(const BenchOptions& options, const BenchBook::Progress& progress) {
    std::unique_ptr<BenchRun> run(new BenchRun(options));
    BookShape shape{options.entries, options.cases ? options.cases : std::max<uint64_t>(options.entries / 100, 2),
                    options.wordless};
    auto book =
        options.reuse ? BenchBook::reopen(options.folder, progress) : BenchBook::make(options.folder, shape, progress);
    if (!book) return tl::unexpected(book.error());
    run->book_ = *std::move(book);
    auto constant = ConstantServer::start(run->certificate(), run->tls_key());
    if (!constant) return tl::unexpected(Failure(constant.error()));
    run->constant_ = *std::move(constant);
    TRY(run->take_payload());
    return run;
}

std::string BenchRun::certificate() const { return server::certificate_file(book_->ledger_folder()); }
std::string BenchRun::tls_key() const { return server::key_file(book_->ledger_folder()); }

// An append as it is stored and answered, from the service itself.
Attempt<void> BenchRun::take_payload() {
    payload_.events = book_->prepare(different_events);
    payload_.key = book_->key().public_key();
    payload_.cases = book_->shape().cases;
    auto body = payload_.event().to_json();
    if (auto started = start_service(false); !started) return tl::unexpected(started.error());
    auto answer = client_->post("/v1/events", body);
    if (!answer) return tl::unexpected(Failure(answer.error()));
    if (answer->status != 201) return tl::unexpected(failed("an append was refused: " + answer->body));
    payload_.answer = answer->body.size();
    payload_.request = "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                       "\r\nAuthorization: Bearer " + client_->token() +
                       "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                       "\r\n\r\n" + body;
    auto position = answer->json().at("position").to_number<uint64_t>();
    TRY(stop_service());
    auto ledger = ledger::Ledger::open(book_->ledger_folder());
    if (!ledger) return tl::unexpected(Failure(ledger.error()));
    durability_ = (*ledger)->durability();
    auto entry = (*ledger)->entry(position);
    auto sealed = (*ledger)->sealed_words(position);
    if (!entry || !sealed) return tl::unexpected(failed("what was appended is not there"));
    payload_.entry = schema::as_text(entry->bytes());
    payload_.sealed = *sealed;
    return {};
}

Attempt<BenchRun::Opened> BenchRun::start_service(bool warm) {
    auto program = options_.service.empty() ? program_beside("caseledgerd") : options_.service;
    Opened opened;
    auto start = Clock::now();
    auto service = Process::start({program, "--data", book_->ledger_folder(), "--port", "0"},
                                  options_.folder + "/caseledgerd.log");
    if (!service) return tl::unexpected(service.error());
    service_ = *std::move(service);
    auto line = service_->line();
    if (!line) return tl::unexpected(failed("caseledgerd did not start; see " + options_.folder + "/caseledgerd.log"));
    auto at = line->find("127.0.0.1:");
    port_ = at == line->npos ? uint16_t{0} : static_cast<uint16_t>(std::atoi(line->c_str() + at + 10));
    tokens_.clear();
    auto url = "https://127.0.0.1:" + std::to_string(port_);
    for (unsigned i = 0; i < sessions; ++i) {
        auto client = server::Client::connect(url, certificate());
        if (!client) return tl::unexpected(Failure(client.error()));
        if (i == 0) opened.answers = since(start);
        if (auto in = client->sign_in(book_->key()); !in) return tl::unexpected(Failure(in.error()));
        tokens_.push_back(client->token());
        client_ = std::make_unique<server::Client>(*std::move(client));
    }
    if (!warm) return opened;
    for (bool ready = false; !ready;) {
        auto asked = views_ready();
        if (!asked) return tl::unexpected(asked.error());
        ready = *asked;
        if (!ready) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    opened.ready = since(start);
    TRY(record(book_->prepare_one_each()));
    return opened;
}

Attempt<void> BenchRun::record(const std::vector<MadeEvent>& events) {
    auto load = connect(4);
    if (!load) return tl::unexpected(load.error());
    std::vector<std::string> bodies;
    for (size_t i = 0; i < events.size(); i += 64)
        bodies.push_back(submissions(std::span(events).subspan(i, std::min<size_t>(64, events.size() - i))));
    std::atomic<size_t> next = 0;
    auto done = (*load)->run(600, [&](unsigned) -> std::optional<Ask> {
        auto n = next++;
        if (n >= bodies.size()) return std::nullopt;
        return Ask{"POST", "/v1/events", "application/x-capnp", bodies[n]};
    });
    if (!done) return tl::unexpected(done.error());
    return {};
}

Attempt<void> BenchRun::stop_service() {
    client_.reset();
    if (service_ && !service_->stop()) return tl::unexpected(failed("caseledgerd did not stop well"));
    service_.reset();
    return {};
}

void BenchRun::kill_service() {
    client_.reset();
    if (service_) service_->kill();
    service_.reset();
}

Attempt<bool> BenchRun::views_ready() {
    auto answer = client_->get("/readyz");
    if (!answer) return tl::unexpected(Failure(answer.error()));
    return answer->status == 200;
}

Attempt<std::unique_ptr<Load>> BenchRun::connect(unsigned connections) {
    return Load::connect(port_, certificate(), connections, tokens_);
}

std::vector<std::string> BenchRun::append_bodies(double most_a_second) const {
    auto events = book_->prepare(std::max<size_t>(600, static_cast<size_t>(options_.seconds * most_a_second)));
    std::vector<std::string> bodies(events.size());
    share(bodies.size(), [&](size_t i) { bodies[i] = events[i].to_json(); });
    return bodies;
}

Attempt<Sample> BenchRun::append(Load& load, const std::vector<std::string>& bodies, const std::atomic<bool>& enough) {
    std::atomic<size_t> next = 0;
    auto used = service_->cpu();
    auto told = load.run(options_.seconds, [&](unsigned) -> std::optional<Ask> {
        auto n = next++;
        if (n >= bodies.size() || (enough && n > 0)) return std::nullopt;
        return Ask{"POST", "/v1/events", "application/json", bodies[n]};
    });
    if (!told) return tl::unexpected(told.error());
    return sample_of(*told, service_->cpu() - used);
}

Attempt<bool> BenchRun::views_building() {
    auto answer = client_->get("/readyz");
    if (!answer) return tl::unexpected(Failure(answer.error()));
    return answer->json().as_object().contains("building");
}

Attempt<Sample> BenchRun::append_while_rebuilding(Load& load) {
    auto bodies = append_bodies(4'000);
    service_->signal(SIGUSR1);
    // Of a small book they are there again before anybody can see that they were being built.
    auto asked_at = Clock::now();
    for (bool begun = false; !begun && since(asked_at) < 0.2;) {
        auto asked = views_building();
        if (!asked) return tl::unexpected(asked.error());
        begun = *asked;
    }
    std::atomic<bool> ready = false, over = false;
    std::jthread watching([&] {
        while (!ready && !over) {
            auto asked = views_building();
            ready = !asked || !*asked;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    auto sample = append(load, bodies, ready);
    over = true;
    watching.join();
    return sample;
}

Attempt<Sample> BenchRun::append_many(Load& load) {
    constexpr size_t together = 64;
    auto requests = std::max<size_t>(4, static_cast<size_t>(options_.seconds * 40'000 / together));
    auto events = book_->prepare(requests * together);
    std::vector<std::string> bodies(requests);
    share(requests, [&](size_t i) { bodies[i] = submissions(std::span(events).subspan(i * together, together)); });
    events.clear();
    std::atomic<size_t> next = 0;
    auto used = service_->cpu();
    auto told = load.run(options_.seconds, [&](unsigned) -> std::optional<Ask> {
        auto n = next++;
        if (n >= bodies.size()) return std::nullopt;
        return Ask{"POST", "/v1/events", "application/x-capnp", bodies[n]};
    });
    if (!told) return tl::unexpected(told.error());
    return sample_of(*told, service_->cpu() - used, together);
}

Attempt<Sample> BenchRun::constant(unsigned connections, const std::function<uint64_t(unsigned)>& size, bool post) {
    auto load = Load::connect(constant_->port(), certificate(), connections, tokens_);
    if (!load) return tl::unexpected(load.error());
    auto body = post ? payload_.event().to_json() : std::string();
    auto used = constant_->cpu();
    auto told = (*load)->run(options_.seconds, [&](unsigned connection) -> std::optional<Ask> {
        return Ask{post ? "POST" : "GET", "/" + std::to_string(size(connection)), "application/json", body};
    });
    if (!told) return tl::unexpected(told.error());
    return sample_of(*told, constant_->cpu() - used);
}

}  // namespace tools
