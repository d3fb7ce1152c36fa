// The figures of the benchmark. The contestants of a group are measured in turn, round after round (A B C A B C ...),
// so that what else the machine does falls on all of them; a ratio is of figures of one round, and what is told of
// rounds is their median, with the least and the most beside it.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/desk.h"

namespace tools {

// What can be told of one measurement; each is a column of the table.
enum class Unit { per_second, median_us, p99_us, cpu_us, load_us, seconds, mebibytes, bytes, times, count };
using Sample = std::map<Unit, double>;
using Round = std::map<std::string, Sample>;  // by contestant

struct Contestant {
    std::string name;
    std::function<Attempt<Sample>()> measure;
    bool ours = false;  // of caseledger; else a limit, a part, a peer
};

struct Goal {
    bool at_least = true;
    double value = 0;
};

struct Ratio {
    std::string name;
    std::function<double(const Round&)> of;
    std::optional<Goal> goal;
};
// These of its figures alone.
Attempt<Sample> only(Attempt<Sample> sample, std::initializer_list<Unit> units);
double figure(const Round& round, const std::string& contestant, Unit unit);  // 0: not measured
// A contestant's figure over another's.
Ratio over(std::string name, std::string contestant, std::string limit, Unit unit, std::optional<Goal> goal = {});

struct Group {
    std::string id, name;  // "appends-64", "Signed appends through HTTPS, 64 connections"
    std::string note;      // what one must know to read it; may be empty
    std::vector<Contestant> contestants;
    std::vector<Ratio> ratios;
};

struct Spread {
    double median = 0, least = 0, most = 0;
    static Spread of(std::vector<double> values);
};

struct GroupTold {
    struct Row {
        std::string name;
        bool ours = false;
        std::map<Unit, Spread> figures;
    };
    struct RatioRow {
        std::string name;
        Spread ratio;
        std::optional<Goal> goal;
        bool met() const {
            return !goal || (goal->at_least ? ratio.median >= goal->value : ratio.median <= goal->value);
        }
    };
    std::string id, name, note;
    unsigned rounds = 0;
    std::vector<Row> rows;
    std::vector<RatioRow> ratios;

    boost::json::object to_json() const;
    std::string text(const Screen& screen) const;
    std::string markdown() const;
};

// So many rounds, but no other after `patience` seconds have gone by.
Attempt<GroupTold> measure_group(const Group& group, unsigned rounds, double patience,
                                 const std::function<void(const std::string&)>& progress);

}  // namespace tools
