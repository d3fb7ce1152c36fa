// What a case adds to the loads and holds, as it is kept beside the index: opening need not fold the book for it.
// Disposable: what does not read, or is of another version, is folded again.
#pragma once
#include "commands/loads.h"
#include "schema/packing.h"

namespace commands {

struct KeptCase {
    static constexpr uint32_t current = 1;  // raised when what is kept, or how it is folded, changes
    uint32_t version = current;
    Holding holding;
    std::set<schema::SubjectId> held;
};

template <class Pack>
void pack_members(Pack& pack, Holding& v) {
    pack(v.open, v.team, v.worker, v.lead, v.children_at);
}
template <class Pack>
void pack_members(Pack& pack, KeptCase& v) {
    pack(v.version, v.holding, v.held);
}

}  // namespace commands
