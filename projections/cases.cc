#include "projections/cases.h"

#include <algorithm>

#include "projections/case_pack.h"

namespace projections {

template <class Pack>
void pack_members(Pack& pack, CaseLine& v) {
    pack(v.stream, v.state, v.team, v.worker, v.lead, v.holders, v.teams, v.children, v.episodes, v.opened, v.began,
         v.last, v.position, v.open, v.front_door);
}

namespace {

std::string case_key(const StreamId& stream) { return "c" + std::string(stream.view()); }
std::string holding_key(const Holding& held) {
    return "h" + std::string(held.stream.view()) + key_number(held.from_position);
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

schema::Result<CasesProjection::Working*> CasesProjection::load(const StreamId& stream, const Rows& rows) {
    auto [slot, fresh] = working_.try_emplace(stream);
    Working& working = slot->second;
    if (!fresh) return &working;
    auto view = find_case(rows, stream);
    if (!view) return tl::unexpected(view.error());
    if (*view) working.view = **std::move(view);
    bool whole = true;
    TRY(rows.scan(
        "h" + std::string(stream.view()),
        [&](std::string_view, std::string_view row) {
            auto held = unpack<Holding>(row);
            whole = held.has_value();
            if (held && !held->to) working.held = std::move(held);
            return false;
        },
        Table::backwards));
    if (!whole) return damaged();
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

    auto now = holding(working.view);
    if (working.held && now && working.held->same_as(*now)) return {};
    if (working.held) {
        working.held->to = entry.recorded();
        rows.put(holding_key(*working.held), pack(*working.held));
    }
    working.held = now;
    if (now) rows.put(holding_key(*now), pack(*now));
    return {};
}

schema::Result<void> CasesProjection::settle(Rows& rows) {
    for (auto& [stream, working] : working_) {
        rows.put(case_key(stream), pack(working.view));
        rows.put("l" + key_number(working.view.first), pack(line_of(working.view)));
    }
    working_.clear();
    return {};
}

schema::Result<std::optional<CaseView>> find_case(const Table& cases, const StreamId& stream) {
    auto row = cases.get(case_key(stream));
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::optional<CaseView>{};
    auto view = unpack<CaseView>(**row);
    if (!view) return damaged();
    return view;
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
        auto view = unpack<CaseView>(row);
        if (!view) return whole = false;
        return take(*view);
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
