// All views of one ledger behind one door: what the server and the tools ask. Owns the store, the projector's thread
// and the folds of directory and practice; is handed the ledger, the folder and the clock. The folder may be deleted.
//
// Every answer is a JSON object that carries "asAt" (the time it speaks for), "position" (the last entry it knows;
// null: none) and "playedClock". With `as_at`, only what had been recorded by then is in it: entries, names of roles
// and teams, practice, corrections. Without, "now": the last recorded time in a played ledger, else the clock's. Ids
// are hexadecimal; names of people are words, opened by the caller, never in a view.
//
// Errors of the queries: not_found (no such case, or none by then), malformed (a cursor or a filter), overloaded (the
// views are still being built: ask again), io, corrupt.
#pragma once
#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "projections/case_list.h"
#include "projections/chronology.h"
#include "projections/projector.h"
#include "projections/retention.h"
#include "projections/timeliness.h"

namespace projections {

using schema::EventId;
using schema::PersonId;
using schema::StreamId;
using AsAt = std::optional<schema::Time>;  // nothing: now

// Who the record of a case concerns by its work: for the server's decision who may read.
struct Holders {
    std::vector<PersonId> persons;   // workers and leads, now or earlier
    std::vector<std::string> teams;  // of its episodes, now or earlier
    bool front_door = false;         // what began last is a contact without an episode
    bool holds(const PersonId& person) const;
    bool in_team(std::string_view team) const;
};

class Projections {
  public:
    using Now = std::function<schema::Time()>;
    // Opens or makes FOLDER/views and starts to follow the ledger, which must outlive this. Returns at once; wait() for
    // the views to be there.
    static schema::Result<std::unique_ptr<Projections>> open(const ledger::Ledger& ledger, const std::string& folder,
                                                             Now now);
    ~Projections();  // stops following

    // ---- how far the views are ----
    // The last entry that every view knows; nothing before the first.
    std::optional<uint64_t> position() const;
    // True as soon as the entry at `position` is in every view; false after `timeout`, or when a view has stopped.
    bool wait(uint64_t position, std::chrono::milliseconds timeout) const;
    // As wait(), but in no hurry: what is recorded within 20 ms may come into the views together.
    bool watch(uint64_t position, std::chrono::milliseconds timeout) const;
    // Has what is recorded follow now.
    void hurry() const;
    // How many of the ledger's first `size` entries are yet to come into the views; nothing where that would not be
    // soon, because a view is built for the first time or has stopped.
    std::optional<uint64_t> behind(uint64_t size) const;
    // For /readyz: each projection with its position and, where it stopped, why.
    std::vector<ProjectionStatus> status() const;
    boost::json::object status_json() const;
    // Builds "cases" or "moments" again beside the one in use and swaps when it has caught up. not_found: no such name.
    schema::Result<void> rebuild(const std::string& name);

    // ---- what the directory and the practice said (for names of roles, teams, codes, and who may read what) ----
    std::shared_ptr<const ledger::Directory> directory(AsAt as_at = {}) const;
    schema::PracticeBook practice(AsAt as_at = {}) const;
    schema::Time now() const;  // of this ledger: played or real

    // ---- queries; shapes in docs/API.md ----
    // {"case": {...}} of one family: contacts, consents, episodes, plans, assessments, transfers, alerts, oversight,
    // completeness, corrections, open tasks, head.
    schema::Result<boost::json::object> case_json(const StreamId& stream, AsAt as_at = {}) const;
    // {"cases": [...], "next": cursor or null}; newest case first.
    schema::Result<boost::json::object> case_list(const CaseFilter& filter, const std::string& cursor = {},
                                                  size_t limit = 50) const;
    // The line of one case in that list; not_found where there is no such case.
    schema::Result<boost::json::object> case_line(const StreamId& stream) const;
    schema::Result<ChronologyPage> chronology(const StreamId& stream, const ChronologyQuery& query) const;
    // {"service": {...}, "workers": [...], "teams": [...], "unallocated": [...]}
    schema::Result<boost::json::object> caseload_json(AsAt as_at = {}) const;
    // {"clocks": [...], "counts": {...}} of one family.
    schema::Result<boost::json::object> timeliness_case_json(const StreamId& stream, AsAt as_at = {}) const;
    // {"counts": {...}, "rules": [...], "teams": [...], "workers": [...], "clocks": [...]}; the clocks that need a look
    // come first and are listed up to filter.limit ("more" says how many are left out).
    schema::Result<boost::json::object> timeliness_json(const TimelinessFilter& filter, AsAt as_at = {}) const;
    // {"until": day, "due": [...]} within the next `working_days`, the next one first.
    schema::Result<boost::json::object> due_soon_json(const TimelinessFilter& filter, AsAt as_at = {},
                                                      uint32_t working_days = 10) const;
    // {"schedule", "says", "counts", "rows", "next"}: who may be erased, whose class has to be set, who is on hold.
    schema::Result<boost::json::object> retention_json(const RetentionFilter& filter, AsAt as_at = {}) const;
    // not_found where there is no such case.
    schema::Result<Holders> holders(const StreamId& stream) const;

  private:
    static constexpr size_t told_most = 96 << 20;  // bytes that are kept of what was told

    struct Question;  // the moment in time and the book a query is answered from
    Projections(const ledger::Ledger& ledger, Now now);
    schema::Result<Question> ask(AsAt as_at) const;
    // How many entries of the first `size` were recorded by then.
    schema::Result<uint64_t> recorded_by(uint64_t size, schema::Time time) const;
    schema::Result<schema::Time> recorded_at(uint64_t position) const;

    const ledger::Ledger& ledger_;
    Now now_;
    mutable ToldCases told_{told_most};
    mutable std::mutex recorded_mutex_;
    mutable std::unordered_map<uint64_t, schema::Time> recorded_;  // times of entries that were looked at
    std::unique_ptr<Views> views_;
    std::unique_ptr<Projector> projector_;
};

}  // namespace projections
