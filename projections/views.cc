#include "projections/views.h"

#include <algorithm>
#include <bit>
#include <filesystem>

#include "projections/caseload.h"
#include "projections/cases.h"
#include "projections/moments.h"
#include "projections/wording.h"

namespace projections {

namespace json = boost::json;
using schema::fail;
using schema::Fault;
using schema::Time;

// A question's snapshot of everything, and what of it counts.
struct Projections::Question {
    std::shared_ptr<const Snapshot> snapshot;
    References references;
    Time now, recorded_by;
    uint64_t size = 0;
    bool played = false;

    const Table& cases() const { return *snapshot->rows->table(CasesProjection::title, CasesProjection::current); }
    const Table& moments() const {
        return *snapshot->rows->table(MomentsProjection::title, MomentsProjection::current);
    }
    Asked asked() const { return {references, now, recorded_by, size}; }
    json::object answer(json::object out) const {
        json::object whole{{"asAt", schema::iso(now)},
                           {"position", size ? json::value(size - 1) : json::value(nullptr)},
                           {"playedClock", played}};
        for (auto& member : out) whole[member.key()] = std::move(member.value());
        return whole;
    }
};

namespace {

tl::unexpected<schema::Error> no_case() { return fail(Fault::not_found, "stream", "there is no such case"); }

}  // namespace

// Recorded times never decrease. Looks at the same places whatever the size, so that most of them are known.
schema::Result<uint64_t> Projections::recorded_by(uint64_t size, Time time) const {
    uint64_t counting = 0;
    for (auto step = std::bit_floor(size); step > 0; step /= 2) {
        if (counting + step > size) continue;
        auto recorded = recorded_at(counting + step - 1);
        if (!recorded) return tl::unexpected(recorded.error());
        if (*recorded <= time) counting += step;
    }
    return counting;
}

schema::Result<Time> Projections::recorded_at(uint64_t position) const {
    constexpr size_t most = 65'536;
    {
        std::lock_guard lock(recorded_mutex_);
        if (auto known = recorded_.find(position); known != recorded_.end()) return known->second;
    }
    auto entry = ledger_.entry(position);
    if (!entry) return tl::unexpected(entry.error());
    std::lock_guard lock(recorded_mutex_);
    if (recorded_.size() >= most) recorded_.clear();
    return recorded_[position] = entry->recorded();
}

bool Holders::holds(const PersonId& person) const {
    return std::find(persons.begin(), persons.end(), person) != persons.end();
}
bool Holders::in_team(std::string_view team) const {
    return std::find(teams.begin(), teams.end(), team) != teams.end();
}

Projections::Projections(const ledger::Ledger& ledger, Now now) : ledger_(ledger), now_(std::move(now)) {}

schema::Result<std::unique_ptr<Projections>> Projections::open(const ledger::Ledger& ledger, const std::string& folder,
                                                               Now now) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(Fault::io, folder, "cannot be made: " + error.message());
    auto views = Views::open(folder + "/views");
    if (!views) return tl::unexpected(views.error());
    auto opened = std::unique_ptr<Projections>(new Projections(ledger, std::move(now)));
    opened->views_ = *std::move(views);
    opened->projector_ = std::make_unique<Projector>(
        ledger, *opened->views_,
        std::vector<std::shared_ptr<Projection>>{std::make_shared<CasesProjection>(ledger),
                                                 std::make_shared<MomentsProjection>(ledger)});
    return opened;
}

Projections::~Projections() {
    projector_.reset();
    // A clean stop leaves little to catch up; after any other the ledger gives it again.
    if (views_) (void)views_->flush();
}

std::optional<uint64_t> Projections::position() const {
    auto snapshot = projector_->snapshot();
    if (!snapshot->complete || snapshot->size == 0) return std::nullopt;
    return snapshot->size - 1;
}

bool Projections::wait(uint64_t position, std::chrono::milliseconds timeout) const {
    return projector_->wait(position, timeout);
}

bool Projections::watch(uint64_t position, std::chrono::milliseconds timeout) const {
    return projector_->watch(position, timeout);
}

void Projections::hurry() const { projector_->hurry(); }

std::optional<uint64_t> Projections::behind(uint64_t size) const {
    auto snapshot = projector_->snapshot();
    if (!snapshot->complete || snapshot->stopped) return std::nullopt;
    return size - std::min(size, snapshot->size);
}

std::vector<ProjectionStatus> Projections::status() const { return projector_->status(); }

json::object Projections::status_json() const {
    json::array list;
    bool ready = true;
    for (auto& line : status()) {
        ready &= line.serving && line.stopped.empty();
        list.push_back(
            json::object{{"name", line.name},
                         {"version", line.version},
                         {"serving", line.serving},
                         {"entries", line.size},
                         {"rebuilding", line.rebuilding ? json::value(*line.rebuilding) : json::value(nullptr)},
                         {"stopped", text_or_null(line.stopped)}});
    }
    auto at = position();
    return {
        {"ready", ready}, {"position", at ? json::value(*at) : json::value(nullptr)}, {"projections", std::move(list)}};
}

schema::Result<void> Projections::rebuild(const std::string& name) { return projector_->rebuild(name); }

std::shared_ptr<const ledger::Directory> Projections::directory(AsAt as_at) const {
    auto snapshot = projector_->snapshot();
    return as_at ? snapshot->references.as_at(*as_at).directory_pointer() : snapshot->references.directory_pointer();
}

schema::PracticeBook Projections::practice(AsAt as_at) const {
    auto snapshot = projector_->snapshot();
    return as_at ? snapshot->references.practice().as_at(*as_at) : snapshot->references.practice();
}

Time Projections::now() const {
    auto snapshot = projector_->snapshot();
    if (snapshot->references.directory().genesis().played_clock && snapshot->size > 0)
        if (auto last = ledger_.entry(snapshot->size - 1)) return last->recorded();
    return now_();
}

schema::Result<Projections::Question> Projections::ask(AsAt as_at) const {
    Question question;
    question.snapshot = projector_->snapshot();
    const Snapshot& snapshot = *question.snapshot;
    if (!snapshot.complete) return fail(Fault::overloaded, "views", "are still being built; ask again");
    question.played = snapshot.references.directory().genesis().played_clock;
    question.size = snapshot.size;
    if (as_at) {
        question.now = question.recorded_by = *as_at;
        question.references = snapshot.references.as_at(*as_at);
        auto size = recorded_by(snapshot.size, *as_at);
        if (!size) return tl::unexpected(size.error());
        question.size = *size;
        return question;
    }
    question.references = snapshot.references;
    question.recorded_by = Time::max();
    question.now = now_();
    if (question.played && question.size > 0) {
        auto last = ledger_.entry(question.size - 1);
        if (!last) return tl::unexpected(last.error());
        question.now = last->recorded();
    }
    return question;
}

schema::Result<json::object> Projections::case_json(const StreamId& stream, AsAt as_at) const {
    auto question = ask(as_at);
    if (!question) return tl::unexpected(question.error());
    auto view = find_case(question->cases(), stream);
    if (!view) return tl::unexpected(view.error());
    if (!*view) return no_case();
    // The stored row is the answer, unless something in it came later than was asked about.
    if ((*view)->position >= question->size) {
        auto entries = entries_of(ledger_, stream, question->size, question->recorded_by);
        if (!entries) return tl::unexpected(entries.error());
        if (entries->empty()) return no_case();
        *view = fold_case(*entries);
    }
    return question->answer({{"case", to_json(**view, question->references, question->now)}});
}

schema::Result<json::object> Projections::case_list(const CaseFilter& filter, const std::string& cursor,
                                                    size_t limit) const {
    auto question = ask({});
    if (!question) return tl::unexpected(question.error());
    auto list = list_cases(question->cases(), filter, cursor, limit, question->references);
    if (!list) return tl::unexpected(list.error());
    return question->answer(*std::move(list));
}

schema::Result<json::object> Projections::case_line(const StreamId& stream) const {
    auto question = ask({});
    if (!question) return tl::unexpected(question.error());
    auto view = find_case(question->cases(), stream);
    if (!view) return tl::unexpected(view.error());
    if (!*view) return no_case();
    return question->answer({{"case", line_json(line_of(**view), question->references)}});
}

schema::Result<ChronologyPage> Projections::chronology(const StreamId& stream, const ChronologyQuery& query) const {
    auto question = ask(query.as_at);
    if (!question) return tl::unexpected(question.error());
    auto told = told_.use(stream);
    TRY(told->read(question->moments(), stream));
    auto& moments = told->moments();
    auto beyond = std::partition_point(moments.begin(), moments.end(), [&](const Moment& moment) {
        return moment.position < question->size && moment.recorded <= question->recorded_by;
    });
    if (beyond == moments.begin()) return no_case();
    auto page = projections::chronology(*told, static_cast<size_t>(beyond - moments.begin()), query, ledger_,
                                        question->references, question->now);
    if (!page) return page;
    page->about = question->answer(std::move(page->about));
    return page;
}

schema::Result<json::object> Projections::caseload_json(AsAt as_at) const {
    auto question = ask(as_at);
    if (!question) return tl::unexpected(question.error());
    auto loads =
        caseload(question->cases(), question->recorded_by, question->size, question->references, question->now);
    if (!loads) return tl::unexpected(loads.error());
    return question->answer(*std::move(loads));
}

schema::Result<json::object> Projections::timeliness_case_json(const StreamId& stream, AsAt as_at) const {
    auto question = ask(as_at);
    if (!question) return tl::unexpected(question.error());
    auto moments = moments_of(question->moments(), stream, question->size, question->recorded_by);
    if (!moments) return tl::unexpected(moments.error());
    if (moments->empty()) return no_case();
    return question->answer(timeliness_of_case(stream, *moments, question->asked()));
}

schema::Result<json::object> Projections::timeliness_json(const TimelinessFilter& filter, AsAt as_at) const {
    auto question = ask(as_at);
    if (!question) return tl::unexpected(question.error());
    auto found = timeliness(question->moments(), filter, question->asked());
    if (!found) return tl::unexpected(found.error());
    return question->answer(*std::move(found));
}

schema::Result<json::object> Projections::due_soon_json(const TimelinessFilter& filter, AsAt as_at,
                                                        uint32_t working_days) const {
    auto question = ask(as_at);
    if (!question) return tl::unexpected(question.error());
    auto found = due_soon(question->moments(), filter, question->asked(), working_days);
    if (!found) return tl::unexpected(found.error());
    return question->answer(*std::move(found));
}

schema::Result<json::object> Projections::retention_json(const RetentionFilter& filter, AsAt as_at) const {
    auto question = ask(as_at);
    if (!question) return tl::unexpected(question.error());
    auto found = retention(question->cases(), ledger_, filter, question->asked());
    if (!found) return tl::unexpected(found.error());
    return question->answer(*std::move(found));
}

schema::Result<Holders> Projections::holders(const StreamId& stream) const {
    auto question = ask({});
    if (!question) return tl::unexpected(question.error());
    auto view = find_case(question->cases(), stream);
    if (!view) return tl::unexpected(view.error());
    if (!*view) return no_case();
    auto line = line_of(**view);
    return Holders{line.holders, line.teams, line.front_door};
}

}  // namespace projections
