// A fact's fields by where they lie in its bytes: for folds over every entry of a book, where the dynamic reader, which
// looks each field up anew, is most of the time. Slots' offsets come from the schema itself.
#pragma once
#include <capnp/any.h>

#include <cstring>

#include "schema/event.capnp.h"

namespace schema {

// The struct that the fact is, whatever its type: all members of the union are structs, in its one pointer.
inline capnp::AnyStruct::Reader body_of(Fact::Reader fact) {
    auto pointers = capnp::AnyStruct::Reader(fact).getPointerSection();
    return pointers.size() == 0 ? capnp::AnyStruct::Reader() : pointers[0].getAs<capnp::AnyStruct>();
}

// The number at a slot's offset, in units of its own size. What canonical bytes leave out is zero.
template <class Number>
Number number_at(capnp::Data::Reader data, uint32_t offset) {
    Number value = 0;
    if ((size_t{offset} + 1) * sizeof(Number) <= data.size())
        std::memcpy(&value, data.begin() + size_t{offset} * sizeof(Number), sizeof(Number));
    return value;
}

}  // namespace schema
