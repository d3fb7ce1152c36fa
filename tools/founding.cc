#include "tools/founding.h"

#include <filesystem>

#include "schema/json.h"
#include "schema/packs/bex_2018.capnp.h"
#include "schema/packs/england_and_wales.capnp.h"
#include "schema/packs/war_2018.capnp.h"
#include "server/tls.h"
#include "tools/recorder.h"

namespace tools {
namespace {

namespace fs = std::filesystem;
using schema::fail;
using schema::Fault;
using schema::malformed;

// A key name of C2SP's signed notes: no blanks and no plus, since both have a meaning in a note.
bool is_origin(std::string_view text) {
    if (text.empty() || text.size() > 200) return false;
    for (char c : text)
        if (c <= ' ' || c > '~' || c == '+') return false;
    return true;
}

// A ledger is built beside its place and moved there whole, in one step: what is interrupted leaves its place as it
// was, and is only in the way of nobody. A half-made one goes away with this, unless it was kept.
class Scaffold {
  public:
    explicit Scaffold(const std::string& folder) : given_(folder) {}
    ~Scaffold() {
        std::error_code ignored;
        if (!beside_.empty()) fs::remove_all(beside_, ignored);
    }

    schema::Result<void> raise() {
        std::error_code error;
        if (fs::exists(given_ / "book", error))
            return fail(Fault::conflict, given_, "holds a ledger already; nothing was changed");
        if (fs::exists(given_, error) && !fs::is_empty(given_, error))
            return fail(Fault::conflict, given_, "is not an empty folder; nothing was changed");
        place_ = fs::weakly_canonical(fs::absolute(given_), error);
        if (!place_.has_filename()) place_ = place_.parent_path();
        if (!error) fs::create_directories(place_.parent_path(), error);
        beside_ = place_;
        beside_ += ".init-" + schema::to_hex(schema::as_bytes(ledger::random_bytes(6)));
        if (!error) fs::create_directory(beside_, error);
        if (!error) fs::permissions(beside_, fs::perms::owner_all, error);
        if (error) return fail(Fault::io, given_, "cannot be made: " + error.message());
        return {};
    }

    schema::Result<void> keep() {
        std::error_code error;
        fs::rename(beside_, place_, error);
        if (error == std::errc::device_or_resource_busy)
            return fail(Fault::io, given_, "is where a disk is mounted; name a folder in it that is not there yet");
        if (error) return fail(Fault::io, given_, "cannot be put in place: " + error.message());
        beside_.clear();
        return ledger::sync_folder_of(place_);
    }

    std::string inside() const { return beside_; }

  private:
    fs::path given_, place_, beside_;
};

Attempt<Founded> open_book(const Founding& founding, const ledger::SigningKey& key, const std::string& folder) {
    auto ledger = ledger::Ledger::create(folder, founding.origin);
    if (!ledger) return tl::unexpected(ledger.error());
    TRY(server::make_certificate(folder));
    auto sequencer = commands::Sequencer::start(**ledger, [&] { return founding.opened; });
    if (!sequencer) return tl::unexpected(sequencer.error());
    Recorder recorder(**ledger, **sequencer);

    Signer governor{ledger::random_id<schema::PersonId>(), key, std::string(ledger::governor_role), ""};
    auto possession =
        key.sign(ledger::key_context, schema::as_bytes(ledger::possession_message(founding.origin, governor.person)));
    boost::json::object genesis{{"authority", founding.authority},
                                {"playedClock", founding.played_clock},
                                {"checkpointKey", (*ledger)->checkpoint_key().hex()},
                                {"governor", governor.person.hex()},
                                {"publicKey", key.public_key().hex()},
                                {"proofOfPossession", possession.hex()}};
    auto name = word_about(schema::SubjectId::of(schema::as_bytes(governor.person.view())), "name", founding.governor);
    auto record = [&](uint8_t stream, const char* type, boost::json::object fact, std::vector<ledger::Word> words) {
        return recorder.record(governor, schema::reserved_stream(stream), {{"fact", {{type, std::move(fact)}}}},
                               std::move(words), founding.opened);
    };
    TRY(record(schema::directory_stream_number, "ledgerOpened", std::move(genesis), {name}));
    TRY(record(schema::practice_stream_number, "calendarIssued",
               schema::to_json(schema::packs::ENGLAND_AND_WALES.get()), {}));
    TRY(record(schema::practice_stream_number, "practiceAdopted", schema::to_json(*shipped_practice(founding.practice)),
               {}));
    return Founded{governor.person, (*ledger)->checkpoint_key(), (*ledger)->published()->head.size};
}

}  // namespace

std::optional<schema::Practice::Reader> shipped_practice(std::string_view id) {
    for (auto practice : {schema::packs::BEX2018.get(), schema::packs::WAR2018.get()})
        if (schema::text_of(practice.getId()) == id) return practice;
    return std::nullopt;
}

std::string shipped_practices() { return "BEX-2018, WAR-2018"; }

Attempt<Founded> found(const Founding& founding, const ledger::SigningKey& governor) {
    if (founding.folder.empty()) return malformed("FOLDER", "is missing");
    if (founding.authority.empty()) return malformed("--authority", "is missing");
    if (founding.governor.empty()) return malformed("--governor", "is missing");
    if (!is_origin(founding.origin))
        return malformed("--origin",
                         "must be a name without blanks and '+', such as ledger.eastmere.example/early-help");
    if (!shipped_practice(founding.practice)) return malformed("--practice", "must be one of " + shipped_practices());

    Scaffold scaffold(founding.folder);
    TRY(scaffold.raise());
    auto founded = open_book(founding, governor, scaffold.inside());
    if (!founded) return founded;
    TRY(scaffold.keep());
    return founded;
}

}  // namespace tools
