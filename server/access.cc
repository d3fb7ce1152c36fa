#include "server/access.h"

namespace server {
namespace {

using schema::Reach;

schema::Reach reach_of(const schema::Edition* edition, std::string_view role, std::string& title) {
    if (edition)
        for (auto row : edition->practice().getRoles())
            if (schema::text_of(row.getCode()) == role) {
                title = row.getTitle();
                return row.getReads();
            }
    return Reach::NOTHING;
}

bool on(const ledger::Directory::Role& role, schema::Day day) {
    return role.from <= day && (!role.ended || day < *role.ended);
}

}  // namespace

Reader::Reader(const commands::Known& known, const PersonId& person, schema::Day day) : person_(person) {
    auto* listed = known.directory.person(person);
    if (!listed) return;
    known_ = true;
    auto* edition = known.practice.binding(day);
    for (auto& role : listed->roles) {
        if (!on(role, day)) continue;
        Held held{role.role, role.role, role.team};
        held.reads = reach_of(edition, role.role, held.title);
        switch (held.reads) {
            case Reach::SERVICE: service_ = true; break;
            // A role held in the whole service is held in each of its teams.
            case Reach::TEAM: role.team.empty() ? void(service_ = true) : void(teams_.insert(role.team)); break;
            case Reach::OWN_CASES: own_ = true; break;
            case Reach::FRONT_DOOR: front_door_ = true; break;
            case Reach::NOTHING: break;
        }
        roles_.push_back(std::move(held));
    }
}

schema::Result<bool> Reader::may_read(const StreamId& stream, const projections::Projections& views) const {
    if (!known_) return false;
    switch (schema::kind_of(stream)) {
        case schema::StreamKind::directory:
        case schema::StreamKind::practice: return true;
        case schema::StreamKind::service: return service_;
        case schema::StreamKind::family: break;
    }
    if (service_) return true;
    if (!own_ && !front_door_ && teams_.empty()) return false;
    auto holders = views.holders(stream);
    if (!holders && holders.error().fault == schema::Fault::not_found) return false;
    if (!holders) return tl::unexpected(holders.error());
    if (own_ && holders->holds(person_)) return true;
    if (front_door_ && holders->front_door) return true;
    for (auto& team : teams_)
        if (holders->in_team(team)) return true;
    return false;
}

schema::Result<bool> Reader::may_read(const ledger::Entry& entry, const projections::Projections& views) const {
    if (schema::kind_of(entry.stream()) != schema::StreamKind::service || service_)
        return may_read(entry.stream(), views);
    if (!known_ || !entry.fact().isSupervisionHeld()) return false;
    auto worker = PersonId::of(schema::bytes_of(entry.fact().getSupervisionHeld().getWorker()));
    if (entry.actor() == person_) return true;
    return may_read_worker(worker, *views.directory(), schema::london_day(views.now()));
}

bool Reader::may_read_worker(const PersonId& worker, const ledger::Directory& directory, schema::Day day) const {
    if (service_ || (known_ && worker == person_)) return true;
    auto* listed = directory.person(worker);
    if (!listed) return false;
    for (auto& role : listed->roles)
        if (on(role, day) && teams_.contains(role.team)) return true;
    return false;
}

}  // namespace server
