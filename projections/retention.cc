#include "projections/retention.h"

#include <algorithm>
#include <array>

#include "projections/cases.h"
#include "projections/keeping.h"
#include "projections/wording.h"

namespace projections {

namespace json = boost::json;

namespace {

enum State { may_be_erased, class_to_set, requested, on_hold };
constexpr std::array<std::string_view, 4> states{"may-be-erased", "class-to-set", "requested", "on-hold"};

struct Standing {  // a hold, and the case in which it was placed
    StreamId stream{};
    HoldView hold;
};

// A person of a case, as far as a list tells.
struct Row {
    uint64_t first = 0, number = 0;  // of the case's first entry; of the person in it
    StreamId stream{};
    SubjectId subject{};
    std::string as, team;
    std::optional<RetentionView> set;
    std::optional<NeededClass> needed;
    std::vector<ErasureRequestView> requests;
    std::array<bool, states.size()> is{};

    std::string key() const { return big_endian(first) + big_endian(number); }
};

class List {
  public:
    List(const RetentionFilter& filter, const Asked& asked)
        : filter_(filter),
          asked_(asked),
          today_(schema::london_day(asked.now)),
          schedule_(asked.references.practice().retention(today_)) {}

    void add(const CaseView& view) {
        for (auto& hold : view.holds)
            if (!hold.released)
                for (auto& subject : hold.subjects) holds_[subject].push_back({view.stream, hold});
        auto* newest = view.newest_episode();
        std::string team = newest ? newest->team : "";
        if (!filter_.team.empty() && team != filter_.team) return;
        auto needed = needed_class(view, schedule_);
        uint64_t number = 0;
        for (auto& kept : people_kept(view, schedule_, today_)) {
            ++number;
            Row row{view.first, number, view.stream, kept.subject, std::string(kept.as), team, {}, needed, {}, {}};
            if (kept.retention) row.set = *kept.retention;
            for (auto* request : kept.requests) row.requests.push_back(*request);
            row.is = {kept.over, kept.set_now, !kept.requests.empty(), !kept.holds.empty()};
            if (std::find(row.is.begin(), row.is.end(), true) != row.is.end()) rows_.push_back(std::move(row));
        }
    }

    json::object tell(std::string_view after) {
        // A hold goes before a schedule, in whatever case it was placed.
        for (auto& row : rows_)
            if (holds_.contains(row.subject)) row.is[on_hold] = true, row.is[may_be_erased] = false;
        std::erase_if(rows_, [&](const Row& row) { return !wanted(row); });
        std::sort(rows_.begin(), rows_.end(), [](auto& a, auto& b) { return a.key() < b.key(); });
        json::object counts;
        for (size_t state = 0; state < states.size(); ++state)
            counts[states[state]] = std::count_if(rows_.begin(), rows_.end(), [&](auto& row) { return row.is[state]; });
        json::array list;
        json::value next = nullptr;
        for (auto& row : rows_) {
            if (row.key() <= after) continue;
            if (list.size() == filter_.limit) {
                next = schema::to_hex(schema::as_bytes(last_));
                break;
            }
            list.push_back(told(row));
            last_ = row.key();
        }
        return {{"schedule", schedule()},
                {"says", says()},
                {"counts", std::move(counts)},
                {"rows", std::move(list)},
                {"next", std::move(next)}};
    }

  private:
    bool wanted(const Row& row) const {
        for (size_t state = 0; state < states.size(); ++state)
            if (row.is[state] && (filter_.state.empty() || filter_.state == states[state])) return true;
        return false;
    }
    json::value schedule() const {
        if (!schedule_) return nullptr;
        return json::object{{"id", schema::text_of(schedule_->getId())},
                            {"title", schema::text_of(schedule_->getTitle())},
                            {"source", schema::text_of(schedule_->getSource())},
                            {"from", schema::iso(schema::day_of(schedule_->getFrom()))}};
    }
    // What an empty list means, so that nobody takes "no schedule" for "nothing to do".
    std::string says() const {
        if (!schedule_)
            return "No retention schedule is in force: nobody is erased because time has passed, and no class is set.";
        if (!rows_.empty()) return std::to_string(rows_.size()) + " to look at.";
        if (!filter_.team.empty() || !filter_.state.empty()) return "Nothing to do that is like this.";
        return "Nothing to do: nobody may be erased yet, every class that can be set is set, nobody asked to be "
               "erased, "
               "and no legal hold stands.";
    }
    json::object told(const Row& row) const {
        json::array is, holds, requests;
        for (size_t state = 0; state < states.size(); ++state)
            if (row.is[state]) is.push_back(coded(states[state], spoken_name(states[state])));
        if (auto found = holds_.find(row.subject); found != holds_.end())
            for (auto& standing : found->second) {
                auto hold = to_json(standing.hold, asked_.references, today_);
                hold["stream"] = standing.stream.hex();
                holds.push_back(std::move(hold));
            }
        for (auto& request : row.requests)
            requests.push_back(json::object{{"id", request.id.hex()},
                                            {"by", coded(request.by, spoken_name(request.by))},
                                            {"requested", to_json(request.requested, asked_.references, today_)}});
        json::value retention = nullptr, needed = nullptr;
        if (row.set)
            retention = json::object{{"id", row.set->id.hex()},
                                     {"class", class_json(row.set->code, schedule_)},
                                     {"untilYear", row.set->until_year}};
        if (row.needed) {
            needed = coded(row.needed->code, row.needed->title);
            if (row.needed->until_year) needed.as_object()["untilYear"] = *row.needed->until_year;
        }
        return {{"stream", row.stream.hex()},
                {"subject", row.subject.hex()},
                {"as", row.as},
                {"team", text_or_null(row.team)},
                {"teamName", text_or_null(asked_.references.team_name(row.team))},
                {"states", std::move(is)},
                {"retention", std::move(retention)},
                {"neededClass", std::move(needed)},
                {"holds", std::move(holds)},
                {"erasureRequests", std::move(requests)}};
    }

    const RetentionFilter& filter_;
    const Asked& asked_;
    schema::Day today_;
    Schedule schedule_;
    std::map<SubjectId, std::vector<Standing>> holds_;
    std::vector<Row> rows_;
    std::string last_;
};

}  // namespace

schema::Result<json::object> retention(const Table& cases, const ledger::Ledger& ledger, const RetentionFilter& filter,
                                       const Asked& asked) {
    std::string after;
    if (!filter.cursor.empty()) {
        auto raw = schema::from_hex(filter.cursor);
        if (!raw || raw->size() != 16) return schema::malformed("cursor", "is not one that was given out");
        after = *raw;
    }
    if (!filter.state.empty() && std::find(states.begin(), states.end(), filter.state) == states.end())
        return schema::malformed("state", "must be may-be-erased, class-to-set, requested or on-hold");

    List list(filter, asked);
    schema::Result<void> folded;
    TRY(each_case(cases, [&](CaseView& view) {
        if (view.first >= asked.size) return true;
        // As in a single case: the row is the answer, unless something in it came later than was asked about.
        if (view.position >= asked.size) {
            auto entries = entries_of(ledger, view.stream, asked.size, asked.recorded_by);
            if (!entries) folded = tl::unexpected(entries.error());
            if (!entries || entries->empty()) return folded.has_value();
            view = fold_case(*entries);
        }
        list.add(view);
        return true;
    }));
    TRY(folded);
    return list.tell(after);
}

}  // namespace projections
