#include "projections/moment.h"

#include "projections/fact_reading.h"

#include <algorithm>
#include <unordered_map>

namespace projections {

using schema::Fact;

namespace {

// An entry belongs to the episode it names, else to what the entries it refers to belong to. A contact begins afresh,
// also where it names an earlier episode; an episode, and a record that receives a family from elsewhere, is its own.
void find_place(Moment& moment, const Earlier& earlier) {
    if (moment.type == Fact::CONTACT_RECEIVED) {
        moment.contact = moment.id;
        return;
    }
    for (auto& reference : moment.refers) {
        auto referred = earlier(reference.event);
        if (moment.episode.empty()) moment.episode = referred.episode;
        if (moment.contact.empty()) moment.contact = referred.contact;
    }
    if (moment.type == Fact::EPISODE_OPENED) moment.episode = moment.id;
    if (moment.type == Fact::RECEIVING_RECORD_OPENED && moment.episode.empty()) moment.episode = moment.id;
}

}  // namespace

PersonId Moment::person(std::string_view field) const {
    for (auto& named : people)
        if (named.field == field) return named.person;
    return {};
}

std::optional<schema::Day> Moment::date(std::string_view field) const {
    for (auto& dated : dates)
        if (dated.field == field) return dated.day;
    return std::nullopt;
}

bool Moment::refers_to(const EventId& event) const {
    return std::any_of(refers.begin(), refers.end(), [&](auto& reference) { return reference.event == event; });
}

bool Moment::says(std::string_view field) const { return std::find(yes.begin(), yes.end(), field) != yes.end(); }

Moment moment_of(const ledger::Entry& entry, const Earlier& earlier) {
    auto event = entry.read();
    Moment moment;
    moment.position = entry.position();
    moment.revision = entry.revision();
    moment.id = entry.id();
    moment.type = entry.type();
    moment.occurred = moment.until = entry.occurred();
    moment.recorded = entry.recorded();
    moment.precision = event.getOccurred().getPrecision();
    if (moment.precision == schema::Precision::RANGE) moment.until = schema::time_of(event.getOccurred().getUntil());
    moment.actor = entry.actor();
    moment.role = event.getRole();
    moment.team = event.getTeam();
    for (auto signer : event.getJoint())
        moment.joint.push_back(
            {PersonId::of(schema::bytes_of(signer.getPerson())), signer.getRole(), signer.getTeam()});
    moment.source_role = event.getSource().getRole();
    moment.source_organisation = event.getSource().getOrganisation();
    moment.reliability = event.getSource().getReliability();
    moment.written = event.getWords().size() > 0;

    moment.kind = schema::kind_of(event.getFact());
    read_fact(event.getFact(), moment);
    find_place(moment, earlier);
    return moment;
}

std::vector<Corrected> corrections(std::span<const Moment> moments) {
    std::vector<Corrected> found(moments.size());
    bool any = std::any_of(moments.begin(), moments.end(),
                           [](const Moment& moment) { return moment.type == Fact::CORRECTION_RECORDED; });
    if (!any) return found;
    std::unordered_map<EventId, size_t> at;
    for (size_t i = 0; i < moments.size(); ++i) at[moments[i].id] = i;
    // A correction speaks of an earlier entry, so from the newest backwards each is known to stand or not when its turn
    // comes. Of two that move the same entry the newest counts.
    for (size_t i = moments.size(); i-- > 0;) {
        const Moment& moment = moments[i];
        if (moment.type != Fact::CORRECTION_RECORDED || found[i].in_error || moment.refers.empty()) continue;
        auto target = at.find(moment.refers.front().event);
        if (target == at.end() || target->second >= i) continue;
        Corrected& corrected = found[target->second];
        corrected.by.insert(corrected.by.begin(), moment.position);
        if (moment.kind == "enteredInError") corrected.in_error = true;
        if (moment.kind == "occurred" && !corrected.occurred) corrected.occurred = moment.moved_to;
    }
    return found;
}

std::vector<Moment> standing(std::vector<Moment> moments) {
    auto corrected = corrections(moments);
    std::vector<Moment> stand;
    for (size_t i = 0; i < moments.size(); ++i) {
        if (corrected[i].in_error) continue;
        if (corrected[i].occurred) {
            // A corrected time is a single one, whatever the first had been.
            moments[i].occurred = moments[i].until = *corrected[i].occurred;
            moments[i].precision = schema::Precision::EXACT;
        }
        stand.push_back(std::move(moments[i]));
    }
    return stand;
}

std::string moment_prefix(const StreamId& stream) { return "m" + std::string(stream.view()); }

std::string moment_key(const StreamId& stream, uint64_t revision) {
    return moment_prefix(stream) + big_endian(revision);
}

}  // namespace projections
