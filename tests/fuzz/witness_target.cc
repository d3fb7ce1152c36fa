// Strangers' requests to a witness. The first byte chooses whether the rest is a whole request, or the beginning of one
// whose checkpoint is truly signed, so that what comes after the signature is reached as well.
#include <unistd.h>

#include <filesystem>

#include "fuzz/fuzz.h"
#include "ledger/witness.h"

namespace fuzz {
namespace {

ledger::SigningKey log_key() {
    static const auto made = ledger::SigningKey::from_seed(schema::as_bytes(std::string(32, 'f')));
    return made;
}

// One witness for all runs, gone with the process.
ledger::Witness& witness() {
    static const std::string folder =
        std::filesystem::temp_directory_path() / ("caseledger-fuzz-witness-" + std::to_string(::getpid()));
    static struct Remove {
        ~Remove() { std::filesystem::remove_all(folder); }
    } remove;
    static std::unique_ptr<ledger::Witness> made = [] {
        std::filesystem::create_directories(folder);
        auto key = ledger::SigningKey::from_seed(schema::as_bytes(std::string(32, 'w')));
        ASSERT(ledger::WitnessStore::create(folder, ledger::witness_identity("w.example", key).text()));
        ledger::Witness::Options options;
        options.most_conflicts = 10;
        return ledger::Witness::open(folder, "w.example", key,
                                     {{"o", ledger::KeyType::ed25519, log_key().public_key()}}, options)
            .value();
    }();
    return *made;
}

}  // namespace

void add_checkpoint(const uint8_t* data, size_t size) {
    if (size == 0) return;
    std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] % 2 == 1)
        body += "\n" + ledger::Checkpoint{"o", data[0] / 2u, ledger::leaf_hash({data, 1})}.sign(log_key());
    // What is read can be written and read again.
    if (auto read = ledger::read_add_checkpoint(body)) ASSERT(read->body() == body);
    auto answer = witness().add_checkpoint(body, [] { return schema::Result<uint64_t>(1700000000); });
    ASSERT(answer);
    switch (answer->status) {
        case 200: ASSERT(ledger::parse_note("text\n\n" + answer->body)); break;
        case 409: ASSERT(ledger::decimal(answer->body.substr(0, answer->body.size() - 1))); break;
        default:
            ASSERT(answer->status == 400 || answer->status == 403 || answer->status == 404 || answer->status == 422);
    }
}

}  // namespace fuzz
