// What a fact says, found by the marks of the schema: each type's fields are looked up once, with where they lie in its
// bytes, and read from there. Private to moments.
#pragma once
#include "projections/moment.h"

namespace projections {

// Adds whom and what the fact names, its days, its yeses and its team. What is not there is passed over.
void read_fact(schema::Fact::Reader fact, Moment& moment);

}  // namespace projections
