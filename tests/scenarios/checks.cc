#include "scenarios/checks.h"

#include <fmt/format.h>

#include <stdexcept>

#include "ledger/audit.h"
#include "ledger/rocks_log.h"
#include "schema/time.h"

namespace scenarios {
namespace {

namespace json = boost::json;

[[noreturn]] void wrong(const std::string& what) { throw std::runtime_error(what); }

bool take(std::string& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text = text.substr(word.size());
    return true;
}

std::string until(std::string& text, std::string_view mark) {
    auto end = text.find(mark);
    auto part = text.substr(0, end);
    text = end == text.npos ? "" : text.substr(end + mark.size());
    return part;
}

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

template <class T>
T must(schema::Result<T> result) {
    if (!result) wrong(result.error().text());
    return *std::move(result);
}

// contacts.0.state, workers[Kit].children
const json::value& at_path(const json::value& root, std::string path, Stage& stage) {
    const json::value* here = &root;
    while (!path.empty()) {
        auto step = until(path, ".");
        std::string who;
        if (auto open = step.find('['); open != step.npos) {
            who = step.substr(open + 1, step.size() - open - 2);
            step = step.substr(0, open);
        }
        const json::value* next = nullptr;
        if (here->is_array()) {
            auto index = std::stoul(step);
            if (index < here->get_array().size()) next = &here->get_array()[index];
        } else if (here->is_object()) {
            next = here->get_object().if_contains(step);
        }
        if (next && !who.empty()) {
            bool staff = stage.is_person(who);
            auto id = staff ? stage.person(who).id.hex() : stage.subject(who).hex();
            const json::value* found = nullptr;
            for (auto& item : next->as_array())
                if (text_of(item.at(staff ? "person" : "subject")) == id) found = &item;
            next = found;
        }
        if (!next)
            wrong("there is no " + step + (who.empty() ? "" : "[" + who + "]") + " in " + json::serialize(*here));
        here = next;
    }
    return *here;
}

void check_value(const json::value& root, std::string text, Stage& stage) {
    auto path = until(text, " ");
    auto& value = at_path(root, path, stage);
    auto expect = [&](bool holds) {
        if (!holds) wrong(path + " is " + json::serialize(value));
    };
    if (take(text, "is ")) return expect(text_of(value) == text);
    if (take(text, "has ")) return expect(value.is_array() && value.get_array().size() == std::stoul(text));
    auto holds = [&](const std::string& item) {
        for (auto& each : value.as_array())
            if (text_of(each) == item ||
                (each.is_object() && each.get_object().contains("code") && text_of(each.at("code")) == item))
                return true;
        return false;
    };
    if (take(text, "includes ")) return expect(holds(text));
    if (take(text, "does not include ")) return expect(!holds(text));
    wrong("cannot be checked: " + text);
}

// The clock of a rule: "T10", "T10 of visit" (started by that event), "T09 number 2".
struct Clock {
    std::string rule, reading, label;
    size_t number = 1;
};

// Null where there is none.
const json::object* look_for(const json::object& answer, const Clock& wanted, Stage& stage) {
    std::string id;
    if (!wanted.label.empty()) {
        auto label = stage.labels().find(wanted.label);
        if (label == stage.labels().end()) wrong("no event was called " + wanted.label);
        id = label->second.hex();
    }
    size_t seen = 0;
    for (auto& each : answer.at("clocks").as_array()) {
        auto& clock = each.as_object();
        if (text_of(clock.at("rule")) != wanted.rule) continue;
        if (!id.empty()) {
            bool started = false;
            for (auto& reading : clock.at("readings").as_array())
                started |= (wanted.reading.empty() || text_of(reading.at("id")) == wanted.reading) &&
                           text_of(reading.at("trigger").at("id")) == id;
            if (!started) continue;
        }
        if (++seen == wanted.number) return &clock;
    }
    return nullptr;
}

const json::object& find_clock(const json::object& answer, const Clock& wanted, Stage& stage) {
    if (auto* found = look_for(answer, wanted, stage)) return *found;
    wrong("there is no such clock in " + json::serialize(answer.at("clocks")));
}

Clock clock_in(std::string& text, bool with_reading) {
    Clock clock;
    clock.rule = until(text, " ");
    if (with_reading) clock.reading = until(text, " ");
    if (take(text, "of ")) clock.label = until(text, " ");
    if (take(text, "number ")) clock.number = std::stoul(until(text, " "));
    return clock;
}

// A rule that nothing has started is listed as well.
void check_no_clock(const json::object& answer, std::string text, Stage& stage) {
    auto* found = look_for(answer, clock_in(text, false), stage);
    if (found && !found->at("trigger").is_null()) wrong("there is " + json::serialize(*found));
}

std::string duration(int64_t minutes) { return fmt::format("{} h {} min", minutes / 60, minutes % 60); }

void check_clock(const json::object& answer, std::string text, Stage& stage) {
    auto wanted = clock_in(text, false);
    auto& clock = find_clock(answer, wanted, stage);
    if (take(text, "is ")) {
        if (text_of(clock.at("verdict")) != text) wrong("it is " + json::serialize(clock));
        return;
    }
    if (take(text, "took ")) {
        auto took = duration(clock.at("elapsedSeconds").to_number<int64_t>() / 60);
        if (took != text) wrong("it took " + took);
        return;
    }
    wrong("cannot be checked: " + text);
}

void check_reading(const json::object& answer, std::string text, Stage& stage) {
    auto wanted = clock_in(text, true);
    auto& clock = find_clock(answer, wanted, stage);
    const json::object* reading = nullptr;
    std::string id;
    if (!wanted.label.empty()) id = stage.labels().at(wanted.label).hex();
    for (auto& each : clock.at("readings").as_array())
        if (text_of(each.at("id")) == wanted.reading && (id.empty() || text_of(each.at("trigger").at("id")) == id))
            reading = &each.as_object();
    if (!reading) wrong("there is no such reading in " + json::serialize(clock));
    auto same_time = [&](const char* field, const std::string& expected) {
        auto* found = reading->if_contains(field);
        if (!found || text_of(*found) != schema::iso(time_in(expected))) wrong("it is " + json::serialize(*reading));
    };
    if (take(text, "cites ")) {
        if (text_of(reading->at("source")).find(text) == std::string::npos) wrong("it is " + json::serialize(*reading));
        return;
    }
    if (take(text, "opens ")) return same_time("opens", text);
    if (!take(text, "falls due ")) wrong("cannot be checked: " + text);
    same_time("due", until(text, " and is "));
    auto result = until(text, ", by ");
    if (!result.empty() && text_of(reading->at("result")) != result) wrong("it is " + json::serialize(*reading));
    if (text.empty()) return;
    // Days as they are told, hours without days: "2 d", "44 h 0 min".
    auto by = text.ends_with(" d") ? text_of(reading->at("by"))
                                   : duration(reading->at("bySeconds").to_number<int64_t>() / 60);
    if (by != text) wrong("it is by " + by);
}

// The book as it is, but one entry altered or the newest taken away.
class Tampered final : public ledger::Log {
  public:
    Tampered(ledger::Ledger& book, std::optional<uint64_t> altered, bool cut)
        : book_(book), altered_(altered), head_(book.published()->head) {
        if (cut) --head_.size;
    }
    schema::Result<void> append(const ledger::LogHead&, std::span<const ledger::Record>,
                                const ledger::Digest&) override {
        return fail(schema::Fault::io, "read only");
    }
    schema::Result<void> read(uint64_t from, uint64_t to, const Take& take) const override {
        for (uint64_t position = from; position < to && position < head_.size; ++position) {
            auto bytes = entry(position);
            if (!bytes) return tl::unexpected(bytes.error());
            if (!take(position, schema::as_bytes(*bytes))) break;
        }
        return {};
    }
    schema::Result<std::string> entry(uint64_t position) const override {
        auto entry = book_.entry(position);
        if (!entry) return tl::unexpected(entry.error());
        std::string bytes(schema::as_text(entry->bytes()));
        if (position == altered_) bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        return bytes;
    }
    schema::Result<std::string> words(uint64_t position) const override { return book_.sealed_words(position); }
    bool wait(uint64_t, std::chrono::milliseconds) const override { return false; }
    ledger::LogHead head() const override { return head_; }
    std::string durability() const override { return "none"; }

  private:
    ledger::Ledger& book_;
    std::optional<uint64_t> altered_;
    ledger::LogHead head_;
};

// As a stranger audits: against the checkpoint the ledger published.
ledger::AuditReport audit(Stage& stage, std::optional<uint64_t> altered, bool cut) {
    Tampered log(stage.book(), altered, cut);
    ledger::AuditOptions options;
    options.checkpoint = stage.book().published()->checkpoint;
    options.trusted_keys = {stage.book().checkpoint_key()};
    commands::Bench bench([](auto&, auto&) { return schema::Result<void>(); }, 0);
    options.decide = [&](const ledger::Entry& entry, const schema::ExaminedEvent& event,
                         auto) -> std::optional<ledger::Finding> {
        auto judgement = bench.judge(event, entry.recorded(), entry.position(), {});
        std::optional<ledger::Finding> found;
        if (judgement && judgement->refused)
            found = ledger::Finding{entry.position(), "rule", judgement->refused->text()};
        (void)bench.apply(entry);
        return found;
    };
    return must(ledger::audit(log, options));
}

void check_audit(Stage& stage, const std::string& text) {
    auto report = audit(stage, std::nullopt, false);
    if (text != "finds nothing") wrong("cannot be checked: " + text);
    if (!report.findings.empty())
        wrong("entry " + std::to_string(report.findings[0].position) + ", " + report.findings[0].field + ": " +
              report.findings[0].what);
}

// the words of note are readable | erased
void check_words(Stage& stage, std::string text) {
    auto words = must(stage.book().words(stage.entry(until(text, " are "))));
    bool readable = !words.empty();
    for (auto& word : words) readable &= word.readable;
    if ((text == "readable") != readable) wrong(readable ? "they can be read" : "they cannot be read");
}

// the entry contact is disputed | is not disputed
void check_disputed(Stage& stage, std::string text) {
    auto entry = stage.entry(until(text, " is "));
    bool disputed = stage.views().directory()->disputes(entry);
    if ((text == "disputed") != disputed) wrong(disputed ? "it is disputed" : "it is not disputed");
}

}  // namespace

schema::Time time_in(const std::string& text) {
    auto rest = text;
    std::string weekday;
    if (!rest.empty() && rest[0] >= 'A') {
        weekday = rest.substr(0, 3);
        rest = rest.substr(4);
    }
    auto time = schema::parse_time(rest);
    if (!time) wrong("'" + text + "' is not a time");
    if (!weekday.empty() && schema::readable(schema::london_day(*time)).substr(0, 3) != weekday)
        wrong("'" + text + "' is a " + schema::readable(schema::london_day(*time)).substr(0, 3));
    return *time;
}

std::string describe(const commands::Outcome& outcome) {
    if (auto* refused = std::get_if<commands::Refused>(&outcome))
        return std::string(commands::name(refused->reason)) + ": " + refused->text();
    if (auto* error = std::get_if<schema::Error>(&outcome)) return error->text();
    auto& accepted = std::get<commands::Accepted>(outcome);
    return "accepted at position " + std::to_string(accepted.entry.position());
}

void check_accepted(const commands::Outcome& outcome, const std::string& text) {
    auto& accepted = std::get<commands::Accepted>(outcome);
    if (text == "accepted") return;
    if (text == "accepted, replayed") {
        if (!accepted.replayed) wrong("it was recorded anew");
        return;
    }
    auto warning = text.substr(std::string("accepted, warning ").size());
    for (auto& each : accepted.warnings)
        if (each.find(warning) != each.npos) return;
    wrong("it gave no such warning" + (accepted.warnings.empty() ? "" : ": " + accepted.warnings[0]));
}

void check_refused(const commands::Outcome& outcome, const std::string& text) {
    auto* refused = std::get_if<commands::Refused>(&outcome);
    if (!refused) wrong(describe(outcome));
    auto rest = text;
    auto reason = until(rest, ", ");
    if (commands::name(refused->reason) != reason) wrong(describe(outcome));
    while (!rest.empty()) {
        auto part = until(rest, ", ");
        // A source may hold a comma of its own: "S1:298,304-315" has no blank behind it.
        if (take(part, "citing ")) {
            if (refused->source != part) wrong("it cites " + refused->source);
        } else if (take(part, "saying ")) {
            if (refused->text().find(part) == std::string::npos) wrong(describe(outcome));
        }
    }
}

void check(Stage& stage, const std::string& family, std::string text) {
    projections::AsAt as_at;
    if (take(text, "as at ")) as_at = time_in(until(text, ", "));
    auto stream = [&] { return stage.family(family).stream; };
    if (take(text, "the audit ")) return check_audit(stage, text);
    if (text == "taking the newest entry away is found") {
        if (audit(stage, std::nullopt, true).findings.empty()) wrong("it is not found");
        return;
    }
    if (take(text, "altering one byte of ")) {
        auto position = *must(stage.book().find(stage.labels().at(until(text, " "))));
        auto report = audit(stage, position, false);
        if (report.findings.empty() || report.findings[0].position != position) wrong("it is not found at its place");
        return;
    }
    if (take(text, "clock "))
        return check_clock(must(stage.views().timeliness_case_json(stream(), as_at)), text, stage);
    if (take(text, "there is no clock "))
        return check_no_clock(must(stage.views().timeliness_case_json(stream(), as_at)), text, stage);
    if (take(text, "reading "))
        return check_reading(must(stage.views().timeliness_case_json(stream(), as_at)), text, stage);
    if (take(text, "case ")) return check_value(must(stage.views().case_json(stream(), as_at)).at("case"), text, stage);
    if (take(text, "retention ")) return check_value(must(stage.views().retention_json({}, as_at)), text, stage);
    if (take(text, "the words of ")) return check_words(stage, text);
    if (take(text, "the entry ")) return check_disputed(stage, text);
    if (take(text, "caseload ")) return check_value(must(stage.views().caseload_json(as_at)), text, stage);
    wrong("cannot be checked: " + text);
}

}  // namespace scenarios
