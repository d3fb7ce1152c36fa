// libFuzzer's door to fuzz::name; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::name(data, size);
    return 0;
}
