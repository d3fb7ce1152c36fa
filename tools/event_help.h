// What the schema and a practice say about each type of event, for people who want to record one.
#pragma once
#include "schema/practice.capnp.h"
#include "tools/event_form.h"

namespace tools {

// Every event type by title, with who may record it in the practice.
std::string list_of_events(schema::Practice::Reader practice, const Screen& screen);
boost::json::array list_of_events_json(schema::Practice::Reader practice);

// One event type: its fields, what each takes, the codes there are, the words it needs, who may record it.
std::string help_for_event(std::string_view type, schema::Practice::Reader practice, const Screen& screen);
boost::json::object help_for_event_json(std::string_view type, schema::Practice::Reader practice);

// The values a field can have, with how people read them: codes of the practice or the choices of the schema.
std::vector<std::pair<std::string, std::string>> choices(const schema::FieldMarks& field,
                                                         schema::Practice::Reader practice);

// The type meant by a name, exactly or by its title; null when there is none.
const schema::EventType* find_event_type(std::string_view name);

}  // namespace tools
