// A clock as JSON: titles beside codes, times in London, every reading with its working and its source.
#include <fmt/format.h>

#include "projections/timeliness.h"
#include "projections/wording.h"

namespace projections {

namespace json = boost::json;

namespace {

json::value seconds(std::chrono::milliseconds duration) {
    return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

std::string days(int64_t count) { return fmt::format("{} d", count); }

json::object event(const ClockEvent& event) {
    return {{"id", id_or_null(event.id)},
            {"position", event.id.empty() ? json::value(nullptr) : json::value(event.position)},
            {"type", schema::name_of(event.type)},
            {"title", schema::title_of(event.type)},
            {"at", schema::iso(event.at)}};
}
json::value event(const std::optional<ClockEvent>& maybe) {
    return maybe ? json::value(event(*maybe)) : json::value(nullptr);
}

json::object reading(const ReadingResult& r) {
    bool has_by = r.outcome == Outcome::missed || r.outcome == Outcome::early || r.outcome == Outcome::open;
    return {{"id", r.id},
            {"title", r.title},
            {"source", r.source},
            {"note", text_or_null(r.note)},
            {"adopted", r.adopted},
            {"inferred", r.inferred},
            {"suspectedError", r.suspected_error},
            {"fixedGrid", r.fixed_grid},
            {"trigger", event(r.trigger)},
            {"opens", iso_or_null(r.opens)},
            {"due", iso_or_null(r.due)},
            {"working", r.working},
            {"result", name_of(r.outcome)},
            {"resultTitle", spoken_name(name_of(r.outcome))},
            {"by", !has_by ? json::value(nullptr) : json::value(r.by_days ? days(r.by_days) : spoken(r.by))},
            {"bySeconds", has_by ? seconds(r.by) : json::value(nullptr)},
            {"soFar", r.so_far}};
}

std::string_view standing_name(schema::Standing standing) {
    switch (standing) {
        case schema::Standing::STANDARD: return "standard";
        case schema::Standing::TARGET: return "target";
        case schema::Standing::REPORTED: return "reported";
    }
    return "";
}
std::string_view severity_name(schema::Severity severity) {
    switch (severity) {
        case schema::Severity::STANDARD: return "standard";
        case schema::Severity::SOFT: return "soft";
        case schema::Severity::MONITOR: return "monitor";
    }
    return "";
}

}  // namespace

json::object to_json(const Clock& clock, const References& references, schema::Time now) {
    json::array readings, met, gaps;
    for (auto& each : clock.readings) readings.push_back(reading(each));
    for (auto& id : clock.met()) met.emplace_back(id);
    for (auto& source : clock.gap_sources) gaps.emplace_back(source);
    json::value adopted = nullptr;
    for (auto& each : clock.readings)
        if (each.adopted) adopted = each.id;
    json::object out{{"rule", clock.rule},
                     {"title", clock.title},
                     {"quote", clock.quote},
                     {"source", clock.source},
                     {"edition", clock.edition},
                     {"standing", standing_name(clock.standing)},
                     {"severity", severity_name(clock.severity)},
                     {"stream", clock.stream.hex()},
                     {"episode", id_or_null(clock.episode)},
                     {"contact", id_or_null(clock.contact)},
                     {"worker", id_or_null(clock.worker)},
                     {"team", text_or_null(clock.team)},
                     {"teamName", text_or_null(references.team_name(clock.team))},
                     {"trigger", event(clock.trigger)},
                     {"done", event(clock.done)},
                     {"stopped", event(clock.stopped)},
                     {"due", iso_or_null(clock.due(now))},
                     {"verdict", name_of(clock.verdict)},
                     {"verdictTitle", spoken_name(name_of(clock.verdict))},
                     {"soFar", clock.late()},
                     {"met", std::move(met)},
                     {"adopted", adopted},
                     {"adoptedMet", clock.has_adopted() ? json::value(clock.adopted_met()) : json::value(nullptr)},
                     {"readings", std::move(readings)},
                     {"elapsed", clock.elapsed ? json::value(spoken(*clock.elapsed)) : json::value(nullptr)},
                     {"elapsedSeconds", clock.elapsed ? seconds(*clock.elapsed) : json::value(nullptr)}};
    out["noRule"] = clock.verdict != Verdict::no_rule_evidenced
                        ? json::value(nullptr)
                        : json::value(json::object{{"why", clock.why},
                                                   {"inEvidenceUntil", iso_or_null(clock.evidence_until)},
                                                   {"sources", std::move(gaps)}});
    return out;
}

}  // namespace projections
