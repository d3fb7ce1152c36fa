// A witness as a neighbouring council runs it: state in a folder of its own, HTTPS on loopback.
#pragma once
#include <filesystem>

#include "ledger/keys.h"
#include "server/tls.h"
#include "server/witness_service.h"

namespace test {

class Neighbour {
  public:
    // In folder/name, made where it is not there; witnesses the logs of these keys.
    Neighbour(const std::string& folder, std::string name, std::vector<ledger::VerifierKey> logs, uint16_t port = 0)
        : name_(std::move(name)), folder_(folder + "/" + name_) {
        namespace fs = std::filesystem;
        if (!fs::exists(folder_ + "/secrets")) {
            fs::create_directories(folder_ + "/secrets");
            auto made = ledger::SigningKey::generate();
            EXPECT_TRUE(made.save(folder_ + "/secrets/witness.key"));
            EXPECT_TRUE(ledger::WitnessStore::create(folder_, ledger::witness_identity(name_, made).text()));
            EXPECT_TRUE(server::make_certificate(folder_));
        }
        auto key = ledger::SigningKey::load(folder_ + "/secrets/witness.key").value();
        witness_ = ledger::Witness::open(folder_, name_, key, std::move(logs)).value();
        server::WitnessOptions options;
        options.port = port;
        options.certificate = certificate();
        options.key = server::key_file(folder_);
        options.log = false;
        service_ = std::make_unique<server::WitnessService>(*witness_, clock_, options);
        auto started = service_->start();
        EXPECT_TRUE(started) << (started ? "" : started.error().text());
    }

    const std::string& name() const { return name_; }
    const std::string& folder() const { return folder_; }
    std::string certificate() const { return server::certificate_file(folder_); }
    uint16_t port() const { return service_->port(); }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(port()); }
    const ledger::VerifierKey& identity() const { return witness_->identity(); }
    ledger::Witness& witness() { return *witness_; }
    server::WitnessService& service() { return *service_; }

  private:
    std::string name_, folder_;
    server::WallClock clock_;
    std::unique_ptr<ledger::Witness> witness_;
    std::unique_ptr<server::WitnessService> service_;
};

}  // namespace test
