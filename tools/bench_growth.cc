// What grows with the book: this run beside an earlier one over a smaller book.
#include <cmath>

#include "ledger/keys.h"
#include "schema/json.h"
#include "tools/bench.h"

namespace tools {
namespace {

struct Grown {
    const char *name, *group, *row, *unit;
};
constexpr Grown watched[] = {
    {"CPU of an append", "cpu", "CPU of the service for an append, 64 connections", "cpuMicroseconds"},
    {"an append of one client, median", "latency", "a signed append, one client", "medianMicroseconds"},
    {"an inclusion proof", "proofs", "inclusion proofs", "cpuMicroseconds"},
    {"a completeness proof", "proofs", "completeness proofs", "cpuMicroseconds"},
    {"a chronology, median", "chronology", "chronology of a case of 500 entries", "medianMicroseconds"}};

const boost::json::value* named(const boost::json::value& list, const char* key, std::string_view name) {
    for (auto& each : list.as_array())
        if (std::string_view(each.at(key).as_string()) == name) return &each;
    return nullptr;
}

// The figure's spread in a report; nothing where it was not measured.
std::optional<Spread> found(const boost::json::value& report, const Grown& what) {
    auto* group = named(report.at("groups"), "id", what.group);
    auto* row = group ? named(group->at("measured"), "name", what.row) : nullptr;
    auto* told = row ? row->as_object().if_contains(what.unit) : nullptr;
    if (!told) return std::nullopt;
    return Spread{told->at("median").to_number<double>(), told->at("least").to_number<double>(),
                  told->at("most").to_number<double>()};
}

}  // namespace

Attempt<GroupTold> growth(const std::string& smaller, const BenchReport& report) {
    auto text = ledger::read_file(smaller, 16 << 20);
    if (!text) return tl::unexpected(Failure(text.error()));
    auto before = schema::parse_json(*text);
    auto* object = before ? before->if_object() : nullptr;
    if (!object || !object->contains("groups") || !object->contains("book"))
        return usage(smaller + " is not what `bench --json` prints");
    boost::json::value now = report.to_json();
    auto entries = [](const boost::json::value& of) { return of.at("book").at("entries").to_number<double>(); };
    auto tenfolds = std::log10(entries(now) / entries(*before));
    if (!(tenfolds > 0)) return usage(smaller + " is of a book that is not smaller");
    GroupTold told{"growth",
                   "Growth of the book",
                   "What each costs here over what it cost in a smaller book, per tenfold of entries.",
                   1,
                   {},
                   {}};
    for (auto& what : watched) {
        auto here = found(now, what), there = found(*before, what);
        if (!here || !there) continue;
        auto times = [&](double more, double less) { return std::pow(more / less, 1 / tenfolds); };
        told.ratios.push_back(
            {what.name,
             {times(here->median, there->median), times(here->least, there->most), times(here->most, there->least)},
             Goal{false, 1.2}});
    }
    return told;
}

}  // namespace tools
