// A moment: what views need of one entry, found by the marks of the schema and not type by type. Its place, its times,
// who, about whom, and what it belongs to.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/entry.h"
#include "schema/big_endian.h"
#include "schema/packing.h"

namespace projections {

using schema::big_endian;
using schema::EventId;
using schema::pack;
using schema::PersonId;
using schema::StreamId;
using schema::SubjectId;
using schema::unpack;

// What an entry belongs to; empty: nothing. An episode's own contact is its contact.
struct Belongs {
    EventId episode{}, contact{};
    bool empty() const { return episode.empty() && contact.empty(); }
};

struct Moment {
    struct Reference {
        std::string field;
        EventId event;
    };
    struct Named {
        std::string field;
        PersonId person;
    };
    struct Dated {
        std::string field;
        schema::Day day;
    };
    struct Coded {
        std::string field, title, list, code;
    };  // title: of the field
    struct Signer {
        PersonId person;
        std::string role, team;
    };

    uint64_t position = 0, revision = 0;
    EventId id{};
    schema::Fact::Which type{};
    std::string kind;
    schema::Time occurred, until, recorded;  // until: of a range, else as occurred
    schema::Precision precision{};
    PersonId actor{};
    std::string role, team;  // of the actor, then
    std::vector<Signer> joint;
    std::string source_role, source_organisation;
    schema::Reliability reliability{};
    bool written = false;  // words go with it

    std::vector<Reference> refers;
    std::vector<Named> people;  // members of staff: worker, lead, ...
    std::vector<SubjectId> children, adults;
    std::vector<Dated> dates;  // those that were given
    std::vector<Coded> codes;
    std::vector<std::string> yes;          // fields with a yes or no that say yes
    std::string for_team;                  // the fact's own team: who takes the family
    std::optional<schema::Time> moved_to;  // of a correction: when it really happened

    EventId episode{}, contact{};  // that it belongs to
    Belongs belongs() const { return {episode, contact}; }

    bool is(std::string_view event_type) const { return schema::name_of(type) == event_type; }
    PersonId person(std::string_view field) const;  // empty: not named
    std::optional<schema::Day> date(std::string_view field) const;
    bool refers_to(const EventId& event) const;
    bool says(std::string_view field) const;  // of a field with a yes or no
    // Known to the day and not to the hour: it may have been at any time of that day.
    bool day_only() const { return precision == schema::Precision::DAY || precision == schema::Precision::APPROXIMATE; }
};

// What earlier entries of the same stream belong to, by event id; others to nothing.
using Earlier = std::function<Belongs(const EventId&)>;
// Total, for events that the bench took; throws kj::Exception where the stored bytes lead nowhere.
Moment moment_of(const ledger::Entry& entry, const Earlier& earlier);

// What corrections say about a stream's moments, given all of those that count: ascending by revision.
struct Corrected {
    bool in_error = false;                 // corrected as entered in error
    std::optional<schema::Time> occurred;  // when it really happened
    std::vector<uint64_t> by;              // positions of corrections of any kind that stand
};
std::vector<Corrected> corrections(std::span<const Moment> moments);

// The moments that stand, at the times they really happened: what clocks run on.
std::vector<Moment> standing(std::vector<Moment> moments);

// ---- the projection "moments": a row for each entry, key = stream, revision ----
std::string moment_prefix(const StreamId& stream);
std::string moment_key(const StreamId& stream, uint64_t revision);

template <class Pack>
void pack_members(Pack& pack, Moment::Reference& m) {
    pack(m.field, m.event);
}
template <class Pack>
void pack_members(Pack& pack, Moment::Named& m) {
    pack(m.field, m.person);
}
template <class Pack>
void pack_members(Pack& pack, Moment::Dated& m) {
    pack(m.field, m.day);
}
template <class Pack>
void pack_members(Pack& pack, Moment::Coded& m) {
    pack(m.field, m.title, m.list, m.code);
}
template <class Pack>
void pack_members(Pack& pack, Moment::Signer& m) {
    pack(m.person, m.role, m.team);
}
template <class Pack>
void pack_members(Pack& pack, Moment& m) {
    pack(m.position, m.revision, m.id, m.type, m.kind, m.occurred, m.until, m.recorded, m.precision, m.actor, m.role,
         m.team, m.joint, m.source_role, m.source_organisation, m.reliability, m.written, m.refers, m.people,
         m.children, m.adults, m.dates, m.codes, m.yes, m.for_team, m.moved_to, m.episode, m.contact);
}

}  // namespace projections
