// libFuzzer's door to fuzz::add_checkpoint; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::add_checkpoint(data, size);
    return 0;
}
