// What an auditor kept beside a checkpoint: whoever goes on from it reads what is new and comes to the same; and what
// is not as it was, in it or below, is told and never gone on from.
#include "ledger/audit_state.h"

#include <set>

#include "ledger/audit.h"
#include "ledger/rocks_log.h"
#include "ledger/small_book.h"

namespace {

using namespace ledger;
using namespace test;

// A book as it lies on the disk, with some entries changed, that remembers what was read of it.
class WatchedLog final : public Log {
  public:
    explicit WatchedLog(const std::string& folder) : under_(open_rocks_log(folder, "", {.read_only = true}).value()) {}

    std::map<uint64_t, std::string> instead;
    mutable std::set<uint64_t> was_read;

    schema::Result<void> append(const LogHead&, std::span<const Record>, const Digest&) override { return {}; }
    schema::Result<void> read(uint64_t from, uint64_t to, const Take& take) const override {
        for (uint64_t at = from; at < to && at < head().size; ++at)
            if (!take(at, schema::as_bytes(*entry(at)))) break;
        return {};
    }
    schema::Result<std::string> entry(uint64_t position) const override {
        was_read.insert(position);
        auto other = instead.find(position);
        return other == instead.end() ? under_->entry(position) : other->second;
    }
    schema::Result<std::string> words(uint64_t position) const override { return under_->words(position); }
    bool wait(uint64_t, std::chrono::milliseconds) const override { return false; }
    LogHead head() const override { return under_->head(); }
    std::string durability() const override { return "none"; }

  private:
    std::unique_ptr<Log> under_;
};

class GoneOn : public testing::Test {
  protected:
    TempFolder folder;
    Author author;
    std::unique_ptr<Ledger> book = make(folder / "l");

    Checkpoint at(uint64_t size) { return {origin, size, book->root_at(size).value()}; }
    AuditOptions options_at(uint64_t size) {
        AuditOptions options;
        options.trusted_keys = {book->checkpoint_key()};
        auto key = SigningKey::load(book->folder() + "/secrets/checkpoint.key").value();
        options.since = at(size).sign(key);
        options.threads = 1;
        return options;
    }
    WatchedLog log() { return WatchedLog(book->folder() + "/book"); }
    std::string state_at(uint64_t size) {
        auto path = folder / ("state-" + std::to_string(size));
        auto of = log();
        auto writer = AuditStateWriter::begin(path, of, nullptr);
        EXPECT_TRUE(writer) << writer.error().text();
        (void)of.read(0, size, [&](uint64_t, Bytes bytes) {
            (*writer)->take(Entry::decode(bytes).value(), "kept");
            return true;
        });
        auto done = (*writer)->finish(at(size));
        EXPECT_TRUE(done) << done.error().text();
        return path;
    }
    schema::Result<AuditReport> go_on(const Log& of, const std::string& path, AuditOptions options, uint64_t size) {
        auto state = AuditState::open(path, of, at(size));
        if (!state) return tl::unexpected(state.error());
        options.state = state->get();
        return audit(of, options);
    }
    void reuse_an_old_id(uint64_t number) {
        auto stream = id<schema::StreamId>(100 + number % 3);
        json::object fact{{"caseNoteAdded", json::object{{"note", "action"}}}};
        auto word = author.word("again", {id<schema::SubjectId>(50)}, 9);
        author.place_draft(*book, author.draft(*book, stream, fact, number, {word}), book->next_position());
        ASSERT_TRUE(book->commit());
    }
};

TEST_F(GoneOn, ReadsWhatIsNewAndWhatThatRestsOnAndComesToTheSame) {
    author.write(*book, 600, 100);
    auto path = state_at(530);
    author.write(*book, 606, 3);
    auto of = log();
    auto whole = audit(of, options_at(530));
    of.was_read.clear();
    auto above = go_on(of, path, options_at(530), 530);
    ASSERT_TRUE(above) << above.error().text();
    EXPECT_TRUE(above->findings.empty());
    EXPECT_EQ(above->root, whole->root);
    EXPECT_EQ(above->entries, whole->entries);
    EXPECT_EQ(above->signatures, 76u);
    EXPECT_EQ(above->on_trust, 530u);
    EXPECT_EQ(above->not_read, 530u);
    EXPECT_EQ(above->origin, origin);
    EXPECT_EQ(above->checkpoint_keys, whole->checkpoint_keys);
    auto below = std::distance(of.was_read.begin(), of.was_read.lower_bound(512));
    EXPECT_EQ(below, 2) << "the directory's; the tile that was filling began at 512";
}

TEST_F(GoneOn, FindsAnIdThatAnOldEntryUsed) {
    author.write(*book, 8);
    auto path = state_at(8);
    reuse_an_old_id(3);
    auto report = go_on(log(), path, options_at(8), 8);
    ASSERT_TRUE(report) << report.error().text();
    ASSERT_EQ(report->findings.size(), 1u);
    EXPECT_EQ(report->findings[0].position, 8u);
    EXPECT_EQ(report->findings[0].field, "event.id");
}

TEST_F(GoneOn, ComparesMarksAndCheckpointsOfBeforeWithWhatItCanProve) {
    author.write(*book, 9);
    auto path = state_at(6);
    auto options = options_at(6);
    options.mark = Marked{3, book->root_at(3).value()};
    options.sizes = {2, 6, 9};
    auto of = log();
    auto report = go_on(of, path, options, 6);
    ASSERT_TRUE(report && report->findings.empty());
    for (auto size : options.sizes) EXPECT_EQ(report->roots.at(size), book->root_at(size).value());
    options.mark->root[7] ^= 1;
    report = go_on(of, path, options, 6);
    ASSERT_TRUE(report && report->findings.size() == 1);
    EXPECT_EQ(report->findings[0].field, "mark");
    EXPECT_EQ(report->findings[0].position, 2u);
}

TEST_F(GoneOn, IsNotOnAnOldEntryThatWasChangedWhereANewOneRestsOnIt) {
    author.write(*book, 300, 100);
    auto path = state_at(299);
    // Of the directory; of a case; of the tile that was filling; and the newest, in whose case nothing is new.
    for (uint64_t changed : {0, 1, 6, 297, 298}) {
        auto of = log();
        auto bytes = of.entry(changed).value();
        bytes[bytes.size() - 3] ^= 1;
        of.instead[changed] = bytes;
        auto report = go_on(of, path, options_at(299), 299);
        if (changed == 6) {  // the new one's case is not folded here, so nobody asks
            EXPECT_TRUE(report) << report.error().text();
            continue;
        }
        ASSERT_FALSE(report) << changed;
        EXPECT_EQ(report.error().field, "state");
    }
}

TEST_F(GoneOn, IsRefusedOfAnotherCheckpointAndWhereNothingWasKept) {
    author.write(*book, 9);
    auto path = state_at(6);
    auto of = log();
    EXPECT_EQ(AuditState::open(path, of, at(7)).error().field, "state");
    auto other = at(6);
    other.origin = "another.example";
    EXPECT_EQ(AuditState::open(path, of, other).error().field, "state");
    EXPECT_EQ(AuditState::open(path + "x", of, at(6)).error().fault, schema::Fault::not_found);
    auto state = AuditState::open(path, of, at(6)).value();
    auto options = options_at(7);
    options.state = state.get();
    EXPECT_EQ(audit(of, options).error().field, "state");
}

TEST_F(GoneOn, KeepsAllOfWhatItWentOnFrom) {
    author.write(*book, 9);
    auto of = log();
    auto base = AuditState::open(state_at(6), of, at(6)).value();
    auto writer = AuditStateWriter::begin(folder / "next", of, base.get()).value();
    EXPECT_EQ(writer->size(), 6u);
    EXPECT_FALSE(AuditStateWriter::begin(folder / "other", of, nullptr).value()->finish(at(6)));
    for (uint64_t i = 6; i < 9; ++i) writer->take(Entry::decode(schema::as_bytes(*of.entry(i))).value(), "kept");
    ASSERT_TRUE(writer->finish(at(9)));
    auto next = AuditState::open(folder / "next", of, at(9)).value();
    auto whole = AuditState::open(state_at(9), of, at(9)).value();
    EXPECT_EQ(next->kept().value(), whole->kept().value());
    EXPECT_EQ(next->heads().root(), whole->heads().root());
    for (uint64_t i = 0; i < 9; ++i)
        EXPECT_TRUE(next->was_used(Entry::decode(schema::as_bytes(*of.entry(i)))->id()).value());
    EXPECT_FALSE(next->was_used(id<schema::EventId>(5)).value());
    EXPECT_FALSE(next->wrong());
    EXPECT_EQ(AuditState::open(folder / "state-6", of, at(6)).value()->size(), 6u) << "its tables are shared";
}

// Every byte of what was kept: it is told, or the same is found. The book has a new entry with an old one's id, which
// must not pass, and no finding that is not there.
TEST_F(GoneOn, EveryByteOfWhatWasKeptIsFoundOrChangesNothing) {
    author.write(*book, 8);
    auto path = state_at(8);
    auto of = log();
    auto good = of.head().size;
    reuse_an_old_id(3);
    auto bad = log();
    auto told = [&](const Log& log) {
        auto report = go_on(log, path, options_at(8), 8);
        if (!report) return report.error().field;
        std::string all;
        for (auto& finding : report->findings) all += std::to_string(finding.position) + finding.field;
        return all + " " + report->root.hex();
    };
    auto right = told(bad);
    ASSERT_TRUE(right.starts_with("8event.id "));
    ASSERT_EQ(good, 8u);
    size_t bytes = 0, refused = 0;
    for (auto& file : fs::recursive_directory_iterator(path)) {
        auto name = file.path().filename().string();
        if (!file.is_regular_file() || name.starts_with("LOG") || name.starts_with("OPTIONS")) continue;
        auto content = read_all(file.path());
        for (size_t at = 0; at < content.size(); ++at, ++bytes) {
            auto turned = content;
            turned[at] = static_cast<char>(turned[at] ^ (1 << at % 8));
            write_all(file.path(), turned);
            auto now = told(bad);
            refused += now == "state";
            EXPECT_TRUE(now == "state" || now == right) << name << " byte " << at << ": " << now;
        }
        write_all(file.path(), content);
    }
    std::cout << "[ kept     ] " << bytes << " bytes: " << refused << " refused, the rest changed nothing\n";
    EXPECT_GT(refused, 1000u);
    EXPECT_EQ(told(bad), right);
}

}  // namespace
