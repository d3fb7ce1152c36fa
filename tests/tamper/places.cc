// Entries that are dropped, swapped, put in twice, replaced by another's or moved; tails cut and middles left out. Each
// once as a thief would leave the store, and once with every place and hash made anew by whoever has the ledger's key.
#include "campaign.h"

namespace tamper {
namespace {

using Items = std::vector<Item>;
using Kept = std::vector<Book::Kept>;

std::string number(uint64_t value) { return std::to_string(value); }

class Places {
  public:
    explicit Places(Campaign& campaign)
        : campaign_(campaign), sample_(campaign.little), by_(std::make_shared<Operator>(sample_)) {}

    // The same done to the records and to what is recorded again.
    template <class Deed>
    void both(const std::string& kind, const std::string& what, uint64_t from, Deed deed) {
        Book raw = sample_.book;
        deed(raw.records);
        raw.fit();
        take(kind, what, from, std::move(raw));
        auto items = by_->items();
        deed(items);
        take(kind + ", chained anew", what, from, by_->build(std::move(items), Operator::ledger_key, from));
    }
    void take(const std::string& kind, const std::string& what, uint64_t from, Book book) {
        campaign_.take({kind, what, std::min<uint64_t>(from, book.records.empty() ? 0 : book.records.size() - 1),
                        std::max<uint64_t>(book.records.size(), sample_.size()),
                        [&sample = sample_, by = by_, book] { return by_any(sample, *by, book); }});
    }

    void drops() {
        for (auto at : campaign_.spread(sample_.size(), campaign_.count(44)))
            both("entry dropped", number(at), at,
                 [&](auto& list) { list.erase(list.begin() + static_cast<std::ptrdiff_t>(at)); });
    }
    void swaps() {
        for (size_t n = campaign_.count(400); n > 0; --n) {
            auto one = campaign_.dice.below(sample_.size()), other = campaign_.dice.below(sample_.size());
            if (one == other) continue;
            both("entries swapped", number(one) + " and " + number(other), std::min(one, other),
                 [&](auto& list) { std::swap(list[one], list[other]); });
        }
    }
    void doubles() {
        for (size_t n = campaign_.count(400); n > 0; --n) {
            auto which = campaign_.dice.below(sample_.size()), at = campaign_.dice.below(sample_.size() + 1);
            both("entry put in twice", number(which) + " at " + number(at), at, [&](auto& list) {
                auto copy = list[which];
                list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), copy);
            });
        }
    }
    void replacements() {
        for (size_t n = campaign_.count(400); n > 0; --n) {
            auto which = campaign_.dice.below(sample_.size()), at = campaign_.dice.below(sample_.size());
            if (which == at) continue;
            both("entry replaced by another's", number(which) + " at " + number(at), at,
                 [&](auto& list) { list[at] = list[which]; });
        }
        // From another book of the same origin, with the same people's keys.
        Operator other(campaign_.whole);
        auto theirs = other.items();
        for (auto which : campaign_.spread(theirs.size(), campaign_.count(200))) {
            auto at = campaign_.dice.below(sample_.size());
            auto items = by_->items();
            if (items[at].event == theirs[which].event) continue;
            items[at] = theirs[which];
            take("entry from another book", number(which) + " at " + number(at), at,
                 by_->build(std::move(items), Operator::ledger_key, at));
        }
    }
    void moves() {
        for (size_t n = campaign_.count(300); n > 0; --n) {
            auto from = campaign_.dice.below(sample_.size()), to = campaign_.dice.below(sample_.size());
            if (from == to) continue;
            both("entry moved", number(from) + " to " + number(to), std::min(from, to), [&](auto& list) {
                auto moved = list[from];
                list.erase(list.begin() + static_cast<std::ptrdiff_t>(from));
                list.insert(list.begin() + static_cast<std::ptrdiff_t>(to), moved);
            });
        }
        std::vector<schema::StreamId> streams{test::directory(), test::practice_stream(), test::service_stream(),
                                              test::id<schema::StreamId>(9'999), sample_.families.at("little").stream};
        for (auto at : campaign_.spread(sample_.size(), campaign_.count(44)))
            for (auto& stream : streams) {
                if (sample_.entry(at).stream() == stream) continue;
                for (auto holds : {Operator::ledger_key, Operator::every_key}) {
                    auto items = by_->items();
                    items[at].event = changed(items[at].event, [&](auto event) {
                        event.setStream(schema::data_of({stream.data(), stream.size()}));
                    });
                    if (holds == Operator::every_key) by_->sign(items[at]);
                    take("entry moved to another stream", number(at), at, by_->build(std::move(items), holds, at));
                }
            }
    }
    void tails() {
        auto evidence = kept(sample_);
        for (uint64_t size = 1; size < sample_.size(); ++size) {
            Book book = sample_.book;
            book.records.resize(size);
            book.fit();
            for (int has = 0; has < 3; ++has) {
                auto mine = evidence;
                if (has == 1) mine.mark.reset();
                if (has == 2) mine.checkpoint.reset();
                campaign_.take({has == 0   ? "tail cut, before mark and checkpoint"
                                : has == 1 ? "tail cut, before a checkpoint alone"
                                           : "tail cut, before a mark alone",
                                "to " + number(size), size - 1, size, [=] { return verify(book, mine); }});
            }
            // Who kept an older checkpoint sees what was cut off below it.
            for (size_t i = 0; i < sample_.checkpoints.size(); ++i) {
                if (sample_.checkpoints[i].size <= size) continue;
                auto older = evidence;
                older.mark.reset();
                older.checkpoint = sample_.notes[i];
                campaign_.take({"tail cut, before an older checkpoint", "to " + number(size), size - 1, size,
                                [=] { return verify(book, older); }});
            }
        }
    }
    void middles() {
        for (size_t n = campaign_.count(300); n > 0; --n) {
            auto from = campaign_.dice.below(sample_.size() - 1);
            auto to = from + 1 + campaign_.dice.below(sample_.size() - from - 1);
            both("middle left out", number(from) + " to " + number(to), from, [&](auto& list) {
                list.erase(list.begin() + static_cast<std::ptrdiff_t>(from),
                           list.begin() + static_cast<std::ptrdiff_t>(to));
            });
        }
    }
    // The store's head says another root than its entries have.
    void heads() {
        for (size_t n = campaign_.count(20); n > 0; --n) {
            Book book = sample_.book;
            book.root[campaign_.dice.below(32)] ^= static_cast<uint8_t>(1 << campaign_.dice.below(8));
            auto evidence = kept(sample_);
            campaign_.take({"head of the store", "another root", sample_.size() - 1, sample_.size(),
                            [=] { return verify(book, evidence); }});
        }
    }
    // A mark or a checkpoint of another history; the key of another ledger.
    void evidence() {
        auto good = kept(sample_);
        auto& book = sample_.book;
        auto last = sample_.size();
        for (size_t n = campaign_.count(40); n > 0; --n) {
            auto size = 1 + campaign_.dice.below(last);
            ledger::Digest root = sample_.book.root;
            root[3] ^= 1;
            auto bad = good;
            bad.mark = ledger::Marked{size, root};
            campaign_.take(
                {"mark of another history", number(size), size - 1, size, [=, &book] { return verify(book, bad); }});
            bad = good;
            bad.checkpoint = ledger::Checkpoint{test::origin, size, root}.sign(sample_.ledger_key);
            campaign_.take({"checkpoint of another history", number(size), size - 1, size,
                            [=, &book] { return verify(book, bad); }});
        }
        auto bad = good;
        bad.checkpoint = ledger::Checkpoint{"another.example", last, book.root}.sign(sample_.ledger_key);
        campaign_.take({"checkpoint of another history", "origin", 0, last, [=, &book] { return verify(book, bad); }});
        bad = good;
        bad.checkpoint.reset();
        bad.key = test::key_from(99).public_key();
        campaign_.take({"key of another ledger", "", 0, 0, [=, &book] { return verify(book, bad); }});
        bad.checkpoint = good.checkpoint;
        campaign_.take({"key of another ledger", "and its checkpoint", 0, 0, [=, &book] { return verify(book, bad); }});
    }

  private:
    Campaign& campaign_;
    const Sample& sample_;
    std::shared_ptr<Operator> by_;
};

}  // namespace

void places(Campaign& campaign) {
    Places places(campaign);
    places.drops();
    places.swaps();
    places.doubles();
    places.replacements();
    places.moves();
    places.tails();
    places.middles();
    places.heads();
    places.evidence();
}

}  // namespace tamper
