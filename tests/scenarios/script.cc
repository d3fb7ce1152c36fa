#include "scenarios/script.h"

#include <optional>
#include <sstream>
#include <stdexcept>

#include "ledger/audit.h"
#include "scenarios/checks.h"
#include "scenarios/stage.h"
#include "schema/event_types.h"

namespace scenarios {
namespace {

std::string trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return std::string(text);
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    for (;;) {
        auto end = text.find(at);
        if (auto part = trimmed(text.substr(0, end)); !part.empty()) parts.push_back(part);
        if (end == text.npos) return parts;
        text.remove_prefix(end + 1);
    }
}

bool take(std::string& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text = trimmed(std::string_view(text).substr(word.size()));
    return true;
}

// "Assessment authorised" or "assessmentAuthorised".
std::string type_called(const std::string& name) {
    for (auto& type : schema::event_types)
        if (schema::title_of(type.which) == name || schema::name_of(type.which) == name)
            return std::string(schema::name_of(type.which));
    throw std::runtime_error("there is no event called '" + name + "'");
}

class Play {
  public:
    void line(std::string text) {
        text = trimmed(std::string_view(text).substr(0, text.find('#')));
        if (text.empty() || take(text, "Scenario")) return;
        if (take(text, "Practice ")) return practice(text);
        if (take(text, "Opened ")) return opened(text);
        if (take(text, "Team ")) return team(text);
        if (take(text, "Staff ")) return staff(text);
        if (take(text, "Schedule ")) return schedule(text);
        if (take(text, "Family")) return family(text);
        if (take(text, "Given ")) return act(text, true);
        if (take(text, "When ")) return act(text, false);
        if (take(text, "Then ")) return then(text);
        throw std::runtime_error("begins with no word of the language");
    }

    void finish() { expect_no_unseen_refusal(); }

  private:
    Stage& stage() {
        if (!stage_) stage_ = std::make_unique<Stage>(practice_, opened_, cap_modes_);
        return *stage_;
    }

    // Practice WAR-2018, cap P6-cin hard
    void practice(const std::string& text) {
        auto parts = split(text, ',');
        practice_ = parts.at(0);
        opened_ = time_in(practice_ == "WAR-2018" ? "2018-05-01 07:00" : "2018-05-22 07:00");
        for (size_t i = 1; i < parts.size(); ++i) {
            auto words = split(parts[i], ' ');
            cap_modes_[words.at(1)] = words.at(2);
        }
    }
    void opened(const std::string& text) { opened_ = time_in(text); }

    // Team pod-1, pod
    void team(const std::string& text) {
        auto parts = split(text, ',');
        stage().form_team(parts.at(0), parts.size() > 1 ? parts[1] : "team");
    }

    // Staff Kit: family-key-worker in north, 0.6 of full time
    void staff(const std::string& text) {
        auto colon = text.find(':');
        std::vector<std::pair<std::string, std::string>> roles;
        int fte = 100;
        for (auto part : split(std::string_view(text).substr(colon + 1), ',')) {
            auto words = split(part, ' ');
            if (words.size() > 1 && words[1] == "of") fte = static_cast<int>(std::stod(words[0]) * 100 + 0.5);
            else roles.emplace_back(words.at(0), words.size() > 2 ? words[2] : "");
        }
        stage().hire(trimmed(text.substr(0, colon)), roles, fte);
    }

    // Schedule EASTMERE: early-help 6 years from closure, child-in-need 30 years from birth after handoverHeld
    void schedule(const std::string& text) {
        auto colon = text.find(':');
        stage().issue_schedule(trimmed(text.substr(0, colon)), split(std::string_view(text).substr(colon + 1), ','));
    }

    // Family Ash: children Ada Ben, adults Cleo
    void family(const std::string& text) {
        auto colon = text.find(':');
        std::vector<std::string> children, adults;
        for (auto part : split(std::string_view(text).substr(colon + 1), ',')) {
            auto words = split(part, ' ');
            (words.at(0) == "children" ? children : adults).assign(words.begin() + 1, words.end());
        }
        latest_family_ = trimmed(text.substr(0, colon));
        stage().meet(latest_family_, children, adults);
    }

    // Thu 2018-05-24 10:00[, recorded Fri 2018-05-25 09:00][, known to the day], Kit[ & Tess][ as role][, for Ash]
    // [, about Ben][, having seen 3]: Visit held[ called first][; field value value]...
    void act(const std::string& text, bool given) {
        expect_no_unseen_refusal();
        if (text == "the same event is sent again") {
            judge(stage().perform_again(), given);
            return;
        }
        auto colon = text.find(": ");
        if (colon == text.npos) throw std::runtime_error("has no ': ' between who and what");
        Act act;
        auto head = split(text.substr(0, colon), ',');
        act.occurred = act.recorded = time_in(head.at(0));
        act.family = latest_family_;
        for (size_t i = 1; i < head.size(); ++i) {
            auto part = head[i];
            if (take(part, "recorded ")) act.recorded = time_in(part);
            else if (part == "known to the day") act.day_only = true;
            else if (take(part, "for ")) act.family = part;
            else if (take(part, "about ")) act.about = split(part, ' ');
            else if (take(part, "having seen ")) act.seen = std::stoull(part);
            else who(part, act);
        }
        auto tail = split(std::string_view(text).substr(colon + 2), ';');
        auto what = tail.at(0);
        if (auto called = what.find(" called "); called != what.npos) {
            act.label = trimmed(what.substr(called + 8));
            what = trimmed(what.substr(0, called));
        }
        act.type = type_called(what);
        for (size_t i = 1; i < tail.size(); ++i) {
            auto words = split(tail[i], ' ');
            act.fields[words.at(0)].assign(words.begin() + 1, words.end());
        }
        judge(stage().perform(act), given);
    }

    static void who(std::string part, Act& act) {
        if (auto as = part.find(" as "); as != part.npos) {
            act.role = trimmed(part.substr(as + 4));
            part = part.substr(0, as);
        }
        act.who = split(part, '&');
    }

    void judge(commands::Outcome outcome, bool must_be_accepted) {
        outcome_ = std::move(outcome);
        unseen_ = !std::holds_alternative<commands::Accepted>(*outcome_);
        if (must_be_accepted) expect_no_unseen_refusal();
    }

    // A refusal that no line speaks of is a mistake of the scenario or of a rule; either way it is said.
    void expect_no_unseen_refusal() {
        if (unseen_) throw std::runtime_error("was not accepted: " + describe(*outcome_));
    }

    void then(std::string text) {
        if (text == "accepted" || text.starts_with("accepted, ")) {
            expect_no_unseen_refusal();
            return check_accepted(*outcome_, text);
        }
        if (take(text, "refused ")) {
            unseen_ = false;
            return check_refused(*outcome_, text);
        }
        expect_no_unseen_refusal();
        check(stage(), latest_family_, text);
    }

    std::string practice_, latest_family_;
    schema::Time opened_{};
    std::map<std::string, std::string> cap_modes_;
    std::unique_ptr<Stage> stage_;
    std::optional<commands::Outcome> outcome_;
    bool unseen_ = false;
};

}  // namespace

Failure play(const std::string& text) {
    Play play;
    std::istringstream lines(text);
    std::string line;
    int number = 0, last = 0;
    std::string pending;
    try {
        // A line that begins with a blank goes on with the line before it.
        auto flush = [&] {
            if (!pending.empty()) play.line(pending);
            pending.clear();
        };
        while (std::getline(lines, line)) {
            ++number;
            line = line.substr(0, line.find('#'));
            if (!line.empty() && line.front() == ' ') {
                pending += " " + trimmed(line);
                continue;
            }
            flush();
            last = number;
            pending = line;
        }
        flush();
        play.finish();
    } catch (const std::exception& problem) {
        return {last, problem.what()};
    }
    return {};
}

}  // namespace scenarios
