// libFuzzer's door to fuzz::receipt; see fuzz.h.
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::receipt(data, size);
    return 0;
}
