// plant DEFECTS SOURCE OUT: copies of the verifier's sources in which each defect of the list can be switched on at run
// time, as (planted(7) ? (defective) : (original)). An original that is not found exactly once ends the build.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Defect {
    int number;
    std::string original, defective;
};

std::string trimmed(const std::string& text) {
    auto from = text.find_first_not_of(' '), to = text.find_last_not_of(' ');
    return from == text.npos ? std::string() : text.substr(from, to - from + 1);
}

[[noreturn]] void give_up(const std::string& why) {
    std::cerr << "tests/tamper/defects.txt: " << why << "\n";
    std::exit(1);
}

// file | original | defective | what it breaks; blanks around the bars.
std::map<std::string, std::vector<Defect>> read(const std::string& path) {
    std::map<std::string, std::vector<Defect>> defects;
    std::ifstream file(path);
    int number = 0, line_number = 0;
    for (std::string line; std::getline(file, line);) {
        ++line_number;
        if (line.empty() || line[0] == '#') continue;
        std::vector<std::string> parts;
        for (size_t from = 0; from != line.npos;) {
            auto bar = line.find(" | ", from);
            parts.push_back(trimmed(line.substr(from, bar == line.npos ? bar : bar - from)));
            from = bar == line.npos ? bar : bar + 3;
        }
        if (parts.size() != 4) give_up("line " + std::to_string(line_number) + " has not four parts");
        defects[parts[0]].push_back({++number, parts[1], parts[2]});
    }
    return defects;
}

std::string with(const std::string& name, const std::string& source, const std::vector<Defect>& defects) {
    std::map<size_t, const Defect*> places;
    for (auto& defect : defects) {
        auto at = source.find(defect.original);
        auto said = "defect " + std::to_string(defect.number) + " of " + name + ": `" + defect.original + "` ";
        if (at == source.npos) give_up(said + "is not there any more");
        if (source.find(defect.original, at + 1) != source.npos) give_up(said + "is there more than once");
        auto next = places.lower_bound(at);
        if (next != places.end() && next->first < at + defect.original.size()) give_up(said + "overlaps another");
        if (next != places.begin() && std::prev(next)->first + std::prev(next)->second->original.size() > at)
            give_up(said + "overlaps another");
        places[at] = &defect;
    }
    std::ostringstream out;
    out << "#include \"planted.h\"\n#line 1 \"" << name << "\"\n";
    size_t from = 0;
    for (auto& [at, defect] : places) {
        out << source.substr(from, at - from) << "(planted(" << defect->number << ") ? (" << defect->defective
            << ") : (" << defect->original << "))";
        from = at + defect->original.size();
    }
    out << source.substr(from);
    return out.str();
}

}  // namespace

int main(int count, char** given) {
    if (count != 4) give_up("usage: plant DEFECTS SOURCE OUT");
    for (auto& [name, defects] : read(given[1])) {
        std::ifstream file(fs::path(given[2]) / name);
        if (!file) give_up("there is no " + name);
        std::ostringstream source;
        source << file.rdbuf();
        auto to = fs::path(given[3]) / name;
        fs::create_directories(to.parent_path());
        std::ofstream(to, std::ios::trunc) << with(name, source.str(), defects);
    }
}
