#include "projections/cases.h"

#include <algorithm>
#include <utility>

#include "projections/case_pack.h"

namespace projections {

template <class Pack>
void pack_members(Pack& pack, CaseLine& v) {
    pack(v.stream, v.state, v.team, v.worker, v.lead, v.holders, v.teams, v.children, v.episodes, v.opened, v.began,
         v.last, v.position, v.open, v.front_door);
}

// A case as its row has it, and which of its holdings still lasts.
struct CaseRow {
    CaseView view;
    std::optional<uint64_t> held_from;
};
template <class Pack>
void pack_members(Pack& pack, CaseRow& v) {
    pack(v.view, v.held_from);
}

namespace {

std::string case_key(const StreamId& stream) { return "c" + std::string(stream.view()); }
std::string holding_key(const StreamId& stream, uint64_t from) {
    return "h" + std::string(stream.view()) + big_endian(from);
}
tl::unexpected<schema::Error> damaged() {
    return schema::fail(schema::Fault::corrupt, "views", "a case does not read; rebuild the projection");
}
template <class Item>
void add_once(std::vector<Item>& list, const Item& item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

}  // namespace

CaseLine line_of(const CaseView& view) {
    CaseLine line;
    line.stream = view.stream;
    line.state = view.state();
    line.children = static_cast<uint32_t>(view.children.size());
    line.episodes = static_cast<uint32_t>(view.episodes.size());
    for (auto& episode : view.episodes) {
        for (auto& holder : episode.holders) add_once(line.holders, holder.person);
        if (!episode.team.empty()) add_once(line.teams, episode.team);
    }
    if (auto* newest = view.newest_episode()) {
        line.team = newest->team;
        line.opened = newest->opened.occurred;
        if (newest->open()) {
            line.worker = newest->worker;
            line.lead = newest->lead;
        }
    }
    line.began = !view.contacts.empty()    ? view.contacts.front().received.occurred
                 : !view.transfers.empty() ? view.transfers.front().proposed.occurred
                                           : view.last_recorded;
    line.last = view.last_recorded;
    line.position = view.position;
    line.open = view.open();
    line.front_door = view.at_front_door();
    return line;
}

size_t CasesProjection::Working::footprint() const { return sizeof(Working) + projections::footprint(view); }

schema::Result<CasesProjection::Working*> CasesProjection::load(const StreamId& stream, Rows& rows) {
    auto [working, fresh] = kept_.of(stream);
    if (!std::exchange(working.touched, true)) touched_.push_back(stream);
    if (!fresh) return &working;
    auto row = rows.get(case_key(stream));
    if (!row) return tl::unexpected(row.error());
    if (!*row) return &working;
    auto known = unpack<CaseRow>(**row);
    if (!known) return damaged();
    working.view = std::move(known->view);
    if (known->held_from) {
        auto held = rows.get(holding_key(stream, *known->held_from));
        if (!held) return tl::unexpected(held.error());
        if (*held) working.held = unpack<Holding>(**held);
        if (!working.held) return damaged();
    }
    return &working;
}

schema::Result<void> CasesProjection::apply(const ledger::Entry& entry, Rows& rows) {
    if (schema::kind_of(entry.stream()) != schema::StreamKind::family) return {};
    auto loaded = load(entry.stream(), rows);
    if (!loaded) return tl::unexpected(loaded.error());
    Working& working = **loaded;
    if (!fold_next(working.view, entry)) {
        auto entries = entries_of(ledger_, entry.stream(), entry.position() + 1, entry.recorded());
        if (!entries) return tl::unexpected(entries.error());
        working.view = fold_case(*entries);
    }
    // At once: a batch is handed over when much is held, and may be all of cases that have no row yet.
    kept_.weigh(entry.stream());

    if (working.held ? working.held->lasts(working.view) : !working.view.open_episode()) return {};
    auto put = [&](const Holding& held) { rows.put(holding_key(held.stream, held.from_position), pack(held)); };
    if (working.held) {
        working.held->to = entry.recorded();
        put(*working.held);
    }
    working.held = holding(working.view);
    if (working.held) put(*working.held);
    return {};
}

schema::Result<void> CasesProjection::settle(Rows& rows) {
    for (auto& stream : touched_) {
        auto& working = kept_.of(stream).value;
        working.touched = false;
        CaseRow row{std::move(working.view), std::nullopt};
        if (working.held) row.held_from = working.held->from_position;
        rows.put(case_key(stream), pack(row));
        working.view = std::move(row.view);
        rows.put("l" + big_endian(working.view.first), pack(line_of(working.view)));
    }
    touched_.clear();
    kept_.trim();
    return {};
}

schema::Result<std::optional<CaseView>> find_case(const Table& cases, const StreamId& stream) {
    auto row = cases.get(case_key(stream));
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::optional<CaseView>{};
    auto known = unpack<CaseRow>(**row);
    if (!known) return damaged();
    return std::move(known->view);
}

schema::Result<std::vector<ledger::Entry>> entries_of(const ledger::Ledger& ledger, const StreamId& stream,
                                                      uint64_t size, schema::Time as_at) {
    constexpr size_t page = 256;
    std::vector<ledger::Entry> all;
    for (uint64_t revision = 1;; revision += page) {
        auto entries = ledger.stream(stream, revision, page);
        if (!entries) return tl::unexpected(entries.error());
        for (auto& entry : *entries) {
            if (entry.position() >= size || entry.recorded() > as_at) return all;
            all.push_back(std::move(entry));
        }
        if (entries->size() < page) return all;
    }
}

schema::Result<void> each_case(const Table& cases, const std::function<bool(CaseView&)>& take) {
    bool whole = true;
    TRY(cases.scan("c", [&](std::string_view, std::string_view row) {
        auto known = unpack<CaseRow>(row);
        if (!known) return whole = false;
        return take(known->view);
    }));
    if (!whole) return damaged();
    return {};
}

schema::Result<void> each_holding(const Table& cases, const std::function<void(const Holding&)>& take) {
    bool whole = true;
    TRY(cases.scan("h", [&](std::string_view, std::string_view row) {
        auto held = unpack<Holding>(row);
        if (!held) return whole = false;
        take(*held);
        return true;
    }));
    if (!whole) return damaged();
    return {};
}

schema::Result<void> each_line(const Table& cases, std::string_view after,
                               const std::function<bool(std::string_view, const CaseLine&)>& take) {
    bool whole = true;
    TRY(cases.scan(
        "l",
        [&](std::string_view key, std::string_view row) {
            auto line = unpack<CaseLine>(row);
            if (!line) return whole = false;
            return take(key, *line);
        },
        Table::backwards, after));
    if (!whole) return damaged();
    return {};
}

}  // namespace projections
