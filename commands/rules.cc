#include "commands/rules.h"

#include <algorithm>

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

Judgement consented(const CaseState& state, const Facts& facts, std::string_view code, std::string_view kind) {
    if (!facts.edition) return accept;
    std::string scopes, source;
    for (auto row : facts.edition->practice().getGuards()) {
        if (row.getGuard() != Guard::CONSENT_FOR_SCOPE || text_of(row.getCode()) != code) continue;
        if (row.getKind().size() && text_of(row.getKind()) != kind) continue;
        if (state.consents_to(text_of(row.getDetail()))) return accept;
        scopes += (scopes.empty() ? "" : " or ") + std::string(text_of(row.getDetail()));
        source += (source.empty() ? "" : " ") + std::string(text_of(row.getSource()));
    }
    if (scopes.empty()) return accept;
    auto safety = facts.guard(Guard::SAFETY_BEFORE_CONSENT, code);
    if (!safety || !state.is_about_harm())
        return refuse(Refusal::consent_missing, std::move(source), "scope: " + scopes);
    Judgement judgement;
    judgement.warnings.push_back("without the family's consent (" + scopes + "), on a manager's judgement of harm [" +
                                 std::string(text_of(safety->getSource())) + "]");
    return judgement;
}

std::optional<Judgement> require_written_consent(const CaseState& state, const Facts& facts,
                                                 const std::vector<SubjectId>& children) {
    auto row = facts.guard(Guard::CONSENT_IN_WRITING);
    if (!row || state.consents_in_writing_to(text_of(row->getCode()), children)) return std::nullopt;
    return refuse(Refusal::consent_not_written, row->getSource());
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

std::optional<Judgement> require_open(const CaseState& state, const EventId& episode) {
    const Episode* named = state.episode(episode);
    if (!named || !named->open) return refuse(Refusal::episode_closed, "docs/ARCHITECTURE.md");
    return std::nullopt;
}

std::optional<Judgement> require_open(const CaseState& state, capnp::Data::Reader episode) {
    return require_open(state, ref(episode));
}

std::optional<Judgement> require_allocated(const CaseState& state, capnp::Data::Reader episode) {
    CASELEDGER_REQUIRE(require_open(state, episode));
    if (state.episode(ref(episode))->worker.empty()) return refuse(Refusal::not_allocated, "docs/ARCHITECTURE.md");
    return std::nullopt;
}

std::optional<Act::Reader> act_of(const schema::Edition& edition, std::string_view type, std::string_view kind) {
    std::optional<Act::Reader> any;
    for (auto& act : edition.acts_about(type)) {
        if (act.getKind().size() == 0) any = act;
        else if (text_of(act.getKind()) == kind) return act;
    }
    return any;
}

bool may_record(const Facts& facts, std::string_view role, std::string_view type) {
    for (auto& act : facts.edition->acts_about(type))
        for (auto allowed : act.getRoles())
            if (text_of(allowed) == role) return true;
    return false;
}

bool holds_role(const Facts& facts, const PersonId& person, std::string_view role) {
    auto* known = facts.directory.person(person);
    if (!known) return false;
    return std::any_of(known->roles.begin(), known->roles.end(), [&](const ledger::Directory::Role& held) {
        return held.role == role && held.from <= facts.day() && (!held.ended || facts.day() < *held.ended);
    });
}

bool holds_role_for(const Facts& facts, const PersonId& person, std::string_view type) {
    auto* known = facts.directory.person(person);
    if (!known) return false;
    return std::any_of(known->roles.begin(), known->roles.end(), [&](const ledger::Directory::Role& held) {
        return may_record(facts, held.role, type) && holds_role(facts, person, held.role);
    });
}

}  // namespace commands
