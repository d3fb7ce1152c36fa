#include "tools/account.h"

#include <fmt/format.h>

#include "tools/table.h"

namespace tools {
namespace {

using Findings = std::vector<ledger::Finding>;

constexpr size_t most_told = 20;  // to people; programs get all

boost::json::array listed(const Findings& findings, bool by_entry) {
    boost::json::array all;
    for (auto& finding : findings) {
        boost::json::object one{{"field", finding.field}, {"what", finding.what}};
        if (by_entry) one["position"] = finding.position;
        all.push_back(std::move(one));
    }
    return all;
}

std::string table_of(const Findings& findings, bool by_entry, const char* title, const Screen& screen) {
    Table table = by_entry ? Table({{"Entry", Table::right}, {"Field", Table::left}, {title, Table::left, true}})
                           : Table({{"Where", Table::left}, {title, Table::left, true}});
    for (size_t i = 0; i < findings.size() && i < most_told; ++i) {
        auto& [position, field, what] = findings[i];
        if (by_entry) table.row({std::to_string(position), field, what});
        else table.row({field, what});
    }
    auto text = table.text(screen);
    if (findings.size() > most_told) text += fmt::format("and {} more (--json has all)\n", findings.size() - most_told);
    return text;
}

}  // namespace

void Account::stand(const std::string& note, const Believed& believed) {
    auto stands = standing_of(note, believed);
    if (!stands) return find(0, "checkpoint", stands.error().text());
    if (!*stands) {
        not_checked.push_back(
            {"witnesses", "whether witnesses saw it: give --policy FILE that says whose word counts"});
        return;
    }
    standing = **stands;
    if (believed.must_be_witnessed && !standing->witnessed)
        find(standing->size ? standing->size - 1 : 0, "checkpoint.witnesses",
             "are not the quorum that was asked for: " + standing->text());
}

boost::json::object Account::to_json() const {
    boost::json::object told{{"subject", subject}, {"holds", holds()}};
    for (auto& [name, value] : facts) told[name] = value;
    if (standing) told["standing"] = standing->to_json();
    told["findings"] = listed(findings, by_entry);
    told["erased"] = listed(erased, by_entry);
    told["disputed"] = listed(disputed, by_entry);
    boost::json::array unchecked;
    for (auto& one : not_checked) unchecked.push_back({{"name", one.name}, {"what", one.what}});
    told["notChecked"] = std::move(unchecked);
    return told;
}

std::string Account::text(const Screen& screen) const {
    std::string out;
    auto line = [&](std::string_view text) { (out += text) += "\n"; };
    if (played_clock) {
        line(screen.styled(Screen::yellow,
                           "PLAYED CLOCK: the times in this ledger were played. It is a demonstration "
                           "or a test, and no record of real work."));
        line("");
    }
    for (size_t i = 0; i < about.size(); ++i)
        line(i ? printable(about[i]) : screen.styled(Screen::bold, printable(about[i])));
    line("");
    if (holds()) {
        line(screen.styled(Screen::green, holds_text));
        if (standing) line(standing->text());
    } else {
        auto& first = findings.front();
        auto where = by_entry ? fmt::format("entry {}: {}", first.position, first.field) : first.field;
        line(screen.styled(Screen::red, printable("VERIFICATION FAILED at " + where)));
        out += table_of(findings, by_entry, "What is wrong", screen);
        if (findings.size() >= ledger::audit_findings)
            line(
                fmt::format("Only the first {} findings are told; what follows was not read.", ledger::audit_findings));
    }
    if (!erased.empty()) {
        line(fmt::format("\nErased, and so readable for nobody ({}):", erased.size()));
        out += table_of(erased, by_entry, "Under which entry", screen);
    }
    if (!disputed.empty()) {
        line(fmt::format("\nDisputed ({}):", disputed.size()));
        out += table_of(disputed, by_entry, "Why", screen);
    }
    line(checked.empty() ? "" : "\nChecked:");
    for (auto& one : checked) line("  " + one);
    line("Not checked:");
    line("  whether what was signed is true");
    for (auto& one : not_checked) line("  " + one.what);
    return out;
}

}  // namespace tools
