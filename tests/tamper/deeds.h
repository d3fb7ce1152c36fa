// What the rules forbid, put there all the same by an operator who holds the ledger's key and the keys of staff.
#pragma once
#include "campaign.h"

namespace tamper {

// Each at the end of the whole sample, found by no hash and no signature.
struct Deed {
    std::string kind;
    Item item;
    bool needs_others = false;  // what only the whole book knows: a bundle cannot be asked
};
std::vector<Deed> forbidden(const Sample& sample, const Operator& by);

// Of any entry: the same event, made wrong in one way that every rule book forbids.
struct Wrong {
    const char* kind;
    bool (*change)(schema::Event::Builder event, uint64_t position);  // false: does not apply
};
const std::vector<Wrong>& wrongs();

}  // namespace tamper
