// The directory, practice and service streams: who may be known, which practice may be in force, who supervises.
#include <algorithm>

#include "commands/rules.h"

namespace commands {
namespace {

constexpr const char* format = "docs/FORMAT.md";

// A new key must be a sound point, not enrolled before, and its owner must show that they hold it.
std::optional<Judgement> require_new_key(const Facts& facts, std::string_view origin, const PersonId& person,
                                         const PublicKey& key, capnp::Data::Reader proof) {
    if (facts.directory.key(ledger::key_id(key))) return refuse(Refusal::key_taken, format);
    auto message = ledger::possession_message(origin, person);
    if (!ledger::is_valid(key) ||
        !ledger::verify(key, ledger::key_context, as_bytes(message), Signature::of(bytes_of(proof))))
        return refuse(Refusal::bad_possession, format);
    return std::nullopt;
}

// Whatever else a practice says, it must leave a way to adopt the next one.
bool lets_governor_adopt(Practice::Reader practice) {
    for (auto act : practice.getActs())
        if (text_of(act.getEvent()) == "practiceAdopted" && act.getKind().size() == 0)
            for (auto role : act.getRoles())
                if (text_of(role) == ledger::governor_role) return true;
    return false;
}

}  // namespace

Judgement ledger_opened(const Facts& facts, Event::Reader event, LedgerOpened::Reader opened) {
    auto governor = person_in(opened.getGovernor());
    auto key = PublicKey::of(bytes_of(opened.getPublicKey()));
    if (facts.position != 0) return refuse(Refusal::already_opened, format);
    if (facts.actor != governor) return refuse(Refusal::key_unknown, format, "the genesis is signed by its governor");
    if (!facts.checkpoint_key.empty() && facts.checkpoint_key != PublicKey::of(bytes_of(opened.getCheckpointKey())))
        return refuse(Refusal::bad_possession, format, "the checkpoint key is not this ledger's");
    CASELEDGER_REQUIRE(
        require_new_key(facts, text_of(event.getLedger()), governor, key, opened.getProofOfPossession()));

    return accept;
}

Judgement person_registered(const Facts& facts, PersonRegistered::Reader registered) {
    if (facts.directory.person(person_in(registered.getPerson()))) return refuse(Refusal::name_taken, format);

    return accept;
}

Judgement key_enrolled(const Facts& facts, Event::Reader event, KeyEnrolled::Reader enrolled) {
    CASELEDGER_REQUIRE(require_new_key(facts, text_of(event.getLedger()), person_in(enrolled.getPerson()),
                                       PublicKey::of(bytes_of(enrolled.getPublicKey())),
                                       enrolled.getProofOfPossession()));

    return accept;
}

Judgement key_revoked(const Facts& facts, KeyRevoked::Reader revoked) {
    auto* known = facts.directory.key(KeyId::of(bytes_of(revoked.getKey())));
    if (!known) return refuse(Refusal::key_unknown, format);
    if (known->revoked) return refuse(Refusal::key_revoked, format);
    if (!facts.directory.governed_without(KeyId::of(bytes_of(revoked.getKey()))))
        return refuse(Refusal::nobody_would_govern, format, "enrol the governor's next key first",
                      "fact.keyRevoked.key");

    return accept;
}

Judgement team_formed(const Facts& facts, TeamFormed::Reader formed) {
    if (facts.directory.team(text_of(formed.getTeam()))) return refuse(Refusal::name_taken, format);
    if (formed.getWithin().size() && !facts.directory.team(text_of(formed.getWithin())))
        return refuse(Refusal::unknown_team, format, {}, "fact.teamFormed.within");

    return accept;
}

Judgement role_granted(const Facts& facts, RoleGranted::Reader granted) {
    if (granted.getTeam().size() && !facts.directory.team(text_of(granted.getTeam())))
        return refuse(Refusal::unknown_team, format, {}, "fact.roleGranted.team");
    for (auto& edition : facts.practices.editions())
        for (auto role : edition->practice().getRoles())
            if (text_of(role.getCode()) == text_of(granted.getRole())) return accept;
    if (text_of(granted.getRole()) == ledger::governor_role) return accept;
    return refuse(Refusal::unknown_code, format, "no adopted practice has this role", "fact.roleGranted.role");
}

Judgement role_ended(const Facts& facts, RoleEnded::Reader ended) {
    auto* person = facts.directory.person(person_in(ended.getPerson()));
    auto is_meant = [&](const ledger::Directory::Role& role) {
        return role.role == text_of(ended.getRole()) && role.team == text_of(ended.getTeam()) && !role.ended;
    };
    if (std::none_of(person->roles.begin(), person->roles.end(), is_meant))
        return refuse(Refusal::role_not_granted, format);
    if (text_of(ended.getRole()) == ledger::governor_role &&
        !facts.directory.governed_without(person_in(ended.getPerson())))
        return refuse(Refusal::nobody_would_govern, format, "grant the role to another first", "fact.roleEnded.role");

    return accept;
}

Judgement calendar_issued(const Facts&, Calendar::Reader calendar) {
    if (calendar.getUntil() < calendar.getFrom())
        return refuse(Refusal::unknown_calendar, format, "it ends before it begins", "fact.calendarIssued.until");

    return accept;
}

Judgement practice_adopted(const Facts& facts, Practice::Reader practice) {
    if (facts.practices.edition(text_of(practice.getId())))
        return refuse(Refusal::name_taken, format, "this edition has been adopted; extend it or adopt another",
                      "fact.practiceAdopted.id");
    if (!facts.practices.working_days(text_of(practice.getCalendar())).covers(day_of(practice.getFrom())))
        return refuse(Refusal::unknown_calendar, format, {}, "fact.practiceAdopted.calendar");
    if (!lets_governor_adopt(practice))
        return refuse(Refusal::nobody_would_govern, format, "no act lets the data governor adopt the next practice",
                      "fact.practiceAdopted.acts");

    return accept;
}

Judgement practice_extended(const Facts& facts, PracticeExtended::Reader extended) {
    auto* edition = facts.practices.edition(text_of(extended.getPractice()));
    if (!edition) return refuse(Refusal::unknown_practice, format, {}, "fact.practiceExtended.practice");
    if (day_of(extended.getUntil()) <= edition->until)
        return refuse(Refusal::unknown_practice, format, "it is in force until " + iso(edition->until) + " already",
                      "fact.practiceExtended.until");

    return accept;
}

Judgement reading_adopted(const Facts& facts, ReadingAdopted::Reader adopted) {
    auto* edition = facts.practices.edition(text_of(adopted.getPractice()));
    if (!edition) return refuse(Refusal::unknown_practice, format, {}, "fact.readingAdopted.practice");
    for (auto rule : edition->practice().getRules())
        if (text_of(rule.getId()) == text_of(adopted.getRule()))
            for (auto reading : rule.getReadings())
                if (text_of(reading.getId()) == text_of(adopted.getReading())) return accept;
    return refuse(Refusal::unknown_practice, format, "it has no such reading", "fact.readingAdopted.reading");
}

Judgement key_rotated(const Facts& facts, Event::Reader event, KeyRotated::Reader rotated) {
    CASELEDGER_REQUIRE(require_new_key(facts, text_of(event.getLedger()), facts.actor,
                                       PublicKey::of(bytes_of(rotated.getPublicKey())),
                                       rotated.getProofOfPossession()));

    return accept;
}

Judgement entries_reattested(const Facts& facts, Event::Reader event, EntriesReattested::Reader attested) {
    auto* suspect = facts.directory.key(KeyId::of(bytes_of(attested.getKey())));
    if (!suspect) return refuse(Refusal::key_unknown, format, {}, "fact.entriesReattested.key");
    if (!suspect->suspect_from) return refuse(Refusal::key_not_suspect, format, {}, "fact.entriesReattested.key");
    if (suspect->person != facts.actor && text_of(event.getRole()) != ledger::governor_role)
        return refuse(Refusal::not_key_owner, format, {}, "role");
    for (uint64_t entry : attested.getEntries())
        if (entry >= *suspect->revoked)
            return refuse(Refusal::basis_unknown, format, "entry " + std::to_string(entry) + " is not of this key",
                          "fact.entriesReattested.entries");

    return accept;
}

Judgement checkpoint_key_rotated(const Facts& facts, Event::Reader event, CheckpointKeyRotated::Reader rotated) {
    auto key = PublicKey::of(bytes_of(rotated.getPublicKey()));
    for (auto& known : facts.directory.checkpoint_keys())
        if (known.key == key) return refuse(Refusal::key_taken, format, {}, "fact.checkpointKeyRotated.publicKey");
    if (!ledger::is_valid(key) ||
        !ledger::verify(key, ledger::checkpoint_key_context, as_bytes(text_of(event.getLedger())),
                        Signature::of(bytes_of(rotated.getProofOfPossession()))))
        return refuse(Refusal::bad_possession, format, {}, "fact.checkpointKeyRotated.proofOfPossession");

    return accept;
}

Judgement retention_schedule_issued(const Facts& facts, RetentionSchedule::Reader schedule) {
    auto in_force = facts.practices.retention(day_of(schedule.getFrom()));
    if (in_force && text_of(in_force->getId()) == text_of(schedule.getId()))
        return refuse(Refusal::name_taken, format, "this schedule has been issued; a new one has another id",
                      "fact.retentionScheduleIssued.id");

    return accept;
}

Judgement supervision_held(const Facts& facts, SupervisionHeld::Reader supervision) {
    CASELEDGER_REQUIRE(require(facts, Guard::SUPERVISOR_NOT_SUPERVISED,
                               person_in(supervision.getWorker()) != facts.actor, Refusal::own_supervision));

    return accept;
}

}  // namespace commands
