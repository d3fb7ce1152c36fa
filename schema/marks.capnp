# Marks: what a field of an event means beyond its type. One walk over these marks checks every event,
# renders every event as JSON and finds what an event refers to, so no event needs code of its own for that.
@0xa8f2d8a0c1b7e601;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("schema");

annotation title @0xa8f2d8a0c1b7e610 (field, struct, enumerant) :Text;
# How people read it.
annotation codes @0xa8f2d8a0c1b7e611 (field) :Text;
# The code list of the practice in force that the value must be found in, e.g. "factor".
annotation refers @0xa8f2d8a0c1b7e612 (field) :Text;
# The field is the id of an earlier event of this stream; the value lists the event types it may have, "*" for any.
annotation person @0xa8f2d8a0c1b7e613 (field) :Void;
# The id of a member of staff in the directory.
annotation subject @0xa8f2d8a0c1b7e614 (field) :Text;
# Ids of people the record is about: "introduces" (new to this stream or known), "child" or "adult" (must be
# known), "known" (either, also one whom no standing entry names any more).
annotation optional @0xa8f2d8a0c1b7e615 (field) :Void;
# May be left empty. Every other pointer, reference, date and person field must be given. A Bool that was added later is
# left out of the JSON where it is false, so that the JSON of events from before stays what it was.
annotation date @0xa8f2d8a0c1b7e616 (field) :Void;
# Int32: days since 1970-01-01; 0 is "not given". JSON "2018-06-22".
annotation moment @0xa8f2d8a0c1b7e617 (field) :Void;
# Int64: milliseconds since 1970-01-01T00:00Z; 0 is "not given". JSON "2018-05-24T14:00:00+01:00".
annotation upTo @0xa8f2d8a0c1b7e618 (field) :UInt32;
# The largest number that may be given.
annotation kind @0xa8f2d8a0c1b7e619 (field) :Void;
# The field whose value tells one kind of this event from another; rules and permissions select by it.
annotation words @0xa8f2d8a0c1b7e61a (struct) :Text;
# Headings that must be written about in the event's words, e.g. "rationale".
annotation prose @0xa8f2d8a0c1b7e61b (field, struct) :Void;
# Free text is allowed here (directory and practice only). Everywhere else a Text is a code: a-z, 0-9 and "-".
annotation bytes @0xa8f2d8a0c1b7e61c (field) :UInt32;
# The exact number of bytes of a Data field. Without it, Data is an id of 16 bytes.
