// One field of an entry that an operator wrote otherwise, while everything else fits.
#pragma once
#include <capnp/message.h>

#include "campaign.h"

namespace tamper {

struct Twisting {
    const char* kind;
    std::function<void(schema::Entry::Builder entry, Dice& dice)> deed;
};
const std::vector<Twisting>& twistings();
// Whether the entry is another now, and none that could have been written there.
bool made_wrong(const Twisting& twisting, const Sample& sample, schema::Entry::Builder entry, Dice& dice);

}  // namespace tamper
