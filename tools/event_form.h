// An event's fields as a person gives them on a command line, by the schema's marks: NAME=VALUE becomes the JSON that
// ledger::draft takes. No event needs code of its own for that.
#pragma once
#include "schema/event_types.h"
#include "schema/marks.h"
#include "tools/desk.h"

namespace tools {

// The marks of an event type's fact; null when there is no such type.
const schema::StructMarks* marks_of_type(std::string_view type);

// Where an id may be made up on the spot: whoever is introduced to the record for the first time.
bool may_be_new(const schema::FieldMarks& field);

// The value of one field from text. A list takes commas; "new" makes a new id where a person is introduced.
schema::Result<boost::json::value> field_from_text(const schema::FieldMarks& field, const std::string& text);

// Sets NAME=VALUE in the fact; a field of a list may be set more than once. Malformed names the field and lists those
// there are.
schema::Result<void> set_field(const schema::StructMarks& marks, boost::json::object& fact, const std::string& setting);

// Whether it must be said. A number not given is 0 and a yes or no is no; a choice is never left to its first value,
// since it may be a decision.
bool must_be_given(const schema::FieldMarks& field);
// The fields that must be given and are not.
std::vector<const schema::FieldMarks*> missing_fields(const schema::StructMarks& marks,
                                                      const boost::json::object& fact);
// Ids of those the fact is about: what is written is about them, unless it is said otherwise.
std::vector<std::string> subjects_in(const schema::StructMarks& marks, const boost::json::object& fact);

// "an id of a member of staff", "yes or no", "a day such as 2018-06-22", ...
std::string kind_of_value(const schema::FieldMarks& field);

}  // namespace tools
