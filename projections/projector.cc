#include "projections/projector.h"

#include <kj/exception.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace projections {

using namespace std::chrono_literals;

namespace {
constexpr uint64_t batch_size = 512;
}

struct Projector::Line {
    std::shared_ptr<Projection> projection;
    Instance instance;
    std::string stopped;
    bool replaced = false;
};

Projector::Projector(const ledger::Ledger& ledger, Views& views, std::vector<std::shared_ptr<Projection>> projections)
    : ledger_(ledger), views_(views), projections_(std::move(projections)), snapshot_(std::make_shared<Snapshot>()) {
    uint64_t head = ledger_.published()->head.size;
    for (auto& projection : projections_) {
        bool serving = false;
        for (auto& instance : std::vector<Instance>(views_.instances())) {
            // Rows of another version wait, unread, until theirs have been built; rows of another book are no use.
            if (instance.name != projection->name() || instance.version != projection->version() ||
                instance.size > head)
                continue;
            lines_.push_back(std::make_unique<Line>(Line{projection, instance, {}, false}));
            serving |= true;
        }
        if (!serving) asked_.emplace_back(projection->name());
    }
    publish();
    thread_ = std::thread([this] { run(); });
}

Projector::~Projector() {
    stop_ = true;
    {
        std::lock_guard lock(mutex_);
        changed_.notify_all();
    }
    thread_.join();
}

void Projector::run() {
    while (!stop_) {
        std::vector<std::string> asked;
        {
            std::lock_guard lock(mutex_);
            asked.swap(asked_);
        }
        for (auto& name : asked)
            for (auto& projection : projections_) {
                if (projection->name() != name) continue;
                std::erase_if(lines_,
                              [&](auto& line) { return line->projection == projection && line->instance.building; });
                auto instance = views_.begin(name, projection->version());
                lines_.push_back(std::make_unique<Line>(
                    Line{projection, instance ? *instance : Instance{name, projection->version(), 0, 0, true},
                         instance ? "" : instance.error().text(), false}));
            }

        uint64_t head = ledger_.published()->head.size;
        bool worked = !asked.empty(), behind = false;
        for (size_t i = 0; i < lines_.size() && !stop_; ++i) {
            Line& line = *lines_[i];
            if (!line.stopped.empty()) continue;
            worked |= advance(line, head);
            behind |= line.stopped.empty() && line.instance.size < head;
            if (!line.instance.building || line.instance.size < head || !line.stopped.empty()) continue;
            if (auto swapped = views_.swap(line.instance); !swapped) line.stopped = swapped.error().text();
            else
                for (auto& other : lines_)
                    if (other.get() != &line && other->projection == line.projection) other->replaced = true;
            worked = true;
        }
        std::erase_if(lines_, [](auto& line) { return line->replaced; });
        if (worked) publish();
        // Short, so that a rebuild or the end is noticed soon; what is published wakes it at once.
        if (!behind && !stop_) ledger_.wait(head, 50ms);
    }
}

bool Projector::advance(Line& line, uint64_t head) {
    if (line.instance.size >= head) return false;
    auto stop = [&](const std::string& why) {
        line.stopped = why;
        spdlog::error("projection {} stopped at {}: {}", line.instance.name, line.instance.size, why);
        return true;
    };
    try {
        auto rows = views_.rows(line.instance);
        uint64_t to = std::min(head, line.instance.size + batch_size);
        schema::Result<void> done;
        auto read = ledger_.read(line.instance.size, to, [&](const ledger::Entry& entry) {
            done = line.projection->apply(entry, *rows);
            return done.has_value();
        });
        if (done) done = read;
        if (auto settled = line.projection->settle(*rows); done) done = settled;
        if (done) done = views_.write(line.instance, *rows, to);
        return done ? true : stop(done.error().text());
    } catch (const kj::Exception&) {
        return stop("an entry does not read");
    } catch (const std::exception& wrong) {
        return stop(wrong.what());
    }
}

void Projector::publish() {
    auto next = std::make_shared<Snapshot>();
    std::vector<ProjectionStatus> status;
    uint64_t size = ~uint64_t{0};
    next->complete = true;
    for (auto& projection : projections_) {
        ProjectionStatus line{std::string(projection->name()), projection->version(), 0, false, std::nullopt, ""};
        for (auto& each : lines_) {
            if (each->projection != projection) continue;
            if (!each->stopped.empty()) line.stopped = each->stopped;
            if (each->instance.building) line.rebuilding = each->instance.size;
            else line.size = each->instance.size, line.serving = true;
        }
        size = std::min(size, line.serving ? line.size : 0);
        next->complete &= line.serving;
        status.push_back(line);
    }
    next->size = projections_.empty() ? 0 : size;
    next->rows = views_.snapshot();
    if (auto done = references_.advance(ledger_, next->size); !done && !status.empty())
        status.front().stopped = done.error().text();
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
