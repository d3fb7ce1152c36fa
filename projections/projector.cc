#include "projections/projector.h"

#include <algorithm>
#include <map>
#include <utility>

namespace projections {

using namespace std::chrono_literals;

namespace {

// Kernels of today let a thread end its slice before one that wakes. Where no more than `few` entries are to be
// followed there is time, and whoever works at an append may go first after each `piece` of them.
constexpr uint64_t few = 64;
constexpr size_t piece = 8;

}  // namespace

Projector::Projector(const ledger::Ledger& ledger, Views& views, std::vector<std::shared_ptr<Projection>> projections,
                     const Pace& pace)
    : ledger_(ledger),
      views_(views),
      projections_(std::move(projections)),
      pace_(pace),
      snapshot_(std::make_shared<Snapshot>()) {
    uint64_t head = ledger_.published()->head.size;
    to_refer_ = head;
    for (auto& projection : projections_) {
        bool found = false;
        for (auto& instance : views_.instances()) {
            // Rows of another version wait, unread, until theirs have been built; rows of another book are no use.
            if (instance.name != projection->name() || instance.version != projection->version() ||
                instance.size > head)
                continue;
            lines_.push_back(std::make_unique<Line>(*projection, instance));
            found = true;
        }
        if (!found) asked_.emplace_back(projection->name());
    }
    publish();
    thread_ = std::thread([this] { run(); });
}

Projector::~Projector() {
    stop_ = true;
    {
        std::lock_guard lock(mutex_);
        changed_.notify_all();
        wanted_.notify_all();
    }
    thread_.join();
}

void Projector::run() {
    bool opened = true;
    while (!stop_) {
        std::vector<std::string> asked;
        {
            std::lock_guard lock(mutex_);
            asked.swap(asked_);
        }
        begin(asked);
        uint64_t head = ledger_.published()->head.size;
        bool worked = !asked.empty();
        worked |= bulk_ended();
        build_in_bulk(head);
        if (std::exchange(opened, false)) let_merge();
        worked |= follow(head);
        worked |= swap(head);
        if (worked || !bulks_.empty()) publish();
        bool behind = std::any_of(lines_.begin(), lines_.end(), [&](auto& line) {
            return !line->in_bulk && line->stopped.empty() && line->instance.size < head;
        });
        if (!behind && !stop_) pause(head);
    }
    for (auto& bulk : bulks_) bulk->stop();
    if (!bulks_.empty()) views_.end();
    bulks_.clear();
}

void Projector::begin(const std::vector<std::string>& names) {
    for (auto& name : names)
        for (auto& projection : projections_) {
            if (projection->name() != name) continue;
            auto other = [&](const Line* line) { return line->of == projection.get() && line->instance.building; };
            // What was being built goes on no further; others in the same bulk are begun again where they are.
            std::erase_if(bulks_, [&](auto& bulk) {
                bool has = std::any_of(bulk->lines().begin(), bulk->lines().end(), other);
                auto lines = bulk->lines();
                if (has) bulk.reset();
                for (auto* line : lines) line->in_bulk &= !has;
                return has;
            });
            std::erase_if(lines_, [&](auto& line) { return other(line.get()); });
            auto instance = views_.begin(name, projection->version());
            lines_.push_back(std::make_unique<Line>(
                *projection, instance ? *instance : Instance{name, projection->version(), 0, 0, true}));
            if (!instance) lines_.back()->stop(instance.error());
        }
}

// Those that are far behind, or were when an earlier service ended and are still to be merged; of one size together.
void Projector::build_in_bulk(uint64_t head) {
    std::map<uint64_t, std::vector<Line*>> at;
    auto near = std::max(pace_.far, pace_.batch);  // what a bulk leaves to be followed
    auto is_far = [&](const Instance& instance) { return instance.size < head && head - instance.size > near; };
    auto in_use = [&](const Line* line) {
        return std::any_of(lines_.begin(), lines_.end(),
                           [&](auto& other) { return other->of == line->of && !other->instance.building; });
    };
    for (auto& line : lines_)
        if (line->instance.building && !line->in_bulk && line->stopped.empty() &&
            (is_far(line->instance) || (line->unmerged && !in_use(line.get()))))
            at[line->instance.size].push_back(line.get());
    for (auto& [size, lines] : at) {
        bool waited_for = !std::all_of(lines.begin(), lines.end(), in_use);
        bulks_.push_back(std::make_unique<Bulk>(ledger_, views_, lines, waited_for, pace_));
    }
}

// The store was opened to leave its files as they are. Where something is in bulk that is waited for, that one lets
// them be merged when it ends.
void Projector::let_merge() {
    if (std::any_of(bulks_.begin(), bulks_.end(), [](auto& bulk) { return bulk->waited_for(); })) return;
    if (auto done = views_.leave_files(false); !done)
        for (auto& line : lines_)
            if (!line->in_bulk) line->stop(done.error());
}

bool Projector::bulk_ended() {
    return std::erase_if(bulks_, [&](auto& bulk) {
               if (!bulk->done()) return false;
               for (auto* line : bulk->lines()) {
                   line->in_bulk = false;
                   to_refer_ = std::max(to_refer_, line->instance.size);
               }
               return true;
           }) > 0;
}

bool Projector::follow(uint64_t head) {
    std::map<uint64_t, std::vector<Line*>> at;
    for (auto& line : lines_)
        if (!line->in_bulk && line->stopped.empty() && line->instance.size < head)
            at[line->instance.size].push_back(line.get());
    for (auto& [size, lines] : at) {
        if (stop_) break;
        follow(lines, size, std::min(head, size + pace_.batch));
    }
    return !at.empty();
}

void Projector::follow(const std::vector<Line*>& lines, uint64_t from, uint64_t to) {
    std::vector<ledger::Entry> entries;
    auto read = ledger_.read(from, to, [&](const ledger::Entry& entry) {
        if (schema::kind_of(entry.stream()) != schema::StreamKind::family) to_refer_ = entry.position() + 1;
        entries.push_back(entry);
        return true;
    });
    auto let_others = [&] {
        if (to - from <= few) std::this_thread::yield();
    };
    for (auto* line : lines) {
        auto done = guarded([&]() -> schema::Result<void> {
            auto rows = views_.rows(line->instance);
            TRY(read);
            for (std::span left(entries); !left.empty(); left = left.subspan(std::min(left.size(), piece))) {
                TRY(line->take(left.first(std::min(left.size(), piece)), rows));
                let_others();
            }
            TRY(line->fold->settle(rows));
            let_others();
            return views_.write(line->instance, rows, to);
        });
        if (done) line->taken = to;
        else line->stop(done.error());
        let_others();
    }
}

bool Projector::swap(uint64_t head) {
    bool any = false;
    for (auto& line : lines_) {
        if (!line->instance.building || line->in_bulk || !line->stopped.empty() || line->instance.size < head) continue;
        any = true;
        if (auto swapped = views_.swap(line->instance); !swapped) line->stop(swapped.error());
        else
            for (auto& other : lines_)
                if (other != line && other->of == line->of) other->replaced = true;
    }
    std::erase_if(lines_, [](auto& line) { return line->replaced; });
    return any;
}

// What is published while it pauses is followed in one step. Whoever is in a hurry ends it; a rebuild that was asked
// for, or the end, is noticed soon.
void Projector::pause(uint64_t head) {
    std::unique_lock lock(mutex_);
    wanted_.wait_for(lock, pace_.gather, [this] { return stop_ || hurried_ || !asked_.empty(); });
    hurried_ = false;
    if (stop_ || !asked_.empty()) return;
    lock.unlock();
    ledger_.wait(head, bulks_.empty() ? 50ms : 5ms);
}

void Projector::publish() {
    auto next = std::make_shared<Snapshot>();
    std::vector<ProjectionStatus> status;
    uint64_t size = ~uint64_t{0};
    next->complete = true;
    for (auto& projection : projections_) {
        ProjectionStatus line{std::string(projection->name()), projection->version(), 0, false, std::nullopt, ""};
        for (auto& each : lines_) {
            if (each->of != projection.get()) continue;
            if (!each->in_bulk && !each->stopped.empty()) line.stopped = each->stopped;
            if (each->in_bulk || each->instance.building) line.rebuilding = each->taken;
            else line.size = each->instance.size, line.serving = true;
        }
        size = std::min(size, line.serving ? line.size : 0);
        next->complete &= line.serving;
        next->stopped |= !line.stopped.empty();
        status.push_back(line);
    }
    next->size = projections_.empty() ? 0 : size;
    next->rows = views_.snapshot();
    if (referred_ < std::min(to_refer_, next->size)) {
        auto done = references_.advance(ledger_, next->size);
        if (done) referred_ = next->size;
        else if (!status.empty()) status.front().stopped = done.error().text();
    }
    next->references = references_;
    std::lock_guard lock(mutex_);
    snapshot_ = std::move(next);
    status_ = std::move(status);
    changed_.notify_all();
}

std::shared_ptr<const Snapshot> Projector::snapshot() const {
    std::lock_guard lock(mutex_);
    return snapshot_;
}

bool Projector::wait(uint64_t position, std::chrono::milliseconds timeout) const {
    hurry();
    return watch(position, timeout);
}

bool Projector::watch(uint64_t position, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(mutex_);
    auto there = [&] { return snapshot_->complete && snapshot_->size > position; };
    auto hopeless = [&] {
        return std::any_of(status_.begin(), status_.end(), [&](auto& line) {
            return !line.stopped.empty() && line.size <= position && !line.rebuilding;
        });
    };
    changed_.wait_for(lock, timeout, [&] { return there() || hopeless() || stop_; });
    return there();
}

void Projector::hurry() const {
    std::lock_guard lock(mutex_);
    hurried_ = true;
    wanted_.notify_all();
}

std::vector<ProjectionStatus> Projector::status() const {
    std::lock_guard lock(mutex_);
    return status_;
}

schema::Result<void> Projector::rebuild(const std::string& name) {
    for (auto& projection : projections_)
        if (projection->name() == name) {
            std::lock_guard lock(mutex_);
            asked_.push_back(name);
            return {};
        }
    return schema::fail(schema::Fault::not_found, "projection", "there is no projection of that name");
}

}  // namespace projections
