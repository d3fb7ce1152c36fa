#include "commands/rules.h"

namespace commands {

Judgement refuse(Refusal reason, std::string source, std::string detail, std::string field) {
    return {Refused{reason, std::move(field), std::move(detail), std::move(source)}, {}};
}

EventId ref(capnp::Data::Reader id) { return EventId::of(bytes_of(id)); }
PersonId person_in(capnp::Data::Reader id) { return PersonId::of(bytes_of(id)); }

std::optional<GuardRow::Reader> Facts::guard(Guard guard, std::string_view code) const {
    if (!edition) return std::nullopt;
    for (auto row : edition->practice().getGuards())
        if (row.getGuard() == guard && (code.empty() || text_of(row.getCode()) == code)) return row;
    return std::nullopt;
}

std::optional<Judgement> require(const Facts& facts, Guard guard, bool holds, Refusal reason, std::string detail) {
    if (holds) return std::nullopt;
    auto row = facts.guard(guard);
    if (!row) return std::nullopt;
    return refuse(reason, row->getSource(), std::move(detail));
}

std::optional<Judgement> require_consent(const CaseState& state, const Facts& facts, std::string_view code,
                                         std::string_view kind) {
    if (!facts.edition) return std::nullopt;
    for (auto row : facts.edition->practice().getGuards()) {
        if (row.getGuard() != Guard::CONSENT_FOR_SCOPE || text_of(row.getCode()) != code) continue;
        if (row.getKind().size() && text_of(row.getKind()) != kind) continue;
        if (!state.consents_to(text_of(row.getDetail())))
            return refuse(Refusal::consent_missing, row.getSource(), "scope: " + std::string(text_of(row.getDetail())));
    }
    return std::nullopt;
}

std::optional<Judgement> require_oversight(const Episode& episode, const Facts& facts, std::string_view code) {
    if (!facts.edition) return std::nullopt;
    for (auto row : facts.edition->practice().getGuards()) {
        if (row.getGuard() != Guard::OVERSIGHT_BEFORE || text_of(row.getCode()) != code) continue;
        std::string point = row.getDetail();
        if (!episode.oversight.count(point))
            return refuse(Refusal::oversight_missing, row.getSource(), "point: " + point);
    }
    return std::nullopt;
}

std::optional<Judgement> require_open(const CaseState& state, capnp::Data::Reader episode) {
    const Episode* named = state.episode(ref(episode));
    if (!named || !named->open) return refuse(Refusal::episode_closed, "docs/ARCHITECTURE.md");
    return std::nullopt;
}

std::optional<Judgement> require_allocated(const CaseState& state, capnp::Data::Reader episode) {
    CASELEDGER_REQUIRE(require_open(state, episode));
    if (state.episode(ref(episode))->worker.empty()) return refuse(Refusal::not_allocated, "docs/ARCHITECTURE.md");
    return std::nullopt;
}

}  // namespace commands
