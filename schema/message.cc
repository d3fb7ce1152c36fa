#include "schema/message.h"

namespace schema::detail {

bool canonical(Held& held) {
    // The library throws on bytes it cannot make sense of; strangers' bytes do not get further than here.
    try {
        return held.reader.isCanonical();
    } catch (const kj::Exception&) {
        return false;
    }
}

}  // namespace schema::detail
