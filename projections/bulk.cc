#include "projections/bulk.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>
#include <optional>

namespace projections {
namespace {

constexpr size_t chunk_size = 256;

// Appends, which somebody waits for, go first; this thread and those it makes step back. Only what is idle gives way at
// once to a thread that wakes: what is merely nicer is let finish its slice. But a view that is not in use yet is
// waited for too, and what is idle may never have its turn.
void step_back(bool waited_for) {
    sched_param none{};
    if (waited_for) (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 12);
    else (void)sched_setscheduler(0, SCHED_IDLE, &none);
}

// One instance's batches, of which one is folded while the one before it is written.
class Batches {
  public:
    Batches(Line& line, Views& views, const Pace& pace) : line_(line), views_(views), pace_(pace), rows_(fresh()) {}

    schema::Result<void> take(std::span<const ledger::Entry> entries) {
        TRY(line_.take(entries, *rows_));
        size_ = entries.back().position() + 1;
        return rows_->bytes() < pace_.file && line_.fold->holds() < pace_.kept ? schema::Result<void>{} : hand_over();
    }
    schema::Result<void> finish() {
        if (size_) TRY(hand_over());
        return written();
    }
    schema::Result<void> written() { return writing_.valid() ? writing_.get() : schema::Result<void>{}; }

  private:
    std::unique_ptr<Gathered> fresh() {
        // Seldom asked: the fold keeps what it worked on.
        return std::make_unique<Gathered>([this](std::string_view key) -> schema::Result<std::optional<std::string>> {
            TRY(written());
            return views_.get(line_.instance, key);
        });
    }
    schema::Result<void> hand_over() {
        TRY(line_.fold->settle(*rows_));
        TRY(written());
        writing_ = std::async(std::launch::async, [this, size = size_, rows = std::move(rows_)] {
            auto done = views_.write_file(line_.instance, *rows, size);
            if (done) line_.taken = size;
            return done;
        });
        rows_ = fresh();
        size_ = 0;
        return {};
    }

    Line& line_;
    Views& views_;
    const Pace& pace_;
    std::unique_ptr<Gathered> rows_;
    uint64_t size_ = 0;  // with what is in rows_; 0: nothing is
    std::future<schema::Result<void>> writing_;
};

}  // namespace

void Bulk::Way::put(Chunk chunk) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return chunks_.size() < most; });
    chunks_.push_back(std::move(chunk));
    changed_.notify_all();
}

Bulk::Chunk Bulk::Way::take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !chunks_.empty(); });
    auto chunk = std::move(chunks_.front());
    chunks_.pop_front();
    changed_.notify_all();
    return chunk;
}

Bulk::Bulk(const ledger::Ledger& ledger, Views& views, std::vector<Line*> lines, bool waited_for, const Pace& pace)
    : ledger_(ledger), views_(views), lines_(std::move(lines)), waited_for_(waited_for), pace_(pace) {
    for (auto* line : lines_) line->in_bulk = true, line->unmerged = false;
    thread_ = std::thread([this] { run(); });
}

Bulk::~Bulk() {
    stop_ = true;
    thread_.join();
}

void Bulk::run() {
    step_back(waited_for_);
    schema::Result<void> read;
    if (waited_for_) read = views_.leave_files(true);
    std::vector<Way> ways(lines_.size());
    std::vector<std::thread> folds;
    for (size_t i = 0; i < lines_.size(); ++i) folds.emplace_back([this, i, &ways] { fold(*lines_[i], ways[i]); });

    uint64_t at = lines_.front()->instance.size;
    auto entries = std::make_shared<std::vector<ledger::Entry>>();
    auto hand_over = [&] {
        at += entries->size();
        for (auto& way : ways) way.put(entries);
        entries = std::make_shared<std::vector<ledger::Entry>>();
    };
    while (read && !stop_) {
        auto head = ledger_.published()->head.size;
        if (at >= head || head - at <= pace_.batch) break;
        read = ledger_.read(at, head, [&](const ledger::Entry& entry) {
            entries->push_back(entry);
            if (entries->size() == chunk_size) hand_over();
            return !stop_;
        });
        if (!entries->empty()) hand_over();
    }
    for (auto& way : ways) way.put(nullptr);
    for (auto& thread : folds) thread.join();
    if (waited_for_)
        if (auto again = views_.leave_files(false); read) read = again;
    if (!read && !stop_)
        for (auto* line : lines_)
            if (line->stopped.empty()) line->stop(read.error());
    done_ = true;
}

void Bulk::fold(Line& line, Way& way) const {
    Batches batches(line, views_, pace_);
    schema::Result<void> done;
    while (auto chunk = way.take())
        if (done && !stop_) done = guarded([&] { return batches.take(*chunk); });
    if (done && !stop_) done = guarded([&] { return batches.finish(); });
    // What is still being written then is waited for.
    if (auto written = guarded([&] { return batches.written(); }); done) done = written;
    // While nobody reads them; files of a view in use beside them are merged all the time, and theirs with them.
    if (done && !stop_ && waited_for_) done = views_.merge_files(line.instance);
    // One that is being stopped fails at a store that takes no more, and nothing is wrong.
    if (!done && !stop_) line.stop(done.error());
    if (stop_) line.fold = line.of->anew();  // which may know more than was written
}

}  // namespace projections
