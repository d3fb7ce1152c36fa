// libFuzzer's door to fuzz::words; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::words(data, size);
    return 0;
}
