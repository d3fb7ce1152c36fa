// A small real ledger in a temporary folder, written as a client and the writer would, but without asking any rule.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/draft.h"
#include "ledger/ledger.h"
#include "ledger/receipt.h"

namespace test {

namespace fs = std::filesystem;
namespace json = boost::json;

// Gone with everything in it when the test is over. In memory where the machine has such a place: durability there is
// simulated by the tests that are about it, and hundreds of copies are opened.
class TempFolder {
  public:
    TempFolder() {
        const char* base = std::getenv("TMPDIR");
        std::string pattern = std::string(base                     ? base
                                          : fs::exists("/dev/shm") ? "/dev/shm"
                                                                   : "/tmp") +
                              "/caseledger-test-XXXXXX";
        path_ = mkdtemp(pattern.data());
    }
    ~TempFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

inline std::string read_all(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
}
inline void write_all(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}
inline void copy_folder(const std::string& from, const std::string& to) {
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
}

template <class Id>
Id id(uint64_t number) {
    Id made{};
    for (size_t i = 0; i < 8; ++i) made[made.size() - 1 - i] = static_cast<uint8_t>(number >> (8 * i));
    made[0] = 0xAA;
    return made;
}
inline ledger::SigningKey key_from(uint8_t number) {
    std::string seed(32, static_cast<char>(number));
    return ledger::SigningKey::from_seed(schema::as_bytes(seed));
}

inline const char* const origin = "ledger.eastmere.example/early-help";

// Writes as one governor who also keeps case notes. Ids, keys, salts and times follow from the numbers given, so the
// same calls give the same entries.
class Author {
  public:
    ledger::SigningKey key = key_from(7);
    schema::PersonId person = id<schema::PersonId>(1);

    static constexpr int64_t first_time = 1'527'170'400'000;  // 2018-05-24T15:00:00+01:00

    ledger::Draft draft(ledger::Ledger& book, const schema::StreamId& stream, json::object fact, uint64_t number,
                        std::vector<ledger::Word> words) const {
        ledger::DraftContext context;
        context.origin = book.origin();
        context.actor = person;
        context.key = key.id();
        context.role = "data-governor";
        context.stream = stream;
        context.seen = book.head(stream).value();
        context.occurred = schema::time_of(first_time + static_cast<int64_t>(number) * 60'000);
        json::object fields{{"id", id<schema::EventId>(1000 + number).hex()}, {"fact", std::move(fact)}};
        auto made = ledger::draft(context, fields, std::move(words));
        EXPECT_TRUE(made) << made.error().text();
        return *made;
    }

    ledger::Word word(const std::string& text, std::vector<schema::SubjectId> about, uint8_t salt) const {
        return {"note", std::move(about), std::string(32, static_cast<char>(salt)), text, ""};
    }

    // Places the event of that number: the genesis (0), a new person (1), or a note about a child (2 and more).
    ledger::Entry place(ledger::Ledger& book, uint64_t number) const {
        json::object fact;
        std::vector<ledger::Word> words;
        auto stream = schema::reserved_stream(schema::directory_stream_number);
        if (number == 0) {
            auto message = ledger::possession_message(book.origin(), person);
            auto proof = key.sign(ledger::key_context, schema::as_bytes(message));
            fact["ledgerOpened"] = json::object{{"authority", "Eastmere"},
                                                {"playedClock", true},
                                                {"checkpointKey", book.checkpoint_key().hex()},
                                                {"governor", person.hex()},
                                                {"publicKey", key.public_key().hex()},
                                                {"proofOfPossession", proof.hex()}};
        } else if (number == 1) {
            auto newcomer = id<schema::SubjectId>(2);
            fact["personRegistered"] = json::object{{"person", newcomer.hex()}};
            words.push_back(word("A. Keyworker", {newcomer}, 1));
            words[0].heading = "name";
        } else {
            stream = id<schema::StreamId>(100 + number % 3);
            auto child = id<schema::SubjectId>(50 + number % 5);
            fact["caseNoteAdded"] = json::object{{"note", "action"}};
            words.push_back(word("note " + std::to_string(number), {child}, static_cast<uint8_t>(number)));
        }
        auto made = draft(book, stream, std::move(fact), number, std::move(words));
        return place_draft(book, made, number);
    }

    ledger::Entry place_draft(ledger::Ledger& book, const ledger::Draft& made, uint64_t number) const {
        std::string sealed;
        if (!made.words.empty()) sealed = ledger::seal(made.words, made.id, book.next_position(), book.keys()).value();
        auto event = schema::EventMessage::decode(schema::as_bytes(made.event), schema::event_limit).value();
        ledger::Signature signatures[] = {key.sign(ledger::event_context, schema::as_bytes(made.event))};
        return book.place(event, signatures, std::move(sealed),
                          schema::time_of(first_time + static_cast<int64_t>(number) * 60'000));
    }

    // Writes entries up to `size`, `batch` at a time.
    void write(ledger::Ledger& book, uint64_t size, uint64_t batch = 1) const {
        while (book.next_position() < size) {
            for (uint64_t i = 0; i < batch && book.next_position() < size; ++i) place(book, book.next_position());
            auto done = book.commit();
            ASSERT_TRUE(done) << done.error().text();
        }
    }
};

inline std::unique_ptr<ledger::Ledger> make(const std::string& folder) {
    auto made = ledger::Ledger::create(folder, origin);
    EXPECT_TRUE(made) << made.error().text();
    return made ? *std::move(made) : nullptr;
}

// Everything a reader can get out of a book, in one text: two books are the same when this is.
inline std::string reading_of(const ledger::Ledger& book) {
    std::string all = std::to_string(book.published()->head.size) + book.published()->head.root.hex() + "\n";
    auto done = book.read(0, ~uint64_t{0}, [&](const ledger::Entry& entry) {
        all += schema::to_hex(entry.bytes()) + "\n";
        auto words = book.words(entry);
        if (!words) all += "words: " + words.error().text() + "\n";
        else
            for (auto& word : *words)
                all += word.heading + (word.readable ? "=" + word.content : std::string("?")) + word.leaf.hex() + "\n";
        return true;
    });
    if (!done) all += "error: " + done.error().text();
    return all;
}

}  // namespace test
