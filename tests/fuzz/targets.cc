#include <capnp/message.h>
#include <capnp/serialize.h>

#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "fuzz/fuzz.h"
#include "ledger/bundle_audit.h"
#include "ledger/cosignature.h"
#include "ledger/digest.h"
#include "ledger/draft.h"
#include "ledger/key_backup.h"
#include "ledger/key_store.h"
#include "ledger/names.h"
#include "ledger/proof_file.h"
#include "ledger/receipt.h"
#include "ledger/tiles.h"
#include "ledger/words_json.h"
#include "schema/event.h"
#include "schema/json.h"

namespace fuzz {
namespace {

std::string_view text(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

ledger::SigningKey key() {
    static const ledger::SigningKey made = ledger::SigningKey::from_seed(schema::as_bytes(std::string(32, 'f')));
    return made;
}

// One store of keys for all runs, gone with the process.
ledger::KeyStore& keys() {
    static const std::string folder =
        std::filesystem::temp_directory_path() / ("caseledger-fuzz-" + std::to_string(::getpid()));
    static struct Remove {
        ~Remove() { std::filesystem::remove_all(folder); }
    } remove;
    static std::unique_ptr<ledger::KeyStore> store = ledger::KeyStore::create(folder, std::string(32, 'm')).value();
    return *store;
}

}  // namespace

// What decode_event lets in can be rendered and read back to the same JSON.
void event(const uint8_t* data, size_t size) {
    auto read = schema::decode_event({data, size});
    if (!read) return;
    ASSERT(schema::as_text(read->event.bytes()) == text(data, size));
    auto value = schema::to_json(read->event.read());
    (void)boost::json::serialize(schema::fact_to_json(read->event->getFact()));
    (void)schema::kind_of(read->event->getFact());
    capnp::MallocMessageBuilder message;
    auto filled = schema::from_json(value, message.initRoot<schema::Event>(), "");
    // Text with a NUL inside, where prose is allowed, is the one thing JSON does not carry.
    if (filled) ASSERT(schema::to_json(message.getRoot<schema::Event>().asReader()) == value);
}

// JSON that makes an event which decode_event lets in comes back as the same bytes.
void json(const uint8_t* data, size_t size) {
    auto value = schema::parse_json(text(data, size));
    if (!value) return;
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<schema::Event>();
    if (!schema::from_json(*value, event, "")) return;
    auto bytes = schema::canonical_bytes(event.asReader());
    auto read = schema::decode_event(schema::as_bytes(bytes));
    if (!read) return;
    capnp::MallocMessageBuilder second;
    auto again = schema::from_json(schema::to_json(read->event.read()), second.initRoot<schema::Event>(), "");
    ASSERT(again);
    ASSERT(schema::to_json(second.getRoot<schema::Event>().asReader()) == schema::to_json(read->event.read()));
}

// Either bytes that are taken as a note, or a body that is truly signed.
void checkpoint(const uint8_t* data, size_t size) {
    auto opened = ledger::open_checkpoint(text(data, size), key().public_key());
    if (opened) ASSERT(opened->body() == text(data, size).substr(0, opened->body().size()));
    auto body = std::string(text(data, size));
    auto end = body.find('\n');
    auto name = body.substr(0, end);
    ledger::Checkpoint made{name, size, ledger::sha256({data, size})};
    auto again = ledger::open_checkpoint(made.sign(key()), key().public_key());
    if (again) ASSERT(again->size == made.size && again->root == made.root && again->origin == made.origin);
}

// What is taken as a note or a key is spelled in no other way.
void note(const uint8_t* data, size_t size) {
    if (auto key = ledger::parse_verifier_key(text(data, size))) ASSERT(key->text() == text(data, size));
    auto read = ledger::parse_note(text(data, size));
    if (!read) return;
    ASSERT(read->str() == text(data, size));
    for (auto& line : read->signatures) {
        (void)ledger::signed_by(*read, {line.name, ledger::KeyType::ed25519, key().public_key()});
        (void)ledger::cosigned_by(*read, {line.name, ledger::KeyType::cosignature, key().public_key()});
    }
    read->signatures.push_back(ledger::sign_note(read->text, "fuzz", key()));
    ASSERT(ledger::signed_by(*read, {"fuzz", ledger::KeyType::ed25519, key().public_key()}).value());
    if (auto checkpoint = ledger::parse_checkpoint(read->text)) ASSERT(checkpoint->body() == read->text);
}

// Whatever a policy says, everybody's cosignature is at least as much as nobody's.
void policy(const uint8_t* data, size_t size) {
    auto read = ledger::parse_witness_policy(text(data, size));
    if (!read) return;
    ledger::Note nobody{"o\n1\n", {}};
    auto alone = ledger::witnessed(nobody, *read);
    ASSERT(alone && alone->by.empty() && alone->enough == (read->quorum == "none"));
    (void)ledger::open_checkpoint(nobody, *read);
}

// Either bytes that are taken as a proof, which are spelled in no other way, or the hashes of an otherwise good one.
void proof_file(const uint8_t* data, size_t size) {
    const schema::PublicKey keys[] = {key().public_key()};
    if (auto read = ledger::parse_proof_file(text(data, size))) {
        ASSERT(read->text() == text(data, size));
        (void)ledger::verify_proof_file(ledger::leaf_hash({}), text(data, size), keys);
    }
    ledger::ProofFile made;
    made.extra = text(data, size);
    made.checkpoint = ledger::Checkpoint{"o", 1, ledger::leaf_hash({data, size})}.sign(key());
    auto proven = ledger::verify_proof_file(ledger::leaf_hash({data, size}), made.text(), keys);
    ASSERT(proven && proven->extra == made.extra);
}

// Each line by itself, then all of them as the file a stranger sent.
void bundle(const uint8_t* data, size_t size) {
    std::istringstream file(std::string(text(data, size)));
    for (std::string line; std::getline(file, line);) (void)ledger::read_bundle_line(line);
    file.clear();
    file.seekg(0);
    ledger::BundleAuditOptions options;
    options.threads = 1;
    auto report = ledger::audit_bundle(file, options);
    if (!report) ASSERT(!report.error().field.empty());
    else if (report->audit.findings.empty()) ASSERT(report->audit.entries > 0);
}

// A tile's name, and a bundle of entries.
void tiles(const uint8_t* data, size_t size) {
    std::vector<std::string> segments(1);
    for (char c : text(data, size)) {
        if (c == '/') segments.emplace_back();
        else segments.back() += c;
    }
    if (auto path = ledger::parse_tile_path(segments)) ASSERT(path->text() == "tile/" + std::string(text(data, size)));
    (void)ledger::bundle_leaves(text(data, size));
}

void receipt(const uint8_t* data, size_t size) {
    // As a stranger's JSON, and as the entry of an otherwise good receipt.
    if (auto value = schema::parse_json(text(data, size)))
        if (auto read = ledger::receipt_from_json(*value)) {
            (void)ledger::verify_receipt(*read, key().public_key(), key().public_key());
            (void)boost::json::serialize(ledger::to_json(*read));
        }
    ledger::Receipt made;
    made.entry = text(data, size);
    made.checkpoint = ledger::Checkpoint{"o", 1, ledger::leaf_hash({data, size})}.sign(key());
    (void)boost::json::serialize(ledger::to_json(made));
    if (auto entry = ledger::verify_receipt(made, key().public_key(), std::nullopt))
        (void)boost::json::serialize(schema::to_json(entry->read()));
}

void words(const uint8_t* data, size_t size) {
    schema::EventId event{};
    (void)ledger::sealed_parts({data, size});
    (void)ledger::unseal({data, size}, event, 0, keys());
    if (auto value = schema::parse_json(text(data, size)); value && value->is_array())
        (void)ledger::words_from_json(value->get_array(), ledger::Salts::made_here);
    auto message = schema::Message<schema::Words>::decode({data, size}, 1 << 20);
    if (!message) return;
    schema::Result<std::vector<ledger::Word>> read;
    try {
        read = ledger::read_words((*message)->getWords());
    } catch (const kj::Exception&) {
        return;  // getWords() itself, before the door
    }
    if (!read || read->empty()) return;
    auto sealed = ledger::seal(*read, event, 0, keys());
    ASSERT(sealed);
    auto opened = ledger::unseal(schema::as_bytes(*sealed), event, 0, keys());
    ASSERT(opened && opened->size() == read->size());
    for (size_t i = 0; i < read->size(); ++i)
        ASSERT((*opened)[i].readable && (*opened)[i].content == (*read)[i].content);
}

// As a name that is kept and as one that is asked for: whatever has parts is found by itself.
void name(const uint8_t* data, size_t size) {
    auto parts = ledger::name_parts(text(data, size));
    ledger::AskedName asked(text(data, size));
    ASSERT(asked.empty() == parts.empty() && asked.fits(parts) == !parts.empty());
    std::string entry(24, 'e'), key(32, 'k'), tokens = ledger::name_tokens(key, entry, parts);
    ASSERT(tokens.size() % (ledger::token_size * ledger::tokens_together) == 0);
    for (auto& beginning : asked.beginnings()) ASSERT(ledger::Trapdoor(key, beginning).opens(entry, tokens));
}

// What is read is written as the same bytes; the checksum is put right, since it stops nobody who means it.
void key_backup(const uint8_t* data, size_t size) {
    (void)ledger::read_key_backup({data, size}, "backup");
    std::string whole(text(data, size));
    whole += ledger::sha256({data, size}).view();
    auto read = ledger::read_key_backup(schema::as_bytes(whole), "backup");
    if (read) ASSERT(ledger::key_backup_bytes(*read) == whole);
}

}  // namespace fuzz
