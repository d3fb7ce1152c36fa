// libFuzzer's door to fuzz::bundle; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::bundle(data, size);
    return 0;
}
