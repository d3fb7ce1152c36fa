// libFuzzer's door to fuzz::tiles; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::tiles(data, size);
    return 0;
}
