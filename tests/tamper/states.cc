// What an outsider kept when they verified, changed; and old entries changed under it. Whatever new entries rest on is
// proven, so the change is found and everything is read from the start. Where nothing rests on it, what is said of the
// book is what is said with the state as it was.
#include <rocksdb/db.h>

#include <filesystem>

#include "campaign.h"
#include "schema/big_endian.h"
#include "tools/verify.h"

namespace tamper {
namespace {

namespace fs = std::filesystem;
using Row = std::pair<std::string, std::string>;

constexpr int notes = 260;  // so that a tile is full, and its entries are not all hashed when the state is opened

std::unique_ptr<rocksdb::DB> store(const std::string& folder) {
    rocksdb::DB* raw = nullptr;
    rocksdb::Options options;
    options.info_log_level = rocksdb::FATAL_LEVEL;
    EXPECT_TRUE(rocksdb::DB::Open(options, folder + "/index", &raw).ok());
    return std::unique_ptr<rocksdb::DB>(raw);
}

// A book whose newest entries rest on old ones in every way, and what was kept in the midst of it.
struct Standing {
    Standing() : played(with_checkpoints()) {
        test::Family busy(played), later(played), fresh(played);
        old.received();
        busy.received();
        auto note = [&] { busy.must("kw", "caseNoteAdded", {{"note", "action"}}); };
        // Far from the entries that are asked for, so that hashes of a tile are needed for the root of then alone.
        for (int i = 0; i < 32 || played.book->published()->head.size % 16 != 5; ++i) note();
        shown = played.book->published()->head.size;
        auto early = played.draft("mash", later.stream, {{"contactReceived", later.first_contact()}});
        for (int i = 0; i < notes; ++i) note();
        keep();
        old.decided();
        EXPECT_TRUE(std::holds_alternative<commands::Accepted>(played.send(early)));  // shown a root of long ago
        fresh.received();
        auto& open = *played.book;
        auto size = open.published()->head.size;
        for (uint64_t i = 0; i < size; ++i)
            book.records.push_back(
                Book::kept(std::string(schema::as_text(open.entry(i)->bytes())), open.sealed_words(i).value()));
        book.root = open.published()->head.root;
        newest = open.entry(size - 1)->id();
        sound = said_with(evidence.state);
    }

    static test::Played::Options with_checkpoints() {
        test::Played::Options options;
        options.shows_checkpoints = true;
        return options;
    }
    void keep() {
        kept_at = played.book->published()->head.size;
        evidence.key = played.book->checkpoint_key();
        evidence.since = played.book->published()->checkpoint;
        evidence.state = folder / "state";
        tools::VerifyOptions options;
        options.believed.keys = {{"", ledger::KeyType::ed25519, *evidence.key}};
        options.checkpoint = evidence.since;
        options.keep = evidence.state;
        auto log = tools::open_read_only(played.folder / "l/book");
        auto done = tools::verify_book(**log, options);
        EXPECT_TRUE(done && done->holds() && done->kept == kept_at);
        auto index = store(evidence.state);
        std::unique_ptr<rocksdb::Iterator> at(index->NewIterator({}));
        for (at->SeekToFirst(); at->Valid(); at->Next())
            rows.emplace_back(at->key().ToString(), at->value().ToString());
    }
    // The book is as it was: a state is told from a wrong one, or makes no difference; nothing of the book is blamed.
    Verdict said_with(const std::string& state) const {
        auto asked = evidence;
        asked.state = state;
        auto said = tamper::verify(book, asked);
        if (!said.holds()) return {{}, "a sound book is blamed: " + said.findings.front().what};
        if (!said.not_above.empty()) said.findings.push_back({0, "state", said.not_above});
        return said;
    }

    test::Played played;
    test::Family old{played};
    test::TempFolder folder;
    Book book;
    Evidence evidence;
    Verdict sound;
    uint64_t kept_at = 0, shown = 0;  // how large the book was
    schema::EventId newest{};
    std::vector<Row> rows;
};

class States {
  public:
    explicit States(Campaign& campaign) : campaign_(campaign) {}

    void take(const std::string& what, const std::function<void(const std::string& folder)>& change) {
        auto folder = std::make_shared<test::TempFolder>();
        auto state = *folder / "state";
        fs::copy(standing_->evidence.state, state, fs::copy_options::recursive);
        change(state);
        auto verify = [standing = standing_, folder, state] { return standing->said_with(state); };
        auto same = [standing = standing_, verify] { return verify().report == standing->sound.report; };
        campaign_.take({kind_, what, 0, ~uint64_t{0}, verify, same});
    }
    void put(const std::string& what, const std::string& key, const std::string& value) {
        take(what, [&](const std::string& state) { EXPECT_TRUE(store(state)->Put({}, key, value).ok()); });
    }
    void rows(char kind, size_t most) {
        std::vector<Row> all;
        for (auto& row : standing_->rows)
            if (row.first.front() == kind) all.push_back(row);
        kind_ = "kept states, any row";
        for (auto at : campaign_.spread(all.size(), campaign_.count(most))) {
            auto& row = all[at];
            auto name = std::string("a row of ") + kind;
            take(name + " is gone",
                 [&](const std::string& state) { EXPECT_TRUE(store(state)->Delete({}, row.first).ok()); });
            put(name + " is another's", row.first, all[(at + 1) % all.size()].second);
            std::string what;
            auto other = damaged(row.second, campaign_.dice, what);
            if (!other.empty()) put(name + ", " + what, row.first, other);
        }
    }
    // Of what new entries rest on: what is found in every one.
    void rested_on() {
        auto& standing = *standing_;
        auto head = standing.played.book->stream(standing.old.stream, 1, 1)->at(0);
        for (auto& [key, value] : standing.rows) {
            if (key == "h" + std::string(standing.old.stream.view())) {
                auto other = value;
                other.replace(8, 8, schema::big_endian(head.position() - 1));
                put("a head is another entry", key, other);
                other = value;
                other[16] ^= 1;
                put("a head is of another leaf", key, other);
                other = value;
                other[48] ^= 1;
                put("a head is of another event", key, other);
            }
            if (key.front() == 's' && key.substr(1, 16) == standing.old.stream.view()) {
                put("an entry of a stream is another", key, schema::big_endian(head.position() - 1));
                put("an entry of a stream is above", key, schema::big_endian(standing.kept_at + 1));
                take("an entry of a stream is gone",
                     [&, name = key](const std::string& state) { EXPECT_TRUE(store(state)->Delete({}, name).ok()); });
            }
            if (key.front() != 't') continue;
            for (size_t at : {(standing.shown - 1) * 32, uint64_t{0}}) {
                auto other = value;
                other[at] ^= 1;
                put("a tile", key, other);
            }
        }
        auto id = "i" + std::string(standing.newest.view());
        put("a new id was used below", id, schema::big_endian(3));
        put("a new id was used above", id, schema::big_endian(standing.kept_at + 1));
        put("the size", "n", schema::big_endian(standing.kept_at - 1));
        take("its checkpoint", [&](const std::string& state) {
            auto path = state + "/checkpoint";
            auto text = test::read_all(path);
            test::write_all(path, text.replace(text.find("v1"), 2, "v2"));
        });
    }
    // The book, changed below what was kept: found where it was done, since all is read then.
    void old_entries() {
        auto& standing = *standing_;
        for (auto position : {standing.played.book->stream(standing.old.stream, 1, 1)->at(0).position(),
                              standing.kept_at - 1, standing.kept_at / tile * tile}) {
            auto altered = standing.book;
            altered.replace(position, twisted(altered.entry_at(position),
                                              [](auto entry) { entry.setRecorded(entry.getRecorded() - 1); }));
            campaign_.take({"kept states, and entries below", "recorded", position, ~uint64_t{0},
                            [standing = standing_, altered] { return tamper::verify(altered, standing->evidence); }});
        }
    }

  private:
    static constexpr uint64_t tile = 256;
    static std::shared_ptr<const Standing> one() {
        static const auto standing = std::make_shared<const Standing>();
        return standing;
    }
    Campaign& campaign_;
    std::string kind_ = "kept states";
    std::shared_ptr<const Standing> standing_ = one();
};

}  // namespace

void states(Campaign& campaign) {
    States states(campaign);
    states.rested_on();
    states.old_entries();
    for (char kind : {'s', 'h', 'i', 't', 'n'}) states.rows(kind, 20);
}

}  // namespace tamper
