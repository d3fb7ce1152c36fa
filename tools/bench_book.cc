#include "tools/bench_book.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <thread>
#include <unordered_map>

#include "commands/bench.h"
#include "ledger/compaction.h"
#include "schema/json.h"
#include "server/wall_clock.h"
#include "tools/bench_machine.h"
#include "tools/founding.h"
#include "tools/measuring.h"
#include "tools/recorder.h"

namespace tools {
namespace {

namespace json = boost::json;
using schema::as_bytes;

constexpr const char* origin = "ledger.eastmere.example/bench";
constexpr uint64_t long_case = 500, open_at_once = 2048, batch = 8192;
constexpr auto span_of_book = std::chrono::hours(24 * 730);  // of recorded time

// Which case is worked on next: so many are open at once, each until it has its entries; then another one begins.
class Casework {
  public:
    Casework(uint64_t entries, uint64_t cases, uint64_t long_cases) : cases_(cases), long_cases_(long_cases) {
        auto left = entries > long_cases * long_case ? entries - long_cases * long_case : 0;
        auto ordinary = std::max<uint64_t>(1, cases > long_cases ? cases - long_cases : 0);
        ordinary_ = std::max<uint64_t>(1, left / ordinary);
        longer_by_one_ = left > ordinary ? left % ordinary : 0;
        while (open_.size() < std::min(cases_, open_at_once)) begin();
    }
    struct Step {
        uint64_t number;  // of the case
        bool first;       // its contact
    };
    std::optional<Step> next() {
        if (open_.empty()) return std::nullopt;
        auto at = chance_() % open_.size();
        auto& work = open_[at];
        Step step{work.number, !std::exchange(work.begun, true)};
        if (--work.left == 0) {
            work = open_.back();
            open_.pop_back();
            begin();
        }
        return step;
    }

  private:
    struct Work {
        uint64_t number, left;
        bool begun;
    };
    void begin() {
        if (begun_ == cases_) return;
        auto is_long = begun_ < long_cases_;
        auto length = is_long ? long_case : ordinary_ + (begun_ - long_cases_ < longer_by_one_ ? 1 : 0);
        open_.push_back({begun_, length, false});
        ++begun_;
    }
    uint64_t cases_, long_cases_, ordinary_ = 1, longer_by_one_ = 0, begun_ = 0;
    std::vector<Work> open_;
    std::mt19937_64 chance_{1};
};

struct Filling {
    uint64_t number;  // of the case
    bool first;
    schema::Time at;
};
struct Filled {
    MadeEvent made;
    std::optional<schema::EventMessage> event;
};

std::string thousands(uint64_t value) {
    return value >= 1'000'000 ? std::to_string(value / 1'000'000) + "." + std::to_string(value / 100'000 % 10) + "M"
                              : std::to_string(value / 1000) + "k";
}

}  // namespace

EventMaker BenchBook::maker() const { return {origin, worker_, key_}; }

BenchCase BenchBook::bench_case(uint64_t number) const {
    auto id = ledger::sha256(as_bytes(salt_ + "/" + std::to_string(number)));
    return {schema::StreamId::of({id.data(), 16}), schema::SubjectId::of({id.data() + 16, 16})};
}

Attempt<std::unique_ptr<BenchBook>> BenchBook::make(const std::string& folder, const BookShape& shape,
                                                    const Progress& progress) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    std::unique_ptr<BenchBook> book(new BenchBook(folder, ledger::SigningKey::generate()));
    book->worker_ = ledger::random_id<schema::PersonId>();
    book->salt_ = schema::to_hex(as_bytes(ledger::random_bytes(16)));
    book->shape_ = shape;
    book->long_cases_ = std::clamp<uint64_t>(shape.entries / 20'000, 1, 64);
    book->shape_.cases = std::max(shape.cases, book->long_cases_ + 1);
    TRY(book->key_.save(folder + "/worker.key"));
    book->began_ = server::wall_time() - span_of_book;
    TRY(book->found_and_furnish());
    TRY(book->remember());
    TRY(book->finish(progress));
    TRY(book->look());
    return book;
}

// From wherever it was left.
Attempt<void> BenchBook::finish(const Progress& progress) {
    auto start = Clock::now();
    TRY(fill(progress));
    seconds_to_fill_ = since(start);
    // Whoever writes waits until so many files have become few.
    progress("merging the index");
    TRY(ledger::compact_store(ledger_folder() + "/index"));
    progress("disclosures");
    TRY(disclose());
    progress("compacting the stores");
    for (auto* store : {"/book", "/index"}) TRY(ledger::compact_store(ledger_folder() + store));
    filled_ = true;
    return remember();
}

Attempt<void> BenchBook::found_and_furnish() {
    auto governor = ledger::SigningKey::generate();
    auto founded =
        found({ledger_folder(), "Eastmere Council", origin, "BEX-2018", "A. Governor", false, began_}, governor);
    if (!founded) return tl::unexpected(founded.error());
    auto ledger = ledger::Ledger::open(ledger_folder());
    if (!ledger) return tl::unexpected(Failure(ledger.error()));
    auto sequencer = commands::Sequencer::start(**ledger, [this] { return began_; });
    if (!sequencer) return tl::unexpected(Failure(sequencer.error()));
    Recorder recorder(**ledger, **sequencer);
    Signer by{founded->governor, governor, std::string(ledger::governor_role), ""};
    auto directory = schema::reserved_stream(schema::directory_stream_number);
    auto possession = key_.sign(ledger::key_context, as_bytes(ledger::possession_message(origin, worker_)));
    json::array facts{json::object{{"personRegistered", {{"person", worker_.hex()}}}},
                      json::object{{"keyEnrolled",
                                    {{"person", worker_.hex()},
                                     {"publicKey", key_.public_key().hex()},
                                     {"proofOfPossession", possession.hex()}}}}};
    for (auto* role : {"team-manager", "mash-practitioner", "service-manager"})
        facts.push_back(
            json::object{{"roleGranted", {{"person", worker_.hex()}, {"role", role}, {"from", "2018-05-22"}}}});
    for (auto& fact : facts)
        if (auto done = recorder.record(by, directory, {{"fact", fact}}, {}, began_); !done)
            return tl::unexpected(done.error());
    furnishing_ = (*ledger)->published()->head.size;
    return {};
}

// While one batch is placed and written, the next is made and signed.
Attempt<void> BenchBook::fill(const Progress& progress) {
    ledger::Ledger::Options options;
    options.bulk = true;
    auto opened = ledger::Ledger::open(ledger_folder(), options);
    if (!opened) return tl::unexpected(Failure(opened.error()));
    auto& ledger = **opened;
    // What a case adds to the loads is kept as the service keeps it, or the next opening would fold every case.
    commands::Bench bench([&](const schema::StreamId& stream, const std::function<void(const ledger::Entry&)>& take) {
        // Quicker than to look through every file for the entries of a case that begins.
        auto head = ledger.published_head(stream);
        if (!head) return schema::Result<void>(tl::unexpected(head.error()));
        if (!head->revision) return schema::Result<void>();
        auto entries = ledger.stream(stream, 1, SIZE_MAX);
        if (!entries) return schema::Result<void>(tl::unexpected(entries.error()));
        for (auto& entry : *entries) take(entry);
        return schema::Result<void>();
    });
    TRY(bench.load(ledger));
    auto made_by = maker();
    Casework casework(shape_.entries, shape_.cases, long_cases_);
    auto step =
        std::chrono::duration_cast<std::chrono::microseconds>(span_of_book) / std::max<uint64_t>(shape_.entries, 1);
    uint64_t planned = 0;
    // Chance is the same each time: an entry that is there was planned.
    for (auto there = ledger.published()->head.size - furnishing_; planned < there; ++planned) casework.next();
    // Of what is committed. A case whose head is not here is looked up.
    std::unordered_map<schema::StreamId, ledger::StreamHead> heads;
    auto make = [&] {
        std::vector<Filling> plan;
        for (; plan.size() < batch && planned < shape_.entries; ++planned)
            if (auto next = casework.next())
                plan.push_back({next->number, next->first,
                                began_ + std::chrono::duration_cast<std::chrono::milliseconds>(step * planned)});
            else planned = shape_.entries;
        std::vector<Filled> filled(plan.size());
        auto book = ledger.published();
        share(plan.size(), [&](size_t i) {
            auto about = bench_case(plan[i].number);
            Shown shown{{}, book->head.size, book->head.root};
            // What came after the checkpoint that was looked at has not been shown.
            if (auto known = heads.find(about.stream); known != heads.end()) shown.head = known->second;
            else if (plan[i].first) shown.head = {};
            else if (auto head = ledger.published_head(about.stream); head && head->position < book->head.size)
                shown.head = *head;
            filled[i].made = plan[i].first ? made_by.contact(about, shown, plan[i].at, shape_.wordless)
                                           : made_by.note(about, shown, plan[i].at, i, shape_.wordless);
            if (auto event = schema::EventMessage::decode(as_bytes(filled[i].made.event), schema::event_limit))
                filled[i].event = *std::move(event);
        });
        return std::pair(std::move(plan), std::move(filled));
    };
    auto now = make();
    auto told = Clock::now();
    while (!now.first.empty()) {
        decltype(now) next;
        std::jthread making([&] { next = make(); });
        std::unordered_map<schema::StreamId, ledger::StreamHead> moved;
        for (size_t i = 0; i < now.first.size(); ++i) {
            auto& [made, event] = now.second[i];
            ASSERT(event);
            schema::Result<std::string> sealed;
            if (!made.words.empty())
                sealed = ledger.seal_words(made.words, schema::EventId::of(schema::bytes_of((*event)->getId())));
            if (!sealed) return tl::unexpected(Failure(sealed.error()));
            auto entry = ledger.place(*event, {&made.signature, 1}, *std::move(sealed), now.first[i].at);
            TRY(bench.apply(entry));
            moved[entry.stream()] = {entry.revision(), entry.position(), entry.leaf(), {}};
        }
        for (auto& [stream, head] : moved) TRY(ledger.keep(stream, bench.kept(stream)));
        TRY(ledger.commit());
        making.join();
        if (heads.size() > 16 * open_at_once) heads.clear();
        for (auto& [stream, head] : moved) heads[stream] = head;
        now = std::move(next);
        if (since(told) < 10) continue;
        told = Clock::now();
        progress("filling the book: " + thousands(ledger.published()->head.size) + " of " + thousands(shape_.entries));
    }
    return {};
}

// Through the rules, like everything a person does; a few are enough.
Attempt<void> BenchBook::disclose() {
    auto ledger = ledger::Ledger::open(ledger_folder());
    if (!ledger) return tl::unexpected(Failure(ledger.error()));
    auto sequencer = commands::Sequencer::start(**ledger, server::wall_time);
    if (!sequencer) return tl::unexpected(Failure(sequencer.error()));
    Recorder recorder(**ledger, **sequencer);
    Signer by{worker_, key_, "service-manager", ""};
    for (uint64_t i = 0; i < std::min<uint64_t>(long_cases_, 8); ++i) {
        auto done = recorder.record(by, bench_case(i).stream,
                                    {{"fact", {{"recordDisclosed", {{"purpose", "inspection"}, {"words", "all"}}}}}},
                                    {}, server::wall_time());
        if (!done) return tl::unexpected(done.error());
        disclosures_.push_back(done->position);
    }
    return {};
}

Attempt<void> BenchBook::look() {
    auto ledger = ledger::Ledger::open(ledger_folder());
    if (!ledger) return tl::unexpected(Failure(ledger.error()));
    auto book = (*ledger)->published();
    for (uint64_t i = shape_.cases - std::min(shape_.cases, open_at_once); i < shape_.cases; ++i) {
        auto about = bench_case(i);
        auto head = (*ledger)->published_head(about.stream);
        if (!head) return tl::unexpected(Failure(head.error()));
        if (head->revision) worked_on_.push_back({about, {*head, book->head.size, book->head.root}});
    }
    if (worked_on_.empty()) return tl::unexpected(Failure(Exit::failed, "the book has no case"));
    return {};
}

Attempt<void> BenchBook::remember() const {
    json::array disclosures(disclosures_.begin(), disclosures_.end());
    json::object told{{"worker", worker_.hex()},
                      {"salt", salt_},
                      {"entries", shape_.entries},
                      {"cases", shape_.cases},
                      {"wordless", shape_.wordless},
                      {"longCases", long_cases_},
                      {"began", schema::milliseconds(began_)},
                      {"furnishing", furnishing_},
                      {"filled", filled_},
                      {"disclosures", disclosures}};
    // A run that is killed here leaves the one or the other.
    auto file = folder_ + "/bench.json", next = file + ".next";
    std::ofstream out(next);
    out << json::serialize(told) << std::flush;
    std::error_code error;
    if (out) std::filesystem::rename(next, file, error);
    if (!out || error) return tl::unexpected(Failure(Exit::failed, file + " cannot be written"));
    return {};
}

Attempt<std::unique_ptr<BenchBook>> BenchBook::reopen(const std::string& folder, const Progress& progress) {
    auto key = ledger::SigningKey::load(folder + "/worker.key");
    if (!key) return tl::unexpected(Failure(key.error()));
    auto text = ledger::read_file(folder + "/bench.json", 1 << 20);
    if (!text) return tl::unexpected(Failure(text.error()));
    auto told = schema::parse_json(*text);
    if (!told || !told->is_object() || !told->as_object().contains("filled"))
        return tl::unexpected(Failure(Exit::usage, folder + "/bench.json is not what a benchmark left"));
    std::unique_ptr<BenchBook> book(new BenchBook(folder, *std::move(key)));
    book->worker_ =
        schema::PersonId::from_hex(std::string_view(told->at("worker").as_string())).value_or(schema::PersonId{});
    book->salt_ = std::string(told->at("salt").as_string());
    book->shape_ = {told->at("entries").to_number<uint64_t>(), told->at("cases").to_number<uint64_t>(),
                    told->at("wordless").as_bool()};
    book->long_cases_ = told->at("longCases").to_number<uint64_t>();
    book->began_ = schema::time_of(told->at("began").to_number<int64_t>());
    book->furnishing_ = told->at("furnishing").to_number<uint64_t>();
    book->filled_ = told->at("filled").as_bool();
    for (auto& position : told->at("disclosures").as_array())
        book->disclosures_.push_back(position.to_number<uint64_t>());
    if (!book->filled_) TRY(book->finish(progress));
    TRY(book->look());
    return book;
}

std::vector<MadeEvent> BenchBook::prepare(uint64_t count) const {
    std::vector<MadeEvent> made(std::max<uint64_t>(count, 1));
    auto made_by = maker();
    std::vector<uint32_t> which(made.size());
    std::mt19937_64 chance(std::random_device{}());
    for (auto& number : which) number = static_cast<uint32_t>(chance() % worked_on_.size());
    auto now = server::wall_time();
    share(made.size(), [&](size_t i) {
        auto& [about, shown] = worked_on_[which[i]];
        made[i] = made_by.note(about, shown, now, i);
    });
    return made;
}

std::vector<MadeEvent> BenchBook::begin_cases(size_t count) {
    std::vector<MadeEvent> contacts(count);
    auto made_by = maker();
    auto now = server::wall_time();
    for (auto& contact : contacts) {
        auto& [about, shown] = worked_on_[oldest_++ % worked_on_.size()];
        about = bench_case(shape_.cases++);
        shown.head = {};
        contact = made_by.contact(about, shown, now);
    }
    return contacts;
}

std::vector<MadeEvent> BenchBook::prepare_one_each() const {
    std::vector<MadeEvent> made(worked_on_.size());
    auto made_by = maker();
    auto now = server::wall_time();
    share(made.size(), [&](size_t i) { made[i] = made_by.note(worked_on_[i].first, worked_on_[i].second, now, i); });
    return made;
}

}  // namespace tools
