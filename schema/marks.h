// What the marks of marks.capnp say of each field, and the one walk that checks an event by them.
#pragma once
#include <capnp/dynamic.h>

#include <string>
#include <vector>

#include "schema/event.capnp.h"
#include "schema/ids.h"
#include "schema/result.h"

namespace schema {

struct StructMarks;

// One field of a struct of the schema. Lives as long as the program.
struct FieldMarks {
    capnp::StructSchema::Field field;
    uint32_t offset = 0;  // of its slot: which pointer, or in units of its own size; of a bool, in bits
    std::string name;
    std::string title;                // how people read it
    std::string codes;                // name of a code list of the practice
    std::vector<std::string> refers;  // event types it may refer to; {"*"} any
    std::string subject;              // "introduces child", "child", "adult", ...
    bool person = false, optional = false, date = false, moment = false, kind = false, prose = false;
    uint64_t up_to = 0;                  // 0: as its type allows
    uint32_t bytes = 16;                 // exact size of Data
    const StructMarks* inner = nullptr;  // of a struct, or of a list of structs

    // What a single value of it is: of the list's elements where the field is a list.
    capnp::schema::Type::Which which;
    bool list = false;
    uint32_t members = 0;  // of an enum
};

struct StructMarks {
    std::string title;
    std::vector<std::string> words;  // headings that must be written about
    std::vector<FieldMarks> fields;  // without union members
    bool prose = false;
    std::vector<uint8_t> known_bits;  // of the data section: those that some field has
    uint32_t pointers = 0;            // how many its pointer section has
};

// A code of a list, a role, a heading: 1 to 60 of a-z, 0-9 and '-', not beginning with '-'.
bool is_code(std::string_view text);

// The marks of a struct that occurs in Event. Immutable, safe from any thread.
const StructMarks& marks_of(capnp::StructSchema schema);

// Something an event's fact names and that only a record or a practice can confirm.
struct Mention {
    const FieldMarks* field;
    std::string path;        // "fact.allocated.worker"
    std::string_view value;  // the code, or the raw id
};

// Checks all that can be checked of an event without a record: sizes of ids, known members, codes' form, days, ranges,
// required fields, no bytes that this schema does not know. Returns what the fact mentions, in field order.
Result<std::vector<Mention>> examine(Event::Reader event);

// The value of the fact's `kind` field as its name ("redirect", "child-in-need-plan"); empty where it has none.
std::string kind_of(Fact::Reader fact);

}  // namespace schema
