// Who may read what: decided by the roles a person holds today and what the practice in force lets them read. Where
// they hold several roles, whatever any of them reads may be read.
#pragma once
#include <set>
#include <string>

#include "commands/sequencer.h"
#include "projections/views.h"

namespace server {

using schema::PersonId;
using schema::StreamId;

class Reader {
  public:
    struct Held {
        std::string role, title, team;
        schema::Reach reads = schema::Reach::NOTHING;
    };
    Reader() = default;  // a stranger: reads nothing
    Reader(const commands::Known& known, const PersonId& person, schema::Day day);

    const PersonId& person() const { return person_; }
    const std::vector<Held>& roles() const { return roles_; }
    bool reads_service() const { return service_; }
    bool reads_own() const { return own_; }
    bool reads_front_door() const { return front_door_; }
    bool reads_team(std::string_view team) const { return service_ || teams_.contains(std::string(team)); }
    const std::set<std::string>& teams() const { return teams_; }

    // Whether this stream may be read at all; a case that does not exist may not. io, corrupt from the views.
    schema::Result<bool> may_read(const StreamId& stream, const projections::Projections& views) const;
    // The same for one entry: of the service stream, people read what is about themselves.
    schema::Result<bool> may_read(const ledger::Entry& entry, const projections::Projections& views) const;
    // Whether a worker's own numbers may be read: they are this person's, or of a team that is read.
    bool may_read_worker(const PersonId& worker, const ledger::Directory& directory, schema::Day day) const;

  private:
    PersonId person_{};
    std::vector<Held> roles_;
    bool known_ = false, service_ = false, own_ = false, front_door_ = false;
    std::set<std::string> teams_;
};

}  // namespace server
