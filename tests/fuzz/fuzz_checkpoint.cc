// libFuzzer's door to fuzz::checkpoint; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::checkpoint(data, size);
    return 0;
}
