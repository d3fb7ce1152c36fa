#include "ledger/vectors.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <set>

#include "ledger/cosignature.h"
#include "ledger/keys.h"
#include "ledger/proof_file.h"
#include "ledger/small_book.h"
#include "ledger/tile_check.h"
#include "ledger/tree.h"
#include "schema/json.h"

namespace test {
namespace {

json::value parse_file(const std::string& path) { return json::parse(read_all(path)); }

std::string raw(const json::value& hex) { return schema::from_hex(std::string_view(hex.as_string())).value(); }
std::string unbase64(const json::value& text) {
    return schema::from_base64(std::string_view(text.as_string()), "vector").value();
}
uint64_t number(const json::value& value) { return value.to_number<uint64_t>(); }

std::optional<schema::Digest> digest(const json::value& value) {
    return value.is_null() ? std::nullopt : schema::Digest::from(schema::as_bytes(unbase64(value)));
}
// Some consistency files say "don't care" where a root would stand; filled up with zeros that is as good as any.
std::optional<schema::Digest> any_root(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    auto bytes = unbase64(value);
    return bytes.size() > 32 ? std::nullopt : std::optional(schema::Digest::of(schema::as_bytes(bytes)));
}
std::optional<ledger::Proof> proof_of(const json::value& value) {
    ledger::Proof proof;
    if (value.is_null()) return proof;
    for (auto& step : value.as_array()) {
        auto read = digest(step);
        if (!read) return std::nullopt;
        proof.push_back(*read);
    }
    return proof;
}

class Vector : public testing::Test {
  public:
    explicit Vector(std::function<void()> body) : body_(std::move(body)) {}
    void TestBody() override { body_(); }

  private:
    std::function<void()> body_;
};

void add(const char* suite, const std::string& name, std::function<void()> body) {
    testing::RegisterTest(suite, name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [body = std::move(body)]() -> testing::Test* { return new Vector(body); });
}

void check_wycheproof(const std::string& path) {
    size_t seen = 0;
    auto file = parse_file(path);
    for (auto& group : file.at("testGroups").as_array()) {
        auto key = schema::PublicKey::of(schema::as_bytes(raw(group.at("publicKey").at("pk"))));
        for (auto& test : group.at("tests").as_array()) {
            ++seen;
            auto message = raw(test.at("msg"));
            auto signature = schema::Signature::from(schema::as_bytes(raw(test.at("sig"))));
            bool good = signature && ledger::verify(key, "", schema::as_bytes(message), *signature);
            EXPECT_EQ(good, test.at("result").as_string() == "valid") << test.at("tcId");
        }
    }
    EXPECT_EQ(seen, 151u);
}

void check_cctv(const std::string& path) {
    size_t seen = 0, accepted = 0;
    auto file = parse_file(path);
    for (auto& test : file.as_array()) {
        ++seen;
        bool strict = true;
        if (!test.at("flags").is_null())
            for (auto& flag : test.at("flags").as_array())
                strict = strict &&
                         (flag.as_string() == "low_order_component_A" || flag.as_string() == "low_order_component_R");
        auto key = schema::PublicKey::of(schema::as_bytes(raw(test.at("key"))));
        auto signature = schema::Signature::of(schema::as_bytes(raw(test.at("sig"))));
        std::string message(test.at("msg").as_string());
        bool good = ledger::verify(key, "", schema::as_bytes(message), signature);
        accepted += good;
        EXPECT_EQ(good, strict) << test.at("number");
    }
    EXPECT_EQ(seen, 914u);
    EXPECT_EQ(accepted, 43u);
}

void check_inclusion(const std::string& path) {
    auto test = parse_file(path);
    auto leaf = digest(test.at("leafHash")), root = digest(test.at("root"));
    auto proof = proof_of(test.at("proof"));
    bool good = leaf && root && proof &&
                ledger::verify_inclusion(number(test.at("leafIdx")), number(test.at("treeSize")), *leaf, *proof, *root);
    EXPECT_EQ(good, !test.at("wantErr").as_bool()) << test.at("desc");
}

void check_consistency(const std::string& path) {
    auto test = parse_file(path);
    auto old_root = any_root(test.at("root1")), root = any_root(test.at("root2"));
    auto proof = proof_of(test.at("proof"));
    bool good =
        old_root && root && proof &&
        ledger::verify_consistency(number(test.at("size1")), number(test.at("size2")), *old_root, *root, *proof);
    EXPECT_EQ(good, !test.at("wantErr").as_bool()) << test.at("desc");
}

// ---- what logs publish ----
// What belongs to a file has its name with another ending: note.note, note.vkey. Keys stand one to a line.
std::string beside(const std::string& path, const char* ending) { return fs::path(path).replace_extension(ending); }
std::vector<ledger::VerifierKey> keys_in(const std::string& path) {
    std::vector<ledger::VerifierKey> keys;
    std::stringstream lines(read_all(path));
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) keys.push_back(ledger::parse_verifier_key(line).value());
    return keys;
}
bool is_good(const std::string& path) { return !fs::path(path).filename().string().starts_with("bad"); }
std::optional<ledger::WitnessPolicy> policy_beside(const std::string& path) {
    auto place = beside(path, ".policy");
    if (!fs::exists(place)) return std::nullopt;
    return ledger::parse_witness_policy(read_all(place)).value();
}

void check_note(const std::string& path) {
    auto keys = keys_in(beside(path, ".vkey"));
    ASSERT_FALSE(keys.empty());
    auto note = ledger::parse_note(read_all(path));
    bool good = bool(note);
    for (auto& key : keys) {
        if (!note) break;
        if (key.type == ledger::KeyType::ed25519) good = good && ledger::signed_by(*note, key).value_or(false);
        else good = good && ledger::cosigned_by(*note, key).value_or(std::nullopt);
    }
    EXPECT_EQ(good, is_good(path));
}

void check_checkpoint(const std::string& path) {
    auto keys = keys_in(beside(path, ".vkey"));
    auto policy = policy_beside(path);
    auto note = ledger::parse_note(read_all(path));
    bool good = note && ledger::open_checkpoint(*note, keys);
    if (good && policy) {
        auto by = ledger::witnessed(*note, *policy);
        good = by && by->enough;
    }
    EXPECT_EQ(good, is_good(path));
}

void check_tile_log(const std::string& checkpoint) {
    auto log = fs::path(checkpoint).parent_path();
    auto keys = keys_in(log / "vkey");
    ledger::TileOptions options;
    options.entries = fs::exists(log / "tile" / "entries");
    auto report = ledger::check_tiles(log, keys, options);
    std::string told = report ? "" : report.error().text();
    if (report)
        for (auto& finding : report->findings) told += finding.path + ": " + finding.what + "\n";
    EXPECT_EQ(told.empty(), is_good(log)) << told;
}

void check_proof_file(const std::string& path) {
    auto keys = fs::exists(beside(path, ".vkey")) ? keys_in(beside(path, ".vkey")) : std::vector<ledger::VerifierKey>();
    auto policy = policy_beside(path);
    auto entry = read_all(beside(path, ".entry"));
    auto leaf = fs::exists(beside(path, ".leaf"))
                    ? schema::Digest::from_hex(read_all(beside(path, ".leaf")).substr(0, 64))
                    : ledger::leaf_hash(schema::as_bytes(entry));
    ASSERT_TRUE(leaf) << "64 hexadecimal digits";
    auto proven = ledger::verify_proof_file(*leaf, read_all(path), keys, policy ? &*policy : nullptr);
    EXPECT_EQ(bool(proven), is_good(path)) << (proven ? "" : proven.error().text());
}

void add_published(const std::string& folder) {
    struct Kind {
        const char *folder, *ending;  // a file's extension, or its whole name where it has none
        void (*check)(const std::string& path);
    };
    for (auto [kind, ending, check] :
         {Kind{"notes", ".note", check_note}, Kind{"checkpoints", ".checkpoint", check_checkpoint},
          Kind{"tiles", "checkpoint", check_tile_log}, Kind{"proofs", ".tlog-proof", check_proof_file}}) {
        auto place = folder + "/" + kind;
        if (!fs::exists(place)) continue;
        std::set<std::string> files;
        for (auto& file : fs::recursive_directory_iterator(place))
            if (file.is_regular_file() && (file.path().extension() == ending || file.path().filename() == ending))
                files.insert(file.path());
        for (auto& path : files) {
            std::string name = std::string("Published_") + kind;
            for (char c : path.substr(place.size())) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
            add("Vectors", name, [path, body = check] { body(path); });
        }
    }
}

}  // namespace

void register_vectors(const std::string& folder) {
    add_published(folder);
    add("Vectors", "Ed25519Wycheproof151", [=] { check_wycheproof(folder + "/ed25519/wycheproof-ed25519.json"); });
    add("Vectors", "Ed25519CctvAcceptsExactlyTheStrict43", [=] { check_cctv(folder + "/ed25519/cctv-ed25519.json"); });
    struct Kind {
        const char* name;
        void (*check)(const std::string& path);
    };
    for (auto [kind, check] : {Kind{"inclusion", check_inclusion}, Kind{"consistency", check_consistency}}) {
        std::set<std::string> files;
        for (auto& file : fs::recursive_directory_iterator(folder + "/merkle/" + kind))
            if (file.path().extension() == ".json") files.insert(file.path());
        add("Vectors", std::string("Merkle98FilesOf_") + kind, [n = files.size()] { EXPECT_EQ(n, 98u); });
        for (auto& path : files) {
            std::string name = std::string("Merkle_") + kind;
            for (char c : path.substr((folder + "/merkle/" + kind).size()))
                name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
            add("Vectors", name, [path, body = check] { body(path); });
        }
    }
}

}  // namespace test
