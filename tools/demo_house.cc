#include "tools/demo_house.h"

#include <filesystem>

#include "server/tls.h"
#include "server/wall_clock.h"

namespace tools::demo {
namespace {}  // namespace

Signals::Signals() {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGINT);
    ::sigaddset(&set_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
    ::signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool Signals::came(long seconds) {
    timespec wait{seconds, 0};
    return ::sigtimedwait(&set_, nullptr, &wait) > 0;
}

Attempt<> make_ledger(const std::string& folder, const Service& service) {
    auto created = ledger::Ledger::create(folder, origin);
    if (!created) return tl::unexpected(created.error());
    created->reset();
    auto file = folder + "/secrets/checkpoint.key";
    std::error_code error;
    std::filesystem::remove(file, error);
    TRY(service.checkpoint_key.save(file));
    TRY(server::make_certificate(folder));
    return {};
}

Attempt<> House::open(const std::string& folder) {
    auto opened = ledger::Ledger::open(folder);
    if (!opened) return tl::unexpected(opened.error());
    ledger = *std::move(opened);
    auto started = commands::Sequencer::start(*ledger, server::wall_time);
    if (!started) return tl::unexpected(started.error());
    sequencer = *std::move(started);
    return {};
}

Attempt<> House::serve(const std::string& folder, uint16_t port) {
    auto opened = projections::Projections::open(*ledger, folder, server::wall_time);
    if (!opened) return tl::unexpected(opened.error());
    views = *std::move(opened);
    server::Options options;
    options.port = port;
    options.certificate = server::certificate_file(folder);
    options.key = server::key_file(folder);
    options.log = false;
    server = std::make_unique<server::Server>(*ledger, *sequencer, *views, options);
    if (auto started = server->start(); !started) {
        Failure failure(started.error());
        failure.advice = "Another port is chosen with --port N; 0 takes any that is free.";
        return tl::unexpected(failure);
    }
    return {};
}

}  // namespace tools::demo
