#include "tools/bench_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/measuring.h"
#include "tools/table.h"

namespace tools {
namespace {

struct Column {
    Unit unit;
    const char *name, *title;  // in JSON, in a table
};
constexpr Column columns[] = {{Unit::per_second, "perSecond", "a second"},
                              {Unit::median_us, "medianMicroseconds", "median us"},
                              {Unit::p99_us, "p99Microseconds", "p99 us"},
                              {Unit::cpu_us, "cpuMicroseconds", "CPU us each"},
                              {Unit::load_us, "loadCpuMicroseconds", "load's CPU us"},
                              {Unit::seconds, "seconds", "seconds"},
                              {Unit::mebibytes, "mebibytes", "MiB"},
                              {Unit::bytes, "bytes", "bytes"},
                              {Unit::times, "times", "times"},
                              {Unit::count, "count", "how many"}};

std::string grouped(double value) {
    auto digits = fmt::format("{:.0f}", value);
    for (auto at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<size_t>(at), ",");
    return digits;
}
std::string number(double value) {
    if (value >= 1000) return grouped(value);
    return value >= 100  ? fmt::format("{:.0f}", value)
           : value >= 10 ? fmt::format("{:.1f}", value)
                         : fmt::format("{:.2f}", value);
}
std::string spread(const Spread& told, unsigned rounds) {
    auto median = number(told.median);
    return rounds < 2 ? median : median + " (" + number(told.least) + " to " + number(told.most) + ")";
}
std::string goal_text(const Goal& goal) {
    return (goal.at_least ? "at least " : "at most ") +
           (goal.value >= 1000 ? grouped(goal.value) : fmt::format("{:g}", goal.value));
}

boost::json::object to_json(const Spread& told) {
    return {{"median", told.median}, {"least", told.least}, {"most", told.most}};
}

// The two tables of a group, cell by cell, for whoever lays them out.
struct Cells {
    std::vector<std::string> titles;
    std::vector<std::vector<std::string>> rows;
};
Cells figures_of(const GroupTold& group) {
    Cells cells{{"measured"}, {}};
    std::vector<Column> used;
    for (auto& column : columns)
        if (std::any_of(group.rows.begin(), group.rows.end(),
                        [&](auto& row) { return row.figures.contains(column.unit); }))
            used.push_back(column);
    for (auto& column : used) cells.titles.emplace_back(column.title);
    for (auto& row : group.rows) {
        std::vector<std::string> line{row.name};
        for (auto& column : used) {
            auto found = row.figures.find(column.unit);
            line.push_back(found == row.figures.end() ? "" : spread(found->second, group.rounds));
        }
        cells.rows.push_back(std::move(line));
    }
    return cells;
}
Cells ratios_of(const GroupTold& group) {
    Cells cells{{"ratio", "", "goal", ""}, {}};
    for (auto& row : group.ratios)
        cells.rows.push_back({row.name, spread(row.ratio, group.rounds), row.goal ? goal_text(*row.goal) : "",
                              row.goal ? row.met() ? "met" : "missed" : ""});
    return cells;
}

std::string laid_out(const Cells& cells, const Screen& screen) {
    if (cells.rows.empty()) return "";
    std::vector<Table::Column> titles;
    for (auto& title : cells.titles)
        titles.push_back({title, titles.empty() ? Table::left : Table::right, titles.empty()});
    Table table(titles);
    for (auto& row : cells.rows) table.row(row);
    return table.text(screen);
}

std::string marked_down(const Cells& cells, const std::function<bool(size_t)>& bold) {
    if (cells.rows.empty()) return "";
    auto line = [](const std::vector<std::string>& row) {
        std::string text = "|";
        for (auto& cell : row) text += cell.empty() ? " |" : " " + cell + " |";
        return text + "\n";
    };
    std::string text = line(cells.titles) + "|";
    for (size_t i = 0; i < cells.titles.size(); ++i) text += "---|";
    text += "\n";
    for (size_t i = 0; i < cells.rows.size(); ++i) {
        auto row = cells.rows[i];
        if (bold(i)) row[0] = "**" + row[0] + "**";
        text += line(row);
    }
    return text;
}

}  // namespace

Attempt<Sample> only(Attempt<Sample> sample, std::initializer_list<Unit> units) {
    if (!sample) return sample;
    Sample kept;
    for (auto unit : units)
        if (auto found = sample->find(unit); found != sample->end()) kept.insert(*found);
    return kept;
}

double figure(const Round& round, const std::string& contestant, Unit unit) {
    auto found = round.find(contestant);
    if (found == round.end()) return 0;
    auto value = found->second.find(unit);
    return value == found->second.end() ? 0 : value->second;
}

Ratio over(std::string name, std::string contestant, std::string limit, Unit unit, std::optional<Goal> goal) {
    return {std::move(name),
            [=](const Round& round) {
                auto under = figure(round, limit, unit);
                return under > 0 ? figure(round, contestant, unit) / under : 0;
            },
            goal};
}

Spread Spread::of(std::vector<double> values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    auto middle = values.size() / 2;
    auto median = values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return {median, values.front(), values.back()};
}

boost::json::object GroupTold::to_json() const {
    boost::json::array list, beside;
    for (auto& row : rows) {
        boost::json::object told{{"name", row.name}, {"ours", row.ours}};
        for (auto& column : columns)
            if (auto found = row.figures.find(column.unit); found != row.figures.end())
                told[column.name] = tools::to_json(found->second);
        list.push_back(std::move(told));
    }
    for (auto& row : ratios) {
        auto told = tools::to_json(row.ratio);
        told["name"] = row.name;
        if (row.goal) {
            told[row.goal->at_least ? "atLeast" : "atMost"] = row.goal->value;
            told["met"] = row.met();
        }
        beside.push_back(std::move(told));
    }
    boost::json::object told{
        {"id", id}, {"name", name}, {"rounds", rounds}, {"measured", std::move(list)}, {"ratios", std::move(beside)}};
    if (!note.empty()) told["note"] = note;
    return told;
}

std::string GroupTold::text(const Screen& screen) const {
    auto text = screen.styled(Screen::bold, name) + "\n";
    if (!note.empty())
        for (auto& line : wrapped(note, std::max<size_t>(screen.width, 40))) text += line + "\n";
    text += laid_out(figures_of(*this), screen);
    if (!ratios.empty()) text += "\n" + laid_out(ratios_of(*this), screen);
    return text;
}

std::string GroupTold::markdown() const {
    auto text = "### " + name + "\n\n";
    if (!note.empty()) text += note + "\n\n";
    text += marked_down(figures_of(*this), [&](size_t row) { return rows[row].ours; });
    if (!ratios.empty())
        text += "\n" + marked_down(ratios_of(*this), [&](size_t row) { return ratios[row].goal.has_value(); });
    return text;
}

Attempt<GroupTold> measure_group(const Group& group, unsigned rounds, double patience,
                                 const std::function<void(const std::string&)>& progress) {
    GroupTold told{group.id, group.name, group.note, 0, {}, {}};
    std::vector<Round> taken;
    auto began = Clock::now();
    while (taken.size() < rounds && (taken.empty() || since(began) < patience)) {
        Round round;
        for (auto& contestant : group.contestants) {
            progress(group.id + ", round " + std::to_string(taken.size() + 1) + ": " + contestant.name);
            auto sample = contestant.measure();
            if (!sample) return tl::unexpected(sample.error());
            round[contestant.name] = *std::move(sample);
        }
        taken.push_back(std::move(round));
    }
    told.rounds = static_cast<unsigned>(taken.size());
    for (auto& contestant : group.contestants) {
        std::map<Unit, std::vector<double>> values;
        for (auto& round : taken)
            for (auto& [unit, value] : round[contestant.name]) values[unit].push_back(value);
        GroupTold::Row row{contestant.name, contestant.ours, {}};
        for (auto& [unit, list] : values) row.figures[unit] = Spread::of(list);
        told.rows.push_back(std::move(row));
    }
    for (auto& ratio : group.ratios) {
        std::vector<double> values;
        for (auto& round : taken) values.push_back(ratio.of(round));
        told.ratios.push_back({ratio.name, Spread::of(values), ratio.goal});
    }
    return told;
}

}  // namespace tools
